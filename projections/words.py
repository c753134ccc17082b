"""Times, periods, numbers and keys in the words that people read."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.quantities import Count, Span
from domain.roles import Role

# Python's own names of days and months follow the machine's locale; a document must not.
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

NOT_YET_KNOWN = "Not yet known"
NOT_APPLICABLE = "Not applicable"

LABELS = {
    "unlikely": "A risk is unlikely",
    "risk": "A risk, not a high one",
    "high": "A high risk",
    "exposed_no_evidence_of_access": "Exposed, with no evidence of access",
    "altered_recoverable": "Altered, can be put right",
    "altered_not_recoverable": "Altered, cannot be put right",
    "altered_and_recovered": "Altered and put right",
    "criminal_convictions_offences": "Criminal convictions and offences",
    "data_unintelligible": "The data are unintelligible to others (Art. 34(3)(a))",
    "high_risk_no_longer_likely": "A high risk is no longer likely (Art. 34(3)(b))",
    "disproportionate_effort": "Telling each person would be a disproportionate effort (Art. 34(3)(c))",
    "follow_up": "Follow-up",
}
"""Keys whose own words would not be plain enough."""

ROLES = {
    Role.STAFF: "Member of staff",
    Role.LEAD: "Data Protection Lead",
    Role.HEAD: "Headteacher",
    Role.DPO: "Data Protection Officer",
    Role.CHAIR: "Chair of governors",
    Role.GOVERNOR: "Governor",
    Role.AUDITOR: "Auditor",
    Role.ADMINISTRATOR: "Administrator",
    Role.SUPPLIER: "Supplier",
    Role.ENGINE: "Tocsin",
}

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)")


def label(key: str) -> str:
    """A key of a closed list as words."""
    return LABELS.get(key) or capitalised(key.replace("_", " "))


def capitalised(text: str) -> str:
    """The text with its first letter a capital, and the rest as it is."""
    return text[:1].upper() + text[1:]


def local(at: datetime, zone: ZoneInfo) -> datetime:
    """The moment in that zone; as it stands in UTC where the calendar ends."""
    try:
        return at.astimezone(zone)
    except OverflowError:
        return at.astimezone(UTC)


def moment(at: datetime, zone: ZoneInfo) -> str:
    """A moment in full: Friday 20 November 2026, 16:45 GMT."""
    there = local(at, zone)
    return f"{DAYS[there.weekday()]} {day(there)}, {clock(there)}"


def short_moment(at: datetime, zone: ZoneInfo) -> str:
    """A moment for tables: Fri 20 Nov 2026, 16:45 GMT."""
    there = local(at, zone)
    return f"{DAYS[there.weekday()][:3]} {short_day(there)}, {clock(there)}"


def clock(there: datetime) -> str:
    """The time of day with the zone's abbreviation; a zone that has none shows its offset."""
    name = there.tzname() or ""
    return f"{there:%H:%M} {f'UTC{name}' if name[:1] in '+-' else name}".rstrip()


def short_day(on: date) -> str:
    """A date for tables: 20 Nov 2026."""
    return f"{on.day} {MONTHS[on.month - 1][:3]} {on.year}"


def day(on: date) -> str:
    """A date: 20 November 2026."""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def period(length: timedelta) -> str:
    """A length of time in hours and minutes, its sign left out."""
    minutes = round(abs(length) / timedelta(minutes=1))
    if not minutes:
        return "less than a minute"
    hours, minutes = divmod(minutes, 60)
    return " ".join(filter(None, (plural(hours, "hour"), plural(minutes, "minute"))))


def plural(number: int, noun: str, nouns: str | None = None) -> str:
    """1 hour, 2 hours; nothing for none."""
    return f"{number:,} {noun if number == 1 else nouns or f'{noun}s'}" if number else ""


def listed(labels: Iterable[str]) -> str:
    """Labels in one line, with a capital only at its beginning."""
    first, *others = [*labels] or [""]
    return "; ".join((first, *(f"{each[:1].lower()}{each[1:]}" for each in others)))


def count(number: Count) -> str:
    """How many, with "about" where that is all that is known."""
    about = "About " if number.certainty == "approximate" else ""
    return NOT_YET_KNOWN if number.number is None else f"{about}{number.number:,}"


def span(when: Span, zone: ZoneInfo) -> str:
    """When it happened, as far as it is known."""
    if not when.known:
        return NOT_YET_KNOWN
    began = short_moment(when.began_at, zone) if when.began_at else "Start not known"
    if when.ongoing:
        return f"{began}, still going on"
    return f"{began} to {short_moment(when.ended_at, zone)}" if when.ended_at else began


def with_local_times(text: str, zone: ZoneInfo) -> str:
    """The text with the moments that a view wrote in it shown in that zone."""
    return _INSTANT.sub(lambda found: short_moment(datetime.fromisoformat(found[0]), zone), text)


def yes_or_no(answer: bool | None) -> str:
    """A decision in a word."""
    return NOT_YET_KNOWN if answer is None else "Yes" if answer else "No"
