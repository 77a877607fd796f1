"""Planning an audit through its pages."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from audit.store.audits import get_audit, list_audits
from audit.store.database import Database
from audit.store.people import Role
from audit.store.scope import organisation_scope
from audit.store.sites import get_site
from tests.factories import NOW, TODAY
from tests.web.conftest import Clock, House, SignedIn, Visitor
from tests.web.small_visit import offer_small_library, start

SOON = TODAY + timedelta(days=10)
SAID = f"{SOON.day} {SOON:%b %Y}"


@pytest.fixture(autouse=True)
def _small_library(app: Flask, tmp_path: Path) -> None:
    offer_small_library(app, tmp_path / "checklists")


def chosen(house: House, **more: str) -> dict[str, str]:
    usual = {"site": str(house.site_id), "checklist": "small-check", "kind": "self_audit"}
    return {**usual, "when": "day", "day": SOON.isoformat(), **more}


@pytest.fixture
def audit_id(owner: Visitor, house: House) -> UUID:
    """A planned audit."""
    planned = owner.post("/audits/new", **chosen(house))
    return UUID(planned.location.rpartition("/")[2])


def test_a_planned_audit_stands_on_the_lists_with_its_day(
    owner: Visitor, audit_id: UUID, house: House
) -> None:
    home, every, site = (
        owner.get(one).text for one in ("/", "/audits/", f"/sites/{house.site_id}")
    )

    assert "Planned for" in home
    assert all(SAID in page for page in (home, every, site))
    assert f'href="/audits/{audit_id}/plan"' in home
    assert "Next for you" not in home


def test_everyone_who_may_begin_is_offered_it(signed_in: SignedIn, audit_id: UUID) -> None:
    inspector, auditor = signed_in(Role.INSPECTOR), signed_in(Role.AUDITOR)
    inspects, reads = (one.get(f"/audits/{audit_id}/plan").text for one in (inspector, auditor))

    assert "Begin" in inspects
    assert "Drop this plan" in inspects
    assert SAID in reads
    assert "Drop this plan" not in reads
    assert auditor.post(f"/audits/{audit_id}/plan/drop").status_code == 403


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"day": ""}, "day", "Choose the day."),
        ({"day": "2027-02-30"}, "day", "There is no day"),
        ({"day": "2020-01-01"}, "day", "That day is over"),
        ({"day": "\x00" * 9}, "day", "year-month-day"),
        ({"when": "never"}, "when", "Choose now, or a day."),
        ({"checklist": "vanished"}, "checklist", "Choose what to look at."),
    ],
)
def test_a_plan_that_cannot_be_is_said_beside_its_field(
    owner: Visitor,
    house: House,
    database: Database,
    wrong: dict[str, str],
    field: str,
    words: str,
) -> None:
    page = owner.post("/audits/new", **chosen(house, **wrong))

    assert page.status_code == 422
    assert f'href="#{field}"' in page.text
    assert words in page.text
    with database.transaction(organisation_scope(house.organisation_id), writing=False) as reading:
        assert list_audits(reading) == []


def test_a_site_closed_meanwhile_is_not_offered(
    owner: Visitor, house: House, database: Database
) -> None:
    with database.transaction(organisation_scope(house.organisation_id)) as session:
        get_site(session, house.site_id).active = False

    page = owner.post("/audits/new", **chosen(house))

    assert page.status_code == 422


def test_beginning_leads_to_the_first_section_once(owner: Visitor, audit_id: UUID) -> None:
    first, again = (owner.post(f"/audits/{audit_id}/plan/begin") for _ in range(2))

    assert first.location == again.location == f"/audits/{audit_id}"
    assert owner.get(f"/audits/{audit_id}").location == f"/audits/{audit_id}/1"
    assert owner.get(f"/audits/{audit_id}/plan").location == f"/audits/{audit_id}"


def test_a_section_before_the_beginning_leads_to_the_plan(owner: Visitor, audit_id: UUID) -> None:
    for page in ("1", "check"):
        led = owner.client.get(f"/audits/{audit_id}/{page}", follow_redirects=True)

        assert led.request.path == f"/audits/{audit_id}/plan"


def test_another_day_is_kept_and_an_impossible_one_is_not(
    owner: Visitor, audit_id: UUID, house: House, database: Database
) -> None:
    moved = owner.post(f"/audits/{audit_id}/plan/day", day=(SOON + timedelta(1)).isoformat())
    refused = owner.post(f"/audits/{audit_id}/plan/day", day="2020-01-01")

    assert moved.location == f"/audits/{audit_id}/plan"
    assert refused.status_code == 422
    assert "That day is over" in refused.text
    with database.transaction(organisation_scope(house.organisation_id), writing=False) as reading:
        assert get_audit(reading, audit_id).scheduled_for == SOON + timedelta(1)


def test_a_dropped_plan_is_gone_from_the_lists(owner: Visitor, audit_id: UUID) -> None:
    dropped = owner.post(f"/audits/{audit_id}/plan/drop")

    shown = owner.get(dropped.location).text
    assert "is dropped" in shown
    assert SAID not in shown
    assert SAID not in owner.get("/").text
    assert owner.client.get(f"/audits/{audit_id}", follow_redirects=True).status_code == 200


def test_a_plan_whose_day_has_passed_says_so(
    signed_in: SignedIn, audit_id: UUID, clock: Clock
) -> None:
    assert audit_id
    clock.at = NOW + timedelta(days=11)

    page = signed_in(Role.MANAGER).get("/").text

    assert "Was planned for" in page


def test_an_audit_begun_can_neither_be_moved_nor_dropped(owner: Visitor, house: House) -> None:
    audit_id = start(owner, house)

    refusals = [
        owner.post(f"/audits/{audit_id}/plan/drop"),
        owner.post(f"/audits/{audit_id}/plan/day", day=SOON.isoformat()),
    ]

    assert [one.status_code for one in refusals] == [409, 409]
