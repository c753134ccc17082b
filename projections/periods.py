"""Periods of days, such as a term or a year, and the one of the same length before it."""

from datetime import date, datetime, timedelta, tzinfo

from pydantic import model_validator

from domain.quantities import YEARS, Day, Value

ONE_DAY = timedelta(days=1)
IN_EVERY_MONTH = 28
"""The last day of a month that every month has."""


class Period(Value):
    """Days from the first to the last, both included."""

    begins_on: Day
    ends_on: Day

    @model_validator(mode="after")
    def _in_order(self) -> "Period":
        if self.ends_on < self.begins_on:
            raise ValueError("a period ends on or after the day on which it begins")
        return self

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.ends_on - self.begins_on).days + 1

    def holds(self, day: date | None) -> bool:
        """Whether the day lies in it; an unknown day does not."""
        return day is not None and self.begins_on <= day <= self.ends_on

    def shared_days(self, begins_on: date, ends_on: date) -> int:
        """How many days it has in common with another period."""
        return max((min(self.ends_on, ends_on) - max(self.begins_on, begins_on)).days + 1, 0)

    def preceding(self) -> "Period | None":
        """The period of the same length right before: of as many whole months, or else of as many days."""
        months, begins_on = self._whole_months(), self.begins_on - timedelta(days=self.days)
        if months:
            year, month = divmod(self.begins_on.year * 12 + self.begins_on.month - 1 - months, 12)
            begins_on = date(year, month + 1, self.begins_on.day)
        return Period(begins_on=begins_on, ends_on=self.begins_on - ONE_DAY) if begins_on.year in YEARS else None

    def _whole_months(self) -> int | None:
        """1 September to 31 August are twelve, and a year's comparison does not drift with its leap days."""
        begins_on, after = self.begins_on, self.ends_on + ONE_DAY
        if after.day != begins_on.day or begins_on.day > IN_EVERY_MONTH:
            return None
        return (after.year - begins_on.year) * 12 + after.month - begins_on.month


def day_of(at: datetime, zone: tzinfo) -> date:
    """The day on which a moment falls where people live in that zone."""
    return at.astimezone(zone).date()
