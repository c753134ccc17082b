"""People and how they sign in, for whoever runs Tocsin on the machine, and for whoever is locked out."""

import re
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape

from adapters.accounts import Accounts, Membership, Person
from adapters.accounts.granting import add, give, keep_out, let_in
from adapters.accounts.invitations import invite as make_link
from adapters.accounts.invitations import path_of
from adapters.accounts.oversight import KINDS, USES_OF_LINKS, lines, note_act
from adapters.accounts.people import EVERY_SCHOOL
from adapters.accounts.reach import GIVEN, managed
from adapters.accounts.store import PUBLIC_ADDRESS
from adapters.bootstrap import Tocsin
from adapters.cli.context import DATA, DataOption, UsageMistake, opened, out
from adapters.ports import Ports
from domain.errors import Refused
from domain.roles import Role
from projections.words import ROLES, short_moment

people = typer.Typer(
    name="people", help="Who may sign in: list, invite, give a new link, disable.", no_args_is_help=True
)

ADDRESS = re.compile(r"[^@\s,;<>\x00-\x1f]+@[^@\s,;<>\x00-\x1f]+")
LONGEST = 254
ZONE = ZoneInfo("Europe/London")
EmailArgument = Annotated[str, typer.Argument(metavar="EMAIL", help="The address with which they sign in.")]


class NoSuchPerson(Refused):
    """Nobody with that address is known; “tocsin people list” shows everybody."""


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    app.add_typer(people)


@people.command("list")
def list_(data: DataOption = DATA) -> None:
    """Everybody, with their roles."""
    with opened(data) as tocsin:
        for person in tocsin.accounts.people():
            found = managed(tocsin.accounts, None, person.id)
            state = "" if found is None or found.state == "held" else f"  ({found.state.replace('_', ' ')})"
            out.print(f"{escape(person.email)}  {escape(person.name)}{state}", soft_wrap=True)
            for each in found.roles if found else ():
                waits = "" if each.state == "held" else f" ({each.state.replace('_', ' ')})"
                out.print(f"    {ROLES[each.role]}, {each.school or 'every school'}{waits}", soft_wrap=True)


@people.command()
def invite(
    email: EmailArgument,
    name: Annotated[str, typer.Option(help="Their name.")],
    role: Annotated[list[Role], typer.Option(help="A role; give it again for a further one.")],
    school: Annotated[
        list[str] | None, typer.Option(metavar="URN", help="At this school; again for more; every school if left out.")
    ] = None,
    data: DataOption = DATA,
) -> None:
    """Give somebody roles; a one-time link to accept them with is printed where they wait until they are accepted."""
    if not ADDRESS.fullmatch(email) or len(email) > LONGEST:
        raise UsageMistake(f"“{email}” is not an e-mail address.")
    if wrong := [each for each in role if each not in GIVEN]:
        raise UsageMistake(f"Nobody can be given the role “{wrong[0]}”.")
    with opened(data) as tocsin:
        schools: list[str | None] = [tocsin.schools.known(each) for each in school or ()]
        roles = [Membership(each, where) for where in schools or [EVERY_SCHOOL] for each in role]
        known = tocsin.accounts.person_with_email(email)
        waiting = roles if known is None else give(tocsin.accounts, None, known.id, roles)
        id_ = known.id if known else add(tocsin.accounts, None, email, name, roles)
        for each in roles:
            note_act(tocsin.accounts, "role_given", id_, None, role=each)
        if waiting:
            if known is not None:
                out.print("They accept with this link: signed in as before, or choosing a new way to sign in.")
            _print_link(tocsin, id_)
        else:
            out.print("The roles were given; they sign in as before.")


@people.command()
def link(email: EmailArgument, data: DataOption = DATA) -> None:
    """Print a one-time link for somebody who cannot sign in; what let them in before ends when it is used."""
    with opened(data) as tocsin:
        _print_link(tocsin, _person(tocsin.accounts, email).id)


@people.command()
def disable(email: EmailArgument, data: DataOption = DATA) -> None:
    """Keep somebody out at once."""
    with opened(data) as tocsin:
        person = _person(tocsin.accounts, email)
        keep_out(tocsin.accounts, None, person.id, None)
        note_act(tocsin.accounts, "kept_out", person.id, None)
    out.print("Disabled; every session of theirs has ended.")


@people.command()
def enable(email: EmailArgument, data: DataOption = DATA) -> None:
    """Let somebody in again."""
    with opened(data) as tocsin:
        person = _person(tocsin.accounts, email)
        let_in(tocsin.accounts, None, person.id)
        note_act(tocsin.accounts, "let_in", person.id, None)
    out.print("Enabled; they sign in as before.")


@people.command("sign-ins")
def sign_ins(
    email: Annotated[str | None, typer.Argument(metavar="[EMAIL]", help="Of this person alone.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many, the newest first.")] = 50,
    data: DataOption = DATA,
) -> None:
    """What happened to accounts, the newest first."""
    with opened(data) as tocsin:
        person = _person(tocsin.accounts, email).id if email else None
        for line in lines(tocsin.accounts, None, person=person, limit=limit):
            what, where = KINDS.get(line.what, line.what), line.address or "this machine"
            by = f", {'link of' if line.what in USES_OF_LINKS else 'by'} {line.by}" if line.by else ""
            said = f"{short_moment(line.at, ZONE)}  {line.name or 'No account'}  {what}{by}  {where}"
            out.print(escape(said), soft_wrap=True)


def _person(accounts: Accounts, email: str) -> Person:
    found = accounts.person_with_email(email)
    if found is None:
        raise NoSuchPerson
    return found


def _print_link(tocsin: Tocsin, id_: str) -> None:
    secret = make_link(tocsin.accounts, id_, None)
    note_act(tocsin.accounts, "invitation_made", id_, None)
    site = tocsin.settings.public_url or tocsin.accounts.kept(PUBLIC_ADDRESS) or f"http://localhost:{Ports().web}"
    out.print(f"{site}{path_of(secret)}", soft_wrap=True)
    out.print("It works once, for seven days. Hand it over so that nobody else reads it.")
