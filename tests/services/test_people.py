"""Set-up, sign-in and the check before signing, on both databases."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import Engine

from audit.errors import Conflict, Invalid, NotAllowed, NotFound
from audit.services.attempts import FREE_TRIES, Attempts
from audit.services.people import (
    Founding,
    Recognised,
    SignedIn,
    confirm_password,
    find_signed_in,
    hash_password,
    note_confirmed,
    note_seen,
    open_sign_in,
    set_up,
    sign_in,
    sign_out,
)
from audit.store.people import SignIn, find_person, memberships
from audit.store.scope import organisation_scope, platform_scope
from audit.store.session import transaction
from tests.factories import NOW, make_organisation

PASSWORD = "three calm words"
FOUNDING = Founding(
    business="Lumen Skin",
    place="CA-ON",
    address="1 Main Street, Toronto",
    zone="",
    services=("facials",),
    name="Ana Ruiz",
    email=" Ana@Lumen.test",
    password=PASSWORD,
)
EMAIL = "ana@lumen.test"
HERE = "10.0.0.1"


@pytest.fixture
def arrived(engine: Engine) -> SignedIn:
    """The founder, signed in."""
    with transaction(engine, platform_scope("founding")) as session:
        founder = set_up(session, FOUNDING, now=NOW)
    with transaction(engine, organisation_scope(founder.organisation_id)) as session:
        token = open_sign_in(session, founder, now=NOW)
    with transaction(engine, platform_scope("a cookie"), writing=False) as session:
        found = find_signed_in(session, token, now=NOW)
    assert found is not None
    return found


def row(engine: Engine, sign_in_id: UUID) -> SignIn:
    with transaction(engine, platform_scope("a look"), writing=False) as session:
        found = session.get(SignIn, sign_in_id)
    assert found is not None
    return found


def test_founder_is_owner_of_what_was_founded(engine: Engine, arrived: SignedIn) -> None:
    assert (arrived.member.name, arrived.email) == ("Ana Ruiz", EMAIL)
    assert (arrived.organisation, arrived.role, arrived.demo) == ("Lumen Skin", "owner", False)
    with transaction(engine, platform_scope("a look"), writing=False) as session:
        person = find_person(session, EMAIL)
        assert person is not None
        assert PASSWORD not in person.password_hash


@pytest.mark.parametrize("email", ["", "a\0b@x.test", "a" * 100_000, "a@b@c"])
def test_what_is_no_address_belongs_to_nobody(engine: Engine, email: str) -> None:
    with (
        transaction(engine, platform_scope("a stranger"), writing=False) as session,
        pytest.raises(Invalid) as refusal,
    ):
        sign_in(session, email, PASSWORD, attempts=Attempts(), address=HERE, now=NOW)

    assert refusal.value.code == "no_match"


def test_second_founding_is_refused(engine: Engine) -> None:
    with transaction(engine, platform_scope("someone was quicker")) as session:
        make_organisation(session)

    with pytest.raises(Conflict), transaction(engine, platform_scope("late")) as session:
        set_up(session, FOUNDING, now=NOW)


@pytest.mark.parametrize("typed", ["short", "x" * 201])
def test_password_of_no_use_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        hash_password(typed)

    assert set(refused.value.places) == {"password"}


def test_same_letters_typed_another_way_are_the_same_password(engine: Engine) -> None:
    founding = replace(FOUNDING, password="café words")
    with transaction(engine, platform_scope("founding")) as session:
        set_up(session, founding, now=NOW)

    with transaction(engine, platform_scope("signing in"), writing=False) as session:
        found = sign_in(
            session, EMAIL, "cafe\u0301 words", attempts=Attempts(), address=HERE, now=NOW
        )

    assert found.member.name == "Ana Ruiz"


def test_person_of_no_organisation_cannot_sign_in(engine: Engine, arrived: SignedIn) -> None:
    with transaction(engine, platform_scope("they left")) as session:
        for one in memberships(session, arrived.member.id):
            one.active = False

    with (
        pytest.raises(Invalid, match="do not match"),
        transaction(engine, platform_scope("signing in"), writing=False) as session,
    ):
        sign_in(session, EMAIL, PASSWORD, attempts=Attempts(), address=HERE, now=NOW)


def test_stay_of_someone_who_left_is_over(engine: Engine, arrived: SignedIn) -> None:
    with transaction(engine, organisation_scope(arrived.organisation_id)) as session:
        token = open_sign_in(session, _again(engine), now=NOW)
    with transaction(engine, platform_scope("they left")) as session:
        for one in memberships(session, arrived.member.id):
            one.active = False

    with transaction(engine, platform_scope("a cookie"), writing=False) as session:
        assert find_signed_in(session, token, now=NOW) is None


def _again(engine: Engine) -> Recognised:
    with transaction(engine, platform_scope("signing in"), writing=False) as session:
        return sign_in(session, EMAIL, PASSWORD, attempts=Attempts(), address=HERE, now=NOW)


def test_being_seen_and_going_are_written_on_the_stay(engine: Engine, arrived: SignedIn) -> None:
    later = NOW.replace(hour=11)
    with transaction(engine, organisation_scope(arrived.organisation_id)) as session:
        note_seen(session, arrived, now=later)
        note_confirmed(session, arrived, now=later)
        sign_out(session, arrived, now=later)
        sign_out(session, arrived, now=NOW.replace(hour=12))

    stay = row(engine, arrived.sign_in_id)

    assert (stay.last_seen_at, stay.signed_at, stay.ended_at) == (later, later, later)


def test_right_password_confirms(engine: Engine, arrived: SignedIn) -> None:
    attempts = Attempts()

    with transaction(engine, organisation_scope(arrived.organisation_id), writing=False) as session:
        confirm_password(session, arrived, PASSWORD, attempts=attempts, address=HERE, now=NOW)

    assert not attempts.wait(EMAIL, HERE, now=NOW)


def test_wrong_password_confirms_nothing_and_is_slowed_down(
    engine: Engine, arrived: SignedIn
) -> None:
    attempts = Attempts()
    scope = organisation_scope(arrived.organisation_id)

    with transaction(engine, scope, writing=False) as session:
        for _ in range(FREE_TRIES):
            with pytest.raises(Invalid, match="not your password"):
                confirm_password(
                    session, arrived, "wrong", attempts=attempts, address=HERE, now=NOW
                )
        with pytest.raises(NotAllowed) as waiting:
            confirm_password(session, arrived, PASSWORD, attempts=attempts, address=HERE, now=NOW)

    assert waiting.value.code == "too_many_tries"


def test_stay_is_changed_by_its_own_organisation_alone(engine: Engine, arrived: SignedIn) -> None:
    with transaction(engine, platform_scope("another")) as session:
        other = make_organisation(session).id

    with pytest.raises(NotFound), transaction(engine, organisation_scope(other)) as session:
        sign_out(session, arrived, now=NOW)
