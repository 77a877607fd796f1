"""The page of a planned audit: begin it, choose another day, drop it."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from audit.domain.lifecycle import AuditState
from audit.errors import NotFound
from audit.services.planning import begin_planned, drop_plan, move_plan
from audit.services.visits import basis_of
from audit.store.audits import Audit, get_audit
from audit.store.sites import get_site
from audit.web.access import Permission, allow
from audit.web.audit_forms import DayForm
from audit.web.forms import submit
from audit.web.request import installation, member, now, session
from audit.web.words import day

pages = Blueprint("planning", __name__, url_prefix="/audits/<uuid:audit_id>/plan")


@pages.get("")
@allow(Permission.READ)
def show(audit_id: UUID) -> ResponseReturnValue:
    """Show what is planned; once begun, lead to where the audit stands."""
    audit = get_audit(session(), audit_id)
    if audit.state is not AuditState.PLANNED:
        return redirect(url_for("audits.resume", audit_id=audit_id))
    return _page(audit, DayForm(formdata=None, data={"day": audit.scheduled_for}), {})


@pages.post("/day")
@allow(Permission.START_AUDITS)
def move(audit_id: UUID) -> ResponseReturnValue:
    """Plan it for another day."""
    form = DayForm()
    moved, errors = submit(
        form,
        lambda: move_plan(session(), audit_id, form.day.data or "", by=member(), now=now()),
    )
    if moved is None:
        return _page(get_audit(session(), audit_id), form, dict(errors)), 422
    if moved.scheduled_for:
        flash(f"Planned for {day(moved.scheduled_for)}.")
    return redirect(url_for(".show", audit_id=audit_id))


@pages.post("/drop")
@allow(Permission.START_AUDITS)
def drop(audit_id: UUID) -> ResponseReturnValue:
    """Drop it, with an entry in the journal."""
    dropped = drop_plan(session(), audit_id, by=member(), now=now())
    flash(f"The plan for {get_site(session(), dropped.site_id).name} is dropped.")
    return redirect(url_for("audits.index"))


@pages.post("/begin")
@allow(Permission.RECORD_RESPONSES)
def begin(audit_id: UUID) -> ResponseReturnValue:
    """Begin it now; pressed twice, it was begun once."""
    if get_audit(session(), audit_id).state is AuditState.PLANNED:
        catalogue = installation().shelf.catalogue
        begin_planned(session(), audit_id, catalogue=catalogue, by=member(), now=now())
    return redirect(url_for("audits.resume", audit_id=audit_id))


def _page(audit: Audit, form: DayForm, errors: dict[str, str]) -> str:
    return render_template(
        "audits/plan.html",
        audit=audit,
        site=get_site(session(), audit.site_id),
        title=_title(audit),
        form=form,
        errors=errors,
        today=now().date(),
    )


def _title(audit: Audit) -> str:
    """Return what is to be looked at; a checklist that is gone, by its code."""
    try:
        return basis_of(audit, installation().shelf.catalogue).checklist.title
    except NotFound:
        return f"{audit.checklist_code}, which is no longer here"
