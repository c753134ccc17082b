"""The review of a term or a year as a paper says it: the first page for ten minutes, the rest for whoever asks why."""

from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from adapters.documents import period_tables as tables
from adapters.documents.review_paper import review_data
from adapters.documents.review_parts import CODE_IS_FOR, breach_outcome, questions, status
from domain.school import School
from projections.breach_log import Finding
from projections.governors_review import GovernorsReview
from projections.period_figures import Figures
from projections.period_review import PeriodReview
from projections.words import NOT_YET_KNOWN, day, label, moment, plural, short_moment

DPO = "Data Protection Officer"

ALWAYS_COUNTED = (
    "Measures and complaints are counted by their own dates, also where the incident is older.",
    "What is open or overdue is so at the end of {stands_on}.",
    "A period before has the same length and ends on the day before the next begins.",
)
COUNTED = (
    "An incident belongs to the period in which it was reported, by the date at the school; it is shown as known now.",
    "Types are those that the {regulator} publishes. The tables by kind leave out what was found to be no breach.",
    "An incident may concern several kinds of data and of people. A person in two incidents is counted twice.",
    "A report is late when it was sent more than 72 hours after the school became aware; bands count from discovery.",
    "Trained are those who had data protection training in the two years before the date. Shares are rounded down.",
    "A dash (–) stands where nothing is recorded from which a figure could be worked out.",
)


def period_paper(period: PeriodReview, school: School, code: str) -> dict[str, Any]:
    """Everything that the paper shows, in words."""
    zone, regulator = school.timezone, school.regulator
    dates = f"{day(period.begins_on)} to {day(period.ends_on)}"
    return {
        "title": f"Breaches and near misses, {dates}, {school.id}",
        "kicker": f"For the governing body · {dates}",
        "heading": "Breaches and near misses",
        "school": school.name,
        "ref_label": "School number",
        "ref": school.id,
        "regulator": regulator,
        "verdict": _verdict(period, regulator),
        "asked": list(period.opinion.decisions_asked) if period.opinion else [],
        "none_asked": _none_asked(period),
        "figures": _figures(period, regulator),
        "figures_beside": _beside(period),
        "opinion": _opinion(period, zone),
        "trend": tables.trend(period),
        "types": tables.types(period),
        "categories": tables.categories(period),
        "data_kinds": tables.counted(period.kinds.by_data),
        "people": tables.people(period.kinds.people),
        "people_not_recorded": _people_not_recorded(period),
        "causes": tables.counted(period.kinds.by_cause),
        "systemic": list(period.themes.systemic_lessons),
        "systemic_in": ", ".join(period.themes.systemic_refs),
        "themes": list(period.themes.by_dpo),
        "bands": tables.bands(period),
        "late": tables.late(period.late_reports, zone),
        "missed": [
            f"{each.ref}: the 72 hours ended {short_moment(each.deadline, zone)}." if each.deadline else f"{each.ref}."
            for each in period.missed_deadlines
        ],
        "references": [
            {"ref": each.ref, "reference": each.reference or "None yet", "answers": f"{each.answers:,}"}
            for each in period.regulator
        ],
        "differences": [*_differences(period.reviews, regulator)],
        "compared": tables.compared(period, regulator),
        "supplier": _supplier(period),
        "services": tables.counted(period.kinds.services),
        "lessons": list(dict.fromkeys(lesson for review in period.reviews for lesson in review.lessons)),
        "measures": tables.measures(period.measures, period.stands_on),
        "complaint_facts": tables.complaint_facts(period) if period.complaint_states else [],
        "complaints": tables.complaints(period.complaint_states, period.stands_on, zone),
        "training": tables.training(period.training) if period.training else [],
        "no_training": "Nothing is recorded, of staff or of governors.",
        "any_incident": bool(period.incidents),
        "incidents": [_incident(review, zone) for review in period.reviews],
        "counted": _counted(period, school),
        "code": code,
        "code_is_for": CODE_IS_FOR,
        "colophon": [
            f"{_as_recorded(period, zone)}Times are local times ({school.zone}).",
            "Small numbers can point to a person: this paper is for the governing body and not for publication.",
            "The same figures for machines, period.json, are attached to this PDF.",
        ],
    }


def period_data(period: PeriodReview) -> dict[str, Any]:
    """What is attached: the view, its incidents without their stories."""
    return period.model_dump(mode="json") | {"reviews": [review_data(review) for review in period.reviews]}


def recorded_up_to(period: PeriodReview) -> datetime:
    """The newest event behind the figures; the end of the period when there is none."""
    return period.recorded_at or datetime.combine(period.ends_on, time.min, UTC)


def _as_recorded(period: PeriodReview, zone: ZoneInfo) -> str:
    return f"As recorded up to {moment(period.recorded_at, zone)}. " if period.recorded_at else ""


def _verdict(period: PeriodReview, regulator: str) -> dict[str, str]:
    return {"tone": _tone(period), "text": _what_came(period), "more": " ".join(_more(period, regulator))}


def _tone(period: PeriodReview) -> str:
    if period.late or period.deadlines_missed or period.overdue_measures or period.complaints.overdue:
        return "warn"
    return "good" if period.incidents else "plain"


def _what_came(period: PeriodReview) -> str:
    if not period.incidents:
        return "No incident was reported in this period."
    kinds = (
        plural(period.breaches, "breach", "breaches"),
        plural(period.near_misses, "near miss", "near misses"),
        f"{period.not_breaches:,} found to be no breach" if period.not_breaches else "",
        f"{period.suspected:,} still being looked into" if period.suspected else "",
    )
    return f"{plural(period.incidents, 'incident')}: {', '.join(filter(None, kinds))}."


def _more(period: PeriodReview, regulator: str) -> list[str]:
    """What governors ask next, in a sentence each."""
    overdue, waiting = period.overdue_measures, period.complaints.overdue
    said = (
        ""
        if _anything(period)
        else "Nothing at all is recorded of the school, so this does not say that none came up.",
        _in_time(period, regulator) if period.incidents else "",
        f"{plural(overdue, 'measure is', 'measures are')} overdue." if overdue else "",
        f"{plural(waiting, 'complaint was', 'complaints were')} not acknowledged within the 30 days."
        if waiting
        else "",
        f"In the period before there {_were(period.before[0].incidents)}." if period.before else "",
        "" if period.over else f"The period is not over: these are its figures up to {day(period.stands_on)}.",
    )
    return [sentence for sentence in said if sentence]


def _were(incidents: int) -> str:
    return f"{'was' if incidents == 1 else 'were'} {plural(incidents, 'incident') or 'none'}"


def _in_time(period: PeriodReview, regulator: str) -> str:
    late = f"{plural(period.late, 'report')} sent late" if period.late else ""
    passed = f"the 72 hours passed without an answer {_times(period.deadlines_missed)}"
    missed = passed if period.deadlines_missed else ""
    if not period.notified:
        return f"None was reported to the {regulator}{f'; {missed}' if missed else ''}."
    sent = f"{period.notified:,} reported to the {regulator}"
    if not late and not missed:
        return f"{sent}, {'each ' if period.notified > 1 else ''}in time."
    return f"{'; '.join(filter(None, (sent, late, missed)))}."


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")


def _none_asked(period: PeriodReview) -> str:
    if period.opinion is None:
        return f"None is recorded: the {DPO} has not given an opinion on this period."
    return f"None: the {DPO} asks for no decision."


def _figures(period: PeriodReview, regulator: str) -> list[dict[str, str]]:
    if not _anything(period):
        return []
    now, before = _values(period, regulator), _values(period.before[0], regulator) if period.before else {}
    return [{"label": name, "value": value, "before": _within(before.get(name, ""))} for name, value in now.items()]


def _anything(period: PeriodReview) -> bool:
    """Whether the log held anything of the school by the end of the period: where it did not, noughts say nothing."""
    return period.recorded_since is not None and period.recorded_since <= period.ends_on


def _values(figures: Figures, regulator: str) -> dict[str, str]:
    told = tables.number_of_people(
        figures.people_told, approximate=figures.told_approximate, uncounted=figures.told_uncounted
    )
    values: dict[str, int | float | str | None] = {
        "Personal data breaches": figures.breaches,
        "Near misses": figures.near_misses,
        f"Reported to the {regulator}": figures.notified,
        "Reported late": figures.late,
        "72 hours missed": figures.deadlines_missed,
        "People told": told,
        "Caused at a supplier": figures.supplier_caused,
        "Incidents still open": figures.open_incidents,
        "Measures still open": figures.open_measures,
        "Of these overdue": figures.overdue_measures,
        "Hours to contain (median)": figures.median_hours_to_contain,
        "Hours to notify (median)": figures.median_hours_to_notify,
    }
    return {name: _figure(value) for name, value in values.items()}


def _within(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"


def _figure(value: float | str | None) -> str:
    return "–" if value is None else value if isinstance(value, str) else f"{value:,}"


def _beside(period: PeriodReview) -> str:
    since = period.recorded_since
    begin = f" before {day(since)}" if since else ""
    if not _anything(period):
        return f"There are none, because nothing is recorded of this school{begin}."
    if not period.before:
        return f"Nothing is recorded of the period before: the records begin on {day(since)}." if since else ""
    before = period.before[0]
    partly = f", of which nothing is recorded{begin}" if since and since > before.begins_on else ""
    return f"The period before is {day(before.begins_on)} to {day(before.ends_on)}{partly}."


def _opinion(period: PeriodReview, zone: ZoneInfo) -> dict[str, Any] | None:
    said = period.opinion
    if said is None:
        return None
    given = f"Given on {day(said.given_at.astimezone(zone).date())}"
    on = f"on the period from {day(said.begins_on)} to {day(said.ends_on)}"
    same = (said.begins_on, said.ends_on) == (period.begins_on, period.ends_on)
    return {
        "text": said.opinion,
        "given": f"{given}." if same else f"{given} {on}, which is not exactly the period of this paper.",
        "recommendations": list(said.recommendations),
    }


def _people_not_recorded(period: PeriodReview) -> str:
    number = period.kinds.people_not_recorded
    return f"Of {plural(number, 'breach', 'breaches')} it is not recorded whose data they were." if number else ""


def _supplier(period: PeriodReview) -> str:
    number = period.supplier_caused
    return f"{plural(number, 'incident was', 'incidents were')} caused at a supplier." if number else ""


def _differences(reviews: tuple[GovernorsReview, ...], regulator: str) -> list[str]:
    return [
        f"{review.ref}: {question} Advised {_answer(made.advised)}, decided {_answer(made.decided)}."
        for review in reviews
        for made, question in zip(review.decisions, questions(regulator), strict=True)
        if made.differs
    ]


def _answer(answer: bool | None) -> str:
    return "yes" if answer else "no"


def _incident(review: GovernorsReview, zone: ZoneInfo) -> dict[str, str]:
    entry = review.entry
    kind = label(entry.incident_type) if entry.incident_type else ""
    aware = short_moment(entry.aware_at, zone) if entry.aware_at else _unaware(entry.finding)
    outcome = breach_outcome(entry, review.recorded_at) if entry.finding is Finding.BREACH else ("–", "plain")
    return {
        "ref": review.ref,
        "what": kind if kind and entry.finding is Finding.BREACH else label(entry.finding),
        "aware": aware,
        "regulator": outcome[0],
        "tone": outcome[1],
        "state": status(entry),
    }


def _unaware(finding: Finding) -> str:
    return NOT_YET_KNOWN if finding is Finding.SUSPECTED else "–"


def _counted(period: PeriodReview, school: School) -> list[str]:
    """What somebody has to know who counts again."""
    stands_on = day(period.stands_on)
    said = (*COUNTED, *ALWAYS_COUNTED) if period.incidents else ALWAYS_COUNTED
    return [each.format(regulator=school.regulator, stands_on=stands_on) for each in said]
