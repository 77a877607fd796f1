"""What an audit still lacks before it can be completed, and which absences an item allows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from audit.domain.checklist import Asked, Checklist, ParentItem, Repeats, asked
from audit.domain.conditions import Situation
from audit.domain.definitions import NaPolicy, Need, RepeatGroup, Service
from audit.domain.items import ItemBase
from audit.domain.record_items import PhotosItem
from audit.domain.responses import Absent, Given, Response, Standing, refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """Something missing: on which item, or for a whole group of repeats, and what to do."""

    words: str
    asked: Asked | None = None
    group: RepeatGroup | None = None


def allow_absence(item: ItemBase, response: Response, services: frozenset[Service]) -> None:
    """Refuse "not applicable" where the item's policy forbids it at a site with `services`."""
    if response.absent is not Absent.NOT_APPLICABLE or item.na is NaPolicy.ALLOWED:
        return
    if item.na is NaPolicy.FORBIDDEN:
        refuse("This applies to every site. Respond, or choose not observed.", "na_forbidden")
    if item.service in services:
        service = str(item.service).replace("_", " ")
        refuse(f"This site offers {service}, so this applies here.", "na_forbidden")


def lacking(
    every: Iterable[Asked], given: Given, photos: Mapping[str, int], *, on: date
) -> tuple[Lack, ...]:
    """Return everything missing among the items asked, in their order.

    `photos` counts the photos per response key. One response is enough for an either-or group.
    """
    found: list[Lack] = []
    everything = tuple(every)
    for one in everything:
        if isinstance(one.item, ParentItem):
            found.extend(_lacking_group(one, everything, given))
        elif one.item.answerable:
            found.extend(_lacking_one(one, given.get(one.key), photos.get(one.key, 0), on))
    return tuple(found)


def lacking_groups(checklist: Checklist, known: Situation, repeats: Repeats) -> tuple[Lack, ...]:
    """Return the groups that must be named, or said to be none, before anything is asked of them.

    A group that is present and empty was said to be none.
    """
    heeded = {one.key for one in asked(checklist, known, repeats)}
    known = replace(known, given={k: one for k, one in known.given.items() if k in heeded})
    wanted: dict[RepeatGroup, None] = {}
    for section in checklist.sections:
        if section.when is None or section.when.holds(known):
            own = (item.repeat_over for item in section.items)
            groups = (section.repeat_over,) if section.repeat_over else own
            wanted.update(dict.fromkeys(group for group in groups if group))
    return tuple(
        Lack(words=f"Name the {group.value} you looked at, or say there are none.", group=group)
        for group in wanted
        if group not in repeats
    )


def _lacking_group(one: Asked, everything: tuple[Asked, ...], given: Given) -> Iterator[Lack]:
    if isinstance(one.item, ParentItem) and one.item.needs == "one" and one.item.required:
        children = [other for other in everything if other.parent_key == one.key]
        if children and not any(child.key in given for child in children):
            yield Lack(words="Answer at least one of these.", asked=one)


def _lacking_one(one: Asked, response: Response | None, photos: int, on: date) -> Iterator[Lack]:
    alternative = one.parent is not None and one.parent.needs == "one"
    if response is None:
        if one.item.required and not alternative:
            yield Lack(words="Not answered yet.", asked=one)
        return
    if response.absent:
        if not response.reason and not (
            response.absent is Absent.NOT_APPLICABLE and one.item.service
        ):
            yield Lack(words="Say why, in a word or two.", asked=one)
        return
    failed = one.item.judge(response.parts, on=on).standing in (
        Standing.NOT_MET,
        Standing.PARTLY_MET,
    )
    rule = one.item.evidence
    if _wanted(rule.comment, failed=failed) and not response.comment:
        yield Lack(words="Add a comment that says what you saw.", asked=one)
    due = max(_counted(one.item, response), int(_wanted(rule.photo, failed=failed)))
    if photos < due:
        words = "Add a photo." if due == 1 else f"Add all {due} photos: {photos} so far."
        yield Lack(words=words, asked=one)


def _counted(item: ItemBase, response: Response) -> int:
    """Return how many photos a response says there are: a typed count alone shows nothing."""
    return int(response.parts["value"]) if isinstance(item, PhotosItem) else 0


def _wanted(need: Need, *, failed: bool) -> bool:
    return need is Need.REQUIRED or (need is Need.ON_FAILURE and failed)
