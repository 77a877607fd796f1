"""Inviting people, changing what they are, and letting them go."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from audit.store.database import Database
from audit.store.journal import entries
from audit.store.people import Role, find_member, find_person, list_members
from audit.store.scope import organisation_scope, platform_scope
from tests.factories import TODAY
from tests.web.conftest import PASSWORD, Clock, House, SignedIn, Visitor, found_house

JOINING = {"name": "Ada Vidal", "email": "ada@example.test", "password": "calm words by the sea"}


def link_in(page: str) -> str:
    """Return the path of the link a page shows."""
    [found] = re.findall(r'value="http://localhost(/(?:join|password)/[\w-]+)"', page)
    return str(found)


def invite(visitor: Visitor, **fields: object) -> str:
    given = {"for_whom": "Ada", "role": "inspector", "password": PASSWORD, **fields}
    visitor.get("/people/invite")
    return visitor.post("/people/invite", **given).text


@pytest.fixture
def fresh(app: Flask) -> Visitor:
    return Visitor(app.test_client())


def person_id(database: Database, house: House, role: Role) -> UUID:
    with database.transaction(platform_scope("a test looks"), writing=False) as session:
        person = find_person(session, house.emails[role])
        assert person is not None
        return person.id


def test_someone_invited_joins_and_is_let_in(
    owner: Visitor, fresh: Visitor, database: Database, house: House
) -> None:
    path = link_in(invite(owner))

    page = fresh.get(path)
    sent = fresh.post(path, **JOINING)

    assert "Join Calm Skin" in page.text
    assert sent.location == "/"
    assert fresh.get("/").status_code == 200
    with database.transaction(organisation_scope(house.organisation_id)) as session:
        found = {person.name: membership.role for membership, person in list_members(session)}
        assert found["Ada Vidal"] is Role.INSPECTOR
        newest = [entry.act for entry in entries(session)]
        assert newest[:3] == ["sign_in", "join", "invite"]


def test_a_link_works_once(owner: Visitor, fresh: Visitor, app: Flask) -> None:
    path = link_in(invite(owner))
    fresh.get(path)
    fresh.post(path, **JOINING)

    again = Visitor(app.test_client()).get(path)

    assert again.status_code == 404
    assert "This link is used up or too old." in again.text


@pytest.mark.parametrize("days", [14, 400])
def test_a_link_ends(owner: Visitor, fresh: Visitor, clock: Clock, days: int) -> None:
    path = link_in(invite(owner))
    clock.move(timedelta(days=days))

    assert fresh.get(path).status_code == 404


def test_a_link_taken_back_leads_nowhere(owner: Visitor, fresh: Visitor) -> None:
    path = link_in(invite(owner))
    [end] = re.findall(r'action="(/people/links/[\w-]+/end)"', owner.get("/people").text)

    owner.post(end)

    assert fresh.get(path).status_code == 404
    assert "still lead somewhere" not in owner.get("/people").text


def test_nobody_is_invited_without_the_password(owner: Visitor) -> None:
    page = invite(owner, password="not mine at all")

    assert "This is not your password." in page
    assert "/join/" not in page
    assert "still lead somewhere" not in owner.get("/people").text


def test_everything_wrong_is_said_at_once(owner: Visitor) -> None:
    page = invite(owner, for_whom="", role="king", until="soon", sites="nowhere")

    for words in (
        "Write for whom it is.",
        "Choose what they are here.",
        "Choose from the list.",
        "Write the date as year-month-day",
    ):
        assert words in page


def test_who_joins_chooses_an_address_of_their_own(
    owner: Visitor, fresh: Visitor, house: House
) -> None:
    path = link_in(invite(owner))
    fresh.get(path)

    sent = fresh.post(path, **{**JOINING, "email": house.emails[Role.MANAGER]})

    assert sent.status_code == 422
    assert "This address has an account." in sent.text


def test_an_administrator_makes_no_owner(signed_in: SignedIn) -> None:
    administrator = signed_in(Role.ADMINISTRATOR)

    page = invite(administrator, role="owner")

    assert "Only an owner can decide who is an owner." in page


@pytest.mark.parametrize("role", [Role.MANAGER, Role.INSPECTOR, Role.AUDITOR])
def test_others_see_no_people(signed_in: SignedIn, role: Role) -> None:
    visitor = signed_in(role)

    assert visitor.get("/people").status_code == 403
    assert "/people" not in visitor.get("/").text


def test_a_change_of_role_works_at_once(
    owner: Visitor, signed_in: SignedIn, database: Database, house: House
) -> None:
    inspector = signed_in(Role.INSPECTOR)
    address = f"/people/{person_id(database, house, Role.INSPECTOR)}"
    owner.get(address)

    sent = owner.post(address, role="auditor", password=PASSWORD)

    assert sent.location == "/people/"
    assert inspector.get("/audits/new").status_code == 403
    with database.transaction(organisation_scope(house.organisation_id)) as session:
        entry = entries(session, act="change_member")[0]
        assert entry.details["before"]["role"] == "inspector"
        assert entry.details["after"]["role"] == "auditor"


def test_nobody_changes_what_they_are_themselves(
    owner: Visitor, database: Database, house: House
) -> None:
    address = f"/people/{person_id(database, house, Role.OWNER)}"
    page = owner.get(address)

    sent = owner.post(address, role="auditor", password=PASSWORD)

    assert "Nobody changes that themselves" in page.text
    assert sent.status_code == 403


def test_somebody_always_looks_after_people(
    owner: Visitor, signed_in: SignedIn, database: Database, house: House
) -> None:
    administrator = signed_in(Role.ADMINISTRATOR)
    mine = f"/people/{person_id(database, house, Role.ADMINISTRATOR)}/end"
    owner.get(mine)
    owner.post(mine, password=PASSWORD)

    with database.transaction(organisation_scope(house.organisation_id)) as session:
        found = find_member(session, person_id(database, house, Role.ADMINISTRATOR))
        assert found is not None
        assert not found[0].active
    assert administrator.get("/people").status_code == 302


def test_who_is_let_go_is_signed_out_everywhere(
    owner: Visitor, signed_in: SignedIn, database: Database, house: House
) -> None:
    inspector = signed_in(Role.INSPECTOR)
    address = f"/people/{person_id(database, house, Role.INSPECTOR)}/end"
    owner.get(address)

    owner.post(address, password=PASSWORD)

    assert inspector.get("/").location.startswith("/login")
    assert "do not match" in inspector.sign_in(house.emails[Role.INSPECTOR]).text
    assert "Belonged here once" in owner.get("/people").text


def test_a_visit_ends_by_itself(owner: Visitor, fresh: Visitor, clock: Clock) -> None:
    path = link_in(invite(owner, until=TODAY.isoformat()))
    fresh.get(path)
    fresh.post(path, **JOINING)
    assert fresh.get("/").status_code == 200

    clock.move(timedelta(days=1))

    assert fresh.get("/").location.startswith("/login")
    assert "do not match" in fresh.sign_in(JOINING["email"], JOINING["password"]).text


def test_a_new_password_comes_by_a_link_and_ends_every_stay(
    owner: Visitor, signed_in: SignedIn, fresh: Visitor, database: Database, house: House
) -> None:
    inspector, email = signed_in(Role.INSPECTOR), house.emails[Role.INSPECTOR]
    address = f"/people/{person_id(database, house, Role.INSPECTOR)}/password"
    owner.get(address)
    path = link_in(owner.post(address, password=PASSWORD).text)
    fresh.get(path)

    sent = fresh.post(path, password="quite another set of words")

    assert sent.location == "/login"
    assert inspector.get("/").location.startswith("/login")
    assert "do not match" in fresh.sign_in(email).text
    assert fresh.sign_in(email, "quite another set of words").location == "/"
    assert fresh.get(path).status_code == 404


def test_no_link_opens_an_account_that_is_used_elsewhere(
    owner: Visitor, app: Flask, database: Database, house: House
) -> None:
    other = found_house(database, name="Other Clinic")
    inviting = Visitor(app.test_client())
    inviting.sign_in(other.emails[Role.OWNER])
    path = link_in(invite(inviting))
    inspector = Visitor(app.test_client())
    inspector.sign_in(house.emails[Role.INSPECTOR])
    inspector.get(path)
    inspector.post(path)
    address = f"/people/{person_id(database, house, Role.INSPECTOR)}/password"
    owner.get(address)

    sent = owner.post(address, password=PASSWORD)

    assert "Their account is not only for this organisation" in sent.text
    assert "/password/" not in sent.text.replace(address, "")


def test_someone_signed_in_joins_as_themselves_and_moves_between(
    app: Flask, database: Database, house: House
) -> None:
    other = found_house(database, name="Other Clinic")
    inviting = Visitor(app.test_client())
    inviting.sign_in(other.emails[Role.OWNER])
    path = link_in(invite(inviting, role="manager"))
    inspector = Visitor(app.test_client())
    inspector.sign_in(house.emails[Role.INSPECTOR])

    page = inspector.get(path)
    inspector.post(path)

    assert "Join as Ines Inspector" in page.text
    assert "Manager, Other Clinic" in inspector.get("/").text
    back = f"/account/organisations/{house.organisation_id}"
    assert back in inspector.get("/account").text
    inspector.post(back)
    assert "Inspector, Calm Skin" in inspector.get("/").text


def test_people_of_another_organisation_are_not_there(owner: Visitor, database: Database) -> None:
    other = found_house(database, name="Other Clinic")
    stranger = person_id(database, other, Role.INSPECTOR)

    found = [
        owner.get(f"/people/{stranger}").status_code,
        owner.post(f"/people/{stranger}/end", password=PASSWORD).status_code,
        owner.post(f"/people/{stranger}/password", password=PASSWORD).status_code,
        owner.post(f"/account/organisations/{other.organisation_id}").status_code,
    ]

    assert found == [404, 404, 404, 404]
    assert other.emails[Role.INSPECTOR] not in owner.get("/people").text
