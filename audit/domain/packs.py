"""Jurisdiction packs and programmes: how several checklists become the one an audit is done by.

A pack adds items, switches items off, tightens them and cites its law. Where laws conflict it
says which position it takes. A programme only names checklists to be done together.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from audit.domain.checklist import Checklist, Entry, Item, ParentItem, Section
from audit.domain.conditions import Condition
from audit.domain.definitions import (
    Amount,
    Cite,
    Code,
    Definition,
    Edition,
    EvidenceRule,
    FactId,
    Fine,
    Language,
    Limit,
    NaPolicy,
    Prose,
    Service,
    Severity,
    Words,
)
from audit.domain.documents import reasons
from audit.domain.facts import Jurisdiction
from audit.errors import Invalid


class Deadlines(Definition):
    """Days until a finding must be put right, where the law of the place does not say."""

    critical: int = Field(default=2, ge=0, le=365)
    major: int = Field(default=14, ge=0, le=365)
    minor: int = Field(default=30, ge=0, le=365)


class OutcomeRule(Definition):
    """What the place makes of findings beyond our own rule.

    `closes`: an uncorrected critical finding closes the premises (Toronto's BodySafe).
    `corrected_critical_conditions`: a critical finding put right on the spot still leaves
    conditions, as there.
    """

    closes: bool = False
    corrected_critical_conditions: bool = False


class Retention(Definition):
    """How many years records are kept on site and in all."""

    on_site_years: int = Field(ge=0, le=100)
    total_years: int = Field(ge=0, le=100)
    fact: FactId | None = None


class Change(Definition):
    """What a pack changes on an item; what is left out stays as the core checklist has it."""

    severity: Severity | None = None
    weight: Amount | None = Field(default=None, ge=0, le=100)
    na: NaPolicy | None = None
    service: Service | None = None
    when: Condition | None = None
    evidence: EvidenceRule | None = None
    limits: tuple[Limit, ...] | None = None
    celsius: Amount | None = None
    minutes: Amount | None = None
    within_days: int | None = None
    guidance: Prose | None = None
    order: Prose | None = None
    body_class: str | None = None
    fine: Fine | None = None
    clauses: tuple[Cite, ...] = ()

    def on(self, item: Item | ParentItem) -> Item | ParentItem:
        """Return `item` changed; ValidationError when it cannot be so. Clauses are added."""
        wanted = self.model_dump(by_alias=True, exclude_none=True, exclude={"clauses"})
        plain = item.model_dump(by_alias=True, exclude_defaults=True)
        plain.update(wanted, clauses=(*self.clauses, *item.clauses))
        # An order in another language still says what it said before this place changed it.
        for said in plain.get("translations", {}).values() if self.order is not None else ():
            said.pop("order", None)
        return type(item).model_validate(plain)


class Addition(Definition):
    """Items for a section of a core checklist."""

    section: Code
    items: tuple[Entry, ...] = Field(min_length=1)


class Choice(Definition):
    """The position a pack takes in a conflict, by the fact that states it."""

    fact: FactId
    because: Words


class Pack(Edition):
    """What one jurisdiction makes of the core checklists."""

    kind: Literal["pack"]
    jurisdiction: Jurisdiction
    jurisdictions: tuple[Jurisdiction, ...] = Field(min_length=1)
    languages: tuple[Language, ...] = ("en",)
    summary: Prose = ""
    deadlines: Deadlines = Deadlines()
    outcome: OutcomeRule = OutcomeRule()
    retention: Retention | None = None
    chooses: Mapping[FactId, Choice] = Field(default_factory=dict)
    changes: Mapping[Code, Change] = Field(default_factory=dict)
    off: Mapping[Code, Words] = Field(default_factory=dict)
    adds: tuple[Addition, ...] = ()
    sections: tuple[Section, ...] = ()

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.jurisdiction not in self.jurisdictions:
            raise ValueError(f"jurisdictions must hold {self.jurisdiction} itself")
        if both := self.off.keys() & self.changes.keys():
            raise ValueError(f"{', '.join(sorted(both))}: changed and switched off at once")
        return self


ChecklistName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,59}/[1-9][0-9]{0,5}$")]


class Programme(Edition):
    """Checklists done together, as "code/version", in this order."""

    kind: Literal["programme"]
    summary: Prose = ""
    includes: tuple[ChecklistName, ...] = Field(min_length=1)


def join(programme: Programme, parts: tuple[Checklist, ...]) -> Checklist:
    """Return one checklist with the sections of all `parts`; Invalid when they do not fit."""
    try:
        return Checklist(
            code=programme.code,
            version=programme.version,
            edition=programme.edition,
            title=programme.title,
            topic="programme",
            summary=programme.summary,
            sections=tuple(section for part in parts for section in part.sections),
        )
    except ValidationError as error:
        words = f"Its checklists do not go together: {reasons(error)}"
        raise Invalid(words, code="bad_programme") from error


def apply_pack(checklist: Checklist, pack: Pack, *, whole: bool) -> Checklist:
    """Return `checklist` as it is asked in the pack's jurisdiction.

    Only what concerns the checklist's own items is applied. The pack's own sections come last,
    and only with `whole`, that is for a programme; for one topic they would be out of place.
    Invalid when what comes out breaks a rule of shape.
    """
    added: dict[str, tuple[Entry, ...]] = defaultdict(tuple)
    for addition in pack.adds:
        added[addition.section] += addition.items
    sections = tuple(_apply(section, pack, added) for section in checklist.sections)
    kept = tuple(section for section in sections if section is not None)
    parts = (*kept, *pack.sections) if whole else kept
    try:
        return checklist.model_copy(update={"sections": parts}).checked()
    except ValidationError as error:
        words = f"Pack {pack.code} does not fit {checklist.code}: {reasons(error)}"
        raise Invalid(words, code="bad_pack") from error


def _apply(section: Section, pack: Pack, added: Mapping[str, tuple[Entry, ...]]) -> Section | None:
    items: list[Entry] = []
    for entry in section.items:
        if entry.code in pack.off:
            continue
        changed = _change(entry, pack)
        if isinstance(changed, ParentItem):
            inner = tuple(_change(i, pack) for i in changed.items if i.code not in pack.off)
            if not inner:
                continue
            changed = changed.model_copy(update={"items": inner})
        items.append(changed)
    items.extend(added.get(section.code, ()))
    return section.model_copy(update={"items": tuple(items)}) if items else None


def _change(item: Item | ParentItem, pack: Pack) -> Item | ParentItem:
    change = pack.changes.get(item.code)
    if change is None:
        return item
    try:
        return change.on(item)
    except ValidationError as error:
        words = f"Pack {pack.code} changes {item.code} in a way it cannot be: {reasons(error)}"
        raise Invalid(words, code="bad_pack") from error
