"""Taking a report back: it stays on file as it was issued, and no longer stands."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from audit.domain.lifecycle import Act, step
from audit.errors import Conflict
from audit.services.acting import Member
from audit.services.audits import enter
from audit.services.entries import Entries
from audit.store.audits import get_audit
from audit.store.journal import entries
from audit.store.reports import Report, ReportState, get_report

LONGEST_REASON = 1000
_ACT = "withdraw_report"


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """Who took a report back, when and why."""

    by: str
    at: datetime
    reason: str


def withdraw_report(
    session: Session, code: str, *, reason: str, by: Member, now: datetime
) -> Report:
    """Say that a report no longer stands, and its audit with it: its findings wait for nobody.

    The caller has checked the password of `by` again. Invalid without a reason; Conflict for a
    report that does not stand any more.
    """
    typed = Entries()
    why = typed.text("reason", reason, needed="Say why, in a few words.", longest=LONGEST_REASON)
    typed.check()
    # The audit is held first, so that of two people at once the second sees what the first did.
    audit = get_audit(session, get_report(session, code).audit_id, hold=True)
    report = get_report(session, code)
    session.refresh(report)
    if report.state is not ReportState.CURRENT:
        raise Conflict("This report does not stand any more.", code="report_not_current")
    audit.state = step(audit.state, Act.WITHDRAW)
    report.state = ReportState.WITHDRAWN
    details = {"code": report.code, "digest": report.digest, "reason": why}
    enter(session, audit, _ACT, by=by, at=now, details=details)
    return report


def withdrawal_of(session: Session, report: Report) -> Withdrawal | None:
    """Return how a report was taken back; None for one that was not."""
    for entry in entries(session, report.audit_id, act=_ACT):
        if entry.details["code"] == report.code:
            reason = str(entry.details["reason"])
            return Withdrawal(by=entry.person_name, at=entry.at, reason=reason)
    return None
