"""What is wrong with the world or with the program: nothing that whoever asked could put right."""

import inspect


class Fault(Exception):
    """Tocsin met something that must not be."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or inspect.cleandoc(type(self).__doc__ or "").replace("\n", " "))


class VersionGap(Fault):
    """An event does not follow the last one of its incident: versions must come from a history that was read."""


class SchoolAndIncidentDisagree(Fault):
    """An event names one school and the reference of its incident names another."""


class EventUnreadable(Fault):
    """A stored event cannot be read."""


class SealedTextDisplaced(Fault):
    """A sealed text was altered, or moved here from another event."""


class KeyDamaged(Fault):
    """The stored key of an incident was altered, or moved here from another incident."""


class KeyFileBusy(Fault):
    """The key is destroyed, but a copy stays in the key file's journal while another program reads it; do it again."""


class TemporalFault(Exception):
    """Temporal does not do what Tocsin needs."""

    def __init__(self, **facts: object) -> None:
        """Makes the message from the docstring of the class and the facts it names."""
        sentence = type(self).__doc__ or type(self).__name__
        super().__init__(" ".join(sentence.split()).format(**facts))
