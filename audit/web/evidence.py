"""Photos on their way in and out of an audit."""

from uuid import UUID

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from audit.errors import Invalid, NotFound
from audit.services.evidence import Taken, add_photo
from audit.store.audits import get_audit
from audit.store.evidence import get_evidence
from audit.store.photos import make_plain
from audit.web.access import Permission, allow
from audit.web.request import apart, installation, member, now, session, signed_in

pages = Blueprint("evidence", __name__)


def keep_sent_photos(audit_id: UUID) -> dict[str, str]:
    """Keep the photos sent with a form, each in a transaction of its own; return the refused.

    A photo cannot be shown again in a refused form, so it must not be lost with it. Each is made
    plain before its transaction begins, so that nobody waits to write meanwhile.
    """
    refused: dict[str, str] = {}
    for name in request.files:
        key = name.removesuffix(".photo")
        for sent in request.files.getlist(name):
            if not sent.filename:
                continue
            try:
                photo = make_plain(sent.read())
                _keep(Taken(audit_id=audit_id, key=key, photo=photo))
            except Invalid as refusal:
                refused[key] = refusal.message
    return refused


def _keep(taken: Taken) -> None:
    shelf = installation().shelf
    with apart(signed_in().organisation_id) as writing:
        add_photo(writing, taken, shelf=shelf, by=member(), now=now())


@pages.get("/audits/<uuid:audit_id>/photos/<uuid:evidence_id>.jpg")
@allow(Permission.READ)
def photo(audit_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    """Show one photo of an audit."""
    row = get_evidence(session(), evidence_id)
    if row.audit_id != get_audit(session(), audit_id).id:
        raise NotFound("There is no such photo.", code="evidence_unknown")
    return Response(installation().shelf.blobs.get(row.digest), mimetype="image/jpeg")
