"""What changed between two versions, and what becomes of old findings."""

from typing import Any

import pytest

from audit.domain.difference import Difference, compare
from tests.domain.samples import checklist, part, plain


def changed(before: dict[str, Any], after: dict[str, Any]) -> Difference:
    (one,) = compare(checklist(part(plain(**before))), checklist(part(plain(**after))))
    return one


def test_same_content_has_no_difference() -> None:
    assert compare(checklist(), checklist(version=2)) == ()


def test_added_changed_moved_and_removed_come_in_order() -> None:
    old = checklist(part(plain(), plain("soap"), plain("lot")), part(plain("sink"), code="hands"))
    new = checklist(
        part(plain(severity="minor")),
        part(plain("sink"), plain("soap"), plain("rub"), code="hands"),
    )

    found = compare(old, new)

    assert [(one.kind, one.code) for one in found] == [
        ("changed", "gloves_worn"),
        ("moved", "soap"),
        ("added", "rub"),
        ("removed", "lot"),
    ]
    assert found[1].details == ("from section gloves to hands",)
    assert found[3].finding == "stays open under its own edition; no later audit will ask it again"


@pytest.mark.parametrize(
    ("before", "after", "details", "finding"),
    [
        (
            {},
            {"severity": "critical"},
            ("severity: major → critical",),
            "a major finding would be critical now",
        ),
        ({}, {"prompt": "Worn?"}, ("prompt: Are gloves worn? → Worn?",), "reads the same"),
        (
            {"clauses": ["ut-gloves", "ca-gloves"]},
            {},
            ("clauses: [ut-gloves, ca-gloves] → []",),
            "reads the same",
        ),
        ({}, {"order": "Wear them."}, ("order: nothing → Wear them.",), "reads the same"),
        (
            {},
            {"met_when": "no"},
            ("met_when: yes → no",),
            "is asked or judged in another way now: hold it against both editions",
        ),
        (
            {},
            {"kind": "text"},
            ("kind: compliance → text",),
            "cannot be compared: the item is now asked in another way",
        ),
        (
            {"kind": "tally", "target": "80"},
            {"kind": "tally", "target": "90"},
            ("target: 80 → 90",),
            "was held against at least 80 % done, now at least 90 % done",
        ),
        (
            {"kind": "tally", "target": "80"},
            {"kind": "tally"},
            ("target: 80 → nothing",),
            "was held against at least 80 % done, now nothing",
        ),
    ],
)
def test_change_says_each_field_and_what_an_old_finding_becomes(
    before: dict[str, Any], after: dict[str, Any], details: tuple[str, ...], finding: str
) -> None:
    one = changed(before, after)

    assert one.details == details
    assert one.finding == finding


def test_items_of_a_group_speak_for_themselves() -> None:
    old = checklist(part(plain("group", "parent", items=[plain("aa"), plain("bb")])))
    new = checklist(
        part(plain("group", "parent", items=[plain("aa", severity="minor"), plain("bb")]))
    )

    assert [one.code for one in compare(old, new)] == ["aa"]
