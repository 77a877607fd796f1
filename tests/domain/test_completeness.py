"""What an audit still lacks, and which absences an item allows."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from audit.domain.checklist import Checklist, situation
from audit.domain.completeness import allow_absence, lacking, lacking_groups
from audit.domain.definitions import Service
from audit.domain.responses import Absent, Response
from audit.errors import Invalid
from tests.domain.samples import ROOMS, TWO_ROOMS, ask, checklist, item, no, part, plain, yes

TODAY = date(2026, 11, 23)
LANCET = frozenset({Service.LANCET})
NA = Response(absent=Absent.NOT_APPLICABLE)
UNSEEN = Response(absent=Absent.NOT_OBSERVED)
ON_FAILURE = {"evidence": {"photo": "on_failure", "comment": "on_failure"}}
ALWAYS = {"evidence": {"photo": "required", "comment": "required"}}
SHY = {"na": "only_if_service_absent", "service": "lancet"}


def words(
    of: Checklist, given: Mapping[str, Response], photos: Mapping[str, int] | None = None
) -> list[str]:
    return [lack.words for lack in lacking(ask(of, given), given, photos or {}, on=TODAY)]


def one_item(**more: Any) -> Checklist:
    return checklist(part(plain(**more)))


def test_everything_asked_needs_a_response() -> None:
    made = checklist(part(plain(), plain("soap"), plain("read_me", "instruction")))

    (lack,) = lacking(ask(made), {"gloves_worn": yes()}, {}, on=TODAY)

    assert lack.words == "Not answered yet."
    assert lack.asked is not None
    assert lack.asked.key == "soap"


def test_item_that_is_not_required_may_stay_open() -> None:
    assert words(one_item(required=False), {}) == []


@pytest.mark.parametrize(
    ("rule", "response", "photos", "lacks"),
    [
        ({}, no(), 0, []),
        (ON_FAILURE, yes(), 0, []),
        (ON_FAILURE, no(), 0, ["Add a comment that says what you saw.", "Add a photo."]),
        (ON_FAILURE, no(comment="Empty."), 1, []),
        (ALWAYS, yes(), 0, ["Add a comment that says what you saw.", "Add a photo."]),
        (ALWAYS, yes(comment="Clean."), 2, []),
        (ALWAYS, Response(absent=Absent.NOT_OBSERVED, reason="No client."), 0, []),
    ],
)
def test_evidence_is_wanted_by_rule(
    rule: dict[str, Any], response: Response, photos: int, lacks: list[str]
) -> None:
    assert words(one_item(**rule), {"gloves_worn": response}, {"gloves_worn": photos}) == lacks


def test_partly_met_counts_as_failure_for_evidence() -> None:
    fair = {"gloves_worn": Response(parts={"value": "fair"}, comment="So-so.")}

    assert words(one_item(kind="choice", **ON_FAILURE), fair) == ["Add a photo."]


@pytest.mark.parametrize(
    ("more", "response", "lacks"),
    [
        ({}, NA, ["Say why, in a word or two."]),
        ({}, UNSEEN, ["Say why, in a word or two."]),
        ({}, Response(absent=Absent.NOT_APPLICABLE, reason="No lancets."), []),
        (SHY, NA, []),
        (SHY, UNSEEN, ["Say why, in a word or two."]),
    ],
)
def test_absence_needs_a_reason_unless_the_service_says_it(
    more: dict[str, Any], response: Response, lacks: list[str]
) -> None:
    assert words(one_item(**more), {"gloves_worn": response}) == lacks


def test_one_response_is_enough_for_an_either_or_group() -> None:
    inner = [plain("towels"), plain("dryer")]
    made = checklist(part(plain("drying", "parent", needs="one", items=inner)))

    assert words(made, {}) == ["Answer at least one of these."]
    assert words(made, {"dryer": yes()}) == []
    assert words(made, {"dryer": NA}) == ["Say why, in a word or two."]


def test_either_or_group_that_is_not_required_or_has_nothing_asked_may_stay_open() -> None:
    never = plain("towels", when={"service": "lancet"})
    optional = plain("drying", "parent", needs="one", required=False)
    empty = plain("washing", "parent", needs="one", items=[never])

    assert words(checklist(part(optional, empty)), {}) == []


def test_group_that_needs_all_wants_each_item() -> None:
    made = checklist(part(plain("drying", "parent", items=[plain("towels"), plain("dryer")])))

    assert words(made, {"dryer": yes()}) == ["Not answered yet."]


def groups(of: Checklist, repeats: Any = None, **known: Any) -> list[str]:
    repeats = repeats or {}
    now = situation(known.get("services", frozenset()), repeats, known.get("given", {}))
    return [lack.words for lack in lacking_groups(of, now, repeats)]


def test_groups_must_be_named_or_said_to_be_none_once_each() -> None:
    made = checklist(
        part(repeat_over="rooms"),
        part(plain("soap", repeat_over="rooms"), plain("sink"), code="hands"),
    )

    assert groups(made) == ["Name the rooms you looked at, or say there are none."]
    assert groups(made, TWO_ROOMS) == []
    assert groups(made, {ROOMS: ()}) == []


def test_group_of_a_section_that_is_not_asked_is_not_missed() -> None:
    made = checklist(part(repeat_over="rooms", when={"service": "lancet"}))

    assert groups(made) == []
    assert len(groups(made, services=LANCET)) == 1


def test_group_is_not_missed_because_of_a_response_no_longer_asked() -> None:
    made = checklist(
        part(plain(when={"service": "lancet"})),
        part(
            plain("soap"),
            code="hands",
            repeat_over="rooms",
            when={"response": "gloves_worn", "is": "yes"},
        ),
    )

    assert groups(made, given={"gloves_worn": yes()}) == []
    assert len(groups(made, given={"gloves_worn": yes()}, services=LANCET)) == 1


@pytest.mark.parametrize(
    ("more", "response", "services"),
    [
        ({}, NA, LANCET),
        ({"na": "forbidden"}, yes(), LANCET),
        ({"na": "forbidden"}, UNSEEN, LANCET),
        (SHY, NA, frozenset()),
    ],
)
def test_absence_is_allowed_by_policy(
    more: dict[str, Any], response: Response, services: frozenset[Service]
) -> None:
    allow_absence(item(**more), response, services)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"na": "forbidden"}, "This applies to every site"),
        ({**SHY, "service": "chemical_peels"}, "This site offers chemical peels"),
    ],
)
def test_absence_is_refused_by_policy(more: dict[str, Any], reason: str) -> None:
    offered = frozenset({Service.CHEMICAL_PEELS})

    with pytest.raises(Invalid, match=reason) as refused:
        allow_absence(item(**more), NA, offered)

    assert refused.value.code == "na_forbidden"
