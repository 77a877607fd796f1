"""When an item is asked."""

from typing import Any

import pytest
from pydantic import ValidationError

from audit.domain.conditions import Condition, Situation
from audit.domain.definitions import RepeatGroup, Service
from audit.domain.responses import Absent, Response

LANCET = {"service": "lancet"}
SEEN = Situation(
    services=frozenset({Service.LANCET}),
    counts={RepeatGroup.ROOMS: 2},
    given={
        "has_autoclave": Response(parts={"value": "yes"}),
        "methods_used": Response(parts={"value": "steam chemical"}),
        "hottest": Response(parts={"value": "36.5"}),
        "spore_test": Response(absent=Absent.NOT_APPLICABLE),
        "changes": Response(parts={"done": "9", "missed": "1"}),
        "gloves@r1": Response(parts={"value": "no"}),
        "gloves": Response(parts={"value": "yes"}),
    },
)


def condition(written: dict[str, Any]) -> Condition:
    return Condition.model_validate(written)


@pytest.mark.parametrize(
    ("written", "holds"),
    [
        (LANCET, True),
        ({"service": "waxing"}, False),
        ({"count": "rooms", "at_least": 2}, True),
        ({"count": "rooms", "at_least": 3}, False),
        ({"count": "stations", "at_least": 1}, False),
        ({"response": "has_autoclave", "is": "yes"}, True),
        ({"response": "has_autoclave", "is": ["no", "yes"]}, True),
        ({"response": "has_autoclave", "is": "no"}, False),
        ({"response": "methods_used", "is": "chemical"}, True),
        ({"response": "hottest", "at_least": "36.5"}, True),
        ({"response": "hottest", "at_least": "36.6"}, False),
        ({"response": "has_autoclave", "at_least": 1}, False),
        ({"response": "changes", "at_least": 1}, False),
        ({"response": "spore_test", "is": "yes"}, False),
        ({"response": "never_given", "is": "yes"}, False),
        ({"not": {"response": "never_given", "is": "yes"}}, True),
        ({"not": LANCET}, False),
        ({"all": [LANCET, {"response": "has_autoclave", "is": "yes"}]}, True),
        ({"all": [LANCET, {"service": "waxing"}]}, False),
        ({"any": [LANCET, {"service": "waxing"}]}, True),
        ({"any": [{"service": "nails"}, {"service": "waxing"}]}, False),
    ],
)
def test_condition_holds_by_what_is_known(written: dict[str, Any], holds: bool) -> None:
    assert condition(written).holds(SEEN) is holds


def test_response_of_the_same_repeat_comes_first() -> None:
    worn = condition({"response": "gloves", "is": "yes"})

    assert not worn.holds(SEEN, repeat="r1")
    assert worn.holds(SEEN, repeat="r2")


def test_condition_finds_every_response_it_looks_at() -> None:
    nested = condition(
        {
            "any": [
                LANCET,
                {"not": {"all": [{"response": "aa", "is": "x"}, {"response": "bb", "is": "y"}]}},
            ]
        }
    )

    assert [(one.response, one.is_) for one in nested.looks()] == [("aa", ("x",)), ("bb", ("y",))]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ({}, "says one of"),
        ({"all": []}, "says one of"),
        ({"service": "lancet", "response": "aa", "is": "x"}, "says one of"),
        ({"response": "aa"}, "either is or at_least"),
        ({"response": "aa", "is": "x", "at_least": 1}, "either is or at_least"),
        ({"count": "rooms"}, "a count says at_least"),
        ({"count": "rooms", "at_least": 1, "is": "x"}, "is goes with a response"),
        ({"service": "lancet", "at_least": 1}, "at_least goes with"),
        ({"service": "surgery"}, "Input should be"),
        ("always", "valid dictionary"),
    ],
)
def test_condition_that_says_nothing_clear_is_refused(written: Any, reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        condition(written)
