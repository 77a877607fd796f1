import re
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from audit.app import CHECKED_AT_ONCE
from audit.store.audits import get_audit
from audit.store.database import Database
from audit.store.journal import entries
from audit.store.reports import ReportState, get_report
from audit.store.scope import organisation_scope, platform_scope
from audit.web.request import Installation
from tests.web.conftest import Clock, House, Visitor, found_house
from tests.web.small_visit import answer, issue, offer_small_library, sign, start


@pytest.fixture(autouse=True)
def _small_library(app: Flask, tmp_path: Path) -> None:
    offer_small_library(app, tmp_path / "checklists")


@pytest.fixture
def code(owner: Visitor, house: House) -> str:
    return issue(owner, house)


def test_a_report_shows_its_fingerprint_and_hands_out_those_bytes(
    owner: Visitor, code: str
) -> None:
    page = owner.get(f"/reports/{code}")
    file = owner.get(f"/reports/{code}.pdf")

    assert sha256(file.data).hexdigest() in page.text
    assert file.headers["Content-Disposition"] == f'attachment; filename="{code}.pdf"'
    assert "no-store" in file.headers["Cache-Control"]


def test_the_journal_says_who_took_a_report_along(
    owner: Visitor, house: House, code: str, database: Database
) -> None:
    owner.get(f"/reports/{code}.pdf")

    scope = organisation_scope(house.organisation_id)
    with database.transaction(scope, writing=False) as reading:
        acts = [entry.act for entry in entries(reading)]
    assert acts.count("hand_out_report") == 1


def test_the_code_to_scan_is_a_picture(owner: Visitor, code: str) -> None:
    drawn = owner.get(f"/reports/{code}.svg")

    assert drawn.mimetype == "image/svg+xml"
    assert b"<svg" in drawn.data


def test_reports_are_listed(owner: Visitor, code: str) -> None:
    assert code in owner.get("/reports/").text


def test_a_report_is_made_once(owner: Visitor, code: str) -> None:
    result = owner.get(f"/reports/{code}").text.partition("/result")[0].rpartition("/audits/")[2]

    again = owner.post(f"/audits/{result}/report")

    assert again.location == f"/reports/{code}"
    assert owner.get("/reports/").text.count(code) == 2


def test_a_report_is_made_where_nobody_was_named(owner: Visitor, house: House) -> None:
    audit_id = start(owner, house, in_charge="")
    answer(owner, audit_id)
    owner.post(f"/audits/{audit_id}/check")
    sign(owner, audit_id)

    issued = owner.post(f"/audits/{audit_id}/report")

    assert issued.location.startswith("/reports/")


def test_another_organisation_finds_no_report(app: Flask, code: str, database: Database) -> None:
    other = found_house(database, name="Other Skin")
    stranger = Visitor(app.test_client())
    stranger.sign_in(next(iter(other.emails.values())))

    assert stranger.get(f"/reports/{code}").status_code == 404
    assert stranger.get(f"/reports/{code}.pdf").status_code == 404


def test_anyone_learns_that_an_issued_file_is_genuine(
    owner: Visitor, visitor: Visitor, code: str
) -> None:
    pdf = owner.get(f"/reports/{code}.pdf").data
    visitor.get("/verify")

    page = visitor.post("/verify", file=(BytesIO(pdf), "report.pdf"))

    assert page.status_code == 200
    assert "PASSED" in page.text
    for said in (code, "Calm Skin", "Main Street", "Self-audit on ", "Pass", "Lee Park"):
        assert said in page.text
    assert "By the register of issued reports" in page.text


def test_a_genuine_part_of_a_report_speaks_by_its_seal(
    owner: Visitor, visitor: Visitor, code: str
) -> None:
    pdf = owner.get(f"/reports/{code}/summary.pdf").data
    visitor.get("/verify")

    page = visitor.post("/verify", file=(BytesIO(pdf), "summary.pdf"))

    assert "PASSED" in page.text
    assert "By the data sealed inside the file" in page.text
    assert "Calm Skin" in page.text


def test_what_is_said_of_a_file_reads_as_people_write(
    owner: Visitor, visitor: Visitor, code: str
) -> None:
    pdf = owner.get(f"/reports/{code}.pdf").data
    visitor.get("/verify")

    passed = visitor.post("/verify", file=(BytesIO(pdf), "report.pdf"))
    failed = visitor.post("/verify", file=(BytesIO(pdf + b"%%EOF\n"), "report.pdf"))

    assert "What the file claims" in failed.text
    assert "These are the file&#39;s own words" in failed.text
    for page in (passed, failed):
        assert not re.search(r"\d{4}-\d\d-\d\dT", page.text)
        assert "claims" not in page.text.partition("<h2>Fingerprints</h2>")[2]


def test_a_changed_file_fails(owner: Visitor, visitor: Visitor, code: str) -> None:
    pdf = bytearray(owner.get(f"/reports/{code}.pdf").data)
    pdf[len(pdf) // 2] ^= 1
    visitor.get("/verify")

    page = visitor.post("/verify", file=(BytesIO(pdf), "report.pdf"))

    assert "FAILED" in page.text
    assert "PASSED" not in page.text


@pytest.mark.parametrize("sent", [b"", b"hello", b"%PDF-1.7\n%%EOF"])
def test_what_is_no_report_is_told_apart_kindly(visitor: Visitor, sent: bytes) -> None:
    visitor.get("/verify")

    page = visitor.post("/verify", file=(BytesIO(sent), "x.pdf"))

    assert "PASSED" not in page.text
    assert page.status_code == (200 if sent else 422)


def test_few_files_are_checked_at_a_time(app: Flask, visitor: Visitor) -> None:
    installed: Installation = app.extensions["hygiene_audit"]
    visitor.get("/verify")

    with ExitStack() as others:
        for _ in range(CHECKED_AT_ONCE):
            others.enter_context(installed.checking)
        busy = visitor.post("/verify", file=(BytesIO(b"%PDF-1.7"), "report.pdf"))
    after = visitor.post("/verify", file=(BytesIO(b"%PDF-1.7"), "report.pdf"))

    assert busy.status_code == 503
    assert 'id="file-error"' in busy.text
    assert "FAILED" in after.text


def test_a_hostile_file_name_is_only_text(visitor: Visitor) -> None:
    visitor.get("/verify")

    page = visitor.post("/verify", file=(BytesIO(b"hello"), "<script>alert(1)</script>.pdf"))

    assert "<script>alert" not in page.text


def test_a_code_says_whether_its_report_stands_and_nothing_else(
    visitor: Visitor, code: str
) -> None:
    page = visitor.get(f"/v/{code.lower()}")

    assert "Current" in page.text
    assert "Main Street" not in page.text
    assert "Calm Skin" not in page.text


@pytest.mark.parametrize("state", [ReportState.SUPERSEDED, ReportState.WITHDRAWN])
def test_a_report_that_no_longer_stands_says_so(
    owner: Visitor, visitor: Visitor, code: str, database: Database, state: ReportState
) -> None:
    pdf = owner.get(f"/reports/{code}.pdf").data
    with database.transaction(platform_scope("a test changes a standing")) as session:
        get_report(session, code).state = state
    visitor.get("/verify")

    standing = visitor.get(f"/v/{code}")
    verdict = visitor.post("/verify", file=(BytesIO(pdf), "report.pdf"))

    assert state.value.capitalize() in standing.text
    assert "It is genuine, but" in verdict.text


def test_an_unknown_code_is_unknown(visitor: Visitor) -> None:
    page = visitor.get("/v/2222-2222-2222")

    assert page.status_code == 404
    assert "Unknown" in page.text


def test_a_session_left_alone_asks_to_sign_in_before_a_download(
    owner: Visitor, code: str, clock: Clock
) -> None:
    clock.move(timedelta(days=30))

    file = owner.get(f"/reports/{code}.pdf")

    assert file.status_code == 302
    assert "/login" in file.location


@pytest.mark.parametrize("layout", ["summary", "findings"])
def test_a_part_of_a_report_is_handed_out_sealed_and_verifies(
    owner: Visitor, visitor: Visitor, house: House, code: str, database: Database, layout: str
) -> None:
    sent = owner.get(f"/reports/{code}/{layout}.pdf")
    visitor.get("/verify")
    page = visitor.post("/verify", file=(BytesIO(sent.data), "part.pdf"))

    assert sent.headers["Content-Disposition"] == f'attachment; filename="{code}-{layout}.pdf"'
    assert "PASSED" in page.text
    assert code in page.text
    scope = organisation_scope(house.organisation_id)
    with database.transaction(scope, writing=False) as reading:
        assert entries(reading, act="extract_report")[0].details["layout"] == layout


def test_no_part_is_handed_out_of_a_report_that_no_longer_stands(
    owner: Visitor, code: str, database: Database
) -> None:
    with database.transaction(platform_scope("a test changes a standing")) as session:
        get_report(session, code).state = ReportState.WITHDRAWN

    assert owner.get(f"/reports/{code}/summary.pdf").status_code == 409
    assert "summary.pdf" not in owner.get(f"/reports/{code}").text


def test_another_organisation_gets_no_part(app: Flask, code: str, database: Database) -> None:
    other = found_house(database, name="Other Skin")
    stranger = Visitor(app.test_client())
    stranger.sign_in(next(iter(other.emails.values())))

    assert stranger.get(f"/reports/{code}/summary.pdf").status_code == 404


def test_an_empty_file_is_told_apart_from_none(visitor: Visitor) -> None:
    visitor.get("/verify")

    empty = visitor.post("/verify", file=(BytesIO(b""), "report.pdf"))
    none = visitor.post("/verify")

    assert "This file is empty." in empty.text
    assert "Choose the PDF you want to check." in none.text


def damage(app: Flask, digest: str) -> None:
    installed: Installation = app.extensions["hygiene_audit"]
    installed.press.blobs.path(digest).write_bytes(b"x")


def test_a_file_in_hand_is_checked_though_our_own_record_is_damaged(
    app: Flask, owner: Visitor, visitor: Visitor, house: House, database: Database
) -> None:
    code = issue(owner, house)
    pdf = owner.get(f"/reports/{code}.pdf").data
    with database.transaction(organisation_scope(house.organisation_id)) as session:
        record = get_audit(session, get_report(session, code).audit_id).record_digest
    assert record
    damage(app, record)
    visitor.get("/verify")

    page = visitor.post("/verify", file=(BytesIO(pdf), "report.pdf"))

    assert page.status_code == 200
    assert "PASSED" in page.text


def test_files_are_checked_though_the_key_of_the_owner_is_gone(
    app: Flask, owner: Visitor, visitor: Visitor, house: House
) -> None:
    code = issue(owner, house)
    pdf = owner.get(f"/reports/{code}.pdf").data
    installed: Installation = app.extensions["hygiene_audit"]
    keys = replace(installed.press.keys, given=Path("/nowhere/moved.p12"))
    press = replace(installed.press, keys=keys)
    app.extensions["hygiene_audit"] = replace(installed, press=press)
    visitor.get("/verify")

    page = visitor.post("/verify", file=(BytesIO(pdf), "report.pdf"))

    assert "PASSED" in page.text
    assert "nowhere" not in page.text


def test_what_cannot_be_read_was_not_handed_out(
    app: Flask, owner: Visitor, house: House, database: Database
) -> None:
    code = issue(owner, house)
    damage(app, sha256(owner.get(f"/reports/{code}.pdf").data).hexdigest())
    scope = organisation_scope(house.organisation_id)
    with database.transaction(scope) as session:
        before = len(entries(session, act="hand_out_report"))

    page = owner.get(f"/reports/{code}.pdf")

    assert page.status_code == 500
    with database.transaction(scope) as session:
        assert len(entries(session, act="hand_out_report")) == before


def send_file(visitor: Visitor, data: bytes) -> TestResponse:
    """Send a large file as a browser does; the test client would leave one of its own behind."""
    visitor.get("/verify")
    named = b'--edge\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n'
    body = b"".join(
        (
            named % (b"csrf_token", b""),
            visitor.token.encode() + b"\r\n",
            named % (b"file", b'; filename="large.pdf"'),
            data + b"\r\n--edge--\r\n",
        )
    )
    return visitor.client.post(
        "/verify",
        input_stream=BytesIO(body),
        content_type="multipart/form-data; boundary=edge",
        content_length=len(body),
    )


def test_a_file_of_a_hundred_megabytes_is_judged_and_a_larger_one_told_its_way(
    visitor: Visitor,
) -> None:
    large = send_file(visitor, b"%PDF-1.7\n" + bytes(100_000_000))
    huge = send_file(visitor, bytes(130_000_000))

    assert "FAILED" in large.text
    assert huge.status_code == 413
    assert "This page takes files of up to 128 MB." in huge.text
