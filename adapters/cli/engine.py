"""Commands that run, prove and repair the engine."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from adapters.bootstrap import Settings, Tocsin
from adapters.cli.context import (
    DATA,
    DatabaseOption,
    DataOption,
    JsonOption,
    UsageMistake,
    err,
    opened,
    out,
    print_json,
    progress_bar,
)
from adapters.event_log import EventLog
from adapters.ports import NAMESPACE, Ports

if TYPE_CHECKING:
    from adapters.relay import Reconciled

# Temporal and the web side take as long to import as everything else together, and most commands need neither.

AddressOption = Annotated[
    str | None, typer.Option("--temporal-address", envvar="TOCSIN_TEMPORAL_ADDRESS", help="A Temporal Service.")
]
NamespaceOption = Annotated[str | None, typer.Option("--namespace", help="Its namespace.")]
TemporalPortOption = Annotated[int, typer.Option(help="Port of the embedded Temporal server.")]


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    app.command("up")(start)
    for command in (verify, rebuild, reconcile, drill):
        app.command()(command)


def start(
    data: DataOption = DATA,
    port: Annotated[int, typer.Option(help="Port of the web side.")] = Ports.web,
    temporal_port: TemporalPortOption = Ports.temporal,
    temporal_ui_port: Annotated[int, typer.Option(help="Port of Temporal's pages.")] = Ports.temporal_ui,
    temporal_address: AddressOption = None,
    namespace: NamespaceOption = None,
    database_url: DatabaseOption = None,
    smtp_url: Annotated[
        str | None, typer.Option("--smtp-url", envvar="TOCSIN_SMTP_URL", help="A mail server; files if left out.")
    ] = None,
    public_url: Annotated[
        str | None,
        typer.Option(
            "--public-url",
            envvar="TOCSIN_PUBLIC_URL",
            help="The address at which people reach the pages; this machine alone if left out.",
        ),
    ] = None,
) -> None:
    """Start everything: Temporal, the worker, the relay, the lists and the pages. Ctrl-C stops it."""
    from adapters.log_output import write_log_lines
    from adapters.up import up

    write_log_lines()
    address = _address(public_url or f"http://localhost:{port}")
    tocsin = Tocsin(Settings.of(data, database_url=database_url, smtp_url=smtp_url, public_url=address))
    try:
        tocsin.schools.add_sample()
        ports = Ports(port, temporal_port, temporal_ui_port)
        asyncio.run(up(tocsin, ports, lambda text: out.print(text, soft_wrap=True), temporal_address, namespace))
    finally:
        tocsin.close()
    err.print("Tocsin has stopped.")


def _address(url: str) -> str:
    """The address without a path; a passkey and a cookie are tied to it."""
    parts = urlsplit(url.rstrip("/"))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        raise UsageMistake("The public address is one such as https://breaches.example, without a path.")
    return f"{parts.scheme}://{parts.netloc}"


def verify(
    against: Annotated[
        str | None, typer.Option(help="A code that was kept outside, such as the one in the minutes.")
    ] = None,
    data: DataOption = DATA,
    database_url: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Prove that nothing in the log was altered or removed; exit 1 and the first bad position if it was."""
    with progress_bar("Verifying") as bar:
        verdict = EventLog.prove(Settings.of(data, database_url=database_url).log, bar, against)
    if as_json:
        print_json(
            {
                "whole": verdict.whole,
                "events": verdict.events,
                "code": verdict.code,
                "first_bad_position": verdict.first_bad_position,
                "sentence": verdict.sentence,
            }
        )
    else:
        (out if verdict.whole else err).print(verdict.sentence, soft_wrap=True)
        if verdict.whole:
            out.print(f"Code to keep outside: {verdict.code}")
    if not verdict.whole:
        raise typer.Exit(1)


def rebuild(data: DataOption = DATA, database_url: DatabaseOption = None) -> None:
    """Drop every list and build it again from the log."""
    with opened(data, database_url) as tocsin, progress_bar("Rebuilding") as bar:
        events = tocsin.views.rebuild(bar)
    out.print(f"The lists were built again from {events} events.")


def reconcile(
    data: DataOption = DATA,
    temporal_port: TemporalPortOption = Ports.temporal,
    temporal_address: AddressOption = None,
    namespace: NamespaceOption = None,
    database_url: DatabaseOption = None,
) -> None:
    """Make Temporal agree with the log: every open incident is watched, with the right deadline. Tocsin must be up."""
    with opened(data, database_url) as tocsin:
        address = temporal_address or f"127.0.0.1:{temporal_port}"
        done = asyncio.run(_reconcile(tocsin, address, namespace or NAMESPACE))
    out.print(f"Open incidents watched: {done.open}. Started again: {done.started}. Closed ones ended: {done.ended}.")


async def _reconcile(tocsin: Tocsin, address: str, namespace: str) -> "Reconciled":
    from adapters.relay import Relay, RelayPosition
    from adapters.temporal_client import connect, prepare_namespace

    client = await connect(address, namespace, patience=5)
    namespace_id = await prepare_namespace(client)
    position = RelayPosition(tocsin.settings.data / "views" / "relay.sqlite", namespace_id)
    try:
        with progress_bar("Reconciling") as bar:
            return await Relay(tocsin.log, client, position).reconcile(bar)
    finally:
        position.close()


def drill(
    scenario: Annotated[Path, typer.Argument(help="A scenario file.")],
    out_folder: Annotated[Path, typer.Option("--out", help="Where the documents go.")],
    as_json: JsonOption = False,
) -> None:
    """Play a scenario on a real Temporal server with skipped time, and write its documents."""
    from adapters.drill import run_drill

    if not scenario.is_file():
        raise UsageMistake(f"There is no scenario file {scenario}.")
    with progress_bar("Drill") as bar:
        result = asyncio.run(run_drill(scenario, out_folder, bar))
    if as_json:
        print_json(result)
        return
    for incident in result["incidents"]:
        steps = "   ".join(f"{step}: {state}" for step, state in incident["steps"].items())
        out.print(f"{incident['ref']}  deadline {incident['deadline'] or 'none'}  {steps}")
    out.print(f"{len(result['documents'])} documents in {out_folder}")
