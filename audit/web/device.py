"""What tablets ask and send, as docs/device.md promises it."""

import base64
from uuid import UUID

from flask import Blueprint, Response, current_app, jsonify, request
from flask_wtf.csrf import generate_csrf

from audit.domain.catalogue import PackName
from audit.services.batches import Batch
from audit.services.device import Result, take_changes
from audit.services.pulling import Voice, pull, take_along
from audit.services.receipts import said
from audit.services.rescue import device_key
from audit.store.audits import get_audit
from audit.store.device import Outcome
from audit.web.access import Permission, allow, may, public
from audit.web.device_bodies import VERSION, ChangesBody, read_body
from audit.web.request import installation, member, now, session, who
from audit.web.static_files import build_of

pages = Blueprint("device", __name__, url_prefix="/device")


@pages.get("/session")
@public
def tell() -> Response:
    """Say who is signed in, and prove that this is us and not a hotel's sign-in page."""
    person = who()
    known = person and {
        "id": str(person.member.id),
        "name": person.member.name,
        "role": person.role.value,
        "organisation": str(person.organisation_id),
        "demo": person.demo,
    }
    key = person and device_key(
        installation().secret, organisation_id=person.organisation_id, person_id=person.member.id
    )
    return jsonify(
        app="hygiene-audit",
        v=VERSION,
        minimum_v=VERSION,
        build=build_of(current_app),
        now=said(now()),
        csrf=generate_csrf(),
        user=known,
        key=base64.b64encode(key).decode() if key else None,
    )


@pages.get("/along")
@allow(Permission.READ)
def along() -> Response:
    """Give what to take along: the sites, their pages, and the audits not completed."""
    found = take_along(session(), installation().shelf.catalogue, page_of)
    return jsonify(now=said(now()), **found)


@pages.get("/audits/<uuid:audit_id>")
@allow(Permission.READ)
def audit(audit_id: UUID) -> Response:
    """Give one audit, with what changed after the revision the tablet has."""
    since = request.args.get("since", 0, type=int)
    return jsonify(pull(session(), get_audit(session(), audit_id), page_of, since=since))


@pages.post("/audits/<uuid:audit_id>/changes")
@allow(Permission.HAND_IN)
def changes(audit_id: UUID) -> Response:
    """Take in what was captured, each change with its own result."""
    body = read_body(ChangesBody)
    batch = Batch(
        audit_id=audit_id,
        changes=tuple(one.change() for one in body.changes),
        author=member(),
        by=member(),
        may_record=may(Permission.RECORD_RESPONSES),
        device=body.device,
        clock=body.clock,
        opening=body.create.opening() if body.create else None,
        begin=body.begin.begin() if body.begin else None,
    )
    taken = take_changes(session(), batch, shelf=installation().shelf, now=now())
    voice = Voice(session(), audit_id)
    return jsonify(
        revision=taken.revision,
        now=said(now()),
        results=[_result(one, voice) for one in taken.results],
    )


def page_of(code: str, version: int, pack: PackName | None) -> str:
    """Return where a tablet finds a checklist as a page."""
    under = f"/{pack[0]}/{pack[1]}" if pack else ""
    return f"/visit/{code}/{version}{under}"


def _result(one: Result, voice: Voice) -> dict[str, object]:
    said_of = {"first": one.first, "code": one.code, "words": one.words}
    plain: dict[str, object] = {"id": str(one.id), "status": one.status}
    plain.update({name: words for name, words in said_of.items() if words})
    if one.current is not None:
        plain["current"] = str(one.current.change_id)
        if Outcome.CONFLICT in (one.status, one.first):
            plain["kept"] = voice.cell(one.current)
    return plain
