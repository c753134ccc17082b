"""The files that are evidence: sealed with the incident's key, named by the hash of what they hold, never changed.

A file is kept before the event that refers to it. Where nothing was recorded in between, such as after a crash, a
sealed file stays that no incident knows: it harms nobody, and the same upload finds it there. `tocsin verify` is about
the log, and not about these files: whoever downloads one is given it whole, as its hash says, or not at all.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp
from typing import BinaryIO

from adapters.faults import SealedTextDisplaced
from adapters.keys import Keys, open_document, seal_document
from domain.errors import Refused

LARGEST = 25 * 1024 * 1024
"""Bytes of one file."""
PIECE = 1024 * 1024
"""Bytes that are sealed at a time, so that no more than this of a file is in memory."""
SEAL = 28
"""Bytes that sealing adds to a piece: a nonce and a tag."""


class FileIsEmpty(Refused):
    """That file is empty; choose the file again, once there is something in it."""


class FileTooLarge(Refused):
    """That file is larger than 25 MB; choose a smaller one, or record where it is kept."""


class EvidenceNotHere(Refused):
    """That file is not kept here; only what was recorded of it is in the log."""


class EvidenceErased(Refused):
    """That file was erased with the incident's key; only its hash is in the log."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is kept: the SHA-256 of its bytes, and how many they are."""

    sha256: str
    size: int


class EvidenceStore:
    """A folder with a folder for each incident, which holds each of its files once."""

    def __init__(self, folder: Path, keys: Keys) -> None:
        self.folder, self.keys = folder, keys

    def keep(self, ref: str, source: BinaryIO) -> Kept:
        """Keeps a file of that incident, whole and on disk when this returns; the same file twice is one.

        Raises `FileIsEmpty`, `FileTooLarge`, and `KeyDestroyed` where the incident was erased.
        """
        kept = measured(source)
        place = self._place(ref, kept.sha256)
        for folder in (self.folder, place.parent):
            if not folder.is_dir():
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                _settle(folder.parent)
        handle, draft = mkstemp(dir=place.parent, prefix=".draft-")  # readable by its owner alone
        try:
            with os.fdopen(handle, "wb") as target:
                for sealed in self._sealed(ref, kept, source):
                    target.write(sealed)
                target.flush()
                os.fsync(target.fileno())
            os.link(draft, place)  # whole or not at all, and never over another
        except FileExistsError:
            pass
        finally:
            Path(draft).unlink()
        _settle(place.parent)
        return kept

    def has(self, ref: str, digest: str) -> bool:
        """Whether that file of that incident is kept here."""
        return self._place(ref, digest).is_file()

    def size(self, ref: str, digest: str) -> int:
        """How many bytes that file has; raises `EvidenceNotHere`."""
        sealed = self._sealed_size(ref, digest)
        return sealed - _pieces(sealed) * SEAL

    def read(self, ref: str, digest: str) -> Iterator[bytes]:
        """The bytes of that file, a piece at a time. All of it was checked before the first of them is given.

        Raises `EvidenceNotHere`, `EvidenceErased`, and `SealedTextDisplaced` where the file on disk was changed.
        """
        check = sha256()
        for piece in self._opened(ref, digest):
            check.update(piece)
        if check.hexdigest() != digest:
            raise SealedTextDisplaced(f"A file of {ref} does not have the hash that names it")
        return self._opened(ref, digest)

    def _place(self, ref: str, digest: str) -> Path:
        assert digest.isalnum(), "a file is named by its hash"
        assert "/" not in ref, "a folder is named by a reference"
        return self.folder / ref / digest

    def _sealed_size(self, ref: str, digest: str) -> int:
        try:
            return self._place(ref, digest).stat().st_size
        except FileNotFoundError:
            raise EvidenceNotHere from None

    def _sealed(self, ref: str, kept: Kept, source: BinaryIO) -> Iterator[bytes]:
        source.seek(0)
        last = (kept.size - 1) // PIECE
        for number in range(last + 1):
            yield seal_document(self.keys, ref, _purpose(kept.sha256, number, last), source.read(PIECE))

    def _opened(self, ref: str, digest: str) -> Iterator[bytes]:
        last = _pieces(self._sealed_size(ref, digest)) - 1
        with self._place(ref, digest).open("rb") as file:
            for number in range(last + 1):
                piece = open_document(self.keys, ref, _purpose(digest, number, last), file.read(PIECE + SEAL))
                if piece is None:
                    raise EvidenceErased
                yield piece


def measured(source: BinaryIO) -> Kept:
    """The hash and the size of a file, read a piece at a time; raises `FileIsEmpty` and `FileTooLarge`."""
    source.seek(0)
    digest, size = sha256(), 0
    while piece := source.read(PIECE):
        digest.update(piece)
        size += len(piece)
        if size > LARGEST:
            raise FileTooLarge
    if not size:
        raise FileIsEmpty
    return Kept(digest.hexdigest(), size)


def _pieces(sealed_size: int) -> int:
    return -(-sealed_size // (PIECE + SEAL))


def _purpose(digest: str, number: int, last: int) -> bytes:
    """Binds a piece to its file, its place in it and its file's length: none can be left out or put elsewhere."""
    return f"evidence/{digest}/{number}/{last}".encode()


def _settle(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
