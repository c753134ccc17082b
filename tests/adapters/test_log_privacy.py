"""Personal texts: sealed wherever the log stores them, erased with the incident's key, and shown in no error."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.event_log import EventLog
from adapters.faults import SealedTextDisplaced
from adapters.keys import KeyDestroyed
from domain.events.investigate import InvestigationStarted
from domain.personal import ERASED
from tests.adapters.facts import HERE, SUNDAY, THERE, any_fact, at, noted
from tests.adapters.log_stores import Store

CANARY = "Persephone Featherstonehaugh"


def test_shredding_erases_the_texts_and_nothing_else(store: Store, log: EventLog) -> None:
    """Once the key is destroyed the facts stay, the texts are gone, and the chain is as whole as before."""
    started = noted(HERE, 2).model_copy(update={"fact": InvestigationStarted(started_at=SUNDAY)})
    log.append([noted(HERE), started, noted(THERE)])
    before = log.verify()
    store.keys.shred(HERE)
    assert log.history(HERE) == (at(1, noted(HERE, note=ERASED)), at(2, started))
    assert log.read(2, 9) == [at(3, noted(THERE))]
    assert log.verify(against=before.code) == before


def test_erased_incident_takes_no_personal_text(store: Store, log: EventLog) -> None:
    """After erasure nothing personal can be added, while a fact without personal data still can."""
    log.append([noted(HERE)])
    store.keys.shred(HERE)
    with pytest.raises(KeyDestroyed):
        log.append([noted(HERE, 2, CANARY)])
    started = noted(HERE, 2).model_copy(update={"fact": InvestigationStarted(started_at=SUNDAY)})
    log.append([started])
    log.append([noted(HERE, 3, ERASED)])
    assert [event.version for event in log.history(HERE)] == [1, 2, 3]


@pytest.mark.parametrize("place", [(HERE, 2), (THERE, 1)])
def test_sealed_text_opens_only_where_it_was_sealed(store: Store, log: EventLog, place: tuple[str, int]) -> None:
    """A ciphertext that was moved to another version or incident is found out, and the error shows no text."""
    incident, version = place
    log.append([noted(HERE, 1, CANARY), noted(HERE, 2), noted(THERE, 1)])
    rows = store.rows()
    target = next(row for row in rows if (row[1], row[2]) == (incident.replace("-", "/"), version))
    target[4] = rows[0][4]
    store.rewrite(rows)
    with pytest.raises(SealedTextDisplaced, match=f"{incident}/{version} was altered or moved") as found:
        log.history(incident)
    assert CANARY not in str(found.value)


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(facts=st.tuples(*any_fact(st.just(CANARY), filled=True).values()))
def test_no_personal_text_reaches_the_disk(store: Store, facts: tuple[Any, ...]) -> None:
    """Of every field that may hold a person's name, in every kind of fact, nothing readable is stored."""
    log = store.open()
    start = len(log.history(HERE))
    log.append([noted(HERE, n).model_copy(update={"fact": fact}) for n, fact in enumerate(facts, start + 1)])
    assert [event.fact for event in log.history(HERE)[start:]] == list(facts)
    assert CANARY.encode() not in store.everything()
    assert b"incident.note_added" in store.everything()
