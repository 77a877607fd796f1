"""Long lists, a hundred rows on a page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

Row = TypeVar("Row")
ROWS = 100
_LAST = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf(Generic[Row]):
    """The rows of one page, and the numbers of its neighbours where there are any."""

    rows: Sequence[Row]
    before: int | None
    after: int | None


def leaf(fetch: Callable[[int, int], Sequence[Row]]) -> Leaf[Row]:
    """Return the wanted page of what `fetch(limit, offset)` gives; without a number, the first."""
    number = min(max(request.args.get("page", 1, type=int), 1), _LAST)
    found = fetch(ROWS + 1, (number - 1) * ROWS)
    if number > 1 and not found:
        # An old address, of a list that was longer or never was: it begins again.
        number, found = 1, fetch(ROWS + 1, 0)
    return Leaf(
        rows=found[:ROWS],
        before=number - 1 or None,
        after=number + 1 if len(found) > ROWS else None,
    )
