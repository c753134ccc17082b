"""Papers as DOCX, for whoever has to edit them: real styles, tables and fields; the same bytes for the same paper."""

from datetime import UTC
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as Word
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.section import _Footer
from docx.shared import Cm
from docx.text.paragraph import Paragraph as WordParagraph

from adapters.documents.docx_blocks import say, write_blocks, write_paragraph
from adapters.documents.docx_parts import Docx, Look, fit_for_xml

TEMPLATES = Path(__file__).parent / "templates"
PAGE_WIDTH, PAGE_HEIGHT = Cm(21), Cm(29.7)
MARGIN = Cm(2.3)
LONGEST_PROPERTY = 255
LONGEST_NAME = 60
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
KEPT_PARTS = ("settings", "styles", "numbering", "theme")
"""The rest of what python-docx begins with is a picture of another document, the fonts of a Mac, and empty XML."""


def docx_bytes(document: Docx) -> bytes:
    """The file. Whatever people typed is only ever text in it."""
    word = Document()
    _dress(word, document)
    _page(word, document)
    _describe(word, document)
    _open(word, document)
    write_blocks(word, document.blocks)
    for line in document.colophon:
        write_paragraph(word, line, "Note")
    return _always_the_same(word)


def _dress(word: Word, document: Docx) -> None:
    """Our own styles, numbers and settings in place of the many that python-docx begins with."""
    for owner, kept in ((word.part, KEPT_PARTS), (word.part.package, ("officeDocument", "core-properties"))):
        assert owner is not None
        for key in [key for key, each in owner.rels.items() if each.reltype.rsplit("/", 1)[1] not in kept]:
            del owner.rels[key]
    parts = (word.styles.element, word.part.numbering_part.element, word.settings.element)
    for element, name in zip(parts, ("styles", "numbering", "settings"), strict=True):
        element[:] = parse_xml(_template(name))[:]
    for language in (*word.styles.element.iter(qn("w:lang")), *word.settings.element.iter(qn("w:themeFontLang"))):
        language.set(qn("w:val"), document.language)


@cache
def _template(name: str) -> bytes:
    return (TEMPLATES / f"docx_{name}.xml").read_bytes()


def _page(word: Word, document: Docx) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = PAGE_WIDTH, PAGE_HEIGHT
    section.left_margin = section.right_margin = section.top_margin = MARGIN
    section.bottom_margin = Cm(2.4)
    section.header_distance = section.footer_distance = Cm(1.2)
    section.different_first_page_header_footer = True
    school = fit_for_xml(document.school)
    shortened = school if len(school) <= LONGEST_NAME else f"{school[: LONGEST_NAME - 1]}…"
    header = section.header.paragraphs[0]
    header.style = "Header"
    say(header, f"{document.heading}\t{shortened}")
    _foot(section.footer, document)
    _foot(section.first_page_footer, document)


def _foot(footer: _Footer, document: Docx) -> None:
    line = footer.paragraphs[0]
    line.style = "Footer"
    say(line, document.ref, Look.CODE)
    say(line, f"   {document.footer}\tPage ")
    _field(line, "PAGE")
    say(line, " of ")
    _field(line, "NUMPAGES")


def _field(paragraph: WordParagraph, code: str) -> None:
    """A number that the word processor works out."""
    for kind in ("begin", "instruction", "separate", "shown", "end"):
        run = paragraph.add_run()
        if kind == "shown":
            run.text = "1"
        elif kind == "instruction":
            instruction = OxmlElement("w:instrText")
            instruction.text = f" {code} "
            instruction.set(qn("xml:space"), "preserve")
            run.element.append(instruction)
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run.element.append(mark)


def _describe(word: Word, document: Docx) -> None:
    about, at = word.core_properties, document.modified_at.astimezone(UTC)
    about.title, about.subject = _property(document.title), _property(document.heading)
    about.author = about.last_modified_by = _property(document.school)
    about.identifier, about.language = _property(document.ref), document.language
    about.comments = about.keywords = about.category = ""
    about.revision = 1
    about.created = about.modified = at


def _property(text: str) -> str:
    return fit_for_xml(text)[:LONGEST_PROPERTY]


def _open(word: Word, document: Docx) -> None:
    write_paragraph(word, document.kicker, "Kicker")
    write_paragraph(word, document.heading, "Title")
    line = word.add_paragraph(style="Subtitle")
    say(line, document.school, Look.STRONG)
    say(line, f"   {document.ref_label} ", Look.SMALL)
    say(line, document.ref, Look.CODE)


def _always_the_same(word: Word) -> bytes:
    """The file without the clock of the machine that made it: its parts in order, each as old as a zip can say."""
    made, kept = BytesIO(), BytesIO()
    word.save(made)
    with ZipFile(made) as source, ZipFile(kept, "w", ZIP_DEFLATED, compresslevel=6) as target:
        for name in sorted(source.namelist()):
            entry = ZipInfo(name, ZIP_EPOCH)
            entry.compress_type, entry.create_system = ZIP_DEFLATED, 0
            target.writestr(entry, source.read(name))
    return kept.getvalue()
