"""The proof that the log is whole: every seal is computed anew, without any key."""

import re
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from adapters.hash_chain import EMPTY, ChainedRecorder, Head, SealedRow, next_seal
from domain.errors import Refused

PAGE = 2_000

Progress = Callable[[int, int], None]
"""Told how many events are proven, of how many."""


class CodeMalformed(Refused):
    """A code is a position, a hyphen and sixteen digits from 0 to f, such as 412-9f3a77c1d0b24e5a."""


@dataclass(frozen=True)
class Verdict:
    """Whether the log is whole. `events` and `code` are of the part that is proven, from the first event on."""

    whole: bool
    events: int
    code: str
    first_bad_position: int | None
    sentence: str


def verify(recorder: ChainedRecorder, progress: Progress | None = None, against: str | None = None) -> Verdict:
    """Proves each event against the seal of the one before it, and the whole against a code kept outside."""
    kept = None if against is None else _kept(against)
    total = recorder.head().position
    proven, bad = EMPTY, None
    while bad is None and (kept is None or kept.agrees(proven)):
        rows = recorder.sealed_page(proven.position or None, _page_size(proven, kept))
        if not rows:
            return _whole(proven) if kept is None or kept.position <= proven.position else _tail_removed(proven, kept)
        proven, bad = _follow(proven, rows)
        if progress:
            progress(proven.position, max(total, proven.position))
    return _replaced(proven) if bad is None else _broken(proven, bad)


@dataclass(frozen=True)
class _Kept:
    """A code that was kept outside."""

    position: int
    code: str

    def agrees(self, head: Head) -> bool:
        """Whether the log, as far as it is proven, has what the code says."""
        return head.position != self.position or head.code == self.code


def _kept(text: str) -> _Kept:
    match = re.fullmatch(r"0*([0-9]{1,18})-([0-9a-f]{16})", text.strip().lower())
    if not match:
        raise CodeMalformed
    return _Kept(int(match[1]), f"{int(match[1])}-{match[2]}")


def _page_size(proven: Head, kept: _Kept | None) -> int:
    """One page ends exactly at the kept position, so that no event costs a comparison more."""
    ahead = kept.position - proven.position if kept else 0
    return min(PAGE, ahead) if ahead > 0 else PAGE


def _follow(proven: Head, rows: Sequence[SealedRow]) -> tuple[Head, int | None]:
    """As far as the seals fit, and the first position that does not: its own, or the missing one before it."""
    position, seal = proven
    for found, stream, version, topic, state, stored in rows:
        try:
            following = next_seal(seal, position + 1, stream, version, topic, state)
        except (TypeError, struct.error):  # a column that holds another type of value than was ever written
            following = b""
        if found != position + 1 or following != stored:
            return Head(position, seal), min(found, position + 1)
        position, seal = found, following
    return Head(position, seal), None


def _whole(proven: Head) -> Verdict:
    count = "1 event" if proven.position == 1 else f"{proven.position} events"
    return _verdict(
        proven, None, f"The log is whole: {count}, none altered, removed or added. Its code is {proven.code}."
    )


def _broken(proven: Head, bad: int) -> Verdict:
    sentence = f"The log was tampered with: position {bad} does not fit what was sealed. All before it is as it was."
    return _verdict(proven, bad, sentence)


def _tail_removed(proven: Head, kept: _Kept) -> Verdict:
    end = proven.position
    sentence = f"Events were removed from the end: the log ends at {end}, and the code says {kept.position}."
    return _verdict(proven, end + 1, sentence)


def _replaced(proven: Head) -> Verdict:
    """The chain fits in itself and not with the code, so where in it the change is can no longer be told."""
    sentence = f"The log was written anew: at position {proven.position} it does not have the seal that the code says."
    return _verdict(proven, proven.position, sentence)


def _verdict(proven: Head, bad: int | None, sentence: str) -> Verdict:
    return Verdict(bad is None, proven.position, proven.code, bad, sentence)
