"""People who sign in, the organisations they belong to, and their sign-ins."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    func,
    inspect,
    select,
)
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from audit.errors import NotFound
from audit.store.base import Base, Identified
from audit.store.scope import Organisation, Owned, Shared


class Role(StrEnum):
    """What someone is in an organisation; `web/access.py` says what each may do."""

    ADMINISTRATOR = "administrator"
    MANAGER = "manager"
    INSPECTOR = "inspector"
    OWNER = "owner"
    AUDITOR = "auditor"


class Person(Identified, Shared, Base):
    """Someone who can sign in; an organisation sees its own people only."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("email"),
        CheckConstraint("email = lower(email)", name="email_lower"),
    )

    email: Mapped[str]
    name: Mapped[str]
    password_hash: Mapped[str] = mapped_column(repr=False)
    created_at: Mapped[datetime]
    active: Mapped[bool] = mapped_column(default=True)

    @classmethod
    def visible_to(cls, organisation_id: UUID) -> ColumnElement[bool]:
        """Show members, former ones too: their names stand under what they did."""
        members = select(Membership.person_id).where(Membership.organisation_id == organisation_id)
        return cls.id.in_(members)

    def writable_by(self, organisation_id: UUID) -> bool:
        """Let an organisation add people; accounts are changed in the platform's scope only."""
        del organisation_id
        return inspect(self).pending


class Membership(Identified, Owned, Base):
    """What a person is in one organisation."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("organisation_id", "id"),
        UniqueConstraint("organisation_id", "person_id"),
        Index(None, "person_id"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role]
    active: Mapped[bool] = mapped_column(default=True)
    # The ids of the sites they are limited to; None for all.
    sites: Mapped[Sequence[str] | None] = mapped_column(default=None)
    # The last day of a visit; None for whoever stays.
    until: Mapped[date | None] = mapped_column(default=None)

    def serves(self, day: date) -> bool:
        """Say whether they still belong here on `day`."""
        return self.active and (self.until is None or day <= self.until)

    def may_be_added(self, session: Session) -> bool:
        """Say whether the person is in hand: else any id would open a stranger's account."""
        in_hand = (*session.new, *session.identity_map.values())
        return any(isinstance(one, Person) and one.id == self.person_id for one in in_hand)

    person: Mapped[Person] = relationship(init=False, viewonly=True, lazy="raise")
    organisation: Mapped[Organisation] = relationship(init=False, viewonly=True, lazy="raise")


class SignIn(Identified, Shared, Base):
    """A session kept on the server, so that signing out ends it everywhere.

    Only a digest of the token is kept: a copied database signs nobody in.
    """

    __tablename__ = "sign_in"
    __table_args__ = (UniqueConstraint("token_digest"), Index(None, "person_id"))

    token_digest: Mapped[str] = mapped_column(repr=False)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    signed_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    # What browser on what machine, as it calls itself.
    device: Mapped[str] = mapped_column(default="", server_default="")

    @classmethod
    def visible_to(cls, organisation_id: UUID) -> ColumnElement[bool]:
        """Show an organisation the sign-ins made for it."""
        return cls.organisation_id == organisation_id

    def writable_by(self, organisation_id: UUID) -> bool:
        """Let an organisation add and end sign-ins made for it."""
        return self.organisation_id == organisation_id


def member_key(column: str) -> ForeignKeyConstraint:
    """Return a foreign key to a person that holds only for members of the row's organisation."""
    return ForeignKeyConstraint(
        ["organisation_id", column], ["membership.organisation_id", "membership.person_id"]
    )


def find_person(session: Session, email: str) -> Person | None:
    """Find who signs in with `email`, however it was typed."""
    return session.scalars(
        select(Person).where(Person.email == email.strip().lower())
    ).one_or_none()


def get_person(session: Session, person_id: UUID) -> Person:
    """Return one person, or raise NotFound."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("There is no such person.", code="person_unknown")
    return person


def memberships(session: Session, person_id: UUID) -> list[Membership]:
    """Return the active memberships of a person, oldest first: in the platform's scope, all."""
    wanted = select(Membership).where(Membership.person_id == person_id, Membership.active)
    with_names = wanted.options(joinedload(Membership.organisation), joinedload(Membership.person))
    return list(session.scalars(with_names.order_by(Membership.id)))


def list_members(session: Session) -> list[tuple[Membership, Person]]:
    """Return everyone who belongs here, former members too, by name."""
    rows = session.execute(
        select(Membership, Person)
        .join(Person, Person.id == Membership.person_id)
        .order_by(func.lower(Person.name), Membership.id)
    )
    return [(membership, person) for membership, person in rows]


def find_member(session: Session, person_id: UUID) -> tuple[Membership, Person] | None:
    """Find someone who belongs here or did so once."""
    return next((one for one in list_members(session) if one[0].person_id == person_id), None)


def count_organisations(session: Session) -> int:
    """Return how many there are: in the platform's scope none means nobody has set this up yet."""
    return session.scalars(select(func.count()).select_from(Organisation)).one()


def list_people(session: Session) -> list[Person]:
    """Return the people visible here, by name."""
    return list(session.scalars(select(Person).order_by(func.lower(Person.name), Person.id)))


def find_sign_in(session: Session, token_digest: str) -> SignIn | None:
    """Find a sign-in that has not ended; the caller judges its age."""
    wanted = select(SignIn).where(SignIn.token_digest == token_digest, SignIn.ended_at.is_(None))
    return session.scalars(wanted).one_or_none()


def sign_ins_of(session: Session, person_id: UUID) -> list[SignIn]:
    """Return the open sign-ins of a person, the last seen first."""
    wanted = select(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
    return list(session.scalars(wanted.order_by(SignIn.last_seen_at.desc())))


def end_sign_ins(
    session: Session, person_id: UUID, now: datetime, *, but: UUID | None = None
) -> int:
    """End every open sign-in of a person, save one; return how many there were."""
    open_ones = [one for one in sign_ins_of(session, person_id) if one.id != but]
    for sign_in in open_ones:
        sign_in.ended_at = now
    return len(open_ones)
