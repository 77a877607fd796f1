"""Photos from tablets: announced first, then sent in pieces, then kept like any other photo."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy.orm import Session

from audit.domain.definitions import Need
from audit.domain.lifecycle import RECORDING
from audit.errors import Conflict, Invalid, NotFound
from audit.services.acting import Member, Shelf
from audit.services.audits import enter
from audit.services.changes import PHOTO
from audit.services.evidence import MOST_PHOTOS
from audit.services.visits import basis_of
from audit.store.audits import Audit, add_with_own_id, changes_of, find_audit
from audit.store.base import write_json
from audit.store.device import (
    START,
    Standing,
    Upload,
    find_upload,
    get_upload,
    received_by_id,
    uploads_of,
)
from audit.store.evidence import Evidence, evidence_of
from audit.store.journal import write_entry
from audit.store.photos import MOST_BYTES, PlainPhoto

MOST_UNDER_WAY = 400
REFUSED = "photo_refused"
_REUSED = "This photo's id was used before. Take the photo away and add it again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """A photo as its tablet announces it; `author` took it and `by` brings it."""

    id: UUID
    audit_id: UUID
    key: str
    size: int
    digest: str
    width: int
    height: int
    taken_at: datetime | None
    drawn_on: UUID | None
    author: Member
    by: Member
    device: str

    @property
    def facts(self) -> str:
        """The digest over all that was said: the same id with other facts is another photo."""
        said = [str(self.author.id), str(self.audit_id), self.key, self.size, self.digest]
        said += [self.width, self.height, str(self.taken_at), str(self.drawn_on)]
        return sha256(write_json(said).encode()).hexdigest()


def announce(session: Session, photo: Announced, *, shelf: Shelf, now: datetime) -> Upload:
    """Make room for a photo, once; what no audit takes is refused before its bytes are sent."""
    known = find_upload(session, photo.id)
    if known is None:
        audit = find_audit(session, photo.audit_id)
        _refuse_early(session, photo, audit, shelf)
        add_with_own_id(session, lambda: _row(photo, now))
        known = get_upload(session, photo.id)
    if known.facts != photo.facts:
        raise Conflict(_REUSED, code="id_reused")
    return known


def _refuse_early(session: Session, photo: Announced, audit: Audit | None, shelf: Shelf) -> None:
    if photo.size > MOST_BYTES:
        words = f"This photo is too large; at most {MOST_BYTES // 1_000_000} MB can be taken in."
        raise Invalid(words, code=REFUSED)
    under_way = [one for one in uploads_of(session, photo.audit_id) if not one.finished_at]
    if len(under_way) >= MOST_UNDER_WAY:
        raise Conflict("Too many photos are on their way at once.", code="too_many_under_way")
    if audit is None:
        start = received_by_id(session, [photo.audit_id]).get(photo.audit_id)
        if start is None or start.key != START:
            raise NotFound("There is no such audit.", code="audit_unknown")
        return
    item = basis_of(audit, shelf.catalogue).checklist.items.get(photo.key.partition("@")[0])
    if item is None or item.evidence.photo is Need.OFF:
        raise Invalid("This item takes no photo.", code="no_photo_here")
    coming = sum(one.key == photo.key for one in under_way)
    if len(evidence_of(session, audit.id, photo.key)) + coming >= MOST_PHOTOS:
        raise Invalid(f"An item takes at most {MOST_PHOTOS} photos.", code=REFUSED)


def _row(photo: Announced, now: datetime) -> Upload:
    return Upload(
        evidence_id=photo.id,
        audit_id=photo.audit_id,
        key=photo.key,
        digest=photo.digest,
        facts=photo.facts,
        size=photo.size,
        width=photo.width,
        height=photo.height,
        taken_at=photo.taken_at,
        drawn_on=photo.drawn_on,
        person_id=photo.author.id,
        brought_by=photo.by.id,
        device=photo.device,
        received_at=now,
        stands=Standing.RECEIVING,
    )


def refuse_photo(
    session: Session, evidence_id: UUID, refusal: Invalid, *, stored: str, now: datetime
) -> Upload:
    """Keep that a photo could not be read, and the bytes under the digest `stored`."""
    row = get_upload(session, evidence_id, hold=True)
    if row.stands is Standing.RECEIVING:
        known = refusal.code in (REFUSED, "photo_unreadable")
        row.code, row.words = (refusal.code if known else REFUSED), refusal.message
        row.stored, row.finished_at, row.stands = stored, now, Standing.REFUSED
    return row


def keep_photo(  # noqa: PLR0913 - which photo, whose, and whether they may
    session: Session,
    evidence_id: UUID,
    photo: PlainPhoto,
    *,
    shelf: Shelf,
    by: Member,
    may_record: bool,
    now: datetime,
) -> Upload:
    """Keep a photo that has arrived whole; the file is on the disk before a row names it."""
    stored = shelf.blobs.put(photo.data)
    waiting = get_upload(session, evidence_id)
    audit = find_audit(session, waiting.audit_id, hold=True)
    row = get_upload(session, evidence_id, hold=True)
    if row.stands is not Standing.RECEIVING:
        return row
    row.stored, row.stored_size, row.finished_at = stored, len(photo.data), now
    row.stored_width, row.stored_height = photo.width, photo.height
    if audit is None or not may_record:
        row.stands = Standing.QUARANTINED
    elif audit.state not in RECORDING:
        row.stands = Standing.LOCKED
    else:
        if adopt_photo(session, audit, row, by=by, now=now):
            row.stands = Standing.DONE
        else:
            row.stands, row.code, row.words = Standing.REFUSED, REFUSED, _REUSED
        return row
    write_entry(
        session,
        act="keep_photo_aside",
        by=by.actor,
        subject=("audit", row.audit_id),
        at=now,
        details={"key": row.key, "digest": stored, "because": row.stands.value},
    )
    return row


def adopt_photo(session: Session, audit: Audit, row: Upload, *, by: Member, now: datetime) -> bool:
    """Add a photo under the name of who took it; False where its id is used already."""

    def make() -> Evidence:
        removed = changes_of(session, audit.id, f"{PHOTO}{row.evidence_id}")
        return Evidence(
            id=row.evidence_id,
            audit_id=audit.id,
            key=row.key,
            digest=row.stored or "",
            size=row.stored_size or 0,
            width=row.stored_width or 0,
            height=row.stored_height or 0,
            original_name="",
            added_at=now,
            added_by=row.person_id,
            taken_at=row.taken_at,
            announced=row.digest,
            drawn_on=row.drawn_on,
            # It may have been taken away before it arrived.
            removed_at=now if removed else None,
        )

    if not add_with_own_id(session, make):
        return False
    details = {
        "key": row.key,
        "digest": row.stored,
        "announced": row.digest,
        "id": str(row.evidence_id),
    }
    enter(session, audit, "add_photo", by=by, at=now, details=details, claimed_at=row.taken_at)
    return True
