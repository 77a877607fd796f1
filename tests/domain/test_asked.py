"""What one audit is asked, under which numbers and keys."""

import pytest

from audit.domain.checklist import Asked, Subject, key_of
from audit.domain.definitions import RepeatGroup, Service
from tests.domain.samples import ROOMS, TWO_ROOMS, ask, checklist, no, part, plain, yes

LANCET = {"when": {"service": "lancet"}}
WORN = {"when": {"response": "gloves_worn", "is": "yes"}}


def numbers(every: tuple[Asked, ...]) -> list[tuple[str, str]]:
    return [(one.number, one.key) for one in every]


def test_items_are_numbered_by_section_place_and_letter() -> None:
    group = plain("drying", "parent", items=[plain("towels"), plain("dryer")])
    made = checklist(part(plain(), group), part(plain("soap"), code="hands"))

    assert numbers(ask(made)) == [
        ("1.1", "gloves_worn"),
        ("1.2", "drying"),
        ("1.2a", "towels"),
        ("1.2b", "dryer"),
        ("2.1", "soap"),
    ]


def test_number_stays_when_items_before_it_are_not_asked() -> None:
    made = checklist(
        part(plain("lancet_single_use", **LANCET), plain()),
        part(plain("sharps"), code="sharps_section", **LANCET),
        part(plain("soap"), code="hands"),
    )

    assert numbers(ask(made)) == [("1.2", "gloves_worn"), ("3.1", "soap")]
    assert len(ask(made, services=frozenset({Service.LANCET}))) == 4


def test_section_is_asked_once_per_subject() -> None:
    made = checklist(part(plain(), plain("drying", "parent"), repeat_over="rooms"))

    every = ask(made, repeats=TWO_ROOMS)

    assert numbers(every) == [
        ("1.1", "gloves_worn@r1"),
        ("1.2", "drying@r1"),
        ("1.2a", "drying_a@r1"),
        ("1.1", "gloves_worn@r2"),
        ("1.2", "drying@r2"),
        ("1.2a", "drying_a@r2"),
    ]
    assert [one.about for one in every] == ["Room 1"] * 3 + ["Room 2"] * 3
    assert [one.parent_key for one in every][:3] == ["", "", "drying@r1"]


def test_item_is_asked_once_per_subject() -> None:
    made = checklist(part(plain(repeat_over="rooms"), plain("soap")))

    keys = [one.key for one in ask(made, repeats=TWO_ROOMS)]

    assert keys == ["gloves_worn@r1", "gloves_worn@r2", "soap"]


@pytest.mark.parametrize("repeats", [{}, {ROOMS: ()}])
def test_nothing_is_asked_of_a_group_without_subjects(
    repeats: dict[RepeatGroup, tuple[Subject, ...]],
) -> None:
    made = checklist(part(repeat_over="rooms"))

    assert ask(made, repeats=repeats) == ()


def test_count_of_subjects_switches_items() -> None:
    counted = plain(when={"count": "rooms", "at_least": 2})

    assert len(ask(checklist(part(counted)), repeats=TWO_ROOMS)) == 1
    assert ask(checklist(part(counted))) == ()


def test_response_switches_the_items_after_it() -> None:
    made = checklist(part(plain(), plain("changed", **WORN)))

    assert len(ask(made, {"gloves_worn": yes()})) == 2
    assert len(ask(made, {"gloves_worn": no()})) == 1


def test_response_in_one_room_switches_items_in_that_room() -> None:
    made = checklist(part(plain(), plain("changed", **WORN), repeat_over="rooms"))

    every = ask(made, {"gloves_worn@r2": yes()}, repeats=TWO_ROOMS)

    assert [one.key for one in every] == ["gloves_worn@r1", "gloves_worn@r2", "changed@r2"]


def test_condition_on_a_group_decides_for_its_items() -> None:
    group = plain("drying", "parent", items=[plain("towels"), plain("dryer")], **LANCET)

    assert ask(checklist(part(group))) == ()


def test_condition_on_an_item_of_a_group_decides_for_it_alone() -> None:
    group = plain("drying", "parent", items=[plain("towels", **LANCET), plain("dryer")])

    assert numbers(ask(checklist(part(group)))) == [("1.1", "drying"), ("1.1b", "dryer")]


def test_response_kept_from_before_decides_nothing_once_its_item_is_not_asked() -> None:
    made = checklist(
        part(
            plain(),
            plain("changed", **WORN),
            plain("between_clients", when={"response": "changed", "is": "yes"}),
        )
    )
    before = {"gloves_worn": yes(), "changed": yes(), "between_clients": yes()}

    every = ask(made, before | {"gloves_worn": no()})

    assert [one.key for one in every] == ["gloves_worn"]


def test_key_names_item_and_repeat() -> None:
    assert key_of("gloves_worn") == "gloves_worn"
    assert key_of("gloves_worn", "r1") == "gloves_worn@r1"
