"""A form as the page shows it: each field as the components of the design system that ask for it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from adapters.web.forms import showing_quantities as quantities
from adapters.web.forms.choices import Listed
from adapters.web.forms.fields import Field, Kind
from adapters.web.forms.typed import NEW, NO, NOTHING, YES, Typed
from adapters.web.forms.wording import FieldWords, FormWords, Option, option

MOST_RADIOS = 8
"""More answers than these are chosen from a select."""
Widget = dict[str, Any]
"""One component: its `macro`, the `params` of it, and what stands `inside`."""


@dataclass(frozen=True)
class Form:
    """Shows the fields of one form. `asked_again` are the boxes that are shown only once something asked for them."""

    words: FormWords
    typed: Typed
    errors: Mapping[str, str]
    zone: ZoneInfo
    now: datetime
    listed: Mapping[str, Listed]
    asked_again: Collection[str] = ()

    def widgets(self, fields: Iterable[Field]) -> list[Widget]:
        """Every field, in the order of the words."""
        ordered = sorted(fields, key=lambda field: self.words.place(field.id))
        return [widget for field in ordered for widget in self._widgets(field)]

    def said(self, field: Field) -> FieldWords:
        """The words for a field."""
        return self.words.field.get(field.id) or FieldWords(label=field.name, options={})

    def legend(self, field: Field) -> dict[str, Any]:
        """The question above a group of inputs, as the components take it."""
        return {"legend": {"text": self.label(field), "classes": "govuk-fieldset__legend--s"}}

    def label(self, field: Field) -> str:
        """The question, marked where it need not be answered and nothing else says so."""
        text = self.said(field).label
        marked = field.kind in MARKED_OPTIONAL and not field.required and not text.startswith("If ")
        return f"{text} (optional)" if marked else text

    def about(self, field: Field, place: str | None = None) -> dict[str, Any]:
        """The help and the error of a field, as the components take them."""
        hint, error = self.said(field).hint, self.errors.get(place or field.id)
        return {
            **({"hint": {"text": hint}} if hint else {}),
            **({"errorMessage": {"text": error}} if error else {}),
        }

    def _widgets(self, field: Field) -> list[Widget]:
        if field.kind is Kind.GROUP:
            return self._group(field)
        if field.kind is Kind.CONFIRMED:
            return [self._confirmed(field)] if field.name in self.asked_again else []
        if field.id in self.listed:
            return self._listed(field, self.listed[field.id])
        match field.kind:
            case Kind.TEXT | Kind.CODE | Kind.LINES:
                return [self._text(field)]
            case Kind.NUMBER:
                return [self._input(field, classes="govuk-input--width-5", inputmode="numeric")]
            case Kind.YES_NO:
                return [self._radios(field, [self._answer(field, "true", "Yes"), self._answer(field, "false", "No")])]
            case Kind.CHOICE:
                return [self._choice(field)]
            case Kind.CHOICES:
                return [self._checkboxes(field)]
            case Kind.MARKED:
                return [self._marked(field)]
            case _:
                return [quantities.SHOWN[field.kind](self, field)]

    def _answer(self, field: Field, key: str, text: str) -> Option:
        return Option(key=key, text=self.said(field).options.get(key, text))

    def _text(self, field: Field) -> Widget:
        rows = self.said(field).rows
        if rows == 1 and "\n" not in self.typed.raw(field.id):
            return self._input(field, spellcheck=field.kind is not Kind.CODE)
        params = {"rows": max(rows, 4), "spellcheck": True}
        return {"macro": "textarea", "params": {**self._labelled(field), **params}}

    def _input(self, field: Field, **params: Any) -> Widget:
        return {"macro": "input", "params": {**self._labelled(field), **params}}

    def _labelled(self, field: Field) -> dict[str, Any]:
        label = {"text": self.label(field), "classes": "govuk-label--s"}
        value = self.typed.raw(field.id)
        return {"id": field.id, "name": field.id, "label": label, "value": value, **self.about(field)}

    def _radios(self, field: Field, options: Iterable[Option], name: str | None = None) -> Widget:
        chosen = self.typed.raw(field.id)
        params = {
            "name": name or field.id,
            "idPrefix": field.id,
            "fieldset": self.legend(field),
            "items": [item(each, checked=each.key == chosen) for each in options],
            **self.about(field),
        }
        return {"macro": "radios", "params": params}

    def _choice(self, field: Field) -> Widget:
        words = self.said(field)
        options = [option(field.list_name, key, words) for key in field.keys]
        if not field.required and field.default is None:
            options.insert(0, option(field.list_name, NOTHING, words))
        if len(options) <= MOST_RADIOS:
            return self._radios(field, options)
        chosen = self.typed.one(field.id)
        none = [] if any(each.key == NOTHING for each in options) else [{"value": "", "text": "Choose one"}]
        items = [{"value": each.key, "text": each.text, "selected": each.key == chosen} for each in options]
        return {"macro": "select", "params": {**self._labelled(field), "items": [*none, *items]}}

    def _checkboxes(self, field: Field) -> Widget:
        chosen = self.typed.all(field.id)
        options = (option(field.list_name, key, self.said(field)) for key in field.keys)
        params = {
            "name": field.id,
            "idPrefix": field.id,
            "fieldset": self.legend(field),
            "items": [item(each, checked=each.key in chosen) for each in options],
            **self.about(field),
        }
        return {"macro": "checkboxes", "params": params}

    def _marked(self, field: Field) -> Widget:
        """A box for each key, and beside each that is ticked what is said of it."""
        boxes = self._checkboxes(field)
        for box in boxes["params"]["items"]:
            place, text = f"{field.id}-{box['value']}", "What it tells here"
            chosen = self.typed.one(place) or str(field.beside.default)
            options = [option(field.beside.list_name, key) for key in field.beside.keys]
            items = [{"value": each.key, "text": each.text, "selected": each.key == chosen} for each in options]
            box["inside"] = {
                "macro": "select",
                "params": {"id": f"{place}-beside", "name": place, "label": {"text": text}, "items": items},
            }
        return {**boxes, "macro": "marked"}

    def _confirmed(self, field: Field) -> Widget:
        ticked = self.typed.one(field.id) == "true"
        params = {
            "name": field.id,
            "idPrefix": field.id,
            "items": [{"value": "true", "text": self.said(field).label, "checked": ticked}],
            "fieldset": {"legend": {"text": "Names", "classes": "govuk-fieldset__legend--s"}},
            **self.about(field),
        }
        return {"macro": "checkboxes", "params": params}

    def _listed(self, field: Field, listed: Listed) -> list[Widget]:
        if not listed.options:
            return [
                {"macro": "nothing", "text": "There is none at the moment.", "id": field.id, "of": self.label(field)}
            ]
        options = [*listed.options, *([Option(key=NEW, text="Another one")] if listed.new else [])]
        radios = self._radios(field, options)
        if not listed.new:
            return [radios]
        place = f"{field.id}-new"
        label = {"text": "If it is another one: a short name for it"}
        error = {"errorMessage": {"text": self.errors[place]}} if place in self.errors else {}
        params = {"id": place, "name": place, "label": label, "value": self.typed.raw(place), **error}
        return [radios, {"macro": "input", "params": params}]

    def _group(self, field: Field) -> list[Widget]:
        parts = self.widgets(field.parts)
        if field.required:
            return parts
        answers = [self._answer(field, YES, "Yes"), self._answer(field, NO, "No")]
        section = {"macro": "section", "id": f"{field.id}-section", "when": f"{field.id}={YES}", "inside": parts}
        return [self._radios(field, answers), section]


def item(each: Option, *, checked: bool) -> dict[str, Any]:
    """One answer, as the components take it."""
    hint = {"hint": {"text": each.hint}} if each.hint else {}
    return {"value": each.key, "text": each.text, "checked": checked, **hint}


MARKED_OPTIONAL = frozenset({Kind.TEXT, Kind.CODE, Kind.LINES, Kind.CHOICES, Kind.NUMBER, Kind.DAY})
"""Fields for which nothing but a mark says that they may be left empty."""
