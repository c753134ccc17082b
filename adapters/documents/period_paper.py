"""The review of a term or a year as a paper says it: figures, incidents in a line each, lessons and measures."""

from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from adapters.documents.review_paper import review_data
from adapters.documents.review_parts import CODE_IS_FOR, breach_outcome, measures, questions, status
from adapters.documents.words import NOT_YET_KNOWN, day, label, moment, plural, short_moment
from domain.school import School
from projections.breach_log import Finding
from projections.governors_review import GovernorsReview, PeriodReview


def period_paper(period: PeriodReview, school: School, code: str) -> dict[str, Any]:
    """Everything that the paper shows, in words."""
    as_at, zone = recorded_up_to(period), school.timezone
    dates = f"{day(period.begins_on)} to {day(period.ends_on)}"
    return {
        "title": f"Breaches and near misses, {dates}, {school.id}",
        "kicker": f"For the governing body · {dates}",
        "heading": "Breaches and near misses",
        "school": school.name,
        "ref_label": "School number",
        "ref": school.id,
        "regulator": school.regulator,
        "verdict": _verdict(period, school.regulator),
        "figures": _figures(period, school.regulator),
        "differences": [*_differences(period.reviews, school.regulator)],
        "incidents": [_incident(review, zone) for review in period.reviews],
        "types": [
            {"type": label(kind), "number": f"{number:,}"}
            for kind, number in sorted(period.by_type.items(), key=lambda each: (-each[1], each[0]))
        ],
        "lessons": list(dict.fromkeys(lesson for review in period.reviews for lesson in review.lessons)),
        "measures": measures((measure for review in period.reviews for measure in review.measures), as_at, zone),
        "code": code,
        "code_is_for": CODE_IS_FOR,
        "colophon": [
            f"{_as_recorded(period, zone)}. Times are local times ({school.zone}).",
            "Small numbers can point to a person: this paper is for the governing body and not for publication.",
            "The same figures for machines, period.json, are attached to this PDF.",
        ],
    }


def period_data(period: PeriodReview) -> dict[str, Any]:
    """What is attached: the view, its incidents without their stories."""
    return period.model_dump(mode="json") | {"reviews": [review_data(review) for review in period.reviews]}


def recorded_up_to(period: PeriodReview) -> datetime:
    """The newest event behind the figures; the end of the period when there is none."""
    end = datetime.combine(period.ends_on, time.min, UTC)
    return max((review.recorded_at for review in period.reviews), default=end)


def _as_recorded(period: PeriodReview, zone: ZoneInfo) -> str:
    upto = f", as recorded up to {moment(recorded_up_to(period), zone)}" if period.reviews else ""
    return f"Incidents reported in the period{upto}"


def _verdict(period: PeriodReview, regulator: str) -> dict[str, str]:
    if not period.incidents:
        return {"tone": "plain", "text": "No incident was reported in this period."}
    suspected = period.incidents - period.breaches - period.near_misses - period.not_breaches
    kinds = (
        plural(period.breaches, "breach", "breaches"),
        plural(period.near_misses, "near miss", "near misses"),
        f"{period.not_breaches:,} found to be no breach" if period.not_breaches else "",
        f"{suspected:,} still being looked into" if suspected else "",
    )
    text = f"{plural(period.incidents, 'incident')}: {', '.join(filter(None, kinds))}."
    missed = max(period.late, period.deadlines_missed)
    tone = "warn" if missed else "good"
    return {"tone": tone, "text": text, "more": _in_time(period, regulator)}


def _in_time(period: PeriodReview, regulator: str) -> str:
    late = f"{plural(period.late, 'report')} sent late" if period.late else ""
    passed = f"the 72 hours passed without an answer {_times(period.deadlines_missed)}"
    missed = passed if period.deadlines_missed else ""
    if not period.notified:
        return f"None was reported to the {regulator}{f'; {missed}' if missed else ''}."
    begin = f"{period.notified:,} reported to the {regulator}"
    return f"{begin}{'; '.join(filter(None, ('', late, missed))) or ', each in time'}."


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")


def _figures(period: PeriodReview, regulator: str) -> list[dict[str, str]]:
    figures = (
        ("Personal data breaches", period.breaches),
        ("Near misses", period.near_misses),
        (f"Reported to the {regulator}", period.notified),
        ("Reported late", period.late),
        ("72 hours missed", period.deadlines_missed),
        ("People told", period.people_told),
        ("Caused at a supplier", period.supplier_caused),
        ("Incidents still open", period.open_incidents),
        ("Measures still open", period.open_measures),
        ("Of these overdue", period.overdue_measures),
        ("Hours to contain (median)", period.median_hours_to_contain),
        ("Hours to notify (median)", period.median_hours_to_notify),
    )
    return [{"label": name, "value": "–" if value is None else f"{value:,}"} for name, value in figures]


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
