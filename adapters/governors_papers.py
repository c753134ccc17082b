"""What governors are given: the same views, with every name that somebody typed left out."""

from typing import Any, TypeVar

from adapters.name_reader import left_out
from domain.quantities import Value
from domain.school import School

V = TypeVar("V", bound=Value)


def for_governors(view: V, school: School) -> V:
    """The view with “[name left out]” where a text looks like naming somebody; the school's own contacts stay."""
    contacts = (contact.name for contact in school.contacts.values())
    allowed = frozenset(filter(None, (school.name, *contacts)))

    def read(value: Any) -> Any:
        if type(value) is str:
            return left_out(value, allowed)
        if isinstance(value, Value):
            return value.model_copy(update={name: read(getattr(value, name)) for name in type(value).model_fields})
        if isinstance(value, tuple):
            return tuple(read(each) for each in value)
        if isinstance(value, dict):
            return {key: read(each) for key, each in value.items()}
        return value

    given: V = read(view)
    return given
