"""Public holidays where a school is, and the period that depends on them."""

from collections.abc import Container
from datetime import date, datetime
from functools import cache

import holidays

from domain.commands.complain import RecordComplaint
from domain.deadlines import acknowledgement_deadline
from domain.school import School

SUBDIVISION = {"England": "ENG", "Wales": "WLS", "Scotland": "SCT", "Northern Ireland": "NIR"}


@cache
def bank_holidays(nation: str) -> Container[date]:
    """The public holidays of a nation, whatever year is asked for."""
    if nation in SUBDIVISION:
        return holidays.country_holidays("GB", subdiv=SUBDIVISION[nation])
    return holidays.country_holidays("NL")


def with_its_period(command: RecordComplaint, school: School, now: datetime) -> RecordComplaint:
    """The complaint with the end of its 30 days; DPA 2018 s. 164A holds in the United Kingdom alone."""
    if school.nation not in SUBDIVISION:
        return command
    received_at = command.received_at or now
    before = acknowledgement_deadline(received_at, school.timezone, bank_holidays(school.nation))
    return command.model_copy(update={"acknowledge_before": before})
