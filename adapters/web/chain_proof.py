"""The proof of the log, asked for on a page: carried out by a thread, one at a time, its last verdict kept."""

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

BUSY = "A proof is being carried out; wait until it is done, then compare your code."


@dataclass
class Run:
    """One proof on its way, and what came of it: a verdict, a refusal of the code, or neither where it failed."""

    began_at: datetime
    against: str | None = None
    done: int = 0
    total: int = 0
    ended_at: datetime | None = None
    verdict: Verdict | None = None
    refusal: str | None = None
    over: Event = field(default_factory=Event)

    def progress(self, done: int, total: int) -> None:
        """Told how many events are proven, of how many."""
        self.done, self.total = done, total


class Proof:
    """Whoever asks while a proof is carried out is shown that one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.running: Run | None = None
        self.last: Run | None = None

    def begin(self, verify: Callable[[Progress, str | None], Verdict], against: str | None, clock: Clock) -> Run | None:
        """Starts a proof; None while another is carried out."""
        with self._lock:
            if self.running is not None:
                return None
            run = self.running = Run(clock(), against)
        Thread(target=self._carry_out, args=(run, verify, clock), name="proof", daemon=True).start()
        return run

    def _carry_out(self, run: Run, verify: Callable[[Progress, str | None], Verdict], clock: Clock) -> None:
        try:
            run.verdict = verify(run.progress, run.against)
            structlog.get_logger().info("log_proven", whole=run.verdict.whole, bad=run.verdict.first_bad_position)
        except Refused as refusal:
            run.refusal = str(refusal)
        except Exception as failure:  # noqa: BLE001 - the page says that it failed, whatever it was
            structlog.get_logger().error("proof_failed", failure=type(failure).__name__)
        with self._lock:
            run.ended_at, self.running = clock(), None
            self.last = self.last if run.refusal else run
        run.over.set()


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
    """Proves the log, and that it still has what a code kept outside says."""
    against = typed(form, "against")
    site.limiter.spend(OFTEN, "verify", visitor.person.id)
    log = site.tocsin.log
    run = proof_of(request).begin(log.verify, against or None, site.now)
    if run is None and against:
        return _page(request, log, visitor, 422, errors={"against": BUSY}, against=against)
    if run is not None:
        run.over.wait(PATIENCE)
        if run.refusal:
            return _page(request, log, visitor, 422, errors={"against": run.refusal}, against=against)
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
        replays=visitor.person.sees_anywhere("replay"),
    )
