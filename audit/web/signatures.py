"""The page on which people sign what was found, or refuse to."""

from collections.abc import Callable, Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from audit.domain.lifecycle import AuditState
from audit.errors import Invalid, NotAllowed
from audit.services.reports import read_record
from audit.services.signatures import Signing, meaning_of, sign_audit
from audit.store.audits import Audit, AuditKind, get_audit
from audit.store.corrections import find_correction
from audit.store.signatures import Part, signatures_of
from audit.web.access import Permission, allow
from audit.web.audit_forms import SignForm
from audit.web.forms import submit
from audit.web.request import confirm, installation, member, now, session, signed_in
from audit.web.words import ROLES

pages = Blueprint("signatures", __name__)


@pages.route("/audits/<uuid:audit_id>/sign", methods=["GET", "POST"])
@allow(Permission.SIGN_AUDITS)
def sign(audit_id: UUID) -> ResponseReturnValue:
    """Take the inspector's signature, then that of the person in charge, or their refusal."""
    return _ask(audit_id, _next_part)


@pages.route("/audits/<uuid:audit_id>/review", methods=["GET", "POST"])
@allow(Permission.REVIEW_AUDITS)
def review(audit_id: UUID) -> ResponseReturnValue:
    """Take the signature of a manager who reviewed a signed audit, before its report is made."""
    return _ask(audit_id, _reviewing)


def _ask(audit_id: UUID, whose: Callable[[Audit], Part | None]) -> ResponseReturnValue:
    """Ask for the signature of the part that `whose` names; without one, lead to the result."""
    form = SignForm()
    errors = _confirm(form) if form.is_submitted() else {}
    audit = get_audit(session(), audit_id)
    part = whose(audit)
    if part is None:
        if audit.record_digest is None:
            flash("This audit is signed once it is completed: respond to what is open.", "warn")
        return redirect(url_for("audits.result", audit_id=audit_id))
    if form.is_submitted() and form.part.data != part:
        # Pressed twice, or signed in another window: what one person wrote signs for nobody else.
        return redirect(request.path)
    if not errors:
        signed, errors = submit(form, lambda: _sign(audit_id, form, part))
        if signed:
            return redirect(request.path)
    if not form.is_submitted():
        form.name.data, form.role.data = _usual(audit, part)
    page = render_template(
        "audits/sign.html",
        audit=audit,
        part=part,
        form=form,
        errors=errors,
        meaning=meaning_of(session(), audit, part),
        record=read_record(audit, installation().shelf.blobs),
    )
    return page, 422 if errors else 200


def _confirm(form: SignForm) -> Mapping[str, str]:
    """Check the password; return what hinders, so that what was written stays on the page."""
    try:
        confirm(form.password.data or "")
    except (Invalid, NotAllowed) as refusal:
        return {"password": refusal.message}
    return {}


def _next_part(audit: Audit) -> Part | None:
    """Return who signs next; nobody before the audit is completed, or after both have."""
    signed = {row.part for row in signatures_of(session(), audit.id)}
    if audit.record_digest is None or Part.PERSON_IN_CHARGE in signed:
        return None
    return Part.PERSON_IN_CHARGE if Part.INSPECTOR in signed else Part.INSPECTOR


def _reviewing(audit: Audit) -> Part | None:
    """Return the manager's part, once, between the first signature and the report."""
    signed = {row.part for row in signatures_of(session(), audit.id)}
    waits = audit.state is AuditState.SIGNED and Part.MANAGER not in signed
    return Part.MANAGER if waits else None


def _sign(audit_id: UUID, form: SignForm, part: Part) -> bool:
    refused = bool(form.refused.data) and part is Part.PERSON_IN_CHARGE
    signing = Signing(
        part=part,
        name=form.name.data or "",
        role=form.role.data or "",
        meaning=meaning_of(session(), get_audit(session(), audit_id), part),
        strokes=() if refused else form.drawn(),
        credential=form.credential.data or "",
        comment=form.comment.data or "",
        refused=refused,
        reason=form.reason.data or "",
    )
    sign_audit(session(), audit_id, signing, by=member(), now=now())
    return True


def _usual(audit: Audit, part: Part) -> tuple[str, str]:
    """Return who usually signs next, and as what."""
    if part is Part.PERSON_IN_CHARGE:
        return audit.person_in_charge, "Person in charge"
    if part is Part.MANAGER or find_correction(session(), audit.id):
        return member().name, ROLES[signed_in().role]
    inspects = audit.kind is AuditKind.INSPECTION
    return audit.inspector_name, "Inspector" if inspects else ROLES[signed_in().role]
