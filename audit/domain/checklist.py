"""A checklist: sections of items, and which of them one audit is asked.

Every rule about the shape of a checklist stands here, so that a file either loads whole or says
what is wrong with it. A `Checklist` is one published file; an audit is done against several of
them assembled with a pack, which is a `Checklist` again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from string import ascii_lowercase
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from audit.domain.conditions import Condition, Situation
from audit.domain.definitions import (
    WORST_FIRST,
    Cite,
    Code,
    Definition,
    Edition,
    FaultError,
    FileCode,
    Language,
    Prose,
    RepeatGroup,
    Service,
    Translation,
    Words,
)
from audit.domain.items import (
    ChoiceItem,
    ComplianceItem,
    DurationItem,
    ItemBase,
    MomentItem,
    NumberItem,
    PersonItem,
    Reading,
    ScanItem,
    TallyItem,
    TextItem,
)
from audit.domain.record_items import (
    CalculatedItem,
    CycleItem,
    DocumentItem,
    InstructionItem,
    PhotosItem,
    SignatureItem,
)
from audit.domain.responses import Given, Response
from audit.errors import NotFound

Item = (
    ComplianceItem
    | ChoiceItem
    | NumberItem
    | DurationItem
    | MomentItem
    | TextItem
    | ScanItem
    | PersonItem
    | TallyItem
    | CycleItem
    | DocumentItem
    | PhotosItem
    | InstructionItem
    | CalculatedItem
    | SignatureItem
)


class ParentItem(ItemBase):
    """Holds items together without a response of its own.

    `needs: all` only groups them. `needs: one` is an either-or group: it is met when any of its
    items is, and then the others count neither for nor against.
    """

    kind: Literal["parent"]
    needs: Literal["all", "one"] = "all"
    items: tuple[Annotated[Item, Field(discriminator="kind")], ...] = Field(
        min_length=1, max_length=len(ascii_lowercase)
    )
    answerable: ClassVar[bool] = False

    @model_validator(mode="after")
    def _repeats_as_one(self) -> Self:
        for item in self.items:
            if item.repeat_over is not None:
                raise ValueError(f"{item.code} repeats with its parent; say repeat_over there")
        return self

    @model_validator(mode="after")
    def _as_grave_as_its_items(self) -> Self:
        # The group's finding carries the group's severity: a critical item must not hide in it.
        worst = min((item.severity for item in self.items), key=WORST_FIRST.index)
        if self.needs == "one" and WORST_FIRST.index(self.severity) > WORST_FIRST.index(worst):
            raise ValueError(f"needs: one must be as severe as its gravest item, {worst}")
        return self


Entry = Annotated[Item | ParentItem, Field(discriminator="kind")]
_Placed = tuple[Item | ParentItem, RepeatGroup | None]  # an item, and what it is repeated over


class Section(Definition):
    """Items that are asked together, on one page."""

    code: Code
    title: Words
    guidance: Prose = ""
    when: Condition | None = None
    repeat_over: RepeatGroup | None = None
    clauses: tuple[Cite, ...] = ()
    items: tuple[Entry, ...] = Field(min_length=1, max_length=200)
    translations: Mapping[Language, Translation] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _repeats_once(self) -> Self:
        for entry in self.items:
            if self.repeat_over is not None and entry.repeat_over is not None:
                raise ValueError(f"{entry.code} repeats with its section; leave repeat_over out")
        return self

    def each(self) -> Iterator[tuple[Item | ParentItem, ParentItem | None]]:
        """Yield every item with its parent, parents before their items."""
        for entry in self.items:
            yield entry, None
            if isinstance(entry, ParentItem):
                for item in entry.items:
                    yield item, entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One item as it is asked in one audit; `about` is the label of its repeat."""

    key: str
    number: str
    item: Item | ParentItem
    section: Section
    parent: ParentItem | None
    parent_key: str
    repeat: str
    about: str


class Checklist(Edition):
    """A published version of a checklist, or several assembled for an audit."""

    topic: FileCode
    language: Language = "en"
    summary: Prose = ""
    sections: tuple[Section, ...] = Field(min_length=1, max_length=100)
    translations: Mapping[Language, Translation] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _codes_once(self) -> Self:
        seen: set[str] = set()
        for code in (*(s.code for s in self.sections), *(i.code for i, _ in self._each())):
            if code in seen:
                raise FaultError(code, f"the code {code!r} stands here twice")
            seen.add(code)
        return self

    @model_validator(mode="after")
    def _conditions_look_back(self) -> Self:
        # Going forward once is then enough to know what is asked.
        before: dict[str, _Placed] = {}
        for section in self.sections:
            _insist_can_hold(section, None, before)
            for item, parent in section.each():
                group = section.repeat_over or (parent or item).repeat_over
                _insist_can_hold(item, group, before)
                before[item.code] = (item, group)
        return self

    @model_validator(mode="after")
    def _figures_from_figures(self) -> Self:
        for item, _ in self._each():
            if isinstance(item, CalculatedItem):
                wanted = TallyItem if item.calculate == "rate" else Reading
                sources = [self.items.get(code) for code in item.of]
                if not all(isinstance(one, wanted) for one in sources):
                    words = ", ".join(item.of)
                    said = f"{item.code} cannot take its {item.calculate} of {words}"
                    raise FaultError(item.code, said)
                if any(isinstance(one, Reading) and one.unit != item.unit for one in sources):
                    said = f"{item.code} and what it is made from must have one unit"
                    raise FaultError(item.code, said)
        return self

    def _each(self) -> Iterator[tuple[Item | ParentItem, ParentItem | None]]:
        for section in self.sections:
            yield from section.each()

    @cached_property
    def items(self) -> Mapping[str, Item | ParentItem]:
        """Every item by its code, parents too."""
        return {item.code: item for item, _ in self._each()}

    def checked(self) -> Self:
        """Return this checklist anew, with every rule of shape checked; for copies."""
        return type(self).model_validate(self.model_dump(by_alias=True))

    def section(self, code: str) -> Section:
        """Return a section by its code; NotFound otherwise."""
        for section in self.sections:
            if section.code == code:
                return section
        raise NotFound("This checklist has no such section.", code="no_such_section")


def _insist_can_hold(
    asked_if: Section | Item | ParentItem,
    group: RepeatGroup | None,
    before: Mapping[str, _Placed],
) -> None:
    for look in asked_if.when.looks() if asked_if.when else ():
        placed = before.get(look.response or "")
        fault = _never(look, *placed, group) if placed else "which is not asked before it"
        if fault:
            said = f"{asked_if.code} looks at {look.response}, {fault}"
            raise FaultError(asked_if.code, said)


def _never(
    look: Condition,
    item: Item | ParentItem,
    looked_over: RepeatGroup | None,
    over: RepeatGroup | None,
) -> str:
    """Return why a condition on the response to `item` could never hold, or nothing."""
    value = next((part for part in item.parts_of if part.name == "value"), None)
    if value is None:
        return "which has no response to look at"
    if looked_over not in (None, over):
        return f"which is asked once for each of the {looked_over}"
    if look.at_least is not None:
        return "" if value.sort in ("number", "count") else "which has no number"
    options = {code for code, _ in value.options}
    return "whose options are others" if options and not options.issuperset(look.is_) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One of what a section is repeated over: one practitioner, one room, one sterilizer."""

    id: str
    label: str


Repeats = Mapping[RepeatGroup, tuple[Subject, ...]]


def situation(services: frozenset[Service], repeats: Repeats, given: Given) -> Situation:
    """Return what conditions look at, for an audit of `services` with these repeats."""
    return Situation(
        services=services,
        counts={group: len(subjects) for group, subjects in repeats.items()},
        given=given,
    )


def key_of(code: str, repeat: str = "") -> str:
    """Return the name a response is kept under."""
    return f"{code}@{repeat}" if repeat else code


def asked(checklist: Checklist, known: Situation, repeats: Repeats) -> tuple[Asked, ...]:
    """Return every item this audit is asked, in order, once per repeat, with its printed number.

    Numbers count all sections and items, asked or not, so that "3.2" means the same item in every
    audit of the same checklist. A response kept from when its item was still asked decides nothing.
    """
    found: list[Asked] = []
    heeded: dict[str, Response] = {}
    so_far = replace(known, given=heeded)
    for place, section in enumerate(checklist.sections, start=1):
        if section.when is None or section.when.holds(so_far):
            for one in _asked_in(section, place, so_far, repeats):
                found.append(one)
                if one.key in known.given:
                    heeded[one.key] = known.given[one.key]
    return tuple(found)


def _asked_in(section: Section, place: int, known: Situation, repeats: Repeats) -> Iterator[Asked]:
    group = section.repeat_over
    for subject in repeats.get(group, ()) if group else (Subject(id="", label=""),):
        for number, entry in enumerate(section.items, start=1):
            yield from _asked_entry(entry, f"{place}.{number}", section, subject, known, repeats)


def _asked_entry(
    entry: Item | ParentItem,
    number: str,
    section: Section,
    subject: Subject,
    known: Situation,
    repeats: Repeats,
) -> Iterator[Asked]:
    own = entry.repeat_over if section.repeat_over is None else None
    for one in repeats.get(own, ()) if own else (subject,):
        if entry.when is not None and not entry.when.holds(known, repeat=one.id):
            continue
        whole = Asked(
            key=key_of(entry.code, one.id),
            number=number,
            item=entry,
            section=section,
            parent=None,
            parent_key="",
            repeat=one.id,
            about=one.label,
        )
        yield whole
        if isinstance(entry, ParentItem):
            yield from _asked_children(entry, whole, known)


def _asked_children(parent: ParentItem, whole: Asked, known: Situation) -> Iterator[Asked]:
    for letter, item in zip(ascii_lowercase, parent.items, strict=False):
        if item.when is None or item.when.holds(known, repeat=whole.repeat):
            yield Asked(
                key=key_of(item.code, whole.repeat),
                number=f"{whole.number}{letter}",
                item=item,
                section=whole.section,
                parent=parent,
                parent_key=whole.key,
                repeat=whole.repeat,
                about=whole.about,
            )
