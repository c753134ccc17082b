"""A regulator's report form as data: a versioned field map. Another regulator is another file, and no other code."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from domain.quantities import Value

FORMS = Path(__file__).parent / "forms"

Source = Literal["P", "C", "S", "M"]
"""P: an actual copy or official page was read; C: two sources agree; S: one secondary source; M: not verified."""


class FormField(Value):
    """One question: its key, its words, which answer it takes, where it comes from, and what its options are called.

    `applies` names a condition; `always` puts it into every phase, changed or not; `other` is the option for whatever
    has none of its own.
    """

    key: str
    question: str
    answer: str
    article: str | None = None
    applies: str = "ever"
    always: bool = False
    source: Source
    generation: str = ""
    other: str | None = None
    options: Annotated[dict[str, str], Field(default_factory=dict)]

    @property
    def verified(self) -> bool:
        """Whether the question was read on the form itself or in two independent places."""
        return self.source in ("P", "C")


class FormSection(Value):
    """Questions that belong together, in the form's own order."""

    title: str
    verified: bool = False
    field: tuple[FormField, ...]


class Form(Value):
    """One version of one regulator's form."""

    form: str
    version: str
    regulator: str
    law: str
    title: str
    note: str
    section: tuple[FormSection, ...]

    @property
    def name(self) -> str:
        """How a submitted report names it: `ico 2026-11`."""
        return f"{self.form} {self.version}"


@cache
def forms() -> dict[str, Form]:
    """Every form that there is a map of, by name; of each regulator the newest last."""
    found = [Form.model_validate(tomllib.loads(path.read_text("utf-8"))) for path in sorted(FORMS.glob("*.toml"))]
    return {form.name: form for form in found}


def form_for(regulator: str) -> Form | None:
    """The newest map of that regulator's form, or None where there is none."""
    found = [form for form in forms().values() if form.regulator.casefold() == regulator.strip().casefold()]
    return found[-1] if found else None
