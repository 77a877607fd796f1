"""Links that let someone in once: an invitation, or the way to a new password."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from audit.store.base import Base, Identified
from audit.store.people import Role, member_key
from audit.store.scope import Shared


class LinkKind(StrEnum):
    """What a link leads to."""

    INVITATION = "invitation"
    PASSWORD = "password"  # noqa: S105 - what the link is for


class Link(Identified, Shared, Base):
    """A link that was given out; only a digest of its token is kept.

    It leads to membership with `role`, limited to `sites` and `until` a day where these are given,
    or `person_id` to a new password. `for_whom` is what its maker called the receiver.
    """

    __tablename__ = "link"
    __table_args__ = (
        UniqueConstraint("token_digest"),
        member_key("made_by"),
        member_key("person_id"),
        member_key("used_by"),
        Index(None, "organisation_id"),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    token_digest: Mapped[str] = mapped_column(repr=False)
    kind: Mapped[LinkKind]
    made_at: Mapped[datetime]
    made_by: Mapped[UUID]
    expires_at: Mapped[datetime]
    for_whom: Mapped[str]
    person_id: Mapped[UUID | None] = mapped_column(default=None)
    role: Mapped[Role | None] = mapped_column(default=None)
    sites: Mapped[Sequence[str] | None] = mapped_column(default=None)
    until: Mapped[date | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    used_by: Mapped[UUID | None] = mapped_column(default=None)

    @classmethod
    def visible_to(cls, organisation_id: UUID) -> ColumnElement[bool]:
        """Show an organisation the links it gave out."""
        return cls.organisation_id == organisation_id

    def writable_by(self, organisation_id: UUID) -> bool:
        """Let an organisation make and end its own links."""
        return self.organisation_id == organisation_id

    def leads(self, now: datetime) -> bool:
        """Say whether it still leads anywhere."""
        return self.ended_at is None and now < self.expires_at


def find_link(session: Session, token_digest: str) -> Link | None:
    """Find a link by what is kept of its token, used up or not."""
    return session.scalars(select(Link).where(Link.token_digest == token_digest)).one_or_none()


def open_links(session: Session, now: datetime) -> list[Link]:
    """Return the links that still lead somewhere, the newest first."""
    wanted = select(Link).where(Link.ended_at.is_(None), Link.expires_at > now)
    return list(session.scalars(wanted.order_by(Link.made_at.desc())))


def links_for(session: Session, person_id: UUID) -> list[Link]:
    """Return the unused links that lead one person to a new password."""
    wanted = select(Link).where(Link.person_id == person_id, Link.ended_at.is_(None))
    return list(session.scalars(wanted))
