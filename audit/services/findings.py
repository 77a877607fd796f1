"""Putting findings right."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from audit.errors import Conflict
from audit.services.acting import Member
from audit.store.audits import get_audit
from audit.store.findings import Finding, get_finding
from audit.store.journal import write_entry


def close_finding(session: Session, finding_id: UUID, *, by: Member, now: datetime) -> Finding:
    """Say that a finding has been put right, as of the day at its site; it stays on record."""
    finding = get_finding(session, finding_id)
    if finding.closed_on is not None or finding.corrected:
        raise Conflict("This has been put right already.", code="finding_closed")
    audit = get_audit(session, finding.audit_id)
    finding.closed_on = now.astimezone(ZoneInfo(audit.zone)).date()
    write_entry(
        session,
        act="close_finding",
        by=by.actor,
        subject=("finding", finding.id),
        at=now,
        details={"item": finding.item_code, "closed_on": finding.closed_on.isoformat()},
    )
    return finding
