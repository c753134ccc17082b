"""The breach log as a paper says it: what it is, every incident in a line, and then each with all that is known."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from adapters.documents.review_parts import breach_outcome, status
from domain.school import School
from projections.breach_log import Finding, LogEntry
from projections.words import (
    NOT_YET_KNOWN,
    capitalised,
    clock,
    count,
    label,
    listed,
    local,
    moment,
    plural,
    short_day,
    short_moment,
    span,
    yes_or_no,
)

ZoneOf = Callable[[str], ZoneInfo]
"""The zone in which the people of a school read a clock."""

WHAT_IT_IS = (
    "A controller keeps this record of every personal data breach, reported or not: the facts, the effects and what was"
    " done about it, so that the regulator can see whether the law was kept (UK GDPR Art. 33(5)). Near misses, and"
    " suspicions that came to nothing, are recorded beside them."
)
CODE_IS_FOR = (
    "The head of the event log from which this paper was made: with it anybody can prove later that nothing in that"
    " log has been altered or removed since (tocsin verify --against CODE)."
)
SHORT, CHARACTERS_OF_A_LINE = 16, 50
"""A short incident is never broken: it takes half a page, or a whole one at worst. A long one begins a page."""

THE_REGULATOR = "regulator"
"""What it is called where several schools, and so perhaps several regulators, are in one paper."""

Row = tuple[str, str | None]
"""A label, and what is known; a row of which nothing is known is left out."""


def log_paper(
    entries: Sequence[LogEntry], school: School | None, as_at: datetime, code: str, zone_of: ZoneOf, zone: ZoneInfo
) -> dict[str, Any]:
    """Everything that the paper shows, in words; `zone` is that of the paper, `zone_of` that of each incident."""
    regulator = school.regulator if school else THE_REGULATOR
    schools = Counter(entry.school for entry in entries)
    return {
        "title": f"Breach log, {school.id if school else 'all schools'}, as at {moment(as_at, zone)}",
        "kicker": f"UK GDPR Article 33(5) · as at {moment(as_at, zone)}",
        "heading": "Breach log",
        "school": school.name if school else "Every school of this log",
        "ref_label": "School number" if school else "Entries of",
        "footer": "The school's own record: it may say who is concerned, so keep it safe",
        "ref": school.id if school else plural(len(schools), "school") or "no school",
        "what_it_is": WHAT_IT_IS,
        "verdict": _verdict(entries, regulator, as_at),
        "figures": _figures(entries, regulator, as_at),
        "schools": [] if school else [f"{number}: {times:,}" for number, times in sorted(schools.items())],
        "regulator": capitalised(regulator),
        "unknown": NOT_YET_KNOWN,
        "summary": [_line(entry, as_at, zone_of(entry.school)) for entry in entries],
        "incidents": [_incident(entry, regulator, as_at, zone_of(entry.school)) for entry in entries],
        "code": code,
        "code_is_for": CODE_IS_FOR,
        "colophon": [
            f"The log as it stood at {moment(as_at, zone)}.",
            f"Times are {_whose(school)}.",
            "The same rows for machines, log.json, are attached to this PDF.",
        ],
    }


def _whose(school: School | None) -> str:
    return f"local times ({school.zone})" if school else "each school’s own local times"


def _verdict(entries: Sequence[LogEntry], regulator: str, as_at: datetime) -> dict[str, str]:
    if not entries:
        return {"tone": "plain", "text": "No incident is in this log."}
    found = Counter(entry.finding for entry in entries)
    suspected, cleared = found[Finding.SUSPECTED], found[Finding.NOT_A_BREACH]
    kinds = (
        plural(found[Finding.BREACH], "breach", "breaches"),
        plural(found[Finding.NEAR_MISS], "near miss", "near misses"),
        f"{cleared:,} found to be no breach" if cleared else "",
        f"{suspected:,} still being looked into" if suspected else "",
    )
    text = f"{plural(len(entries), 'incident')}: {', '.join(filter(None, kinds))}."
    return {"tone": "plain", "text": text, "more": _notified(entries, regulator, as_at)}


def _notified(entries: Sequence[LogEntry], regulator: str, as_at: datetime) -> str:
    notified = sum(entry.notified_at is not None for entry in entries)
    late = sum(bool(entry.late) for entry in entries)
    missed = sum(_missed(entry, as_at) for entry in entries)
    said = (
        f"{f'{notified:,}' if notified else 'None'} reported to the {regulator}",
        f"{late:,} of them late" if late else "each in time" if notified else "",
        f"the 72 hours passed without an answer in {plural(missed, 'case')}" if missed else "",
    )
    return f"{', '.join(filter(None, said[:2]))}{f'; {said[2]}' if said[2] else ''}."


def _missed(entry: LogEntry, as_at: datetime) -> bool:
    """Whether the 72 hours passed without an answer: recorded already, or seen now."""
    unanswered = entry.notified_at is None and entry.notify_decision is not False
    return entry.deadline_missed or (unanswered and entry.deadline is not None and entry.deadline < as_at)


def _figures(entries: Sequence[LogEntry], regulator: str, as_at: datetime) -> list[dict[str, str]]:
    found = Counter(entry.finding for entry in entries)
    figures = (
        ("Personal data breaches", found[Finding.BREACH]),
        ("Near misses", found[Finding.NEAR_MISS]),
        ("Others", found[Finding.SUSPECTED] + found[Finding.NOT_A_BREACH]),
        ("Still open", sum(entry.closed_at is None for entry in entries)),
        (f"Reported to the {regulator}", sum(entry.notified_at is not None for entry in entries)),
        ("Reported late", sum(bool(entry.late) for entry in entries)),
        ("72 hours missed", sum(_missed(entry, as_at) for entry in entries)),
        ("Told to the people concerned", sum(entry.told_at is not None for entry in entries)),
    )
    return [{"label": name, "value": f"{value:,}"} for name, value in figures]


def _line(entry: LogEntry, as_at: datetime, zone: ZoneInfo) -> dict[str, str]:
    is_breach = entry.finding is Finding.BREACH
    outcome, tone = breach_outcome(entry, as_at) if is_breach else ("–", "plain")
    reported = local(entry.reported_at, zone)
    return {
        "ref": entry.ref,
        "reported": f"{short_day(reported)}\n{clock(reported)}",
        "finding": label(entry.finding),
        "what": label(entry.incident_type) if entry.incident_type else "",
        "people": entry.affected_band if is_breach else "–",
        "risk": label(entry.risk) if entry.risk else NOT_YET_KNOWN if is_breach else "–",
        "notified": outcome,
        "tone": tone,
        "time": entry.time_to_report or "–",
        "state": status(entry),
    }


def _incident(entry: LogEntry, regulator: str, as_at: datetime, zone: ZoneInfo) -> dict[str, Any]:
    columns = (
        (("The facts", _facts(entry, zone)), ("Effects", _effects(entry))),
        (
            ("Remedial action", _remedial(entry)),
            ("Advice, decision and report", _decided(entry, regulator, as_at, zone)),
            ("Telling people", _told(entry, zone)),
            ("Afterwards", _afterwards(entry, zone)),
        ),
    )
    known = [[_part(title, rows) for title, rows in parts if _known(rows)] for parts in columns]
    return {
        "ref": entry.ref,
        "finding": label(entry.finding),
        "state": status(entry),
        "columns": known,
        "short": max(map(_lines, known)) <= SHORT,
    }


def _part(title: str, rows: Iterable[Row]) -> dict[str, Any]:
    return {"title": title, "rows": _known(rows)}


def _known(rows: Iterable[Row]) -> list[list[str]]:
    return [[name, said] for name, said in rows if said]


def _lines(parts: Sequence[dict[str, Any]]) -> int:
    """About how many lines a column takes."""
    texts = [text for part in parts for _, said in part["rows"] for text in said.split("\n")]
    return sum(1 + len(text) // CHARACTERS_OF_A_LINE for text in texts) + 2 * len(parts)


def _at(at: datetime | None, zone: ZoneInfo) -> str | None:
    return short_moment(at, zone) if at else None


def _decision(answer: bool | None, reasons: str | None) -> str | None:
    return None if answer is None else "\n".join(filter(None, (yes_or_no(answer), reasons)))


def _facts(entry: LogEntry, zone: ZoneInfo) -> list[Row]:
    affected = "\n".join(f"{label(group.people)}: {count(group.number).lower()}" for group in entry.affected)
    return [
        ("What happened", entry.what_happened or NOT_YET_KNOWN),
        ("How it was found", entry.how_discovered),
        ("When", span(entry.occurred, zone)),
        ("Discovered", _at(entry.discovered_at, zone)),
        ("Reported", _at(entry.reported_at, zone)),
        ("Told by the supplier", _at(entry.processor_told_at, zone)),
        ("Supplier itself aware", _at(entry.processor_aware_at, zone)),
        ("School aware", _at(entry.aware_at, zone)),
        ("About awareness", entry.awareness_reason),
        ("72 hours end", _at(entry.deadline, zone)),
        ("Stopped", _at(entry.stopped_at, zone)),
        ("Cause", _if_breach(entry, label(entry.cause) if entry.cause else None)),
        ("Type", _kind(entry)),
        ("Services", "; ".join(entry.services)),
        ("Kinds of data", _if_breach(entry, listed(map(label, entry.data_kinds)))),
        ("Records", count(entry.records) if entry.records.number is not None else None),
        ("People", _if_breach(entry, affected)),
        ("People in all", _total(entry)),
        ("Why no breach", entry.no_breach_reason),
    ]


def _if_breach(entry: LogEntry, said: str | None) -> str | None:
    """What Art. 33(5) asks of a breach is said to be missing where it is; of what was none, nothing is asked."""
    return said or (NOT_YET_KNOWN if entry.finding is Finding.BREACH else None)


def _total(entry: LogEntry) -> str | None:
    known = entry.people_total.number is not None
    return f"{count(entry.people_total)} ({entry.affected_band})" if known else None


def _kind(entry: LogEntry) -> str | None:
    return ", ".join(filter(None, (entry.incident_type, entry.incident_category))) or None


def _effects(entry: LogEntry) -> list[Row]:
    effects = (
        ("Confidentiality", entry.confidentiality),
        ("Integrity", entry.integrity),
        ("Availability", entry.availability),
    )
    return [
        *((name, label(effect) if effect and effect != "unknown" else None) for name, effect in effects),
        ("Effects", _if_breach(entry, entry.effects)),
        ("Likely consequences", _if_breach(entry, entry.consequences)),
    ]


def _remedial(entry: LogEntry) -> list[Row]:
    return [("Taken", _if_breach(entry, "\n".join(map(capitalised, entry.remedial_actions))))]


def _decided(entry: LogEntry, regulator: str, as_at: datetime, zone: ZoneInfo) -> list[Row]:
    risk = "\n".join(filter(None, (label(entry.risk) if entry.risk else None, entry.risk_reasons)))
    late = yes_or_no(entry.late) if entry.late is not None else None
    return [
        ("Risk to people", _if_breach(entry, risk)),
        ("DPO advised to notify", _if_breach(entry, _decision(entry.dpo_advice, entry.dpo_advice_reasons))),
        ("Decided to notify", _if_breach(entry, _decision(entry.notify_decision, entry.decision_reasons))),
        (f"{capitalised(regulator)} notified", _if_breach(entry, _report(entry, zone))),
        ("Later than 72 hours", late),
        ("Reasons for the delay", entry.reasons_for_delay),
        ("72 hours missed", "Yes" if _missed(entry, as_at) else None),
        ("Reference", entry.regulator_reference),
    ]


def _report(entry: LogEntry, zone: ZoneInfo) -> str | None:
    if entry.notified_at is None:
        return "No, by decision" if entry.notify_decision is False else None
    band = f"{entry.time_to_report} after discovery" if entry.time_to_report else None
    reports = plural(entry.reports, "report") if entry.reports > 1 else None
    withdrawn = "withdrawn since" if entry.report_withdrawn else None
    return "; ".join(filter(None, (_at(entry.notified_at, zone), band, reports, withdrawn)))


def _told(entry: LogEntry, zone: ZoneInfo) -> list[Row]:
    decision = _decision(entry.communicate_decision, entry.communicate_reasons)
    return [
        ("Decided to tell them", _if_breach(entry, decision)),
        ("Exemption relied on", label(entry.exemption) if entry.exemption else None),
        ("First told", _at(entry.told_at, zone)),
        ("Number told", count(entry.told_count) if entry.told_at else None),
    ]


def _afterwards(entry: LogEntry, zone: ZoneInfo) -> list[Row]:
    return [
        ("Lessons", "\n".join(entry.lessons)),
        ("Measures", "\n".join(entry.measures)),
        ("Closed", _at(entry.closed_at, zone)),
    ]
