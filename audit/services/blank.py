"""A checklist on paper, for rooms that no device may enter."""

from collections.abc import Iterator
from datetime import datetime

from audit.domain.checklist import Checklist, Item, ParentItem, Section
from audit.domain.definitions import NaPolicy, RepeatGroup
from audit.services.telling import insist_printable
from reports.blank import Blank, BlankForm, BlankItem, BlankSection, print_blank

_EACH = {
    RepeatGroup.PRACTITIONERS: "For each practitioner",
    RepeatGroup.ROOMS: "For each room",
    RepeatGroup.STATIONS: "For each station",
    RepeatGroup.STERILIZERS: "For each sterilizer",
    RepeatGroup.PRODUCTS: "For each product",
    RepeatGroup.LOADS: "For each load looked at",
}


def blank_form(checklist: Checklist, now: datetime) -> bytes:
    """Return `checklist` as a PDF to fill in by hand, with every item it may ask."""
    insist_printable(checklist.language)
    edition = f"{checklist.code}, version {checklist.version}, digest {checklist.digest[:16]}"
    return print_blank(
        BlankForm(
            title=checklist.title,
            edition=edition,
            language=checklist.language,
            made_at=now.isoformat(timespec="seconds"),
            sections=tuple(
                _section(section, number)
                for number, section in enumerate(checklist.sections, start=1)
            ),
        )
    )


def _section(section: Section, number: int) -> BlankSection:
    return BlankSection(
        number=str(number),
        title=section.title,
        beside=_asked(section),
        items=tuple(_items(section, number)),
    )


def _items(section: Section, number: int) -> Iterator[BlankItem]:
    place, letter = 0, 0
    for item, parent in section.each():
        place, letter = (place, letter + 1) if parent else (place + 1, 0)
        inner = chr(ord("a") + letter - 1) if parent else ""
        yield _item(item, f"{number}.{place}{inner}")


def _item(item: Item | ParentItem, number: str) -> BlankItem:
    severity = f"{item.severity} item" if item.scored else ""
    beside = (severity, item.requirement, _asked(item))
    return BlankItem(
        number=number,
        prompt=item.prompt,
        beside="  ·  ".join(part for part in beside if part),
        blanks=tuple(_blanks(item)),
    )


def _asked(part: Section | Item | ParentItem) -> str:
    each = _EACH[part.repeat_over] if part.repeat_over else ""
    only = "Only where it applies" if part.when else ""
    return "  ·  ".join(words for words in (each, only) if words)


def _blanks(item: Item | ParentItem) -> Iterator[Blank]:
    if not item.answerable:
        return
    for part in item.parts_of:
        options = tuple(label for _, label in part.options)
        yield Blank(label="" if options else part.label, options=options)
    absent = () if item.na is NaPolicy.FORBIDDEN else ("Not applicable",)
    yield Blank(options=(*absent, "Not observed"))
