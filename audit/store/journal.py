"""The journal: who did what, numbered without a gap for each organisation, never rewritten."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from audit.store.base import Base, Document, Identified, Kept
from audit.store.people import member_key
from audit.store.scope import Owned, the_organisation


class JournalEntry(Kept, Identified, Owned, Base):
    """One act; `person_name` stays readable, whatever becomes of the account."""

    __tablename__ = "journal_entry"
    __table_args__ = (
        UniqueConstraint("organisation_id", "number"),
        member_key("person_id"),
        CheckConstraint("number > 0", name="number_positive"),
        Index(None, "organisation_id", "subject_id"),
    )

    number: Mapped[int]
    at: Mapped[datetime]
    person_name: Mapped[str]
    act: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    details: Mapped[Document] = mapped_column(default_factory=dict)
    person_id: Mapped[UUID | None] = mapped_column(default=None)
    claimed_at: Mapped[datetime | None] = mapped_column(default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: a member, or the installation itself, which has a name and no id."""

    person_id: UUID | None
    name: str


def write_entry(  # noqa: PLR0913 - an entry says who, what, on what, when: each is named
    session: Session,
    *,
    act: str,
    by: Actor,
    subject: tuple[str, UUID],
    at: datetime,
    details: Document | None = None,
    claimed_at: datetime | None = None,
) -> JournalEntry:
    """Add the next entry; other writers of this organisation wait until it is committed."""
    the_organisation(session, hold=True)
    last = session.scalar(select(func.max(JournalEntry.number))) or 0
    entry = JournalEntry(
        number=last + 1,
        at=at,
        person_id=by.person_id,
        person_name=by.name,
        act=act,
        subject_kind=subject[0],
        subject_id=subject[1],
        details=details or {},
        claimed_at=claimed_at,
    )
    session.add(entry)
    return entry


def entries(
    session: Session, subject_id: UUID | None = None, act: str | None = None, limit: int = 200
) -> list[JournalEntry]:
    """Return entries, newest first, of all or about one thing, of all acts or one."""
    wanted = select(JournalEntry).order_by(JournalEntry.number.desc()).limit(limit)
    if subject_id is not None:
        wanted = wanted.where(JournalEntry.subject_id == subject_id)
    if act is not None:
        wanted = wanted.where(JournalEntry.act == act)
    return list(session.scalars(wanted))
