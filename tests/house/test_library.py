"""The shipped checklists: whole, cited, and never more certain than their sources."""

from collections.abc import Iterator

import pytest

from audit.domain.catalogue import Catalogue, load_catalogue, read_digests
from audit.domain.checklist import Checklist, Item, ParentItem
from audit.domain.definitions import Clause, Severity
from audit.domain.facts import Conflict, Fact, cite
from audit.domain.items import ChoiceItem, ComplianceItem
from audit.domain.packs import Pack
from tests.house.sources import ROOT

FOLDER = ROOT / "checklists"
CATALOGUE: Catalogue = load_catalogue(FOLDER)
CURRENT = CATALOGUE.current()
PACKS = [one for one in CURRENT if isinstance(one, Pack)]
TOPICS = [one for one in CURRENT if isinstance(one, Checklist)]
WHOLE = "full-hygiene"
FULL = (
    "instrument-sterilisation",
    "glove-use",
    "skin-preparation",
    "practitioner-credentials",
    "extraction-and-aftercare",
)
IN_FULL, ITEMS_IN_ALL = 12, 150


def code_of(published: Pack | Checklist) -> str:
    return published.code


def under(pack: Pack) -> Checklist:
    """Return everything as it is asked in the place of `pack`."""
    return CATALOGUE.get(WHOLE, CATALOGUE.newest(WHOLE), (pack.code, pack.version))


def counted(checklist: Checklist) -> list[Item]:
    """Return what is asked: not the groups, not the instructions."""
    every = checklist.items.values()
    return [one for one in every if one.answerable and not isinstance(one, ParentItem)]


def can_fail(item: Item) -> bool:
    """Say whether some response to `item` is a finding."""
    if isinstance(item, ChoiceItem):
        return any(option.share is not None for option in item.options)
    return isinstance(item, ComplianceItem) or bool(item.scored and item.requirement)


def cited(checklist: Checklist) -> Iterator[tuple[str, tuple[str | Clause, ...]]]:
    for section in checklist.sections:
        yield section.code, section.clauses
        yield from ((item.code, item.clauses) for item, _ in section.each())


def law_of(pack: Pack) -> list[Fact]:
    facts = CATALOGUE.facts.facts
    return [one for one in facts if one.is_law and one.jurisdiction in pack.jurisdictions]


def test_every_published_version_is_pinned_by_its_digest() -> None:
    files = {f"{path.parent.name}/{path.stem}" for path in FOLDER.glob("*/*.yaml")}

    assert read_digests(FOLDER / "digests.txt").keys() == files


def test_there_is_one_checklist_for_each_topic_of_the_facts() -> None:
    topics = {fact.topic for fact in CATALOGUE.facts.facts}

    assert len(topics) == 13
    assert {one.topic for one in TOPICS} == topics
    assert all(one.code == one.topic for one in TOPICS)


def test_there_are_packs_for_the_promised_places() -> None:
    places = {"CA-ON", "US-CA", "US-UT", "US-TX", "US-NY", "AU-NSW"}

    assert {pack.jurisdiction for pack in PACKS} >= places


def test_library_holds_enough_items() -> None:
    assert sum(len(counted(one)) for one in TOPICS) >= ITEMS_IN_ALL


@pytest.mark.parametrize("code", FULL)
def test_checklist_that_is_called_full_is_full(code: str) -> None:
    assert len(counted(CATALOGUE.get(code, CATALOGUE.newest(code)))) >= IN_FULL


def test_whole_programme_asks_about_every_topic() -> None:
    editions = CATALOGUE.editions(WHOLE, CATALOGUE.newest(WHOLE))

    assert {one.code for one in editions} == {one.code for one in TOPICS}


@pytest.mark.parametrize("checklist", TOPICS, ids=code_of)
def test_every_item_that_can_be_found_not_met_says_what_to_do_then(checklist: Checklist) -> None:
    failing = [one for one in counted(checklist) if one.weight and can_fail(one)]

    assert [one.code for one in failing if not one.order] == []


@pytest.mark.parametrize("checklist", TOPICS, ids=code_of)
def test_every_either_or_group_says_what_to_do_when_it_is_not_met(checklist: Checklist) -> None:
    groups = [one for one in checklist.items.values() if isinstance(one, ParentItem)]

    assert [one.code for one in groups if one.needs == "one" and not one.order] == []


@pytest.mark.parametrize("checklist", TOPICS, ids=code_of)
def test_every_critical_item_rests_on_a_source(checklist: Checklist) -> None:
    bare = [
        item.code
        for section in checklist.sections
        for item, parent in section.each()
        if item.answerable and item.scored and item.severity is Severity.CRITICAL
        if not (item.clauses or section.clauses or (parent and parent.clauses))
    ]

    assert bare == []


@pytest.mark.parametrize("pack", PACKS, ids=code_of)
def test_nothing_unconfirmed_or_foreign_is_shown_as_law(pack: Pack) -> None:
    facts = CATALOGUE.facts

    shown = {
        one.fact
        for _, clauses in cited(under(pack))
        for one in cite(clauses, facts, pack.jurisdictions)
        if one.law
    }

    assert shown <= {fact.id for fact in law_of(pack)}


@pytest.mark.parametrize("checklist", TOPICS, ids=code_of)
def test_without_a_pack_nothing_is_shown_as_law(checklist: Checklist) -> None:
    shown = [
        code
        for code, clauses in cited(checklist)
        for one in cite(clauses, CATALOGUE.facts, ("INT",))
        if one.law
    ]

    assert shown == []


@pytest.mark.parametrize("pack", PACKS, ids=code_of)
def test_every_confirmed_critical_law_of_a_packed_place_is_asked_about(pack: Pack) -> None:
    asked = {
        one
        for item in under(pack).items.values()
        if item.answerable or isinstance(item, ParentItem)
        for one in item.clauses
    }

    missing = [fact.id for fact in law_of(pack) if fact.severity == "critical"]

    assert [fact for fact in missing if fact not in asked] == []


@pytest.mark.parametrize("pack", PACKS, ids=code_of)
def test_pack_takes_a_position_in_every_conflict_of_its_place(pack: Pack) -> None:
    def concerns(conflict: Conflict) -> bool:
        return any(one.jurisdiction in pack.jurisdictions for one in conflict.positions)

    open_ = {one.id for one in CATALOGUE.facts.conflicts if concerns(one)} - pack.chooses.keys()
    foreign = {
        name: choice.fact
        for name, choice in pack.chooses.items()
        if CATALOGUE.facts.by_id[choice.fact].jurisdiction not in pack.jurisdictions
    }

    assert open_ == set()
    assert foreign == {}


@pytest.mark.parametrize("checklist", TOPICS, ids=code_of)
def test_every_prompt_is_asked_once_in_the_library(checklist: Checklist) -> None:
    others = {item.prompt for one in TOPICS if one is not checklist for item in counted(one)}

    assert [item.code for item in counted(checklist) if item.prompt in others] == []
