r"""How a phrase is written: plain words, names for words that mean the same, and gaps; one pattern is made of it.

| Written | What it finds |
|---|---|
| `report` | the word itself, in capitals or not |
| `complain~` | any word that begins so |
| `ICO`, `TELL` | any of the words that `MEANING` gives to the name; other capitals are words like any other |
| `a .. b` | b not far after a, in the same sentence |
| `a ., b` | the same, with neither a comma nor “and” between them |
| `a .- b` | the same, without the regulator between them |
| `a .> b` | the same, with nobody told anything between them |
| `a \| b`, `(the )?a` | one or the other; with “the” or without |
"""

import re
from functools import cache

MEANING = {
    "ICO": "ICO | information commission~ | supervisory authority | the regulator | data protection regulator",
    "DPO": "DPO | data protection officer",
    "HEAD": "headteacher | head teacher | principal | head of school",
    "LEAD": "DPL | data protection lead",
    "GOVERNORS": "governors | governing body | governing board | trustees | trust board"
    " | board of (the )?(trustees | governors)",
    "CHAIR": "(chair | chairman | chairwoman | chairperson) of (the )?(GOVERNORS | board)",
    "PROCESSORS": "processor~ | supplier~ | third part~ | third-part~ | (service | software | cloud) provider~",
    "PEOPLE": "individual~ | data subject~ | parents | pupils | families | those affected"
    " | (affected | concerned) (people | persons) | (people | persons) (affected | concerned | whose)",
    "TELL": "notif~ | report | reports | reported | reporting | inform | informs | informed | informing"
    " | tell | tells | telling | told | alert~ | contact | contacts | contacted | contacting | communicat~"
    " | submit~ | reach | reaches | reached | refer | refers | referred",
    "BREACH": "breach | breaches | incident | incidents",
    "SERIOUS": "significant~ | serious~ | major | severe | substantial",
    "GRAVE_BREACH": "(reportable | notifiable | SERIOUS) (data | personal data )?BREACH",
    "FITTING": "(when | where | if | as | whenever | wherever) (it is | they are | considered | deemed | felt )*"
    "(appropriate | necessary | relevant)",
    "AFTER": "(?<!at )once | after | until | when | following | pending | as soon as",
    "INVESTIGATED": "investigat~ .. (complet~ | conclude~ | finish~ | over | ended)"
    " | (complet~ | conclusion | end) of (the | an | its | our )?(full | internal )?investigat~",
    "LOG": "log | logs | logged | register | record | records | recorded | document | documents | documented",
    "LOGGED": "logged | recorded | documented | log | register",
    "SOON": "immediately | at once | straightaway | straight away | without delay | without undue delay"
    " | as soon as | promptly | urgently",
    "WITHOUT_WAITING": "(not | never | without) .. (wait~ | delay~)",
    "COMPLAINTS_PROCEDURE": "(complaint | complaints) (procedure | policy)",
    "NEAR_MISS": "near miss~ | near-miss~",
    "DECIDES": "(will | should | must | shall | may | can | has to )?(then | also | always | ultimately )?"
    "(decide | decides | determine | determines"
    " | (make | makes | take | takes | has | have) the (final )?(decision | say))",
}
"""The names, and the words that each stands for."""

REACH = 80
"""How many characters of a sentence may lie in a gap."""

GAPS = {
    "..": rf"[^.;]{{0,{REACH}}}?",
    ".,": rf"(?:(?!\band\b)[^.;,]){{0,{REACH}}}?",
    ".-": rf"(?:(?!\bICO\b|\bInformation Commission)[^.;]){{0,{REACH}}}?",
    ".>": rf"(?:(?!\b(?:notif|inform(?!ation)|report|tell|told))[^.;]){{0,{REACH}}}?",
}
OPTIONAL = re.compile(r"\(([^()]*) \)([?*])")
"""The space before the bracket belongs to each of the words in it."""
TOKEN = re.compile(
    r" ?(?P<gap>\.[.,>-]) ?| ?(?P<bar>\|) ?|(?P<word>[A-Za-z]+(?:[_-][A-Za-z]+)*)(?P<open>~)?|(?P<group>\((?!\?))"
)


@cache
def words(phrase: str) -> re.Pattern[str]:
    """The pattern of a phrase."""
    return re.compile(_pattern(phrase, frozenset()), re.IGNORECASE)


def _pattern(phrase: str, inside: frozenset[str]) -> str:
    def part(token: re.Match[str]) -> str:
        if token["gap"]:
            return GAPS[token["gap"]]
        if token["bar"] or token["group"]:
            return token["bar"] or "(?:"
        word = token["word"]
        if word in MEANING and word not in inside:
            return f"(?:{_pattern(MEANING[word], inside | {word})})"
        return rf"\b{word}\w*" if token["open"] else rf"\b{word}\b"

    return TOKEN.sub(part, OPTIONAL.sub(r"((\1) )\2", phrase))
