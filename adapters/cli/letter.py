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
from adapters.documents.letter_files import letter_to
from adapters.incident_papers import LETTER_FORMATS, remarks_on
from domain.vocabulary import PeopleKind


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
    if format_ not in LETTER_FORMATS:
        raise UsageMistake("The format is txt, pdf, docx or json.")
    if to not in tuple(PeopleKind):
        raise UsageMistake(f"Whom it is for is one of: {', '.join(PeopleKind)}.")
    with opened(data, database_url) as tocsin:
        incident = tocsin.incident(ref.upper(), at)
        made = letter_to(incident, tocsin.schools.school(incident.school), PeopleKind(to))
    write_bytes(LETTER_FORMATS[format_](made), out_file)
    for line in remarks_on(made, format_):
        err.print(line, markup=False, soft_wrap=True)
