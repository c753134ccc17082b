"""First names as pupils and their families have them, in Latin letters; read only when the names check is used."""

from functools import cache
from importlib import import_module
from pathlib import Path

from domain.identifiers import bare

LOCALES = (
    *("en_GB", "en_IE", "ga_IE", "en_NZ", "en_US", "en_IN", "en_PK", "en_NG", "yo_NG", "ig_NG", "ha_NG", "tw_GH"),
    *("en_KE", "sw", "zu_ZA", "pl_PL", "ro_RO", "lt_LT", "lv_LV", "hu_HU", "cs_CZ", "sk_SK", "hr_HR", "tr_TR"),
    *("pt_PT", "pt_BR", "es_ES", "fr_FR", "fr_DZ", "it_IT", "de_DE", "nl_NL", "nl_BE", "sv_SE"),
)
"""Whose lists of `faker` are read: the larger communities in British and Dutch schools, where written in Latin."""
LISTS = ("first_names", "first_names_female", "first_names_male", "first_names_nonbinary")
CORRECTIONS = Path(__file__).with_suffix(".txt")


@cache
def first_names() -> frozenset[str]:
    """The names without capitals and accents: what `faker` knows, with our own added and ordinary words taken away."""
    lines = CORRECTIONS.read_text(encoding="utf-8").splitlines()
    own = [word for line in lines if not line.startswith("#") for word in line.split()]
    names = {word for word in own if not word.startswith("-")}
    for locale in LOCALES:
        # The provider and not faker's factory, which would make a whole faker of every kind of data first.
        provider = import_module(f"faker.providers.person.{locale}").Provider
        given = (part.strip(".") for kind in LISTS for name in getattr(provider, kind, ()) for part in name.split())
        names.update(bare(part) for part in given if len(part) > 2 and part[0].isupper())
    return frozenset(name for name in names - {word[1:] for word in own if word.startswith("-")} if name.isascii())
