"""A letter to the people concerned as files: PDF to print, DOCX for mail merge, plain text for e-mail, JSON."""

import re
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from adapters.documents.canonical import canonical
from adapters.documents.docx_file import docx_bytes
from adapters.documents.docx_parts import Block, Bullets, Docx, Heading, Paragraph, fit_for_xml
from adapters.documents.pdf import typeset
from adapters.documents.typeface import SQUARE, fit_to_print
from adapters.syllables import syllables
from domain.errors import Refused
from domain.incident import Incident
from domain.school import School
from domain.vocabulary import PeopleKind
from projections.letter import Letter, letter
from projections.reading_age import letter_age, too_hard

PLACEHOLDERS = ("Name", "Address", "Date")
"""What a mail merge fills in, as Word shows an empty field: «Name»."""


class NoMessageWritten(Refused):
    """No message is written for those people yet; write it first."""


def letter_to(incident: Incident, school: School, people: PeopleKind) -> Letter:
    """The letter to those people; refuses where no message was written for them."""
    made = letter(incident, school, people)
    if made is None:
        raise NoMessageWritten(
            f"No message is written for the {people.replace('_', ' ')} yet; write it first: tocsin do write_message"
            f" {incident.ref} people={people} nature=… consequences=… measures=…."
        )
    return made


def letter_pdf(letter: Letter) -> bytes:
    """The letter on paper: accessible (PDF/UA-1, PDF/A-3a), with room for an address, a date and a signature."""
    return typeset("letter", letter.model_dump(mode="json"), b"", "", letter.written_at)


def letter_docx(letter: Letter) -> bytes:
    """The letter to be edited, with Word’s own merge fields for name, address and date."""
    document = Docx(
        title=letter.subject,
        heading=letter.subject,
        kicker=letter.address or "",
        school=letter.school,
        ref=letter.reference,
        ref_label="Our reference",
        modified_at=letter.written_at,
        blocks=tuple(_blocks(letter)),
    )
    return _with_merge_fields(docx_bytes(document))


def letter_text(letter: Letter) -> bytes:
    """The letter as the text of an e-mail, its subject in the first line, in UTF-8."""
    parts = [f"Subject: {letter.subject}", letter.greeting, *letter.opening]
    for part in letter.parts:
        points, lines = "\n".join(f"- {point}" for point in part.points), "\n".join(part.lines)
        first, *others = filter(None, (*part.paragraphs, points, lines))
        parts += [f"{part.heading}\n{first}", *others]
    parts += [letter.closing, letter.signed_for, f"Our reference: {letter.reference}"]
    return (fit_for_xml("\n\n".join(parts)) + "\n").encode()


def letter_json(letter: Letter) -> bytes:
    """The letter as canonical JSON, with its reading age and the sentences that are too hard."""
    return canonical({**letter.model_dump(mode="json"), **reading(letter)}) + b"\n"


def reading(letter: Letter) -> dict[str, Any]:
    """How hard the letter is to read: its reading age in years, and where to make it simpler."""
    return {
        "reading_age": letter_age(letter, syllables).reading_age,
        "hard": [each.model_dump(mode="json") for each in too_hard(letter, syllables)],
    }


def cannot_be_printed(letter: Letter) -> bool:
    """Whether a character in it has no type and would be printed as an empty square."""
    text = letter_text(letter).decode()
    return fit_to_print(text).count(SQUARE) > text.count(SQUARE)


def _blocks(letter: Letter) -> list[Block]:
    blocks: list[Block] = [Paragraph(f"«{name}»") for name in PLACEHOLDERS]
    blocks += [Paragraph(text) for text in (letter.greeting, *letter.opening)]
    for part in letter.parts:
        blocks.append(Heading(2, part.heading))
        blocks += [Paragraph(text) for text in part.paragraphs]
        blocks += [Bullets(part.points)] if part.points else []
        blocks += [Paragraph(line) for line in part.lines]
    return [*blocks, Paragraph(letter.closing), Paragraph(""), Paragraph(letter.signed_for)]


def _with_merge_fields(document: bytes) -> bytes:
    """Each placeholder, where it first stands alone, as a field of Word’s mail merge; the rest as it was."""
    made = BytesIO()
    with ZipFile(BytesIO(document)) as source, ZipFile(made, "w", ZIP_DEFLATED, compresslevel=6) as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "word/document.xml":
                for name in PLACEHOLDERS:
                    content = _with_field(content, name)
            target.writestr(entry, content)
    return made.getvalue()


def _with_field(xml: bytes, name: str) -> bytes:
    run = re.compile(f"<w:r>(?:<w:rPr/>)?<w:t>«{name}»</w:t></w:r>".encode())
    field = f'<w:fldSimple w:instr=" MERGEFIELD {name} "><w:r><w:t>«{name}»</w:t></w:r></w:fldSimple>'
    return run.sub(field.encode(), xml, count=1)
