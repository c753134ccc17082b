"""A person and the roles that they hold. The id is opaque: it is what the event log knows of them."""

from dataclasses import dataclass

from domain.roles import ONE_FACTOR, Role, may, sees

SHOWN_ANOTHERS = ("incident", "governors_sheet")
"""Views of an incident that somebody else reported."""
EVERY_SCHOOL = None
"""In place of a school: a role held at every school of the installation."""


@dataclass(frozen=True, slots=True)
class Membership:
    """One role, held at one school or at every school."""

    role: Role
    school: str | None = EVERY_SCHOOL


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in."""

    id: str
    email: str
    name: str
    memberships: tuple[Membership, ...] = ()
    disabled: bool = False

    def roles_at(self, school: str) -> tuple[Role, ...]:
        """The roles held at that school, in the order of `Role`; none where it is not one of theirs."""
        held = {each.role for each in self.memberships if each.school in (school, EVERY_SCHOOL)}
        return tuple(role for role in Role if role in held)

    def sees_at(self, school: str, view: str) -> bool:
        """Whether one of the roles held at that school is shown that view."""
        return any(sees(role, view) for role in self.roles_at(school))

    def acts_as(self, school: str, command: str, *, own: bool = False) -> tuple[Role, ...]:
        """The roles held at that school that may ask for that command of an incident.

        Of an incident that somebody else reported, only those count that are shown it themselves: two roles of one
        person may not do together what neither may alone.
        """
        return tuple(
            role
            for role in self.roles_at(school)
            if may(role, command) and (own or any(sees(role, view) for view in SHOWN_ANOTHERS))
        )

    def role_for(self, school: str, command: str) -> Role | None:
        """The first role held at that school that may ask for that command; None where there is none."""
        return next((role for role in self.roles_at(school) if may(role, command)), None)

    def schools_seeing(self, view: str) -> frozenset[str] | None:
        """The schools at which they are shown that view; None stands for every school."""
        held = [each.school for each in self.memberships if sees(each.role, view)]
        return None if EVERY_SCHOOL in held else frozenset(school for school in held if school is not None)

    def sees_anywhere(self, view: str) -> bool:
        """Whether there is a school at which they are shown that view."""
        return any(sees(each.role, view) for each in self.memberships)

    @property
    def needs_second_factor(self) -> bool:
        """Whether a password alone is not enough: one of their roles sees personal data of others."""
        return any(each.role not in ONE_FACTOR for each in self.memberships)
