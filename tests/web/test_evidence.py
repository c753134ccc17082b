"""Evidence: kept sealed and once, given back as it was, never shown, and gone with the incident's key."""

import io
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters import evidence
from adapters.evidence import LARGEST, EvidenceErased, EvidenceNotHere, EvidenceStore, FileIsEmpty, FileTooLarge, Kept
from adapters.faults import SealedTextDisplaced
from adapters.keys import KeyDestroyed, KeyRing
from adapters.media_types import ending, sniffed
from domain.events.investigate import EvidenceRecorded
from tests.web.conftest import OTHER_URN, Town
from tests.web.test_incident import text_of

REF, OTHER_REF = "100001-ABCDEFGH", "100001-ABCDEFGJ"
CANARY = b"Canary of Example Primary School"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100
PAGE = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PROGRAM = b"MZ\x90\0" + b"\0" * 100


def send(town: Town, ref: str, content: bytes | None, role: str = "dpl", name: str = "stick.png", **fields: Any) -> Any:
    """That role sends a file, as a browser would."""
    files = None if content is None else {"file": (name, content, "image/png")}
    sent = {"description": "A screenshot", **fields}
    return town.signed_in(role).send(f"/incidents/{ref}/evidence", files=files, **sent)


def recorded(town: Town, ref: str) -> list[EvidenceRecorded]:
    """The evidence of that incident, as the log has it."""
    return [fact for _, fact in town.tocsin.incident(ref).all(EvidenceRecorded)]


def kept_files(town: Town) -> list[Path]:
    """The files on disk."""
    return [path for path in (town.tocsin.settings.data / "evidence").rglob("*") if path.is_file()]


class TestUpload:
    """A file is chosen on the page."""

    def test_twenty_megabytes_come_back_as_they_were(self, town: Town) -> None:
        """As a file to keep, under a name that says nothing of its own."""
        ref, content = town.breach(), PNG + random.Random(7).randbytes(20 * 1024 * 1024)
        answer = send(town, ref, content, name="Class list of 5B.png")
        assert (answer.status_code, answer.headers["location"]) == (
            303,
            f"/incidents/{ref}/evidence?done=record_evidence",
        )
        (fact,) = recorded(town, ref)
        assert (fact.size_in_bytes, fact.media_type) == (len(content), "image/png")
        visit = town.signed_in("auditor")
        back = visit.get(f"/incidents/{ref}/evidence/{fact.sha256}")
        assert back.content == content
        assert back.headers["content-type"] == "application/octet-stream"
        assert back.headers["content-disposition"] == f'attachment; filename="evidence-{fact.sha256[:8]}.png"'
        assert back.headers["content-length"] == str(len(content))
        assert back.headers["content-security-policy"] == "sandbox; default-src 'none'"
        assert back.headers["x-content-type-options"] == "nosniff"
        page = visit.get(f"/incidents/{ref}/evidence").text
        assert "A screenshot" in text_of(page)
        assert "Class list" not in page

    @pytest.mark.parametrize(
        ("content", "media_type"),
        [
            (PAGE, "text/html"),
            (PICTURE, "image/svg+xml"),
            (PROGRAM, "application/vnd.microsoft.portable-executable"),
        ],
    )
    def test_what_could_run_is_taken_in_and_never_runs(self, town: Town, content: bytes, media_type: str) -> None:
        """Whatever the browser called it: a picture that is a page is known for a page."""
        ref = town.breach()
        assert send(town, ref, content, name="picture.png").status_code == 303
        (fact,) = recorded(town, ref)
        assert fact.media_type == media_type
        back = town.signed_in("dpo").get(f"/incidents/{ref}/evidence/{fact.sha256}")
        assert back.headers["content-type"] == "application/octet-stream"
        assert back.headers["content-disposition"].endswith('.bin"')

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [(b"", "That file is empty"), (b"x" * (LARGEST + 1), "larger than 25 MB"), (None, "Choose the file.")],
    )
    def test_a_refused_file_costs_nobody_what_they_typed(
        self, town: Town, content: bytes | None, sentence: str
    ) -> None:
        """The page says what is wrong, links to the field, and asks for the file again."""
        ref = town.breach()
        when = {"day": "20", "month": "11", "year": "2026", "time": "9:30"}
        when = {f"obtained_at-{part}": text for part, text in when.items()}
        answer = send(town, ref, content, description="From the <office>", **when)
        assert answer.status_code == 422
        assert sentence in text_of(answer.text)
        assert 'href="#file"' in answer.text
        assert "From the &lt;office&gt;" in answer.text
        assert re.search(r'id="obtained_at-time"[^>]*value="9:30"', answer.text)
        assert recorded(town, ref) == []
        assert kept_files(town) == []

    def test_a_mistake_beside_the_file_asks_for_both(self, town: Town) -> None:
        """No file is kept for it."""
        ref = town.breach()
        answer = send(town, ref, PNG, description="", **{"obtained_at-day": "31", "obtained_at-month": "2"})
        said = text_of(answer.text)
        assert answer.status_code == 422
        assert "Choose the file again: a browser does not keep it." in said
        assert 'href="#description"' in answer.text
        assert 'href="#obtained_at"' in answer.text
        assert kept_files(town) == []

    def test_a_time_in_the_future_is_refused_at_its_field(self, town: Town) -> None:
        """By the rules themselves, after the file was kept: the file alone is harmless, and no incident knows it."""
        ref = town.breach()
        later = {
            "obtained_at-day": "21",
            "obtained_at-month": "11",
            "obtained_at-year": "2026",
            "obtained_at-time": "9:30",
        }
        answer = send(town, ref, PNG, **later)
        assert answer.status_code == 409
        assert 'href="#obtained_at"' in answer.text
        assert recorded(town, ref) == []
        (file,) = kept_files(town)
        assert town.signed_in("dpo").get(f"/incidents/{ref}/evidence/{file.name}").status_code == 404
        assert send(town, ref, PNG).status_code == 303
        assert kept_files(town) == [file]

    def test_sent_twice_it_is_recorded_once(self, town: Town) -> None:
        """A double click, or “reload”."""
        ref, visit = town.breach(), town.signed_in("dpl")
        path = f"/incidents/{ref}/evidence"
        sent = {**visit.form(path), "description": "A screenshot"}
        for _ in range(2):
            headers = {"sec-fetch-site": "same-origin"}
            answer = visit.client.post(path, data=sent, files={"file": ("a.png", PNG)}, headers=headers)
            assert answer.status_code == 303
        assert len(recorded(town, ref)) == 1

    def test_one_person_sends_so_many_an_hour(self, town: Town) -> None:
        """A disk can be filled by what is refused as well; nothing typed is lost."""
        ref = town.breach()
        for _ in range(60):
            town.site.limiter.spend("60/hour", "evidence", town.person("dpl").id)
        answer = send(town, ref, b"one more", description="The sixty-first")
        assert answer.status_code == 429
        assert "The sixty-first" in answer.text
        assert kept_files(town) == []

    def test_a_closed_incident_takes_nothing_in(self, town: Town) -> None:
        """Its page has no form, and says why."""
        ref = town.whole_life()
        html = town.signed_in("dpl").get(f"/incidents/{ref}/evidence").text
        assert 'type="file"' not in html
        assert "The incident is closed, so nothing can be added." in text_of(html)

    def test_evidence_that_is_kept_elsewhere_is_listed_without_a_file(self, town: Town) -> None:
        """Only its hash is here."""
        ref = town.breach()
        town.act(ref, "record_evidence", sha256="ab" * 32, description="The supplier's log")
        visit = town.signed_in("dpo")
        assert "The file is kept elsewhere" in text_of(visit.get(f"/incidents/{ref}/evidence").text)
        answer = visit.get(f"/incidents/{ref}/evidence/{'ab' * 32}")
        assert answer.status_code == 409
        assert "That file is not kept here" in text_of(answer.text)


class TestWalls:
    """Who may add, who may look."""

    @pytest.mark.parametrize(
        ("role", "looks", "adds"),
        [("dpl", True, True), ("head", True, True), ("dpo", True, True), ("auditor", True, False),
         ("staff", False, False), ("chair", False, False), ("governor", False, False), ("administrator", False, False)],
    )  # fmt: skip
    def test_each_role_does_what_it_may(self, town: Town, role: str, *, looks: bool, adds: bool) -> None:
        """Somebody else reported the incident."""
        ref = town.report(by="dpl")
        assert send(town, ref, PNG).status_code == 303
        digest, visit, path = recorded(town, ref)[0].sha256, town.signed_in(role), f"/incidents/{ref}/evidence"
        assert (visit.get(path).status_code == 200) == looks
        assert (visit.get(f"{path}/{digest}").status_code == 200) == looks
        form = town.signed_in("dpl").form(path)
        token = re.search(r'name="csrf" value="([^"]+)"', visit.get("/help").text)
        assert token is not None
        sent = {**form, "csrf": token[1], "description": "Again"}
        answer = visit.client.post(path, data=sent, files={"file": ("b.png", PNG + b"1")})
        assert answer.status_code == (303 if adds else 404)

    def test_whoever_reported_it_adds_and_sees_only_their_own(self, town: Town) -> None:
        """Without a way to what others added."""
        ref = town.report(by="staff")
        assert send(town, ref, PNG, "dpl", description="The lead's own").status_code == 303
        assert send(town, ref, PAGE, "staff", description="What I saw").status_code == 303
        visit = town.signed_in("staff")
        html = visit.get(f"/incidents/{ref}/evidence").text
        assert "What I saw" in html
        assert "The lead" not in html
        for fact in recorded(town, ref):
            assert visit.get(f"/incidents/{ref}/evidence/{fact.sha256}").status_code == 404

    def test_only_hashes_of_this_incident_are_given_out(self, town: Town) -> None:
        """The same file of another incident, or another school, is not."""
        mine, other, theirs = town.breach(), town.breach(), town.breach(OTHER_URN)
        assert send(town, other, PNG).status_code == 303
        digest, visit = recorded(town, other)[0].sha256, town.signed_in("dpo")
        assert visit.get(f"/incidents/{other}/evidence/{digest}").status_code == 200
        for ref in (mine, theirs):
            assert visit.get(f"/incidents/{ref}/evidence/{digest}").status_code == 404
        for crafted in ("..%2F..%2Fmaster.key", "%2e%2e", "0" * 64, digest.upper()):
            assert visit.get(f"/incidents/{other}/evidence/{crafted}").status_code == 404


class TestStore:
    """The files on disk."""

    @pytest.fixture
    def keys(self, tmp_path: Path) -> Iterator[KeyRing]:
        """A key ring of its own."""
        ring = KeyRing.open(tmp_path / "keys.sqlite", b"k" * 32)
        yield ring
        ring.close()

    @pytest.fixture
    def store(self, tmp_path: Path, keys: KeyRing) -> EvidenceStore:
        """An empty store."""
        return EvidenceStore(tmp_path / "evidence", keys)

    def test_nothing_of_a_file_is_readable_on_disk(self, store: EvidenceStore) -> None:
        """Neither at the beginning nor in a later piece."""
        content = CANARY + random.Random(3).randbytes(evidence.PIECE) + CANARY
        kept = store.keep(REF, io.BytesIO(content))
        files = [path for path in store.folder.rglob("*") if path.is_file()]
        assert [file.name for file in files] == [kept.sha256]
        assert CANARY not in files[0].read_bytes()
        assert files[0].stat().st_mode & 0o077 == 0
        assert b"".join(store.read(REF, kept.sha256)) == content

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
    @given(size=st.integers(1, 70), piece=st.integers(1, 16))
    def test_a_file_of_any_size_comes_back(
        self, store: EvidenceStore, monkeypatch: pytest.MonkeyPatch, size: int, piece: int
    ) -> None:
        """Whether or not it ends where a piece ends."""
        with monkeypatch.context() as patch:
            patch.setattr(evidence, "PIECE", piece)
            ref, content = f"100001-{piece:08}", bytes(range(size))
            kept = store.keep(ref, io.BytesIO(content))
            assert (kept.size, store.size(ref, kept.sha256)) == (size, size)
            assert b"".join(store.read(ref, kept.sha256)) == content

    def test_the_same_file_twice_is_one(self, store: EvidenceStore) -> None:
        """Of one incident; another incident has its own, under its own key."""
        first = store.keep(REF, io.BytesIO(CANARY))
        before = (store.folder / REF / first.sha256).read_bytes()
        assert store.keep(REF, io.BytesIO(CANARY)) == first
        assert (store.folder / REF / first.sha256).read_bytes() == before
        assert not store.has(OTHER_REF, first.sha256)
        store.keep(OTHER_REF, io.BytesIO(CANARY))
        assert len([path for path in store.folder.rglob("*") if path.is_file()]) == 2

    def test_a_destroyed_key_takes_the_files_with_it(self, store: EvidenceStore, keys: KeyRing) -> None:
        """And nothing can be added."""
        kept = store.keep(REF, io.BytesIO(CANARY))
        keys.shred(REF)
        with pytest.raises(EvidenceErased):
            store.read(REF, kept.sha256)
        with pytest.raises(KeyDestroyed):
            store.keep(REF, io.BytesIO(CANARY + b"!"))
        assert [path.name for path in store.folder.rglob("*") if path.is_file()] == [kept.sha256]

    @pytest.mark.parametrize("change", ["altered", "cut short", "swapped", "moved", "renamed"])
    def test_a_file_that_was_changed_is_not_given_out(self, store: EvidenceStore, change: str) -> None:
        """Not even its first piece."""
        content = random.Random(5).randbytes(3 * evidence.PIECE)
        kept, other = store.keep(REF, io.BytesIO(content)), store.keep(OTHER_REF, io.BytesIO(content))
        place, sealed = store.folder / REF / kept.sha256, evidence.PIECE + evidence.SEAL
        digest, body = kept.sha256, place.read_bytes()
        if change == "altered":
            place.write_bytes(body[:-1] + bytes([body[-1] ^ 1]))
        elif change == "cut short":
            place.write_bytes(body[: 2 * sealed])
        elif change == "swapped":
            place.write_bytes(body[sealed : 2 * sealed] + body[:sealed] + body[2 * sealed :])
        elif change == "moved":
            place.write_bytes((store.folder / OTHER_REF / other.sha256).read_bytes())
        else:
            digest = "0" * 64
            place.rename(place.with_name(digest))
        with pytest.raises(SealedTextDisplaced):
            store.read(REF, digest)
        with pytest.raises(SealedTextDisplaced):
            list(store._opened(REF, digest))  # the seal of each piece alone says so

    def test_a_file_that_is_not_what_its_name_says_is_not_given_out(self, store: EvidenceStore) -> None:
        """Sealed by this program and with the right key, and still not the bytes of that hash."""
        digest = store.keep(REF, io.BytesIO(CANARY)).sha256
        other = CANARY[::-1]
        sealed = b"".join(store._sealed(REF, Kept(digest, len(other)), io.BytesIO(other)))
        (store.folder / REF / digest).write_bytes(sealed)
        with pytest.raises(SealedTextDisplaced):
            store.read(REF, digest)

    def test_a_file_that_is_not_there_says_so(self, store: EvidenceStore) -> None:
        """In a sentence."""
        with pytest.raises(EvidenceNotHere, match="not kept here"):
            store.read(REF, "0" * 64)

    def test_an_upload_that_breaks_off_leaves_nothing(
        self, store: EvidenceStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A full disk, after the first piece."""

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("os.link", full)
        with pytest.raises(OSError, match="No space"):
            store.keep(REF, io.BytesIO(CANARY))
        assert [path for path in store.folder.rglob("*") if path.is_file()] == []

    def test_an_empty_or_too_large_file_is_refused_before_anything_is_written(self, store: EvidenceStore) -> None:
        """One byte over the limit is over it, and the limit itself is not."""
        for content, refusal in ((b"", FileIsEmpty), (b"x" * (LARGEST + 1), FileTooLarge)):
            with pytest.raises(refusal):
                store.keep(REF, io.BytesIO(content))
        assert not store.folder.exists()
        assert evidence.measured(io.BytesIO(b"x" * LARGEST)).size == LARGEST


@pytest.mark.parametrize(
    ("content", "media_type", "end"),
    [
        (PNG, "image/png", "png"),
        (b"%PDF-1.7\n1 0 obj", "application/pdf", "pdf"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF" + b"\0" * 40, "image/jpeg", "jpg"),
        (b"From: a@school.example\r\nTo: b@school.example\r\nSubject: x\r\n\r\nhi", "message/rfc822", "eml"),
        ("Ünï — a note".encode(), "text/plain", "txt"),
        (b"#!/bin/sh\nrm -r x\n", "text/plain", "txt"),
        (b"\n <html><body>x", "text/html", "bin"),
        (b"PK\x03\x04" + b"\0" * 60, "application/zip", "zip"),
        (b"\0" * 100, "application/octet-stream", "bin"),
        (b"caf\xe9", "application/octet-stream", "bin"),
        (b"nF7YLao" + b"\0" * 90, "application/octet-stream", "bin"),
    ],
)  # fmt: skip
def test_the_bytes_say_what_kind_a_file_is(content: bytes, media_type: str, end: str) -> None:
    """And a name ends so that nothing runs by being opened."""
    assert sniffed(io.BytesIO(content)) == media_type
    assert ending(media_type) == end


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=3000))
def test_any_bytes_have_a_kind_that_can_be_recorded(content: bytes) -> None:
    """Never a failure, whatever is sent."""
    EvidenceRecorded(
        sha256="0" * 64,
        description="x",
        media_type=sniffed(io.BytesIO(content)),
        obtained_at="2026-11-20T12:00:00+00:00",
    )
