"""Every period that comes from the law, each with its citation. This is the only home of the 72-hour rule."""

from collections.abc import Container
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

NOTIFICATION_WINDOW = timedelta(hours=72)
"""UK GDPR Art. 33(1): "not later than 72 hours after having become aware of it".

Consecutive hours: weekends, bank holidays and school holidays count. The roll to the next working day in
Regulation 1182/71 Art. 3(4) is for periods not expressed in hours, and DPA 2018 s. 205(2) does not extend it here.
"""


def notification_deadline(aware_at: datetime) -> datetime:
    """The last moment at which a notification is on time, in UTC (Art. 33(1))."""
    return aware_at.astimezone(UTC) + NOTIFICATION_WINDOW


def is_late(submitted_at: datetime, aware_at: datetime) -> bool:
    """Whether reasons for the delay are owed: one moment after 72:00:00 is late, 72:00:00 itself is not."""
    return submitted_at > notification_deadline(aware_at)


COMPLAINT_WINDOW = timedelta(days=30)
"""DPA 2018 s. 164A(3), in force since 19 June 2026: a complaint is acknowledged within 30 days of its receipt."""

SATURDAY = 5


def acknowledgement_deadline(received_at: datetime, zone: tzinfo, holidays: Container[date]) -> datetime:
    """The end of the last day on which a complaint is acknowledged in time, in UTC.

    A period of the Act, so that Regulation 1182/71 Art. 3 applies (DPA 2018 s. 205(2)): day 1 is the day after
    receipt, and a last day that is no working day moves to the next one. Unlike the 72 hours, which never move.
    """
    last = received_at.astimezone(zone).date() + COMPLAINT_WINDOW
    while last.weekday() >= SATURDAY or last in holidays:
        last += timedelta(days=1)
    return datetime.combine(last + timedelta(days=1), time.min, zone).astimezone(UTC)


class TimeToReport(StrEnum):
    """The regulator's published bands of the time taken to report, measured from discovery."""

    UNDER_24_HOURS = "Less than 24 hours"
    UP_TO_72_HOURS = "24 hours to 72 hours"
    UP_TO_A_WEEK = "72 hours to 1 week"
    OVER_A_WEEK = "More than 1 week"


def time_to_report(discovered_at: datetime, submitted_at: datetime) -> TimeToReport:
    """The band into which a report falls."""
    taken = submitted_at - discovered_at
    if taken < timedelta(hours=24):
        return TimeToReport.UNDER_24_HOURS
    if taken <= NOTIFICATION_WINDOW:
        return TimeToReport.UP_TO_72_HOURS
    return TimeToReport.UP_TO_A_WEEK if taken <= timedelta(weeks=1) else TimeToReport.OVER_A_WEEK
