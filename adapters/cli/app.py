"""The application that the command line is: its commands, and how it says no."""

import contextlib
import os
import sqlite3
import sys

import psycopg
import typer
from eventsourcing.persistence import PersistenceError
from pydantic import ValidationError

from adapters.cli import acts, assess, engine, letter, papers, people, policy, review
from adapters.cli.context import UsageMistake
from adapters.faults import Fault, TemporalFault
from adapters.ports import PartEnded
from adapters.schools import described
from domain.errors import Refused

app = typer.Typer(
    name="tocsin",
    help="Runs a school's personal data breaches from the first suspicion to the governors' review.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for part in (acts, papers, review, letter, assess, policy, people, engine):
    part.register(app)


def main() -> None:
    """Exit 0 on success, 1 on a refusal or failed check with one sentence on standard error, 2 on bad usage."""
    os.umask(0o077)  # what it writes is for its owner alone
    status = _run()
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    # A thread of Temporal's core may still hold Python objects when the interpreter ends (sdk-python issue 300).
    os._exit(status)


def _run() -> int:
    try:
        app()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except UsageMistake as mistake:
        return _said(mistake, 2)
    except ValidationError as mistake:
        return _said(f"{described(mistake)}.", 2)
    except (Refused, Fault, TemporalFault, PartEnded) as refusal:
        return _said(refusal, 1)
    except BrokenPipeError:
        return 1
    except (PersistenceError, sqlite3.Error, psycopg.Error) as failure:
        kind = type(failure).__name__
        return _said(f"The database did not answer as it should ({kind}): check its address, or restore a back-up.", 1)
    except OSError as failure:
        return _said(f"{failure.filename or 'The output'} cannot be used: {failure.strerror or 'it failed'}.", 1)
    except KeyboardInterrupt:
        return 130
    except Exception as failure:
        if os.environ.get("TOCSIN_TRACE"):
            raise
        kind = type(failure).__name__
        return _said(f"Tocsin met something that it does not know ({kind}); set TOCSIN_TRACE=1 to see where.", 1)
    return 0


def _said(sentence: object, status: int) -> int:
    sys.stderr.write(f"{sentence}\n")
    return status
