"""How often somebody may try to sign in. What was typed is counted, whether or not there is such an account."""

from contextlib import suppress
from dataclasses import dataclass
from threading import Lock

from fastapi import Request

from adapters.accounts import Person
from adapters.accounts.store import hashed
from adapters.web.letting_in import known_browser
from adapters.web.limiting import TooOften
from adapters.web.site import Site, address_of, session_of, site_of

PASSWORD, CODE, PASSKEY = "password", "code", "passkey"
ASKED_BY_ADDRESS = "120/minute"
"""How many challenges for passkeys one address, or one session, may have made: each is kept for five minutes."""
ANSWERED_BY_ADDRESS = "120/minute"
"""
Answers of passkeys from one address, where no password came before. Nobody guesses a signature: the limit keeps trying
from being free, and counts against nothing else.
"""
NOTED = "1/15 minute"
WAIT = "There were too many tries to sign in; wait 15 minutes, then try again."
SOON = "There were too many tries with a passkey; wait a minute, then try again."
_moving = Lock()
"""What counts takes several steps to count and to forget, and breaks where both happen to one key at once."""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries in a span of time."""

    most: int
    span: str

    def take(self, site: Site, *key: str) -> "Place":
        """A place for one try, for as long as the span lasts or until it is given back; raises `TooOften`."""
        for number in range(self.most):
            place = Place(f"1/{self.span}", (*key, str(number)))
            with _moving, suppress(TooOften):
                site.limiter.spend(place.limit, *place.key)
                return place
        raise TooOften

    def forget(self, site: Site, *key: str) -> None:
        """Gives every place back."""
        for number in range(self.most):
            Place(f"1/{self.span}", (*key, str(number))).give_back(site)


@dataclass(frozen=True, slots=True)
class Place:
    """The place of one try, which nobody else has meanwhile."""

    limit: str
    key: tuple[str, ...]

    def give_back(self, site: Site) -> None:
        """The try does not count."""
        with _moving:
            site.limiter.forget(self.limit, *self.key)


BY_ADDRESS_AND_ACCOUNT = Limit(10, "15 minute")
BY_ACCOUNT = Limit(30, "hour")
BY_ADDRESS = Limit(100, "hour")


@dataclass(frozen=True, slots=True)
class Tries:
    """
    The tries at one thing, such as the password, of one account from one address. A try counts from its beginning, so
    that many at once go over no limit, and no more once it proves right: a whole school can share an address.

    `browser` stands for a browser in which somebody signed in to that account before: its tries have a count of their
    own, so that strangers who try the account cannot keep its owner out. `by_address` says whether tries at other
    accounts from the same address count as well.
    """

    site: Site
    kind: str
    account: str
    address: str
    person: str | None = None
    browser: str = ""
    by_address: bool = False

    def begin(self) -> "Try":
        """Before anything is checked; raises `TooOften`."""
        taken: list[Place] = []
        try:
            if self.by_address:
                taken.append(BY_ADDRESS.take(self.site, "tries", self.address))
            taken.append(BY_ADDRESS_AND_ACCOUNT.take(self.site, *self._here))
            taken.append(BY_ACCOUNT.take(self.site, *self._anywhere))
        except TooOften:
            for place in taken:
                place.give_back(self.site)
            # Whoever is kept out by address could name a new account each time, and have a line for each.
            wave = self._here if taken or not self.by_address else (self.kind, self.address)
            note_once(self.site, "locked_out", self.person, self.address, self.kind, *wave)
            raise TooOften(WAIT) from None
        return Try(self, tuple(taken))

    def forget(self) -> None:
        """The tries before at this account count no more: those from here, and those of this browser or strangers."""
        BY_ADDRESS_AND_ACCOUNT.forget(self.site, *self._here)
        BY_ACCOUNT.forget(self.site, *self._anywhere)

    @property
    def _here(self) -> tuple[str, ...]:
        return (self.kind, hashed(self.account.casefold()), self.address)

    @property
    def _anywhere(self) -> tuple[str, ...]:
        return (self.kind, hashed(self.account.casefold()), hashed(self.browser) if self.browser else "")


@dataclass(frozen=True, slots=True)
class Try:
    """A try that is under way. It counts as wrong, unless it says otherwise."""

    tries: Tries
    places: tuple[Place, ...]

    def succeeded(self) -> None:
        """It was right: neither it nor the tries before count."""
        self.unchecked()
        self.tries.forget()

    def unchecked(self) -> None:
        """Nobody looked whether it was right, so it does not count."""
        for place in self.places:
            place.give_back(self.tries.site)


def tries_of(request: Request, kind: str, account: str, person: Person | None) -> Tries:
    """
    The tries of whoever asks. Somebody who holds a session of that very account is not stopped by what others try from
    the same address, and only the password is for everybody to try.
    """
    site, session = site_of(request), session_of(request)
    own = session if session and person and session.person.id == person.id else None
    browser = known_browser(request, person) if person else ""
    if own and own.enough:
        browser = browser or own.hash
    by_address = kind == PASSWORD and own is None
    return Tries(site, kind, account, address_of(request), person.id if person else None, browser, by_address)


def ask(site: Site, asker: str) -> None:
    """Counts a challenge that is made for an address or a session; raises `TooOften`."""
    try:
        site.limiter.spend(ASKED_BY_ADDRESS, "challenges", asker)
    except TooOften:
        raise TooOften(SOON) from None


def answer_alone(site: Site, address: str) -> None:
    """Counts an answer of a passkey where no password came before; raises `TooOften`."""
    try:
        site.limiter.spend(ANSWERED_BY_ADDRESS, "passkey answers", address)
    except TooOften:
        note_once(site, "locked_out", None, address, PASSKEY, "passkey answers", address)
        raise TooOften(SOON) from None


def note_once(site: Site, what: str, person: str | None, address: str, detail: str, *key: str) -> None:
    """A line in the log of sign-ins, once for each wave: whoever tries on and on must not fill it."""
    try:
        site.limiter.spend(NOTED, what, *key)
    except TooOften:
        return
    site.accounts.note(what, person, address, detail)
