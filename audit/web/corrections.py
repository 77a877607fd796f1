"""Correcting a report: saying what is wrong opens its visit anew; it can be discarded again."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from audit.services.corrections import begin_correction, discard_correction
from audit.services.visits import open_audit, stops
from audit.store.audits import get_audit
from audit.store.corrections import find_correction, find_under_way
from audit.store.reports import Report, ReportState, get_report, report_of
from audit.store.sites import get_site
from audit.web.access import Permission, allow
from audit.web.audit_forms import CorrectForm
from audit.web.forms import submit
from audit.web.request import installation, member, now, session

pages = Blueprint("corrections", __name__)


@pages.route("/reports/<code>/correct", methods=["GET", "POST"])
@allow(Permission.CORRECT_REPORTS)
def begin(code: str) -> ResponseReturnValue:
    """Ask what is wrong, then open the visit as it was closed; go on where one is open."""
    report = get_report(session(), code)
    audit = get_audit(session(), report.audit_id)
    begun = find_under_way(session(), audit.id)
    if begun is not None:
        return redirect(url_for("audits.resume", audit_id=begun.id))
    if report.state is not ReportState.CURRENT:
        return redirect(url_for("reports.show", code=report.code))
    form = CorrectForm()
    begun, errors = submit(
        form,
        lambda: begin_correction(
            session(), report.code, reason=form.reason.data or "", by=member(), now=now()
        ),
    )
    if begun is not None:
        opened = open_audit(session(), begun, installation().shelf.catalogue)
        first = stops(opened.visit, opened.basis.checklist)[0].number
        return redirect(url_for("audits.section", audit_id=begun.id, number=first))
    page = render_template(
        "reports/correct.html",
        report=report,
        audit=audit,
        site=get_site(session(), audit.site_id),
        form=form,
        errors=errors,
    )
    return page, 422 if errors else 200


@pages.post("/audits/<uuid:audit_id>/discard")
@allow(Permission.CORRECT_REPORTS)
def discard(audit_id: UUID) -> ResponseReturnValue:
    """End a correction; the report stands on."""
    report = discard_correction(session(), audit_id, by=member(), now=now())
    flash("The correction is discarded. The report stands as it was.")
    return redirect(url_for("reports.show", code=report.code))


def corrected_by(audit_id: UUID) -> Report | None:
    """Return the report that an audit corrects, for pages to say so."""
    correction = find_correction(session(), audit_id)
    return report_of(session(), correction.corrects) if correction else None
