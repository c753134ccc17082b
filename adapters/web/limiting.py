"""How often something may be asked: counted in memory, by a moving window."""

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter


class TooOften(Exception):
    """That was asked too often; wait a while, then try again."""


class Limiter:
    """Counts by a name and a key, such as a kind of request and an address."""

    def __init__(self) -> None:
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def spend(self, limit: str, *key: str) -> None:
        """Counts one use, such as of "5/minute"; raises `TooOften` when there is none left."""
        if not self._window.hit(parse(limit), *key):
            raise TooOften

    def left(self, limit: str, *key: str) -> bool:
        """Whether there is a use left; counts nothing."""
        return self._window.test(parse(limit), *key)

    def forget(self, limit: str, *key: str) -> None:
        """Gives every use back."""
        self._window.clear(parse(limit), *key)
