"""Where a running Tocsin listens, and what it says when a part of it ends."""

from dataclasses import dataclass

NAMESPACE = "tocsin"
"""The Temporal namespace of the embedded server."""


@dataclass(frozen=True)
class Ports:
    """Where it listens, on this machine only."""

    web: int = 8700
    temporal: int = 8733
    temporal_ui: int = 8734


class PartEnded(Exception):
    """A part of Tocsin ended by itself, so the whole stops."""
