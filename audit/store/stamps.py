"""Later revisions of issued reports, each with a time stamp appended, and what waits for one."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, joinedload, relationship

from audit.store.base import Base, Identified, Kept
from audit.store.reports import Report
from audit.store.scope import Owned, owned_key


class Revision(Kept, Identified, Owned, Base):
    """A report with one more time stamp: its bytes begin with those of the revision before.

    `stamped_at` is what the authority's clock said, never ours; `number` is 1 for the first.
    """

    __tablename__ = "report_revision"
    __table_args__ = (
        UniqueConstraint("organisation_id", "id"),
        UniqueConstraint("organisation_id", "report_id", "number"),
        UniqueConstraint("digest"),
        owned_key("report", "report_id"),
        CheckConstraint("number > 0", name="number_positive"),
    )

    report_id: Mapped[UUID]
    number: Mapped[int]
    digest: Mapped[str]
    size: Mapped[int]
    stamped_at: Mapped[datetime]
    stamped_by: Mapped[str]
    made_at: Mapped[datetime]

    report: Mapped[Report] = relationship(init=False, viewonly=True, lazy="raise")


class StampAttempt(Identified, Owned, Base):
    """How often the authority was asked in vain for one report, and what went wrong last."""

    __tablename__ = "stamp_attempt"
    __table_args__ = (
        UniqueConstraint("organisation_id", "report_id"),
        owned_key("report", "report_id"),
    )

    report_id: Mapped[UUID]
    tries: Mapped[int]
    tried_at: Mapped[datetime]
    wrong: Mapped[str]


def newest_revision(session: Session, report: Report) -> Revision | None:
    """Find the newest revision of a report; None while it is as it was issued."""
    wanted = select(Revision).where(Revision.report_id == report.id)
    return session.scalars(wanted.order_by(Revision.number.desc())).first()


def revision_by_digest(session: Session, digest: str) -> Revision | None:
    """Find a revision by the SHA-256 of its bytes: in the platform's scope, anyone's."""
    wanted = select(Revision).options(joinedload(Revision.report))
    return session.scalars(wanted.where(Revision.digest == digest)).one_or_none()


def attempt_for(session: Session, report_id: UUID) -> StampAttempt | None:
    """Find what went wrong for a report so far."""
    wanted = select(StampAttempt).where(StampAttempt.report_id == report_id)
    return session.scalars(wanted).one_or_none()


def unstamped(session: Session) -> Sequence[tuple[Report, StampAttempt | None]]:
    """Return every report without a stamp, oldest first, with what went wrong so far."""
    wanted = (
        select(Report, StampAttempt)
        .outerjoin(Revision, Revision.report_id == Report.id)
        .outerjoin(StampAttempt, StampAttempt.report_id == Report.id)
        .where(Revision.id.is_(None))
        .order_by(Report.issued_at, Report.id)
    )
    return [(report, attempt) for report, attempt in session.execute(wanted)]
