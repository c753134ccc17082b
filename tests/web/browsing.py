"""A browser without a screen or scripts: reads the forms on a page and sends them as a browser would."""

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from starlette.testclient import TestClient


class FormsOf(HTMLParser):
    """Every form of a page: its address, and what each field would send as it stands."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[tuple[str, list[tuple[str, str]]]] = []
        self._area: str | None = None
        self._select: str | None = None
        self._options: list[tuple[str, bool]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A form or one of its fields begins."""
        given = dict(attrs)
        name, value = given.get("name"), given.get("value")
        if tag == "form":
            self.forms.append((given.get("action") or "", []))
        elif not self.forms or (name is None and tag != "option"):
            return
        elif tag == "input" and given.get("type") in ("radio", "checkbox"):
            if "checked" in given:
                self._sent(str(name), value or "on")
        elif tag == "input" and given.get("type") not in ("file", "submit"):
            self._sent(str(name), value or "")
        elif tag == "textarea":
            self._area = name
            self._sent(str(name), "")
        elif tag == "select":
            self._select, self._options = name, []
        elif tag == "option" and self._select:
            self._options.append((value or "", "selected" in given))

    def handle_data(self, data: str) -> None:
        """What stands in a textarea."""
        if self._area:
            fields = self.forms[-1][1]
            name, text = fields[-1]
            # HTML drops the first line break of a textarea.
            fields[-1] = (name, (text + data).removeprefix("\n"))

    def handle_endtag(self, tag: str) -> None:
        """A field with an end ends."""
        if tag == "textarea":
            self._area = None
        elif tag == "select" and self._select:
            chosen = [value for value, selected in self._options if selected] or [v for v, _ in self._options[:1]]
            for value in chosen:
                self._sent(self._select, value)
            self._select = None

    def _sent(self, name: str, value: str) -> None:
        self.forms[-1][1].append((name, value))


@dataclass
class Visit:
    """One browser."""

    client: TestClient

    def get(self, path: str, **options: Any) -> Any:
        """The page, without following where it leads."""
        return self.client.get(path, **options)

    def form(self, path: str, action: str | None = None) -> dict[str, Any]:
        """What the form on that page would send as it stands; the one with that address, or the last of the page."""
        answer = self.get(path)
        assert answer.status_code == 200, (answer.status_code, path)
        return self.form_in(answer.text, action)

    def form_in(self, html: str, action: str | None = None) -> dict[str, Any]:
        """The same of a page that is already there."""
        forms = [form for form in FormsOf(html).forms if form[0] != "/sign-out" or action == "/sign-out"]
        found = [fields for there, fields in forms if action is None or there == action]
        assert found, f"no form for {action} among {[there for there, _ in forms]}"
        sent: dict[str, Any] = {}
        for name, value in found[-1]:
            before = sent.get(name)
            sent[name] = value if before is None else [*(before if isinstance(before, list) else [before]), value]
        return sent

    def send(self, path: str, /, action: str | None = None, files: Any = None, **fields: Any) -> Any:
        """Opens the page, fills in the fields and sends its form; a field given as None is left out."""
        sent = {**self.form(path, action), **fields}
        body = {name: value for name, value in sent.items() if value is not None}
        return self.client.post(action or path, data=body, files=files, headers={"sec-fetch-site": "same-origin"})
