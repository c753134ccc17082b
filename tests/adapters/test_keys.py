"""The key ring: a text opens in its own place alone, and nowhere any more once its incident's key was destroyed."""

import os
import sqlite3
import stat
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from adapters import key_tables
from adapters.faults import KeyDamaged, KeyFileBusy, SealedTextDisplaced
from adapters.keys import (
    KeyDestroyed,
    KeyRing,
    MasterKeyDoesNotFit,
    MasterKeyMalformed,
    master_key,
    open_document,
    seal_document,
)
from tests.adapters.facts import HERE, THERE
from tests.adapters.log_stores import MASTER
from tests.adapters.log_writers import first_start, shred, together


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, directory: Path) -> Path | str:
    """Each place that a key ring can be in."""
    if request.param == "sqlite":
        return directory / "keys.sqlite"
    return str(request.getfixturevalue("postgres_address"))


@pytest.fixture
def ring(place: Path | str) -> Iterator[KeyRing]:
    """An empty key ring."""
    made = KeyRing.open(place, MASTER)
    yield made
    made.close()


def raw(place: Path | str, statement: str) -> list[tuple[Any, ...]]:
    """What somebody does who owns the key database."""
    with closing(sqlite3.connect(place) if isinstance(place, Path) else psycopg.connect(place)) as database, database:
        cursor = database.execute(statement)
        return list(cursor.fetchall()) if cursor.description else []


def test_text_opens_where_it_was_sealed(ring: KeyRing) -> None:
    """What was sealed for a version of an incident opens there, and reads differently each time it is sealed."""
    seal = ring.seal_for(HERE, 1)
    once, again = seal.seal("Ada Lovelace"), seal.seal("Ada Lovelace")
    assert once != again
    assert [ring.seal_for(HERE, 1).open(sealed) for sealed in (once, again)] == ["Ada Lovelace"] * 2


@pytest.mark.parametrize(("incident", "version"), [(HERE, 2), (HERE, 11), (THERE, 1)])
def test_text_opens_nowhere_else(ring: KeyRing, incident: str, version: int) -> None:
    """At another version or in another incident it is found to be out of place, and the error shows no text."""
    sealed = ring.seal_for(HERE, 1).seal("Ada Lovelace")
    ring.prepare([THERE])
    with pytest.raises(SealedTextDisplaced, match="altered or moved") as found:
        ring.seal_for(incident, version).open(sealed)
    assert "Ada" not in str(found.value)


@pytest.mark.parametrize("sealed", ["", "AAAA", "not base64 at all", "A" * 80])
def test_altered_text_is_found_out(ring: KeyRing, sealed: str) -> None:
    """What is no sealed text is found to have been altered."""
    ring.prepare([HERE])
    with pytest.raises(SealedTextDisplaced):
        ring.seal_for(HERE, 1).open(sealed)


def test_document_opens_for_its_purpose(ring: KeyRing) -> None:
    """A whole document opens for the incident and the purpose it was sealed for, and for no other."""
    sealed = seal_document(ring, HERE, b"submission", b"{...}")
    assert open_document(ring, HERE, b"submission", sealed) == b"{...}"
    ring.prepare([THERE])
    for incident, purpose, data in (
        (HERE, b"review", sealed),
        (THERE, b"submission", sealed),
        (HERE, b"submission", b""),
    ):
        with pytest.raises(SealedTextDisplaced):
            open_document(ring, incident, purpose, data)


def test_document_does_not_pass_for_a_text(ring: KeyRing) -> None:
    """A document whose purpose is named like a version is still no text of that version."""
    sealed = b64encode(seal_document(ring, HERE, b"1", b"Ada Lovelace")).decode()
    with pytest.raises(SealedTextDisplaced):
        ring.seal_for(HERE, 1).open(sealed)


def test_reading_makes_no_key(ring: KeyRing, place: Path | str) -> None:
    """Who reads an incident without a key gets nothing, and no key comes of it."""
    before = raw(place, "SELECT incident FROM incident_keys")
    assert ring.seal_for(HERE, 1).open("AAAA") is None
    assert open_document(ring, HERE, b"review", b"AAAA") is None
    assert ring.fetch([HERE]).opening(HERE) is None
    assert raw(place, "SELECT incident FROM incident_keys") == before


def test_batch_is_prepared_at_once(ring: KeyRing) -> None:
    """The keys of a whole batch are made together, and the same ones are found again."""
    incidents = [f"{100000 + n}-ABCDEFGH" for n in range(150)]
    ring.prepare(incidents[:75])
    keys = ring.prepare(incidents)
    sealed = {incident: keys.seal_for(incident, 1).seal(incident) for incident in incidents}
    found = ring.fetch(incidents)
    assert all(found.seal_for(incident, 1).open(text) == incident for incident, text in sealed.items())
    assert all(ring.seal_for(incident, 1).open(text) == incident for incident, text in sealed.items())


def test_shredding_is_for_ever(ring: KeyRing) -> None:
    """Once a key is destroyed nothing opens and nothing can be sealed, in this incident and in no other."""
    kept, gone = ring.seal_for(THERE, 1).seal("kept"), ring.seal_for(HERE, 1).seal("gone")
    document = seal_document(ring, HERE, b"review", b"gone")
    for _ in range(2):
        ring.shred(HERE)
        assert (ring.seal_for(HERE, 1).open(gone), open_document(ring, HERE, b"review", document)) == (None, None)
        for sealing in (lambda: ring.seal_for(HERE, 1).seal("x"), lambda: seal_document(ring, HERE, b"review", b"x")):
            with pytest.raises(KeyDestroyed, match="erased"):
                sealing()
    assert ring.seal_for(THERE, 1).open(kept) == "kept"


def test_incident_can_be_shredded_before_it_has_a_key(ring: KeyRing) -> None:
    """Erasure of an incident that has no key yet keeps it from ever having one."""
    ring.shred(HERE)
    with pytest.raises(KeyDestroyed):
        ring.prepare([HERE]).seal_for(HERE, 1).seal("x")


def test_shredding_by_another_program_is_seen_at_once(ring: KeyRing, place: Path | str) -> None:
    """A program that used a key a moment ago no longer has it once another program destroyed it."""
    seal = ring.seal_for(HERE, 1)
    sealed = seal.seal("gone")
    assert seal.open(sealed) == "gone"
    together(1, shred, place, MASTER, HERE)
    assert seal.open(sealed) is None
    with pytest.raises(KeyDestroyed):
        seal.seal("x")


def test_shredded_keys_leave_the_files(directory: Path) -> None:
    """Of a destroyed key no copy stays in the file, in its journal or in the memory the two share."""
    ring = KeyRing.open(directory / "keys.sqlite", MASTER)
    incidents = [f"{100000 + n}-ABCDEFGH" for n in range(200)]
    ring.prepare(incidents)
    wrapped = dict(raw(directory / "keys.sqlite", "SELECT incident, wrapped FROM incident_keys"))
    for incident in incidents[::3]:
        ring.shred(incident)
    files = b"".join(file.read_bytes() for file in directory.iterdir())
    assert [incident for incident in incidents if wrapped[incident] in files] == [
        incident for incident in incidents if incident not in incidents[::3]
    ]
    ring.close()


def test_shredded_key_leaves_the_table(postgres_address: str) -> None:
    """PostgreSQL keeps removed rows in the table's file, so the table is given a new file."""
    ring = KeyRing.open(postgres_address, MASTER)
    ring.prepare([HERE, THERE])
    file = "SELECT pg_relation_filenode('incident_keys')"
    before = raw(postgres_address, file)
    ring.shred(HERE)
    assert raw(postgres_address, file) != before
    ring.close()


def test_reader_that_keeps_a_copy_is_reported(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a reader holds the journal the key is destroyed, and the copy is reported until shredding is repeated."""
    monkeypatch.setattr(key_tables, "WAIT_SECONDS", 0.05)
    ring = KeyRing.open(directory / "keys.sqlite", MASTER)
    sealed = ring.seal_for(HERE, 1).seal("gone")
    with closing(sqlite3.connect(directory / "keys.sqlite", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM incident_keys").fetchall()
        with pytest.raises(KeyFileBusy):
            ring.shred(HERE)
        assert ring.seal_for(HERE, 1).open(sealed) is None
    ring.shred(HERE)
    assert (directory / "keys.sqlite-wal").stat().st_size == 0
    ring.close()


def test_key_row_of_another_incident_is_found_out(ring: KeyRing, place: Path | str) -> None:
    """A wrapped key that was copied to another incident does not open there."""
    ring.prepare([HERE, THERE])
    copied = f"(SELECT wrapped FROM incident_keys WHERE incident = '{HERE}')"
    raw(place, f"UPDATE incident_keys SET wrapped = {copied} WHERE incident = '{THERE}'")
    with pytest.raises(KeyDamaged):
        ring.seal_for(THERE, 1).seal("x")


def test_wrong_master_key_is_refused_at_once(ring: KeyRing, place: Path | str) -> None:
    """A master key that is not the ring's is refused with a sentence, before it wraps anything."""
    sealed = ring.seal_for(HERE, 1).seal("Ada Lovelace")
    with pytest.raises(MasterKeyDoesNotFit, match="does not open the key ring"):
        KeyRing.open(place, bytes(32))
    again = KeyRing.open(place, MASTER)
    assert again.seal_for(HERE, 1).open(sealed) == "Ada Lovelace"
    again.close()


def test_short_master_key_is_refused(directory: Path) -> None:
    """Half a key is no key, even though the cipher would take it."""
    with pytest.raises(MasterKeyMalformed):
        KeyRing.open(directory / "keys.sqlite", bytes(16))


def test_lost_connection_costs_the_key_ring_another_try(postgres_address: str) -> None:
    """When PostgreSQL drops every connection, texts still open."""
    ring = KeyRing.open(postgres_address, MASTER)
    sealed = ring.seal_for(HERE, 1).seal("Ada Lovelace")
    mine = "application_name = current_setting('application_name') AND pid <> pg_backend_pid()"
    assert raw(postgres_address, f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {mine}")
    assert ring.seal_for(HERE, 1).open(sealed) == "Ada Lovelace"
    ring.close()


def test_threads_share_a_key_ring(ring: KeyRing) -> None:
    """Threads that seal for new incidents and old ones at once do not disturb each other."""
    incidents = [f"{100000 + n // 2}-ABCDEFGH" for n in range(200)]
    with ThreadPoolExecutor(8) as pool:
        sealed = list(pool.map(lambda incident: ring.seal_for(incident, 1).seal(incident), incidents))
        opened = list(
            pool.map(lambda pair: ring.seal_for(pair[0], 1).open(pair[1]), zip(incidents, sealed, strict=True))
        )
    assert opened == incidents


def test_programs_that_start_together_share_their_keys(
    directory: Path, place: Path | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four first starts at one moment end with one master key and one ring, and each opens what any other sealed."""
    monkeypatch.delenv("TOCSIN_MASTER_KEY", raising=False)
    started = together(4, first_start, directory, place)
    assert {master for master, _ in started} == {master_key(directory / "master.key")}
    ring = KeyRing.open(place, started[0][0])
    assert [ring.seal_for(HERE, 1).open(sealed) for _, sealed in started] == [f"note {n}" for n in range(4)]
    ring.close()


def test_first_start_makes_the_master_key(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first start makes a key file that its owner alone can read, and the next start reads the same key."""
    monkeypatch.delenv("TOCSIN_MASTER_KEY", raising=False)
    path = directory / "new" / "master.key"
    key = master_key(path)
    assert (len(key), key, stat.S_IMODE(path.stat().st_mode)) == (32, master_key(path), 0o600)
    assert [file.name for file in path.parent.iterdir()] == ["master.key"]


def test_environment_gives_the_master_key(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key in the environment is used, and no file is made."""
    monkeypatch.setenv("TOCSIN_MASTER_KEY", b64encode(MASTER).decode() + "\n")
    assert master_key(directory / "master.key") == MASTER
    assert not (directory / "master.key").exists()


@pytest.mark.parametrize("given", ["", "hunter2", b64encode(bytes(16)).decode(), "é" * 44, "A" * 43 + "!"])
def test_malformed_master_key_is_refused(directory: Path, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    """A malformed key is refused with one sentence that says what is wanted, and does not repeat what was given."""
    monkeypatch.setenv("TOCSIN_MASTER_KEY", given)
    with pytest.raises(MasterKeyMalformed, match=r"TOCSIN_MASTER_KEY .* 32 random bytes in base64") as found:
        master_key(directory / "master.key")
    assert not given or given not in str(found.value)
    monkeypatch.delenv("TOCSIN_MASTER_KEY")
    (directory / "master.key").write_text(given)
    with pytest.raises(MasterKeyMalformed, match=r"master\.key .* 32 random bytes in base64"):
        master_key(directory / "master.key")


def test_key_file_is_its_owners_alone(directory: Path) -> None:
    """The file of wrapped keys and its journal can be read by their owner alone, whatever the umask says."""
    before = os.umask(0)
    try:
        ring = KeyRing.open(directory / "keys.sqlite", MASTER)
    finally:
        os.umask(before)
    ring.prepare([HERE])
    assert {stat.S_IMODE(file.stat().st_mode) for file in directory.iterdir()} == {0o600}
    ring.close()
