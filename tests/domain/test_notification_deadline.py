"""The 72 hours of UK GDPR Art. 33(1): consecutive, in every season, to the second."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.deadlines import TimeToReport, is_late, notification_deadline, time_to_report
from tests.given import FRIDAY_4PM, ONE_HOUR, ONE_SECOND

LONDON, AMSTERDAM = ZoneInfo("Europe/London"), ZoneInfo("Europe/Amsterdam")
ZONES = st.sampled_from([LONDON, AMSTERDAM, ZoneInfo("America/St_Johns"), ZoneInfo("Pacific/Chatham"), UTC])


@pytest.mark.parametrize(
    ("aware_at", "local", "utc"),
    [
        (datetime(2026, 11, 20, 16, 45, tzinfo=LONDON), "2026-11-23T16:45", "2026-11-23T16:45"),
        (datetime(2026, 3, 27, 14, 0, tzinfo=LONDON), "2026-03-30T15:00", "2026-03-30T14:00"),
        (datetime(2026, 10, 23, 14, 0, tzinfo=LONDON), "2026-10-26T13:00", "2026-10-26T13:00"),
        (datetime(2026, 12, 24, 12, 30, tzinfo=LONDON), "2026-12-27T12:30", "2026-12-27T12:30"),
        (datetime(2026, 4, 2, 15, 10, tzinfo=LONDON), "2026-04-05T15:10", "2026-04-05T14:10"),
        (datetime(2028, 2, 27, 9, 0, tzinfo=LONDON), "2028-03-01T09:00", "2028-03-01T09:00"),
        (datetime(2026, 10, 23, 14, 0, tzinfo=AMSTERDAM), "2026-10-26T13:00", "2026-10-26T12:00"),
    ],
    ids=["weekend", "spring clock change", "autumn clock change", "Christmas", "Easter", "leap year", "Netherlands"],
)
def test_deadline_is_72_elapsed_hours_later(aware_at: datetime, local: str, utc: str) -> None:
    """Weekends, holidays and the change of the clocks move nothing."""
    deadline = notification_deadline(aware_at)
    assert deadline.astimezone(aware_at.tzinfo).strftime("%Y-%m-%dT%H:%M") == local
    assert deadline.strftime("%Y-%m-%dT%H:%M") == utc


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=ZONES))  # noqa: DTZ001
def test_deadline_is_72_hours_in_every_zone_and_season(aware_at: datetime) -> None:
    """Whatever a local calendar does, 72 times 3600 seconds pass."""
    assert notification_deadline(aware_at) - aware_at.astimezone(UTC) == timedelta(seconds=72 * 3600)


def test_the_last_second_is_on_time_and_the_next_is_late() -> None:
    """At 72:00:00 exactly the report is on time."""
    deadline = notification_deadline(FRIDAY_4PM)
    assert not is_late(deadline - ONE_SECOND, FRIDAY_4PM)
    assert not is_late(deadline, FRIDAY_4PM)
    assert is_late(deadline + ONE_SECOND, FRIDAY_4PM)
    assert is_late(deadline + timedelta(microseconds=1), FRIDAY_4PM)


@pytest.mark.parametrize(
    ("hours", "band"),
    [
        (0, TimeToReport.UNDER_24_HOURS),
        (23.99, TimeToReport.UNDER_24_HOURS),
        (24, TimeToReport.UP_TO_72_HOURS),
        (72, TimeToReport.UP_TO_72_HOURS),
        (72.01, TimeToReport.UP_TO_A_WEEK),
        (168, TimeToReport.UP_TO_A_WEEK),
        (168.01, TimeToReport.OVER_A_WEEK),
    ],
)
def test_the_time_to_report_falls_into_the_regulators_bands(hours: float, band: TimeToReport) -> None:
    """The bands are those of the published trends."""
    assert time_to_report(FRIDAY_4PM, FRIDAY_4PM + hours * ONE_HOUR) is band
