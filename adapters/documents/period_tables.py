"""The tables and charts of a period's review, in words: each chart beside a table that holds the same numbers."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from adapters.documents.charts import Chart, Series, columns, rows
from domain.quantities import Count
from projections.complaint_states import ComplaintState
from projections.measures import AdoptedMeasure
from projections.period_figures import Figures
from projections.period_kinds import NOT_RECORDED, PeopleAffected
from projections.period_review import LateReport, PeriodReview
from projections.periods import Period
from projections.school_matters import GroupTraining
from projections.words import MONTHS, NOT_YET_KNOWN, count, label, period, plural, short_day, short_moment

Rows = list[dict[str, str]]
ONE_DAY = timedelta(days=1)
BESIDE = 380
"""How wide a chart is that stands beside its table."""

NOTHING = "Nothing recorded"


def short_period(of: Period) -> tuple[str, str]:
    """A period in two short lines: whole months by their names, others by their days."""
    begins_on, ends_on = of.begins_on, of.ends_on
    if begins_on.day != 1 or (ends_on + ONE_DAY).day != 1:
        return f"{short_day(begins_on)} –", short_day(ends_on)
    first, last = MONTHS[begins_on.month - 1][:3], MONTHS[ends_on.month - 1][:3]
    if begins_on.year != ends_on.year:
        return f"{first} {begins_on.year} –", f"{last} {ends_on.year}"
    return (first if first == last else f"{first} – {last}"), f"{ends_on.year}"


def trend(review: PeriodReview) -> dict[str, Any] | None:
    """The periods in the order of time, this one last; None where there is no earlier one."""
    if not review.before:
        return None
    periods: list[Figures] = [*reversed(review.before), review]
    series = (
        Series("Breaches", tuple(each.breaches for each in periods)),
        Series("Near misses", tuple(each.near_misses for each in periods)),
    )
    return {
        "chart": chart_shown(
            columns("Breaches and near misses by period", [short_period(each) for each in periods], series)
        ),
        "rows": [
            {
                "period": " ".join(short_period(each)),
                "note": _covered(each, review),
                "incidents": f"{each.incidents:,}",
                "breaches": f"{each.breaches:,}",
                "near_misses": f"{each.near_misses:,}",
                "notified": f"{each.notified:,}",
                "late": f"{each.late:,}",
            }
            for each in periods
        ],
    }


def _covered(figures: Figures, review: PeriodReview) -> str:
    since = review.recorded_since
    if since and figures.begins_on < since <= figures.ends_on:
        return f"recorded from {short_day(since)}"
    return "" if review.over or figures is not review else f"up to {short_day(review.stands_on)}"


def types(review: PeriodReview) -> dict[str, Any]:
    """How many incidents were of which type, beside the period before."""
    before = review.before[0].by_type if review.before else None
    names = {label(kind): number for kind, number in review.by_type.items()}
    chart = rows("Incidents by type", names) if max(names.values(), default=0) > 1 else None
    return {
        "chart": chart_shown(chart),
        "rows": [
            {
                "type": label(kind),
                "number": f"{review.by_type.get(kind, 0):,}",
                "before": "" if before is None else f"{before.get(kind, 0):,}",
            }
            for kind in dict.fromkeys([*review.by_type, *(before or ())])
        ],
    }


def counted(counts: dict[str, int]) -> Rows:
    """Kinds by name, with their numbers."""
    return [{"name": label(kind), "number": f"{number:,}"} for kind, number in counts.items()]


def people(affected: tuple[PeopleAffected, ...]) -> Rows:
    """Kinds of people: in how many breaches, and how many of them as far as they were counted."""
    return [
        {"name": label(each.people), "incidents": f"{each.incidents:,}", "number": _people(each)} for each in affected
    ]


def _people(each: PeopleAffected) -> str:
    return number_of_people(each.number, approximate=each.approximate, uncounted=each.uncounted)


def number_of_people(number: int, *, approximate: bool, uncounted: int) -> str:
    """A number of people, with as much certainty as it has."""
    if uncounted:
        return f"At least {number:,}" if number else NOT_YET_KNOWN
    return count(Count(certainty="approximate" if approximate else "exact", number=number))


def bands(review: PeriodReview) -> dict[str, Any] | None:
    """The regulator's bands of the time from discovery to the report; None where nothing was reported."""
    numbers = {str(band): number for band, number in review.kinds.time_to_report.items()}
    if not any(numbers.values()):
        return None
    chart = rows("Time from discovery to the report", numbers, width=BESIDE, name_width=150)
    return {"chart": chart_shown(chart) if review.notified > 1 else None, "rows": counted(numbers)}


def late(reports: tuple[LateReport, ...], zone: ZoneInfo) -> Rows:
    """Each late report: by how much, and why."""
    return [
        {
            "ref": each.ref,
            "label": f"{_late_by(each)}: sent {short_moment(each.notified_at, zone)}",
            "reasons": each.reasons or "No reasons are recorded.",
        }
        for each in reports
    ]


def _late_by(report: LateReport) -> str:
    return f"{period(report.notified_at - report.deadline)} late" if report.deadline else "late"


def measures(adopted: tuple[AdoptedMeasure, ...], stands_on: date) -> Rows:
    """The measures that were open at the end of the period or done within it."""
    return [
        {"measure": each.measure, "owner": each.owner, "due": short_day(each.due_on), "ref": each.ref}
        | _measure_state(each, stands_on)
        for each in adopted
    ]


def _measure_state(measure: AdoptedMeasure, stands_on: date) -> dict[str, str]:
    done = f"one {short_day(measure.completed_on)}" if measure.completed_on else ""
    if not measure.open_on(stands_on):
        return {"state": f"D{done}", "tone": "good"}
    overdue = measure.overdue_on(stands_on)
    state = "Overdue" if overdue else "Open"
    return {"state": f"{state} then, d{done}" if done else state, "tone": "warn" if overdue else "plain"}


def complaints(found: tuple[ComplaintState, ...], stands_on: date, zone: ZoneInfo) -> Rows:
    """Complaints that were received, acknowledged or answered in the period, or open at its end."""
    return [
        {
            "ref": each.ref,
            "received": _day(each.received_at, zone),
            "acknowledged": _acknowledged(each, stands_on, zone),
            "outcome": f"{label(each.outcome)}, {_day(each.answered_at, zone)}"
            if each.outcome and each.answered_at
            else "Not answered yet",
            "tone": "warn" if each.in_time is False or each.overdue_on(stands_on, zone) else "plain",
        }
        for each in found
    ]


def _acknowledged(complaint: ComplaintState, stands_on: date, zone: ZoneInfo) -> str:
    if complaint.acknowledged_at:
        ending = {True: ", in time", False: ", late", None: ""}[complaint.in_time]
        return f"{_day(complaint.acknowledged_at, zone)}{ending}"
    if complaint.answered_at:
        return "With the answer"
    if complaint.acknowledge_before is None:
        return "Not yet"
    last_day = _day(complaint.acknowledge_before - timedelta(microseconds=1), zone)
    return f"Overdue since {last_day}" if complaint.overdue_on(stands_on, zone) else f"Not yet, due by {last_day}"


def _day(at: Any, zone: ZoneInfo) -> str:
    return short_day(at.astimezone(zone).date())


def complaint_facts(review: PeriodReview) -> Rows:
    """The figures of the complaints, each act by its own date."""
    found = review.complaints
    answered = ", ".join(f"{number:,} {label(key).lower()}" for key, number in found.answered.items() if number)
    facts = (
        ("Received in the period", found.received),
        ("Acknowledged within the 30 days", found.acknowledged_in_time),
        ("Acknowledged late", found.acknowledged_late),
        ("Not acknowledged, though the 30 days are over", found.overdue),
        ("Answered", answered or "None"),
        ("Open at the end", found.open),
    )
    return [{"label": name, "value": value if isinstance(value, str) else f"{value:,}"} for name, value in facts]


def training(groups: tuple[GroupTraining, ...]) -> Rows:
    """Staff and governors, with the state before; what is not recorded is said."""
    known = {each.group: each for each in groups}
    return [{"group": label(group), **_trained(known.get(group))} for group in ("staff", "governors")]


def _trained(group: GroupTraining | None) -> dict[str, str]:
    if group is None:
        return {"trained": NOTHING, "share": "", "on": "", "before": ""}
    return {
        "trained": f"{group.latest.trained:,} of {group.latest.in_post:,}",
        "share": share_of(group.latest.percent),
        "on": short_day(group.latest.on),
        "before": f"{share_of(group.before.percent)} on {short_day(group.before.on)}" if group.before else NOTHING,
    }


def share_of(percent: int | None) -> str:
    """A percentage of those in post, where there are any."""
    return "Nobody in post" if percent is None else f"{percent}%"


def compared(review: PeriodReview, regulator: str) -> Rows:
    """What the rules suggested, what was advised and what was decided, and in how many incidents so."""
    said = {True: "Yes", False: "No", None: "Not recorded"}
    return [
        {
            "question": each.question.replace("the regulator", f"the {regulator}"),
            "suggested": said[each.suggested],
            "advised": said[each.advised],
            "decided": said[each.decided],
            "incidents": f"{each.incidents:,}",
        }
        for each in review.compared
    ]


def categories(review: PeriodReview) -> str:
    """Cyber and other incidents in a sentence."""
    found = review.kinds.by_category
    names = {"Cyber": "cyber", "Non Cyber": "not cyber", NOT_RECORDED: "not recorded whether cyber"}
    said = ", ".join(f"{found[key]:,} {name}" for key, name in names.items() if found.get(key))
    return f"Of {plural(sum(found.values()), 'incident')}: {said}." if said else ""


def chart_shown(chart: Chart | None) -> dict[str, str] | None:
    """A chart as a paper holds it."""
    return {"svg": chart.svg, "alt": chart.alt} if chart else None
