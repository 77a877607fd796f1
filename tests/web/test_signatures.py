"""Signing what was found, on the page."""

from pathlib import Path

import pytest
from flask import Flask

from audit.store.database import Database
from audit.store.people import Role
from audit.store.scope import organisation_scope
from audit.store.signatures import Part, signatures_of
from tests.web.conftest import PASSWORD, House, SignedIn, Visitor
from tests.web.small_visit import complete, offer_small_library, sign


@pytest.fixture(autouse=True)
def _small_library(app: Flask, tmp_path: Path) -> None:
    offer_small_library(app, tmp_path / "checklists")


def test_a_form_sent_twice_signs_for_one_person_only(
    owner: Visitor, house: House, database: Database
) -> None:
    audit_id = complete(owner, house)
    written = {"part": "inspector", "name": "Ines Ray", "role": "Owner", "password": PASSWORD}

    sent = [owner.post(f"/audits/{audit_id}/sign", **written) for _ in range(2)]

    assert {one.location for one in sent} == {f"/audits/{audit_id}/sign"}
    scope = organisation_scope(house.organisation_id)
    with database.transaction(scope, writing=False) as reading:
        assert [one.part for one in signatures_of(reading, audit_id)] == [Part.INSPECTOR]


def test_what_was_written_stays_when_the_password_has_to_wait(owner: Visitor, house: House) -> None:
    audit_id = complete(owner, house)
    written = {"part": "inspector", "name": "Ines Ray", "strokes": "[[10,20,30,40]]"}

    for _ in range(7):
        page = owner.post(f"/audits/{audit_id}/sign", **written, password="not it at all")

    assert "Please wait" in page.text
    assert 'value="Ines Ray"' in page.text
    assert 'value="[[10,20,30,40]]"' in page.text


def test_every_field_that_cannot_be_printed_is_named_at_once(owner: Visitor, house: House) -> None:
    audit_id = complete(owner, house)
    written = {"part": "inspector", "name": "", "role": "x" * 400, "password": PASSWORD}

    page = owner.post(f"/audits/{audit_id}/sign", **written)

    assert 'href="#name"' in page.text
    assert 'href="#role"' in page.text


def test_signing_needs_the_password_again(owner: Visitor, house: House) -> None:
    audit_id = complete(owner, house)

    written = {"part": "inspector", "name": "Ines Ray", "role": "Owner"}

    page = owner.post(f"/audits/{audit_id}/sign", **written, password="not it at all")

    assert page.status_code == 422
    assert 'value="Ines Ray"' in page.text
    assert "not it at all" not in page.text


def test_a_drawing_is_kept_as_points(owner: Visitor, house: House, database: Database) -> None:
    audit_id = complete(owner, house)

    status = sign(owner, audit_id, strokes="[[10,20,30,40],[50,60]]")

    assert status == 302
    scope = organisation_scope(house.organisation_id)
    with database.transaction(scope, writing=False) as reading:
        (signature,) = signatures_of(reading, audit_id)
    assert signature.strokes == [{"points": [10, 20, 30, 40]}, {"points": [50, 60]}]


@pytest.mark.parametrize("drawn", ["{", "[[1]]", "[[99999,1]]", '[["a","b"]]', "7", "[" * 9999])
def test_a_drawing_that_is_none_is_refused(owner: Visitor, house: House, drawn: str) -> None:
    audit_id = complete(owner, house)

    status = sign(owner, audit_id, strokes=drawn)

    assert status == 422


def test_a_refusal_to_sign_needs_its_reason(owner: Visitor, house: House) -> None:
    audit_id = complete(owner, house)
    sign(owner, audit_id)

    without = sign(owner, audit_id, name="Lee Park", refused="y")
    with_reason = sign(owner, audit_id, name="Lee Park", refused="y", reason="I was away.")

    assert (without, with_reason) == (422, 302)
    page = owner.get(f"/audits/{audit_id}/result").text
    assert "Refused" in page
    assert "I was away." in page


def test_an_auditor_reads_and_does_not_write(
    owner: Visitor, signed_in: SignedIn, house: House
) -> None:
    audit_id = complete(owner, house)
    auditor = signed_in(Role.AUDITOR)

    read = auditor.get(f"/audits/{audit_id}/result")
    wrote = auditor.post(f"/audits/{audit_id}/sign", name="A", password="b")

    assert read.status_code == 200
    assert wrote.status_code == 403


def test_a_manager_reviews_what_someone_else_carried_out(
    signed_in: SignedIn, house: House, database: Database
) -> None:
    inspector, manager = signed_in(Role.INSPECTOR), signed_in(Role.MANAGER)
    audit_id = complete(inspector, house)
    sign(inspector, audit_id)
    assert f"/audits/{audit_id}/review" in manager.get(f"/audits/{audit_id}/result").text

    page = manager.get(f"/audits/{audit_id}/review").text
    signed = manager.post(
        f"/audits/{audit_id}/review",
        part="manager",
        name="Ines Manager",
        role="Manager",
        password=PASSWORD,
    )

    assert "I have reviewed this audit" in page
    assert "I refuse to sign" not in page
    assert signed.status_code == 302
    assert f"/audits/{audit_id}/review" not in manager.get(f"/audits/{audit_id}/result").text
    scope = organisation_scope(house.organisation_id)
    with database.transaction(scope, writing=False) as reading:
        rows = signatures_of(reading, audit_id)
        assert [one.part for one in rows] == [Part.INSPECTOR, Part.MANAGER]
        assert rows[1].person_id is not None
    code = manager.post(f"/audits/{audit_id}/report").location.rpartition("/")[2]
    assert "Ines Manager" in manager.get(f"/reports/{code}").text


def test_nobody_reviews_their_own_audit(signed_in: SignedIn, house: House) -> None:
    manager = signed_in(Role.MANAGER)
    audit_id = complete(manager, house)
    sign(manager, audit_id)

    page = manager.get(f"/audits/{audit_id}/result").text
    refused = manager.post(
        f"/audits/{audit_id}/review",
        part="manager",
        name="Ines Manager",
        role="Manager",
        password=PASSWORD,
    )

    assert f"/audits/{audit_id}/review" not in page
    assert refused.status_code == 409
    assert "someone else reviews it" in refused.text


def test_a_review_comes_after_the_inspector_and_before_the_report(
    signed_in: SignedIn, house: House
) -> None:
    inspector, manager = signed_in(Role.INSPECTOR), signed_in(Role.MANAGER)
    audit_id = complete(inspector, house)

    early = manager.get(f"/audits/{audit_id}/review")
    sign(inspector, audit_id)
    inspector.post(f"/audits/{audit_id}/report")
    late = manager.get(f"/audits/{audit_id}/review")

    assert early.location == f"/audits/{audit_id}/result"
    assert late.location == f"/audits/{audit_id}/result"


def test_an_inspector_does_not_review(signed_in: SignedIn, house: House) -> None:
    inspector, other = signed_in(Role.OWNER), signed_in(Role.INSPECTOR)
    audit_id = complete(inspector, house)
    sign(inspector, audit_id)

    assert other.get(f"/audits/{audit_id}/review").status_code == 403
