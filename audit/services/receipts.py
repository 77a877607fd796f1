"""What lets a tablet forget an audit: proof of what was closed, as the tablet can check it."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from audit.services.acting import Member
from audit.services.changes import state_of
from audit.store.audits import Audit, current_changes
from audit.store.device import Receipt
from audit.store.evidence import evidence_of

VERSION = 1


def make_receipt(
    session: Session, audit: Audit, *, entry: int, by: Member, now: datetime
) -> Receipt:
    """Return the receipt of an audit whose responses have just been closed, by tablet or page."""
    document = {
        "v": VERSION,
        "audit": str(audit.id),
        "number": audit.number,
        "revision": audit.given_revision,
        "state": state_of(current_changes(session, audit.id)),
        "evidence": photos_of_audit(session, audit),
        "received_at": said(now),
        "entry": entry,
        "record": audit.record_digest,
        "outcome": audit.outcome,
        "percent": audit.percent,
    }
    return Receipt(audit_id=audit.id, person_id=by.id, made_at=now, document=document)


def photos_of_audit(session: Session, audit: Audit) -> list[list[str]]:
    """Return the photos not taken away as id and announced digest, by id."""
    found = {str(row.id): row.known_as for row in evidence_of(session, audit.id)}
    return [[photo, found[photo]] for photo in sorted(found)]


def said(moment: datetime) -> str:
    """Return a time as programs say it, in UTC to the millisecond."""
    plain = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return plain.replace("+00:00", "Z")
