"""Sites and sterilizers."""

from typing import Any

import pytest

from audit.store.database import Database
from audit.store.journal import entries
from audit.store.people import Role
from audit.store.scope import organisation_scope
from audit.store.sites import list_sites, sterilizers_of
from tests.factories import make_sterilizer
from tests.web.conftest import House, SignedIn, Visitor, found_house

SITE: dict[str, Any] = {
    "name": "Lake Street",
    "address": "5 Lake Street, Toronto",
    "jurisdiction": "CA-ON",
    "zone": "",
    "services": ["waxing", "facials"],
    "active": "y",
}


def test_added_site_is_listed_with_the_usual_zone_of_its_place(
    owner: Visitor, house: House, database: Database
) -> None:
    sent = owner.post("/sites/new", **SITE)

    assert "Lake Street was added." in owner.get(sent.location).text
    with database.transaction(organisation_scope(house.organisation_id), writing=False) as session:
        site = next(one for one in list_sites(session) if one.name == "Lake Street")
        assert (site.zone, site.services) == ("America/Toronto", ["facials", "waxing"])
        assert entries(session, site.id)[0].act == "add_site"


def test_zone_kept_under_an_earlier_name_stays_chosen(
    owner: Visitor, house: House, database: Database
) -> None:
    owner.post(f"/sites/{house.site_id}/edit", **{**SITE, "zone": "Asia/Calcutta"})

    page = owner.get(f"/sites/{house.site_id}/edit")

    assert '<option value="Asia/Calcutta" selected>Calcutta</option>' in page.text
    assert "Asia/Calcutta" not in owner.get("/sites/new").text
    with database.transaction(organisation_scope(house.organisation_id), writing=False) as session:
        zones = {site.id: site.zone for site in list_sites(session)}
        assert zones[house.site_id] == "Asia/Calcutta"


def test_site_chooses_the_language_of_its_reports(
    owner: Visitor, house: House, database: Database
) -> None:
    before = owner.get(f"/sites/{house.site_id}").text

    owner.post(f"/sites/{house.site_id}/edit", **{**SITE, "language": "fr"})

    assert "<dd>English</dd>" in before
    assert "<dd>French (français)</dd>" in owner.get(f"/sites/{house.site_id}").text
    assert '<option value="fr" selected>' in owner.get(f"/sites/{house.site_id}/edit").text
    with database.transaction(organisation_scope(house.organisation_id), writing=False) as session:
        details = entries(session, house.site_id)[-1].details
        languages = (details["before"]["language"], details["after"]["language"])
        assert languages == ("en", "fr")


def test_site_cannot_choose_a_language_that_is_not_printed(owner: Visitor) -> None:
    page = owner.post("/sites/new", **{**SITE, "language": "ar"})

    assert page.status_code == 422
    assert "Nothing is printed in Arabic yet" in page.text


def test_what_was_typed_stays_when_something_is_wrong(owner: Visitor) -> None:
    page = owner.post("/sites/new", **{**SITE, "address": "  "})

    assert page.status_code == 422
    assert 'value="Lake Street"' in page.text
    assert 'href="#address"' in page.text
    assert 'value="waxing"\n      checked' in page.text or "checked" in page.text


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "{{ 7*7 }}", "\u202eeman"])
def test_marked_up_name_is_shown_as_typed(owner: Visitor, name: str) -> None:
    sent = owner.post("/sites/new", **{**SITE, "name": name})
    page = owner.get(sent.location)

    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert page.text.partition("<h1>")[2].partition("</h1>")[0].strip() != "49"


def test_site_needs_a_place_of_the_list(owner: Visitor) -> None:
    page = owner.post("/sites/new", **{**SITE, "jurisdiction": "ZZ-9"})

    assert page.status_code == 422
    assert "Choose where the site is." in page.text


@pytest.mark.parametrize("name", ["bell\x07", "x" * 121])
def test_name_that_cannot_be_printed_is_refused(owner: Visitor, name: str) -> None:
    assert owner.post("/sites/new", **{**SITE, "name": name}).status_code == 422


def test_change_keeps_before_and_after(owner: Visitor, house: House, database: Database) -> None:
    page = owner.get(f"/sites/{house.site_id}/edit")
    owner.post(f"/sites/{house.site_id}/edit", **{**SITE, "active": ""})

    assert 'value="Main Street"' in page.text
    with database.transaction(organisation_scope(house.organisation_id), writing=False) as session:
        entry = entries(session, house.site_id)[0]
        assert entry.details["before"]["name"] == "Main Street"
        assert entry.details["after"]["name"] == "Lake Street"
        assert entry.details["after"]["active"] is False


def test_site_of_another_organisation_is_not_found(owner: Visitor, database: Database) -> None:
    other = found_house(database, name="Other House")

    answers = {
        owner.get(f"/sites/{other.site_id}").status_code,
        owner.get(f"/sites/{other.site_id}/edit").status_code,
        owner.post(f"/sites/{other.site_id}/edit", **SITE).status_code,
        owner.post(f"/sites/{other.site_id}/sterilizers/new", name="A").status_code,
    }

    assert answers == {404}


def test_sterilizer_is_added_and_changed(owner: Visitor, house: House, database: Database) -> None:
    folder = f"/sites/{house.site_id}/sterilizers"
    wrong = owner.post(f"{folder}/new", name="", kind="oven")
    owner.post(f"{folder}/new", name="Autoclave 1", kind="B", serial="77", in_use="y")
    scope = organisation_scope(house.organisation_id)
    with database.transaction(scope, writing=False) as session:
        added = sterilizers_of(session, house.site_id)[0]

    owner.post(f"{folder}/{added.id}", name="Autoclave 2", kind="N", serial="77", in_use="")

    assert wrong.status_code == 422
    page = owner.get(f"/sites/{house.site_id}").text
    assert "Autoclave 2" in page
    assert "Not in use" in page
    assert 'value="Autoclave 2"' in owner.get(f"{folder}/{added.id}").text
    with database.transaction(scope, writing=False) as session:
        acts = [one.act for one in entries(session, added.id)]
        assert acts == ["change_sterilizer", "add_sterilizer"]


def test_sterilizer_of_another_site_is_not_found_here(
    owner: Visitor, house: House, database: Database
) -> None:
    sent = owner.post("/sites/new", **SITE)
    with database.transaction(organisation_scope(house.organisation_id)) as session:
        site = next(one for one in list_sites(session) if one.id == house.site_id)
        elsewhere = make_sterilizer(session, site).id

    assert owner.get(f"{sent.location}/sterilizers/{elsewhere}").status_code == 404


def test_auditor_reads_and_is_offered_no_change(signed_in: SignedIn, house: House) -> None:
    page = signed_in(Role.AUDITOR).get(f"/sites/{house.site_id}")

    assert page.status_code == 200
    assert "/edit" not in page.text
    assert "Start an audit" not in page.text
