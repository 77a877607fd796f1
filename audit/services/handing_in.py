"""Handing in: what people saw on the tablet is what is closed and signed, or nothing is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal
from uuid import UUID

from sqlalchemy.orm import Session

from audit.domain.completeness import Lack
from audit.domain.lifecycle import RECORDING, AuditState
from audit.errors import Conflict
from audit.services.acting import Member, Shelf
from audit.services.audits import complete_audit, enter, what_is_missing
from audit.services.batches import put_right
from audit.services.changes import state_of
from audit.services.keeping import signatures_in
from audit.services.receipts import photos_of_audit
from audit.services.signatures import Signing, sign_audit
from audit.services.visits import open_audit
from audit.store.audits import Audit, current_changes, get_audit
from audit.store.base import Document, new_id
from audit.store.device import (
    CLOSING,
    Outcome,
    ReceivedChange,
    Standing,
    find_receipt,
    open_conflicts,
    received_of,
)
from audit.store.signatures import Part, signatures_of


class NotReady(Conflict):
    """The server has something else than the tablet, or not all; `hinders` says what."""

    def __init__(self, hinders: Mapping[str, object]) -> None:
        """Keep what hinders, by its name in the protocol."""
        words = "The tablet and the server do not hold the same yet. Nothing was closed."
        if hinders.keys() == {"lacks"}:
            words = "Something is still missing. Nothing was closed."
        super().__init__(words, code="not_ready")
        self.hinders = dict(hinders)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandIn:
    """An audit as closed on a tablet; `raw` is the same as it came, without the password."""

    id: UUID
    device: str
    clock: datetime
    revision: int
    state: str
    evidence: tuple[tuple[str, str], ...]
    completed_at: datetime
    signings: tuple[Signing, ...]
    raw: str
    # Who had signed or refused before it was opened again, as the journal says it.
    discarded: tuple[Document, ...] = ()


def hand_in(
    session: Session, audit_id: UUID, handed: HandIn, *, shelf: Shelf, by: Member, now: datetime
) -> Document:
    """Close, sign and acknowledge an audit; the same again gives the same receipt.

    The caller has checked the password. NotReady says what hinders. Beside the receipt stands what
    became of the signatures: "applied", or "kept" for a manager where someone else's stand.
    """
    audit = get_audit(session, audit_id, hold=True)
    receipt = find_receipt(session, audit.id)
    if receipt is not None:
        became = _heed_late(session, audit, handed, by, now)
        return {**receipt.document, "signatures": became}
    ended = max(put_right(handed.completed_at, handed.clock, now=now), audit.started_at or now)
    ended = min(ended, now)
    hinders = _hindrances(session, audit, handed, shelf, ended)
    if hinders and audit.state in RECORDING:
        raise NotReady(hinders)
    audit.claimed_completed_at = handed.completed_at
    complete_audit(session, audit.id, shelf=shelf, by=by, now=now, ended=ended)
    _apply(session, audit, handed, by, now)
    made = find_receipt(session, audit.id)
    if made is None:
        raise RuntimeError("a completed audit has its receipt")
    return {**made.document, "signatures": "applied"}


def _apply(session: Session, audit: Audit, handed: HandIn, by: Member, now: datetime) -> None:
    for signing in sorted(handed.signings, key=lambda one: one.part is not Part.INSPECTOR):
        sign_audit(session, audit.id, signing, by=by, now=now)
    session.add(_closing(audit, handed, by, Outcome.APPLIED, now))
    details = {
        "device": handed.device,
        "id": str(handed.id),
        "state": handed.state,
        **({"discarded": list(handed.discarded)} if handed.discarded else {}),
    }
    claimed = handed.completed_at
    enter(session, audit, "hand_in", by=by, at=now, details=details, claimed_at=claimed)
    session.flush()


def _heed_late(
    session: Session, audit: Audit, handed: HandIn, by: Member, now: datetime
) -> Literal["applied", "kept"]:
    """Say what became of signatures that come when an audit is closed already."""
    if _is_applied(session, audit, handed, by):
        return "applied"
    if _is_unsigned(session, audit, handed):
        _apply(session, audit, handed, by, now)
        return "applied"
    _keep_late(session, audit, handed, by, now)
    return "kept"


def _is_applied(session: Session, audit: Audit, handed: HandIn, by: Member) -> bool:
    """Say whether these very signatures are under the audit: the reply may have been lost."""
    signed = signatures_in(handed.raw)
    return any(
        row.outcome is Outcome.APPLIED
        and row.person_id == by.id
        and signatures_in(row.raw) == signed
        for row in received_of(session, audit.id)
        if row.key == CLOSING
    )


def _is_unsigned(session: Session, audit: Audit, handed: HandIn) -> bool:
    """Say whether what people saw on the tablet was completed elsewhere, and waits for them."""
    return (
        audit.state is AuditState.COMPLETED
        and not signatures_of(session, audit.id)
        and handed.state == state_of(current_changes(session, audit.id))
        and dict(handed.evidence) == dict(photos_of_audit(session, audit))
    )


def _hindrances(
    session: Session, audit: Audit, handed: HandIn, shelf: Shelf, ended: datetime
) -> dict[str, object]:
    current = current_changes(session, audit.id)
    photos: dict[str, str] = dict(photos_of_audit(session, audit))
    shown = dict(handed.evidence)
    later: list[list[str | None]] = [
        [key, str(one.change_id)]
        for key, one in sorted(current.items())
        if one.sequence > handed.revision
    ]
    # A photo added on a page changes no response, so it is told as if it did.
    later += [[f"photo:{one}", None] for one in sorted(photos.keys() - shown.keys())]
    differs = handed.state != state_of(current)
    lacks = what_is_missing(open_audit(session, audit, shelf.catalogue), now=ended)
    found = {
        "missing_evidence": sorted(one for one in shown if photos.get(one) != shown[one]),
        "unknown_changes": differs and not later,
        "server_changes": later if differs or photos.keys() - shown.keys() else [],
        "open_conflicts": [str(one.change_id) for one in open_conflicts(session, audit.id)],
        "lacks": [_said(lack) for lack in lacks],
    }
    return {name: what for name, what in found.items() if what}


def _said(lack: Lack) -> dict[str, str]:
    where = {"key": lack.asked.key} if lack.asked else {"group": str(lack.group)}
    return {**where, "words": lack.words}


def _keep_late(session: Session, audit: Audit, handed: HandIn, by: Member, now: datetime) -> None:
    closing = _closing(audit, handed, by, Outcome.LOCKED, now)
    if not handed.signings or not keep_once(session, closing):
        return
    details = {"device": handed.device, "signatures": [one.name for one in handed.signings]}
    enter(session, audit, "keep_late_signatures", by=by, at=now, details=details)


def keep_once(session: Session, closing: ReceivedChange) -> bool:
    """Keep a closing unless the same came before; say whether it is new."""
    every = received_of(session, closing.audit_id)
    if closing.digest in {row.digest for row in every if row.key == CLOSING}:
        return False
    session.add(closing)
    return True


def _closing(
    audit: Audit, handed: HandIn, by: Member, outcome: Outcome, now: datetime
) -> ReceivedChange:
    return ReceivedChange(
        change_id=new_id(),
        audit_id=audit.id,
        key=CLOSING,
        raw=handed.raw,
        parent=None,
        at=handed.completed_at,
        via="tablet",
        digest=sha256(f"{by.id}{handed.raw}".encode()).hexdigest(),
        person_id=by.id,
        brought_by=by.id,
        device=handed.device,
        received_at=now,
        outcome=outcome,
        stands=Standing.DONE if outcome is Outcome.APPLIED else Standing.LOCKED,
    )
