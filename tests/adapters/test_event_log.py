"""One contract for the event log in memory, in SQLite and in PostgreSQL."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.event_log import EventLog
from adapters.fact_mapper import Document
from adapters.faults import EventUnreadable, SchoolAndIncidentDisagree, VersionGap
from domain.errors import SomeoneElseActed
from domain.events import Recorded
from domain.events.discover import NoteAdded
from domain.personal import ERASED
from tests.adapters.facts import ELSEWHERE, HERE, THERE, any_fact, any_place, any_text, at, noted
from tests.adapters.log_stores import DatabaseStore, Store


def test_events_come_back_with_their_positions(log: EventLog) -> None:
    """What is appended comes back at once with the positions that the log gave it."""
    first, second = noted(HERE), noted(THERE)
    assert log.append([first, second]) == (at(1, first), at(2, second))
    assert log.append([noted(HERE, 2)]) == (at(3, noted(HERE, 2)),)


def test_history_is_of_one_incident_in_order(log: EventLog) -> None:
    """The history of an incident holds its events alone, in order, with their places in the whole log."""
    log.append([noted(HERE, 1), noted(THERE, 1), noted(HERE, 2)])
    assert log.history(HERE) == (at(1, noted(HERE, 1)), at(3, noted(HERE, 2)))
    assert log.history("100001-ZZZZZZZZ") == ()


def test_reading_goes_page_by_page(log: EventLog) -> None:
    """Pages follow each other by position, and after the last event comes an empty one."""
    log.append([noted(HERE, version) for version in (1, 2, 3)])
    assert [event.position for event in log.read(0, 2)] == [1, 2]
    assert [event.position for event in log.read(2, 2)] == [3]
    assert log.read(3, 2) == []


def test_head_is_the_last_position(log: EventLog) -> None:
    """An empty log ends at 0, and every event moves the end by one."""
    assert log.head() == 0
    log.append([noted(HERE), noted(THERE)])
    assert log.head() == 2


def test_school_sees_its_own_incidents(log: EventLog) -> None:
    """The incidents of a school are those of its number, and not of a number that begins like it."""
    longer = "1000011-ABCDEFGH"
    log.append([noted(THERE), noted(HERE), noted(HERE, 2), noted(ELSEWHERE), noted(longer)])
    assert log.incidents("100001") == [HERE, THERE]
    assert log.incidents("1000") == []
    assert log.incidents("") == []
    assert sorted(log.incidents()) == sorted([HERE, THERE, ELSEWHERE, longer])


def test_appending_nothing_changes_nothing(log: EventLog) -> None:
    """A repeated command leads to no events, and appending none is no error."""
    assert log.append([]) == ()
    assert log.head() == 0


def test_second_of_two_writers_is_refused(log: EventLog) -> None:
    """Who acts on a version that is taken is told that someone else acted, and nothing is stored."""
    log.append([noted(HERE, 1), noted(HERE, 2)])
    with pytest.raises(SomeoneElseActed):
        log.append([noted(HERE, 2, "Another note", command="another")])
    assert log.history(HERE)[-1] == at(2, noted(HERE, 2))


def test_batch_is_stored_whole_or_not_at_all(log: EventLog) -> None:
    """One incident that someone else acted on keeps the whole batch out."""
    log.append([noted(THERE)])
    with pytest.raises(SomeoneElseActed):
        log.append([noted(HERE), noted(THERE, command="another"), noted(ELSEWHERE)])
    assert (log.head(), log.incidents()) == (1, [THERE])


def test_national_alert_fits_one_transaction(log: EventLog) -> None:
    """One supplier's alert opens a case at each of 150 schools at once."""
    events = [noted(f"{100000 + n}-ABCDEFGH") for n in range(150)]
    assert [event.position for event in log.append(events)] == list(range(1, 151))
    assert [at(0, event) for event in log.read(0, 1000)] == events


def test_same_command_again_gives_what_it_recorded(log: EventLog) -> None:
    """A command that is carried out twice at once meets its own events, and that is no one else's act."""
    (stored,) = log.append([noted(HERE, note="First wording", command="once")])
    assert log.append([noted(HERE, note="Second wording", command="once")]) == (stored,)
    assert log.head() == 1


def test_version_gap_is_a_fault(log: EventLog) -> None:
    """An event that skips a version is the program's mistake, and no refusal that a person could put right."""
    log.append([noted(HERE)])
    for skipping in ([noted(HERE, 3)], [noted(THERE, 2)], [noted(HERE, 2), noted(HERE, 4)]):
        with pytest.raises(VersionGap):
            log.append(skipping)
    with pytest.raises(VersionGap):
        log.append([noted(THERE), noted(THERE)])
    assert log.head() == 1


def test_event_of_another_school_is_a_fault(log: EventLog) -> None:
    """An event must not name one school and stand in the stream of another."""
    with pytest.raises(SchoolAndIncidentDisagree):
        log.append([noted(HERE).model_copy(update={"school": "100002"})])


def test_stored_form_is_readable(store: Store, log: EventLog) -> None:
    """The topic is the fact's own name and the rest is JSON that a person can read in fifty years."""
    log.append([noted(HERE)])
    ((position, stream, version, topic, state, _seal),) = store.rows()
    assert (position, stream, version, topic) == (1, "100001/ABCDEFGH", 1, "incident.note_added")
    document = json.loads(state)
    assert document["fact"].pop("note").keys() == {"sealed"}
    assert document == {
        "schema": 1,
        "school": "100001",
        "recorded_at": "2026-11-22T09:30:00Z",
        "actor": {"id": "lead-1", "role": "dpl"},
        "command_id": f"{HERE}.1",
        "fact": {"kind": "incident.note_added"},
    }


def test_stray_environment_changes_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library's settings in the environment of whoever starts Tocsin do not touch what is stored."""
    stray = {
        "COMPRESSOR_TOPIC": "zlib",
        "CIPHER_KEY": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "CIPHER_TOPIC": "eventsourcing.cryptography:AESCipher",
        "MAPPER_TOPIC": "eventsourcing.persistence:Mapper",
        "TRANSCODER_TOPIC": "eventsourcing.persistence:JSONTranscoder",
        "ORIGINATOR_ID_TYPE": "uuid",
        "PERSISTENCE_MODULE": "eventsourcing.popo",
        "APPLICATION_RECORDER_TOPIC": "eventsourcing.popo:POPOApplicationRecorder",
        "CREATE_TABLE": "no",
        "SQLITE_DBNAME": ":memory:",
        "POSTGRES_SCHEMA": "public",
        "POSTGRES_ENABLE_DB_FUNCTIONS": "y",
    }
    for name, value in stray.items():
        for prefix in ("", "TOCSIN_", "STORED_", "INCIDENTS_"):
            monkeypatch.setenv(prefix + name, value)
    log = store.open()
    log.append([noted(HERE)])
    ((_position, stream, _version, topic, state, _seal),) = store.rows()
    assert (stream, topic, state[:30]) == ("100001/ABCDEFGH", "incident.note_added", b'{"schema":1,"school":"100001",')
    assert log.history(HERE) == (at(1, noted(HERE)),)


def test_log_is_there_after_a_restart(database: DatabaseStore) -> None:
    """A second start finds the events of the first."""
    first = database.open()
    first.append([noted(HERE)])
    first.close()
    second = database.open()
    assert second.history(HERE) == (at(1, noted(HERE)),)
    second.append([noted(HERE, 2)])
    assert second.verify().whole


def test_old_form_is_read_and_new_form_written(store: Store, log: EventLog) -> None:
    """An event of an earlier schema is brought up to date as it is read; the stored one is left as it was."""
    log.append([noted(HERE, 1)])
    store.rewrite([_with_document(row, _as_of_old) for row in store.rows()])
    with pytest.raises(EventUnreadable):
        log.history(HERE)
    upcasting = EventLog(log._recorder, store.keys, upcasters={("incident.note_added", 1): _to_second_schema})
    assert upcasting.history(HERE) == (at(1, noted(HERE, 1)),)
    upcasting.append([noted(HERE, 2)])
    assert [json.loads(row[4])["schema"] for row in store.rows()] == [1, 2]
    assert upcasting.history(HERE) == (at(1, noted(HERE, 1)), at(2, noted(HERE, 2)))


def test_form_of_a_newer_tocsin_is_not_guessed_at(store: Store, log: EventLog) -> None:
    """An event of a later schema than is known is refused by name."""
    log.append([noted(HERE)])
    store.rewrite([_with_document(row, lambda document: document | {"schema": 7}) for row in store.rows()])
    with pytest.raises(EventUnreadable, match="newer Tocsin"):
        log.history(HERE)


def _with_document(row: list[Any], change: Any) -> list[Any]:
    return [*row[:4], json.dumps(change(json.loads(row[4]))).encode(), row[5]]


def _as_of_old(document: Document) -> Document:
    return document | {"fact": {"kind": "incident.note_added", "remark": document["fact"]["note"]}}


def _to_second_schema(document: Document) -> Document:
    return document | {"fact": {"kind": "incident.note_added", "note": document["fact"]["remark"]}}


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(any_place(), st.one_of(*any_fact(any_text()).values())), min_size=1, max_size=5))
def test_whatever_is_appended_is_read_back_equal(store: Store, events: list[tuple[dict[str, Any], Any]]) -> None:
    """Any fact with any values, written by anyone, comes back equal and in order, from its history and from the log."""
    log = store.open()
    end, start = log.head(), len(log.history(HERE))
    given_events = [
        Recorded(school="100001", incident=HERE, version=version, fact=fact, **place)
        for version, (place, fact) in enumerate(events, start + 1)
    ]
    stored = log.append(given_events)
    assert [at(0, event) for event in stored] == given_events
    assert log.history(HERE)[start:] == stored
    assert log.read(end, 99) == list(stored)


def test_note_may_look_like_what_is_stored(log: EventLog) -> None:
    """A text that reads like the sealed form, or like the word for erased, is a text like any other."""
    texts = [ERASED, '{"sealed": "x"}', "\U0001f514 \x00 ä", "x" * 10_000]
    log.append([noted(HERE, version, text) for version, text in enumerate(texts, 1)])
    assert [event.fact for event in log.history(HERE)] == [NoteAdded(note=text) for text in texts]
