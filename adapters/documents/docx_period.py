"""The review of a term or a year as blocks of a DOCX: the first page for ten minutes, the rest for whoever asks why."""

from collections.abc import Sequence

from adapters.documents.docx_parts import Bullets, Cell, Look, Note, Paragraph, Said, Verdict
from adapters.documents.docx_sections import (
    Blocks,
    Paper,
    bullets,
    facts,
    head_of_the_log,
    measures,
    paragraph,
    picture,
    small,
    table,
    toned,
    under,
)

BESIDE = 9.5
"""The width, in cm, of a chart that stands beside its table in the PDF, and before it here."""


def period_blocks(paper: Paper) -> Blocks:
    """The sections of the paper in their order; those about incidents only where there were any."""
    return [
        Verdict(**paper["verdict"]),
        *under("Decisions asked of the governors", *(_numbered(paper["asked"]) or [Paragraph(paper["none_asked"])])),
        *under("Figures", *_figures(paper)),
        *under("The Data Protection Officer’s opinion", *_opinion(paper["opinion"])),
        *under("Trend", *_trend(paper)),
        *(_of_incidents(paper) if paper["any_incident"] else []),
        *under("Lessons and measures", *_learnt(paper)),
        *under("Complaints", *_complaints(paper)),
        *under("Training in data protection", *(_training(paper["training"]) or [Paragraph(paper["no_training"])])),
        *under("The incidents", *_incidents(paper)),
        *under("How it was counted", *bullets(paper["counted"])),
        *head_of_the_log(paper),
    ]


def _of_incidents(paper: Paper) -> Blocks:
    return [
        *under("What kinds of incident", *_kinds(paper)),
        *under("Themes", *_themes(paper)),
        *under(f"Reporting to the {paper['regulator']}", *_reporting(paper)),
        *under("Advice and decision", *_decided(paper)),
        *under("Suppliers", *_suppliers(paper)),
    ]


def _numbered(items: Sequence[str]) -> Blocks:
    return [Bullets(items, numbered=True)] if items else []


def _numbers(first: str, second: str, rows: Sequence[Paper]) -> Blocks:
    return table((first, second), [(row["name"], row["number"]) for row in rows], (13.4, 3), 1)


def _figures(paper: Paper) -> Blocks:
    rows = [(row["label"], Said(row["value"], Look.STRONG), _small(row["before"])) for row in paper["figures"]]
    header, widths = ("Figure", "This period", "Before"), (10, 3.2, 3.2)
    if not rows:
        return [Paragraph(paper["figures_beside"])]
    beside = Note(paper["figures_beside"])
    if any(row["before"] for row in paper["figures"]):
        return [*table(header, rows, widths, 1, 2), beside]
    return [*table(header[:2], [row[:2] for row in rows], widths[:2], 1), beside]


def _small(text: str) -> Said:
    return Said(text, Look.SMALL)


def _opinion(opinion: Paper | None) -> Blocks:
    if opinion is None:
        return [Paragraph("None is recorded on this period.")]
    recommended = under("Recommendations", *_numbered(opinion["recommendations"]), level=2)
    return [Paragraph(opinion["text"]), Note(opinion["given"]), *recommended]


def _trend(paper: Paper) -> Blocks:
    trend = paper["trend"]
    if trend is None:
        return []
    header = ("Period", "Incidents", "Breaches", "Near misses", f"To the {paper['regulator']}", "Late")
    names = ("incidents", "breaches", "near_misses", "notified", "late")
    rows = [
        ((Said(row["period"]), *small(f"({row['note']})" if row["note"] else "")), *(row[name] for name in names))
        for row in trend["rows"]
    ]
    return [*picture(trend["chart"]), *table(header, rows, (5.4, 2.2, 2.2, 2.6, 2.4, 1.6), 1, 2, 3, 4, 5)]


def _kinds(paper: Paper) -> Blocks:
    people = [(row["name"], row["incidents"], row["number"]) for row in paper["people"]]
    return [
        *paragraph(paper["categories"]),
        *_types(paper["types"]),
        *_numbers("Kind of data", "Incidents", paper["data_kinds"]),
        *table(("Whose data, in breaches", "Breaches", "People"), people, (9.4, 3, 4), 1, 2),
        *([Note(paper["people_not_recorded"])] if paper["people_not_recorded"] else []),
    ]


def _types(types: Paper) -> Blocks:
    rows = [(row["type"], row["number"], row["before"]) for row in types["rows"]]
    header, widths = ("Type of incident", "This period", "Period before"), (10.6, 2.8, 3)
    if any(before for _, _, before in rows):
        return [*picture(types["chart"]), *table(header, rows, widths, 1, 2)]
    return [*picture(types["chart"]), *table(header[:2], [row[:2] for row in rows], widths[:2], 1)]


def _themes(paper: Paper) -> Blocks:
    systemic, themes, found_in = paper["systemic"], paper["themes"], paper["systemic_in"]
    without = f"A review found a systemic problem, without a lesson recorded: {found_in}."
    none = "No review found a systemic problem, and the Data Protection Officer has named no theme."
    lessons = [*bullets(systemic), Note(f"From {found_in}.")] if systemic else []
    return [
        *_numbers("Cause", "Incidents", paper["causes"]),
        *under("Lessons of reviews that found a systemic problem", *lessons, level=2),
        *paragraph(without if found_in and not systemic else ""),
        *under("Themes that the Data Protection Officer sees", *bullets(themes), level=2),
        *paragraph(none if not found_in and not themes else ""),
    ]


def _reporting(paper: Paper) -> Blocks:
    late = [Paragraph(row["reasons"], lead=f"{row['ref']}, {row['label']}") for row in paper["late"]]
    references = [(_code(row["ref"]), row["reference"], row["answers"]) for row in paper["references"]]
    cases = table(("Incident", "Reference", "Answers in the period"), references, (4.5, 7.9, 4), 2)
    return [
        *_bands(paper["bands"]),
        *under("Sent late, and why", *late, level=2),
        *under("The 72 hours passed without an answer", *bullets(paper["missed"]), level=2),
        *under(f"With the {paper['regulator']}", *cases, level=2),
    ]


def _bands(bands: Paper | None) -> Blocks:
    if bands is None:
        return [Paragraph("No report was sent.")]
    numbers = _numbers("Time from discovery to the report", "Reports", bands["rows"])
    return [*picture(bands["chart"], BESIDE), *numbers]


def _code(ref: str) -> Said:
    return Said(ref, Look.CODE)


def _decided(paper: Paper) -> Blocks:
    who = "The rules prompt, the Data Protection Officer advises, the school decides (UK GDPR Art. 38 and 39)."
    names = ("question", "suggested", "advised", "decided", "incidents")
    rows = [[row[name] for name in names] for row in paper["compared"]]
    header = ("Question", "Rules suggested", "DPO advised", "School decided", "Incidents")
    otherwise = under("Decided otherwise than advised", *bullets(paper["differences"]), level=2)
    compared = table(header, rows, (5.4, 3.1, 2.8, 3.1, 2), 4)
    return [
        Paragraph(who),
        *(otherwise or [Paragraph("Nothing was decided otherwise than advised.")]),
        *under("Where the rules were given the facts", *compared, level=2),
    ]


def _suppliers(paper: Paper) -> Blocks:
    said = Paragraph(paper["supplier"] or "No incident was caused at a supplier.")
    return [said, *_numbers("Service", "Incidents", paper["services"])]


def _learnt(paper: Paper) -> Blocks:
    learnt = [
        *under("Lessons", *bullets(paper["lessons"]), level=2),
        *under("Measures open or done in the period", *measures(paper["measures"]), level=2),
    ]
    return learnt or [Paragraph("None is recorded in this period, and no measure is open.")]


def _complaints(paper: Paper) -> Blocks:
    if not paper["complaints"]:
        return [Paragraph("None was received, acknowledged or answered in this period, and none is open.")]
    rows = [
        (_code(row["ref"]), row["received"], toned(row["acknowledged"], row), row["outcome"])
        for row in paper["complaints"]
    ]
    return [
        Paragraph("About how personal data were handled (Data Protection Act 2018 s. 164A)."),
        facts(paper["complaint_facts"]),
        *table(("Incident", "Received", "Acknowledged", "Outcome"), rows, (4.3, 2.7, 4.7, 4.7)),
    ]


def _training(groups: Sequence[Paper]) -> Blocks:
    names = ("group", "trained", "share", "on", "before")
    rows = [[row[name] for name in names] for row in groups]
    return table(("Group", "Trained", "Share", "On", "Before"), rows, (3.2, 4, 2.2, 2.8, 4.2), 2)


def _incidents(paper: Paper) -> Blocks:
    header = ("Reference", "What it was", "School aware", f"{paper['regulator']} and state")
    rows: list[Sequence[Cell]] = [
        (_code(row["ref"]), row["what"], row["aware"], (toned(row["regulator"], row), *small(row["state"])))
        for row in paper["incidents"]
    ]
    return table(header, rows, (3.5, 4.3, 4.9, 3.7))
