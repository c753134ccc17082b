"""Probable personal names in free text, so that none goes into a report to the regulator unseen.

The regulator's form wants no names of affected people (ICO, online form for personal data breaches). The rules judge
by form, by a given dictionary of first names and by the words around; they cannot find every name.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from domain.identifiers import NO_NAMES, Found, Word, bare, certain_identifiers, in_words, located, word_set, words_of

__all__ = ["Found", "certain_identifiers", "in_words", "possible_names", "without_names"]

TITLES = word_set(
    "mr mrs ms miss mx dr master sir madam lady lord dame prof professor rev revd reverend father fr imam rabbi cllr"
    " councillor mme monsieur madame herr frau dhr mevr mevrouw meneer"
)
SMALL_TITLES = word_set("mr mrs ms mx")
"""Titles that are no other word when they stand in small letters."""
GRAND_TITLES = word_set("dr sir lady lord dame father")
"""Titles with which schools and buildings are named as well."""
SAINTS, ROYALTY = word_set("st saint ss sts"), word_set("king queen prince princess pope")
FIRST_WORDS = TITLES | SAINTS | ROYALTY
PARTICLES = word_set("van de der den von zu zum al el bin ibn bint da das dos di du la le los ten ter te af ap y o st")
CALENDAR = word_set("april may june august jan summer autumn winter ramadan tuesday")
PLACES = word_set(
    "jordan chelsea paris florence sydney victoria lincoln chester kent devon warwick preston trent brent harlow"
    " alberta vienna milan india asia africa america israel kingston everton lourdes bethlehem jericho trinidad asmara"
    " newton"
)
ORDINARY = word_set(
    "will mark grace rose hope faith bill grant chase drew dean ward guy miles gene river angel christian sage amber"
    " crystal opal eve harmony charity peace gift goodness prince princess justice victory trinity honey meadow clover"
    " saffron ace duke earl maverick phoenix nova alma alexa apollo orion venus ariel heath wren raven merlin kit wolf"
    " dot jet roman dev ed lex lucky innocent ash promise honour honor juniper mercedes wisdom junior diamond"
)
WITH_SURNAME = CALENDAR | PLACES | ORDINARY
"""First names that are other words too: alone they are no sign of a person."""
ACRONYMS = word_set("elsa lea pat can ram sid ted alma iris aim")
"""First names that are other things when they stand in capitals."""
SCHOOLS = word_set(
    "school academy college university primary secondary nursery preschool infant grammar comprehensive federation"
    " trust council borough county cathedral chapel mosque synagogue hospital surgery clinic hospice police"
    " constabulary railway ltd limited plc llp inc partnership association society foundation institute centre center"
    " agency authority ministry solicitors library museum gallery theatre station airport road rd avenue ave drive"
    " crescent terrace gardens square house lodge estate wing block building room classroom class group team unit"
    " award prize scheme programme project appeal day week fund challenge act bill cottage farm club cup company"
    " parade stadium festival campaign declaration convention protocol test scale review inquiry report law syndrome"
    " disease palace castle choir cafe hotel inn arms press bakery store shop superstore supermarket pharmacy dental"
    " street zoo concert service period singing bureau"
)
"""What a name before it makes into a place, a body or a thing: Jane Austen Academy, Poppy Day."""
PLACE_NOUNS = word_set("hall wood hill lane church cross field bridge marsh mill brook park court")
"""The same, but surnames too: Emma Hall; in Albert Hall."""
BEFORE_PLACES = word_set("in at on near along outside opposite the royal into inside behind")
BEFORE_TIMES = word_set("in by since until till before after during early late mid last next this")
LABELS = word_set(
    "block plan class group grade level section appendix annex part option room year key type site set band form"
    " table figure box unit exhibit schedule vitamin hepatitis category tier phase route zone gate stage paper"
    " question item version step line column row cell lot bay floor wing house team building"
)
"""What a single letter after it numbers: Block B, Grade A."""
FAMILY = word_set("family household twin sibling brother sister")
KIN = word_set("son daughter brother sister mother father mum dad grandmother grandfather gran grandad aunt uncle")
PEOPLE = word_set("pupil student child learner boy girl parent carer classmate friend sibling teacher neighbour")
PERSON = KIN | PEOPLE
VERBS = word_set("was is has had and were did in who whose will")
NOT_SURNAMES = NO_NAMES | SCHOOLS | LABELS | PERSON | TITLES
KNOWN = (
    r"Marks (?:and|&) Spencer|John Lewis|Thomas Cook|Ernst (?:and|&) Young|Grant Thornton|Harry Potter|Roald Dahl"
    r"|Guy Fawkes|Anne Frank|Rosa Parks|Martin Luther King|Florence Nightingale|Mary Seacole|Amelia Earhart"
    r"|Nelson Mandela|Marie Curie|Isaac Newton|Charles Darwin|William Shakespeare|Duke of (?:Edinburgh|York)"
    r"|Romeo and Juliet|Oliver Twist|Jane Eyre|Great Ormond Street|(?:Mother|Father)['’]s Day|Iris Connect|Round Robin"
)
"""Firms, figures of history and of books: people, but nobody at the school."""


class _Text(NamedTuple):
    words: tuple[Word, ...]
    first_names: frozenset[str]
    points: frozenset[str]
    """Letters that number the points of a list: A. ... B. ..."""

    def at(self, index: int) -> Word:
        return self.words[index] if 0 <= index < len(self.words) else NOWHERE

    def surname(self, index: int) -> bool:
        return self.at(index).capital and not self.at(index).among(NOT_SURNAMES)

    def weight(self, index: int) -> int:
        """2 for a first name that counts alone, 1 for one that is an ordinary word too, 0 for none."""
        word = self.at(index)
        parts = [word.low] if word.low in self.first_names else word.low.split("-")
        known = {part for part in parts if part in self.first_names}
        if parts[0] not in known or word.form in {"I", "other"} or (word.form == "CAPS" and word.low in ACRONYMS):
            return 0
        return 2 if known - WITH_SURNAME or len(known - CALENDAR - PLACES) > 1 else 1

    def run(self, last: int) -> int:
        """The last word of a name that goes on after this one: initials, particles, surnames; six at most."""
        for _ in range(6):
            word, ahead = self.at(last), last + 1
            stopped = self.at(ahead).gap == "stop" and (word.form == "I" or word.low in TITLES)
            if word.possessive or not (self.at(ahead).follows or stopped):
                break
            while ahead < last + 4 and self.at(ahead).form == "small" and self.at(ahead).low in PARTICLES:
                ahead += 1
            after = self.at(ahead)
            initial = after.form == "I" and (after.low != "i" or self.at(ahead + 1).gap == "stop")
            if not (self.surname(ahead) or initial) or (after.allowed and not word.allowed):
                break
            last = ahead
        return last

    def place(self, first: int, last: int) -> bool:
        """Whether the words begin the name of a place or a body: Jane Austen Academy; in Albert Hall."""
        before, end, grand = self.at(first - 1).low, self.at(last), self.at(first).low in GRAND_TITLES
        if last > first and end.low in PLACE_NOUNS:
            known = self.at(first).low in PLACES or (last - first > 1 and not self.weight(first + 1))
            if known or before in BEFORE_PLACES or before.isdigit():
                return True
        for index in range(last + 1, last + (3 if end.form == "CAPS" else 7)):
            word = self.at(index)
            if not word.follows or (word.allowed and not end.allowed) or word.low == "year":
                return False
            if self.at(index - 1).possessive and not grand:
                return False
            if word.form not in {"Name", "CAPS", "I"} or word.among(SCHOOLS):
                return word.capital
        return False


NOWHERE = Word(0, 0, "", "other", "edge", possessive=False, allowed=False)
Name = tuple[str, int, int] | None
"""A kind, empty for words that are only passed over; the first and the last word."""


def _saint(text: _Text, at: int) -> Name:
    """St Mary’s, King Edward VI: nobody at the school."""
    word, after = text.at(at), text.at(at + 1)
    saint = word.low in SAINTS and after.gap in {"space", "stop"} and after.capital
    if not word.capital or not (saint or (word.low in ROYALTY and after.follows and text.weight(at + 1))):
        return None
    last = at + 1
    while text.at(last + 1).follows and text.at(last + 1).capital and not text.at(last).possessive:
        last += 1
    both = text.at(last + 1).low == "and" and text.at(last + 2).follows and text.weight(last + 2)
    return "", at, last + 2 if both else last


def _titled(text: _Text, at: int) -> Name:
    """Mr Okafor, Dr. J. Smith, mrs smith; not Mr X."""
    word, after = text.at(at), text.at(at + 1)
    if word.low not in TITLES or word.possessive or after.gap not in {"space", "line", "stop"}:
        return None
    last = text.run(at)
    if word.form == "small" or (after.form == "small" and last == at):
        plain = word.low in SMALL_TITLES and len(after.low) > 1 and after.low not in NOT_SURNAMES
        measured = after.gap == "stop" or text.at(at - 1).low.isdigit()
        return ("title_and_name", at, at + 1) if plain and not measured else None
    placeholder = last == at + 1 and after.form == "I" and after.low in "xyz"
    no_name = last == at or placeholder or (word.low in GRAND_TITLES and text.place(at, last))
    return None if no_name else ("title_and_name", at, last)


def _initialled(text: _Text, at: int) -> Name:
    """J. Okafor, J Smith, J.K. Rowling; Okafor, J."""
    word, before = text.at(at), text.at(at - 1)
    if word.form != "I" or (word.follows and before.low in LABELS):
        return None
    last = at
    while last < at + 4 and text.at(last + 1).form == "I" and text.at(last + 1).gap in {"space", "stop"}:
        last += 1
    after = text.at(last + 1)
    near = after.gap in {"space", "stop"} and not (after.form == "CAPS" and len(after.low) < 3)
    if not near or not text.surname(last + 1):
        behind = word.gap == "comma" and text.surname(at - 1) and not before.possessive and after.gap != "space"
        return ("surname_and_initial", at - 1, last) if behind and word.low != "i" else None
    if text.at(at + 1).gap == "stop":
        no_name = not word.follows and word.low in text.points
    else:
        article = word.low == "i" or (word.low == "a" and not (word.follows and before.form == "small"))
        no_name = article or (word.follows and text.surname(at - 1))
    last = text.run(last)
    return None if no_name or text.place(at, last) else ("initial_and_surname", at, last)


def _first_name(text: _Text, at: int) -> Name:
    """Jane Doe, Jane, Jane’s, JANE DOE, Doe, Jane; Grace only with a surname."""
    word, before, weight = text.at(at), text.at(at - 1), text.weight(at)
    if not weight or not word.capital:
        return None
    last = text.run(at)
    if text.place(at, last):
        return "", at, last
    if weight == 1 and not _counts(text, at, last):
        return None
    if word.gap == "comma" and text.surname(at - 1) and not before.possessive and (last == at or before.form == "CAPS"):
        return "surname_and_first_name", at - 1, last
    if word.form == "CAPS" and last == at:
        return None
    if word.follows and before.form == "Name" and before.follows and text.surname(at - 1) and not before.possessive:
        return "first_name_and_surname", at - 1, last
    return "first_name" if last == at else "first_name_and_surname", at, last


def _counts(text: _Text, at: int, last: int) -> bool:
    """Whether a first name that is an ordinary word too stands there as a name."""
    word, before, after = text.at(at), text.at(at - 1), text.at(last + 1)
    if last == at:
        listed = word.gap == "comma" and text.surname(at - 1) and not before.low.endswith(("ly", "wards", "wise"))
        goes_on = after.follows and not (after.form == "small" and after.low in VERBS)
        return listed and word.low not in PLACES and not goes_on
    if word.form == "CAPS" and ((word.follows and before.form == "CAPS") or (after.follows and after.form == "CAPS")):
        return False
    if word.low not in CALENDAR | PLACES:
        return text.surname(last) or text.at(last).low != "a"
    no_names = BEFORE_TIMES if word.low in CALENDAR else BEFORE_PLACES
    return text.surname(last) and not (word.follows and (before.low in no_names or before.low.isdigit()))


def _told_of(text: _Text, at: int) -> Name:
    """A pupil called Xyz, pupil Xyz Abc, her mother Xyz, the Xyz family: whatever the dictionary says."""
    word, before = text.at(at), text.at(at - 1)
    if word.form != "Name" or not word.follows or not text.surname(at):
        return None
    last = text.run(at)
    called = before.low in {"called", "named"} and {text.at(at - 2).low, text.at(at - 3).low} & PERSON
    person = before.low in PERSON and (last > at or before.low in KIN) and not (before.capital and before.follows)
    family = before.low == "the" and text.at(last + 1).follows and text.at(last + 1).among(FAMILY)
    told = called or person or family
    return None if not told or text.place(at, last) else ("family_name" if family else "named_person", at, last)


def _in_small_letters(text: _Text, at: int) -> Name:
    """Pupil jane doe, jane thomas: only after a word for a person, or where both words are first names."""
    word, before, after = text.at(at), text.at(at - 1), text.at(at + 1)
    if word.form != "small" or len(word.low) < 3 or text.weight(at) < 2:
        return None
    small = after.follows and after.form == "small" and len(after.low) > 2
    if small and text.weight(at + 1) == 2:
        return "first_name_and_surname", at, at + 1
    if not word.follows or before.low not in PERSON | {"called", "named"}:
        return None
    ends = not text.at(at + 2).follows or text.at(at + 2).low in VERBS
    both = small and ends and not after.among(NOT_SURNAMES)
    return ("first_name_and_surname", at, at + 1) if both else ("first_name", at, at)


RULES = (_saint, _titled, _initialled, _first_name, _told_of, _in_small_letters)


def _names(text: _Text) -> Iterator[tuple[str, tuple[int, int]]]:
    at = free = 0
    while at < len(text.words):
        word = text.words[at]
        known = word.low in text.first_names or word.low in FIRST_WORDS
        plain = word.form in {"small", "other"} or (word.form != "I" and word.among(NOT_SURNAMES))
        name = None if plain and not known else next(filter(None, (rule(text, at) for rule in RULES)), None)
        kind, first, last = name or ("", at, at)
        named = text.words[max(first, free) : last + 1]
        if kind and not all(word.allowed or word.low in TITLES for word in named):
            yield kind, (named[0].start, named[-1].end)
        free, at = (last + 1, last + 1) if name else (free, at + 1)


@lru_cache(maxsize=8)
def _phrases(allowed: frozenset[str]) -> re.Pattern[str]:
    given = [r"\s+".join(map(re.escape, phrase.split())) for phrase in sorted(allowed, key=len, reverse=True)]
    either = "|".join([*(re.sub("['’]", "['’]", phrase) for phrase in given if phrase), KNOWN])
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=8)
def _bare(first_names: frozenset[str]) -> frozenset[str]:
    return frozenset(map(bare, first_names))


def possible_names(text: str, first_names: frozenset[str], allowed: frozenset[str] = frozenset()) -> tuple[Found, ...]:
    """What looks like a personal name, by a dictionary of first names; `allowed` phrases are nobody’s."""
    words = tuple(words_of(text, (match.span() for match in _phrases(allowed).finditer(text))))
    points = {letter.lower() for letter in re.findall(r"(?:^|[.:;\n]\s)\s*+([A-Z])\.\s", text)}
    numbered = frozenset(letter for letter in points if {chr(ord(letter) - 1), chr(ord(letter) + 1)} & points)
    return located(text, _names(_Text(words, _bare(first_names), numbered)))


def without_names(text: str, first_names: frozenset[str], allowed: frozenset[str] = frozenset()) -> str:
    """The text without its findings, for papers that are given on: neither search finds anything in what is left."""
    while True:
        certain = [("identifier", (found.start, found.end)) for found in certain_identifiers(text)]
        names = [("name", (found.start, found.end)) for found in possible_names(text, first_names, allowed)]
        left_out = located(text, [*certain, *names])
        for found in reversed(left_out):
            text = f"{text[: found.start]}[{found.kind} left out]{text[found.end :]}"
        if not left_out:
            return text
