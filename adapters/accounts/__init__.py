"""Who may sign in: people, the roles they hold at which schools, their sessions. Kept outside the event log."""

from adapters.accounts.people import Membership, Person
from adapters.accounts.store import Accounts, Session

__all__ = ["Accounts", "Membership", "Person", "Session"]
