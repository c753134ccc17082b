"""Letters as files and at the command line: read by anybody, edited by a school, always the same bytes."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn

from adapters.bootstrap import Settings, Tocsin
from adapters.documents.letter_files import (
    NoMessageWritten,
    cannot_be_printed,
    letter_docx,
    letter_json,
    letter_pdf,
    letter_text,
    letter_to,
)
from adapters.documents.typeface import SQUARE
from adapters.schools import SAMPLE
from domain.commands import command_named
from domain.commands.discover import ReportIncident
from domain.roles import Role
from domain.vocabulary import PeopleKind
from projections.letter import Letter
from tests.adapters.papers import bounds, elements, opened, squeezed, text_of
from tests.given import Story, a_breach, actor

MESSAGE = {
    "nature": "A laptop was lost on a bus.",
    "consequences": "Someone may read what is on it.",
    "measures": "We locked it from afar.",
}
HARD = "Unauthorised individuals subsequently obtained considerable quantities of confidential documentation."
HOSTILE = (
    "#panic() #sys.inputs #{1+1}",
    "$x^2$ <b>bold</b> <w:t> &amp; @ref",
    "*star* _low_ `code` // no comment /* none */ ~ --- ...",
    "= heading - item + item 1. item / term: it [x] \\u{41} \\",
    "«Name» “typographic” £5 – €6",
)
Writer = Callable[[Letter], bytes]
FILES = pytest.mark.parametrize("write", [letter_text, letter_pdf, letter_docx, letter_json])
SIDE_MARGIN = 2.4 * 72 / 2.54


def breach(**fields: Any) -> Story:
    """A breach of which a message was written for pupils, parents and staff."""
    story = a_breach().when("describe_data", Role.DPO, kinds=["health", "identification_data"])
    for people in ("pupils", "parents_and_carers", "staff"):
        story = story.when("write_message", Role.LEAD, people=people, **{**MESSAGE, **fields})
        assert story.refusal is None
    return story


def made(people: PeopleKind = PeopleKind.PARENTS, **fields: Any) -> Letter:
    """A letter to them."""
    return letter_to(breach(**fields).case, SAMPLE, people)


def docx_text(document: bytes) -> str:
    """Everything that a DOCX says in its body, with what its fields show, a line a paragraph."""
    paragraphs = Document(BytesIO(document)).element.body.iter(qn("w:p"))
    return "\n".join("".join(text.text or "" for text in each.iter(qn("w:t"))) for each in paragraphs)


def said(letter: Letter) -> list[str]:
    """Every text of a letter, in its order."""
    parts = [(part.heading, *part.paragraphs, *part.points, *part.lines) for part in letter.parts]
    return [letter.greeting, *letter.opening, *(text for part in parts for text in part), letter.closing]


@pytest.mark.parametrize("people", [PeopleKind.PUPILS, PeopleKind.PARENTS, PeopleKind.STAFF])
def test_every_file_says_the_whole_letter_in_its_order(people: PeopleKind) -> None:
    """Paper, e-mail and editable copy differ in form alone; the sender’s own checks are in none of them."""
    letter = made(people)
    for text in (text_of(letter_pdf(letter)), docx_text(letter_docx(letter)), letter_text(letter).decode()):
        plain, at = squeezed(text).replace("•", ""), 0
        for each in said(letter):
            at = plain.index(squeezed(each), at)
        assert squeezed(letter.subject) in plain
        assert letter.reference in plain
        assert not any(squeezed(check) in plain for check in letter.before_you_send)


def test_a_screen_reader_knows_title_language_and_structure() -> None:
    """Tagged, in British English, PDF/UA-1 and PDF/A-3a; with headings and lists, and nothing attached."""
    with opened(letter_pdf(made())) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "en-GB"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        kinds = [str(element.get("/S", "")) for element in elements(document)]
        assert {"/Title", "/H1", "/P", "/L", "/LI"} <= {*kinds}
        assert kinds.count("/H1") == len(made().parts)
        assert not document.attachments
        with document.open_metadata() as metadata:
            assert metadata["dc:title"] == made().subject
            assert metadata["pdfuaid:part"] == "1"
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")


@FILES
def test_the_same_letter_gives_the_same_bytes(write: Writer) -> None:
    """Twice in a row is the same file."""
    assert write(made()) == write(made())


def test_the_files_do_not_know_the_clock() -> None:
    """A letter printed a year later is the same letter."""
    with opened(letter_pdf(made())) as document:
        assert str(document.docinfo.CreationDate).startswith("D:20261120160000")
    with ZipFile(BytesIO(letter_docx(made()))) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert set(re.findall(rb"20\d\d-\d\d-\d\dT[\d:]+Z", parts.read("docProps/core.xml"))) == {
            b"2026-11-20T16:00:00Z"
        }


@pytest.mark.parametrize("text", HOSTILE)
def test_what_was_typed_is_only_ever_text(text: str) -> None:
    """Nothing in a message is read as an instruction, wherever it was typed."""
    letter = made(nature=text, consequences=text, measures=text, advice=[text], support=text)
    for found in (text_of(letter_pdf(letter)), docx_text(letter_docx(letter)), letter_text(letter).decode()):
        assert squeezed(found).count(squeezed(text)) == 5


@pytest.mark.parametrize("text", ["W" * 2000, "word " * 1999 + "end", "a\n\n\n\n\nb\n" * 300])
def test_long_texts_stay_on_the_page(text: str) -> None:
    """Neither a word without an end nor ten thousand characters leave the type area."""
    letter = made(nature=text, advice=[text]).model_copy(update={"school": "S" * 300})
    for page in pypdfium2.PdfDocument(letter_pdf(letter)):
        _, bottom, right, _ = bounds(page)
        assert right <= page.get_width() - SIDE_MARGIN
        assert bottom >= 0


def test_an_address_is_not_broken_and_a_character_without_type_is_known() -> None:
    """Whoever types an address from paper needs it whole; an emoji is a square, and the sender is told."""
    assert text_of(letter_pdf(made())).count(SAMPLE.contacts[Role.LEAD].email) == 2
    letter = made(nature="Seen 😀")
    assert cannot_be_printed(letter)
    assert f"Seen {SQUARE}" in text_of(letter_pdf(letter))
    assert not cannot_be_printed(made(nature=f"Seen {SQUARE}"))


def test_a_mail_merge_fills_in_the_editable_letter() -> None:
    """Word’s own fields for name, address and date, each once, shown in guillemets until they are filled in."""
    body = Document(BytesIO(letter_docx(made(nature="«Name»")))).element.body
    fields = [str(field.get(qn("w:instr"))).strip() for field in body.iter(qn("w:fldSimple"))]
    assert fields == ["MERGEFIELD Name", "MERGEFIELD Address", "MERGEFIELD Date"]
    lines = docx_text(letter_docx(made())).splitlines()
    assert lines.index("«Name»") + 3 == lines.index("Dear parent or carer,")


def test_the_editable_letter_has_real_headings_and_lists() -> None:
    """Whoever edits it in Word finds styles and no look-alikes."""
    letter = made()
    paragraphs = Document(BytesIO(letter_docx(letter))).paragraphs
    styles = [(each.style.name if each.style else "", each.text) for each in paragraphs]
    assert [text for style, text in styles if style == "Heading 2"] == [part.heading for part in letter.parts]
    points = [point for part in letter.parts for point in part.points]
    assert [text for style, text in styles if style == "List Bullet"] == points


def test_json_has_all_that_a_page_shows_beside_the_letter() -> None:
    """One document with the reading age, the sentences that are too hard, what is missing and what to check."""
    document = json.loads(letter_json(made(nature=f"It was lost. {HARD}")))
    (hard,) = document["hard"]
    assert (hard["heading"], hard["sentence"]) == ("What happened", 2)
    assert 5 < document["reading_age"] < hard["reading_age"]
    assert document["missing"] == ["the name of the Data Protection Officer"]
    assert len(document["before_you_send"]) >= 6


def test_without_a_message_the_refusal_says_what_to_do() -> None:
    """In one sentence, with the reference and the people filled in."""
    with pytest.raises(NoMessageWritten) as refusal:
        letter_to(breach().case, SAMPLE, PeopleKind.GOVERNORS)
    assert str(refusal.value) == (
        "No message is written for the governors yet; write it first: tocsin do write_message 100001-ABCDEFGH"
        " people=governors nature=… consequences=… measures=…."
    )


TOCSIN = Path(sys.executable).with_name("tocsin")


class Installation:
    """A data folder with one breach in it, and somebody who types."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.tocsin = Tocsin(Settings(data))
        self.tocsin.schools.add_sample()
        reported = ReportIncident(what_happened="CANARY")
        self.ref = self.tocsin.report(reported, "100001", actor(Role.STAFF))[0].incident
        self.do("confirm_breach")

    def do(self, name: str, **fields: Any) -> None:
        """One command by the Data Protection Lead."""
        self.tocsin.act(command_named(name, fields), self.ref, actor(Role.LEAD))

    def letter(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        """What came of the words."""
        return subprocess.run(
            [TOCSIN, "letter", self.ref, *words, "--data", self.data],
            capture_output=True,
            timeout=60,
            check=False,
            env={"COLUMNS": "80"},
        )


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """One for all, with a message to the parents; a later one replaces it."""
    made = Installation(tmp_path_factory.mktemp("letters") / "data")
    made.do("write_message", people="parents_and_carers", **{**MESSAGE, "nature": "A first account."})
    made.do("write_message", people="parents_and_carers", **{**MESSAGE, "nature": f"It was lost. {HARD}"})
    return made


def test_the_command_writes_the_letter_and_tells_the_sender_what_to_do(installation: Installation) -> None:
    """The letter on standard output; its reading age, what is too hard, missing and to be checked on standard error."""
    run = installation.letter("--to", "parents_and_carers")
    letter, remarks = run.stdout.decode(), run.stderr.decode()
    assert run.returncode == 0, remarks
    assert letter.startswith("Subject: Information about your child")
    assert HARD in letter
    assert "CANARY" not in letter + remarks
    assert "Before you send" not in letter
    assert re.search(r"^Reading age of the whole letter: \d+(\.\d)? years\.$", remarks, re.MULTILINE)
    assert re.search(r"^Make simpler: “What happened”, sentence 2 \(reading age \d", remarks, re.MULTILINE)
    assert "nauthorised" not in remarks
    assert "The letter cannot say (UK GDPR Art. 34(2)): the name of the Data Protection Officer." in remarks
    assert "\n- Separated parents:" in remarks.partition("Before you send it:")[2]


@pytest.mark.parametrize(
    ("form", "begins"), [("pdf", b"%PDF-"), ("docx", b"PK"), ("json", b"{"), ("txt", b"Subject: ")]
)
def test_every_form_goes_to_a_file(installation: Installation, tmp_path: Path, form: str, begins: bytes) -> None:
    """Nothing on standard output then."""
    run = installation.letter("--to", "parents_and_carers", "--format", form, "--out", str(tmp_path / "letter"))
    assert run.returncode == 0, run.stderr.decode()
    assert run.stdout == b""
    assert (tmp_path / "letter").read_bytes().startswith(begins)


def test_an_earlier_letter_can_be_written_as_the_log_stood(installation: Installation) -> None:
    """What was sent in the morning is still there in the evening."""
    first = installation.tocsin.log.history(installation.ref)[-2].recorded_at
    run = installation.letter("--to", "parents_and_carers", "--as-at", first.isoformat())
    assert "A first account." in run.stdout.decode()
    assert HARD not in run.stdout.decode()


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (("--to", "staff"), 1, "No message is written for the staff yet; write it first: tocsin do write_message"),
        (("--to", "everybody"), 2, "Whom it is for is one of: pupils, former_pupils, parents_and_carers,"),
        (("--to", "staff", "--format", "html"), 2, "The format is txt, pdf, docx or json."),
    ],
)
def test_a_refusal_is_one_sentence(
    installation: Installation, words: tuple[str, ...], status: int, sentence: str
) -> None:
    """On standard error alone, and it says what to do."""
    run = installation.letter(*words)
    assert (run.returncode, run.stdout) == (status, b"")
    assert run.stderr.decode().startswith(sentence)
    assert run.stderr.decode().endswith(".\n")
    assert run.stderr.count(b"\n") == 1
