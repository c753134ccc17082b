"""The papers as DOCX, each a list of blocks from the same words that its PDF is set from, so that both say the same."""

from collections.abc import Sequence
from datetime import datetime

from adapters.documents.docx_file import docx_bytes
from adapters.documents.docx_parts import Cell, Docx, Look, Note, Paragraph, Said, Table, Verdict
from adapters.documents.docx_period import period_blocks
from adapters.documents.docx_published import published_blocks
from adapters.documents.docx_sections import (
    Blocks,
    Paper,
    bullets,
    facts,
    head_of_the_log,
    in_state,
    measures,
    picture,
    reasons,
    small,
    table,
    toned,
    under,
)
from adapters.documents.period_paper import period_paper, recorded_up_to
from adapters.documents.published_paper import published_at, published_paper
from adapters.documents.review_paper import review_paper
from adapters.documents.submission_paper import submission_paper
from domain.school import School
from projections.governors_review import GovernorsReview
from projections.ico_submission import Submission
from projections.period_review import PeriodReview
from projections.publication import PublishedReview

NO_NAMES = "Must contain no names of the people affected"
EDITABLE = "This copy can be edited. What was recorded stays in the log of Tocsin, and the PDF is made from it."
OF_THE_PDF = "this PDF"
"""What a colophon says of the PDF, and of what is attached to it, is not true of a DOCX."""


def submission_docx(submission: Submission) -> bytes:
    """The report to the regulator, as it was sent or as a draft."""
    paper = submission_paper(submission)
    return _docx(paper, submission_blocks(paper), submission.prepared_at)


def review_docx(review: GovernorsReview, school: School, *, code: str) -> bytes:
    """The governors' review of one incident; `code` is the head of the log, kept in the minutes."""
    paper = review_paper(review, school, code)
    return _docx(paper, review_blocks(paper), review.recorded_at)


def period_docx(period: PeriodReview, school: School, *, code: str) -> bytes:
    """The governors' review of a term or a year."""
    paper = period_paper(period, school, code)
    return _docx(paper, period_blocks(paper), recorded_up_to(period))


def published_docx(published: PublishedReview, school: School) -> bytes:
    """What of that review may be published."""
    paper = published_paper(published, school)
    return _docx(paper, published_blocks(paper), published_at(published))


def _docx(paper: Paper, blocks: Blocks, at: datetime) -> bytes:
    return docx_bytes(
        Docx(
            title=paper["title"],
            heading=paper["heading"],
            kicker=paper["kicker"],
            school=paper["school"],
            ref_label=paper.get("ref_label", "Reference"),
            ref=paper["ref"],
            footer=NO_NAMES,
            modified_at=at,
            blocks=blocks,
            colophon=[*(line for line in paper["colophon"] if OF_THE_PDF not in line), EDITABLE],
        )
    )


def submission_blocks(paper: Paper) -> Blocks:
    """What is asked for and what is still missing, and then every question of the form."""
    all_known = Paragraph(paper["all_known"])
    changes = Paragraph(
        "This report says only what changed since the last one, and why. What is not here stands as it was sent."
    )
    numbered = not all(section["title"][0].isdecimal() for section in paper["sections"])
    return [
        Verdict(**paper["verdict"]),
        facts(paper["facts"]),
        *under("Still missing for Art. 33(3)", *bullets(paper["missing"]), numbered=False),
        *under("Not yet known", *(bullets(paper["not_yet_known"]) or [all_known]), numbered=False),
        *([changes] if paper["only_changes"] else []),
        *(
            block
            for section in paper["sections"]
            for block in under(section["title"], *_fields(section["fields"], paper["law"]), numbered=numbered)
        ),
    ]


def _fields(fields: Sequence[Paper], law: str) -> Blocks:
    rows = [(field["question"], _answered(field), Said(field["article"], Look.SMALL)) for field in fields]
    return table(("Question", "Answer", law), rows, (5.3, 9.0, 2.1))


def _answered(field: Paper) -> Cell:
    before = small(f"Before: {field['was']}", f"Why: {field['why']}") if field["was"] else []
    return (in_state(field), *before)


def review_blocks(paper: Paper) -> Blocks:
    """The answer, the clock, who decided what and why, what happened, and what was learnt."""
    return [
        Verdict(**paper["verdict"]),
        facts(paper["facts"]),
        *_clock(paper["clock"]),
        _steps(paper["steps"]),
        *under("Advice and decision", *_decisions(paper)),
        *under("Still asked for", *bullets(paper["asked"])),
        *under("Reasons given", *reasons(paper["reasons"])),
        *under("What happened", *_described(paper["described"])),
        *under("Events against the clock", *_milestones(paper), facts(paper["watch"])),
        *under("What was learnt", *reasons(paper["learnt"]), *_lessons_and_measures(paper)),
        *under("Complaints", *_complaints(paper["complaints"])),
        *head_of_the_log(paper),
    ]


def _clock(clock: Paper | None) -> Blocks:
    numbers = Note("The numbers are those of the table “Events against the clock”.")
    return [*picture(clock), numbers] if clock else []


def _steps(steps: Sequence[Paper]) -> Table:
    states = [f"{step['mark']} {step['state']}" for step in steps]
    return Table([step["name"] for step in steps], [states], [1] * len(steps))


def _decisions(paper: Paper) -> Blocks:
    if not paper["decisions"]:
        return []
    who = "The Data Protection Officer advises; the school decides, and answers for it (UK GDPR Art. 38 and 39)."
    made = [
        (row["question"], Said(row["suggested"], Look.STRONG), _with(row["advised"], row["advised_at"]), _decided(row))
        for row in paper["decisions"]
    ]
    header = ("Question", "What the rules suggested", "The DPO advised", "The school decided")
    if paper["prompted"]:
        return [Paragraph(who), *table(header, made, (3.5, 3.0, 4.6, 5.3)), Note(paper["prompted"])]
    without = [(question, *others) for question, _, *others in made]
    return [Paragraph(who), *table((header[0], *header[2:]), without, (4.4, 5.1, 6.9))]


def _with(answer: str, more: str) -> tuple[Said, ...]:
    return (Said(answer, Look.STRONG), *small(more))


def _decided(row: Paper) -> tuple[Said, ...]:
    differs = [Said("▲ Differs from the advice", Look.WARN)] if row["differs"] else []
    return (*_with(row["decided"], row["decided_by"]), *differs)


def _described(rows: Sequence[Paper]) -> Blocks:
    return table(("Question", "Answer"), [(row["question"], in_state(row)) for row in rows], (4.9, 11.5))


def _milestones(paper: Paper) -> Blocks:
    no_clock = [Paragraph("There is no clock: no personal data breach is confirmed.")] if not paper["clock"] else []
    header = ("No.", "What", "Who", "When", "After aware")
    return [*no_clock, *table(header, paper["milestones"], (1.0, 4.5, 4.2, 4.9, 1.8), 0, 4)]


def _lessons_and_measures(paper: Paper) -> Blocks:
    return [
        *under("Lessons", *bullets(paper["lessons"]), level=2),
        *under("Measures", *measures(paper["measures"]), level=2),
    ]


def _complaints(complaints: Sequence[Paper]) -> Blocks:
    about = Paragraph(
        "About how personal data were handled (Data Protection Act 2018 s. 164A): to be acknowledged within 30 days."
    )
    rows = [(row["number"], row["received"], toned(row["acknowledged"], row), row["outcome"]) for row in complaints]
    listed = table(("No.", "Received", "Acknowledged", "Outcome"), rows, (1.2, 5.0, 6.2, 4.0), 0)
    return [about, *listed] if listed else []
