"""Coming in and going out."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from audit.services.people import IDLE, LONGEST_STAY
from audit.store.database import Database
from audit.store.journal import entries
from audit.store.people import Person, Role, SignIn, find_person
from audit.store.scope import organisation_scope, platform_scope
from tests.web.conftest import Clock, House, SignedIn, Visitor

OWNER = Role.OWNER
NORTH = {"name": "North", "address": "1 Hill", "jurisdiction": "US-CA"}


def test_email_is_known_however_it_is_typed(visitor: Visitor, house: House) -> None:
    sent = visitor.sign_in(f"  {house.emails[OWNER].upper()} ")

    assert sent.location == "/"


def test_unknown_email_and_wrong_password_read_the_same(visitor: Visitor, house: House) -> None:
    unknown = visitor.sign_in("nobody@x.test", "some wrong words")
    wrong = visitor.sign_in(house.emails[OWNER], "some wrong words")

    assert unknown.status_code == wrong.status_code == 422
    assert _without(unknown.text, "nobody@x.test") == _without(wrong.text, house.emails[OWNER])


def _without(page: str, email: str) -> str:
    """Return the page without what differs by nature: the email typed, the proof of the form."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page.replace(email, ""))


def test_someone_no_longer_active_cannot_come_in(
    visitor: Visitor, house: House, database: Database
) -> None:
    with database.transaction(platform_scope("someone left")) as session:
        found = find_person(session, house.emails[OWNER])
        assert isinstance(found, Person)
        found.active = False

    sent = visitor.sign_in(house.emails[OWNER])

    assert sent.status_code == 422


def test_token_is_kept_as_a_digest_alone(owner: Visitor, database: Database) -> None:
    cookie = owner.client.get_cookie("sign-in")

    with database.transaction(platform_scope("a look"), writing=False) as session:
        row = session.scalars(select(SignIn)).one()

    assert cookie is not None
    assert cookie.value not in row.token_digest
    assert cookie.http_only
    assert cookie.same_site == "Lax"


def test_every_sign_in_has_a_token_of_its_own(visitor: Visitor, house: House) -> None:
    visitor.sign_in(house.emails[OWNER])
    first = visitor.client.get_cookie("sign-in")
    visitor.post("/logout")
    visitor.sign_in(house.emails[OWNER])
    second = visitor.client.get_cookie("sign-in")

    assert first is not None
    assert second is not None
    assert first.value != second.value


def test_signing_out_ends_the_stay_for_a_copied_cookie_too(owner: Visitor, app: Flask) -> None:
    copied = owner.client.get_cookie("sign-in")
    assert copied is not None
    thief = app.test_client()
    thief.set_cookie("sign-in", copied.value)

    sent = owner.post("/logout")

    assert sent.location == "/login"
    assert thief.get("/sites").location == "/login?next=/sites"


def test_coming_and_going_stand_in_the_journal(
    owner: Visitor, house: House, database: Database
) -> None:
    owner.post("/logout")

    with database.transaction(organisation_scope(house.organisation_id), writing=False) as session:
        assert [one.act for one in entries(session)] == ["sign_out", "sign_in"]


def test_stay_ends_when_nobody_is_there(owner: Visitor, clock: Clock) -> None:
    clock.move(IDLE + timedelta(minutes=1))

    assert owner.get("/sites").status_code == 302


def test_form_sent_after_the_stay_ended_can_be_sent_again(
    owner: Visitor, house: House, clock: Clock
) -> None:
    owner.get("/sites/new")
    form = {"csrf_token": owner.token, **NORTH}
    clock.move(IDLE + timedelta(minutes=1))

    refused = owner.client.post("/sites/new", data=form)
    owner.sign_in(house.emails[OWNER])
    sent_again = owner.client.post("/sites/new", data=form)

    assert refused.status_code == 401
    assert "Nothing you wrote is lost" in refused.text
    assert sent_again.location.startswith("/sites/")


def test_form_is_never_sent_for_who_signs_in_next(
    owner: Visitor, house: House, clock: Clock
) -> None:
    owner.get("/sites/new")
    form = {"csrf_token": owner.token, **NORTH}
    clock.move(IDLE + timedelta(minutes=1))

    owner.sign_in(house.emails[Role.MANAGER])
    sent = owner.client.post("/sites/new", data=form)

    assert sent.status_code == 400


def test_stay_goes_on_while_someone_is_there_but_not_for_ever(owner: Visitor, clock: Clock) -> None:
    seen = []
    for _ in range(int(LONGEST_STAY / IDLE) * 2):
        clock.move(IDLE * 0.6)
        seen.append(owner.get("/sites").status_code)

    assert seen[:20] == [200] * 20
    assert seen[-1] == 302


def test_guessing_is_slowed_down_for_this_account_and_address(
    visitor: Visitor, house: House, clock: Clock
) -> None:
    for _ in range(7):
        visitor.sign_in(house.emails[OWNER], "some wrong words")

    waiting = visitor.sign_in(house.emails[OWNER])
    clock.move(timedelta(minutes=1))
    later = visitor.sign_in(house.emails[OWNER])

    assert waiting.status_code == 429
    assert "Please wait" in waiting.text
    assert later.location == "/"


@pytest.mark.parametrize(
    ("wanted", "goes"),
    [
        ("/sites?x=1", "/sites?x=1"),
        ("//evil.test", "/"),
        ("/\\evil.test", "/"),
        ("https:evil.test", "/"),
        ("https://evil.test/", "/"),
        ("/\t/evil.test", "/"),
        ("/a\nb", "/"),
        ("", "/"),
    ],
)
def test_signing_in_leads_only_to_pages_of_ours(
    visitor: Visitor, house: House, wanted: str, goes: str
) -> None:
    sent = visitor.sign_in(house.emails[OWNER], next=wanted)

    assert sent.location == goes


def test_someone_signed_in_is_not_asked_again(owner: Visitor) -> None:
    assert owner.get("/login?next=/sites").location == "/sites"


def test_signing_out_twice_is_no_fault(owner: Visitor) -> None:
    owner.post("/logout")
    owner.get("/login")

    assert owner.post("/logout").location == "/login"


def test_membership_taken_away_works_at_once(
    signed_in: SignedIn, house: House, database: Database
) -> None:
    auditor = signed_in(Role.AUDITOR)
    with database.transaction(platform_scope("someone left")) as session:
        found = find_person(session, house.emails[Role.AUDITOR])
        assert isinstance(found, Person)
        found.active = False

    assert auditor.get("/sites").status_code == 302
