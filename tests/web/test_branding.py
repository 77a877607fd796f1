"""How an organisation lets its reports look."""

import re
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from pypdf import PdfReader

from audit.store.people import Role
from audit.web.request import Installation
from reports.reprint import length, read_snapshot, take_apart
from reports.snapshot import Snapshot
from reports.verify import Trust, verify
from tests.web.conftest import House, SignedIn, Visitor, database_of, found_house
from tests.web.small_visit import issue, offer_small_library

LINES = {
    "address": "1 Harbour Street, Toronto",
    "phone": "+1 416 555 0133",
    "email": "care@lakeside.example",
    "web": "www.lakeside.example",
}


@pytest.fixture(autouse=True)
def _small_library(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> None:
    offer_small_library(app, tmp_path_factory.mktemp("checklists"))


def picture(mode: str = "RGBA", size: tuple[int, int] = (900, 300)) -> bytes:
    held = BytesIO()
    Image.new(mode, size, "white").save(held, "PNG")
    return held.getvalue()


def send(visitor: Visitor, logo: bytes | None = None, **fields: str) -> str:
    visitor.get("/reports/look")
    sent: dict[str, object] = {**LINES, **fields}
    if logo is not None:
        sent["logo"] = (BytesIO(logo), "logo.png")
    return visitor.post("/reports/look", **sent).text


def report(owner: Visitor, house: House) -> bytes:
    return owner.get(f"/reports/{issue(owner, house)}.pdf").data


def snapshot_of(pdf: bytes) -> Snapshot:
    return read_snapshot(take_apart(pdf[: length(pdf)]).snapshot())


def first_page(pdf: bytes) -> str:
    return PdfReader(BytesIO(pdf)).pages[0].extract_text()


def test_reports_issued_from_then_on_wear_the_look(
    app: Flask, owner: Visitor, house: House
) -> None:
    before = report(owner, house)

    send(owner, picture(), own_colour="y", accent="#7a1f5c")
    after = report(owner, house)

    assert not any(line in first_page(before) for line in LINES.values())
    assert all(line in first_page(after) for line in LINES.values())
    assert len(PdfReader(BytesIO(after)).pages[0].images) == 1
    installed: Installation = app.extensions["hygiene_audit"]
    trust = Trust(pinned=installed.press.keys.pinned())
    assert [verify(pdf, trust).standing for pdf in (before, after)] == ["PASSED", "PASSED"]


def test_a_report_and_its_parts_keep_the_look_they_were_issued_with(
    owner: Visitor, house: House
) -> None:
    send(owner, picture())
    code = issue(owner, house)
    issued = owner.get(f"/reports/{code}.pdf").data

    send(owner, no_logo="y", address="2 Other Street", phone="", email="", web="")

    assert owner.get(f"/reports/{code}.pdf").data == issued
    summary = owner.get(f"/reports/{code}/summary.pdf").data
    assert LINES["address"] in first_page(summary)
    assert "2 Other Street" not in first_page(summary)


def test_large_photos_are_chosen_for_reports_to_come_and_kept(owner: Visitor, house: House) -> None:
    before = report(owner, house)
    send(owner, photos="large")

    page = send(owner, phone="0800 1234")

    assert re.search(r'value="large"\s+checked', owner.get("/reports/look").text), page
    assert "large" not in snapshot_of(before).model_dump_json()
    after = snapshot_of(report(owner, house)).branding
    assert after is not None
    assert (after.photos, after.phone) == ("large", "0800 1234")


def test_the_page_shows_what_is_kept_and_takes_it_away(owner: Visitor) -> None:
    send(owner, picture(), own_colour="y", accent="#7A1F5C")

    page = owner.get("/reports/look").text

    assert all(line in page for line in (*LINES.values(), "#7A1F5C", "/reports/look/logo.jpg"))
    logo = Image.open(BytesIO(owner.get("/reports/look/logo.jpg").data))
    assert (logo.format, logo.size) == ("JPEG", (800, 267))
    send(owner, no_logo="y")
    assert owner.get("/reports/look/logo.jpg").status_code == 404
    assert LINES["phone"] in owner.get("/reports/look").text


@pytest.mark.parametrize(
    ("logo", "words"),
    [
        (b"<html><script>alert(1)</script></html>", "not a picture in JPEG, PNG or WebP form"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "not a picture in JPEG, PNG or WebP form"),
        (b"", "This file is empty"),
        (picture("1", (13_000, 13_000)), "13,000 x 13,000 points"),
        (picture("1", (1, 1)), "1 x 1 points, too few to print"),
    ],
    ids=["html", "svg", "empty", "huge", "tiny"],
)
def test_a_picture_that_cannot_be_a_logo_is_refused_and_the_rest_stays_as_typed(
    owner: Visitor, logo: bytes, words: str
) -> None:
    page = send(owner, logo, phone="0800 1234")

    assert words in page
    assert "0800 1234" in page
    assert "0800 1234" not in owner.get("/reports/look").text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"own_colour": "y", "accent": "#FFEE00"}, "too pale to read on white paper"),
        ({"own_colour": "y", "accent": "red; }"}, "six digits from 0 to F"),
        ({"email": "nonsense"}, "Write an email address"),
        ({"phone": "abc"}, "Write a telephone number"),
        ({"web": "javascript:alert(1)"}, "Write the address of a website"),
        ({"photos": "huge"}, "Choose small or large."),
        ({"address": "x" * 300_000}, "at most 120"),
        ({"web": "a\u202eb.test"}, ""),
    ],
    ids=["pale", "no colour", "email", "phone", "web", "no size", "endless", "turned round"],
)
def test_entries_that_cannot_be_printed_are_refused_in_words(
    owner: Visitor, fields: dict[str, str], words: str
) -> None:
    page = send(owner, picture(), **fields)

    if words:
        assert words in page
        assert "Choose the picture once more" in page
        assert LINES["phone"] not in owner.get("/reports/look").text


def test_mark_up_in_a_line_is_printed_as_it_was_typed(owner: Visitor, house: House) -> None:
    send(owner, address="<b>1 & 2</b> <para>Street")

    assert "<b>1 & 2</b> <para>Street" in first_page(report(owner, house))


def test_another_organisation_sees_and_wears_nothing_of_it(
    app: Flask, owner: Visitor, house: House
) -> None:
    send(owner, picture())
    other = found_house(database_of(app), name="Elsewhere")
    stranger = Visitor(app.test_client())
    stranger.sign_in(other.emails[Role.OWNER])

    page = stranger.get("/reports/look").text

    assert house
    assert not any(line in page for line in LINES.values())
    assert stranger.get("/reports/look/logo.jpg").status_code == 404
    assert not any(line in first_page(report(stranger, other)) for line in LINES.values())


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.AUDITOR])
def test_who_only_audits_or_reads_cannot_change_it(signed_in: SignedIn, role: Role) -> None:
    visitor = signed_in(role)

    assert visitor.get("/reports/look").status_code == 403
    assert "How they look" not in visitor.get("/reports/").text
