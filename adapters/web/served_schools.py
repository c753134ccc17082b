"""The schools that a person serves, by number and by name: one broken file must not break a page of many."""

from collections.abc import Callable

from adapters.accounts import Person
from adapters.web.site import Site
from domain.errors import Refused
from domain.roles import Role, sees


def numbers_where(site: Site, person: Person, suits: Callable[[Role], bool]) -> list[str]:
    """The numbers of the schools in the register at which one of the roles held by that person suits, in order."""
    held = {each.school for each in person.memberships if suits(each.role)}
    if not held:
        return []
    known = sorted(path.stem for path in site.tocsin.schools.folder.glob("*.yaml"))
    return known if None in held else [number for number in known if number in held]


def numbers_seeing(site: Site, person: Person, view: str) -> list[str]:
    """The numbers of the schools at which that person is shown that view, in order."""
    return numbers_where(site, person, lambda role: sees(role, view))


def name_of(site: Site, number: str) -> str:
    """The name of a school; its number where the file cannot be read."""
    try:
        return site.tocsin.schools.school(number).name
    except Refused:
        return f"School {number}"
