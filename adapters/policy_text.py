"""A published breach policy read for what it says: the settings in its sentences, each with its line and an extract."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import get_args

from adapters.policy_phrases import ANYWHERE, CONTENTS, GROUNDS, NOT_TOLD, OF_BREACHES
from adapters.policy_sentences import Sentence, sentences
from adapters.policy_words import words
from domain.procedure import MessagePart, Setting, Statement, settled

LONGEST_EXTRACT = 220
LONGEST_LIST = 20
"""How many sentences after its first one may belong to a list."""
LOOK_BACK = 8
"""How many sentences away it may stand what a list is about, and how many back, to whom the paper goes."""

Found = Iterator[tuple[str, Setting]]

NUMBERS = {"one": 1, "two": 2, "three": 3, "five": 5, "seven": 7, "ten": 10, "fourteen": 14, "thirty": 30}
NUMBERS |= {"twenty-four": 24, "forty-eight": 48, "seventy-two": 72}
A_YEAR = 366 * 24
HOURS = {"hour": 1, "hr": 1, "day": 24, "week": 7 * 24, "month": 30 * 24}
SPAN = (
    rf"\b(?P<number>\d{{1,4}}|{'|'.join(NUMBERS)})(?: ?\(\d+\))?[ -]?"
    r"(?:(?P<kind>working|business|school|calendar|clock|consecutive)[ -])?(?P<unit>hour|hr|day|week|month)s?\b"
)
ANOTHER = r"(?:(?!\d[ -]?(?:\w+[ -])?(?:hour|hr|day|week|month))[^.;])"
A_SPAN = re.compile(SPAN, re.IGNORECASE)
ICO_THEN_SPAN = re.compile(rf"{words('ICO').pattern}(?P<gap>{ANOTHER}{{0,160}}?){SPAN}", re.IGNORECASE)
SPAN_THEN_ICO = re.compile(rf"{SPAN}(?P<gap>{ANOTHER}{{0,100}}?){words('ICO').pattern}", re.IGNORECASE)

STARTS = {
    "dpo_told": "(reported | passed | referred | known) to (the | our )?DPO | DPO (being | becoming | is | has been)",
    "awareness": "aware | awareness | known",
    "discovery": "discover~ | identif~ | detect~ | found | finding | learn~ | light | reported | notified | informed",
    "confirmation": "confirm~ | establish~ | verif~",
    "end_of_investigation": "investigat~ | decision | deciding | conclu~ | assess~",
    "occurrence": "BREACH | loss | theft | event | occur~ | happen~ | taking place",
}
"""What starts the clock, by the words after the hours; in this order, since “of the breach” may go on “being found”."""
FROM_WHEN = re.compile(r"\W*(?:of|from|after|following|since|when|once|at)\b", re.IGNORECASE)
RUNS = words("(clock | time limit | period | deadline | hours) (is | are )?(start~ | begin~ | run | runs | count~)")
CLAUSE_END = re.compile(r"[,;.]| (?:and|but|unless|if|so that) ")
IN_BRACKETS = re.compile(r",? ?\(?(?:where|if) (?:feasible|possible|practicable)\)?,?")

FREE_DAYS = {
    "weekends": "weekend~",
    "bank_holidays": "(bank | public) holiday~ | (and | or | excluding) holidays",
    "school_holidays": "school holiday~ | (and | or | excluding) holidays",
}
LEFT_OUT = (
    "(excluding | except | not including | not counting | not include | not count) .. (weekend~ | holiday~)"
    " | (weekend~ | holiday~) .. (are excluded | left out | not count | not counted | not included)"
)
COUNT_TOO = (
    "(including | include | includes | count | counts) .. (weekend~ | holiday~)"
    " | (weekend~ | holiday~) .. (count | counts | included)"
)
OUT_OF_HOURS = (
    "(outside | out of) (of | normal | school | office | working )*hours | out-of-hours"
    " | weekend~ | evening~ | holiday~"
)
NEXT_DAY = "(next | following | first) (working | school | business) day | on (their | his or her) return | reopens"
PROCESSORS_TELL = (
    "PROCESSORS ., (must | will | shall | should | required to | obliged to | expected to | has to | have to)"
    " (immediately | promptly | also )?(notify | inform | tell | report | alert)"
)
PROCESSORS_NEED_NOT = (
    "PROCESSORS ., (need not | not required to | not obliged to | not expected to) (notify | inform | tell | report)"
)
CHAIR_TOLD = "CHAIR .. (be | is | are) .. TELL | TELL .. CHAIR"
GOVERNORS_TOLD = "TELL .. (to | the | full | all) GOVERNORS | GOVERNORS .. (be | is | are) .. TELL"

PAPER = words(
    "report | notification | message | letter | email | e-mail | communication | TELL | DPO (will | must | should)"
)
CONTAINS = words(
    "include | includes | including | contain | contains | set out | sets out | state | states | cover | covers"
    " | describe | describes | give | gives"
    " | the following"
)


def statements(text: str) -> tuple[Statement, ...]:
    """Everything that the text is found to say, in its order."""
    whole = sentences(text)
    found: list[Statement] = []
    for position, sentence in enumerate(whole):
        found += _phrased(sentence)
        found += [_statement(sentence.line, setting, value, sentence.text) for setting, value in _said(sentence)]
        found += _listed(whole, position)
    return settled(found)


def _statement(line: int, setting: str, value: Setting, text: str, place: int = 0) -> Statement:
    """A statement with its extract: of a long sentence, what stands around the place."""
    begin = 0 if place < LONGEST_EXTRACT // 2 else text.find(" ", place - LONGEST_EXTRACT // 2) + 1
    short = text[begin : begin + LONGEST_EXTRACT]
    if begin + LONGEST_EXTRACT < len(text):
        short = short.rsplit(" ", 1)[0] + " …"
    return Statement(setting=setting, value=value, line=line, extract=f"… {short}" if begin else short)


def _has(phrase: str, text: str) -> bool:
    return words(phrase).search(text) is not None


def _phrased(sentence: Sentence) -> Iterator[Statement]:
    """What one sentence says in a known phrase."""
    for phrases in (ANYWHERE, OF_BREACHES if sentence.about_breaches else {}):
        for setting, ways in phrases.items():
            for way in ways:
                if (place := way.place_in(sentence.text)) is not None:
                    yield _statement(sentence.line, setting, way.value, sentence.text, place)


def _said(sentence: Sentence) -> Found:
    """What one sentence says in figures, or by who is told how soon."""
    text = sentence.text
    yield from _complaint_days(text)
    if sentence.about_breaches:
        for finder in (_window, _clock, _free_days, _processors, _out_of_hours, _chair, _governors):
            yield from finder(text)


def _hours(span: re.Match[str]) -> float:
    number = span["number"].lower()
    return float(min((NUMBERS.get(number) or int(number)) * HOURS[span["unit"].lower()], A_YEAR))


def _window(text: str) -> Found:
    """How long the school has for telling the ICO, how that is counted, and what starts it."""
    span = ICO_THEN_SPAN.search(text) or SPAN_THEN_ICO.search(text)
    if span is None or not _has("TELL", text) or _has("complain~ | PROCESSORS", text[: span.start("number")]):
        return
    if _has("and (?!freedoms)[^.;]*PEOPLE", span["gap"]) or _has("(will | may | aims)(?! be)", span["gap"][:10]):
        return  # the time is for the people concerned, or the ICO's own
    if hours := _hours(span):
        yield "window_hours", hours
    kind, unit = (span["kind"] or "").lower(), span["unit"].lower()
    if kind in ("working", "business", "school"):
        day = "school_days" if kind == "school" else "working_days"
        yield "window_counted_in", "working_hours" if unit in ("hour", "hr") else day
    elif kind:
        yield "window_counted_in", "consecutive_hours"
    after = IN_BRACKETS.sub("", text[span.end("unit") :]).lstrip("s")
    start = _start(after) if FROM_WHEN.match(after) else None
    before = text[: span.start("number")]
    if start := start or ("awareness" if _has("aware", before) else None):
        yield "clock_starts_at", start


def _clock(text: str) -> Found:
    """What starts the clock, in a sentence of its own."""
    if runs := RUNS.search(text):
        after = text[runs.end() :]
        if FROM_WHEN.match(after) and (start := _start(after)):
            yield "clock_starts_at", start


def _start(after: str) -> str | None:
    clause = CLAUSE_END.split(after, maxsplit=1)[0]
    return next((start for start, phrase in STARTS.items() if _has(phrase, clause)), None)


def _free_days(text: str) -> Found:
    """Whether weekends and holidays are left out of the period, or count."""
    if not _has("hours | period | clock | deadline | time limit | days", text):
        return
    if _has(LEFT_OUT, text) and not _has("not excluded | not left out", text):
        if days := tuple(day for day, phrase in FREE_DAYS.items() if _has(phrase, text)):
            yield "window_leaves_out", days
    elif _has(COUNT_TOO, text):
        yield "window_counted_in", "consecutive_hours"


def _processors(text: str) -> Found:
    """When a processor has to tell the school."""
    if _has(PROCESSORS_NEED_NOT, text):
        yield "processor_tells", "not_required"
    elif duty := words(PROCESSORS_TELL).search(text):
        ico = words("ICO").search(text, duty.end())
        rest = text[duty.start() : ico.start() if ico else None]
        span = A_SPAN.search(rest)
        if span and (hours := _hours(span)):
            yield "processor_hours", hours
        soon = "without_undue_delay" if _has("SOON", rest) else None
        yield "processor_tells", soon or ("in_a_set_time" if span else "no_time_limit")


def _out_of_hours(text: str) -> Found:
    """How staff report outside working hours."""
    if _has(OUT_OF_HOURS, text) and _has("TELL | begin | start | act | done", text):
        if _has(NEXT_DAY, text):
            yield "out_of_hours", "next_working_day"
        elif _has("SOON", text):
            yield "out_of_hours", "as_soon_as_practicable" if _has("as soon as", text) else "at_once"
    elif _has(f"TELL .. ({NEXT_DAY})", text) and not _has("ICO | PEOPLE | PROCESSORS", text):
        yield "out_of_hours", "next_working_day"


def _chair(text: str) -> Found:
    """When the chair of governors is told."""
    if _has(CHAIR_TOLD, text) and not _has("complain~ | by (the )?CHAIR | CHAIR DECIDES", text):
        yield "chair_told", _how_soon(text)


def _governors(text: str) -> Found:
    """When the governing body is told."""
    others = words("CHAIR").sub("chair", text)
    if _has(GOVERNORS_TOLD, others) and not _has("complain~ | by (the )?GOVERNORS", others):
        yield "governors_told", _how_soon(others)


def _how_soon(text: str) -> str:
    if _has("next .. meeting~", text):
        return "next_meeting"
    if A_SPAN.search(text) or _has("same day | end of the (school | working )?day", text):
        return "in_a_set_time"
    return "without_delay" if _has("SOON", text) else "no_time_limit"


def _complaint_days(text: str) -> Found:
    """In how many days a complaint is acknowledged."""
    if (
        _has("complain~", text)
        and _has("acknowledg~", text)
        and (span := A_SPAN.search(text))
        and (hours := _hours(span))
    ):
        yield "complaint_days", hours / HOURS["day"]
        if (kind := (span["kind"] or "").lower()) in ("working", "business", "school"):
            yield "complaint_days_are", "school_days" if kind == "school" else "working_days"


def _listed(whole: Sequence[Sentence], position: int) -> Iterator[Statement]:
    """What a sentence and the points below it say together: what a paper contains, and when people are not told."""
    first = whole[position]
    if not any(each.about_breaches for each in whole[max(0, position - LOOK_BACK) : position + LOOK_BACK]):
        return
    setting = _paper(whole, position)
    untold = _has(NOT_TOLD, first.text)
    if setting is None and not untold:
        return
    points = [first.text, *(each.text for each in _points(whole, position))]
    extract = f"{points[0].rstrip(':')}: {'; '.join(points[1:])}" if points[1:] else points[0]
    if setting:
        asked = get_args(MessagePart) if setting == "message_contains" else tuple(CONTENTS)
        parts = tuple(part for part in asked if any(_has(CONTENTS[part], point) for point in points))
        if len(parts) > 1:  # one part alone is a remark, not a list
            yield _statement(first.line, setting, parts, extract)
    if untold and (grounds := tuple(key for key, phrase in GROUNDS.items() if _has(phrase, " ".join(points)))):
        yield _statement(first.line, "exemptions", grounds, extract)


def _points(whole: Sequence[Sentence], position: int) -> Iterator[Sentence]:
    """The points of the list that a sentence opens; without marks of their own, the sentences that read like points."""
    first = whole[position]
    after = whole[position + 1 : position + 1 + LONGEST_LIST]
    if after and after[0].mark not in (None, first.mark):
        return takewhile(lambda each: each.mark not in (None, first.mark), after)
    opens = first.text.endswith((":", "following", "include", "contain"))
    return takewhile(lambda each: opens and any(_has(phrase, each.text) for phrase in CONTENTS.values()), after)


def _paper(whole: Sequence[Sentence], position: int) -> str | None:
    """Which paper's content the sentence gives: the report's to the ICO, or the message's to people."""
    text = whole[position].text
    contains = CONTAINS.search(text)
    if contains is None or not PAPER.search(text, 0, len(text) if "following" in contains[0] else contains.start()):
        return None
    earlier = [
        each.text for each in reversed(whole[max(0, position - LOOK_BACK) : position]) if _has("TELL", each.text)
    ]
    for said in (text[: contains.start()], *earlier):
        if _has("ICO", said):
            return "report_contains"
        if _has("PEOPLE", said):
            return "message_contains"
    return None
