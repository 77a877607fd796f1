"""What a newcomer stumbled over, walking through the pages."""

from audit.store.database import Database
from audit.store.people import Role, find_person
from audit.store.scope import organisation_scope, platform_scope
from audit.store.sites import get_site
from tests.factories import make_audit, make_report, make_site
from tests.web.conftest import House, Visitor
from tests.web.test_home import begin

NORTH = {"name": "North", "address": "1 Hill", "jurisdiction": "US-CA"}


def test_a_page_beyond_the_end_of_a_list_shows_its_beginning(
    owner: Visitor, house: House, database: Database
) -> None:
    audit_id = begin(database, house, Role.OWNER)

    beyond = owner.get("/audits/?page=999").text

    assert f'href="/audits/{audit_id}"' in beyond


def test_form_open_while_signed_out_elsewhere_can_be_sent_again(
    owner: Visitor, house: House
) -> None:
    owner.get("/sites/new")
    form = {"csrf_token": owner.token, **NORTH}
    owner.post("/logout")

    refused = owner.client.post("/sites/new", data=form)
    owner.sign_in(house.emails[Role.OWNER])
    sent_again = owner.client.post("/sites/new", data=form)

    assert refused.status_code == 401
    assert sent_again.location.startswith("/sites/")


def test_form_open_while_someone_else_came_in_is_shown_back_and_not_saved(
    owner: Visitor, house: House
) -> None:
    owner.get("/sites/new")
    form = {"csrf_token": owner.token, "password": "a secret", **NORTH}
    owner.post("/logout")
    owner.sign_in(house.emails[Role.MANAGER])

    refused = owner.client.post("/sites/new", data=form)

    assert refused.status_code == 400
    assert "North" in refused.text
    assert "a secret" not in refused.text
    assert "North" not in owner.get("/sites/").text


def test_code_of_a_report_is_known_however_it_is_typed(
    visitor: Visitor, house: House, database: Database
) -> None:
    with database.transaction(platform_scope("a test's audit"), writing=False) as session:
        person = find_person(session, house.emails[Role.OWNER])
    assert person is not None
    with database.transaction(organisation_scope(house.organisation_id)) as session:
        audit = make_audit(session, get_site(session, house.site_id), person)
        make_report(session, audit, code="7Q4M-K2XD-9FHT")

    page = visitor.get("/v/7q4m k2xd9fht")

    assert page.status_code == 200
    assert "7Q4M-K2XD-9FHT" in page.text


def test_what_can_be_no_code_is_not_repeated(visitor: Visitor) -> None:
    page = visitor.get(f"/v/{'A' * 3000}")

    assert page.status_code == 404
    assert "A" * 20 not in page.text


def test_faults_are_listed_as_the_fields_stand(owner: Visitor) -> None:
    page = owner.post("/sites/new", name="", address="", jurisdiction="").text

    found = [page.index(f'<a href="#{name}">') for name in ("name", "address", "jurisdiction")]
    assert found == sorted(found)


def test_sites_of_one_name_are_told_apart_by_address(
    owner: Visitor, house: House, database: Database
) -> None:
    with database.transaction(organisation_scope(house.organisation_id)) as session:
        make_site(session, name="Twin", address="1 Hill")
        make_site(session, name="Twin", address="2 Dale")

    pages = owner.get("/audits/new").text, owner.get("/practitioners/new").text

    assert all("Twin, 1 Hill" in page and "Twin, 2 Dale" in page for page in pages)
