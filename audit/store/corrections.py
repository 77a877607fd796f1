"""Which audit corrects what the report of another says, and why."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session

from audit.domain.lifecycle import AuditState
from audit.store.audits import Audit
from audit.store.base import Base, Identified, Kept
from audit.store.people import member_key
from audit.store.scope import Owned, owned_key

_UNDER_WAY = (AuditState.IN_PROGRESS, AuditState.COMPLETED, AuditState.SIGNED)


class Correction(Kept, Identified, Owned, Base):
    """The audit `audit_id` says anew, where needed, what the report of `corrects` says."""

    __tablename__ = "correction"
    __table_args__ = (
        UniqueConstraint("organisation_id", "id"),
        UniqueConstraint("organisation_id", "audit_id"),
        owned_key("audit", "audit_id"),
        owned_key("audit", "corrects"),
        owned_key("report", "report_id"),
        member_key("begun_by"),
        CheckConstraint("reason <> ''", name="has_reason"),
        Index(None, "organisation_id", "corrects"),
    )

    audit_id: Mapped[UUID]
    corrects: Mapped[UUID]
    report_id: Mapped[UUID]
    reason: Mapped[str]
    begun_at: Mapped[datetime]
    begun_by: Mapped[UUID]


def find_correction(session: Session, audit_id: UUID) -> Correction | None:
    """Return what an audit corrects; None for one that corrects nothing."""
    wanted = select(Correction).where(Correction.audit_id == audit_id)
    return session.scalars(wanted).one_or_none()


def find_under_way(session: Session, corrects: UUID) -> Audit | None:
    """Return the audit by which another is being corrected now."""
    wanted = (
        select(Audit)
        .join(Correction, Correction.audit_id == Audit.id)
        .where(Correction.corrects == corrects, Audit.state.in_(_UNDER_WAY))
    )
    return session.scalars(wanted).one_or_none()


def correcting(session: Session) -> frozenset[UUID]:
    """Return the audits that correct others and are not reported or discarded yet."""
    wanted = (
        select(Correction)
        .join(Audit, Audit.id == Correction.audit_id)
        .where(Audit.state.in_(_UNDER_WAY))
    )
    return frozenset(one.audit_id for one in session.scalars(wanted))
