"""Photos from tablets, piece by piece: each step may be cut off anywhere and tried again."""

from uuid import UUID

from flask import Blueprint, Response, jsonify, request

from audit.errors import Conflict, Invalid
from audit.services.uploads import Announced, announce, keep_photo, refuse_photo
from audit.store.device import Standing, Upload, get_upload
from audit.store.photos import make_plain
from audit.store.uploads import WrongOffset
from audit.web.access import Permission, allow, may
from audit.web.device_bodies import AnnounceBody, read_body
from audit.web.refusals import problem
from audit.web.request import apart, installation, member, now, signed_in

pages = Blueprint("device_photos", __name__, url_prefix="/device")
LARGEST_PIECE = 4_000_000


@pages.put("/evidence/<uuid:evidence_id>")
@allow(Permission.HAND_IN)
def declare(evidence_id: UUID) -> Response:
    """Announce a photo, or ask how much of it is here."""
    body = read_body(AnnounceBody)
    photo = Announced(
        id=evidence_id,
        audit_id=body.audit,
        key=body.key,
        size=body.size,
        digest=body.digest,
        width=body.width,
        height=body.height,
        taken_at=body.taken_at,
        drawn_on=body.drawn_on,
        author=member(),
        by=member(),
        device=body.device,
    )
    with apart(signed_in().organisation_id) as writing:
        row = announce(writing, photo, shelf=installation().shelf, now=now())
    return go_on(row, installation().uploads.length(signed_in().organisation_id, evidence_id))


@pages.patch("/evidence/<uuid:evidence_id>")
@allow(Permission.HAND_IN)
def take_piece(evidence_id: UUID) -> Response:
    """Take the next piece; it is on the disk before we say so."""
    request.max_content_length = LARGEST_PIECE
    whose, offset = signed_in().organisation_id, request.headers.get("Upload-Offset", "")
    if not offset.isdecimal() or len(offset) > len(str(LARGEST_PIECE)) * 2:
        raise Invalid("Say at which byte this piece begins.", code="bad_request")
    with apart(whose, writing=False) as reading:
        row = get_upload(reading, evidence_id)
    if row.person_id != member().id:
        words = "Someone else is signed in here. Sign in as who took this photo, then send it."
        raise Conflict(words, code="other_user")
    if row.stands is not Standing.RECEIVING:
        return go_on(row, row.size)
    data = request.get_data()
    if int(offset) + len(data) > row.size:
        raise Invalid("This is more than was announced.", code="bad_request")
    try:
        length = installation().uploads.append(whose, evidence_id, offset=int(offset), data=data)
    except WrongOffset as refusal:
        return problem(refusal, offset=refusal.offset)
    return go_on(row, length)


def go_on(row: Upload, length: int) -> Response:
    """Say where to go on; with all bytes here, look at the photo and keep it."""
    whose, uploads = signed_in().organisation_id, installation().uploads
    if row.stands is Standing.RECEIVING and length < row.size:
        return jsonify(offset=length, complete=False)
    if row.stands is Standing.RECEIVING:
        data = uploads.read(whose, row.evidence_id, digest=row.digest)
        if data is None:
            words = "The photo did not arrive as it was announced. Send it again."
            return problem(Invalid(words, code="wrong_digest"), offset=0)
        row = keep_or_refuse(row, data, may_record=may(Permission.RECORD_RESPONSES))
    # Also what a program killed just before this has left.
    uploads.forget(whose, row.evidence_id)
    if row.stands is Standing.REFUSED:
        raise Invalid(row.words, code=row.code)
    return jsonify(offset=row.size, complete=True, status=row.stands.value)


def keep_or_refuse(row: Upload, data: bytes, *, may_record: bool) -> Upload:
    """Make the photo plain, in no transaction, and keep it; or keep that it could not be read."""
    whose, shelf = signed_in().organisation_id, installation().shelf
    try:
        photo = make_plain(data)
    except Invalid as refusal:
        stored = shelf.blobs.put(data)
        with apart(whose) as writing:
            return refuse_photo(writing, row.evidence_id, refusal, stored=stored, now=now())
    with apart(whose) as writing:
        return keep_photo(
            writing,
            row.evidence_id,
            photo,
            shelf=shelf,
            by=member(),
            may_record=may_record,
            now=now(),
        )
