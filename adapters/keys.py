"""The key ring: one key an incident, wrapped by the master key. Whoever destroys it erases the incident's texts."""

import os
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable, Mapping
from functools import lru_cache
from os import urandom
from pathlib import Path
from tempfile import mkstemp
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from adapters.faults import KeyDamaged, SealedTextDisplaced
from adapters.key_tables import KeyTable, PostgresKeyTable, SQLiteKeyTable
from domain.errors import Refused
from domain.personal import Seal

MASTER_KEY = "TOCSIN_MASTER_KEY"
KEY_BYTES = 32
NONCE_BYTES = 12
UNWRAPPED_KEPT = 4_096
TRIAL = ""
"""The row that is no incident's: it shows whether the master key is the one that the ring was made with."""


class MasterKeyMalformed(Refused):
    """The master key must be 32 random bytes in base64, as `openssl rand -base64 32` prints them."""


class MasterKeyMissing(Refused):
    """The key ring is there and its master key is not: put master.key back, or set TOCSIN_MASTER_KEY."""


class MasterKeyDoesNotFit(Refused):
    """This master key does not open the key ring: give the one that the ring was made with."""


class KeyDestroyed(Refused):
    """The personal data of this incident were erased, and nothing personal can be added to it any more."""


def master_key(path: Path, *, ring_exists: bool = False) -> bytes:
    """The master key of the environment, or else of the file, which the first start makes; never for an old ring."""
    given = os.environ.get(MASTER_KEY)
    if given is not None:
        return _parsed(given.encode(), MASTER_KEY)
    if not path.exists():
        if ring_exists:
            raise MasterKeyMissing
        _make_master_key(path)
    return _parsed(path.read_bytes(), str(path))


def _parsed(text: bytes, origin: str) -> bytes:
    try:
        key = b64decode(text.strip(), validate=True)
    except Base64Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise MasterKeyMalformed(f"{origin} holds no master key: it must be 32 random bytes in base64")
    return key


def _make_master_key(path: Path) -> None:
    """A link either appears whole or not at all, so that of two first starts both read the one key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = mkstemp(dir=path.parent, prefix=".master-key-")  # mkstemp makes it readable by its owner alone
    try:
        with os.fdopen(handle, "w") as file:
            file.write(b64encode(urandom(KEY_BYTES)).decode() + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
        _settle(path.parent)
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()


def _settle(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Keys(Protocol):
    """Where a seal finds its key."""

    def sealing(self, incident: str) -> AESGCM:
        """The key to seal with; refuses once it was destroyed."""
        ...

    def opening(self, incident: str) -> AESGCM | None:
        """The key to open with, or None."""
        ...


class EventSeal:
    """Seals the texts of one event, bound to its incident and its version: elsewhere they do not open."""

    __slots__ = ("_incident", "_keys", "_version")

    def __init__(self, keys: Keys, incident: str, version: int) -> None:
        self._keys = keys
        self._incident = incident
        self._version = version

    def seal(self, text: str) -> str:
        """The text, sealed."""
        sealed = _encrypted(self._keys.sealing(self._incident), text.encode(), self._place())
        return b2a_base64(sealed, newline=False).decode()

    def open(self, sealed: str) -> str | None:
        """The text, or None once the key was destroyed."""
        key = self._keys.opening(self._incident)
        if key is None:
            return None
        try:
            return _decrypted(key, a2b_base64(sealed), self._place()).decode()
        except (InvalidTag, ValueError, TypeError) as error:
            place = self._place().decode()
            raise SealedTextDisplaced(f"A sealed text of {place} was altered or moved there") from error

    def _place(self) -> bytes:
        return f"{self._incident}/{self._version}".encode()


def seal_document(keys: Keys, incident: str, purpose: bytes, data: bytes) -> bytes:
    """A whole document, sealed for one purpose; refuses once the key was destroyed."""
    return _encrypted(keys.sealing(incident), data, _document(incident, purpose))


def open_document(keys: Keys, incident: str, purpose: bytes, data: bytes) -> bytes | None:
    """The document, or None once the key was destroyed."""
    key = keys.opening(incident)
    if key is None:
        return None
    try:
        return _decrypted(key, data, _document(incident, purpose))
    except InvalidTag as error:
        raise SealedTextDisplaced(f"A sealed document of {incident} was altered or moved there") from error


class FetchedKeys:
    """The keys of some incidents, fetched together for one batch or one page."""

    def __init__(self, keys: Mapping[str, AESGCM | None]) -> None:
        self._keys = keys

    def seal_for(self, incident: str, version: int) -> Seal:
        """The seal of one event."""
        return EventSeal(self, incident, version)

    def sealing(self, incident: str) -> AESGCM:
        """Refuses once the key was destroyed."""
        key = self._keys.get(incident)
        if key is None:
            raise KeyDestroyed
        return key

    def opening(self, incident: str) -> AESGCM | None:
        """None as well where there never was a key."""
        return self._keys.get(incident)


class KeyRing:
    """
    Every call reads the key table, so a key that another program destroys is gone at the next use.
    What is kept between calls saves the unwrapping alone, and is found only by way of the row that is still there.
    """

    def __init__(self, table: KeyTable, master: bytes) -> None:
        if len(master) != KEY_BYTES:
            raise MasterKeyMalformed
        self._table = table
        self._master = AESGCM(master)
        self._unwrap = lru_cache(UNWRAPPED_KEPT)(self._unwrap_anew)

    @classmethod
    def open(cls, place: Path | str, master: bytes) -> "KeyRing":
        """A file's key ring, or that of a PostgreSQL address."""
        ring = cls(SQLiteKeyTable(place) if isinstance(place, Path) else PostgresKeyTable(place), master)
        try:
            ring._try_master()
        except BaseException:
            ring.close()
            raise
        return ring

    def close(self) -> None:
        """Lets go of the database."""
        self._table.close()

    def prepare(self, incidents: Iterable[str]) -> FetchedKeys:
        """The keys to seal a batch with; those that are missing are made in one transaction."""
        wanted = set(incidents)
        found = self._table.find(wanted)
        if missing := wanted - found.keys():
            self._table.add({incident: self._new_key(incident) for incident in sorted(missing)})
            found |= self._table.find(missing)
        return self._unwrapped(found)

    def fetch(self, incidents: Iterable[str]) -> FetchedKeys:
        """The keys to open a page with. None is made."""
        return self._unwrapped(self._table.find(set(incidents)))

    def seal_for(self, incident: str, version: int) -> Seal:
        """The seal of one event; it looks for the key whenever it is used."""
        return EventSeal(self, incident, version)

    def sealing(self, incident: str) -> AESGCM:
        """The key of the incident, made if there is none yet; refuses once it was destroyed."""
        return self.prepare([incident]).sealing(incident)

    def opening(self, incident: str) -> AESGCM | None:
        """The key of the incident, or None."""
        return self.fetch([incident]).opening(incident)

    def shred(self, incident: str) -> None:
        """Destroys the incident's key for ever."""
        self._table.destroy(incident)
        self._unwrap.cache_clear()

    def _try_master(self) -> None:
        trial = self._table.find([TRIAL]).get(TRIAL)
        if trial is None:
            self._table.add({TRIAL: self._new_key(TRIAL)})
            trial = self._table.find([TRIAL])[TRIAL]
        try:
            self._unwrap(TRIAL, trial or b"")
        except InvalidTag as error:
            raise MasterKeyDoesNotFit from error

    def _new_key(self, incident: str) -> bytes:
        return _encrypted(self._master, AESGCM.generate_key(256), incident.encode())

    def _unwrapped(self, found: Mapping[str, bytes | None]) -> FetchedKeys:
        try:
            return FetchedKeys({i: self._unwrap(i, wrapped) for i, wrapped in found.items() if wrapped is not None})
        except InvalidTag as error:
            raise KeyDamaged from error

    def _unwrap_anew(self, incident: str, wrapped: bytes) -> AESGCM:
        return AESGCM(_decrypted(self._master, wrapped, incident.encode()))


def _document(incident: str, purpose: bytes) -> bytes:
    """Unlike an event's place it holds a line break, so that neither passes for the other."""
    return incident.encode() + b"\n" + purpose


def _encrypted(key: AESGCM, data: bytes, bound_to: bytes) -> bytes:
    nonce = urandom(NONCE_BYTES)
    return nonce + key.encrypt(nonce, data, bound_to)


def _decrypted(key: AESGCM, data: bytes, bound_to: bytes) -> bytes:
    if len(data) < NONCE_BYTES:
        raise InvalidTag
    return key.decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], bound_to)
