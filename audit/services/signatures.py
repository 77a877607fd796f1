"""Signing what was found, or refusing to, each bound to the digest of the record."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session

from audit.domain.lifecycle import Act, step
from audit.errors import Conflict, Invalid
from audit.services.acting import Member
from audit.services.audits import enter
from audit.services.entries import LONGEST_LINE, Entries
from audit.store.audits import Audit, get_audit
from audit.store.base import Document
from audit.store.corrections import find_correction
from audit.store.signatures import Part, Signature, signatures_of

LONGEST_COMMENT = 2000
# What a signature means, said beside it on screen and in print (Texas: received, not agreed).
MEANINGS = {
    Part.INSPECTOR: "I carried out this audit. The responses are what I saw, measured or was told.",
    Part.PERSON_IN_CHARGE: "I have received these results. This does not mean that I agree.",
}
_CORRECTING = (
    "I corrected this record. What was changed, and why, is listed in it; all else is as it was"
    " signed before."
)


_REVIEWING = "I have reviewed this audit, its findings and the evidence for them."


def meaning_of(session: Session, audit: Audit, part: Part) -> str:
    """Return what a signature under `audit` means: who corrects it need not have been there."""
    if part is Part.MANAGER:
        return _REVIEWING
    if part is Part.INSPECTOR and find_correction(session, audit.id):
        return _CORRECTING
    return MEANINGS[part]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """What a person puts down when signing; `strokes` are the drawn lines, none when typed."""

    part: Part
    name: str
    role: str
    meaning: str
    strokes: tuple[tuple[int, ...], ...] = ()
    credential: str = ""
    comment: str = ""
    refused: bool = False
    reason: str = ""
    # Where it was signed on a tablet: when, put right, and when by the tablet's own clock.
    signed_at: datetime | None = None
    claimed_at: datetime | None = None


def sign_audit(
    session: Session, audit_id: UUID, signing: Signing, *, by: Member, now: datetime
) -> Signature:
    """Add one person's signature over the record, or their refusal with its reason.

    The caller has checked the password of the member at the device again. The inspector signs
    first; who receives the report, and the manager who reviews it, sign what the inspector has.
    """
    audit = get_audit(session, audit_id, hold=True)
    following = step(audit.state, Act.SIGN)
    _guard_signing(session, audit.id, signing, by)
    if audit.record_digest is None:
        raise Conflict("This audit has no record to sign.", code="no_record")
    row = Signature(
        audit_id=audit.id,
        part=signing.part,
        **_read(signing),
        meaning=signing.meaning,
        signed_at=signing.signed_at or now,
        claimed_at=signing.claimed_at,
        digest=audit.record_digest,
        # The person in charge signs at someone else's device and may have no account.
        person_id=None if signing.part is Part.PERSON_IN_CHARGE else by.id,
        strokes=[{"points": list(stroke)} for stroke in signing.strokes],
        refused=signing.refused,
    )
    session.add(row)
    audit.state = following
    audit.signed_at = audit.signed_at or row.signed_at
    act = "refuse_signature" if signing.refused else "sign_audit"
    details = {"part": signing.part.value, "name": row.name, "record": row.digest}
    enter(session, audit, act, by=by, at=now, details=details, claimed_at=signing.claimed_at)
    return row


def _guard_signing(session: Session, audit_id: UUID, signing: Signing, by: Member) -> None:
    """Refuse who signs twice, before the inspector, for themselves, or refuses their own part."""
    signed = {one.part: one.person_id for one in signatures_of(session, audit_id)}
    if signing.part in signed:
        raise Conflict("This part has been signed already.", code="signed_already")
    if signing.part is not Part.INSPECTOR and Part.INSPECTOR not in signed:
        raise Conflict("The inspector signs first.", code="inspector_first")
    if signing.part is not Part.PERSON_IN_CHARGE and signing.refused:
        raise Invalid("Only the person in charge can refuse.", code="cannot_refuse")
    if signing.part is Part.MANAGER and signed[Part.INSPECTOR] == by.id:
        words = "You carried out this audit, so someone else reviews it."
        raise Conflict(words, code="own_audit")


def _read(signing: Signing) -> Document:
    """Return what was written, clean; Invalid names each field that needs a change."""
    entries, why = Entries(), signing.reason if signing.refused else ""
    line = partial(entries.text, longest=LONGEST_LINE)
    read = {
        "name": line("name", signing.name, needed="Write the name of who signs."),
        "role": line("role", signing.role),
        "credential": line("credential", signing.credential),
        "comment": entries.text("comment", signing.comment, longest=LONGEST_COMMENT),
        "reason": line("reason", why, needed="Write why." if signing.refused else ""),
    }
    entries.check()
    return read
