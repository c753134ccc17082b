"""Lists, a page at a time: `next` of one page is `after` of the one that follows, and null on the last."""

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import Query

from adapters.list_pages import NoSuchPlace, Page
from adapters.web.api.problems import FieldProblem, unclear
from domain.quantities import Value

Row = TypeVar("Row", bound=Value)

After = Annotated[str | None, Query(max_length=200, description="Go on where a page ended: its “next”.")]
Limit = Annotated[int, Query(ge=1, le=200, description="How many rows at most.")]


def paged(page: Callable[[], Page[Row]]) -> Page[Row]:
    """The page; raises an `Unanswered` where the place in the list is none of ours."""
    try:
        return page()
    except NoSuchPlace:
        raise unclear(FieldProblem(where="query.after", what="is not the “next” of a page")) from None
