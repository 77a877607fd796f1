"""How many items count, and how many of these have a response: the totals shown everywhere."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from audit.domain.checklist import Asked, Item, ParentItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The items that take a response, and how many have one."""

    total: int
    answered: int


def count_items(items: Iterable[Item | ParentItem]) -> int:
    """Return how many of `items` take a response; headings and instructions do not."""
    return sum(item.answerable for item in items)


def progress(every: Iterable[Asked], given: Collection[str]) -> Progress:
    """Return how far `given`, the keys that have a response, goes among the items asked."""
    asked = tuple(every)
    return Progress(
        total=count_items(one.item for one in asked),
        answered=count_items(one.item for one in asked if one.key in given),
    )
