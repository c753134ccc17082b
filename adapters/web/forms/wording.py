"""What forms say, read from `words/`: a title, an introduction, and a label and a hint for every field."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from domain.quantities import Value
from projections.words import label

FOLDER = Path(__file__).with_name("words")
GROUPS = {
    "discover": "Discover",
    "contain": "Contain",
    "investigate": "Investigate",
    "notify": "Notify",
    "review": "Review",
    "complaints": "Complaints",
    "escalations": "Escalations",
    "school": "The school",
}
"""The files, in the order in which their forms are offered, and what each is called."""
OPTIONS = "options"
"""The file with the words for the keys of closed lists."""
NOTHING_NEW = "nothing_new"
"""In place of a command, where what was sent had been recorded before."""
SAID_BEFORE = "That was already recorded, so nothing was added"
NOW = "Leave it empty if it was just now."


class FieldWords(Value):
    """What a form says of one field. `rows` is the height of a text: one line is an input, more are a text area.

    `empty` says what it means to leave a time empty; `now` stands for the usual sentence. `options` are words for
    keys that differ from those of their list.
    """

    label: str
    hint: str | None = None
    rows: Annotated[int, Field(ge=1, le=20)] = 1
    options: Annotated[dict[str, str], Field(default_factory=dict)]
    empty: str | None = None

    @property
    def when_empty(self) -> str | None:
        """What it means to leave the time empty."""
        return NOW if self.empty == "now" else self.empty


class FormWords(Value):
    """What the form of one command says. `whole_at` is the field at which a mistake of the whole form is shown."""

    title: str
    done: str
    intro: tuple[str, ...] = ()
    button: str | None = None
    whole_at: str | None = None
    field: Annotated[dict[str, FieldWords], Field(default_factory=dict)]

    def place(self, field: str) -> int:
        """Where the field stands on the page: in the order of the words, and after them what has none."""
        return [*self.field, field].index(field)


class Option(Value):
    """One key of a closed list in words."""

    key: str
    text: str
    hint: str | None = None


@cache
def _file(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def form_words(command: str) -> FormWords:
    """What the form of that command says; raises KeyError where nobody wrote it."""
    return FormWords.model_validate(_file(group_of(command))[command])


@cache
def group_of(command: str) -> str:
    """The file that words a command; raises KeyError where none does."""
    found = next((group for group in GROUPS if command in _file(group)), None)
    if found is None:
        raise KeyError(command)
    return found


def worded() -> frozenset[str]:
    """Every command that a file words."""
    return frozenset(command for group in GROUPS for command in _file(group))


def option(list_name: str, key: str, said: FieldWords | None = None) -> Option:
    """A key of a closed list in words: those of the field, of the list, or else the key's own."""
    words = (said.options.get(key) if said else None) or _file(OPTIONS).get(list_name, {}).get(key) or label(key)
    text, _, hint = words.partition(" | ")
    return Option(key=key, text=text, hint=hint or None)


def option_lists() -> dict[str, dict[str, str]]:
    """The words for the keys of every closed list that has words of its own."""
    return dict(_file(OPTIONS))
