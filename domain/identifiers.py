"""What always identifies a person in free text, by its form; and the words of a text, each with its place."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import Literal, NamedTuple

from domain.quantities import Value

Span = tuple[int, int]


class Found(Value):
    """Where something stands in a text, and never what: `start` and `end` are offsets, `word` counts from 1."""

    kind: str
    start: int
    end: int
    word: int


def located(text: str, kinds: Iterable[tuple[str, Span]]) -> tuple[Found, ...]:
    """The findings in their order, each with the number of its first word; what overlaps is one finding."""
    starts = [word.start() for word in re.finditer(r"\S+", text)]
    merged: list[tuple[str, Span]] = []
    for kind, (start, end) in sorted(kinds, key=lambda found: (found[1][0], -found[1][1])):
        if merged and start < merged[-1][1][1]:
            first, (began, ended) = merged[-1]
            merged[-1] = first, (began, max(ended, end))
        else:
            merged.append((kind, (start, end)))
    return tuple(Found(kind=kind, start=s, end=e, word=bisect_right(starts, s)) for kind, (s, e) in merged)


ALONE = r"(?<![\w£€$#@+])(?<![0-9][-./,:])"
"""Before a number: it is no part of a longer number, of a date or of a sum of money."""
NO_CODE = r"(?<!\w[-/])"
ENDS = r"(?![\w@])(?![-/:]\w|[.,][0-9])"
GAP = "[ \u00a0.-]{0,2}"

# Ranges of [0-9], not \d: the check digits are computed, and other scripts' digits are not used on these documents.
EMAIL = re.compile(r"(?<![\w.!#$%&'*+/=?^`{|}~-])[\w.!#$%&'*+/=?^`{|}~-]++@[\w-]++(?:\.[\w-]++)+")
# Nine or ten digits after the 0, grouped as people group them (Ofcom, National Telephone Numbering Plan); nine in the
# Netherlands; from abroad up to fifteen with the country's own (ITU-T E.164).
PHONE = re.compile(
    rf"""{ALONE}(?:
        (?:\+|00)(?:44|31){GAP}(?:\(0\))?(?:{GAP}[()]?[0-9]){{9,10}}
        | \+[1-9](?:{GAP}[()]?[0-9]){{9,14}}
        | (?=\(?0[1235678])(?:
            \(?0[0-9]{{2}}\)?{GAP}[0-9]{{3,4}}{GAP}[0-9]{{4}}
            | \(?0[0-9]{{3}}\)?{GAP}[0-9]{{3}}{GAP}[0-9]{{3,4}}
            | \(?0[0-9]{{4}}\)?{GAP}(?:[0-9]{{3}}{GAP}[0-9]{{2,3}}|(?:[0-9]{{2}}{GAP}){{2}}[0-9]{{1,2}})
            | \(?0[0-9]{{5}}\)?{GAP}[0-9]{{4,5}}
            | 06{GAP}(?:[0-9]{{8}}|[0-9]{{4}}{GAP}[0-9]{{4}}|(?:[0-9]{{2}}{GAP}){{3}}[0-9]{{2}})
        )
    ){ENDS}""",
    re.VERBOSE,
)
# A letter and twelve digits, or eleven and a letter while it is temporary: Department for Education, "Unique pupil
# numbers (UPNs): a guide for schools and local authorities". One letter more is a slip that still tells who it is.
UPN = re.compile(
    r"(?<![\w@])[A-Z](?:[0-9]{11}|[ -][0-9]{3}[ -]?[0-9]{4}[ -]?[0-9]{2}[ -]?[0-9]{2})[0-9A-Z][A-Z]?(?![\w@])",
    re.IGNORECASE,
)
# HM Revenue and Customs, National Insurance Manual NIM39110: letters and prefixes that are never given out.
NATIONAL_INSURANCE = re.compile(
    r"(?<![\w@])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
    r"(?:[ -]?[0-9]{2}){3}[ -]?[A-D](?![\w@])",
    re.IGNORECASE,
)
NHS = re.compile(ALONE + NO_CODE + r"[0-9]{3}([ -]?)[0-9]{3}\1[0-9]{4}" + ENDS)
BSN = re.compile(ALONE + NO_CODE + r"[0-9]{9}" + ENDS)
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
DATE = rf"""(?:
    [0-9]{{1,4}}\s?[-/.]\s?[0-9]{{1,2}}\s?[-/.]\s?[0-9]{{2,4}}
    | [0-9]{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH}\b\.?(?:,?\s+(?:[0-9]{{4}}|['’]?[0-9]{{2}})\b)?
    | {MONTH}\.?\s+[0-9]{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+[0-9]{{4}}\b)?
)"""
BIRTH = r"(?:d\.?\s?o\.?\s?b\b\.?|date\s+of\s+birth|birth\s?date|birthday(?:\s+is)?(?:\s+on)?)"
DATE_OF_BIRTH = re.compile(
    rf"""(?<![\w@])(?:
        {BIRTH}[\s:=(–—-]{{0,4}}(?:(?:is|was)\s+)?(?:the\s+)?{DATE}
        | (?:born|b\.)[\s:(]{{0,4}}(?:on\s+)?(?:the\s+)?{DATE}
        | {DATE}[\s,(]{{1,3}}{BIRTH}
    )(?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)
STREET = (
    r"(?:road|rd|street|st|lane|ln|avenue|ave|close|drive|way|crescent|court|place|terrace|gardens|grove|hill|row|walk)"
)
POSTCODE = r"[A-Z]{1,2}[0-9][A-Z0-9]?\s?[0-9][A-Z]{2}"
PART = r"(?:[A-Z][\w.'’-]*+|of|the|on|upon|by|in|le|de|and|under)"
# "30 pupils at EX1 1AA" is no address: the words between are capitalised, or a kind of street follows the number.
HOME = re.compile(
    rf"""(?<![\w@./:-])[0-9]{{1,4}}[A-Za-z]?(?:\s?[-/–]\s?[0-9]{{1,4}}[A-Za-z]?)?
    ,?\s{{1,3}}(?!(?i:{MONTH}))(?:
        (?=[A-Z])(?:{PART}(?:\s?,\s{{0,2}}|\s{{1,3}})){{1,10}}
        | (?i:(?:[a-z][\w'’-]*+\s+){{1,3}}{STREET}\b\.?\s?,?\s{{0,3}}(?:[a-z][\w'’-]*+(?:\s?,\s{{0,2}}|\s+)){{0,4}})
    )(?i:{POSTCODE})(?!\w)""",
    re.VERBOSE,
)


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def _is_nhs_number(match: re.Match[str]) -> bool:
    """Modulus 11 (NHS Data Model and Dictionary, NHS NUMBER); ten times the same digit is a dummy."""
    digits = [int(digit) for digit in _digits(match[0])]
    check = -sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return check == digits[9] and len(set(digits)) > 1


def _is_bsn(match: re.Match[str]) -> bool:
    """The eleven-test of the citizen service number (burgerservicenummer), whose last digit weighs minus one."""
    digits = [int(digit) for digit in match[0]]
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(a * b for a, b in zip(digits, weights, strict=True)) % 11 == 0 and len(set(digits)) > 1


def _is_home(match: re.Match[str]) -> bool:
    """A number that counts years, rooms and the like is not a house's."""
    before = match.string[max(0, match.start() - 8) : match.start()]
    return not re.search(r"(?i)\b(?:year|class|room|week|stage|phase|group)\s$", before)


def _always(_: re.Match[str]) -> bool:
    return True


CERTAIN: tuple[tuple[str, str, re.Pattern[str], Callable[[re.Match[str]], bool]], ...] = (
    ("email_address", "an e-mail address", EMAIL, _always),
    ("date_of_birth", "a date of birth", DATE_OF_BIRTH, _always),
    ("address", "a home address", HOME, _is_home),
    ("upn", "a Unique Pupil Number", UPN, _always),
    ("national_insurance_number", "a National Insurance number", NATIONAL_INSURANCE, _always),
    ("phone_number", "a telephone number", PHONE, _always),
    ("nhs_number", "an NHS number", NHS, _is_nhs_number),
    ("bsn", "a Dutch citizen service number", BSN, _is_bsn),
)


def _certain(text: str) -> Iterator[tuple[str, Span]]:
    for kind, _, pattern, holds in CERTAIN:
        yield from ((kind, match.span()) for match in pattern.finditer(text) if holds(match))


def certain_identifiers(text: str) -> tuple[Found, ...]:
    """What always identifies: e-mail and home addresses, dates of birth, telephone and personal numbers."""
    return located(text, _certain(text))


def in_words(found: Found) -> str:
    """A finding as people read it, without the text itself: “an e-mail address (word 7)”."""
    said = {kind: words for kind, words, *_ in CERTAIN}
    return f"{said.get(found.kind, 'what looks like a name')} (word {found.word})"


class Word(NamedTuple):
    """A word of a text; `low` is without capitals and accents, `end` is before a possessive ’s."""

    start: int
    end: int
    low: str
    form: Literal["Name", "CAPS", "I", "small", "other"]
    """Capitalised, all in capitals, one capital letter, in small letters; or with digits, or like ParentPay."""
    gap: Literal["space", "line", "stop", "comma", "edge"]
    """What stands before it: a space, a line’s end, a full stop, a comma, or anything else."""
    possessive: bool
    allowed: bool
    """Whether it belongs to a phrase that is given as nobody’s name."""

    @property
    def follows(self) -> bool:
        """Whether only a space or a line’s end parts it from the word before."""
        return self.gap in {"space", "line"}

    @property
    def capital(self) -> bool:
        """Whether it is capitalised and more than an initial."""
        return self.form in {"Name", "CAPS"}

    def among(self, words: frozenset[str]) -> bool:
        """Whether it, or what it is the plural of, is in a list."""
        return self.low in words or self.low.removesuffix("s") in words


LETTERS = r"(?:[^\W_]++|[\u0300-\u036f]++)++"
APOSTROPHES = "'’‘ʼ`"
WORD = re.compile(rf"{LETTERS}(?:[{APOSTROPHES}‐‑-]{LETTERS})*")
LEFT_OUT = re.compile(r"\[(?:name|identifier) left out\]")
CAMEL = re.compile(r"(?!Ma?c|De|Di|Du|La|Le|Van|Fitz)[A-Z][^\W\d_]*[a-z][A-Z]")
SMALL_PREFIX = re.compile(rf"(?:al|el|ul|ad|d|o)[{APOSTROPHES}‐‑-][^\W\d_]")
BARE = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "‐": "-", "‑": "-"} | dict.fromkeys(APOSTROPHES, "'"))


def bare(word: str) -> str:
    """A word without capitals and accents, as a dictionary of first names is asked for it: Zoë is zoe."""
    if word.isascii():
        return word.lower()
    parts = unicodedata.normalize("NFKD", word.casefold().translate(BARE))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _form(word: str) -> Literal["Name", "CAPS", "I", "small", "other"]:
    if word.isalpha() and word.islower():
        return "small"
    if any(map(str.isdigit, word)) or CAMEL.match(word):
        return "other"
    if len(word) > 2 and word[-1] == "s" and word[:-1].isupper():  # UPNs
        return "other"
    if word.isupper():
        return "I" if len(word) == 1 else "CAPS"
    if word[0] != word[0].lower() or (word != word.lower() and SMALL_PREFIX.match(word)):
        return "Name"
    return "small"


def _gap(between: str) -> Literal["space", "line", "stop", "comma", "edge"]:
    if between == " ":
        return "space"
    if not between or len(between) > 3 or between.count("\n") > 1:
        return "edge"
    mark = between.strip(" \t\r\n\u00a0_")
    if not mark:
        return "line" if "\n" in between else "space"
    return "stop" if mark == "." else "comma" if mark == "," else "edge"


def words_of(text: str, allowed: Iterable[Span]) -> Iterator[Word]:
    """The words in their order, without certain identifiers and what was left out; `allowed` marks phrases."""
    marks = bytearray(len(text))
    apart = [(found.start, found.end) for found in certain_identifiers(text)]
    apart += [match.span() for match in LEFT_OUT.finditer(text)]
    for mark, spans in ((b"a", allowed), (b"x", apart)):
        for start, end in spans:
            marks[start:end] = mark * (end - start)
    before = -1
    for match in WORD.finditer(text):
        (start, end), word = match.span(), match[0]
        possessive = word[-1] in "sS" and len(word) > 2 and word[-2] in APOSTROPHES
        word = word[:-2] if possessive else word
        found = marks[start : start + len(word)].strip(b"a")
        if b"x" in found:
            continue
        gap = "edge" if before < 0 else _gap(text[before:start])
        yield Word(start, start + len(word), bare(word), _form(word), gap, possessive, allowed=not found)
        before = end


def word_set(words: str) -> frozenset[str]:
    """The words of a list."""
    return frozenset(words.split())


COMMON = word_set(
    "a an the red left this that these those it its they them their he him his she her we us our you your i me my who"
    " which what when where why how and or but so yet if then as at by for from in into of off on onto out over to up"
    " with within without about after all am any are be before both can could did do does during every had has have"
    " here however instead last later like many might more most much must next no not now one only other please shall"
    " should some there today was were while would yes first third two three four five six seven eight nine ten eleven"
    " twelve meanwhile following previous monday tuesday wednesday thursday friday saturday sunday january february"
    " march april may june july august september october november december mon tue wed thu thurs fri sat sun jan feb"
    " mar apr jun jul aug sep sept oct nov dec spring summer autumn winter easter christmas halloween diwali eid term"
    " half inset holiday weekend pm time north south east west new great st saint holy trinity"
)
SCHOOL_WORDS = word_set(
    "headteacher head deputy assistant acting lead leader manager officer director chair clerk governor governing"
    " secretary administrator admin bursar business data protection dpo dpl sendco senco safeguarding designated"
    " children adult staff member office governance reception tutor mentor nurse supply visitor community public"
    " family families learning education educational teaching training english maths mathematics science history"
    " geography french german spanish welsh music drama dance ict pe re pshe rse religion studies design technology"
    " phonics reading writing spelling literacy food sport games gcse btec exam mark sheet list register record file"
    " folder email e-mail mail letter message text account password login laptop ipad chromebook phone stick memory"
    " cctv system website web page portal app platform network database spreadsheet document privacy policy policies"
    " procedure information personal special breach incident log risk impact assessment security cyber access request"
    " gdpr ico dfe ofsted nhs camhs ehcp ehc send pp fsm eal mat la upn urn dob id hr pta ta sltl ks1 ks2 eyfs nqt"
    " premium census results free meal lunch breakfast trip visit bus attendance behaviour exclusion detention"
    " timetable homework assembly newsletter photo medical health allergy care support needs disability social local"
    " government department home work copy copies board committee meeting action audit point transition finance"
    " payroll payment card safe early help chief executive junior sixth post pre high internet online national union"
    " royal british european uk england scotland wales britain world safety suite progress rock tech psych"
)
PRODUCTS = word_set(
    "google microsoft outlook word excel powerpoint sharepoint onedrive gmail zoom apple android chrome safari"
    " firefox adobe acrobat canva dropbox wetransfer facebook instagram whatsapp tiktok snapchat twitter youtube"
    " amazon alexa sims arbor bromcom scholarpack capita parentpay parentmail scopay classcharts charts dojo tapestry"
    " seesaw showbie satchel edulink evolve cpoms safeguard provision insight fft aspire wonde sodexo chartwells"
    " caterlink kahoot hegarty sparx seneca timestables rockstars mathletics purple mash lexia accelerated reader"
    " renaissance nessy frog moodle kooth twinkl oak iris sam lightspeed sophos norton barracuda samsung dell hp canon"
    " bt sky virgin vodafone tesco sainsbury morrisons dhl evri sage"
)
NO_NAMES = COMMON | SCHOOL_WORDS | PRODUCTS
"""What people write with a capital beside a first name and is no surname."""
