"""Rules about the shape of a checklist: a file loads whole or says what is wrong."""

from typing import Any

import pytest
from pydantic import ValidationError

from audit.errors import NotFound
from tests.domain.samples import checklist, part, plain

BACK = {"when": {"response": "gloves_worn", "is": "yes"}}


def test_items_are_found_by_code_parents_and_their_items_too() -> None:
    group = plain("drying", "parent", items=[plain("towels"), plain("dryer")])

    made = checklist(part(plain(), group))

    assert list(made.items) == ["gloves_worn", "drying", "towels", "dryer"]


def test_section_is_found_by_code() -> None:
    made = checklist(part(), part(plain("soap"), code="hands"))

    assert made.section("hands").items[0].code == "soap"
    with pytest.raises(NotFound):
        made.section("feet")


@pytest.mark.parametrize(
    "sections",
    [
        [part(plain(), plain())],
        [part(plain("gloves"))],
        [part(), part(plain(), code="hands")],
        [part(plain(), plain("group", "parent", items=[plain()]))],
        [part(), part(plain("soap"))],
    ],
)
def test_code_stands_for_one_thing_only(sections: list[dict[str, Any]]) -> None:
    with pytest.raises(ValidationError, match="stands here twice"):
        checklist(*sections)


@pytest.mark.parametrize(
    "sections",
    [
        [part(plain(), plain("changed", **BACK))],
        [part(), part(plain("changed"), code="hands", **BACK)],
        [part(plain("group", "parent", items=[plain(), plain("changed", **BACK)]))],
    ],
)
def test_condition_may_look_at_what_is_asked_before(sections: list[dict[str, Any]]) -> None:
    assert "changed" in checklist(*sections).items


@pytest.mark.parametrize(
    "sections",
    [
        [part(plain("changed", **BACK))],
        [part(plain("changed", **BACK), plain())],
        [part(plain("soap"), plain("changed", **BACK), plain())],
        [part(plain(**BACK))],
        [part(plain("changed"), code="hands", **BACK), part()],
        [part(**BACK)],
    ],
)
def test_condition_on_what_is_not_asked_before_is_refused(sections: list[dict[str, Any]]) -> None:
    with pytest.raises(ValidationError, match="looks at gloves_worn, which is not asked before it"):
        checklist(*sections)


def test_figure_is_made_of_the_right_kinds() -> None:
    tally = plain("glove_changes", "tally")
    readings = [plain("sink", "number", unit="min"), plain("soak", "duration")]
    rate = plain("rate", "calculated")
    mean = plain("mean", "calculated", calculate="mean", of=["sink", "soak"], unit="min")

    made = checklist(part(rate, mean, tally, *readings))

    assert made.items["mean"].kind == "calculated"


@pytest.mark.parametrize(
    ("calculate", "of"), [("rate", "sink"), ("sum", "glove_changes"), ("mean", "sum_of_none")]
)
def test_figure_of_what_is_no_figure_is_refused(calculate: str, of: str) -> None:
    items = [plain("glove_changes", "tally"), plain("sink", "number")]
    figure = plain("figure", "calculated", calculate=calculate, of=[of])

    with pytest.raises(ValidationError, match=f"figure cannot take its {calculate} of {of}"):
        checklist(part(*items, figure))


@pytest.mark.parametrize(
    ("figure", "reason"),
    [
        ({"of": ["sink", "soak"], "unit": "min"}, "must have one unit"),
        ({"of": ["sink"], "unit": "min"}, "must have one unit"),
        (
            {
                "of": ["sink"],
                "unit": "°C",
                "limits": [{"comparator": ">", "value": "1", "unit": "min"}],
            },
            "limits must be in the item's own unit, °C",
        ),
    ],
)
def test_figure_of_several_units_is_refused(figure: dict[str, Any], reason: str) -> None:
    readings = [plain("sink", "number"), plain("soak", "duration")]

    with pytest.raises(ValidationError, match=reason):
        checklist(part(*readings, plain("total", "calculated", calculate="sum", **figure)))


@pytest.mark.parametrize(
    ("looked_at", "look", "reason"),
    [
        ({"kind": "instruction"}, {"is": "yes"}, "which has no response to look at"),
        ({"kind": "tally"}, {"at_least": 1}, "which has no response to look at"),
        ({"kind": "parent"}, {"is": "yes"}, "which has no response to look at"),
        ({}, {"is": "maybe"}, "whose options are others"),
        ({}, {"is": ["yes", "na"]}, "whose options are others"),
        ({"kind": "choice"}, {"is": "Good"}, "whose options are others"),
        ({}, {"at_least": 1}, "which has no number"),
        ({"repeat_over": "rooms"}, {"is": "yes"}, "which is asked once for each of the rooms"),
    ],
)
def test_condition_that_can_never_hold_is_refused(
    looked_at: dict[str, Any], look: dict[str, Any], reason: str
) -> None:
    never = plain("later", when={"not": {"response": "gloves_worn", **look}})

    with pytest.raises(ValidationError, match=f"later looks at gloves_worn, {reason}"):
        checklist(part(plain(**looked_at), never))


def test_section_cannot_look_into_rooms() -> None:
    rooms = part(plain(), repeat_over="rooms")

    with pytest.raises(ValidationError, match="once for each of the rooms"):
        checklist(rooms, part(plain("soap"), code="hands", repeat_over="rooms", **BACK))


def test_condition_may_look_at_the_same_room_and_at_any_text() -> None:
    made = checklist(
        part(plain(), plain("named", "person"), repeat_over="rooms"),
        part(plain("soap", repeat_over="rooms", **BACK), code="hands"),
        part(
            plain("log", repeat_over="rooms", when={"response": "named", "is": "Ana"}), code="logs"
        ),
    )

    assert {"soap", "log"} <= made.items.keys()


def test_repeat_within_a_repeat_is_refused() -> None:
    with pytest.raises(ValidationError, match="gloves_worn repeats with its section"):
        checklist(part(plain(repeat_over="rooms"), repeat_over="practitioners"))


def test_item_of_a_group_repeats_with_its_group_only() -> None:
    group = plain("group", "parent", items=[plain(repeat_over="rooms")])

    with pytest.raises(ValidationError, match="gloves_worn repeats with its parent"):
        checklist(part(group))


def test_either_or_group_is_as_severe_as_its_gravest_item() -> None:
    items = [plain("sterile", severity="critical"), plain("single_use", severity="minor")]

    with pytest.raises(ValidationError, match="as severe as its gravest item, critical"):
        checklist(part(plain("group", "parent", needs="one", severity="major", items=items)))


def test_group_that_only_holds_together_may_be_milder() -> None:
    items = [plain("sterile", severity="critical")]

    made = checklist(part(plain("group", "parent", severity="minor", items=items)))

    assert made.items["sterile"].severity == "critical"


def test_group_holds_at_most_one_item_per_letter() -> None:
    items = [plain(f"item_{number}") for number in range(27)]

    with pytest.raises(ValidationError, match="at most 26 items"):
        checklist(part(plain("group", "parent", items=items)))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"code": "Glove Use"}, "match pattern"),
        ({"version": 0}, "greater than or equal to 1"),
        ({"edition": "November"}, "match pattern"),
        ({"language": "english"}, "match pattern"),
        ({"sections": []}, "at least 1 item"),
        ({"colour": "blue"}, "not permitted"),
    ],
)
def test_head_of_a_checklist_is_checked(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        checklist(**change)


def test_copy_is_checked_anew() -> None:
    made = checklist()
    broken = made.model_copy(update={"sections": (*made.sections, *made.sections)})

    assert made.checked() == made
    with pytest.raises(ValidationError, match="stands here twice"):
        broken.checked()
