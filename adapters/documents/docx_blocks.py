"""Writes the blocks of a paper into a Word document, one after another, in the styles of docx_styles.xml."""

from collections.abc import Sequence
from io import BytesIO

from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Twips
from docx.table import Table as WordTable
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph as WordParagraph

from adapters.documents.docx_parts import (
    Block,
    Bullets,
    Cell,
    Facts,
    Heading,
    Look,
    Note,
    Paragraph,
    Picture,
    Said,
    Table,
    Verdict,
    fit_for_xml,
    paragraphs,
)

LINE = Twips(9298)
"""What is left of a line between the margins; the tab stops of header and footer in docx_styles.xml end it."""

FACTS = (0.36, 0.64)
NUMBERS = 3
"""The numbers of a list, in docx_numbering.xml."""


def write_blocks(word: Word, blocks: Sequence[Block]) -> None:
    """All of them, each in the knowledge of what follows it."""
    for number, block in enumerate(blocks):
        _write(word, block, blocks[number + 1 : number + 2])


def _write(word: Word, block: Block, following: Sequence[Block]) -> None:
    match block:
        case Heading():
            _heading(word, block)
        case Paragraph(text=text, lead=lead):
            if lead:
                write_paragraph(word, lead, "Lead")
            leads_in = any(isinstance(each, Table | Bullets | Picture) for each in following)
            write_paragraph(word, text, "Normal", keep=leads_in)
        case Verdict():
            _verdict(word, block)
        case Facts(items=items):
            _facts(word, items)
        case Table():
            _table(word, block)
        case Bullets():
            _bullets(word, block)
        case Picture():
            _picture(word, block)
        case Note(text=text):
            write_paragraph(word, text, "Note")


def _heading(word: Word, heading: Heading) -> None:
    paragraph = word.add_paragraph(style=f"Heading {heading.level}")
    if heading.level == 1 and not heading.numbered:
        _number(paragraph, 0)
    say(paragraph, heading.text)


def write_paragraph(word: Word, said: str | Said, style: str, *, keep: bool = False) -> None:
    """A text in that style, in as many paragraphs as it has; `keep` holds them on the page of what follows."""
    text, look = (said.text, said.look) if isinstance(said, Said) else (said, Look.PLAIN)
    for part in paragraphs(text):
        paragraph = word.add_paragraph(style=style)
        if keep:
            paragraph.paragraph_format.keep_with_next = True
        say(paragraph, part, look)


def _bullets(word: Word, bullets: Bullets) -> None:
    """Each numbered list is one of its own, or its numbers would go on from the list before."""
    numbers = word.part.numbering_part.element.add_num(NUMBERS) if bullets.numbered else None
    if numbers is not None:
        numbers.add_lvlOverride(ilvl=0).add_startOverride(1)
    for item in bullets.items:
        for place, part in enumerate(paragraphs(item)):
            paragraph = word.add_paragraph(style="List Number" if bullets.numbered else "List Bullet")
            if numbers is not None:
                _number(paragraph, numbers.numId if place == 0 else 0)
            say(paragraph, part)


def _number(paragraph: WordParagraph, number: int) -> None:
    """The list to which a paragraph belongs; 0 for none."""
    properties = paragraph.paragraph_format.element.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = number


def _verdict(word: Word, verdict: Verdict) -> None:
    paragraph = word.add_paragraph(style=f"Verdict {verdict.tone.capitalize()}")
    paragraph.add_run(fit_for_xml(verdict.text), style="Verdict Text")
    if verdict.more:
        paragraph.add_run().add_break()
        say(paragraph, verdict.more)


def _facts(word: Word, items: Sequence[tuple[str, str]]) -> None:
    table = _empty_table(word, FACTS, "firstColumn")
    for label, value in items:
        name, said = _new_row(table)
        _fill(name, label, "Table Label")
        _fill(said, Said(value, Look.STRONG), "Table Text")
    _after_table(word)


def _table(word: Word, block: Table) -> None:
    table = _empty_table(word, block.widths, "firstRow")
    for number, row in enumerate((block.header, *block.rows)):
        cells = _new_row(table, "w:tblHeader") if number == 0 else _new_row(table)
        for column, (cell, said) in enumerate(zip(cells, row, strict=True)):
            _fill(cell, said, "Table Text" if number else "Table Heading", right=column in block.right)
    _after_table(word)


def _empty_table(word: Word, widths: Sequence[float], marked: str) -> WordTable:
    """No row yet; `marked` says which row or column the others are read by."""
    table: WordTable = word.add_table(rows=0, cols=len(widths))
    table.style, table.autofit = "Paper Table", False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Length(round(LINE * width / sum(widths)))
    properties = table._tbl.tblPr  # noqa: SLF001 (python-docx says nothing of a table's whole width and its marks)
    [whole], [look] = properties.iter(qn("w:tblW")), properties.iter(qn("w:tblLook"))
    whole.set(qn("w:type"), "dxa")
    whole.set(qn("w:w"), str(LINE.twips))
    look.attrib.clear()
    for name in ("firstRow", "lastRow", "firstColumn", "lastColumn", "noHBand", "noVBand"):
        look.set(qn(f"w:{name}"), "1" if name in (marked, "noHBand", "noVBand") else "0")
    return table


def _new_row(table: WordTable, *marks: str) -> Sequence[_Cell]:
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 (nor of what marks a row)
    for mark in ("w:cantSplit", *marks):
        properties.append(OxmlElement(mark))
    return row.cells


def _fill(cell: _Cell, said: Cell, style: str, *, right: bool = False) -> None:
    each = said if isinstance(said, tuple) else (said if isinstance(said, Said) else Said(said),)
    parts = [(part, one.look) for one in each for part in paragraphs(one.text)]
    for number, (text, look) in enumerate(parts):
        paragraph = cell.add_paragraph() if number else cell.paragraphs[0]
        paragraph.style = style
        if right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        say(paragraph, text, look)


def _after_table(word: Word) -> None:
    """Without a paragraph between them, two tables would become one."""
    word.add_paragraph(style="After Table")


def _picture(word: Word, picture: Picture) -> None:
    run = word.add_paragraph(style="Picture").add_run()
    run.add_picture(BytesIO(picture.png), width=Cm(picture.width))
    [drawn] = run.element.iter(qn("wp:docPr"))
    drawn.set("descr", fit_for_xml(picture.alt))


def say(paragraph: WordParagraph, text: str, look: Look = Look.PLAIN) -> None:
    """More text at the end of a paragraph."""
    paragraph.add_run(fit_for_xml(text), style=look.value or None)
