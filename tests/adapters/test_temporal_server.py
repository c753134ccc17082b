"""What the embedded Temporal server and our connections to Temporal do, on the real server."""

import asyncio
import os
import shutil
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from google.protobuf.duration_pb2 import Duration
from structlog.testing import capture_logs
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, UpdateNamespaceRequest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import SearchAttributePair, TypedSearchAttributes
from temporalio.service import RPCError, RPCStatusCode

from adapters import child_process, temporal_client, temporal_server
from adapters.temporal_client import (
    MetricsAskedTooLate,
    NamespaceMissing,
    SearchAttributeTaken,
    TemporalAddressMissing,
    TemporalSettingsWrong,
    TemporalUnreachable,
    connect,
    connect_embedded,
    prepare_namespace,
    process_runtime,
)
from adapters.temporal_server import (
    LOOPBACK,
    DataFolderInUse,
    PortTaken,
    TemporalServer,
    TemporalServerDidNotStart,
    TemporalServerKeepsFailing,
    TemporalServerMissing,
    free_port,
    server_binary,
)
from workflows.search_attributes import BREACH_DEADLINE, BREACH_STEP, SCHOOL

TOCSIN_THAT_WAITS = """
import asyncio, sys
from pathlib import Path
from adapters.temporal_server import TemporalServer

async def main():
    server = TemporalServer(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
    await server.start()
    print(server.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""

PROCESS_WITH_METRICS = """
import asyncio, sys, urllib.request
from adapters.temporal_client import connect_embedded, process_runtime

async def main():
    process_runtime(metrics=sys.argv[2])
    await connect_embedded(sys.argv[1], "tocsin")
    page = urllib.request.urlopen(f"http://{sys.argv[2]}/metrics", timeout=5).read().decode()
    print("temporal_request" in page)

asyncio.run(main())
"""

NO_DATABASE = b"This is not a database." * 1000


@pytest.fixture(autouse=True)
def no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of whoever runs the tests play no part in them."""
    for name in [name for name in os.environ if name.startswith("TEMPORAL_")]:
        monkeypatch.delenv(name)
    settings = tmp_path / "settings.toml"
    settings.touch()
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(settings))


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """A database file in a data folder that is not there yet."""
    return tmp_path / "data" / "temporal.db"


def server_on(db: Path) -> TemporalServer:
    """A server that is not started, on ports of its own."""
    return TemporalServer(db, free_port(), free_port())


@asynccontextmanager
async def running(db: Path) -> AsyncIterator[TemporalServer]:
    """A server that ends at once, since only some tests are about how it ends."""
    async with ended(server_on(db)) as server:
        await server.start()
        yield server


@asynccontextmanager
async def ended(server: TemporalServer) -> AsyncIterator[TemporalServer]:
    """Ends a server at once, if it runs."""
    try:
        yield server
    finally:
        if server.pid:
            os.kill(server.pid, signal.SIGKILL)
        await server.stop()


async def client_of(server: TemporalServer) -> Client:
    """A client of the running server."""
    return await connect_embedded(server.address, server.namespace, patience=0)


async def until(condition: Callable[[], bool], within: float = 15.0) -> None:
    """Waits for a condition, not for ever."""
    async with asyncio.timeout(within):
        while not condition():
            await asyncio.sleep(0.02)


def is_gone(pid: int) -> bool:
    """Whether a process has ended, waited for or not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def open_files(pid: int) -> set[str]:
    """What a process has open: paths, and sockets as the kernel names them."""
    return {str(descriptor.readlink()) for descriptor in Path(f"/proc/{pid}/fd").iterdir()}


def listening_addresses(pid: int) -> set[str]:
    """The local addresses, in the kernel's hexadecimal, on which a process takes connections."""
    sockets = {link.removeprefix("socket:[").removesuffix("]") for link in open_files(pid)}
    tables = [Path(f"/proc/{pid}/net/{table}").read_text() for table in ("tcp", "tcp6")]
    rows = [line.split() for line in "".join(tables).splitlines()]
    return {row[1].split(":")[0] for row in rows if row[3] == "0A" and row[9] in sockets}


async def status_of(client: Client, workflow_id: str) -> WorkflowExecutionStatus | None:
    """What the server says of a workflow."""
    return (await client.get_workflow_handle(workflow_id).describe()).status


async def retention_of(client: Client) -> timedelta:
    """How long the namespace remembers a closed workflow."""
    described = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=client.namespace))
    return described.config.workflow_execution_retention_ttl.ToTimedelta()


async def test_server_answers_when_start_returns(db: Path) -> None:
    """A workflow can be started without waiting for anything else."""
    async with running(db) as server:
        client = await client_of(server)
        await client.start_workflow("Nothing", id="one", task_queue="nobody")
        assert await status_of(client, "one") is WorkflowExecutionStatus.RUNNING


async def test_server_is_not_reachable_from_other_machines(db: Path) -> None:
    """Every port of the server, its own inner ones too, is on loopback."""
    async with running(db) as server:
        assert server.pid
        assert listening_addresses(server.pid) == {"0100007F"}


async def test_server_gets_no_secret_and_no_key_of_the_terminal(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our environment stays ours, and Ctrl-C reaches Tocsin alone."""
    monkeypatch.setenv("TEMPORAL_API_KEY", "canary")
    async with running(db) as server:
        assert server.pid
        assert b"canary" not in Path(f"/proc/{server.pid}/environ").read_bytes()
        assert os.getpgid(server.pid) != os.getpgid(0)


async def test_server_holds_the_data_folder_itself(db: Path) -> None:
    """Where a server can outlive a killed Tocsin, nobody starts a second one on its database."""
    async with running(db) as server:
        assert server.pid
        assert f"{db}.lock" in open_files(server.pid)


async def test_server_writes_ahead(db: Path) -> None:
    """The journal that makes the server three times as fast is on."""
    async with running(db):
        assert db.with_name("temporal.db-wal").stat().st_size > 0


async def test_server_writes_beside_its_data_and_not_to_us(db: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Our terminal is ours; what the server says is in a file beside the database."""
    async with running(db) as server:
        await until(lambda: f"localhost:{server.port}" in server.log_file.read_text())
    assert capfd.readouterr() == ("", "")


async def test_long_log_is_put_aside(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's file does not grow from one start to the next for ever."""
    monkeypatch.setattr(temporal_server, "_LOG_KEPT_UP_TO", 10)
    db.parent.mkdir()
    db.with_name("temporal.db.log").write_text("an old and long story")
    async with running(db) as server:
        assert db.with_name("temporal.db.log.1").read_text() == "an old and long story"
        assert "old and long" not in server.log_file.read_text()


async def test_workflows_survive_a_stop(db: Path) -> None:
    """What was started before a stop is there after the next start."""
    async with server_on(db) as server:
        await (await client_of(server)).start_workflow("Nothing", id="kept", task_queue="nobody")
    async with running(db) as server:
        assert await status_of(await client_of(server), "kept") is WorkflowExecutionStatus.RUNNING


async def test_stopped_server_ends_by_itself_and_is_not_restarted(db: Path) -> None:
    """A stop asks before it kills, leaves no process, and is not taken for a failure by the watch."""
    server = server_on(db)
    await server.start()
    pid, child = server.pid, server._child
    assert pid
    assert child
    with capture_logs() as logs:
        watch = asyncio.create_task(server.watch())
        await asyncio.sleep(0)
        await server.stop()
        await asyncio.wait_for(watch, 15)
    assert is_gone(pid)
    assert child.returncode == 0
    assert server.pid is None
    assert logs == []


async def test_server_that_does_not_stop_is_killed(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that does not hear us cannot keep Tocsin from ending."""
    monkeypatch.setattr(child_process, "STOP_WITHIN", 0.2)
    async with running(db) as server:
        pid = server.pid
        assert pid
        os.kill(pid, signal.SIGSTOP)
        async with asyncio.timeout(15):
            await server.stop()
        assert is_gone(pid)


async def test_killed_server_comes_back_in_place(db: Path) -> None:
    """A client of before goes on after a kill, and the restart is in our log."""
    async with running(db) as server:
        client, first = await client_of(server), server.pid
        await client.start_workflow("Nothing", id="kept", task_queue="nobody")
        assert first
        with capture_logs() as logs:
            watch = asyncio.create_task(server.watch())
            os.kill(first, signal.SIGKILL)
            await until(lambda: server.pid not in (None, first))
            assert await status_of(client, "kept") is WorkflowExecutionStatus.RUNNING
        await server.stop()
        await asyncio.wait_for(watch, 15)
    assert [(entry["event"], entry["exit_code"], entry["restart"]) for entry in logs] == [
        ("temporal_server_restarts", -signal.SIGKILL, 1)
    ]


async def test_stop_during_a_pause_is_the_end(db: Path) -> None:
    """A server that is about to be restarted stays down when Tocsin stops."""
    async with running(db) as server:
        server.back_off = (0.2,)
        watch = asyncio.create_task(server.watch())
        assert server.pid
        with capture_logs() as logs:
            os.kill(server.pid, signal.SIGKILL)
            await until(lambda: logs != [])
            await server.stop()
            shutil.rmtree(db.parent)
            await asyncio.wait_for(watch, 15)
        assert server.pid is None


async def test_stop_during_a_start_leaves_nothing_running(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that was being started when Tocsin stopped is stopped too."""
    async with ended(server_on(db)) as server:
        spawn, pids = server._spawn, []

        async def stopped_meanwhile() -> Process:
            child = await spawn()
            pids.append(child.pid)
            await server.stop()
            return child

        monkeypatch.setattr(server, "_spawn", stopped_meanwhile)
        with pytest.raises(TemporalServerDidNotStart):
            await server.start()
        assert [is_gone(pid) for pid in pids] == [True]


async def test_server_that_keeps_failing_is_left_alone(db: Path) -> None:
    """After as many restarts as are allowed we give up, and say where to read why."""
    async with running(db) as server:
        server.back_off = (0.0, 0.0)
        assert server.pid
        os.kill(server.pid, signal.SIGKILL)
        db.with_name("temporal.db-wal").unlink()
        db.write_bytes(NO_DATABASE)
        with capture_logs() as logs, pytest.raises(TemporalServerKeepsFailing) as failure:
            await asyncio.wait_for(server.watch(), 20)
    assert len(logs) == 2
    assert "3 times in 10 minutes" in str(failure.value)
    assert str(server.log_file) in str(failure.value)
    assert "not a database" in server.log_file.read_text()


async def test_server_that_cannot_start_says_where_to_read_why(db: Path) -> None:
    """A database that cannot be read is one clear sentence, and the data folder is free again."""
    db.parent.mkdir()
    db.write_bytes(NO_DATABASE)
    async with ended(server_on(db)) as server:
        with pytest.raises(TemporalServerDidNotStart, match=r"temporal\.db\.log says why"):
            await server.start()
        db.unlink()
        await server.start()


async def test_second_tocsin_on_a_data_folder_is_refused(db: Path) -> None:
    """Two servers on one file would both believe that they own it."""
    async with running(db) as server:
        with pytest.raises(DataFolderInUse) as refusal:
            await server_on(db).start()
        assert str(refusal.value) == DataFolderInUse.__doc__
        assert await client_of(server)


@pytest.mark.parametrize("taken", ["port", "ui_port"])
async def test_taken_port_is_named(db: Path, taken: str) -> None:
    """A port of another program is refused in one sentence, and works as soon as it is free."""
    async with ended(server_on(db)) as server:
        port = getattr(server, taken)
        with (
            socket.create_server((LOOPBACK, port)),
            pytest.raises(PortTaken, match=f"^Port {port} is used by another program"),
        ):
            await server.start()
        await server.start()


@pytest.mark.parametrize("path", [os.environ["PATH"], ""], ids=["with setpriv", "without setpriv"])
async def test_no_server_outlives_a_killed_tocsin(db: Path, path: str) -> None:
    """When Tocsin is killed its server goes with it, and the next Tocsin starts at once."""
    ports = (free_port(), free_port())
    tocsin = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", TOCSIN_THAT_WAITS, str(db), *map(str, ports)),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PATH": path},
    )
    assert tocsin.stdout
    try:
        pid = int(await asyncio.wait_for(tocsin.stdout.readline(), 20))
    finally:
        tocsin.kill()
        await tocsin.wait()
    try:
        async with ended(TemporalServer(db, *ports)) as next_server:
            await next_server.start()
            assert is_gone(pid)
    finally:
        if not is_gone(pid):
            os.kill(pid, signal.SIGKILL)


async def test_prepared_namespace_takes_breaches(db: Path) -> None:
    """A workflow can carry our search attributes, and a closed one is remembered for ninety days."""
    async with running(db) as server:
        client = await client_of(server)
        first = await prepare_namespace(client)
        assert await prepare_namespace(client) == first
        attributes = TypedSearchAttributes(
            [
                SearchAttributePair(BREACH_STEP, "contain"),
                SearchAttributePair(BREACH_DEADLINE, datetime(2026, 11, 25, 16, tzinfo=UTC)),
                SearchAttributePair(SCHOOL, "100000"),
            ]
        )
        await client.start_workflow("Nothing", id="breach", task_queue="nobody", search_attributes=attributes)
        assert (await client.get_workflow_handle("breach").describe()).typed_search_attributes == attributes
        assert await retention_of(client) == timedelta(days=90)
    async with running(db) as server:
        assert await prepare_namespace(await client_of(server)) == first


async def test_new_database_has_a_new_namespace_id(tmp_path: Path) -> None:
    """By the id one can tell that Temporal's database was thrown away."""
    ids = set()
    for name in ("old.db", "new.db"):
        async with running(tmp_path / name) as server:
            ids.add(await prepare_namespace(await client_of(server)))
    assert len(ids) == 2


async def test_longer_memory_of_a_namespace_is_left_alone(db: Path) -> None:
    """An operator who keeps closed workflows for longer than we need keeps them."""
    longer = timedelta(days=120)
    async with running(db) as server:
        client = await client_of(server)
        config = NamespaceConfig(workflow_execution_retention_ttl=Duration(seconds=int(longer.total_seconds())))
        await client.workflow_service.update_namespace(UpdateNamespaceRequest(namespace="tocsin", config=config))
        await prepare_namespace(client)
        assert await retention_of(client) == longer


async def test_absent_namespace_is_created(db: Path) -> None:
    """On a Temporal Service nobody has to create our namespace by hand."""
    async with running(db) as server:
        client = await connect_embedded(server.address, "trust", patience=0)
        assert await prepare_namespace(client)
        await client.start_workflow("Nothing", id="one", task_queue="nobody")


async def test_search_attribute_of_another_type_is_refused(db: Path) -> None:
    """The server would take our definition in silence and keep the other one."""
    async with running(db) as server:
        client = await client_of(server)
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(
                namespace="tocsin", search_attributes={"School": IndexedValueType.INDEXED_VALUE_TYPE_INT}
            )
        )
        with pytest.raises(SearchAttributeTaken, match="tocsin has a search attribute School that is no Keyword"):
            await prepare_namespace(client)


async def not_allowed(*_: object, **__: object) -> None:
    """What Temporal Cloud answers to what only its own operators may do."""
    raise RPCError("Request unauthorized.", RPCStatusCode.PERMISSION_DENIED, b"")


def guest_of(client: Client) -> Client:
    """The same client where the namespace is someone else's: it may read and not change."""
    read_only = SimpleNamespace(
        describe_namespace=client.workflow_service.describe_namespace,
        update_namespace=not_allowed,
        register_namespace=not_allowed,
    )
    operator = SimpleNamespace(
        list_search_attributes=client.operator_service.list_search_attributes,
        add_search_attributes=not_allowed,
    )
    return cast(
        "Client",
        SimpleNamespace(namespace=client.namespace, workflow_service=read_only, operator_service=operator),
    )


async def test_what_we_may_not_do_is_left_to_the_operator(db: Path) -> None:
    """A warning names what is to be added, no more than is missing, and Tocsin goes on."""
    async with running(db) as server:
        client = await client_of(server)
        with capture_logs() as logs:
            assert await prepare_namespace(guest_of(client))
        await prepare_namespace(client)
        with capture_logs() as later:
            await prepare_namespace(guest_of(client))
    assert [(entry["event"], entry["log_level"]) for entry in logs] == [
        ("temporal_namespace_needs_its_operator", "warning")
    ] * 2
    assert logs[0]["retention_days"] == 90
    assert logs[1]["search_attributes"] == {"BreachStep": "Keyword", "BreachDeadline": "Datetime", "School": "Keyword"}
    assert later == []


async def test_namespace_that_may_not_be_created_is_refused(db: Path) -> None:
    """Without its namespace Tocsin cannot work, so it says who can help."""
    async with running(db) as server:
        client = guest_of(await connect_embedded(server.address, "trust", patience=0))
        with pytest.raises(NamespaceMissing, match="namespace trust does not exist and Tocsin may not create it"):
            await prepare_namespace(client)


async def test_unreachable_temporal_is_refused_after_our_patience() -> None:
    """A wrong address is one sentence that names it, not a traceback and not a wait for ever."""
    address = f"{LOOPBACK}:{free_port()}"
    async with asyncio.timeout(15):
        with pytest.raises(TemporalUnreachable, match=rf"^Temporal at {address} did not let Tocsin in within 0\.5 sec"):
            await connect(address, "tocsin", patience=0.5)


async def test_first_connection_waits_for_a_server_that_is_starting(db: Path) -> None:
    """Tocsin and a Temporal Service may start in any order."""
    async with ended(server_on(db)) as server:
        client = asyncio.create_task(connect(server.address, "tocsin", patience=20))
        await asyncio.sleep(0.3)
        await server.start()
        assert (await client).namespace == "tocsin"


async def test_arguments_win_over_the_environment(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the command line says is used; what it leaves open, the environment says."""
    monkeypatch.setenv("TEMPORAL_ADDRESS", f"{LOOPBACK}:{free_port()}")
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "from-the-environment")
    async with running(db) as server:
        assert (await connect(server.address, patience=0)).namespace == "from-the-environment"
        assert (await connect(server.address, "given", patience=0)).namespace == "given"
        monkeypatch.setenv("TEMPORAL_ADDRESS", server.address)
        assert await connect(patience=0)


async def test_own_server_is_never_given_credentials_of_another(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An API key in the environment neither reaches the embedded server nor turns TLS on."""
    monkeypatch.setenv("TEMPORAL_API_KEY", "canary")
    async with running(db) as server:
        assert (await client_of(server)).service_client.config.api_key is None


async def test_misspelt_setting_is_refused_without_quoting_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A typo in the profile is told by its line, and the API key beside it stays secret."""
    profile = tmp_path / "temporal.toml"
    profile.write_text('[profile.default]\napikey = "canary"\n')
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(profile))
    with pytest.raises(TemporalSettingsWrong, match="at line 2") as refusal:
        await connect(f"{LOOPBACK}:1", "tocsin", patience=0)
    assert "canary" not in str(refusal.value)
    assert refusal.value.__cause__ is None
    assert refusal.value.__context__ is None


async def test_settings_file_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A named file that is missing is not taken for an empty one."""
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", "/nowhere/temporal.toml")
    with pytest.raises(TemporalSettingsWrong, match=r"names /nowhere/temporal\.toml, which is not a file"):
        await connect(f"{LOOPBACK}:1", "tocsin", patience=0)


async def test_address_that_cannot_be_one_is_refused_at_once() -> None:
    """No patience helps a port that does not exist."""
    async with asyncio.timeout(15):
        with pytest.raises(TemporalSettingsWrong, match="invalid port number"):
            await connect(f"{LOOPBACK}:99999", "tocsin", patience=60)


async def test_certificate_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file that the settings name, and that is missing, is told."""
    monkeypatch.setenv("TEMPORAL_TLS_CLIENT_CERT_PATH", "/nowhere/school.pem")
    monkeypatch.setenv("TEMPORAL_TLS_CLIENT_KEY_PATH", "/nowhere/school.key")
    with pytest.raises(TemporalSettingsWrong, match=r"No such file or directory: '/nowhere/school\.pem'"):
        await connect(f"{LOOPBACK}:1", "tocsin", patience=0)


async def test_address_that_takes_calls_and_says_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A port on which something other than Temporal listens does not hold Tocsin up for ever."""
    monkeypatch.setattr(temporal_client, "_ATTEMPT", timedelta(seconds=0.2))
    with socket.create_server((LOOPBACK, 0)) as silent:
        async with asyncio.timeout(15):
            with pytest.raises(TemporalUnreachable):
                await connect(f"{LOOPBACK}:{silent.getsockname()[1]}", "tocsin", patience=0)


async def test_missing_address_is_refused() -> None:
    """Without an address nothing is guessed."""
    with pytest.raises(TemporalAddressMissing):
        await connect(namespace="tocsin", patience=0)


def test_process_has_one_runtime() -> None:
    """Metrics asked for after the first connection would be lost in silence, so they are refused."""
    assert process_runtime() is process_runtime()
    with pytest.raises(MetricsAskedTooLate):
        process_runtime(metrics=f"{LOOPBACK}:{free_port()}")


async def test_metrics_are_served_when_asked_for(db: Path) -> None:
    """A process may show Temporal's figures to Prometheus, and its standard output stays its own."""
    async with running(db) as server:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", PROCESS_WITH_METRICS, server.address, f"{LOOPBACK}:{free_port()}"),
            stdout=asyncio.subprocess.PIPE,
        )
        output, _ = await asyncio.wait_for(process.communicate(), 20)
    assert output.decode() == "True\n"
    assert process.returncode == 0


def test_free_port_is_never_one_for_outgoing_connections() -> None:
    """A client that looks for the server cannot be given the server's own port."""
    first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    assert all(free_port() < first for _ in range(20))


def test_server_is_found_by_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Python is not beside its scripts, the package says where the server is."""
    beside = server_binary()
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert server_binary() == beside.resolve()


def test_missing_server_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is downloaded and no other program named temporal is tried."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(TemporalServerMissing):
        server_binary()
