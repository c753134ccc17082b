"""How much is measured: enough for a figure, or a tenth of it to see that everything runs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """Rounds, and what each side does in one of them."""

    quick: bool = False
    append_rounds: int = 40
    appends: int = 50
    batches: int = 6
    batch: int = 100
    log_events: int = 20_000
    catch_up_rounds: int = 6
    verify_rounds: int = 20
    long_history: int = 1_000
    as_at_rounds: int = 30
    relay_rounds: int = 4
    relay_chunk: int = 250
    exported: int = 10_000
    export_rounds: int = 3
    workbook_rounds: int = 2


FULL = Sizes()
QUICK = Sizes(
    quick=True,
    append_rounds=4,
    appends=20,
    batches=3,
    log_events=2_000,
    catch_up_rounds=2,
    verify_rounds=3,
    as_at_rounds=3,
    relay_rounds=2,
    relay_chunk=50,
    exported=200,
    export_rounds=2,
)
