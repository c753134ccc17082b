"""The columns of the breach log as people read it: a heading in plain English and what stands below it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from domain.quantities import Count
from projections import words
from projections.breach_log import LogEntry
from projections.words import count, yes_or_no

Cell = str | int | datetime | None
"""None stands for what is not known or does not apply; a moment is still in UTC here."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, its value, how wide it is in characters, and whether it holds moments."""

    heading: str
    value: Callable[[LogEntry], Cell]
    width: int = 14
    moment: bool = False


@cache
def _label(key: str) -> str:
    """The words of a key, found once: a long log says the same few of them ten times a row."""
    return words.label(key)


def _words(value: str | None) -> str | None:
    return _label(value) if value else None


def _number(number: Count) -> Cell:
    return count(number) if number.certainty == "approximate" else number.number


def _decision(answer: bool | None) -> str | None:
    return None if answer is None else yes_or_no(answer)


def _listed(items: tuple[str, ...]) -> str | None:
    return "\n".join(items) or None


def _affected(entry: LogEntry) -> str | None:
    return _listed(tuple(f"{_label(group.people)}: {count(group.number)}" for group in entry.affected))


def _moment(heading: str, value: Callable[[LogEntry], datetime | None]) -> Column:
    return Column(heading, value, 19, moment=True)


def _text(heading: str, value: Callable[[LogEntry], str | None]) -> Column:
    return Column(heading, value, 42)


COLUMNS: tuple[Column, ...] = (
    Column("Reference", lambda entry: entry.ref, 18),
    Column("School number", lambda entry: entry.school, 11),
    Column("Finding", lambda entry: _label(entry.finding), 20),
    Column("Status", lambda entry: _label(entry.status), 18),
    _moment("Reported", lambda entry: entry.reported_at),
    _moment("Discovered", lambda entry: entry.discovered_at),
    _moment("Happened from", lambda entry: entry.occurred.began_at),
    _moment("Happened until", lambda entry: entry.occurred.ended_at),
    Column("Still going on when reported", lambda entry: _decision(entry.occurred.ongoing or None), 12),
    _text("What happened", lambda entry: entry.what_happened),
    _text("How it was found", lambda entry: entry.how_discovered),
    Column("Services concerned", lambda entry: _listed(entry.services), 22),
    _moment("Told by the supplier", lambda entry: entry.processor_told_at),
    _moment("Supplier itself aware", lambda entry: entry.processor_aware_at),
    _moment("School aware", lambda entry: entry.aware_at),
    _moment("72 hours end", lambda entry: entry.deadline),
    _text("Why awareness is later than the first signal, or was corrected", lambda entry: entry.awareness_reason),
    Column("Corrections of awareness", lambda entry: entry.awareness_corrections, 12),
    _moment("Stopped", lambda entry: entry.stopped_at),
    Column("Cause", lambda entry: _words(entry.cause), 22),
    Column("Type of incident", lambda entry: _words(entry.incident_type), 28),
    Column("Category of incident", lambda entry: entry.incident_category, 12),
    Column("Kinds of data", lambda entry: _listed(tuple(map(_label, entry.data_kinds))), 28),
    Column("Number of records", lambda entry: _number(entry.records), 12),
    Column("People affected, by kind", _affected, 28),
    Column("Number of people affected", lambda entry: _number(entry.people_total), 12),
    Column("Band of people affected", lambda entry: entry.affected_band, 14),
    Column("Type of data subject", lambda entry: _listed(entry.data_subject_types), 22),
    _text("Effects", lambda entry: entry.effects),
    Column("Effect on confidentiality", lambda entry: _words(entry.confidentiality), 24),
    Column("Effect on integrity", lambda entry: _words(entry.integrity), 20),
    Column("Effect on availability", lambda entry: _words(entry.availability), 20),
    _text("Likely consequences", lambda entry: entry.consequences),
    _text("Action taken to put it right", lambda entry: _listed(entry.remedial_actions)),
    Column("Risk to people", lambda entry: _words(entry.risk), 20),
    _text("Reasons for the risk", lambda entry: entry.risk_reasons),
    Column("DPO advised to notify", lambda entry: _decision(entry.dpo_advice), 12),
    _text("Reasons of the DPO", lambda entry: entry.dpo_advice_reasons),
    Column("Decided to notify", lambda entry: _decision(entry.notify_decision), 12),
    _text("Reasons for the decision to notify or not", lambda entry: entry.decision_reasons),
    _moment("Regulator notified", lambda entry: entry.notified_at),
    Column("Reports sent", lambda entry: entry.reports, 10),
    Column("Report withdrawn", lambda entry: "Yes" if entry.report_withdrawn else "", 12),
    Column("Later than 72 hours", lambda entry: _decision(entry.late), 12),
    _text("Reasons for the delay", lambda entry: entry.reasons_for_delay),
    Column("Time to report, from discovery", lambda entry: entry.time_to_report and str(entry.time_to_report), 20),
    Column("Regulator's reference", lambda entry: entry.regulator_reference, 20),
    Column("Decided to tell people", lambda entry: _decision(entry.communicate_decision), 12),
    _text("Reasons for telling people or not", lambda entry: entry.communicate_reasons),
    Column("Exemption relied on", lambda entry: _words(entry.exemption), 28),
    _moment("People first told", lambda entry: entry.told_at),
    Column("Number of people told", lambda entry: _number(entry.told_count), 12),
    _text("Why there was no breach", lambda entry: entry.no_breach_reason),
    Column("72 hours missed", lambda entry: yes_or_no(entry.deadline_missed), 12),
    _text("Lessons", lambda entry: _listed(entry.lessons)),
    _text("Measures", lambda entry: _listed(entry.measures)),
    _moment("Closed", lambda entry: entry.closed_at),
    Column("Version of the incident", lambda entry: entry.version, 10),
)
"""Everything that the log holds of an incident, in the order of its life."""
