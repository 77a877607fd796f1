"""The register of issued reports; their sealed bytes are blobs, named by digest."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Select, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from audit.errors import NotFound
from audit.store.audits import Audit
from audit.store.base import Base, Identified, Kept
from audit.store.scope import Owned, owned_key


class ReportState(StrEnum):
    """Whether a report still stands."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class Report(Kept, Identified, Owned, Base):
    """One issued file; only whether it still stands ever changes."""

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("organisation_id", "id"),
        UniqueConstraint("code"),
        UniqueConstraint("digest"),
        owned_key("audit", "audit_id"),
        owned_key("report", "replaces"),
        Index(None, "organisation_id", "audit_id"),
        Index(None, "organisation_id", "issued_at"),
    )
    audit_id: Mapped[UUID]
    code: Mapped[str]
    digest: Mapped[str]
    snapshot_digest: Mapped[str]
    renderer: Mapped[int]
    size: Mapped[int]
    issued_at: Mapped[datetime]
    state: Mapped[ReportState] = mapped_column(default=ReportState.CURRENT)
    replaces: Mapped[UUID | None] = mapped_column(default=None)

    audit: Mapped[Audit] = relationship(init=False, viewonly=True, lazy="raise")

    def may_change(self, column: str, before: object) -> bool:
        """Let a report be superseded and withdrawn, never stand again."""
        states = list(ReportState)
        if column != "state" or not isinstance(before, ReportState):
            return False
        return states.index(before) < states.index(self.state)


def get_report(session: Session, code: str) -> Report:
    """Return the report with this code, however it was typed, or raise NotFound."""
    report = report_by_code(session, code)
    if report is None:
        raise NotFound("There is no such report.", code="report_unknown")
    return report


def report_by_code(session: Session, code: str) -> Report | None:
    """Find a report by its code: in the platform's scope, anyone's."""
    if not code.isprintable():
        # PostgreSQL takes no NUL, not even to look for it.
        return None
    return session.scalars(select(Report).where(Report.code == code.strip().upper())).one_or_none()


def report_by_digest(session: Session, digest: str) -> Report | None:
    """Find a report by the SHA-256 of its sealed bytes: in the platform's scope, anyone's."""
    return session.scalars(select(Report).where(Report.digest == digest)).one_or_none()


def report_replacing(session: Session, report: Report) -> Report | None:
    """Find the report that corrects this one."""
    return session.scalars(select(Report).where(Report.replaces == report.id)).one_or_none()


def replaced_by(session: Session, report: Report) -> Report | None:
    """Find the report that this one corrects."""
    if report.replaces is None:
        return None
    return session.scalars(select(Report).where(Report.id == report.replaces)).one_or_none()


def report_of(session: Session, audit_id: UUID) -> Report | None:
    """Find the newest report of an audit."""
    wanted = select(Report).where(Report.audit_id == audit_id)
    return session.scalars(wanted.order_by(Report.issued_at.desc(), Report.id.desc())).first()


def list_reports(
    session: Session,
    site_id: UUID | None = None,
    state: ReportState | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[Report]:
    """Return reports with their audits, newest first, of a site or all, of one state or any."""
    wanted: Select[Any] = select(Report).options(selectinload(Report.audit))
    wanted = wanted.order_by(Report.issued_at.desc(), Report.id.desc())
    if site_id is not None:
        wanted = wanted.join(Audit, Audit.id == Report.audit_id).where(Audit.site_id == site_id)
    if state is not None:
        wanted = wanted.where(Report.state == state)
    return list(session.scalars(wanted.limit(limit).offset(offset)))
