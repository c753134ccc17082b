"""A program that asks the API with somebody's token."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from starlette.testclient import TestClient

from adapters.accounts import Person
from adapters.accounts.tokens import issue_token
from domain.roles import Role
from tests.examples import URN
from tests.web.conftest import PUBLIC_URL, Town

API = "/api/v1"
BOTH = ("read", "act")


def secret_for(town: Town, person: Person, scopes: tuple[str, ...] = BOTH, **lasting: float) -> str:
    """A token of that person, for a day unless said otherwise."""
    ends_at = town.clock() + timedelta(**(lasting or {"days": 1}))
    return issue_token(town.site.accounts, person.id, "A program", scopes, ends_at, strong=True)


@dataclass
class Program:
    """Asks with one token; None asks without any."""

    town: Town
    secret: str | None = None

    def __post_init__(self) -> None:
        """Opens a client without cookies."""
        headers = {} if self.secret is None else {"Authorization": f"Bearer {self.secret}"}
        self.client = TestClient(self.town.app, base_url=PUBLIC_URL, headers=headers, follow_redirects=False)

    def get(self, path: str, headers: Any = None, **asked: Any) -> Any:
        """Reads."""
        return self.client.get(f"{API}{path}", headers=headers, params=asked or None)

    def post(self, path: str, headers: Any = None, **fields: Any) -> Any:
        """Sends fields as JSON."""
        return self.client.post(f"{API}{path}", headers=headers, json=fields)

    def act(self, ref: str, kind: str, headers: Any = None, **fields: Any) -> Any:
        """Asks for a command on an incident."""
        return self.post(f"/incidents/{ref}/commands/{kind}", headers, **fields)


def program(town: Town, role: Role | str, school: str = URN, scopes: tuple[str, ...] = BOTH) -> Program:
    """A program of whoever holds that role at that school."""
    return Program(town, secret_for(town, town.person(role, school), scopes))
