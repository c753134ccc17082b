"""Pages: the desk, an incident and the staff report over HTTP, beside a bare application that serves the same bytes."""

import multiprocessing
import socket
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, sleep

import httpx2
import uvicorn
from fastapi import FastAPI, Response
from rich.progress import Progress

from adapters.accounts import Accounts, Membership
from adapters.accounts.report_links import link_of
from adapters.bootstrap import Settings, Tocsin
from adapters.schools import SAMPLE
from adapters.web import Health, web_app
from adapters.web.site import COOKIE, Site
from benchmarks.measuring import Figure, Notes, Side, in_turn, timed
from benchmarks.sizes import Sizes
from domain.commands import command_named
from domain.commands.discover import ReportIncident
from domain.roles import Actor, Role

HOST = "127.0.0.1"
CONNECTIONS = 4
OPEN_INCIDENTS = 40
"""More than one page of the desk holds."""
FEW, MANY = (2, 12), (6, 50)
"""Rounds, and pages asked for in one of them: to try it out, and for a figure."""
STARTS_WITHIN = 60.0
"""Seconds."""
FLOOR = "a bare FastAPI application on uvicorn, four connections kept alive: the same bytes, ready made"


@dataclass(frozen=True)
class Town:
    """An installation with open incidents, and how its pages are asked for."""

    folder: Path
    paths: dict[str, str]
    cookie: str


def pages(progress: Progress, sizes: Sizes) -> list[Figure]:
    """A figure for each page: how many a second, and in the notes how long the slowest twentieth takes."""
    rounds, asked = FEW if sizes.quick else MANY
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tocsin-bench-")))
        town = _town(folder)
        ours = stack.enter_context(_served(_serve_ours, folder))
        headers = {"Cookie": f"{COOKIE}={town.cookie}"}
        bodies = {name: _page(ours, path, headers) for name, path in town.paths.items()}
        bare = stack.enter_context(_served(_serve_bare, bodies))
        both = (stack.enter_context(_client(ours, headers)), stack.enter_context(_client(bare, {})))
        return [_figure(progress, town, name, len(bodies[name]), both, (rounds, asked)) for name in town.paths]


def _figure(
    progress: Progress,
    town: Town,
    name: str,
    size: int,
    both: tuple[httpx2.Client, httpx2.Client],
    counts: tuple[int, int],
) -> Figure:
    (ours, bare), (rounds, asked) = both, counts
    waits: tuple[list[float], list[float]] = ([], [])
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        our_side = _side(pool, ours, town.paths[name], asked, waits[0])
        floor = _side(pool, bare, f"/{name}", asked, waits[1])
        our_side(), floor()  # both connections open, every template read
        for wait in waits:
            wait.clear()
        turns = in_turn(progress, f"page_{name}", rounds, our_side, floor)
    slow, floors_slow = (quantiles(wait, n=20)[-1] for wait in waits)
    notes: Notes = {
        "bytes": size,
        "connections": CONNECTIONS,
        "open_incidents": OPEN_INCIDENTS,
        "p95_milliseconds": round(slow * 1000, 2),
        "floor_p95_milliseconds": round(floors_slow * 1000, 2),
        "p95_ratio": round(slow / floors_slow, 2),
        "median_milliseconds": round(median(waits[0]) * 1000, 2),
    }
    return Figure(f"page_{name}", "pages", FLOOR, None, rounds * asked, turns, notes)


def _side(pool: ThreadPoolExecutor, client: httpx2.Client, path: str, asked: int, waits: list[float]) -> Side:
    def wait(address: str) -> float:
        began = perf_counter()
        answer = client.get(address)
        assert answer.status_code == 200, f"{address} answered {answer.status_code}"
        return perf_counter() - began

    return lambda: timed(asked, lambda: waits.extend(pool.map(wait, repeat(path, asked))))


def _page(address: str, path: str, headers: dict[str, str]) -> bytes:
    with _client(address, headers) as client:
        answer = client.get(path)
    assert answer.status_code == 200, f"{path} answered {answer.status_code}"
    return answer.content


def _client(address: str, headers: dict[str, str]) -> httpx2.Client:
    limits = httpx2.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    return httpx2.Client(base_url=address, headers=headers, limits=limits, timeout=30, trust_env=False)


def _town(folder: Path) -> Town:
    """A school with open incidents, one of them further on, and its Data Protection Lead signed in."""
    with closing(Tocsin(Settings.of(folder))) as tocsin:
        tocsin.schools.add_sample()
        lead = tocsin.accounts.add_person("lead@school.example", "The lead", [Membership(Role.LEAD, SAMPLE.id)])
        by = Actor(id=lead.id, role=Role.LEAD)
        reported = ReportIncident(what_happened="A laptop with pupils’ files is missing", services=("A laptop",))
        refs = [tocsin.report(reported, SAMPLE.id, by)[0].incident for _ in range(OPEN_INCIDENTS)]
        for ref in refs[::2]:
            tocsin.act(command_named("confirm_breach", {"basis": "It is not encrypted"}), ref, by)
        for number in range(10):
            note = command_named("add_note", {"note": f"Note {number}: the office was asked again"})
            tocsin.act(note, refs[0], by)
        tocsin.views.catch_up()
        cookie = tocsin.accounts.open_session(lead.id, strong=True)
        paths = {"desk": "/desk", "incident": f"/incidents/{refs[0]}", "report": _report(tocsin.accounts)}
    return Town(folder, paths, cookie)


def _report(accounts: Accounts) -> str:
    return f"/report/{link_of(accounts, SAMPLE.id)}"


@contextmanager
def _served(serve: "Callable[[socket.socket, Served], None]", what: "Served") -> Iterator[str]:
    """A server in a process of its own, until the end; its address."""
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:  # only then asyncio sends without delay
        listening.bind((HOST, 0))
        address = f"http://{HOST}:{listening.getsockname()[1]}"
        process = multiprocessing.get_context("spawn").Process(target=serve, args=(listening, what), daemon=True)
        process.start()
    try:
        _wait_for(address, process.is_alive)
        yield address
    finally:
        process.terminate()
        process.join()


Served = Path | dict[str, bytes]
"""A data folder, or pages by their names."""


def _wait_for(address: str, alive: Callable[[], bool]) -> None:
    ends = perf_counter() + STARTS_WITHIN
    while alive() and perf_counter() < ends:
        try:
            httpx2.get(f"{address}/healthz", trust_env=False)
        except httpx2.TransportError:
            sleep(0.05)
        else:
            return
    raise RuntimeError("a server did not start")


def _serve_ours(listening: socket.socket, folder: Served) -> None:
    assert isinstance(folder, Path)
    with closing(Tocsin(Settings.of(folder))) as tocsin:
        site = Site(tocsin, tocsin.accounts, f"http://{HOST}")
        well = Health(temporal=True, head=0, relayed=0, viewed=0, open_incidents=0, running_clocks=0)
        _run(web_app(site, lambda: well), listening)


def _serve_bare(listening: socket.socket, bodies: Served) -> None:
    assert isinstance(bodies, dict)
    app = FastAPI(openapi_url=None)
    for name, body in {**bodies, "healthz": b"ok"}.items():
        app.add_api_route(f"/{name}", _answering(body))
    _run(app, listening)


def _answering(body: bytes) -> "Callable[[], object]":
    async def answer() -> Response:
        return Response(body, media_type="text/html; charset=utf-8")

    return answer


def _run(app: FastAPI, listening: socket.socket) -> None:
    uvicorn.Server(uvicorn.Config(app, access_log=False, log_level="warning")).run(sockets=[listening])
