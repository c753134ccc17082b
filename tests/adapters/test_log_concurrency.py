"""Many write at once, connections break and databases lock: each version is won once, and nothing is lost."""

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Timer
from time import sleep
from typing import Any

import pytest
from eventsourcing.persistence import OperationalError

from adapters import event_log, log_sqlite
from adapters.event_log import EventLog
from adapters.hash_chain import next_seal
from adapters.keys import KeyRing, master_key
from tests.adapters.facts import HERE, THERE, at, noted
from tests.adapters.log_stores import DatabaseStore, PostgresStore, SQLiteStore, Store
from tests.adapters.log_writers import start_and_append, together, win

WRITERS = 4
WINS = 12


def assert_every_version_was_won_once(log: EventLog, won: list[list[int]]) -> None:
    """No version twice, none left out, every event the winner's, and the chain whole."""
    assert sorted(version for versions in won for version in versions) == list(range(1, WRITERS * WINS + 1))
    commands = {f"writer-{n}.{version}" for n, versions in enumerate(won) for version in versions}
    events = log.read(0, 1000)
    assert {event.command_id for event in events} == commands
    assert [event.position for event in events] == list(range(1, WRITERS * WINS + 1))
    assert tuple(events) == log.history(HERE)
    assert log.verify().whole


def test_each_version_is_won_by_one_thread(log: EventLog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads that act on one incident at once win each version once, lose nothing, and are in no one's way."""
    monkeypatch.setattr(event_log, "PAUSES", ())
    with ThreadPoolExecutor(WRITERS) as pool:
        won = list(pool.map(lambda n: win(log, f"writer-{n}", WINS), range(WRITERS)))
    assert_every_version_was_won_once(log, won)


def test_programs_that_start_together_share_one_log(database: DatabaseStore) -> None:
    """Four programs start for the first time at one moment, make one log and one key ring, and race like threads."""
    shared = database.directory / "shared"
    place = shared / "events.sqlite" if isinstance(database.place, Path) else database.place
    shared.mkdir()
    won = together(WRITERS, start_and_append, shared, place, WINS)
    keys = KeyRing.open(shared / "keys.sqlite", master_key(shared / "master.key"))
    log = EventLog.open(place, keys)
    assert_every_version_was_won_once(log, won)
    assert {event.fact for event in log.history(HERE)} == {noted(HERE).fact}
    log.close()
    keys.close()


def test_first_start_waits_for_another(database: DatabaseStore) -> None:
    """While another program makes the log or the key ring, a first start waits until that is done."""
    address = database.place if isinstance(database.place, str) else database.directory / "other-keys.sqlite"
    with ThreadPoolExecutor(2) as pool:
        with database.setting_up():
            starts: list[Future[Any]] = [pool.submit(database.open), pool.submit(KeyRing.open, address, bytes(32))]
            sleep(0.3)
            assert not any(start.done() for start in starts)
        for start in starts:
            start.result(10).close()


def test_event_that_commits_late_is_not_passed_over(database: DatabaseStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """While somebody's event is not yet committed, whoever comes later waits, so no reader sees past a hole."""
    monkeypatch.setattr(event_log, "PAUSES", ())
    log = database.open()
    log.append([noted(HERE, 1)])
    ((_p, _s, _v, topic, state, seal),) = database.rows()
    sealed = next_seal(seal, 2, b"100001/ABCDEFGH", 2, topic.encode(), state)
    with closing(database.connect()) as slow, ThreadPoolExecutor(1) as pool:
        slow.execute(database.insert(), (2, "100001/ABCDEFGH", 2, topic, state, sealed))
        later = pool.submit(log.append, [noted(THERE)])
        with pytest.raises(TimeoutError):
            later.result(0.3)
        assert [event.position for event in log.read(0, 9)] == [1]
        slow.commit()
        assert later.result(10) == (at(3, noted(THERE)),)
    assert database.rows()[1][0] == 2
    assert log.verify().events == 3


def test_locked_database_costs_another_try(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When another program holds SQLite's lock for longer than SQLite waits, the append is tried again."""
    monkeypatch.setattr(log_sqlite, "WAIT_SECONDS", 0.01)
    store = SQLiteStore(directory)
    log = store.open()
    with closing(store.connect()) as other:
        other.execute("BEGIN IMMEDIATE")
        timer = Timer(0.15, lambda: None)
        timer.start()
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(log.append, [noted(HERE)])
            timer.join()
            assert not waiting.done()
            other.execute("COMMIT")
            assert waiting.result(5) == (at(1, noted(HERE)),)
    store.close()


def test_database_that_stays_locked_is_the_worlds_fault(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a few tries the world's fault is reported as what it is, and is no refusal of the command."""
    monkeypatch.setattr(log_sqlite, "WAIT_SECONDS", 0.01)
    monkeypatch.setattr(event_log, "PAUSES", (0.01, 0.01))
    store = SQLiteStore(directory)
    log = store.open()
    with closing(store.connect()) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked"):
            log.append([noted(HERE)])
    assert log.append([noted(HERE)]) == (at(1, noted(HERE)),)
    store.close()


def test_lost_connections_cost_one_more_try(
    directory: Path, postgres_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When PostgreSQL drops every connection, neither reading nor appending fails, however many there were."""
    monkeypatch.setattr(event_log, "PAUSES", (0.1,))
    store = PostgresStore(directory, postgres_address)
    log = store.open()
    for version in (1, 2):
        with ExitStack() as several:
            for _ in range(4):
                several.enter_context(log._recorder.datastore.get_connection())  # type: ignore[attr-defined]
        _drop_connections(store)
        assert len(log.append([noted(HERE, version)])) == 1
        _drop_connections(store)
        assert len(log.history(HERE)) == version
    store.close()


def _drop_connections(store: PostgresStore) -> None:
    mine = "application_name = current_setting('application_name') AND pid <> pg_backend_pid()"
    dropped = store.execute(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {mine}")
    assert dropped, "there was a connection to drop"


class LosesOneAcknowledgement:
    """A recorder whose connection breaks just after it stored something."""

    def __init__(self, recorder: Any) -> None:
        self._recorder = recorder
        self._broken = False

    def insert_events(self, stored_events: Any, **_: Any) -> Any:
        """Stores, and then reports that it could not."""
        positions = self._recorder.insert_events(stored_events)
        if not self._broken:
            self._broken = True
            raise OperationalError("the connection was lost")
        return positions

    def __getattr__(self, name: str) -> Any:
        return getattr(self._recorder, name)


def test_lost_acknowledgement_is_no_one_elses_act(store: Store, log: EventLog) -> None:
    """Events that were stored although the connection broke are recognised as one's own."""
    unlucky = EventLog(LosesOneAcknowledgement(log._recorder), store.keys)
    assert unlucky.append([noted(HERE), noted(THERE)]) == (at(1, noted(HERE)), at(2, noted(THERE)))
    assert log.head() == 2
