"""How a small number is shown where everybody may read it: so that nothing shown gives it away.

A number of people below five could point to somebody. One rule keeps it hidden: what is shown beside a hidden number
is worked out from shown numbers alone, so it would be the same whatever the hidden number is. Hence a total is the sum
of what is shown, "at least" that many, and those who are not in a share count as a number too. A nought of people is
hidden like one to four: it says something of everybody in the group, and where noughts are shown, "fewer than 5" no
longer means that there may be nobody. Numbers of incidents and of a school's own acts are no numbers of people: a
nought of these discloses nothing of anybody and is shown.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

from domain.quantities import Count, Value

FEWEST = 5
"""The smallest number of people that is shown. Ours, after the custom of public statistics; the law names none."""

Saying = Literal["exactly", "about", "at least", "fewer than 5", "all but fewer than 5", "not known"]


class Shown(Value):
    """A number of people as it is published; `number` is None where the words hold no number of its own."""

    said: Saying
    number: int | None = None


class ShownTable(Value):
    """Numbers of people by kind, every possible kind by its name, and as much of their sum as the shown ones say."""

    cells: dict[str, Shown]
    total: Shown


def people_shown(count: Count, *, at_least: bool = False) -> Shown:
    """A number of people: as it is known, or that it is small. `at_least` when not all of them were counted."""
    number = count.number
    if number is None or (at_least and number < FEWEST):
        return Shown(said="not known")
    if number < FEWEST:
        return Shown(said="fewer than 5")
    said: Saying = "at least" if at_least else "about" if count.certainty == "approximate" else "exactly"
    return Shown(said=said, number=number)


def exactly(number: int) -> Count:
    """A number that was counted."""
    return Count(certainty="exact", number=number)


def table_shown(counts: Mapping[str, Count], uncounted: Iterable[str] = ()) -> ShownTable:
    """Every kind of the mapping, also those with nobody; `uncounted` are the kinds in which not all were counted."""
    unclear = {*uncounted}
    cells = {name: people_shown(count, at_least=name in unclear) for name, count in counts.items()}
    ways = {cell.said for cell in cells.values()}
    said: Saying = "exactly" if ways <= {"exactly"} else "about" if ways <= {"exactly", "about"} else "at least"
    known = sum(cell.number or 0 for cell in cells.values())
    return ShownTable(cells=cells, total=Shown(said=said, number=known) if known else Shown(said="not known"))


def share_shown(part: int, whole: int) -> Shown | None:
    """How many of a group are in a part of it, beside the published size of the group.

    None of a group below ten: "fewer than 5" of five that are not "all but fewer than 5" would have to be nobody.
    """
    if whole < 2 * FEWEST:
        return None
    if whole - part < FEWEST:
        return Shown(said="all but fewer than 5")
    return people_shown(exactly(part))


def frequent(counts: Mapping[str, int], possible: int) -> dict[str, int]:
    """The kinds of incident of which there were five or more; the others, of `possible` kinds, are not named.

    An incident is no person, but the only one of its kind may be about one. The number of incidents is published, so
    how many are of unnamed kinds can be worked out: nothing is named when that would tell how many of one kind.
    """
    named = {kind: number for kind, number in counts.items() if number >= FEWEST}
    unnamed, left = possible - len(named), sum(counts.values()) - sum(named.values())
    given_away = left > 0 and (unnamed == 1 or left == unnamed * (FEWEST - 1))
    return {} if given_away else named
