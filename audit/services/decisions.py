"""What people decide about work from tablets that did not simply count.

A conflict is settled by anyone who may record. What was locked, quarantined or refused waits for a
manager, who takes it over under its author's name or leaves it out; either way with a reason.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from audit.domain.lifecycle import RECORDING, Act, step
from audit.domain.responses import read_text
from audit.errors import Conflict, Invalid, NotFound
from audit.services.acting import Member, Shelf
from audit.services.audits import enter
from audit.services.batches import Batch, opening_of
from audit.services.changes import Edit, History, read_change
from audit.services.device import Intake
from audit.services.starting import audit_of
from audit.services.uploads import adopt_photo
from audit.services.visits import basis_of
from audit.store.audits import Audit, find_audit, get_audit
from audit.store.base import Document
from audit.store.device import (
    CLOSING,
    NEEDS_A_LOOK,
    START,
    Outcome,
    ReceivedChange,
    Standing,
    Upload,
    open_conflicts,
    received_of,
    uploads_of,
)
from audit.store.journal import write_entry
from audit.store.people import find_member

LONGEST_REASON = 1000
Waiting = ReceivedChange | Upload


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which of several changes of `key` is to be current; `chosen` may be the one that is."""

    audit_id: UUID
    key: str
    chosen: UUID


def settle_conflict(
    session: Session, choice: Choice, *, shelf: Shelf, by: Member, now: datetime
) -> None:
    """Make one of several responses the current one; the others stay on record.

    What was chosen becomes current anew, so that every tablet hears of the choice.
    """
    key, chosen = choice.key, choice.chosen
    audit = get_audit(session, choice.audit_id, hold=True)
    step(audit.state, Act.RECORD)
    history = History(session, audit)
    waiting = [one for one in open_conflicts(session, audit.id) if one.key == key]
    current = history.current.get(key)
    if not waiting or current is None:
        raise Conflict("This has been chosen already.", code="no_open_conflict")
    after = current.after
    if chosen != current.change_id:
        other = next((one for one in waiting if one.change_id == chosen), None)
        if other is None:
            raise Conflict("Someone has changed this meanwhile.", code="changed_meanwhile")
        checklist = basis_of(audit, shelf.catalogue).checklist
        after = read_change(audit, checklist, key, json.loads(other.raw))
    made = history.write(Edit(key=key, after=after, person_id=by.id, via="choice"), now=now)
    for one in waiting:
        one.stands = Standing.SETTLED
        one.settled_by, one.decided_at, one.decided_by = made.change_id, now, by.id
    details = {
        "key": key,
        "chosen": str(chosen),
        "revision": audit.given_revision,
        "changes": history.told,
    }
    enter(session, audit, "settle_conflict", by=by, at=now, details=details)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decision:
    """Who decided when, and why."""

    by: Member
    now: datetime
    reason: str

    def mark(self, row: Waiting, standing: Standing) -> None:
        """Write the decision on a row."""
        row.stands, row.reason = standing, self.reason
        row.decided_at, row.decided_by = self.now, self.by.id

    def enter(
        self,
        session: Session,
        audit_id: UUID,
        act: str,
        rows: Iterable[Waiting],
        told: Sequence[Document] = (),
    ) -> None:
        """Write the decision into the journal, and what was `told` of responses it changed."""
        ids = [
            str(one.change_id if isinstance(one, ReceivedChange) else one.evidence_id)
            for one in rows
        ]
        write_entry(
            session,
            act=act,
            by=self.by.actor,
            subject=("audit", audit_id),
            at=self.now,
            details={"reason": self.reason, "ids": ids, "changes": list(told)},
        )


def leave_out(session: Session, audit_id: UUID, *, reason: str, by: Member, now: datetime) -> None:
    """Leave out what waits of one audit; it stays on record with the reason."""
    decision = _Decision(by=by, now=now, reason=_read_reason(reason))
    find_audit(session, audit_id, hold=True)
    rows = _waiting(session, audit_id)
    for row in rows:
        decision.mark(row, Standing.LEFT_OUT)
    decision.enter(session, audit_id, "leave_out_work", rows)


def take_over(
    session: Session, audit_id: UUID, *, reason: str, shelf: Shelf, by: Member, now: datetime
) -> None:
    """Take over what waits of one audit, each under the name of its author.

    What cannot be read still waits, as do signatures: nobody signs for someone else. Conflict for
    a completed audit: its responses are closed.
    """
    decision = _Decision(by=by, now=now, reason=_read_reason(reason))
    found = find_audit(session, audit_id, hold=True)
    rows = _waiting(session, audit_id)
    taken: list[Waiting] = [one for one in rows if one.key == START]
    audit = found or _begin(session, taken, decision, shelf)
    if audit.state not in RECORDING:
        words = (
            "This audit is completed, so its responses stay as they are. Leave this out; "
            "what matters of it goes into a correction of the report."
        )
        raise Conflict(words, code="audit_closed")
    batch = Batch(
        audit_id=audit_id,
        changes=(),
        author=by,
        by=by,
        may_record=True,
        device="",
        clock=None,
    )
    intake = Intake(session, batch, audit, shelf=shelf, now=now)
    for row in rows:
        if isinstance(row, Upload):
            if _adopt(session, audit, row, decision):
                taken.append(row)
        elif row.key not in (START, CLOSING) and _apply(intake, row, decision):
            taken.append(row)
    if not taken:
        words = "None of this can be taken over: it cannot be read, or is a signature."
        raise Conflict(words, code="nothing_to_take_over")
    decision.enter(session, audit_id, "take_over_work", taken, intake.told)


def _read_reason(typed: str) -> str:
    said = read_text(typed, longest=LONGEST_REASON)
    if not said:
        words = "Say why, in a few words."
        raise Invalid(words, code="reason_missing", places={"reason": words})
    return said


def _waiting(session: Session, audit_id: UUID) -> list[Waiting]:
    every: list[Waiting] = [*received_of(session, audit_id), *uploads_of(session, audit_id)]
    rows = [one for one in every if one.stands in NEEDS_A_LOOK]
    if not rows:
        raise NotFound("Nothing of this audit waits any more.", code="nothing_waits")
    return rows


def _begin(session: Session, starts: list[Waiting], decision: _Decision, shelf: Shelf) -> Audit:
    """Begin the audit as its author did on the tablet."""
    start = starts[0] if starts else None
    author = find_member(session, start.person_id) if start else None
    if not isinstance(start, ReceivedChange) or author is None:
        raise NotFound("There is no such audit.", code="audit_unknown")
    batch = Batch(
        audit_id=start.audit_id,
        changes=(),
        author=Member(id=start.person_id, name=author[1].name),
        by=decision.by,
        may_record=True,
        device=start.device,
        clock=None,
        opening=opening_of(start.raw),
    )
    audit = audit_of(session, batch, shelf=shelf, now=decision.now)
    if audit is None:
        raise NotFound("There is no such audit.", code="audit_unknown")
    return audit


def _apply(intake: Intake, row: ReceivedChange, decision: _Decision) -> bool:
    """Let a change count, or meet what is current; False where its item cannot read it."""
    try:
        outcome = intake.apply_kept(row)
    except Invalid:
        return False
    if outcome is Outcome.CONFLICT:
        # It waits on, for whoever chooses between the two.
        row.stands, row.reason = Standing.CONFLICT, decision.reason
    else:
        decision.mark(row, Standing.TAKEN_OVER)
    return True


def _adopt(session: Session, audit: Audit, row: Upload, decision: _Decision) -> bool:
    if row.stored_size is None or not adopt_photo(
        session, audit, row, by=decision.by, now=decision.now
    ):
        return False
    decision.mark(row, Standing.TAKEN_OVER)
    return True
