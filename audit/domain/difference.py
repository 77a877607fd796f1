"""What changed between two versions of a checklist, and what findings of the old one become."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from audit.domain.checklist import Checklist, Item, ParentItem
from audit.domain.items import ItemBase

Kind = Literal["added", "removed", "changed", "moved"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference, in words; `finding` says what an old finding on the item becomes."""

    kind: Kind
    code: str
    prompt: str
    details: tuple[str, ...] = ()
    finding: str = ""


def compare(old: Checklist, new: Checklist) -> tuple[Difference, ...]:
    """Return the differences from `old` to `new`, in the order of the new one, removals last.

    Items are the same item when they have the same code. Findings always keep the edition they
    were raised under; the words say how the new edition would read them.
    """
    return (*_present(old, new), *_removed(old, new))


def _present(old: Checklist, new: Checklist) -> Iterator[Difference]:
    places = {item.code: section.code for section in old.sections for item, _ in section.each()}
    for section in new.sections:
        for item, _ in section.each():
            before = old.items.get(item.code)
            if before is None:
                yield Difference(kind="added", code=item.code, prompt=item.prompt)
            elif details := tuple(_details(before, item)):
                yield Difference(
                    kind="changed",
                    code=item.code,
                    prompt=item.prompt,
                    details=details,
                    finding=_becomes(before, item),
                )
            elif places[item.code] != section.code:
                yield Difference(
                    kind="moved",
                    code=item.code,
                    prompt=item.prompt,
                    details=(f"from section {places[item.code]} to {section.code}",),
                )


def _removed(old: Checklist, new: Checklist) -> Iterator[Difference]:
    for code, item in old.items.items():
        if code not in new.items:
            yield Difference(
                kind="removed",
                code=code,
                prompt=item.prompt,
                finding="stays open under its own edition; no later audit will ask it again",
            )


def _details(before: Item | ParentItem, after: Item | ParentItem) -> Iterator[str]:
    """Yield each field that differs; the items inside a parent speak for themselves."""
    if before.kind != after.kind:
        yield f"kind: {before.kind} → {after.kind}"
        return
    old, new = (one.model_dump(mode="json", by_alias=True) for one in (before, after))
    for name in new:
        if old[name] != new[name] and name != "items":
            yield f"{name}: {_show(old[name])} → {_show(new[name])}"


def _show(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_show(one) for one in value) + "]"
    return "nothing" if value in (None, "", {}) else str(value)


def _becomes(before: Item | ParentItem, after: Item | ParentItem) -> str:
    if before.kind != after.kind:
        return "cannot be compared: the item is now asked in another way"
    if before.severity != after.severity:
        return f"a {before.severity} finding would be {after.severity} now"
    if before.requirement != after.requirement:
        was, now = before.requirement or "nothing", after.requirement or "nothing"
        return f"was held against {was}, now {now}"
    own = type(after).model_fields.keys() - ItemBase.model_fields.keys() - {"items"}
    if any(getattr(before, name) != getattr(after, name) for name in own):
        return "is asked or judged in another way now: hold it against both editions"
    return "reads the same"
