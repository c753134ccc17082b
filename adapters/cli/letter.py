"""The command that writes a letter to the people concerned, and says how hard it is to read and what to check."""

from pathlib import Path
from typing import Annotated

import typer

from adapters.cli.context import (
    DATA,
    AsAtOption,
    DatabaseOption,
    DataOption,
    UsageMistake,
    err,
    instant,
    opened,
    write_bytes,
)
from adapters.documents.letter_files import (
    cannot_be_printed,
    letter_docx,
    letter_json,
    letter_pdf,
    letter_text,
    letter_to,
    reading,
)
from domain.vocabulary import PeopleKind
from projections.letter import Letter

WRITERS = {"txt": letter_text, "pdf": letter_pdf, "docx": letter_docx, "json": letter_json}


def register(app: typer.Typer) -> None:
    """Adds this command."""
    app.command()(letter)


def letter(
    ref: Annotated[str, typer.Argument(help="The incident.")],
    to: Annotated[str, typer.Option("--to", metavar="PEOPLE", help="Whom it is for, such as parents_and_carers.")],
    format_: Annotated[str, typer.Option("--format", help="txt, pdf, docx or json.")] = "txt",
    out_file: Annotated[Path | None, typer.Option("--out", help="A file instead of standard output.")] = None,
    as_at: AsAtOption = None,
    data: DataOption = DATA,
    database_url: DatabaseOption = None,
) -> None:
    """Write the letter to the people concerned (UK GDPR Art. 34): now, or as the log stood at a time."""
    at = instant(as_at)
    if format_ not in WRITERS:
        raise UsageMistake("The format is txt, pdf, docx or json.")
    if to not in tuple(PeopleKind):
        raise UsageMistake(f"Whom it is for is one of: {', '.join(PeopleKind)}.")
    with opened(data, database_url) as tocsin:
        incident = tocsin.incident(ref.upper(), at)
        made = letter_to(incident, tocsin.schools.school(incident.school), PeopleKind(to))
    write_bytes(WRITERS[format_](made), out_file)
    for line in _remarks(made, format_):
        err.print(line, markup=False, soft_wrap=True)


def _remarks(made: Letter, format_: str) -> list[str]:
    """What the sender is told beside the letter: never a word that was typed."""
    found = reading(made)
    remarks = [f"Reading age of the whole letter: {found['reading_age']:g} years."]
    remarks += [
        f"Make simpler: “{each['heading']}”, sentence {each['sentence']} (reading age {each['reading_age']:g})."
        for each in found["hard"]
    ]
    remarks += [f"The letter cannot say (UK GDPR Art. 34(2)): {point}." for point in made.missing]
    if format_ == "pdf" and cannot_be_printed(made):
        remarks.append("An empty square (□) in the PDF stands for a character that it has no type for.")
    return [*remarks, "Before you send it:", *(f"- {each}" for each in made.before_you_send)]
