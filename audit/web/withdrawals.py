"""The page on which a manager takes a report back."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from audit.errors import Invalid, NotAllowed
from audit.services.withdrawals import withdraw_report
from audit.store.audits import get_audit
from audit.store.reports import ReportState, get_report
from audit.store.sites import get_site
from audit.web.access import Permission, allow
from audit.web.audit_forms import WithdrawForm
from audit.web.forms import submit
from audit.web.request import confirm, member, now, session

pages = Blueprint("withdrawals", __name__)


@pages.route("/reports/<code>/withdraw", methods=["GET", "POST"])
@allow(Permission.WITHDRAW_REPORTS)
def withdraw(code: str) -> ResponseReturnValue:
    """Ask for the reason and the password, then take the report back."""
    form = WithdrawForm()
    errors: Mapping[str, str] = {}
    if form.is_submitted():
        try:
            confirm(form.password.data or "")
        except (Invalid, NotAllowed) as refusal:
            errors = {"password": refusal.message}
    report = get_report(session(), code)
    shown = redirect(url_for("reports.show", code=report.code))
    if report.state is not ReportState.CURRENT:
        return shown
    if not errors:
        done, errors = submit(form, lambda: _withdraw(report.code, form))
        if done:
            return shown
    audit = get_audit(session(), report.audit_id)
    page = render_template(
        "reports/withdraw.html",
        report=report,
        audit=audit,
        site=get_site(session(), audit.site_id),
        form=form,
        errors=errors,
    )
    return page, 422 if errors else 200


def _withdraw(code: str, form: WithdrawForm) -> bool:
    withdraw_report(session(), code, reason=form.reason.data or "", by=member(), now=now())
    return True
