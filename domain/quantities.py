"""Instants, spans of time and numbers, each able to say that it is not known."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

YEARS = range(2000, 2200)
"""A year outside is a slip of the pen, and arithmetic with it would fail where nobody can put it right."""


def _utc(instant: datetime) -> datetime:
    if instant.year not in YEARS:
        raise ValueError(f"the year must lie between {YEARS.start} and {YEARS.stop - 1}")
    return instant if instant.tzinfo is UTC else instant.astimezone(UTC)


def _plausible(day: date) -> date:
    if day.year not in YEARS:
        raise ValueError(f"the year must lie between {YEARS.start} and {YEARS.stop - 1}")
    return day


Day: TypeAlias = Annotated[date, AfterValidator(_plausible)]
"""A calendar day at the school."""


def _written_out(given: object) -> object:
    """A bare number would be taken for seconds since 1970, which nobody who types a time means."""
    if isinstance(given, int | float) or (isinstance(given, str) and "T" not in given and " " not in given):
        raise ValueError("write the time out with its offset, such as 2026-11-20T16:45:00+00:00")
    return given


Instant: TypeAlias = Annotated[AwareDatetime, AfterValidator(_utc), BeforeValidator(_written_out)]
"""A moment with an offset, kept in UTC: adding hours to a local time would lose one when the clocks change."""


class Value(BaseModel):
    """A frozen value that refuses unknown fields and never prints what was typed."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Count(Value):
    """How many: exact, approximate or unknown (UK GDPR Art. 33(3)(a) asks for an approximate number)."""

    certainty: Literal["exact", "approximate", "unknown"]
    number: Annotated[int, Field(ge=0, le=1_000_000_000)] | None = None

    @model_validator(mode="after")
    def _number_goes_with_certainty(self) -> "Count":
        if (self.number is None) != (self.certainty == "unknown"):
            raise ValueError("an exact or approximate count needs a number, and an unknown one has none")
        return self


UNKNOWN = Count(certainty="unknown")


class Span(Value):
    """When something happened: a moment, a range, still going on, or not known."""

    began_at: Instant | None = None
    ended_at: Instant | None = None
    ongoing: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> "Span":
        if self.ended_at and (self.began_at is None or self.ended_at < self.began_at):
            raise ValueError("a span of time that ends also begins, and not after its end")
        if self.ended_at and self.ongoing:
            raise ValueError("what is still going on has no end")
        return self

    @property
    def known(self) -> bool:
        """Whether anything at all is known of the time."""
        return self.began_at is not None or self.ongoing
