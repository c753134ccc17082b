"""The review of a term or a year as it may be published: no names, no days, no small numbers of people."""

from datetime import UTC, datetime, time
from typing import Any

from adapters.documents.charts import Series, columns
from adapters.documents.period_tables import chart_shown, counted, share_of, short_period
from domain.school import School
from projections.publication import PublishedFigures, PublishedReview, PublishedTraining
from projections.small_numbers import FEWEST, Shown
from projections.words import capitalised, day, label, listed, plural


def published_paper(published: PublishedReview, school: School) -> dict[str, Any]:
    """Everything that the paper shows, in words."""
    dates = f"{day(published.begins_on)} to {day(published.ends_on)}"
    regulator = school.regulator
    return {
        "title": f"Data protection incidents, {dates}, {school.id}",
        "kicker": f"For publication · {dates}",
        "heading": "Data protection incidents",
        "school": school.name,
        "ref_label": "School number",
        "ref": school.id,
        "regulator": regulator,
        "verdict": _verdict(published, regulator),
        "figures": _figures(published, regulator),
        "figures_beside": _beside(published),
        "opinion": published.opinion or "",
        "trend": _trend(published),
        "types": counted(published.types),
        "no_types": _no_types(published),
        "data_kinds": counted({str(kind): number for kind, number in published.data_kinds.items()}),
        "people": _people(published),
        "people_said": _people_said(published),
        "complaints": _complaints(published),
        "few_complaints": f"Fewer than {FEWEST}, whether received, acknowledged or answered.",
        "training": [_training(each) for each in published.training],
        "no_training": "Nothing is recorded.",
        "colophon": [
            f"Numbers of people below {FEWEST}, and none, are shown as fewer than {FEWEST}; a total is of those shown.",
            f"Kinds of incident and of data are named where {FEWEST} incidents or more concerned them.",
            "The same figures for machines, published.json, are attached to this PDF.",
        ],
    }


def published_data(published: PublishedReview) -> dict[str, Any]:
    """What is attached: exactly what is published."""
    return published.model_dump(mode="json")


def published_at(published: PublishedReview) -> datetime:
    """The end of the period: the moment of the newest event would say when something happened."""
    return datetime.combine(published.ends_on, time.min, UTC)


def shown(number: Shown) -> str:
    """A published number in words."""
    match number.said:
        case "exactly":
            return f"{number.number:,}"
        case "fewer than 5" | "all but fewer than 5" | "not known":
            return capitalised(number.said)
        case _:
            return f"{capitalised(number.said)} {number.number:,}"


def _verdict(published: PublishedReview, regulator: str) -> dict[str, str]:
    if not published.incidents:
        return {"tone": "plain", "text": "No incident was reported in this period."}
    kinds = (
        plural(published.breaches, "personal data breach", "personal data breaches"),
        plural(published.near_misses, "near miss", "near misses"),
        f"{published.not_breaches:,} found to be no breach" if published.not_breaches else "",
        f"{published.suspected:,} still being looked into" if published.suspected else "",
    )
    late = f", {published.late:,} of them late" if published.late else ""
    sent = f"{published.notified:,} reported to the {regulator}{late}."
    more = sent if published.notified else f"None was reported to the {regulator}."
    text = f"{plural(published.incidents, 'incident')}: {', '.join(filter(None, kinds))}."
    return {"tone": "plain", "text": text, "more": more}


def _figures(published: PublishedReview, regulator: str) -> list[dict[str, str]]:
    if published.recorded == "nothing":
        return []
    now = _values(published, regulator)
    before = _values(published.before[0], regulator) if published.before else {}
    return [{"label": name, "value": f"{value:,}", "before": _before(before.get(name))} for name, value in now.items()]


def _before(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _values(figures: PublishedFigures, regulator: str) -> dict[str, int]:
    return {
        "Personal data breaches": figures.breaches,
        "Near misses": figures.near_misses,
        f"Reported to the {regulator}": figures.notified,
        "Reported late": figures.late,
        "72 hours missed": figures.deadlines_missed,
        "Caused at a supplier": figures.supplier_caused,
        "Measures completed": figures.completed_measures,
        "Measures still open": figures.open_measures,
    }


def _beside(published: PublishedReview) -> str:
    if published.recorded == "nothing":
        return "There are none, because nothing is recorded of this period."
    if published.recorded == "part of it":
        return "The records begin within this period, so the figures are not of all of it."
    if not published.before:
        return ""
    before = published.before[0]
    return f"The period before is {day(before.begins_on)} to {day(before.ends_on)}."


def _trend(published: PublishedReview) -> dict[str, Any] | None:
    if not published.before:
        return None
    periods: list[PublishedFigures] = [*reversed(published.before), published]
    series = (
        Series("Breaches", tuple(each.breaches for each in periods)),
        Series("Near misses", tuple(each.near_misses for each in periods)),
    )
    chart = columns("Breaches and near misses by period", [short_period(each) for each in periods], series)
    return {
        "chart": chart_shown(chart),
        "rows": [
            {
                "period": " ".join(short_period(each)),
                "breaches": f"{each.breaches:,}",
                "near_misses": f"{each.near_misses:,}",
                "notified": f"{each.notified:,}",
            }
            for each in periods
        ],
    }


def _no_types(published: PublishedReview) -> str:
    return "" if published.types or not published.incidents else f"No kind came up in {FEWEST} incidents or more."


def _people(published: PublishedReview) -> list[dict[str, str]]:
    """The kinds that are shown, and in one line those that are not."""
    if published.people is None:
        return []
    cells = published.people.cells
    hidden = [name for name, cell in cells.items() if cell.said == "fewer than 5"]
    rows = [{"name": label(name), "number": shown(cell)} for name, cell in cells.items() if name not in hidden]
    if hidden:
        rows.append({"name": f"Each of these: {listed(map(label, hidden))}", "number": shown(cells[hidden[0]])})
    return rows


def _people_said(published: PublishedReview) -> str:
    """The total, who was told, and of whom nothing is known, in a sentence each."""
    total = published.people.total if published.people else None
    told, number = published.people_told, published.people_not_recorded
    said = (
        f"{shown(total)} in all." if total and total.number else "",
        f"People told: {_within(told)}." if told else "",
        f"Of {plural(number, 'breach', 'breaches')} it is not recorded whose data they were." if number else "",
    )
    return " ".join(filter(None, said))


def _within(number: Shown) -> str:
    """The same within a sentence."""
    words = shown(number)
    return f"{words[:1].lower()}{words[1:]}"


def _complaints(published: PublishedReview) -> list[dict[str, str]]:
    found = published.complaints
    named = {
        "Received": found.received,
        "Acknowledged within 30 days": found.acknowledged_in_time,
        "Acknowledged late": found.acknowledged_late,
        **{label(outcome): number for outcome, number in found.answered.items()},
    }
    if all(number.said == "fewer than 5" for number in named.values()):
        return []
    return [{"name": name, "number": shown(number)} for name, number in named.items()]


def _training(training: PublishedTraining) -> dict[str, str]:
    return {
        "group": label(training.group),
        "in_post": shown(training.in_post),
        "trained": shown(training.trained) if training.trained else "Too few to say",
        "share": share_of(training.percent) if training.percent is not None else "–",
    }
