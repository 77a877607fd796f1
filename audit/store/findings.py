"""What was not met, and when it must be put right."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, case, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from audit.domain.definitions import WORST_FIRST, Severity
from audit.domain.lifecycle import AuditState
from audit.errors import NotFound
from audit.store.audits import Audit
from audit.store.base import Base, Identified
from audit.store.corrections import correcting
from audit.store.scope import Owned, owned_key

_PAST = (AuditState.AMENDED, AuditState.WITHDRAWN)


class Finding(Identified, Owned, Base):
    """An item that was not met; one corrected during the visit has no day it is due."""

    __tablename__ = "finding"
    __table_args__ = (
        UniqueConstraint("organisation_id", "id"),
        UniqueConstraint("organisation_id", "audit_id", "item_code", "repeat_key"),
        owned_key("audit", "audit_id"),
        CheckConstraint("due_on IS NULL OR due_on >= raised_on", name="due_after_raised"),
        CheckConstraint("corrected OR due_on IS NOT NULL", name="due_unless_corrected"),
        Index(None, "organisation_id", "due_on"),
    )

    audit_id: Mapped[UUID]
    item_code: Mapped[str]
    words: Mapped[str]
    severity: Mapped[Severity]
    raised_on: Mapped[date]
    due_on: Mapped[date | None]
    repeat_key: Mapped[str] = mapped_column(default="")
    corrected: Mapped[bool] = mapped_column(default=False)
    closed_on: Mapped[date | None] = mapped_column(default=None)

    audit: Mapped[Audit] = relationship(init=False, viewonly=True, lazy="raise")


_worst_first = case(
    {severity: place for place, severity in enumerate(WORST_FIRST)}, value=Finding.severity
)


def get_finding(session: Session, finding_id: UUID) -> Finding:
    """Return one finding, or raise NotFound."""
    finding = session.get(Finding, finding_id)
    if finding is None:
        raise NotFound("There is no such finding.", code="finding_unknown")
    return finding


def findings_of(session: Session, audit_id: UUID) -> list[Finding]:
    """Return an audit's findings, open before corrected, worst first."""
    wanted = select(Finding).where(Finding.audit_id == audit_id)
    return list(session.scalars(wanted.order_by(Finding.corrected, _worst_first, Finding.id)))


def list_open_findings(
    session: Session, site_id: UUID | None = None, limit: int | None = None
) -> list[Finding]:
    """Return what is still to be put right, the first due first.

    A withdrawn audit has nothing to put right, and a corrected one counts once: as it was until
    the correction is reported, then as corrected.
    """
    wanted = (
        select(Finding)
        .join(Audit, Audit.id == Finding.audit_id)
        .where(Finding.closed_on.is_(None), ~Finding.corrected)
        .where(Audit.state.not_in(_PAST), Audit.id.not_in(correcting(session)))
        .order_by(Finding.due_on, _worst_first, Finding.id)
        .limit(limit)
    )
    if site_id is not None:
        wanted = wanted.where(Audit.site_id == site_id)
    return list(session.scalars(wanted))
