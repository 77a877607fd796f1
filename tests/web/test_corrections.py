import re
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from audit.store.database import Database
from audit.store.people import Role
from tests.web.conftest import House, SignedIn, Visitor, found_house
from tests.web.small_visit import FIRST_SECTION, issue, offer_small_library, sign

WHY = "The gloves of the other room were written down."


@pytest.fixture(autouse=True)
def _small_library(app: Flask, tmp_path: Path) -> None:
    offer_small_library(app, tmp_path / "checklists")


@pytest.fixture
def code(owner: Visitor, house: House) -> str:
    return issue(owner, house)


def begin(visitor: Visitor, code: str) -> UUID:
    visitor.get("/")
    begun = visitor.post(f"/reports/{code}/correct", reason=WHY)
    return UUID(re.findall(r"[0-9a-f-]{36}", begun.location)[0])


def change(visitor: Visitor, audit_id: UUID) -> None:
    shown = visitor.get(f"/audits/{audit_id}/1").text
    revision = re.findall(r'name="revision" value="(\d+)"', shown)[0]
    sent = {**FIRST_SECTION, "gloves_worn": "no", "gloves_worn.comment": "Bare hands."}
    visitor.post(f"/audits/{audit_id}/1", revision=revision, **sent)


def finish(visitor: Visitor, audit_id: UUID) -> str:
    visitor.post(f"/audits/{audit_id}/check")
    sign(visitor, audit_id)
    issued = visitor.post(f"/audits/{audit_id}/report")
    return str(issued.location).rpartition("/")[2]


def test_a_report_is_corrected_from_its_page_to_a_new_one(
    owner: Visitor, visitor: Visitor, code: str
) -> None:
    assert f"/reports/{code}/correct" in owner.get(f"/reports/{code}").text

    audit_id = begin(owner, code)
    assert f"report {code}" in owner.get(f"/audits/{audit_id}/1").text
    change(owner, audit_id)
    owner.post(f"/audits/{audit_id}/check")
    asked = owner.get(f"/audits/{audit_id}/sign").text
    second = finish(owner, audit_id)

    assert "I corrected this record." in asked
    assert 'value="Ines Owner"' in asked
    assert "Superseded" in visitor.get(f"/v/{code}").text
    assert "Current" in visitor.get(f"/v/{second}").text
    assert second in owner.get(f"/reports/{code}").text
    assert code in owner.get(f"/reports/{second}").text
    assert f"/reports/{code}/correct" not in owner.get(f"/reports/{code}").text


def test_a_correction_under_way_is_gone_on_with(owner: Visitor, code: str) -> None:
    audit_id = begin(owner, code)

    again = owner.get(f"/reports/{code}/correct")

    assert again.location == f"/audits/{audit_id}"
    assert f"/audits/{audit_id}" in owner.get(f"/reports/{code}").text


def test_a_discarded_correction_leaves_the_report(owner: Visitor, code: str) -> None:
    audit_id = begin(owner, code)

    left = owner.post(f"/audits/{audit_id}/discard")

    assert left.location == f"/reports/{code}"
    assert "Current" in owner.get(f"/reports/{code}").text
    assert f"/reports/{code}/correct" in owner.get(f"/reports/{code}").text


def test_a_discarded_correction_can_still_be_looked_at(owner: Visitor, code: str) -> None:
    audit_id = begin(owner, code)
    change(owner, audit_id)
    owner.post(f"/audits/{audit_id}/check")

    owner.post(f"/audits/{audit_id}/discard")

    assert "This correction was discarded." in owner.get(f"/audits/{audit_id}/result").text
    assert owner.get("/audits/").status_code == 200


def test_a_correction_discarded_at_work_leads_to_its_report(owner: Visitor, code: str) -> None:
    audit_id = begin(owner, code)

    owner.post(f"/audits/{audit_id}/discard")

    led = owner.get(f"/audits/{audit_id}", follow_redirects=True)
    assert led.request.path == f"/reports/{code}"


def test_a_correction_without_a_reason_is_refused_at_the_field(owner: Visitor, code: str) -> None:
    owner.get("/")

    page = owner.post(f"/reports/{code}/correct", reason="")

    assert page.status_code == 422
    assert 'id="reason-error"' in page.text


def test_nothing_changed_is_said_and_nothing_closed(owner: Visitor, code: str) -> None:
    audit_id = begin(owner, code)

    page = owner.post(f"/audits/{audit_id}/check")

    assert "Nothing differs from the report yet." in page.text
    assert owner.get(f"/audits/{audit_id}/1").status_code == 200


def test_who_only_reads_corrects_nothing(signed_in: SignedIn, code: str) -> None:
    auditor = signed_in(Role.AUDITOR)

    assert f"/reports/{code}/correct" not in auditor.get(f"/reports/{code}").text
    assert auditor.get(f"/reports/{code}/correct").status_code == 403


def test_another_organisation_has_no_such_report_to_correct(
    app: Flask, code: str, database: Database
) -> None:
    other = found_house(database, name="Other Skin")
    stranger = Visitor(app.test_client())
    stranger.sign_in(other.emails[Role.OWNER])

    assert stranger.get(f"/reports/{code}/correct").status_code == 404


def test_a_correction_is_made_at_a_desk(owner: Visitor, code: str) -> None:
    audit_id = begin(owner, code)

    along = owner.get("/device/along")

    assert along.status_code == 200
    assert str(audit_id) not in along.text
