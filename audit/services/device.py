"""Taking in what a tablet captured: each change is kept, with what became of it.

Order comes from parents, never from clocks: a change counts where its author saw what is current.
One that arrives late or twice changes nothing; one made beside someone else's waits for a choice.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from audit.domain.lifecycle import RECORDING
from audit.errors import Invalid
from audit.services.acting import Shelf
from audit.services.batches import Batch, Change
from audit.services.changes import PHOTO, Edit, History, read_change
from audit.services.starting import audit_of, keep
from audit.services.visits import basis_of
from audit.store.audits import Audit, ResponseChange, find_change
from audit.store.base import Document
from audit.store.device import Outcome, ReceivedChange, Standing, received_by_id, received_of
from audit.store.evidence import evidence_of
from audit.store.journal import write_entry

MOST_CHANGES = 200
_TAKEN = frozenset({Outcome.APPLIED, Outcome.MERGED, Outcome.CONFLICT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one change; `current` is what is current for its key now."""

    id: UUID
    status: str
    first: str = ""
    code: str = ""
    words: str = ""
    current: ResponseChange | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The audit's revision after a batch, and a result for each change in its order."""

    revision: int
    results: tuple[Result, ...]


def take_changes(session: Session, batch: Batch, *, shelf: Shelf, now: datetime) -> Taken:
    """Take in a batch; whatever comes again is known by its id and changes nothing.

    NotFound where there is no such audit and nothing says how it began.
    """
    audit = audit_of(session, batch, shelf=shelf, now=now)
    ids = [one.id for one in batch.changes]
    elsewhere, foreign = received_by_id(session, ids), find_change(session, ids)
    intake = Intake(session, batch, audit, shelf=shelf, now=now)
    results: dict[int, Result] = {}
    fresh: list[ReceivedChange] = []
    for place in batch.parents_first():
        change = batch.changes[place]
        known = intake.received.get(change.id) or elsewhere.get(change.id)
        if known is not None:
            results[place] = intake.look_up(known, change)
        elif change.id in foreign:
            results[place] = Result(id=change.id, status="id_reused")
        else:
            fresh.append(intake.take(change))
            results[place] = intake.result_of(fresh[-1])
    if fresh:
        _enter(session, batch, audit, intake, fresh, now)
    session.flush()
    revision = audit.given_revision if audit else 0
    return Taken(revision=revision, results=tuple(results[place] for place in sorted(results)))


def _enter(
    session: Session,
    batch: Batch,
    audit: Audit | None,
    intake: "Intake",
    fresh: list[ReceivedChange],
    now: datetime,
) -> None:
    outcomes: dict[str, list[str]] = {}
    for row in fresh:
        outcomes.setdefault(row.outcome.value, []).append(row.key)
    details = {
        **outcomes,
        "device": batch.device,
        "author": batch.author.name,
        "revision": audit.given_revision if audit else 0,
        "changes": intake.told,
    }
    write_entry(
        session,
        act="take_changes",
        by=batch.by.actor,
        subject=("audit", batch.audit_id),
        at=now,
        details=details,
        claimed_at=batch.clock,
    )


class Intake:
    """One audit open for what a batch brings; without an audit, everything is kept aside."""

    def __init__(
        self, session: Session, batch: Batch, audit: Audit | None, *, shelf: Shelf, now: datetime
    ) -> None:
        """Read what came before, and what is current."""
        self._session, self._batch, self._audit, self._now = session, batch, audit, now
        self.received = {row.change_id: row for row in received_of(session, batch.audit_id)}
        if audit is not None:
            self._checklist = basis_of(audit, shelf.catalogue).checklist
            self._history = History(session, audit)
            self._photos = {row.id: row for row in evidence_of(session, audit.id)}

    @property
    def told(self) -> list[Document]:
        """What was written into the audit's history, as the journal tells it."""
        return [] if self._audit is None else self._history.told

    def take(self, change: Change) -> ReceivedChange:
        """Decide on a change that is new here, and keep it."""
        after: Document | None = None
        code = words = ""
        outcome = self._closed_to_it()
        if outcome is None:
            try:
                after = self._read(change.key, change.raw)
                outcome = self._weigh(change, after)
            except Invalid as refusal:
                outcome, code, words = Outcome.REFUSED, refusal.code, refusal.message
        row = keep(self._batch, change, outcome, now=self._now, code=code, words=words)
        self._session.add(row)
        self.received[change.id] = row
        if outcome is Outcome.APPLIED:
            self._apply(row, after)
        self._settle(row)
        return row

    def apply_kept(self, row: ReceivedChange) -> Outcome:
        """Decide anew on a change that was kept aside; Invalid where its item cannot read it."""
        after = self._read(row.key, row.raw)
        change = Change(
            id=row.change_id, key=row.key, raw=row.raw, parent=row.parent, at=row.at, via=row.via
        )
        outcome = self._weigh(change, after)
        if outcome is Outcome.APPLIED:
            self._apply(row, after)
        return outcome

    def look_up(self, row: ReceivedChange, change: Change) -> Result:
        """Say what became of a change that came before."""
        if row.digest != self._batch.digest_of(change):
            return Result(id=change.id, status="id_reused")
        first = self.result_of(row)
        return Result(
            id=change.id,
            status="duplicate",
            first=first.status,
            code=first.code,
            words=first.words,
            current=first.current,
        )

    def result_of(self, row: ReceivedChange) -> Result:
        """Return what the tablet is told about a kept change."""
        current = None
        if self._audit is not None and row.outcome in (Outcome.CONFLICT, Outcome.MERGED):
            current = self._history.current.get(row.key)
        return Result(
            id=row.change_id,
            status=row.outcome.value,
            code=row.code,
            words=row.words,
            current=current,
        )

    def _closed_to_it(self) -> Outcome | None:
        if self._audit is None or not self._batch.may_record:
            return Outcome.QUARANTINED
        return None if self._audit.state in RECORDING else Outcome.LOCKED

    def _read(self, key: str, raw: str) -> Document | None:
        if self._audit is None:
            raise ValueError("Nothing is read before there is an audit.")
        return read_change(self._audit, self._checklist, key, json.loads(raw))

    def _weigh(self, change: Change, after: Document | None) -> Outcome:
        current = self._history.current.get(change.key)
        if current is None or change.parent == current.change_id:
            return Outcome.APPLIED
        if current.after == after or change.id in self._line_of(current.change_id):
            return Outcome.MERGED
        return Outcome.CONFLICT

    def _line_of(self, change_id: UUID) -> Iterator[UUID]:
        """Yield what a change was made from, as far as it came."""
        seen: set[UUID] = set()
        row = self.received.get(change_id)
        while row is not None and row.parent is not None and row.parent not in seen:
            seen.add(row.parent)
            yield row.parent
            row = self.received.get(row.parent)

    def _apply(self, row: ReceivedChange, after: Document | None) -> None:
        edit = Edit(
            key=row.key,
            after=after,
            person_id=row.person_id,
            via=row.via,
            claimed_at=row.at,
            change_id=row.change_id,
        )
        self._history.write(edit, now=self._now)
        if row.key.startswith(PHOTO):
            self._take_photo_away(row.key.removeprefix(PHOTO))
        self._let_follow(row)

    def _take_photo_away(self, named: str) -> None:
        for photo in self._photos.values():
            if str(photo.id) == named and photo.removed_at is None:
                photo.removed_at = self._now

    def _let_follow(self, row: ReceivedChange) -> None:
        """Apply what was made from this change and came before it."""
        for later in self._rows_of(row.key):
            early = later.stands is Standing.CONFLICT or later.outcome is Outcome.MERGED
            if later.parent == row.change_id and early:
                if later.stands is Standing.CONFLICT:
                    self._mark_settled(later, by=later.change_id)
                self._apply(later, self._read(later.key, later.raw))
                return

    def _settle(self, row: ReceivedChange) -> None:
        """Close what this change answers: conflicts it names, and its author's own refused tries.

        What lies behind the current change needs no choice any more either.
        """
        if row.outcome not in _TAKEN or self._audit is None:
            return
        current = self._history.current[row.key].change_id
        line = set(self._line_of(current))
        for other in self._rows_of(row.key):
            named = str(other.change_id) in row.settles and row.outcome is not Outcome.CONFLICT
            mine = other.person_id == row.person_id and other is not row
            # A choice that met a newer response takes the place of what its author set aside.
            again = mine and str(other.change_id) in row.settles
            answered = named or again or other.change_id in line
            if other.stands is Standing.CONFLICT and answered:
                self._mark_settled(other, by=row.change_id)
            if other.stands is Standing.REFUSED and mine:
                self._mark_settled(other, by=row.change_id)

    def _mark_settled(self, row: ReceivedChange, *, by: UUID) -> None:
        row.stands = Standing.SETTLED
        row.settled_by = by
        row.decided_at = self._now
        row.decided_by = self._batch.author.id

    def _rows_of(self, key: str) -> list[ReceivedChange]:
        return [row for row in self.received.values() if row.key == key]
