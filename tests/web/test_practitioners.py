"""Practitioners and their credentials."""

from datetime import timedelta

import pytest

from audit.store.database import Database
from audit.store.journal import entries
from audit.store.practitioners import credentials_of, list_practitioners
from audit.store.scope import organisation_scope
from audit.store.sites import get_site, list_sites
from tests.factories import TODAY, make_credential, make_practitioner
from tests.web.conftest import House, Visitor, found_house


def added(owner: Visitor, house: House, **more: str) -> str:
    fields = {"name": "Pia Lund", "title": "Esthetician", "site": str(house.site_id), "active": "y"}
    return owner.post("/practitioners/new", **{**fields, **more}).location


def test_practitioner_is_added_and_changed(
    owner: Visitor, house: House, database: Database
) -> None:
    address = added(owner, house)
    edited = owner.get(f"{address}/edit")

    owner.post(f"{address}/edit", name="Pia Berg", title="", site=str(house.site_id), active="")

    assert 'value="Pia Lund"' in edited.text
    assert "Has left" in owner.get("/practitioners").text
    with database.transaction(organisation_scope(house.organisation_id), writing=False) as session:
        found = list_practitioners(session)[0]
        acts = [one.act for one in entries(session, found.id)]
        assert acts == ["change_practitioner", "add_practitioner"]


@pytest.mark.parametrize("site", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_practitioner_needs_a_site_of_this_organisation(
    owner: Visitor, house: House, site: str
) -> None:
    page = owner.post("/practitioners/new", name="Pia", title="", site=site)

    assert house
    assert page.status_code == 422
    assert "Choose the site." in page.text


def test_site_of_another_organisation_cannot_be_chosen(owner: Visitor, database: Database) -> None:
    other = found_house(database, name="Other House")

    page = owner.post("/practitioners/new", name="Pia", title="", site=str(other.site_id))

    assert page.status_code == 422


@pytest.mark.parametrize(
    ("days", "word"), [(-1, "Expired"), (60, "Expires soon"), (61, "Valid"), (None, "No expiry")]
)
def test_credential_says_where_it_stands(
    owner: Visitor, house: House, days: int | None, word: str
) -> None:
    address = added(owner, house)
    until = "" if days is None else (TODAY + timedelta(days=days)).isoformat()

    owner.post(
        f"{address}/credentials/new", kind="licence", number="1", issuer="D", expires_on=until
    )

    assert word in owner.get(address).text


@pytest.mark.parametrize("typed", ["tomorrow", "2026-02-30", "31.12.2027"])
def test_day_that_is_none_is_refused_and_kept_as_typed(
    owner: Visitor, house: House, typed: str
) -> None:
    address = added(owner, house)

    page = owner.post(
        f"{address}/credentials/new", kind="licence", number="1", issuer="D", expires_on=typed
    )

    assert page.status_code == 422
    assert f'value="{typed}"' in page.text


def test_credential_is_changed(owner: Visitor, house: House, database: Database) -> None:
    address = added(owner, house)
    owner.post(f"{address}/credentials/new", kind="licence", number="1", issuer="DOPL")
    scope = organisation_scope(house.organisation_id)
    with database.transaction(scope, writing=False) as session:
        one = credentials_of(session, [list_practitioners(session)[0].id])[0]

    shown = owner.get(f"{address}/credentials/{one.id}")
    wrong = owner.post(f"{address}/credentials/{one.id}", kind="", number="", issuer="")
    owner.post(f"{address}/credentials/{one.id}", kind="licence", number="2", issuer="DOPL")

    assert 'value="DOPL"' in shown.text
    assert wrong.status_code == 422
    with database.transaction(scope, writing=False) as session:
        entry = entries(session, one.id)[0]
        assert (entry.details["before"]["number"], entry.details["after"]["number"]) == ("1", "2")


def test_credential_of_someone_else_is_not_found_here(
    owner: Visitor, house: House, database: Database
) -> None:
    address = added(owner, house)
    with database.transaction(organisation_scope(house.organisation_id)) as session:
        site = get_site(session, house.site_id)
        other = make_credential(session, make_practitioner(session, site)).id

    assert owner.get(f"{address}/credentials/{other}").status_code == 404


def test_a_form_without_a_day_keeps_the_day_that_was_there(
    owner: Visitor, database: Database, house: House
) -> None:
    with database.transaction(organisation_scope(house.organisation_id)) as session:
        practitioner = make_practitioner(session, list_sites(session)[0])
        credential = make_credential(session, practitioner)
    address = f"/practitioners/{practitioner.id}/credentials/{credential.id}"
    owner.get(address)

    sent = owner.post(address, kind="licence", number="UT-1", issuer="DOPL")

    assert sent.status_code == 302
    assert "30 Sep 2027" in owner.get(f"/practitioners/{practitioner.id}").text
