"""Public holidays where a school is, and the period that depends on them."""

from collections.abc import Container
from datetime import UTC, date, datetime
from functools import cache

import holidays

from domain.commands.complain import RecordComplaint
from domain.deadlines import acknowledgement_deadline
from domain.school import School

IN_FORCE = datetime(2026, 6, 18, 23, tzinfo=UTC)
"""19 June 2026 in the United Kingdom (DPA 2018 s. 164A)."""

SUBDIVISION = {"England": "ENG", "Wales": "WLS", "Scotland": "SCT", "Northern Ireland": "NIR"}


@cache
def bank_holidays(nation: str) -> Container[date]:
    """The public holidays of a nation, whatever year is asked for."""
    if nation in SUBDIVISION:
        return holidays.country_holidays("GB", subdiv=SUBDIVISION[nation])
    return holidays.country_holidays("NL")


def with_its_period(command: RecordComplaint, school: School, now: datetime) -> RecordComplaint:
    """The complaint with the end of its 30 days; DPA 2018 s. 164A holds in the United Kingdom alone."""
    received_at = command.received_at or now
    if school.nation not in SUBDIVISION or received_at < IN_FORCE:
        return command.model_copy(update={"acknowledge_before": None})
    before = acknowledgement_deadline(received_at, school.timezone, bank_holidays(school.nation))
    return command.model_copy(update={"acknowledge_before": before})
