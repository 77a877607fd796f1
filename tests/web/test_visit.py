import gzip
import json
import re
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from audit.domain.checklist import ParentItem
from audit.store.people import Role
from audit.web.request import Installation
from tests.web.conftest import House, SignedIn
from tests.web.small_visit import complete, offer_small_library, start

PAGES = ["/visit", "/visit/full-hygiene/1", "/visit/hand-hygiene/1/us-ut/1"]
WHOLE = "/visit/full-hygiene/1/us-ut/1"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize("address", PAGES)
def test_a_tablet_page_is_open_to_strangers(client: FlaskClient, address: str) -> None:
    page = client.get(address)

    assert page.status_code == 200
    assert page.mimetype == "text/html"


@pytest.mark.parametrize("address", PAGES)
def test_a_tablet_page_is_the_same_for_everyone(
    client: FlaskClient, signed_in: SignedIn, address: str
) -> None:
    inspector, owner = signed_in(Role.INSPECTOR), signed_in(Role.OWNER)

    pages = {one.get(address).data for one in (client, inspector.client, owner.client)}

    assert len(pages) == 1


def test_a_tablet_page_says_nothing_of_who_is_signed_in(signed_in: SignedIn) -> None:
    owner = signed_in(Role.OWNER)

    page = owner.get(WHOLE)

    assert "Ines" not in page.text
    assert "Calm Skin" not in page.text
    assert "csrf" not in page.text
    assert "Set-Cookie" not in page.headers
    assert "Cookie" not in page.headers.get("Vary", "")


def test_a_message_for_someone_waits_for_a_page_of_theirs(signed_in: SignedIn) -> None:
    owner = signed_in(Role.OWNER)
    owner.post("/sites/new", name="Harbour", address="2 Quay", jurisdiction="US-UT")

    tablet = owner.get("/visit")

    message = 'class="notice" role="status"'
    assert message not in tablet.text
    assert message in owner.get("/sites").text


@pytest.mark.parametrize("address", PAGES)
def test_a_tablet_page_may_be_kept_and_is_asked_about(client: FlaskClient, address: str) -> None:
    first = client.get(address)

    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "public, no-cache"
    assert again.status_code == 304
    assert again.data == b""


def test_a_tablet_page_is_sent_packed_where_that_is_read(client: FlaskClient) -> None:
    plain = client.get(WHOLE)
    packed = client.get(WHOLE, headers={"Accept-Encoding": "gzip"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "address",
    ["/visit/no-such/1", "/visit/full-hygiene/999", "/visit/full-hygiene/1/no-such/1"],
)
def test_an_unknown_checklist_is_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_the_page_carries_the_rules_beside_the_inputs(client: FlaskClient) -> None:
    page = client.get(WHOLE).text
    found = re.search(
        r'<script type="application/json" id="definition">(.*?)</script>', page, re.DOTALL
    )
    assert found
    definition = json.loads(found[1])
    assert definition["code"] == "full-hygiene"
    assert definition["outcome"] == {"closes": False, "corrected_critical_conditions": False}


def test_every_item_stands_on_the_page_once(app: Flask, client: FlaskClient) -> None:
    installed: Installation = app.extensions["hygiene_audit"]
    checklist = installed.shelf.catalogue.get("full-hygiene", 1, ("us-ut", 1))
    wanted = {item.code for item in checklist.items.values()}

    page = client.get(WHOLE).text

    ids = re.findall(r'<li class="asked [^"]*" id="([a-z0-9_]+)(?:@\*)?"', page)
    assert len(ids) == len(set(ids))
    assert set(ids) == wanted
    inputs = [item for item in checklist.items.values() if not isinstance(item, ParentItem)]
    assert page.count(" data-asked>") == sum(1 for item in inputs if item.answerable)


def test_what_is_repeated_waits_in_a_template(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    offer_small_library(app, tmp_path / "checklists")

    page = client.get("/visit/small-check/1").text

    template = re.search(r'<template data-each="rooms">(.*?)</template>', page, re.DOTALL)
    assert template
    assert 'id="room_clean@*"' in template[1]
    assert 'name="room_clean@*"' in template[1]
    assert page.count('id="gloves_worn"') == 1
    assert 'id="gloves_worn"' not in template[1]


@pytest.fixture
def audit_id(app: Flask, house: House, signed_in: SignedIn, tmp_path: Path) -> UUID:
    offer_small_library(app, tmp_path / "checklists")
    return start(signed_in(Role.OWNER), house)


def test_a_device_that_keeps_data_is_led_to_the_tablet_page(
    signed_in: SignedIn, audit_id: UUID
) -> None:
    owner = signed_in(Role.OWNER)
    owner.client.set_cookie("tablet", "keeps")

    led = owner.get(f"/audits/{audit_id}")

    assert led.location == f"/visit/small-check/1/us-ut/1#{audit_id}"
    assert owner.get(f"/audits/{audit_id}/1").status_code == 200


def test_the_plain_pages_stay_open_to_a_device_that_keeps_data(
    signed_in: SignedIn, audit_id: UUID
) -> None:
    owner = signed_in(Role.OWNER)
    owner.client.set_cookie("tablet", "keeps")

    led = owner.get(f"/audits/{audit_id}?plain=1")

    assert led.location == f"/audits/{audit_id}/1"


def test_who_may_not_record_is_not_led_to_the_tablet_page(
    signed_in: SignedIn, audit_id: UUID
) -> None:
    auditor = signed_in(Role.AUDITOR)
    auditor.client.set_cookie("tablet", "keeps")

    led = auditor.get(f"/audits/{audit_id}")

    assert not led.location.startswith("/visit")


def test_a_completed_audit_leads_to_its_result(
    app: Flask, signed_in: SignedIn, house: House, tmp_path: Path
) -> None:
    offer_small_library(app, tmp_path / "checklists")
    owner = signed_in(Role.OWNER)
    completed = complete(owner, house)
    owner.client.set_cookie("tablet", "keeps")

    led = owner.get(f"/audits/{completed}")

    assert led.location == f"/audits/{completed}/result"


def test_the_start_page_of_the_tablet_is_in_the_menu(signed_in: SignedIn) -> None:
    page = signed_in(Role.INSPECTOR).get("/")

    assert '<a href="/visit">On this tablet</a>' in page.text
