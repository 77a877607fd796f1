"""Planning an audit for a day: another day, dropping it, beginning it."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from audit.domain.catalogue import Catalogue
from audit.domain.lifecycle import Act, step
from audit.domain.responses import read_date
from audit.errors import Conflict, Invalid, NotFound
from audit.services.acting import Member
from audit.services.audits import Beginning, Plan, begin_audit, draft_audit, enter
from audit.services.visits import basis_of
from audit.store.audits import Audit, get_audit
from audit.store.sites import get_site

FURTHEST = timedelta(days=3 * 366)


def plan_audit(
    session: Session, plan: Plan, day: str, *, catalogue: Catalogue, by: Member, now: datetime
) -> Audit:
    """Plan an audit for the day written in `day`; its checklist is the newest of now.

    Whoever begins it becomes its inspector; until then it is whoever planned it.
    """
    site = get_site(session, plan.site_id)
    if not site.active:
        words = f"{site.name} is no longer in use. Choose another site, or take it into use again."
        raise Invalid(words, code="site_closed", places={"site": words})
    chosen = _read_day(day, site.zone, now)
    audit = draft_audit(session, plan, catalogue=catalogue, by=by, now=now)
    audit.scheduled_for = chosen
    session.add(audit)
    session.flush()
    details = {
        "checklist": audit.checklist_digest,
        "kind": plan.kind.value,
        "planned_for": chosen.isoformat(),
    }
    enter(session, audit, "plan_audit", by=by, at=now, details=details)
    return audit


def move_plan(session: Session, audit_id: UUID, day: str, *, by: Member, now: datetime) -> Audit:
    """Plan an audit that nobody has begun for another day."""
    audit = get_audit(session, audit_id, hold=True)
    step(audit.state, Act.PLAN)
    before, after = audit.scheduled_for, _read_day(day, audit.zone, now)
    if before != after:
        audit.scheduled_for = after
        details = {"before": before.isoformat() if before else None, "after": after.isoformat()}
        enter(session, audit, "move_plan", by=by, at=now, details=details)
    return audit


def drop_plan(session: Session, audit_id: UUID, *, by: Member, now: datetime) -> Audit:
    """Drop an audit that nobody has begun: it leaves the lists, and its number is not used again.

    What a tablet captured for it meanwhile is kept for a manager.
    """
    audit = get_audit(session, audit_id, hold=True)
    step(audit.state, Act.PLAN)
    audit.state = step(audit.state, Act.WITHDRAW)
    planned = audit.scheduled_for
    details = {"planned_for": planned.isoformat() if planned else None}
    enter(session, audit, "drop_plan", by=by, at=now, details=details)
    return audit


def begin_planned(
    session: Session, audit_id: UUID, *, catalogue: Catalogue, by: Member, now: datetime
) -> Audit:
    """Begin a planned audit now, whatever the day; Conflict says what has gone meanwhile."""
    audit = get_audit(session, audit_id, hold=True)
    step(audit.state, Act.START)
    site = get_site(session, audit.site_id)
    if not site.active:
        words = f"{site.name} is no longer in use. Take it into use again, or drop this plan."
        raise Conflict(words, code="site_closed")
    try:
        basis_of(audit, catalogue)
    except NotFound as error:
        words = "The checklist this was planned with is gone. Drop this plan, and plan it anew."
        raise Conflict(words, code="checklist_gone") from error
    begin_audit(session, audit, Beginning(inspector=by, at=now), by=by, now=now)
    return audit


def _read_day(typed: str, zone: str, now: datetime) -> date:
    """Return a day that is not over at the site."""
    try:
        day = _within_reach(typed.strip(), now.astimezone(ZoneInfo(zone)).date())
    except Invalid as error:
        # The form has one field for it, under this name.
        raise Invalid(error.message, code=error.code, places={"day": error.message}) from error
    return day


def _within_reach(typed: str, today: date) -> date:
    if not typed:
        raise Invalid("Choose the day.", code="day_missing")
    day = read_date(typed)
    if day < today:
        raise Invalid("That day is over. Choose today or a later day.", code="day_past")
    if day - today > FURTHEST:
        words = "That is more than three years away. Look at the year again."
        raise Invalid(words, code="day_too_far")
    return day
