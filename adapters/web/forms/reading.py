"""From a form to a command: each field read on its own, each mistake told there and never with what was typed."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from adapters.web.forms import reading_quantities as quantities
from adapters.web.forms.fields import Field, Kind, fields_of, within
from adapters.web.forms.mistakes import ABSENT, Mistake, Mistakes
from adapters.web.forms.typed import ITEM, NEW, NO, NOTHING, YES, Typed
from adapters.web.forms.wording import FormWords, form_words
from domain.commands import AnyCommand, any_command
from domain.risk_facts import RiskFacts
from projections.words import capitalised, plural


@dataclass(frozen=True)
class Read:
    """What became of a form: the command, or what is wrong at which field."""

    command: AnyCommand | None
    errors: dict[str, str]


@dataclass(frozen=True)
class Reader:
    """Reads the fields of one form. `listed` are the fields whose answer is chosen from what stands in the incident."""

    typed: Typed
    words: FormWords
    zone: ZoneInfo
    listed: Collection[str] = ()

    def values(self, fields: Iterable[Field]) -> tuple[dict[str, Any], dict[str, str]]:
        """What the fields say, by name, and what is wrong, by field."""
        values: dict[str, Any] = {}
        errors: dict[str, str] = {}
        for field in sorted(fields, key=lambda field: self.words.place(field.id)):
            try:
                value = self._group(field, errors) if field.kind is Kind.GROUP else self.value(field)
            except Mistake as mistake:
                errors[mistake.at or field.id] = str(mistake)
            except Mistakes as mistakes:
                errors |= mistakes.errors
            else:
                if value is not ABSENT:
                    values[field.name] = value
        return values, errors

    def value(self, field: Field) -> Any:
        """What one field says; raises `Mistake`."""
        value = self._chosen(field) if field.id in self.listed else READERS[field.kind](self, field)
        if value is ABSENT and field.required:
            raise Mistake(self.needed(field))
        return value

    def label(self, field: Field) -> str:
        """What the page calls the field, in quotation marks."""
        words = self.words.field.get(field.id)
        return f"“{words.label if words else field.name}”"

    def needed(self, field: Field) -> str:
        """The sentence for a field that was left empty and may not be."""
        if field.kind in (Kind.CHOICES, Kind.COUNTED, Kind.MARKED):
            return f"Choose at least one answer to {self.label(field)}."
        if field.kind in (Kind.CHOICE, Kind.YES_NO, Kind.COUNT, Kind.AMOUNT, Kind.SPAN) or field.id in self.listed:
            return f"Choose an answer to {self.label(field)}."
        asked = self.label(field).endswith("?”")
        return f"{'Answer' if asked else 'Fill in'} {self.label(field)}."

    def text(self, field: Field) -> Any:
        """A text, or nothing."""
        return self._short_enough(field, self.typed.one(field.id)) or ABSENT

    def lines(self, field: Field) -> Any:
        """A text from each line that is not empty."""
        lines = [line.strip() for line in self.typed.raw(field.id).split("\n")]
        return tuple(self._short_enough(field, line) for line in lines if line)

    def _short_enough(self, field: Field, text: str) -> str:
        if field.most is not None and len(text) > field.most:
            more = plural(len(text) - int(field.most), "character")
            raise Mistake(f"{self.label(field)} is {more} too long; shorten it to {int(field.most):,} characters.")
        return text

    def choice(self, field: Field) -> Any:
        """One key of a closed list."""
        key = self.typed.one(field.id)
        if key in field.keys:
            return key
        if key and key != NOTHING:
            raise Mistake(self.needed(field))
        return None if field.default is None and not field.required else ABSENT

    def choices(self, field: Field) -> Any:
        """Some keys of a closed list, each once, in the list's order."""
        keys = [key for key in field.keys if key in self.typed.all(field.id)]
        return tuple(keys) if keys or not field.required else ABSENT

    def yes_no(self, field: Field) -> Any:
        """Yes, no, or nothing."""
        return {"true": True, "false": False}.get(self.typed.one(field.id), ABSENT)

    def confirmed(self, field: Field) -> Any:
        """Whether the box is ticked."""
        return self.typed.one(field.id) == "true"

    def marked(self, field: Field) -> Any:
        """The kinds that are concerned, each with what is said of it."""
        rows = []
        for key in (key for key in field.keys if key in self.typed.all(field.id)):
            beside = self.typed.one(f"{field.id}-{key}")
            if beside and beside not in field.beside.keys:
                raise Mistake(self.needed(field))
            rows.append({field.key_name: key, **({field.beside.name: beside} if beside else {})})
        return tuple(rows) or ABSENT

    def _chosen(self, field: Field) -> Any:
        """One of those that stand in the incident, or a new one where that is offered."""
        key = self.typed.raw(field.id)
        if key == NEW:
            new = self._short_enough(field, self.typed.one(f"{field.id}-new"))
            if not new:
                raise Mistake(f"Fill in the name for {self.label(field)}.", f"{field.id}-new")
            return new
        return key.removeprefix(ITEM) if key.startswith(ITEM) else ABSENT

    def _group(self, field: Field, errors: dict[str, str]) -> Any:
        said = self.typed.one(field.id)
        if not field.required and said != YES:
            if said not in (NO, ""):
                raise Mistake(self.needed(field))
            return ABSENT
        values, wrong = self.values(field.parts)
        errors |= wrong
        return values


READERS: Mapping[Kind, Callable[[Reader, Field], Any]] = {
    Kind.TEXT: Reader.text,
    Kind.CODE: Reader.text,
    Kind.LINES: Reader.lines,
    Kind.YES_NO: Reader.yes_no,
    Kind.CONFIRMED: Reader.confirmed,
    Kind.CHOICE: Reader.choice,
    Kind.CHOICES: Reader.choices,
    Kind.NUMBER: quantities.number,
    Kind.AMOUNT: quantities.amount,
    Kind.COUNT: quantities.count,
    Kind.COUNTED: quantities.counted,
    Kind.MARKED: Reader.marked,
    Kind.DAY: quantities.day,
    Kind.MOMENT: quantities.moment,
    Kind.SPAN: quantities.span,
}


def read(command: str, typed: Typed, zone: ZoneInfo, listed: Collection[str] = ()) -> Read:
    """The command that a form says, or what is wrong with which of its fields."""
    words, fields = form_words(command), fields_of(command)
    reader = Reader(typed, words, zone, listed)
    values, errors = reader.values(fields)
    if errors:
        return Read(None, errors)
    try:
        return Read(any_command(command, values), {})
    except ValidationError as mistake:
        return Read(None, _told(mistake, reader, within(fields), ()))


def read_facts(command: str, typed: Typed, zone: ZoneInfo) -> tuple[RiskFacts | None, dict[str, str]]:
    """The facts of the risk prompt alone, for a look at what the rules say of them before anything is recorded."""
    words = form_words(command)
    group = next((field for field in fields_of(command) if field.kind is Kind.GROUP), None)
    if group is None:
        return None, {}
    reader = Reader(typed, words, zone)
    values, errors = reader.values(group.parts)
    if errors:
        return None, errors
    try:
        return RiskFacts.model_validate(values), {}
    except ValidationError as mistake:
        return None, _told(mistake, reader, within((group,)), (command, group.name))


def _told(
    mistake: ValidationError, reader: Reader, fields: tuple[Field, ...], above: tuple[str, ...]
) -> dict[str, str]:
    """What the command itself finds wrong, at the fields of the form."""
    by_id = {field.id: field for field in fields}
    errors: dict[str, str] = {}
    for error in mistake.errors(include_input=False, include_url=False):
        path = [str(part) for part in (*above, *error["loc"])[1:]]
        places = ("-".join(path[:length]) for length in range(len(path), 0, -1))
        field = next((by_id[place] for place in places if place in by_id), None)
        whole = field is None or field.kind is Kind.GROUP
        at = reader.words.whole_at if whole and reader.words.whole_at in by_id else None
        if error["type"] == "value_error":
            sentence = f"{capitalised(str(error['msg']).removeprefix('Value error, ')).removesuffix('.')}."
        elif field is not None and error["type"] in PLAINLY:
            sentence = f"{reader.label(field)} {PLAINLY[error['type']]}."
        else:
            sentence = f"{reader.label(field) if field else 'The form'} cannot be read like this; look at it again."
        errors[at or (field.id if field else fields[0].id)] = sentence
    return errors


PLAINLY = {
    "string_pattern_mismatch": "is not written as it has to be; look at the help beside it",
    "string_too_long": "is too long; shorten it",
    "missing": "is needed",
}
"""What the command's own rules say of a field, as people say it."""
