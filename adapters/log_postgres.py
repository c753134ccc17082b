"""The event log in PostgreSQL: sealed in the transaction that appends, append-only and without gaps by trigger."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from eventsourcing.persistence import InterfaceError, Notification, OperationalError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore, PostgresFactory
from eventsourcing.utils import Environment
from psycopg.rows import dict_row, tuple_row
from psycopg.sql import Identifier

from adapters.faults import VersionGap
from adapters.first_start import SETTING_UP
from adapters.hash_chain import EMPTY, GENESIS, Head, SealedRow, sealed
from domain.errors import Refused

GAP = "23G01"
"""The SQLSTATE that the trigger gives a version gap; class 23 is that of integrity errors."""

TABLE = """
    CREATE TABLE {events} (
        notification_id bigint NOT NULL UNIQUE,
        originator_id text COLLATE "C" NOT NULL,
        originator_version bigint NOT NULL,
        topic text NOT NULL,
        state bytea NOT NULL,
        seal bytea NOT NULL,
        PRIMARY KEY (originator_id, originator_version)
    )
"""
REFUSE_CHANGE = """
    CREATE FUNCTION {refuse_change}() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the event log is append-only'; END $$
"""
APPEND_ONLY = """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {events}
    EXECUTE FUNCTION {refuse_change}()
"""
REFUSE_TURN = """
    CREATE FUNCTION {refuse_turn}() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        last_version bigint := (SELECT max(originator_version) FROM {events} WHERE originator_id = NEW.originator_id);
        last_position bigint := (SELECT max(notification_id) FROM {events});
    BEGIN
        IF NEW.originator_version > 1 + coalesce(last_version, 0) THEN
            RAISE EXCEPTION 'an event''s version must follow the last of its stream' USING ERRCODE = '{gap}';
        ELSIF NEW.originator_version <> 1 + coalesce(last_version, 0)
           OR NEW.notification_id <> 1 + coalesce(last_position, 0) THEN
            RAISE EXCEPTION 'that version or position is taken' USING ERRCODE = 'unique_violation';
        END IF;
        RETURN NEW;
    END $$
"""
IN_TURN = "CREATE TRIGGER in_turn BEFORE INSERT ON {events} FOR EACH ROW EXECUTE FUNCTION {refuse_turn}()"

LOCK = """
    BEGIN ISOLATION LEVEL READ COMMITTED;
    SET LOCAL lock_timeout = '10s';
    LOCK TABLE {events} IN EXCLUSIVE MODE;
    SELECT notification_id, seal FROM {events} ORDER BY notification_id DESC LIMIT 1
"""
INSERT = """
    INSERT INTO {events} (notification_id, originator_id, originator_version, topic, state, seal)
    SELECT * FROM unnest(%b::bigint[], %b::text[], %b::bigint[], %b::text[], %b::bytea[], %b::bytea[])
    WHERE %b = coalesce((SELECT seal FROM {events} ORDER BY notification_id DESC LIMIT 1), %b)
"""
SELECT = "SELECT {columns} FROM {events} WHERE {where}"
COLUMNS = "notification_id, originator_id, originator_version, topic, state"


class SchemaMissing(Refused):
    """The PostgreSQL address leads to no schema: create it, or correct the address."""


class PostgresRecorder(PostgresApplicationRecorder):
    """The library's table with a seal, and positions without gaps: a row goes in right behind the one before it."""

    def __init__(self, datastore: PostgresDatastore, *, events_table_name: str = "stored_events") -> None:
        super().__init__(datastore, events_table_name=events_table_name)
        self._events = Identifier(datastore.schema, events_table_name).as_string()
        self._last_seen = EMPTY
        functions = {
            name: Identifier(datastore.schema, f"{events_table_name}_{name}").as_string()
            for name in ("refuse_change", "refuse_turn")
        }
        self._create = [
            statement.format(events=self._events, gap=GAP, **functions)
            for statement in (TABLE, REFUSE_CHANGE, APPEND_ONLY, REFUSE_TURN, IN_TURN)
        ]

    def create_table(self) -> None:
        """Once, and by one of however many start together."""
        there = "SELECT 1 FROM pg_tables WHERE schemaname = %s AND tablename = %s"
        with self._connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
            if cursor.execute(there, (self.datastore.schema, self.events_table_name)).fetchone():
                return
            with connection.transaction():
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", (SETTING_UP,))
                if not cursor.execute(there, (self.datastore.schema, self.events_table_name)).fetchone():
                    for statement in self._create:
                        cursor.execute(statement)

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int]:
        """
        One round trip while nobody else appends: the rows go in only behind the very event that they were sealed after.
        Otherwise the head is read anew, under the table's lock.
        """
        with self._connection() as connection:
            try:
                head = self._insert_after(connection, self._last_seen, stored_events)
            except psycopg.IntegrityError:
                head = None
            self._last_seen = head = head or self._insert_locked(connection, stored_events)
        return range(head.position - len(stored_events) + 1, head.position + 1)

    def _insert_after(
        self, connection: psycopg.Connection[Any], head: Head, stored_events: Sequence[StoredEvent]
    ) -> Head | None:
        rows = list(sealed(head, stored_events))
        columns = [list(column) for column in zip(*rows, strict=True)]
        insert = INSERT.format(events=self._events)
        done = connection.execute(insert, [*columns, head.seal, GENESIS], prepare=True)
        return Head(rows[-1][0], rows[-1][-1]) if done.rowcount else None

    def _insert_locked(self, connection: psycopg.Connection[Any], stored_events: Sequence[StoredEvent]) -> Head:
        with _undone(connection):
            head = self._insert_after(connection, self._lock(connection), stored_events)
            connection.commit()
        assert head is not None, "under the lock the head does not move"
        return head

    def _lock(self, connection: psycopg.Connection[Any]) -> Head:
        """Whoever appends waits here, so positions become visible in their order and no reader passes one over."""
        with connection.cursor(row_factory=tuple_row) as cursor:
            row = cursor.execute(LOCK.format(events=self._events)).set_result(-1).fetchone()
        return Head(*row) if row else EMPTY

    def page(self, after: int, limit: int) -> Sequence[Notification]:
        """Positions have no gaps and become visible in their order, so none is ever passed over."""
        return self._notifications("notification_id > %s ORDER BY notification_id LIMIT %s", after, limit)

    def history(self, stream: str) -> Sequence[Notification]:
        """One query, positions and all."""
        return self._notifications("originator_id = %s ORDER BY originator_version", stream)

    def streams(self, start: str, stop: str) -> Sequence[str]:
        """A scan of a range of the index: every stream has exactly one first version."""
        where = "originator_version = 1 AND originator_id >= %s AND originator_id < %s ORDER BY originator_id"
        return [row[0] for row in self._rows("originator_id", where, start, stop)]

    def head(self) -> Head:
        """The last row of the table."""
        rows = self._rows("notification_id, seal", "TRUE ORDER BY notification_id DESC LIMIT 1")
        return Head(*rows[0]) if rows else EMPTY

    def sealed_page(self, after: int | None, limit: int) -> Sequence[SealedRow]:
        """Texts as bytes, since that is what is sealed."""
        stream, topic = (f"convert_to({column}, 'UTF8')" for column in ("originator_id", "topic"))
        columns = f"notification_id, {stream}, originator_version, {topic}, state, seal"
        where = "notification_id >= %s ORDER BY notification_id LIMIT %s"
        return self._rows(columns, where, -(2**63) if after is None else after + 1, limit)

    def _notifications(self, where: str, *values: int | str) -> list[Notification]:
        return [
            Notification(id=position, originator_id=stream, originator_version=version, topic=topic, state=state)
            for position, stream, version, topic, state in self._rows(COLUMNS, where, *values)
        ]

    def _rows(self, columns: str, where: str, *values: int | str) -> list[Any]:
        select = SELECT.format(columns=columns, events=self._events, where=where)
        with self._connection() as connection, connection.cursor(row_factory=tuple_row, binary=True) as cursor:
            return cursor.execute(select, values, prepare=True).fetchall()

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection[Any]]:
        """When one connection is lost the others mostly are as well, so all are looked at before the next try."""
        try:
            with self.datastore.get_connection() as connection:
                yield connection
        except (InterfaceError, OperationalError):
            self.datastore.pool.check()
            raise


class PostgresLogFactory(PostgresFactory):
    """The library's factory with the sealing recorder."""

    application_recorder_class = PostgresRecorder


def open_postgres(url: str) -> tuple[PostgresRecorder, PostgresLogFactory]:
    """The recorder of the first schema on the address's search path, where the first start makes the table."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT current_schema()").fetchone()
    if not row or row[0] is None:
        raise SchemaMissing
    settings = {
        **dict.fromkeys(("POSTGRES_DBNAME", "POSTGRES_HOST", "POSTGRES_USER", "POSTGRES_PASSWORD"), ""),
        "POSTGRES_SCHEMA": row[0],
        "POSTGRES_POOL_SIZE": "1",
        "POSTGRES_MAX_OVERFLOW": "9",
        "POSTGRES_CONNECT_TIMEOUT": "5",
        "ORIGINATOR_ID_TYPE": "text",
        "CREATE_TABLE": "yes",
    }
    factory = PostgresLogFactory(Environment("tocsin", settings))
    factory.datastore.pool.conninfo = url  # whole: its parts alone would lose TLS, certificates and the search path
    factory.datastore.pool.kwargs = {"row_factory": dict_row}
    recorder = factory.application_recorder()
    assert isinstance(recorder, PostgresRecorder)
    return recorder, factory


@contextmanager
def _undone(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Rolls back what failed, and names a gap."""
    try:
        yield
    except BaseException as error:
        if not connection.broken:
            connection.rollback()
        if isinstance(error, psycopg.Error) and error.sqlstate == GAP:
            raise VersionGap from error
        raise
