"""Reads what people typed for names and identifiers, before it leaves the school."""

import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import pairwise

from faker.providers.person.en_GB import Provider as British
from faker.providers.person.en_US import Provider as American

from adapters.first_names import first_names
from domain.identifiers import Found
from domain.names import WITH_SURNAME, certain_identifiers, in_words, possible_names, without_names

BY_CHANCE = ("bsn", "nhs_number")
"""One plain number in eleven has the right check digit, so a person may say that it is something else."""


@cache
def family_names() -> frozenset[str]:
    """Common British and American family names in small letters."""
    return frozenset(name.casefold() for provider in (British, American) for name in provider.last_names)


def read(text: str, allowed: frozenset[str], *, confirmed: bool) -> tuple[str, bool] | None:
    """What was found, in words that do not repeat it, and whether it is certain; None where nothing was.

    What certainly identifies somebody is always found; what may be a name, until a person says that it is none.
    """
    plain = _plain(text)
    identifiers = certain_identifiers(plain)
    certain = tuple(each for each in identifiers if each.kind not in BY_CHANCE)
    possible: tuple[Found, ...] = ()
    if not confirmed:
        possible = (*identifiers, *possible_names(_with_capitals(plain), first_names(), allowed))
    found = certain or possible
    return (", ".join(dict.fromkeys(in_words(each) for each in found[:3])), bool(certain)) if found else None


def left_out(text: str, allowed: frozenset[str]) -> str:
    """The text without what looks like naming somebody; unchanged, letter by letter, where nothing does."""
    if read(text, allowed, confirmed=False) is None:
        return text
    return without_names(_with_capitals(_plain(text)), first_names(), allowed)


def _plain(text: str) -> str:
    """Without what hides a name from a reader of letters: invisible characters and letters of another width."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(character for character in folded if unicodedata.category(character) != "Cf")


def _with_capitals(text: str) -> str:
    """A first name and a family name typed in small letters, as they would be written."""
    words = text.split(" ")
    for number, (first, second) in enumerate(pairwise(words)):
        bare = second.strip(".,;:!?)('\"").casefold()
        named = first in first_names() and first not in WITH_SURNAME and bare in family_names()
        if named and first.islower():
            words[number], words[number + 1] = first.capitalize(), second.capitalize()
    return " ".join(words)


def of_nobody(typed: Iterable[str]) -> frozenset[str]:
    """Those of these names that are no person's: what was typed as a service or a supplier may be one."""
    return frozenset(each for each in typed if not possible_names(_with_capitals(_plain(each)), first_names()))
