import json
from collections.abc import Iterator
from typing import Any

import pytest

from audit.domain.checklist import Checklist
from audit.domain.packs import OutcomeRule, Pack
from audit.services.definition import define
from audit.services.library import shipped_catalogue
from tests.domain import samples

CATALOGUE = shipped_catalogue()
SHIPPED = [one for one in CATALOGUE.current() if not isinstance(one, Pack)]
PACKS = [None, *(one for one in CATALOGUE.current() if isinstance(one, Pack))]


def defined(checklist: Checklist, rule: OutcomeRule | None = None) -> Any:
    """Return the definition as it comes out of the page."""
    return json.loads(json.dumps(define(checklist, rule or OutcomeRule())))


def entries(definition: Any) -> Iterator[Any]:
    for section in definition["sections"]:
        for item in section["items"]:
            yield item
            yield from item.get("items", ())


def test_numbers_are_those_the_audit_prints() -> None:
    parent = samples.plain("drying", "parent")
    checklist = samples.checklist(samples.part(), samples.part(parent, code="hands"))

    numbers = {item["code"]: item["number"] for item in entries(defined(checklist))}

    assert numbers == {one.item.code: one.number for one in samples.ask(checklist)}


def test_conditions_go_as_they_were_written() -> None:
    when = {"any": [{"service": "lancet"}, {"not": {"response": "gloves_worn", "is": ["yes"]}}]}
    bins = samples.plain("bin_there", when=when)
    checklist = samples.checklist(samples.part(samples.plain(), bins))

    worn, bin_there = entries(defined(checklist))

    assert (worn["when"], bin_there["when"]) == (None, when)


def test_amounts_go_as_text() -> None:
    limits = [{"comparator": ">=", "value": "38.10", "unit": "°C"}]
    checklist = samples.checklist(samples.part(samples.plain("warm", "number", limits=limits)))

    (warm,) = entries(defined(checklist))

    assert warm["limits"] == limits
    assert (warm["lowest"], warm["highest"]) == ("-1000000", "1000000")
    assert warm["requirement"] == "at least 38.10 °C"


def test_choices_go_with_their_shares_and_their_labels() -> None:
    checklist = samples.checklist(samples.part(samples.plain("which", "choice")))

    (which,) = entries(defined(checklist))

    assert [(one["code"], one["share"]) for one in which["options"]] == [
        ("good", "1"),
        ("fair", "0.5"),
        ("poor", "0"),
    ]
    assert which["parts"] == [
        {
            "name": "value",
            "label": "Response",
            "sort": "choice",
            "options": [["good", "Good"], ["fair", "Fair"], ["poor", "Poor"]],
        }
    ]


def test_items_without_a_response_say_so() -> None:
    checklist = samples.checklist(samples.part(samples.plain("advice", "instruction")))

    (advice,) = entries(defined(checklist))

    assert (advice["answerable"], advice["scored"], advice["parts"]) == (False, False, [])


def test_what_only_the_page_shows_stays_out() -> None:
    guided = samples.plain(guidance="Look under the bed.", methods=["observed"])

    (item,) = entries(defined(samples.checklist(samples.part(guided))))

    assert not {"guidance", "methods", "clauses", "translations"} & item.keys()


def test_outcome_rule_of_the_place_goes_along() -> None:
    rule = OutcomeRule(closes=True)

    definition = defined(samples.checklist(), rule)

    assert definition["outcome"] == {"closes": True, "corrected_critical_conditions": False}


@pytest.mark.parametrize("pack", PACKS, ids=lambda one: one.code if one else "no pack")
def test_every_shipped_checklist_goes_to_tablets(pack: Pack | None) -> None:
    used = (pack.code, pack.version) if pack else None

    for one in SHIPPED:
        checklist = CATALOGUE.get(one.code, one.version, used)
        definition = defined(checklist)

        assert definition["digest"] == checklist.digest
        assert [item["code"] for item in entries(definition)] == list(checklist.items)
