"""The start page, the findings, the checklists, the demonstration strip."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from audit.domain.definitions import Severity
from audit.domain.lifecycle import AuditState
from audit.domain.packs import Pack
from audit.store.audits import get_audit
from audit.store.database import Database
from audit.store.people import Role, find_person
from audit.store.scope import organisation_scope, platform_scope
from audit.store.sites import get_site
from audit.web.lists import ROWS
from audit.web.request import Installation
from tests.factories import (
    NOW,
    TODAY,
    make_audit,
    make_credential,
    make_finding,
    make_person,
    make_practitioner,
    make_report,
)
from tests.web.conftest import House, SignedIn, Visitor, found_house


def begin(database: Database, house: House, role: Role) -> UUID:
    with database.transaction(platform_scope("a test's audit"), writing=False) as session:
        person = find_person(session, house.emails[role])
    assert person is not None
    with database.transaction(organisation_scope(house.organisation_id)) as session:
        site = get_site(session, house.site_id)
        return make_audit(session, site, person, state=AuditState.IN_PROGRESS).id


def test_start_page_offers_the_first_audit(owner: Visitor) -> None:
    page = owner.get("/").text

    assert "Ready for the first audit" in page
    assert 'href="/audits/new"' in page


def test_start_page_goes_on_with_ones_own_audit(
    signed_in: SignedIn, house: House, database: Database
) -> None:
    audit_id = begin(database, house, Role.OWNER)

    mine = signed_in(Role.OWNER).get("/").text
    others = signed_in(Role.INSPECTOR).get("/").text

    assert f'href="/audits/{audit_id}">Continue' in mine
    assert "Next for you" not in others
    assert "Latest audits" in others


def test_nothing_drops_off_the_end_of_a_long_list(
    owner: Visitor, house: House, database: Database
) -> None:
    first = begin(database, house, Role.OWNER)
    with database.transaction(organisation_scope(house.organisation_id)) as session:
        site, person = get_site(session, house.site_id), make_person(session)
        code = make_report(session, get_audit(session, first)).code
        for _ in range(ROWS):
            later = make_audit(session, site, person, outcome="pass")
            make_finding(session, later)
            make_report(session, later, issued_at=NOW + timedelta(days=1))

    start = owner.get("/").text
    audits, reports, findings = (owner.get(f"/{one}/") for one in ("audits", "reports", "findings"))

    assert f'href="/audits/{first}">Continue' in start
    assert f'href="/audits/{first}"' not in audits.text
    assert f'href="/audits/{first}"' in owner.get("/audits/?page=2").text
    assert code not in reports.text
    assert code in owner.get("/reports/?page=2").text
    assert "page=2" not in findings.text
    assert owner.get(f"/findings/?page={'9' * 30}").status_code == 200


def test_start_page_shows_what_is_worst_and_what_runs_out(
    owner: Visitor, house: House, database: Database
) -> None:
    with database.transaction(organisation_scope(house.organisation_id)) as session:
        site = get_site(session, house.site_id)
        audit = make_audit(session, site)
        make_finding(session, audit, words="Minor words", severity=Severity.MINOR)
        raised = TODAY - timedelta(days=9)
        make_finding(
            session,
            audit,
            item_code="soap",
            words="Critical words",
            severity=Severity.CRITICAL,
            raised_on=raised,
            due_on=raised + timedelta(days=2),
        )
        practitioner = make_practitioner(session, site)
        make_credential(session, practitioner, expires_on=TODAY + timedelta(days=3))

    start = owner.get("/").text
    findings = owner.get("/findings").text

    for page in (start, findings):
        assert page.index("Critical words") < page.index("Minor words")
        assert "Overdue" in page
    assert "Expires soon" in start


def test_nothing_open_says_what_will_stand_here(owner: Visitor) -> None:
    assert "Nothing is open" in owner.get("/findings").text


@pytest.mark.parametrize("demo", [True, False])
def test_only_a_demonstration_says_so_on_every_page(
    visitor: Visitor, database: Database, demo: bool
) -> None:
    house = found_house(database, demo=demo)
    visitor.sign_in(house.emails[Role.OWNER])

    pages = [visitor.get(address).text for address in ("/", "/sites", "/nope")]

    assert all(("Demonstration: made-up data" in page) is demo for page in pages)


def test_every_shipped_file_can_be_read(app: Flask, owner: Visitor) -> None:
    installed: Installation = app.extensions["hygiene_audit"]
    current = installed.shelf.catalogue.current()

    index = owner.get("/checklists").text
    for one in current:
        page = owner.get(f"/checklists/{one.code}/{one.version}")

        assert page.status_code == 200
        assert f"/checklists/{one.code}/{one.version}" in index
    assert any(isinstance(one, Pack) for one in current)


def test_a_checklist_can_be_had_on_paper(owner: Visitor) -> None:
    page = owner.get("/checklists/glove-use/1").text

    paper = owner.get("/checklists/glove-use/1.pdf")

    assert "/checklists/glove-use/1.pdf" in page
    assert paper.mimetype == "application/pdf"
    assert paper.data.startswith(b"%PDF-1.7")
    assert owner.get("/checklists/us-ut/1.pdf").status_code == 404


def test_checklist_shows_law_of_no_place_as_guidance(owner: Visitor) -> None:
    page = owner.get("/checklists/glove-use/1").text

    assert ">Guidance<" in page
    assert ">Law<" not in page


def test_pack_shows_its_own_law_as_law(owner: Visitor) -> None:
    assert ">Law<" in owner.get("/checklists/us-ut/1").text


def test_unknown_checklist_is_not_found(owner: Visitor) -> None:
    assert owner.get("/checklists/glove-use/99").status_code == 404
