"""`tocsin up`: everything in one process and one child, started in order, stopped in the reverse order."""

import asyncio
import contextlib
import fcntl
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path

import structlog
import uvicorn
from eventsourcing.persistence import PersistenceError
from temporalio.client import Client
from temporalio.service import RPCError

from adapters.accounts.invitations import first_link
from adapters.accounts.report_links import link_of
from adapters.accounts.store import PUBLIC_ADDRESS
from adapters.bootstrap import Tocsin
from adapters.ports import NAMESPACE, PartEnded, Ports
from adapters.relay import Relay, RelayPosition
from adapters.temporal_client import connect, connect_embedded, prepare_namespace
from adapters.temporal_server import DataFolderInUse, PortTaken, TemporalServer
from adapters.web import Health, web_app
from adapters.web.site import Site
from adapters.worker import THREADS, breach_worker

VIEW_SECONDS = 0.5


async def up(
    tocsin: Tocsin,
    ports: Ports,
    say: Callable[[str], None],
    temporal_address: str | None = None,
    namespace: str | None = None,
) -> None:
    """Runs until Ctrl-C or SIGTERM; raises when a part ends by itself."""
    with _alone(tocsin.settings.data), _listening(ports.web) as web_socket:
        tocsin.accounts.keep(PUBLIC_ADDRESS, _address(tocsin, ports.web))
        async with _temporal(tocsin, ports, temporal_address, namespace) as (client, watch):
            await _serve(tocsin, client, web_socket, watch, lambda: say(_ready(tocsin, ports, temporal_address)))


def _ready(tocsin: Tocsin, ports: Ports, temporal_address: str | None) -> str:
    school, link = next(iter(tocsin.schools.schools()), None), first_link(tocsin.accounts)
    pages = f"http://127.0.0.1:{ports.temporal_ui}" if temporal_address is None else f"those of {temporal_address}"
    program, data = os.path.relpath(sys.argv[0]), tocsin.settings.data
    number, address = school.id if school else "URN", _address(tocsin, ports.web)
    first = f"  First sign-in   {address}{link}\n" if link else ""
    report = f"  Staff report    {address}/report/{link_of(tocsin.accounts, number)}\n" if school else ""
    return (
        f"Tocsin is running. Data folder: {data}\n"
        f"  Pages           {address}\n{first}{report}"
        f"  Health          http://127.0.0.1:{ports.web}/healthz\n"
        f"  Temporal pages  {pages}\n"
        "In another terminal:\n"
        f'  Report   {program} do report_incident --data {data} --school {number} --as staff what_happened="…"\n'
        f"  Look     {program} clocks --data {data}\n"
        f"  Help     {program} commands\n"
        "Whoever can run these commands on this machine acts in the role that --as names; everybody else signs in.\n"
        "Ctrl-C stops Tocsin."
    )


def _address(tocsin: Tocsin, port: int) -> str:
    """Where the pages are reached. A passkey belongs to a host's name, and a number is none: hence “localhost”."""
    return tocsin.settings.public_url or f"http://localhost:{port}"


async def _serve(
    tocsin: Tocsin, client: Client, web_socket: socket.socket, watch: TemporalServer | None, ready: Callable[[], None]
) -> None:
    namespace_id = await prepare_namespace(client)
    position = RelayPosition(tocsin.settings.data / "views" / "relay.sqlite", namespace_id)
    relay = Relay(tocsin.log, client, position)
    server = _web_server(tocsin, client, position, web_socket.getsockname()[1])
    with ThreadPoolExecutor(THREADS) as threads:
        async with breach_worker(client, tocsin.activities(), threads):
            parts = {
                "relay": asyncio.create_task(relay.run()),
                "lists": asyncio.create_task(_keep_lists(tocsin)),
                "web": asyncio.create_task(server.serve(sockets=[web_socket])),
                "stop": asyncio.create_task(_asked_to_stop()),
            }
            if watch is not None:
                parts["Temporal server"] = asyncio.create_task(watch.watch())
            ready()
            try:
                await _first_end(parts)
            finally:
                server.should_exit = True
                await parts["web"]
                for name in ("relay", "lists", "stop", "Temporal server"):
                    if name in parts:
                        await _cancelled(parts[name])
                position.close()


async def _first_end(parts: dict[str, asyncio.Task[None]]) -> None:
    done, _ = await asyncio.wait(parts.values(), return_when=asyncio.FIRST_COMPLETED)
    for name, task in parts.items():
        if task in done and name != "stop":
            task.result()
            raise PartEnded(f"The part “{name}” of Tocsin ended by itself, so Tocsin stops.")


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError, Exception):
        await task


async def _asked_to_stop() -> None:
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked.set)
    await asked.wait()


async def _keep_lists(tocsin: Tocsin) -> None:
    while True:
        try:
            await asyncio.to_thread(tocsin.views.catch_up)
        except (OSError, PersistenceError) as failure:
            structlog.get_logger().warning("lists_wait", failure=type(failure).__name__)
        await asyncio.sleep(VIEW_SECONDS)


def _web_server(tocsin: Tocsin, client: Client, position: RelayPosition, port: int) -> uvicorn.Server:
    loop = asyncio.get_running_loop()

    def health() -> Health:
        try:
            answered = asyncio.run_coroutine_threadsafe(_answers(client), loop).result(10)
        except TimeoutError:
            answered = False
        open_incidents, running_clocks = tocsin.views.counts()
        return Health(
            temporal=answered,
            head=tocsin.log.head(),
            relayed=position.get() or 0,
            viewed=tocsin.views.position(),
            open_incidents=open_incidents,
            running_clocks=running_clocks,
        )

    site = Site(tocsin, tocsin.accounts, _address(tocsin, port))
    config = uvicorn.Config(web_app(site, health), log_config=None, access_log=False, server_header=False)
    server = uvicorn.Server(config)
    # Tocsin owns the signals: uvicorn would end the web side alone.
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
    return server


async def _answers(client: Client) -> bool:
    try:
        return await client.service_client.check_health(timeout=timedelta(seconds=3))
    except RPCError:
        return False


@asynccontextmanager
async def _temporal(
    tocsin: Tocsin, ports: Ports, address: str | None, namespace: str | None
) -> AsyncIterator[tuple[Client, TemporalServer | None]]:
    if address is not None:
        yield await connect(address, namespace), None
        return
    db = tocsin.settings.data / "temporal.sqlite"
    async with TemporalServer(db, ports.temporal, ports.temporal_ui, namespace or NAMESPACE) as server:
        yield await connect_embedded(server.address, server.namespace), server


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """One `tocsin up` a data folder."""
    with (data / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DataFolderInUse(db=data) from None
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    """The web port, taken before anything else starts."""
    with socket.socket(proto=socket.IPPROTO_TCP) as web:
        web.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            web.bind(("127.0.0.1", port))
        except OSError:
            raise PortTaken(port=port) from None
        yield web
