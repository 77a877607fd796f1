from pathlib import Path

import pytest
from flask import Flask

from audit.store.database import Database
from audit.store.people import Role
from tests.web.conftest import PASSWORD, House, SignedIn, Visitor, found_house
from tests.web.small_visit import issue, offer_small_library

WHY = "The wrong site was chosen."


@pytest.fixture(autouse=True)
def _small_library(app: Flask, tmp_path: Path) -> None:
    offer_small_library(app, tmp_path / "checklists")


@pytest.fixture
def code(owner: Visitor, house: House) -> str:
    return issue(owner, house)


def withdraw(visitor: Visitor, code: str, **fields: object) -> int:
    visitor.get("/")
    given = {"reason": WHY, "password": PASSWORD, **fields}
    return visitor.post(f"/reports/{code}/withdraw", **given).status_code


def test_a_withdrawn_report_says_so_everywhere_and_is_still_handed_out(
    owner: Visitor, visitor: Visitor, code: str
) -> None:
    before = owner.get(f"/reports/{code}.pdf").data

    assert withdraw(owner, code) == 302

    page = owner.get(f"/reports/{code}").text
    assert WHY in page
    assert "Ines Owner withdrew this report" in page
    assert f"/reports/{code}/withdraw" not in page
    assert "Withdrawn" in owner.get("/reports/").text
    assert "Withdrawn" in owner.get("/audits/").text
    assert owner.get(f"/reports/{code}.pdf").data == before
    assert "Withdrawn" in visitor.get(f"/v/{code}").text
    assert WHY not in visitor.get(f"/v/{code}").text


def test_a_withdrawn_audit_is_marked_where_its_outcome_stands(
    owner: Visitor, house: House, code: str
) -> None:
    withdraw(owner, code)

    assert "Withdrawn" in owner.get("/").text
    assert "Withdrawn" in owner.get(f"/sites/{house.site_id}").text
    sites = owner.get("/device/along").get_json()["sites"]
    assert [site["last_report"] for site in sites] == [None]


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.AUDITOR, Role.ADMINISTRATOR])
def test_only_who_answers_for_the_reports_withdraws_them(
    signed_in: SignedIn, code: str, role: Role
) -> None:
    other = signed_in(role)

    assert withdraw(other, code) == 403
    assert f"/reports/{code}/withdraw" not in other.get(f"/reports/{code}").text


def test_a_wrong_password_withdraws_nothing_and_keeps_what_was_written(
    owner: Visitor, code: str
) -> None:
    owner.get("/")

    page = owner.post(f"/reports/{code}/withdraw", reason=WHY, password="a wrong one")

    assert page.status_code == 422
    assert WHY in page.text
    assert "Current" in owner.get(f"/reports/{code}").text


def test_a_withdrawal_without_a_reason_is_refused_at_the_field(owner: Visitor, code: str) -> None:
    owner.get("/")

    page = owner.post(f"/reports/{code}/withdraw", reason=" ", password=PASSWORD)

    assert page.status_code == 422
    assert 'id="reason-error"' in page.text


def test_withdrawing_again_leads_to_the_report(owner: Visitor, code: str) -> None:
    withdraw(owner, code)

    again = owner.get(f"/reports/{code}/withdraw")

    assert again.location == f"/reports/{code}"


def test_another_organisation_has_no_such_report_to_withdraw(
    app: Flask, code: str, database: Database
) -> None:
    other = found_house(database, name="Other Skin")
    stranger = Visitor(app.test_client())
    stranger.sign_in(other.emails[Role.OWNER])

    assert withdraw(stranger, code) == 404
