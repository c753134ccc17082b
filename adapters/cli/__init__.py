"""The command line: the names fixed by the design, one module a kind of command."""

from adapters.cli.app import main

__all__ = ["main"]
