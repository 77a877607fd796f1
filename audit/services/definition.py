"""From an assembled checklist to what a tablet needs to ask, read and judge it by itself.

Amounts go as text, since a tablet's own numbers would round them; words that only the page shows
stay out, since the page is made on the server.
"""

from string import ascii_lowercase

from audit.domain.checklist import Checklist, Item, ParentItem, Section
from audit.domain.conditions import Condition
from audit.domain.items import Part
from audit.domain.packs import OutcomeRule

Plain = dict[str, object]

# What a page shows and nothing decides by. All else goes along, so that a rule cannot be forgotten.
_SHOWN = frozenset(
    {"guidance", "methods", "clauses", "body_class", "fine", "translations"}
    | {"long", "instrument", "opportunity", "statement"}
)
_MADE_HERE = frozenset({"when", "items"})


def define(checklist: Checklist, rule: OutcomeRule) -> Plain:
    """Return `checklist` with the outcome rule of its pack as plain values for JSON."""
    return {
        "code": checklist.code,
        "title": checklist.title,
        "version": checklist.version,
        "digest": checklist.digest,
        "language": checklist.language,
        "outcome": rule.model_dump(mode="json"),
        "sections": [
            _section(section, number) for number, section in enumerate(checklist.sections, start=1)
        ],
    }


def _section(section: Section, number: int) -> Plain:
    return {
        "code": section.code,
        "number": str(number),
        "title": section.title,
        "when": _condition(section.when),
        "repeat_over": section.repeat_over,
        "items": [
            _item(entry, f"{number}.{place}") for place, entry in enumerate(section.items, start=1)
        ],
    }


def _item(item: Item | ParentItem, number: str) -> Plain:
    plain = {
        **item.model_dump(mode="json", by_alias=True, exclude={*_SHOWN, *_MADE_HERE}),
        "number": number,
        "scored": item.scored,
        "answerable": item.answerable,
        "when": _condition(item.when),
        "requirement": item.requirement,
        "parts": [_part(part) for part in item.parts_of],
    }
    if isinstance(item, ParentItem):
        children = zip(ascii_lowercase, item.items, strict=False)
        plain["items"] = [_item(one, f"{number}{letter}") for letter, one in children]
    return plain


def _part(part: Part) -> Plain:
    return {**part._asdict(), "options": [list(option) for option in part.options]}


def _condition(condition: Condition | None) -> Plain | None:
    if condition is None:
        return None
    return condition.model_dump(mode="json", by_alias=True, exclude_defaults=True)
