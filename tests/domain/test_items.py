"""Each kind of item: what it takes, how it judges, how it says it."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError

from audit.domain.responses import Standing
from audit.errors import Invalid
from tests.domain.samples import item

TODAY = date(2026, 11, 23)
MET, PARTLY, NOT_MET, UNSCORED = (
    Standing.MET,
    Standing.PARTLY_MET,
    Standing.NOT_MET,
    Standing.UNSCORED,
)
LIMITS = [
    {"comparator": ">=", "value": "36", "unit": "°C"},
    {"comparator": "<", "value": "43.5", "unit": "°C"},
]
CYCLE = {"number": "17", "started_at": "2026-11-23T08:00", "celsius": "121", "minutes": "30"}
OPTIONS = [
    {"code": "good", "label": "Good", "share": "1"},
    {"code": "poor", "label": "Poor", "share": "0"},
    {"code": "unread", "label": "Label unread"},
]


def judge(one: Any, raw: dict[str, object]) -> Standing:
    return one.judge(one.read(raw).parts, on=TODAY).standing


EVERY_KIND: list[tuple[dict[str, Any], dict[str, object], str]] = [
    ({"kind": "compliance"}, {"value": "yes"}, "Yes"),
    ({"kind": "choice"}, {"value": "fair"}, "Fair"),
    ({"kind": "choice", "several": True}, {"value": "poor good"}, "Good, Poor"),
    ({"kind": "number", "instrument": True}, {"value": "36,5", "instrument": "P3"}, "36.5 °C (P3)"),
    ({"kind": "number"}, {"value": "36,5"}, "36.5 °C"),
    ({"kind": "duration"}, {"value": "4"}, "4 min"),
    ({"kind": "moment"}, {"value": "2026-11-23"}, "23 November 2026"),
    ({"kind": "moment", "time": True}, {"value": "2026-11-23 14:05"}, "23 November 2026, 14:05"),
    ({"kind": "text"}, {"value": "Blue nitrile"}, "Blue nitrile"),
    ({"kind": "scan"}, {"value": "LOT-17"}, "LOT-17"),
    ({"kind": "person"}, {"value": "Ana Ruiz"}, "Ana Ruiz"),
    ({"kind": "tally"}, {"done": "9", "missed": ""}, "9 of 9 done"),
    ({"kind": "tally"}, {"missed": "1"}, "0 of 1 done"),
    ({"kind": "cycle"}, {**CYCLE, "points": "0;20\n60; 121,5 ;205"}, "Cycle 17: 121 °C for 30 min"),
    ({"kind": "cycle"}, {**CYCLE, "number": ""}, "121 °C for 30 min"),
    (
        {"kind": "document"},
        {"value": "E-1", "expires_on": "2027-01-31"},
        "E-1, good until 31 January 2027",
    ),
    ({"kind": "document", "expires": False}, {"value": "Poster"}, "Poster"),
    ({"kind": "photos"}, {"value": "1"}, "1 photo"),
    ({"kind": "photos"}, {"value": "3"}, "3 photos"),
    ({"kind": "signature"}, {"value": "Ana Ruiz"}, "Ana Ruiz"),
]


@pytest.mark.parametrize(("definition", "raw", "said"), EVERY_KIND)
def test_each_kind_says_what_it_read(
    definition: dict[str, Any], raw: dict[str, object], said: str
) -> None:
    one = item(**definition)

    assert one.say(one.read(raw).parts) == said


@pytest.mark.parametrize(("definition", "raw", "said"), EVERY_KIND)
def test_each_kind_reads_back_what_it_stored(
    definition: dict[str, Any], raw: dict[str, object], said: str
) -> None:
    del said
    one = item(**definition)
    first = one.read({**raw, "comment": "Seen.", "method": "observed", "corrected": True})

    again = one.read(first.stored())

    assert again == first


@pytest.mark.parametrize(("definition", "raw", "said"), EVERY_KIND)
def test_each_kind_asks_for_the_parts_it_keeps(
    definition: dict[str, Any], raw: dict[str, object], said: str
) -> None:
    del said
    one = item(**definition)

    assert set(one.read(raw).parts) <= {part.name for part in one.parts_of}


@pytest.mark.parametrize(
    ("definition", "raw", "standing"),
    [
        ({"kind": "compliance"}, {"value": "yes"}, MET),
        ({"kind": "compliance"}, {"value": "no"}, NOT_MET),
        ({"kind": "compliance", "met_when": "no"}, {"value": "no"}, MET),
        ({"kind": "choice"}, {"value": "good"}, MET),
        ({"kind": "choice"}, {"value": "fair"}, PARTLY),
        ({"kind": "choice"}, {"value": "poor"}, NOT_MET),
        ({"kind": "choice", "options": OPTIONS}, {"value": "unread"}, UNSCORED),
        ({"kind": "number", "limits": LIMITS}, {"value": "36"}, MET),
        ({"kind": "number", "limits": LIMITS}, {"value": "35.9"}, NOT_MET),
        ({"kind": "number", "limits": LIMITS}, {"value": "43.5"}, NOT_MET),
        ({"kind": "number"}, {"value": "35.9"}, UNSCORED),
        ({"kind": "moment"}, {"value": "2020-01-01"}, UNSCORED),
        ({"kind": "moment", "within_days": 7}, {"value": "2026-11-16"}, MET),
        ({"kind": "moment", "within_days": 7}, {"value": "2026-11-15"}, NOT_MET),
        ({"kind": "moment", "within_days": 7}, {"value": "2026-11-24"}, NOT_MET),
        ({"kind": "moment", "within_days": 7, "future": True}, {"value": "2027-11-24"}, MET),
        ({"kind": "text"}, {"value": "anything"}, UNSCORED),
        ({"kind": "tally"}, {"done": "9", "missed": "1"}, UNSCORED),
        ({"kind": "tally", "target": "90"}, {"done": "9", "missed": "1"}, MET),
        ({"kind": "tally", "target": "90.1"}, {"done": "9", "missed": "1"}, NOT_MET),
        ({"kind": "cycle"}, CYCLE, MET),
        ({"kind": "cycle"}, {**CYCLE, "celsius": "120.9"}, NOT_MET),
        ({"kind": "cycle"}, {**CYCLE, "minutes": "29"}, NOT_MET),
        ({"kind": "document"}, {"value": "E-1", "expires_on": "2026-11-23"}, MET),
        ({"kind": "document"}, {"value": "E-1", "expires_on": "2026-11-22"}, NOT_MET),
        ({"kind": "document"}, {"value": "E-1"}, NOT_MET),
        ({"kind": "document", "expires": False}, {"value": "E-1"}, MET),
        ({"kind": "photos", "at_least": 2}, {"value": "2"}, MET),
        ({"kind": "photos", "at_least": 2}, {"value": "1"}, NOT_MET),
    ],
)
def test_each_kind_judges_by_its_requirement(
    definition: dict[str, Any], raw: dict[str, object], standing: Standing
) -> None:
    assert judge(item(**definition), raw) is standing


@pytest.mark.parametrize(
    ("definition", "raw", "code"),
    [
        ({"kind": "compliance"}, {"value": "maybe"}, "not_a_choice"),
        ({"kind": "compliance"}, {"value": "Yes"}, "not_a_choice"),
        ({"kind": "choice"}, {"value": "great"}, "not_a_choice"),
        ({"kind": "choice"}, {"value": ["good", "poor"]}, "one_choice_only"),
        ({"kind": "number", "lowest": "0", "highest": "100"}, {"value": "101"}, "out_of_range"),
        (
            {"kind": "number", "instrument": True},
            {"value": "1", "instrument": "a" * 81},
            "too_long",
        ),
        ({"kind": "duration"}, {"value": "-1"}, "out_of_range"),
        ({"kind": "moment"}, {"value": "yesterday"}, "not_a_date"),
        ({"kind": "moment", "time": True}, {"value": "2026-11-23"}, "not_a_moment"),
        ({"kind": "tally"}, {"done": "0", "missed": "0"}, "no_opportunity"),
        ({"kind": "tally"}, {"done": "many"}, "not_a_count"),
        ({"kind": "cycle"}, {"number": "17"}, "not_a_moment"),
        ({"kind": "cycle"}, {**CYCLE, "celsius": "301"}, "out_of_range"),
        ({"kind": "cycle"}, {**CYCLE, "celsius": "hot"}, "not_a_number"),
        ({"kind": "cycle"}, {**CYCLE, "minutes": "0"}, "out_of_range"),
        ({"kind": "cycle"}, {**CYCLE, "minutes": "1441"}, "out_of_range"),
        ({"kind": "cycle"}, {**CYCLE, "points": "12"}, "not_a_curve"),
        ({"kind": "cycle"}, {**CYCLE, "points": ";121"}, "not_a_curve"),
        ({"kind": "cycle"}, {**CYCLE, "points": "0;20\n0;21"}, "not_a_curve"),
        ({"kind": "cycle"}, {**CYCLE, "points": "0;20;205;1"}, "not_a_curve"),
        ({"kind": "cycle"}, {**CYCLE, "points": "0;NaN"}, "not_a_number"),
        ({"kind": "cycle"}, {**CYCLE, "points": "0;301"}, "out_of_range"),
        ({"kind": "cycle"}, {**CYCLE, "points": "0;121;1001"}, "out_of_range"),
        ({"kind": "cycle"}, {**CYCLE, "points": "\n".join(["0;1"] * 2001)}, "too_long"),
        ({"kind": "document"}, {"value": "a" * 121}, "too_long"),
        ({"kind": "document"}, {"value": "E-1", "expires_on": "soon"}, "not_a_date"),
        ({"kind": "photos"}, {"value": "some"}, "not_a_count"),
    ],
)
def test_each_kind_refuses_what_it_cannot_use(
    definition: dict[str, Any], raw: dict[str, object], code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        item(**definition).read(raw)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("definition", "words"),
    [
        ({"kind": "compliance"}, ""),
        ({"kind": "number", "limits": LIMITS}, "at least 36 °C and below 43.5 °C"),
        ({"kind": "moment"}, ""),
        ({"kind": "moment", "within_days": 7}, "within 7 days"),
        ({"kind": "tally"}, ""),
        ({"kind": "tally", "target": "90"}, "at least 90 % done"),
        ({"kind": "cycle"}, "at least 121 °C for 30 min"),
        ({"kind": "document"}, "not expired"),
        ({"kind": "document", "expires": False}, ""),
        ({"kind": "photos", "at_least": 2}, "at least 2"),
        ({"kind": "calculated", "limits": [{**LIMITS[0], "unit": "%"}]}, "at least 36 %"),
    ],
)
def test_requirement_stands_in_words(definition: dict[str, Any], words: str) -> None:
    assert item(**definition).requirement == words


@pytest.mark.parametrize("reading", ["0", "100"])
def test_reading_at_the_edge_of_what_is_possible_is_taken(reading: str) -> None:
    one = item("number", lowest="0", highest="100")

    assert one.read({"value": reading}).parts == {"value": reading}


def test_choices_are_kept_in_the_order_of_the_checklist() -> None:
    chosen = item("choice", several=True).read({"value": ["poor", "good", "poor"]})

    assert chosen.parts == {"value": "good poor"}


def test_several_choices_earn_the_mean_of_what_is_scored() -> None:
    one = item(
        "choice", several=True, options=[*OPTIONS, {"code": "new", "label": "New", "share": "0.5"}]
    )

    judged = one.judge({"value": "good unread new"}, on=TODAY)

    assert (judged.standing, judged.share) == (PARTLY, Fraction(3, 4))


def test_tally_earns_the_share_done() -> None:
    one = item("tally", target="50")

    assert one.judge({"done": "2", "missed": "1"}, on=TODAY).share == Fraction(2, 3)


@pytest.mark.parametrize("kind", ["instruction", "calculated", "parent"])
def test_what_asks_for_nothing_takes_nothing(kind: str) -> None:
    one = item(kind)

    assert one.parts_of == ()
    assert one.read({"value": "ok"}) is None


@pytest.mark.parametrize(
    ("calculate", "given", "figure", "said"),
    [
        ("sum", [{"value": "1.5"}, {"value": "2"}], "3.5", "3.5 %"),
        ("mean", [{"value": "1"}, {"value": "2"}], "1.5", "1.5 %"),
        ("rate", [{"done": "9", "missed": "1"}], "90", "90 %"),
        ("rate", [{"done": "9", "missed": "1"}, {"done": "0", "missed": "10"}], "45", "45 %"),
    ],
)
def test_figure_is_made_of_what_was_given(
    calculate: str, given: list[dict[str, str]], figure: str, said: str
) -> None:
    one = item("calculated", calculate=calculate)

    made = one.figure(tuple(given))

    assert str(made) == figure
    assert one.say({"value": str(made)}) == said


@pytest.mark.parametrize("calculate", ["sum", "mean", "rate"])
def test_figure_of_nothing_is_none(calculate: str) -> None:
    assert item("calculated", calculate=calculate).figure(()) is None


def test_figure_just_short_of_a_limit_neither_meets_nor_seems_to() -> None:
    limit = {"comparator": ">=", "value": "100", "unit": "%"}
    one = item("calculated", limits=[limit])

    made = {"value": str(one.figure(({"done": "29999", "missed": "1"},)))}

    assert one.judge(made, on=TODAY).standing is NOT_MET
    assert one.say(made) == "99.99 %"


def test_figure_that_reaches_its_limit_is_met() -> None:
    limit = {"comparator": ">=", "value": "90", "unit": "%"}
    one = item("calculated", limits=[limit])

    assert one.judge({"value": "90"}, on=TODAY).standing is MET
    assert item("calculated").judge({"value": "90"}, on=TODAY).standing is UNSCORED


@pytest.mark.parametrize(
    ("definition", "reason"),
    [
        ({"kind": "number", "limits": [{**LIMITS[0], "unit": "°F"}]}, "the item's own unit, °C"),
        ({"kind": "number", "lowest": "5", "highest": "5"}, "lowest must be below highest"),
        ({"kind": "choice", "options": [OPTIONS[0], OPTIONS[0]]}, "code stands here twice"),
        ({"kind": "choice", "options": [OPTIONS[0], {"code": "na", "label": "x"}]}, "leave it out"),
        ({"kind": "choice", "options": OPTIONS[:1]}, "at least 2 items"),
        ({"kind": "compliance", "na": "only_if_service_absent"}, "needs the service"),
        ({"kind": "cycle", "celsius": "20"}, "greater than or equal to 50"),
        ({"kind": "compliance", "weight": "-1"}, "greater than or equal to 0"),
        ({"kind": "compliance", "limits": LIMITS}, "not permitted"),
        ({"kind": "compliance", "code": "Gloves Worn"}, "match pattern"),
        ({"kind": "compliance", "translations": {"klingon!": {}}}, "match pattern"),
    ],
)
def test_item_that_cannot_be_is_refused(definition: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        item(**definition)
