"""Connections to Temporal, and what Tocsin asks of the namespace it works in."""

import asyncio
import atexit
import logging
import os
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import structlog
from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    DescribeNamespaceResponse,
    RegisterNamespaceRequest,
    UpdateNamespaceRequest,
)
from temporalio.client import Client
from temporalio.common import SearchAttributeKey
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.envconfig import ClientConfig, ClientConnectConfig
from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    PrometheusConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)
from temporalio.service import RPCError, RPCStatusCode, TLSConfig

from adapters.faults import TemporalFault
from workflows.search_attributes import BREACH_DEADLINE, BREACH_STEP, SCHOOL

SEARCH_ATTRIBUTES: Final[Sequence[SearchAttributeKey[Any]]] = (BREACH_STEP, BREACH_DEADLINE, SCHOOL)
# The server's default forgets a closed workflow after a day, and with it that its id was used.
RETENTION: Final = timedelta(days=90)

_ATTEMPT = timedelta(seconds=5)
_PAUSE = 0.2
# A new namespace reaches every part of a Temporal Service within some seconds.
_NAMESPACE_SPREADS_WITHIN = 20.0
_NOT_ALLOWED = (RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.UNIMPLEMENTED)
_LOG = structlog.get_logger()

# A thread of the core may still hold Python objects when the interpreter ends, which aborts the process:
# https://github.com/temporalio/sdk-python/issues/300
atexit.register(time.sleep, 0.05)


class TemporalUnreachable(TemporalFault):
    """
    Temporal at {address} did not let Tocsin in within {seconds:g} seconds: check that it runs, and that the
    address, the certificate and the API key are right.
    """


class TemporalAddressMissing(TemporalFault):
    """No address of a Temporal Service is given: set TEMPORAL_ADDRESS, or name a profile with TEMPORAL_PROFILE."""


class TemporalSettingsWrong(TemporalFault):
    """The settings for the Temporal Service cannot be used: {reason}."""


class NamespaceMissing(TemporalFault):
    """The Temporal namespace {namespace} does not exist and Tocsin may not create it: ask its operator to."""


class SearchAttributeTaken(TemporalFault):
    """The Temporal namespace {namespace} has a search attribute {name} that is no {wanted}: use another namespace."""


class MetricsAskedTooLate(TemporalFault):
    """Temporal's metrics can be asked for only before the first connection of this process."""


_the_runtime: list[Runtime] = []


def process_runtime(metrics: str | None = None) -> Runtime:
    """The one Runtime of this process; its first call may ask for Prometheus metrics on an address."""
    if _the_runtime and metrics is not None:
        raise MetricsAskedTooLate
    if not _the_runtime:
        _the_runtime.append(Runtime(telemetry=_telemetry(metrics), disable_environment_info=True))
        Runtime.set_default(_the_runtime[0], error_if_already_set=False)
    return _the_runtime[0]


def _telemetry(metrics: str | None) -> TelemetryConfig:
    # The core writes to standard output unless forwarded, which belongs to the documents of our commands.
    forwarding = LogForwardingConfig(logging.getLogger("temporalio.core"))
    errors = TelemetryFilter(core_level="ERROR", other_level="ERROR")
    return TelemetryConfig(
        logging=LoggingConfig(filter=errors, forwarding=forwarding),
        metrics=PrometheusConfig(bind_address=metrics) if metrics else None,
    )


async def connect(
    address: str | None = None,
    namespace: str | None = None,
    *,
    api_key: str | None = None,
    tls: bool | TLSConfig | None = None,
    patience: float = 30.0,
) -> Client:
    """A client of a Temporal Service: what the arguments leave open, TEMPORAL_* variables and their profile say."""
    settings: dict[str, Any] = dict(_environment())
    given = {"target_host": address, "namespace": namespace, "api_key": api_key, "tls": tls}
    settings.update((name, value) for name, value in given.items() if value is not None)
    if not settings.get("target_host"):
        raise TemporalAddressMissing
    return await _first_connection(settings, patience)


async def connect_embedded(address: str, namespace: str, *, patience: float = 30.0) -> Client:
    """A client of our own server, to which no setting or credential of another Temporal Service is ever given."""
    return await _first_connection({"target_host": address, "namespace": namespace, "tls": False}, patience)


def _environment() -> ClientConnectConfig:
    _check_config_file(os.environ.get("TEMPORAL_CONFIG_FILE"))
    try:
        return ClientConfig.load_client_connect_config(config_file_strict=True)
    except (RuntimeError, OSError) as error:
        # Only its first line: the others quote the file, where the API key is.
        reason = str(error).splitlines()[0]
    raise TemporalSettingsWrong(reason=reason)


def _check_config_file(named: str | None) -> None:
    # The library takes a file that is not there for an empty one, even when strict.
    if named and not Path(named).is_file():
        raise TemporalSettingsWrong(reason=f"TEMPORAL_CONFIG_FILE names {named}, which is not a file")


async def _first_connection(settings: Mapping[str, Any], patience: float) -> Client:
    loop = asyncio.get_running_loop()
    last_chance = loop.time() + patience
    while True:
        try:
            return await _attempt(settings)
        except ValueError as error:
            raise TemporalSettingsWrong(reason=error) from error
        except (RuntimeError, RPCError, TimeoutError) as error:
            if loop.time() >= last_chance:
                raise TemporalUnreachable(address=settings["target_host"], seconds=patience) from error
        await asyncio.sleep(_PAUSE)


async def _attempt(settings: Mapping[str, Any]) -> Client:
    # The outer time limit is for an address that takes the connection and then says nothing.
    async with asyncio.timeout(_ATTEMPT.total_seconds()):
        return await Client.connect(
            **settings,
            data_converter=pydantic_data_converter,
            runtime=process_runtime(),
            connect_timeout=_ATTEMPT,
        )


async def prepare_namespace(client: Client) -> str:
    """Makes the namespace ready for breaches, as often as it is called, and gives its id."""
    described = await _described(client)
    await _keep_closed_workflows(client, described)
    await _add_search_attributes(client)
    return described.namespace_info.id


async def _described(client: Client) -> DescribeNamespaceResponse:
    request = DescribeNamespaceRequest(namespace=client.namespace)
    try:
        return await client.workflow_service.describe_namespace(request, retry=True)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
    await _register(client)
    return await client.workflow_service.describe_namespace(request, retry=True)


async def _register(client: Client) -> None:
    request = RegisterNamespaceRequest(namespace=client.namespace, workflow_execution_retention_period=_retention())
    try:
        await client.workflow_service.register_namespace(request, retry=True)
    except RPCError as error:
        if error.status in _NOT_ALLOWED:
            raise NamespaceMissing(namespace=client.namespace) from error
        if error.status is not RPCStatusCode.ALREADY_EXISTS:
            raise


async def _keep_closed_workflows(client: Client, described: DescribeNamespaceResponse) -> None:
    if described.config.workflow_execution_retention_ttl.ToTimedelta() >= RETENTION:
        return
    config = NamespaceConfig(workflow_execution_retention_ttl=_retention())
    request = UpdateNamespaceRequest(namespace=client.namespace, config=config)
    try:
        await client.workflow_service.update_namespace(request, retry=True)
    except RPCError as error:
        _leave_to_operator(error, client, retention_days=RETENTION.days)


def _retention() -> Duration:
    return Duration(seconds=int(RETENTION.total_seconds()))


async def _add_search_attributes(client: Client) -> None:
    missing = list(SEARCH_ATTRIBUTES)
    try:
        missing = _missing(await _known_search_attributes(client), client.namespace)
        if missing:
            await _add(client, missing)
    except RPCError as error:
        _leave_to_operator(error, client, search_attributes={key.name: _type_name(key) for key in missing})


async def _known_search_attributes(client: Client) -> Mapping[str, int]:
    request = ListSearchAttributesRequest(namespace=client.namespace)
    async with asyncio.timeout(_NAMESPACE_SPREADS_WITHIN):
        while True:
            try:
                return (await client.operator_service.list_search_attributes(request, retry=True)).custom_attributes
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise
            await asyncio.sleep(_PAUSE)


def _missing(known: Mapping[str, int], namespace: str) -> list[SearchAttributeKey[Any]]:
    # The server accepts a known name with another type in silence, and keeps the old type.
    for key in SEARCH_ATTRIBUTES:
        if known.get(key.name, key.indexed_value_type) != key.indexed_value_type:
            raise SearchAttributeTaken(namespace=namespace, name=key.name, wanted=_type_name(key))
    return [key for key in SEARCH_ATTRIBUTES if key.name not in known]


async def _add(client: Client, keys: Sequence[SearchAttributeKey[Any]]) -> None:
    wanted = {key.name: IndexedValueType.ValueType(key.indexed_value_type) for key in keys}
    request = AddSearchAttributesRequest(namespace=client.namespace, search_attributes=wanted)
    await client.operator_service.add_search_attributes(request, retry=True)


def _type_name(key: SearchAttributeKey[Any]) -> str:
    return key.indexed_value_type.name.title()


def _leave_to_operator(error: RPCError, client: Client, **wanted: object) -> None:
    if error.status not in _NOT_ALLOWED:
        raise error
    _LOG.warning("temporal_namespace_needs_its_operator", namespace=client.namespace, **wanted)
