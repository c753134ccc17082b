"""How often somebody may try to sign in. What was typed is counted, whether or not there is such an account."""

from dataclasses import dataclass

from adapters.web.limiting import TooOften
from adapters.web.site import Site

BY_ADDRESS_AND_ACCOUNT = "10/15 minute"
BY_ACCOUNT = "30/hour"
BY_ADDRESS = "100/hour"
ASKED_BY_ADDRESS = "120/minute"
"""How many challenges for passkeys one address may have made: each is kept for five minutes."""
NOTED = "1/15 minute"
LONGEST_ACCOUNT = 254
WAIT = "There were too many tries to sign in; wait 15 minutes, then try again."


@dataclass(frozen=True, slots=True)
class Tries:
    """
    The tries at one thing, such as the password, of one account from one address. A whole school can share an address,
    so only the tries that fail count against it, and tries at the same moment may go over its limit by a few.
    """

    site: Site
    kind: str
    account: str
    address: str
    person: str | None = None

    def begin(self) -> None:
        """Before anything is checked; raises `TooOften`."""
        limiter = self.site.limiter
        try:
            if not limiter.left(BY_ADDRESS, "tries", self.address):
                raise TooOften
            if self.account:
                limiter.spend(BY_ADDRESS_AND_ACCOUNT, *self._here)
                limiter.spend(BY_ACCOUNT, *self._anywhere)
        except TooOften:
            self._note()
            raise TooOften(WAIT) from None

    def failed(self) -> None:
        """It was wrong."""
        if self.site.limiter.left(BY_ADDRESS, "tries", self.address):
            self.site.limiter.spend(BY_ADDRESS, "tries", self.address)

    def succeeded(self) -> None:
        """It was right: the tries before count no more."""
        self.site.limiter.forget(BY_ADDRESS_AND_ACCOUNT, *self._here)
        self.site.limiter.forget(BY_ACCOUNT, *self._anywhere)

    @property
    def _here(self) -> tuple[str, ...]:
        return (self.kind, self.account.casefold()[:LONGEST_ACCOUNT], self.address)

    @property
    def _anywhere(self) -> tuple[str, ...]:
        return self._here[:2]

    def _note(self) -> None:
        """Once for each wave: whoever tries on and on must not fill the log."""
        if self.site.limiter.left(NOTED, "locked out", *self._here):
            self.site.limiter.spend(NOTED, "locked out", *self._here)
            self.site.accounts.note("locked_out", self.person, self.address, self.kind)


def ask(site: Site, address: str) -> None:
    """Counts a challenge that is made; raises `TooOften`."""
    try:
        site.limiter.spend(ASKED_BY_ADDRESS, "challenges", address)
    except TooOften:
        raise TooOften(WAIT) from None
