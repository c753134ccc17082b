"""What every command is: an intention that may be refused. Times left out mean "now"."""

from domain.quantities import Value


class Command(Value):
    """Something a person or the engine wants to happen to one incident."""
