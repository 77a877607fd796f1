"""Handing in an audit that was closed on a tablet, and the receipt that lets it forget."""

from uuid import UUID

from flask import Blueprint, Response, jsonify

from audit.errors import NotFound
from audit.services.handing_in import NotReady, hand_in
from audit.services.journal import prove_entry
from audit.services.keeping import what_is_kept
from audit.store.audits import get_audit
from audit.store.device import find_receipt
from audit.web.access import Permission, allow
from audit.web.device_bodies import HandInBody, read_body
from audit.web.refusals import problem
from audit.web.request import confirm, installation, member, now, session

pages = Blueprint("hand_in", __name__, url_prefix="/device/audits")


@pages.post("/<uuid:audit_id>/hand-in")
@allow(Permission.SIGN_AUDITS)
def take(audit_id: UUID) -> Response:
    """Close and sign what people saw, once; again gives the same receipt.

    With it goes the proof that the journal holds it, which the tablet keeps.
    """
    body = read_body(HandInBody)
    confirm(body.password)
    handed = body.handed(now())
    try:
        receipt = hand_in(
            session(), audit_id, handed, shelf=installation().shelf, by=member(), now=now()
        )
    except NotReady as refusal:
        return problem(refusal, **refusal.hinders)
    keys = installation().press.keys
    proof = prove_entry(session(), keys, receipt["entry"], now=now())
    return jsonify(**receipt, journal=proof)


@pages.get("/<uuid:audit_id>/receipt")
@allow(Permission.READ)
def receipt(audit_id: UUID) -> Response:
    """Give the receipt again."""
    found = find_receipt(session(), get_audit(session(), audit_id).id)
    if found is None:
        raise NotFound("This audit has not been handed in.", code="no_receipt")
    return jsonify(**found.document)


@pages.get("/<uuid:audit_id>/kept")
@allow(Permission.HAND_IN)
def kept(audit_id: UUID) -> Response:
    """Say what is kept of an audit that was closed elsewhere, before a tablet forgets it."""
    audit = get_audit(session(), audit_id)
    return jsonify(**what_is_kept(session(), audit, by=member(), now=now()))
