"""Later revisions of issued reports, each longer than the one before, and what waits for one."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, UniqueConstraint, func, or_, select
from sqlalchemy.orm import Mapped, Session, aliased, joinedload, mapped_column, relationship

from audit.store.base import Base, Identified, Kept
from audit.store.reports import Report
from audit.store.scope import Owned, owned_key


class Revision(Kept, Identified, Owned, Base):
    """A report with more behind its seal: its bytes begin with those of the revision before.

    `number` is 1 for the first. `stamped_at` is since when the file is proven to exist, by the
    authority's clock, never ours; `level` is that of PAdES. The newest stamp ends at `holds_until`;
    None where nobody noted it.
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
    level: Mapped[str] = mapped_column(server_default="B-T")
    holds_until: Mapped[datetime | None]

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


def waiting(
    session: Session, *, levels: Collection[str], before: datetime | None
) -> Sequence[tuple[Report, Revision | None, StampAttempt | None]]:
    """Return the reports that wait, most urgent first, with newest revision and what went wrong.

    One waits without any revision, when the newest reaches none of `levels`, and where `before` is
    given, when its newest stamp ends before that.
    """
    later = aliased(Revision)
    newer = select(later.id).where(
        later.report_id == Revision.report_id, later.number > Revision.number
    )
    lacking: list[ColumnElement[bool]] = [Revision.id.is_(None), Revision.level.not_in(levels)]
    if before:
        lacking += [Revision.holds_until.is_(None), Revision.holds_until < before]
    wanted = (
        select(Report, Revision, StampAttempt)
        .outerjoin(Revision, Revision.report_id == Report.id)
        .outerjoin(StampAttempt, StampAttempt.report_id == Report.id)
        .where(
            or_(*lacking),
            ~newer.exists(),
        )
        # A stamp that ends first is renewed first: what fails for it fails for the later ones.
        .order_by(func.coalesce(Revision.holds_until, Report.issued_at), Report.id)
    )
    return [(one.Report, one.Revision, one.StampAttempt) for one in session.execute(wanted)]
