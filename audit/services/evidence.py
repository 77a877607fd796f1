"""Adding a photo to a response, and taking one away again before the responses close."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from audit.domain.definitions import Need
from audit.domain.lifecycle import Act, step
from audit.errors import Invalid
from audit.services.acting import Member, Shelf
from audit.services.audits import enter
from audit.services.changes import PHOTO, REMOVED, Edit, History, require_named
from audit.services.visits import basis_of
from audit.store.audits import get_audit
from audit.store.evidence import Evidence, evidence_of, get_evidence
from audit.store.photos import PlainPhoto

MOST_PHOTOS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A photo for one response of one audit."""

    audit_id: UUID
    key: str
    photo: PlainPhoto


def add_photo(
    session: Session, taken: Taken, *, shelf: Shelf, by: Member, now: datetime
) -> Evidence:
    """Keep a plain photo with a response; the file is on the disk before the row names it.

    The same photo on the same response is kept once, so that sending it again changes nothing.
    """
    key, photo = taken.key, taken.photo
    audit = get_audit(session, taken.audit_id, hold=True)
    step(audit.state, Act.RECORD)
    require_named(audit, key)
    item = basis_of(audit, shelf.catalogue).checklist.items.get(key.partition("@")[0])
    if item is None or item.evidence.photo is Need.OFF:
        raise Invalid("This item takes no photo.", code="no_photo_here")
    digest = shelf.blobs.put(photo.data)
    known = evidence_of(session, audit.id, key)
    for row in known:
        if row.digest == digest:
            return row
    if len(known) >= MOST_PHOTOS:
        raise Invalid(f"An item takes at most {MOST_PHOTOS} photos.", code="too_many_photos")
    row = Evidence(
        audit_id=audit.id,
        key=key,
        digest=digest,
        size=len(photo.data),
        width=photo.width,
        height=photo.height,
        original_name="",
        added_at=now,
        added_by=by.id,
    )
    session.add(row)
    session.flush()
    enter(session, audit, "add_photo", by=by, at=now, details={"key": key, "digest": digest})
    return row


def take_photo_away(session: Session, evidence_id: UUID, *, by: Member, now: datetime) -> None:
    """Take a photo off its response; the journal and the row keep that it was there."""
    row = get_evidence(session, evidence_id)
    audit = get_audit(session, row.audit_id, hold=True)
    step(audit.state, Act.RECORD)
    if row.removed_at is not None:
        return
    row.removed_at = now
    edit = Edit(key=f"{PHOTO}{row.id}", after=REMOVED, person_id=by.id, via="page")
    History(session, audit).write(edit, now=now)
    enter(
        session,
        audit,
        "take_photo_away",
        by=by,
        at=now,
        details={"key": row.key, "digest": row.digest},
    )
