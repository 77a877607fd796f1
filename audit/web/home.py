"""The first page after signing in: what to do next, and how things stand."""

from datetime import date

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from audit.domain.credentials import standing_of
from audit.domain.definitions import WORST_FIRST
from audit.domain.lifecycle import AuditState
from audit.store.audits import audits_of, get_audit, list_audits, list_planned
from audit.store.findings import list_open_findings
from audit.store.practitioners import Credential, credentials_of, list_practitioners
from audit.store.sites import list_sites
from audit.web.access import Permission, allow
from audit.web.request import now, session, signed_in

pages = Blueprint("home", __name__)
_RECENT = 6
_LATEST = 60
_WORST = 5
# What waits for someone's hand, the nearest to its end first; what is planned is everyone's.
_OPEN = (AuditState.SIGNED, AuditState.COMPLETED, AuditState.IN_PROGRESS)


@pages.get("/")
@allow(Permission.READ)
def start() -> ResponseReturnValue:
    """Show the next thing to do, what is open, and the latest audits."""
    audits = list_audits(session(), limit=_LATEST)
    findings = list_open_findings(session())
    today = now().date()
    mine = audits_of(session(), signed_in().member.id, _OPEN)
    waiting = [one for state in _OPEN for one in mine if one.state is state]
    planned = list_planned(session())
    open_ids = {one.id for one in (*waiting, *planned)}
    practitioners = {one.id: one for one in list_practitioners(session(), active_only=True)}
    worst = sorted(findings, key=lambda one: WORST_FIRST.index(one.severity))[:_WORST]
    return render_template(
        "home/start.html",
        sites={site.id: site for site in list_sites(session())},
        waiting=waiting,
        planned=planned,
        recent=[one for one in audits if one.id not in open_ids][:_RECENT],
        open_count=len(findings),
        overdue=sum(one.due_on is not None and one.due_on < today for one in findings),
        worst=worst,
        audits_of_worst={key: get_audit(session(), key) for key in {one.audit_id for one in worst}},
        practitioners=practitioners,
        ending=_ending(credentials_of(session(), list(practitioners)), today),
        today=today,
    )


def _ending(credentials: list[Credential], today: date) -> list[tuple[Credential, date]]:
    """Return what has run out or soon will, the first to end first."""
    known = ((one, one.expires_on) for one in credentials if one.expires_on is not None)
    ending = [(one, day) for one, day in known if standing_of(day, on=today) != "valid"]
    return sorted(ending, key=lambda pair: pair[1])
