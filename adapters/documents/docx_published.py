"""What of a term's or a year's review may be published, as blocks of a DOCX."""

from collections.abc import Sequence

from adapters.documents.docx_parts import Look, Note, Paragraph, Said, Verdict
from adapters.documents.docx_sections import Blocks, Paper, paragraph, picture, table, under


def published_blocks(paper: Paper) -> Blocks:
    """The sections of the paper in their order."""
    return [
        Verdict(**paper["verdict"]),
        *under("Figures", *_figures(paper)),
        *under("The Data Protection Officer’s opinion", *paragraph(paper["opinion"])),
        *under("Trend", *_trend(paper)),
        *under("Kinds of incident", *_kinds(paper)),
        *under("People affected by breaches", *_people(paper)),
        *under(
            "Complaints about how personal data were handled",
            *(_numbers("Complaints", "Number", paper["complaints"]) or [Paragraph(paper["few_complaints"])]),
        ),
        *under("Training in data protection", *(_training(paper["training"]) or [Paragraph(paper["no_training"])])),
    ]


def _numbers(first: str, second: str, rows: Sequence[Paper]) -> Blocks:
    return table((first, second), [(row["name"], row["number"]) for row in rows], (13, 3.4), 1)


def _figures(paper: Paper) -> Blocks:
    beside = paper["figures_beside"]
    rows = [
        (row["label"], Said(row["value"], Look.STRONG), Said(row["before"], Look.SMALL)) for row in paper["figures"]
    ]
    if not rows:
        return [Paragraph(beside)]
    header, widths = ("Figure", "This period", "Before"), (10, 3.2, 3.2)
    note = [Note(beside)] if beside else []
    if paper["trend"] is not None:
        return [*table(header, rows, widths, 1, 2), *note]
    return [*table(header[:2], [row[:2] for row in rows], widths[:2], 1), *note]


def _trend(paper: Paper) -> Blocks:
    trend = paper["trend"]
    if trend is None:
        return []
    header = ("Period", "Breaches", "Near misses", f"Reported to the {paper['regulator']}")
    rows = [(row["period"], row["breaches"], row["near_misses"], row["notified"]) for row in trend["rows"]]
    return [*picture(trend["chart"]), *table(header, rows, (6.6, 2.8, 3, 4), 1, 2, 3)]


def _kinds(paper: Paper) -> Blocks:
    return [
        *_numbers("Type of incident", "Incidents", paper["types"]),
        *paragraph(paper["no_types"]),
        *_numbers("Kind of data", "Incidents", paper["data_kinds"]),
    ]


def _people(paper: Paper) -> Blocks:
    return [*_numbers("Whose data", "People", paper["people"]), *paragraph(paper["people_said"])]


def _training(groups: Sequence[Paper]) -> Blocks:
    rows = [(row["group"], row["in_post"], row["trained"], row["share"]) for row in groups]
    return table(("Group", "In post", "Trained in the last two years", "Share"), rows, (4.4, 3.4, 5.8, 2.8), 1, 2, 3)
