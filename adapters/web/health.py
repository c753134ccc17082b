"""Health and figures of the installation."""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST


@dataclass(frozen=True)
class Health:
    """How the installation is: whether Temporal answers, and how far each reader of the log has come."""

    temporal: bool
    head: int
    relayed: int
    viewed: int
    open_incidents: int
    running_clocks: int

    @property
    def well(self) -> bool:
        """Whether a breach reported now would be watched."""
        return self.temporal


def health_router(health: Callable[[], Health]) -> APIRouter:
    """The routes for whoever watches the installation; nothing here shows an incident."""
    router = APIRouter(tags=["installation"])
    registry, gauges = _gauges()

    @router.get("/healthz", summary="Whether a breach reported now would be watched")
    def healthz() -> JSONResponse:
        now = health()
        body = {
            "status": "ok" if now.well else "failing",
            "temporal": "ok" if now.temporal else "unreachable",
            "log": {"head": now.head, "relayed": now.relayed, "viewed": now.viewed},
        }
        return JSONResponse(body, status_code=200 if now.well else 503)

    @router.get("/metrics", summary="Figures for Prometheus", response_class=PlainTextResponse)
    def metrics() -> Response:
        now = health()
        for name, gauge in gauges.items():
            gauge.set(float(getattr(now, name)))
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return router


def _gauges() -> tuple[CollectorRegistry, dict[str, Gauge]]:
    registry = CollectorRegistry()
    described = {
        "temporal": "1 while Temporal answers",
        "head": "Last position of the event log",
        "relayed": "Last position told to Temporal",
        "viewed": "Last position in the lists",
        "open_incidents": "Open incidents",
        "running_clocks": "Open incidents whose 72-hour clock runs",
    }
    return registry, {name: Gauge(f"tocsin_{name}", text, registry=registry) for name, text in described.items()}
