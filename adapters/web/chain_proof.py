"""
The proof of the log, asked for on a page: carried out by a thread, one at a time, its last verdict kept.

The kept verdict is of the chain alone. How a code compares with it is told to whoever gave the code, once: a code that
was mistyped must not tell everybody that the log was forged.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event, Lock, Thread
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from adapters.clock import Clock
from adapters.event_log import EventLog, Verdict
from adapters.log_verification import Progress
from adapters.web.pages import Posted, page, see_other, typed
from adapters.web.site import TheSite, Visitor, must_see
from domain.errors import Refused

router = APIRouter()
SeesTheChain = Annotated[Visitor, Depends(must_see("chain"))]

OFTEN = "10/minute"
"""Proofs that one person may ask for: each reads the whole log."""
PATIENCE = 3.0
"""Seconds for which an answer waits for the verdict; of a longer log the page says how far it is."""

UNREAD = 100
"""Comparisons that are remembered until whoever asked has read them; of more, the oldest are forgotten."""

BUSY = "A proof is being carried out; wait until it is done, then compare your code."


@dataclass
class Run:
    """One proof of the chain on its way, and what came of it: a verdict, or none where it failed."""

    began_at: datetime
    done: int = 0
    total: int = 0
    ended_at: datetime | None = None
    verdict: Verdict | None = None
    over: Event = field(default_factory=Event)

    def progress(self, done: int, total: int) -> None:
        """Told how many events are proven, of how many."""
        self.done, self.total = done, total


@dataclass
class Comparison:
    """A code that somebody gave with a proof, for that person alone: refused, or compared with the log."""

    code: str
    run: Run
    refusal: str | None = None
    found: Verdict | None = None

    @property
    def fits(self) -> bool | None:
        """Whether the log has what the code says; None where the chain itself breaks first, or the proof failed."""
        if self.found is None or self.run.verdict is None:
            return None
        if self.found.whole:
            return True
        return None if self.found.sentence == self.run.verdict.sentence else False


Verifies = Callable[[Progress, str | None], Verdict]


class Proof:
    """Whoever asks while a proof is carried out is shown that one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.running: Run | None = None
        self.last: Run | None = None
        self._compared: OrderedDict[str, Comparison] = OrderedDict()

    def begin(self, verify: Verifies, against: str | None, clock: Clock, asker: str = "") -> Run | None:
        """Starts a proof; None while another is carried out. Only that asker is told how a code compares."""
        with self._lock:
            if self.running is not None:
                return None
            run = self.running = Run(clock())
            self._compared.pop(asker, None)
            comparison = Comparison(against, run) if against else None
            if comparison:
                self._compared[asker] = comparison
            if len(self._compared) > UNREAD:
                self._compared.popitem(last=False)
        Thread(target=self._carry_out, args=(run, comparison, verify, clock), name="proof", daemon=True).start()
        return run

    def told(self, asker: str) -> Comparison | None:
        """How the code of that asker compared, once it did; it is told once and not kept."""
        with self._lock:
            found = self._compared.get(asker)
            return self._compared.pop(asker) if found and found.run.over.is_set() else None

    def _carry_out(self, run: Run, comparison: Comparison | None, verify: Verifies, clock: Clock) -> None:
        refused = False
        try:
            run.verdict = _proven(run, comparison, verify)
            structlog.get_logger().info("log_proven", whole=run.verdict.whole, bad=run.verdict.first_bad_position)
        except Refused as refusal:
            refused = comparison is not None
            if comparison:
                comparison.refusal = str(refusal)
        except Exception as failure:  # noqa: BLE001 - the page says that it failed, whatever it was
            structlog.get_logger().error("proof_failed", failure=type(failure).__name__)
        with self._lock:
            run.ended_at, self.running = clock(), None
            self.last = self.last if refused else run
        run.over.set()


def _proven(run: Run, comparison: Comparison | None, verify: Verifies) -> Verdict:
    """The verdict of the chain alone; only where a code does not fit does that take a second reading."""
    if comparison is None:
        return verify(run.progress, None)
    comparison.found = verify(run.progress, comparison.code)
    return comparison.found if comparison.found.whole else verify(run.progress, None)


_first = Lock()


def proof_of(request: Request) -> Proof:
    """The proof of this installation, made when it is first asked for."""
    state = request.app.state
    with _first:
        if not hasattr(state, "proof"):
            state.proof = Proof()
    proof: Proof = state.proof
    return proof


@router.get("/audit/verify")
def shown(request: Request, site: TheSite, visitor: SeesTheChain) -> HTMLResponse:
    """The head of the chain, how far a proof is, and the last verdict."""
    return _page(request, site.tocsin.log, visitor)


@router.post("/audit/verify")
def verify(request: Request, site: TheSite, visitor: SeesTheChain, form: Posted) -> Response:
    """Proves the log; whoever gives a code that was kept outside is told whether the log still has it."""
    against, asker = typed(form, "against"), visitor.session.hash
    site.limiter.spend(OFTEN, "verify", visitor.person.id)
    log = site.tocsin.log
    proof = proof_of(request)
    run = proof.begin(log.verify, against or None, site.now, asker)
    if run is None and against:
        return _page(request, log, visitor, 422, errors={"against": BUSY}, against=against)
    if run is not None:
        run.over.wait(PATIENCE)
        if run.over.is_set() and run.verdict is None and (comparison := proof.told(asker)) and comparison.refusal:
            return _page(request, log, visitor, 422, errors={"against": comparison.refusal}, against=against)
    return see_other("/audit/verify")


def _page(
    request: Request,
    log: EventLog,
    visitor: Visitor,
    status: int = 200,
    errors: dict[str, str] | None = None,
    against: str = "",
) -> HTMLResponse:
    proof = proof_of(request)
    return page(
        request,
        "audit/proof.html",
        status,
        errors=errors or {},
        against=against,
        code=log.code(),
        head=log.head(),
        running=proof.running,
        last=proof.last,
        compared=proof.told(visitor.session.hash),
        replays=visitor.person.sees_anywhere("replay"),
    )
