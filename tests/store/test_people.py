"""People, their sign-ins, and what the journal says they did."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from audit.store.journal import Actor, entries, write_entry
from audit.store.people import (
    Membership,
    Person,
    Role,
    SignIn,
    count_organisations,
    end_sign_ins,
    find_person,
    find_sign_in,
    get_person,
    list_members,
    list_people,
    memberships,
)
from audit.store.scope import acting_for, platform_scope
from audit.store.session import transaction
from tests.factories import (
    NOW,
    make_audit,
    make_organisation,
    make_person,
)

WRITER = Actor(person_id=None, name="the installation")


def test_people_are_found_by_address_and_keep_their_organisations(engine: Engine) -> None:
    with transaction(engine, platform_scope("a test's people")) as session:
        first, second = make_organisation(session), make_organisation(session, name="Other")
        with acting_for(session, first.id):
            person = make_person(session, email="ines@x.test", role=Role.MANAGER)
        with acting_for(session, second.id):
            session.add(Membership(person_id=person.id, role=Role.AUDITOR))

        found = find_person(session, " Ines@X.test ")
        belongs = memberships(session, person.id)

        assert found is person
        assert find_person(session, "nobody@x.test") is None
        assert [one.organisation.name for one in belongs] == ["Calm Skin", "Other"]
        assert count_organisations(session) == 2
        with acting_for(session, second.id):
            assert [one.role for one in memberships(session, person.id)] == [Role.AUDITOR]
            assert [who.name for _, who in list_members(session)] == ["Ines Ray"]
            assert list_people(session) == [get_person(session, person.id)]


def test_an_address_is_kept_in_small_letters(session: Session) -> None:
    with pytest.raises(IntegrityError, match="email_lower"):
        make_person(session, email="Ines@X.test")


def test_signing_out_everywhere_ends_every_sign_in(engine: Engine) -> None:
    with transaction(engine, platform_scope("a test signs in")) as session:
        organisation = make_organisation(session)
        with acting_for(session, organisation.id):
            person = make_person(session)
            for digest in ("1" * 64, "2" * 64):
                session.add(
                    SignIn(
                        token_digest=digest,
                        person_id=person.id,
                        organisation_id=organisation.id,
                        created_at=NOW,
                        last_seen_at=NOW,
                    )
                )
        before = find_sign_in(session, "1" * 64)

        ended = end_sign_ins(session, person.id, NOW)

        assert before is not None
        assert ended == 2
        assert find_sign_in(session, "1" * 64) is None


def test_the_journal_is_numbered_without_a_gap(session: Session) -> None:
    audit = make_audit(session)

    for act in ("audit.start", "audit.complete"):
        write_entry(session, act=act, by=WRITER, subject=("audit", audit.id), at=NOW)
    write_entry(session, act="site.add", by=WRITER, subject=("site", audit.site_id), at=NOW)

    assert [one.number for one in entries(session)] == [3, 2, 1]
    assert [one.act for one in entries(session, audit.id)] == ["audit.complete", "audit.start"]
    assert [one.act for one in entries(session, limit=1)] == ["site.add"]


def test_a_password_hash_is_never_shown(session: Session) -> None:
    kept = "$argon2id$secret"

    person = make_person(session, password_hash=kept)

    assert "secret" not in repr(person)
    assert isinstance(person, Person)
