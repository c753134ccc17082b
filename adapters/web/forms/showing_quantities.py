"""Counts, numbers, days, moments and spans of time, as the page asks for them."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from adapters.web.forms.fields import UNKNOWN, Field, Kind
from adapters.web.forms.moments import FIRST, SECOND, HappenedTwice, NotRead, moment_at, read_day, read_time
from adapters.web.forms.typed import NO, NONE, YES
from adapters.web.forms.wording import option
from projections.words import clock, local

if TYPE_CHECKING:
    from adapters.web.forms.showing import Form, Widget

EXACT, ABOUT = "exact", "approximate"
COUNTS = {EXACT: "Exactly", ABOUT: "About", UNKNOWN: "Not known"}


def _set(form: "Form", field: Field, *inside: "Widget") -> "Widget":
    about = form.about(field)
    return {"macro": "set", "id": field.id, "legend": form.label(field), "large": True, **about, "inside": inside}


def _certainty(place: str, chosen: str, answers: Mapping[str, str]) -> "Widget":
    items = [{"value": key, "text": text, "checked": key == chosen} for key, text in answers.items()]
    params = {"name": f"{place}-certainty", "idPrefix": f"{place}-certainty", "items": items}
    return {"macro": "radios", "params": {**params, "classes": "govuk-radios--inline govuk-radios--small"}}


def _number(form: "Form", place: str, of: str = "") -> "Widget":
    error = form.errors.get(f"{place}-number")
    params = {
        "id": f"{place}-number",
        "name": f"{place}-number",
        "label": {"text": "Number", "of": of},
        "value": form.typed.raw(f"{place}-number"),
        "classes": "govuk-input--width-5",
        "inputmode": "numeric",
        **({"errorMessage": {"text": error}} if error else {}),
    }
    return {"macro": "input", "params": params}


def count(form: "Form", field: Field) -> "Widget":
    """Exactly, about, or not known; and the number."""
    chosen = form.typed.one(f"{field.id}-certainty")
    return _set(form, field, _certainty(field.id, chosen, COUNTS), _number(form, field.id))


def amount(form: "Form", field: Field) -> "Widget":
    """The number, or not known."""
    chosen = form.typed.one(f"{field.id}-certainty")
    answers = {YES: "It is known", NO: "Not known"}
    return _set(form, field, _certainty(field.id, chosen, answers), _number(form, field.id))


def counted(form: "Form", field: Field) -> "Widget":
    """A row a kind: not concerned, exactly, about, or not known; and the number."""
    rows = []
    for key in field.keys:
        place, words = f"{field.id}-{key}", option(field.list_name, key, form.said(field))
        chosen = form.typed.one(f"{place}-certainty") or NONE
        error = form.errors.get(place)
        inside = (_certainty(place, chosen, {NONE: "None", **COUNTS}), _number(form, place, words.text))
        row = {"macro": "set", "id": place, "legend": words.text, "large": False, "row": True, "inside": inside}
        rows.append(row | ({"errorMessage": {"text": error}} if error else {}))
    return _set(form, field, *rows)


def day(form: "Form", field: Field) -> "Widget":
    """Day, month and year."""
    there = local(form.now, form.zone)
    hints = (form.said(field).hint, f"For example, {there.day} {there.month} {there.year}.")
    return _date(form, field.id, form.legend(field), " ".join(filter(None, hints)), time=False)


def moment(form: "Form", field: Field) -> "Widget":
    """Day, month, year and the time of day, in the school's zone."""
    said = form.said(field)
    hints = (said.hint, said.when_empty, _example(form))
    return _date(form, field.id, form.legend(field), " ".join(filter(None, hints)), time=True)


def span(form: "Form", field: Field) -> "Widget":
    """Over, still going on or not known; when it began and when it ended."""
    chosen, place = form.typed.one(f"{field.id}-state"), field.id
    answers = {"over": "It is over", "ongoing": "It is still going on", UNKNOWN: "Not known"}
    items = [{"value": key, "text": text, "checked": key == chosen} for key, text in answers.items()]
    state = {"macro": "radios", "params": {"name": f"{place}-state", "idPrefix": f"{place}-state", "items": items}}
    began = _date(form, f"{place}-began", _legend("When did it begin?"), _example(form), time=True)
    until = f"Leave it empty if it was one moment, or if the end is not known. {_example(form)}"
    ended = _date(form, f"{place}-ended", _legend("When did it end?"), until, time=True)
    return _set(form, field, state, began, ended)


def _example(form: "Form") -> str:
    there = local(form.now, form.zone)
    return f"For example, {there.day} {there.month} {there.year} and 16:45. Clock time in {form.zone.key}."


def _legend(text: str) -> dict[str, Any]:
    return {"legend": {"text": text}}


def _date(form: "Form", place: str, fieldset: dict[str, Any], hint: str, *, time: bool) -> "Widget":
    error = form.errors.get(place)
    wrong = " govuk-input--error" if error else ""
    parts = (("day", "Day", 2), ("month", "Month", 2), ("year", "Year", 4), *((("time", "Time", 5),) if time else ()))
    items = [
        {
            "id": place if name == "day" else f"{place}-{name}",
            "name": name,
            "label": label,
            "classes": f"govuk-input--width-{width}{wrong}",
            "value": form.typed.raw(f"{place}-{name}"),
            "inputmode": "text" if name == "time" else "numeric",
        }
        for name, label, width in parts
    ]
    params = {"id": f"{place}-when", "namePrefix": place, "fieldset": fieldset, "items": items, "hint": {"text": hint}}
    params |= {"errorMessage": {"text": error}} if error else {}
    was = form.typed.one(f"{place}-was")
    return {
        "macro": "date",
        "params": params,
        "was": {f"{place}-was": was} if was else {},
        "which": _which(form, place),
    }


def _which(form: "Form", place: str) -> "Widget | None":
    """Which of two hours of the same name is meant; asked only once such a time was given."""
    day, month, year, time, which = (
        form.typed.one(f"{place}-{part}") for part in ("day", "month", "year", "time", "which")
    )
    if not which and place not in form.errors:
        return None
    try:
        on, at = read_day(day, month, year), read_time(time)
        moment_at(on, at, form.zone)
    except HappenedTwice:
        both = {which: local(moment_at(on, at, form.zone, which), form.zone) for which in (FIRST, SECOND)}
    except NotRead:
        return None
    else:
        return None
    texts = {FIRST: "The first of the two", SECOND: "The second of the two"}
    items = [
        {"value": key, "text": f"{texts[key]}, {clock(there)}", "checked": key == which} for key, there in both.items()
    ]
    params = {"name": f"{place}-which", "idPrefix": f"{place}-which", "items": items}
    return {"macro": "radios", "params": {**params, "fieldset": _legend("Which of the two times is it?")}}


SHOWN: dict[Kind, "Callable[[Form, Field], Widget]"] = {
    Kind.COUNT: count,
    Kind.AMOUNT: amount,
    Kind.COUNTED: counted,
    Kind.DAY: day,
    Kind.MOMENT: moment,
    Kind.SPAN: span,
}
"""How each of these kinds is asked."""
