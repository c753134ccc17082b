"""The papers of one incident in each format: the report to the regulator, and the letters to the people concerned."""

from collections.abc import Callable

from adapters.documents.docx_papers import submission_docx
from adapters.documents.letter_files import (
    cannot_be_printed,
    letter_docx,
    letter_json,
    letter_pdf,
    letter_text,
    reading,
)
from adapters.documents.pdf import submission_pdf
from adapters.documents.submission_json import submission_bytes
from adapters.documents.submission_text import submission_text
from adapters.papers import draft, submitted
from domain.incident import Incident
from domain.school import School
from projections.ico_submission import Submission
from projections.letter import Letter

SUBMISSION_FORMATS: dict[str, Callable[[Submission], bytes]] = {
    "json": submission_bytes,
    "pdf": submission_pdf,
    "docx": submission_docx,
    "text": lambda paper: submission_text(paper).encode(),
}
LETTER_FORMATS: dict[str, Callable[[Letter], bytes]] = {
    "txt": letter_text,
    "pdf": letter_pdf,
    "docx": letter_docx,
    "json": letter_json,
}


def submission_file(incident: Incident, school: School, phase: int | None, format_: str) -> bytes:
    """The draft that could be sent now, or the submitted report of that number; as JSON byte for byte as it was sent.

    Raises a `Refused` where there is no such report, no form for the regulator, or the report is no longer whole.
    """
    if phase is None:
        return SUBMISSION_FORMATS[format_](draft(incident.history, school))
    paper, body = submitted(incident.history, phase)
    return body if format_ == "json" else SUBMISSION_FORMATS[format_](paper)


def to_make_simpler(letter: Letter) -> tuple[str, ...]:
    """Where a letter is harder to read than it need be: headings, numbers and ages, never a word that was typed."""
    return tuple(
        f"Make simpler: “{each['heading']}”, sentence {each['sentence']} (reading age {each['reading_age']:g})."
        for each in reading(letter)["hard"]
    )


def remarks_on(letter: Letter, format_: str) -> list[str]:
    """What the sender is told beside a letter: never a word that was typed."""
    remarks = [f"Reading age of the whole letter: {reading(letter)['reading_age']:g} years.", *to_make_simpler(letter)]
    remarks += [f"The letter cannot say (UK GDPR Art. 34(2)): {point}." for point in letter.missing]
    if format_ == "pdf" and cannot_be_printed(letter):
        remarks.append("An empty square (□) in the PDF stands for a character that it has no type for.")
    return [*remarks, "Before you send it:", *(f"- {each}" for each in letter.before_you_send)]
