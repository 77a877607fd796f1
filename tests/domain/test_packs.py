"""What a place makes of the core checklists."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from audit.domain.checklist import Checklist
from audit.domain.packs import Pack, Programme, apply_pack, join
from audit.errors import Invalid
from tests.domain.samples import checklist, pack, part, plain

LIMIT = {"comparator": "<=", "value": "43", "unit": "°C"}


def under(of: Checklist, *, whole: bool = False, **more: Any) -> Checklist:
    return apply_pack(of, pack(**more), whole=whole)


def programme(*names: str) -> Programme:
    return Programme.model_validate(
        {
            "code": "full-hygiene",
            "version": 1,
            "edition": "2026-11",
            "title": "All",
            "kind": "programme",
            "includes": list(names),
        }
    )


def test_pack_that_says_nothing_changes_nothing() -> None:
    assert under(checklist()) == checklist()


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("compliance", {"severity": "critical"}),
        ("compliance", {"weight": Decimal("2.5")}),
        ("compliance", {"na": "forbidden"}),
        ("compliance", {"na": "only_if_service_absent", "service": "lancet"}),
        ("compliance", {"body_class": "crucial"}),
        ("compliance", {"order": "Put gloves on.", "guidance": "Look."}),
        ("cycle", {"celsius": Decimal("121.5"), "minutes": Decimal(15)}),
        ("moment", {"within_days": 14}),
        ("parent", {"severity": "critical", "guidance": "Either will do."}),
    ],
)
def test_changed_field_is_changed_and_the_rest_stays(kind: str, change: dict[str, Any]) -> None:
    core = checklist(part(plain(kind=kind, clauses=["who-gloves"])))

    changed = under(core, changes={"gloves_worn": change}).items["gloves_worn"]

    assert {name: getattr(changed, name) for name in change} == change
    before = core.items["gloves_worn"].model_dump(exclude=set(change))
    assert changed.model_dump(exclude=set(change)) == before


def test_changed_limits_evidence_condition_and_fine_are_taken_whole() -> None:
    core = checklist(part(plain("first"), plain(kind="number")))
    change = {
        "limits": [LIMIT],
        "evidence": {"photo": "on_failure"},
        "when": {"response": "first", "is": "yes"},
        "fine": {"amounts": ["50"], "currency": "USD"},
    }

    changed = under(core, changes={"gloves_worn": change}).items["gloves_worn"]

    assert changed.requirement == "at most 43 °C"
    assert changed.evidence.photo == "on_failure"
    assert changed.when is not None
    assert changed.when.response == "first"
    assert str(changed.fine) == "50 USD"


def test_law_of_the_place_is_cited_before_what_the_core_cites() -> None:
    own = {"publisher": "City", "title": "By-law", "clause": "7", "law": True}
    core = checklist(part(plain(clauses=["who-gloves", own])))

    cited = under(core, changes={"gloves_worn": {"clauses": ["ut-gloves"]}}).items["gloves_worn"]

    assert cited.clauses[:2] == ("ut-gloves", "who-gloves")
    assert getattr(cited.clauses[2], "publisher", None) == "City"


def test_item_inside_a_group_is_changed() -> None:
    core = checklist(part(plain("group", "parent")))

    changed = under(core, changes={"group_a": {"severity": "critical"}})

    assert changed.items["group_a"].severity == "critical"


def test_changed_group_keeps_its_items() -> None:
    core = checklist(part(plain("group", "parent", items=[plain("aa", "number"), plain("bb")])))

    changed = under(core, changes={"group": {"severity": "critical"}})

    assert list(changed.items) == ["group", "aa", "bb"]
    assert changed.items["aa"].kind == "number"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"limits": [LIMIT]}, "gloves_worn in a way it cannot be.*limits.*leave it out"),
        ({"na": "only_if_service_absent"}, "needs the service it speaks of"),
    ],
)
def test_change_that_does_not_fit_the_item_names_pack_item_and_reason(
    change: dict[str, Any], reason: str
) -> None:
    with pytest.raises(Invalid, match=reason) as refused:
        under(checklist(), changes={"gloves_worn": change})

    assert refused.value.code == "bad_pack"
    assert "us-ut" in refused.value.message


def test_item_switched_off_is_gone() -> None:
    core = checklist(part(plain(), plain("soap")))

    assert list(under(core, off={"gloves_worn": "Not the law here."}).items) == ["soap"]


def test_section_with_nothing_left_is_gone() -> None:
    core = checklist(part(), part(plain("soap"), code="hands"))

    left = under(core, off={"gloves_worn": "Not the law here."})

    assert [section.code for section in left.sections] == ["hands"]


def test_item_inside_a_group_is_switched_off_and_the_last_takes_the_group_along() -> None:
    core = checklist(part(plain(), plain("group", "parent", items=[plain("aa"), plain("bb")])))

    one_left = under(core, off={"aa": "Not here."})
    none_left = under(core, off={"aa": "Not here.", "bb": "Nor this."})

    assert list(one_left.items) == ["gloves_worn", "group", "bb"]
    assert list(none_left.items) == ["gloves_worn"]


def test_pack_that_leaves_nothing_does_not_fit() -> None:
    with pytest.raises(Invalid, match="us-ut does not fit glove-use") as refused:
        under(checklist(), off={"gloves_worn": "Not here."})

    assert refused.value.code == "bad_pack"


def test_pack_that_switches_off_what_another_item_looks_at_does_not_fit() -> None:
    core = checklist(part(plain(), plain("changed", when={"response": "gloves_worn", "is": "yes"})))

    with pytest.raises(Invalid, match="looks at gloves_worn, which is not asked before it"):
        under(core, off={"gloves_worn": "Not here."})


def test_additions_to_one_section_all_come_in_order_after_its_own() -> None:
    adds = [{"section": "gloves", "items": [plain(code)]} for code in ("first", "second")]

    assert list(under(checklist(), adds=adds).items) == ["gloves_worn", "first", "second"]


def test_addition_under_a_code_in_use_does_not_fit() -> None:
    with pytest.raises(Invalid, match="'gloves_worn' stands here twice"):
        under(checklist(), adds=[{"section": "gloves", "items": [plain()]}])


def test_own_sections_come_last_and_only_for_a_programme() -> None:
    own = part(plain("posted"), code="notices")

    whole = under(checklist(), whole=True, sections=[own])
    single = under(checklist(), whole=False, sections=[own])

    assert [section.code for section in whole.sections] == ["gloves", "notices"]
    assert [section.code for section in single.sections] == ["gloves"]


def test_what_concerns_other_checklists_is_left_aside() -> None:
    changes = {"spore_test": {"severity": "critical"}}
    adds = [{"section": "sterilisers", "items": [plain("log")]}]

    assert under(checklist(), changes=changes, off={"towels": "No."}, adds=adds) == checklist()


def test_assembled_checklist_keeps_its_name_and_has_a_digest_of_its_own() -> None:
    changed = under(checklist(), changes={"gloves_worn": {"severity": "critical"}})

    assert (changed.code, changed.version) == ("glove-use", 1)
    assert changed.digest != checklist().digest


def test_programme_joins_checklists_in_order() -> None:
    other = checklist(part(plain("soap"), code="hands"), code="hand-hygiene")

    joined = join(programme("hand-hygiene/1", "glove-use/1"), (other, checklist()))

    assert joined.code == "full-hygiene"
    assert list(joined.items) == ["soap", "gloves_worn"]


def test_checklists_that_share_a_code_do_not_go_together() -> None:
    with pytest.raises(Invalid, match=r"do not go together: .*stands here twice") as refused:
        join(programme("glove-use/1", "hand-hygiene/1"), (checklist(), checklist()))

    assert refused.value.code == "bad_programme"


@pytest.mark.parametrize("name", ["glove-use", "glove-use/new", "glove-use/0", "../etc/1"])
def test_programme_names_checklists_by_code_and_version(name: str) -> None:
    with pytest.raises(ValidationError, match="match pattern"):
        programme(name)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"jurisdictions": ["US"]}, "jurisdictions must hold US-UT itself"),
        ({"changes": {"soap": {}}, "off": {"soap": "x"}}, "soap: changed and switched off"),
        ({"jurisdiction": "Utah"}, "match pattern"),
        ({"deadlines": {"critical": 400}}, "less than or equal to 365"),
        ({"changes": {"soap": {"kind": "text"}}}, "not permitted"),
    ],
)
def test_pack_that_disagrees_with_itself_is_refused(more: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        pack(**more)


def test_pack_defaults_to_our_own_deadlines_and_rule() -> None:
    plain_pack: Pack = pack()

    assert plain_pack.deadlines.model_dump() == {"critical": 2, "major": 14, "minor": 30}
    assert not plain_pack.outcome.closes
