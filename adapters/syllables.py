"""How many syllables a word has when it is said: vowels between pyphen's British hyphens, corrected for speech."""

import re
import unicodedata

import pyphen  # type: ignore[import-untyped]

_HYPHENS = pyphen.Pyphen(lang="en_GB")
_VOWELS = re.compile("[aeiouy]+")
_INITIALS = re.compile("(?![^AEIOU][AEIOU][^AEIOU])[A-Z]{2,3}")
"""Letters that are said one by one, such as ICO or NHS; PIN, NOT and whatever is longer are read as words."""

_SILENT_AT_THE_END = re.compile(
    "(?:[^aeiouylr]|[aeiouy][lr]|ll)e$"  # make, file; not table, centre
    "|(?:[^aeiouylrscgxzh]|[aeiouy][lr]|ll|[^cs]h)es$"  # files; not notices, wishes
    "|(?:[^aeiouylrtd]|[aeiouy][lr]|ll)ed$"  # called, opened; not wanted, handled
    "|(?:(?<!ar)g|q)ues?$"  # colleague, cheque; not argue
)
_SILENT_INSIDE = re.compile("[aeiouy][^aeiouy]+e$")
"""The e of state-ment and some-times: the end of a part that is not the last."""

_SILENT_BEFORE_LY = re.compile("[aeiouy][^aeiouy]+ely$")
_SPOKEN_APART = re.compile("(?<=[aeiouy][^aeiouy])ea$|eo$|(?<![ct])io$|iet|^bio|(?<=[aeiou])ing|sm$|thm$")
"""Area, video, radio, quiet, biometric, going; and the syllable without a vowel in criticism and rhythm."""

_HISSING = re.compile("(?:[sxz]|[cs]h|[csgz]e)$")
_NOT = ("could", "did", "does", "had", "has", "have", "is", "must", "need", "should", "was", "would")
"""With n’t they gain a syllable; can’t, don’t and their like do not."""

_ODD = {
    "business": 2,
    "businesses": 3,
    "evening": 2,
    "every": 2,
    "everybody": 4,
    "everyone": 3,
    "everything": 3,
    "everywhere": 3,
    "safety": 2,
    "telephone": 3,
    "telephones": 3,
    "telephoned": 3,
    "television": 4,
    "wednesday": 2,
}


def syllables(word: str) -> int:
    """The syllables of one word, at least one; letters that stand for a name are said one by one."""
    if _INITIALS.fullmatch(word):
        return sum(3 if letter == "W" else 1 for letter in word)
    plain = unicodedata.normalize("NFKD", word.lower().replace("’", "'"))
    return max(1, sum(map(_spoken, re.split("[-‐‑]", plain))))


def _spoken(word: str) -> int:
    stem, apostrophe, ending = word.partition("'")
    if apostrophe and ending == "t" and stem.removesuffix("n") in _NOT:
        return _spoken(stem.removesuffix("n")) + 1
    if apostrophe:
        return _spoken(stem) + (ending == "s" and _HISSING.search(stem) is not None)
    if word in _ODD:
        return _ODD[word]
    parts = _HYPHENS.inserted(word).split("-")
    heard = sum(len(_VOWELS.findall(part)) + len(_SPOKEN_APART.findall(part)) for part in parts)
    inside = sum(_SILENT_INSIDE.search(part) is not None for part in parts[:-1])
    ending_silent = _SILENT_AT_THE_END.search(word) or _SILENT_BEFORE_LY.search(word)
    return max(1, heard - inside - (ending_silent is not None)) if word else 0
