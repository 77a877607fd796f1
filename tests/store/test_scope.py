"""Organisations are kept apart: in what is read, written and referred to."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import (
    Engine,
    select,
)
from sqlalchemy.exc import IntegrityError, InvalidRequestError
from sqlalchemy.orm import (
    Session,
)

from audit.errors import NotFound
from audit.store.base import Base
from audit.store.people import Membership, Person, Role, SignIn
from audit.store.scope import (
    Organisation,
    Owned,
    ScopeError,
    Shared,
    UnchangeableError,
    acting_for,
    organisation_of,
    organisation_scope,
    platform_scope,
    scope_of,
    the_organisation,
)
from audit.store.session import open_engine, open_session, transaction
from audit.store.sites import Site, Sterilizer
from tests.factories import NOW, make_site, make_world

RAW = Site.__table__


def test_get_and_refresh_find_only_what_is_owned(engine: Engine) -> None:
    own, person_id, site_id = make_world(engine, "A")
    other, other_person_id, other_site_id = make_world(engine, "B")

    with transaction(engine, organisation_scope(own)) as session:
        mine = session.get(Site, site_id)
        assert mine is not None
        session.refresh(mine)

        assert mine.name == "A site"
        assert session.get(Person, person_id) is not None
        assert session.get(Site, other_site_id) is None
        assert session.get(Person, other_person_id) is None
        assert session.get(Organisation, other) is None


def test_the_platform_reads_everything_mapped_and_nothing_else(engine: Engine) -> None:
    make_world(engine, "A")
    make_world(engine, "B")

    with transaction(engine, platform_scope("a test looks at all")) as session:
        names = session.scalars(select(Site.name).order_by(Site.name)).all()

        assert names == ["A site", "B site"]
        with pytest.raises(ScopeError):
            session.execute(select(RAW.c.name))


@pytest.mark.parametrize(
    "reach",
    [
        lambda session: session.connection(),
        lambda session: session.query(Site),
        lambda session: session.bulk_save_objects([]),
        lambda session: session.bulk_insert_mappings(Site, []),
        lambda session: session.bulk_update_mappings(Site, []),
    ],
)
def test_ways_around_the_scope_are_closed(
    sqlite_engine: Engine, reach: Callable[[Session], Any]
) -> None:
    scope = platform_scope("a test tries doors")

    with transaction(sqlite_engine, scope) as session, pytest.raises(ScopeError):
        reach(session)


def test_a_row_is_stamped_with_the_organisation_it_was_added_for(engine: Engine) -> None:
    own, _, _ = make_world(engine, "A")

    with transaction(engine, organisation_scope(own)) as session:
        site = make_site(session)

    assert site.organisation_id == own


def test_a_row_cannot_be_added_for_another_organisation(sqlite_engine: Engine) -> None:
    own, _, _ = make_world(sqlite_engine, "A")
    other, _, _ = make_world(sqlite_engine, "B")
    site = Site(name="x", address="", jurisdiction="US-UT", zone="America/Denver")
    site.organisation_id = other

    with (
        pytest.raises(ScopeError, match="another organisation"),
        transaction(sqlite_engine, organisation_scope(own)) as session,
    ):
        session.add(site)


def test_a_row_stays_with_its_organisation(sqlite_engine: Engine) -> None:
    _, _, site_id = make_world(sqlite_engine, "A")
    other, _, _ = make_world(sqlite_engine, "B")

    with (
        pytest.raises(ScopeError, match="stays with"),
        transaction(sqlite_engine, platform_scope("a test moves a site")) as session,
    ):
        session.get_one(Site, site_id).organisation_id = other


def test_a_row_read_in_another_session_is_not_taken_in(sqlite_engine: Engine) -> None:
    own, _, _ = make_world(sqlite_engine, "A")
    _, _, other_site_id = make_world(sqlite_engine, "B")
    with transaction(sqlite_engine, platform_scope("a test fetches a row")) as session:
        stranger = session.get_one(Site, other_site_id)

    with (
        pytest.raises(ScopeError, match="another session"),
        transaction(sqlite_engine, organisation_scope(own)) as session,
    ):
        session.add(stranger)


def test_a_row_of_another_organisation_cannot_be_merged_in(sqlite_engine: Engine) -> None:
    own, _, _ = make_world(sqlite_engine, "A")
    other, _, other_site_id = make_world(sqlite_engine, "B")
    forged = Site(id=other_site_id, name="x", address="", jurisdiction="", zone="UTC")
    forged.organisation_id = other

    with (
        pytest.raises(ScopeError, match="another organisation"),
        transaction(sqlite_engine, organisation_scope(own)) as session,
    ):
        session.merge(forged)


def test_the_database_refuses_a_reference_to_another_organisation(engine: Engine) -> None:
    own, _, _ = make_world(engine, "A")
    _, _, other_site_id = make_world(engine, "B")

    with (
        pytest.raises(IntegrityError),
        transaction(engine, organisation_scope(own)) as session,
    ):
        session.add(Sterilizer(site_id=other_site_id, name="x", kind="N"))


def test_an_organisation_changes_itself_and_makes_no_other(sqlite_engine: Engine) -> None:
    own, _, _ = make_world(sqlite_engine, "A")

    with transaction(sqlite_engine, organisation_scope(own)) as session:
        the_organisation(session).name = "A renamed"

    with transaction(sqlite_engine, organisation_scope(own)) as session:
        assert the_organisation(session).name == "A renamed"
        session.add(Organisation(name="C", created_at=NOW))
        with pytest.raises(ScopeError):
            session.flush()
        session.expunge_all()


def test_a_sign_in_for_another_organisation_is_refused(sqlite_engine: Engine) -> None:
    own, person_id, _ = make_world(sqlite_engine, "A")
    other, _, _ = make_world(sqlite_engine, "B")
    sign_in = SignIn(
        token_digest="d" * 64,
        person_id=person_id,
        organisation_id=other,
        created_at=NOW,
        last_seen_at=NOW,
    )

    with (
        pytest.raises(ScopeError),
        transaction(sqlite_engine, organisation_scope(own)) as session,
    ):
        session.add(sign_in)


def test_shared_rows_are_never_deleted(sqlite_engine: Engine) -> None:
    own, person_id, _ = make_world(sqlite_engine, "A")

    with (
        pytest.raises(UnchangeableError),
        transaction(sqlite_engine, organisation_scope(own)) as session,
    ):
        session.delete(session.get_one(Person, person_id))


def test_an_owned_row_can_be_deleted_by_its_organisation(sqlite_engine: Engine) -> None:
    # On PostgreSQL the fence lets nothing be deleted that the program never deletes.
    own, _, _ = make_world(sqlite_engine, "A")

    with transaction(sqlite_engine, organisation_scope(own)) as session:
        session.delete(session.scalars(select(Sterilizer)).one())

    with transaction(sqlite_engine, organisation_scope(own)) as session:
        assert session.scalars(select(Sterilizer)).all() == []


def test_the_platform_adds_owned_rows_only_for_an_organisation(sqlite_engine: Engine) -> None:
    with (
        pytest.raises(ScopeError, match="acting_for"),
        transaction(sqlite_engine, platform_scope("a test forgets whose")) as session,
    ):
        make_site(session)


def test_acting_for_an_organisation_narrows_and_ends(engine: Engine) -> None:
    own, _, _ = make_world(engine, "A")
    _, _, other_site_id = make_world(engine, "B")

    with transaction(engine, platform_scope("a test acts for one")) as session:
        in_hand = session.get_one(Site, other_site_id)
        with acting_for(session, own):
            assert organisation_of(session) == own
            assert session.get(Site, other_site_id) is None
            assert session.scalars(select(Site.name)).all() == ["A site"]

        assert session.get(Site, other_site_id) is in_hand
        assert len(session.scalars(select(Site)).all()) == 2
        with pytest.raises(ScopeError):
            organisation_of(session)


def test_acting_for_an_organisation_hides_people_of_others(engine: Engine) -> None:
    own, person_id, _ = make_world(engine, "A")
    _, other_person_id, _ = make_world(engine, "B")

    with transaction(engine, platform_scope("a test acts for one")) as session:
        in_hand = [session.get_one(Person, each) for each in (person_id, other_person_id)]
        with acting_for(session, own):
            found = [session.get(Person, each) for each in (person_id, other_person_id)]

    assert found == [in_hand[0], None]


def test_a_row_in_hand_is_not_read_again_in_a_narrower_scope(engine: Engine) -> None:
    own, _, _ = make_world(engine, "A")
    _, _, other_site_id = make_world(engine, "B")

    with transaction(engine, platform_scope("a test acts for one")) as session:
        stranger = session.get_one(Site, other_site_id)
        # Which of the two fences refuses first depends on the database.
        with acting_for(session, own), pytest.raises((ScopeError, InvalidRequestError)):
            session.refresh(stranger)


def test_a_row_in_hand_is_not_changed_in_a_narrower_scope(engine: Engine) -> None:
    own, _, _ = make_world(engine, "A")
    _, _, other_site_id = make_world(engine, "B")

    with transaction(engine, platform_scope("a test acts for one")) as session:
        stranger = session.get_one(Site, other_site_id)
        with pytest.raises(ScopeError, match="another organisation"), acting_for(session, own):
            stranger.name = "taken"
        session.expire(stranger)

        assert stranger.name == "B site"


def test_a_stranger_cannot_be_made_a_member_by_their_id(sqlite_engine: Engine) -> None:
    own, _, _ = make_world(sqlite_engine, "A")
    _, stranger_id, _ = make_world(sqlite_engine, "B")

    with (
        pytest.raises(ScopeError, match="not for this organisation"),
        transaction(sqlite_engine, organisation_scope(own)) as session,
    ):
        session.add(Membership(person_id=stranger_id, role=Role.AUDITOR))


def test_an_organisation_does_not_change_accounts(sqlite_engine: Engine) -> None:
    own, person_id, _ = make_world(sqlite_engine, "A")

    with (
        pytest.raises(ScopeError, match="another organisation"),
        transaction(sqlite_engine, organisation_scope(own)) as session,
    ):
        session.get_one(Person, person_id).email = "taken@x.test"


def test_the_platform_changes_accounts(sqlite_engine: Engine) -> None:
    _, person_id, _ = make_world(sqlite_engine, "A")

    with transaction(sqlite_engine, platform_scope("a test changes a name")) as session:
        session.get_one(Person, person_id).name = "New name"

    with transaction(sqlite_engine, platform_scope("a test looks")) as session:
        assert session.get_one(Person, person_id).name == "New name"


def test_an_organisation_cannot_act_for_another(sqlite_engine: Engine) -> None:
    own, _, _ = make_world(sqlite_engine, "A")
    other, _, _ = make_world(sqlite_engine, "B")

    with (
        transaction(sqlite_engine, organisation_scope(own)) as session,
        pytest.raises(ScopeError, match="Only the platform"),
        acting_for(session, other),
    ):
        pytest.fail("this must not be reached")


def test_a_session_without_scope_is_refused(sqlite_engine: Engine) -> None:
    with Session(sqlite_engine) as session, pytest.raises(ScopeError):
        scope_of(session)


def test_the_platform_needs_a_reason() -> None:
    with pytest.raises(ScopeError, match="written reason"):
        platform_scope("  ")


def test_an_organisation_that_does_not_exist_is_not_found(sqlite_engine: Engine) -> None:
    nobody = UUID(int=1)

    with (
        transaction(sqlite_engine, organisation_scope(nobody)) as session,
        pytest.raises(NotFound),
    ):
        the_organisation(session)


def test_every_mapped_class_says_whose_its_rows_are() -> None:
    classes = [mapper.class_ for mapper in Base.registry.mappers]

    assert all(issubclass(one, Owned) != issubclass(one, Shared) for one in classes)


def test_a_shared_class_has_to_say_what_is_seen_of_it() -> None:
    with pytest.raises(NotImplementedError):
        Shared.visible_to(UUID(int=1))


def test_nobody_is_a_member_twice(engine: Engine) -> None:
    own, person_id, _ = make_world(engine, "A")

    with open_session(engine, organisation_scope(own)) as session:
        in_hand = session.get_one(Person, person_id)
        session.add(Membership(person_id=in_hand.id, role=Role.OWNER))

        with pytest.raises(IntegrityError):
            session.flush()


def test_a_reading_session_refuses_to_write(engine: Engine) -> None:
    own, _, _ = make_world(engine, "A")

    with (
        pytest.raises(ScopeError, match="reading only"),
        transaction(engine, organisation_scope(own), writing=False) as session,
    ):
        make_site(session)


def test_opening_the_same_file_twice_sees_the_same_rows(sqlite_url: str) -> None:
    first, second = open_engine(sqlite_url), open_engine(sqlite_url)
    own, _, _ = make_world(first, "A")

    with transaction(second, organisation_scope(own)) as session:
        names = session.scalars(select(Site.name)).all()

    assert names == ["A site"]
    first.dispose()
    second.dispose()
