"""The first start of an installation."""

from typing import Any

import pytest
from sqlalchemy import select

from audit.store.database import Database
from audit.store.journal import entries
from audit.store.people import Membership, Role
from audit.store.scope import Organisation, organisation_scope, platform_scope
from audit.store.sites import list_sites
from tests.web.conftest import House, Visitor

FOUNDING: dict[str, Any] = {
    "business": "Lumen Skin",
    "place": "US-UT",
    "address": "12 Third Avenue, Provo",
    "zone": "",
    "services": ["facials", "extraction"],
    "name": "Ana Ruiz",
    "email": "Ana@Lumen.test",
    "password": "three calm words",
}


def test_every_page_of_a_new_installation_leads_to_set_up(visitor: Visitor) -> None:
    page = visitor.get("/sites")

    assert page.status_code == 302
    assert page.location == "/setup"


def test_founding_signs_the_owner_in_and_makes_the_first_site(
    visitor: Visitor, database: Database
) -> None:
    visitor.get("/setup")

    sent = visitor.post("/setup", **FOUNDING)

    assert sent.location == "/"
    assert "Hello, Ana" in visitor.get("/").text
    with database.transaction(platform_scope("a look"), writing=False) as session:
        organisation = session.scalars(select(Organisation)).one()
        assert session.scalars(select(Membership)).one().role is Role.OWNER
    with database.transaction(organisation_scope(organisation.id), writing=False) as session:
        site = list_sites(session)[0]
        assert (site.zone, site.jurisdiction) == ("America/Denver", "US-UT")
        assert [one.act for one in entries(session)] == ["sign_in", "add_site", "set_up"]


def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_made(
    visitor: Visitor, database: Database
) -> None:
    visitor.get("/setup")

    page = visitor.post("/setup", email="ana", password="short", place="XX", services="flying")

    assert page.status_code == 422
    for field in ("business", "place", "address", "services", "name", "email", "password"):
        assert f'href="#{field}"' in page.text
    with database.transaction(platform_scope("a look"), writing=False) as session:
        assert session.scalars(select(Organisation)).all() == []


@pytest.mark.parametrize("zone", ["Mars/Base", "../../etc/passwd"])
def test_zone_that_does_not_exist_is_refused(visitor: Visitor, zone: str) -> None:
    visitor.get("/setup")

    page = visitor.post("/setup", **{**FOUNDING, "zone": zone})

    assert page.status_code == 422
    assert "Choose a time zone from the list." in page.text


def test_set_up_is_closed_once_someone_is_here(visitor: Visitor, house: House) -> None:
    page = visitor.get("/setup")
    sent = visitor.post("/setup", **FOUNDING)

    assert house
    assert (page.location, sent.location) == ("/login", "/login")
