"""Beginning an audit that a tablet has begun already, or keeping that it did."""

from datetime import datetime

from sqlalchemy.orm import Session

from audit.domain.lifecycle import Act, AuditState, step
from audit.domain.responses import read_text
from audit.errors import Conflict, NotFound
from audit.services.acting import Shelf
from audit.services.audits import Beginning, begin_audit, enter, known_subjects
from audit.services.batches import Batch, Change, Opening, put_right
from audit.services.changes import read_opening_subjects
from audit.store.audits import Audit, add_with_own_id, find_audit, next_audit_number
from audit.store.base import Document
from audit.store.device import START, Outcome, ReceivedChange, Standing, received_by_id
from audit.store.journal import write_entry
from audit.store.sites import Site, get_site


def audit_of(session: Session, batch: Batch, *, shelf: Shelf, now: datetime) -> Audit | None:
    """Return the audit of a batch, held, begun where the tablet did; None while its start waits.

    NotFound where there is no such audit and nothing says how it began.
    """
    audit = find_audit(session, batch.audit_id, hold=True)
    if audit is None and batch.opening is not None and batch.may_record:
        audit = _start(session, batch, batch.opening, shelf, now)
    if audit is None:
        _keep_start(session, batch, now)
    elif audit.state is AuditState.PLANNED and batch.may_record:
        _begin(session, audit, batch, now)
    return audit


def _begin(session: Session, audit: Audit, batch: Batch, now: datetime) -> None:
    """Begin a planned audit as the tablet says it did, or with the first of its changes."""
    said = batch.begin
    began = said.started_at if said else min((one.at for one in batch.changes), default=None)
    if began is None:
        return
    beginning = Beginning(
        inspector=batch.author,
        at=put_right(began, batch.clock, now=now),
        claimed_at=began,
        subjects=said.subjects if said else None,
    )
    begin_audit(session, audit, beginning, by=batch.by, now=now)


def _start(session: Session, batch: Batch, opening: Opening, shelf: Shelf, now: datetime) -> Audit:
    site = _site_of(session, opening)
    digest = shelf.catalogue.get(opening.code, opening.version, opening.pack).digest
    if digest != opening.digest:
        words = "This tablet used another checklist under the same name. Nothing was taken in."
        raise Conflict(words, code="digest_differs")

    def make() -> Audit:
        return Audit(
            id=batch.audit_id,
            site_id=site.id,
            number=next_audit_number(session),
            kind=opening.kind,
            inspector_id=batch.author.id,
            inspector_name=batch.author.name,
            person_in_charge=read_text(opening.person_in_charge, longest=200),
            present=[read_text(name, longest=200) for name in opening.present],
            checklist_code=opening.code,
            checklist_version=str(opening.version),
            checklist_digest=digest,
            pack_code=opening.pack[0] if opening.pack else None,
            pack_version=str(opening.pack[1]) if opening.pack else None,
            zone=site.zone,
            services=list(site.services),
            repeats=_repeats_of(session, opening),
            created_at=now,
            state=step(AuditState.PLANNED, Act.START),
            started_at=put_right(opening.started_at, batch.clock, now=now),
            claimed_started_at=opening.started_at,
        )

    begun = add_with_own_id(session, make)
    audit = find_audit(session, batch.audit_id, hold=True)
    if audit is None:
        words = "This audit's id is used already. Start it again on the tablet."
        raise Conflict(words, code="id_taken")
    if begun:
        _enter_start(session, audit, batch, opening, now)
    return audit


def _repeats_of(session: Session, opening: Opening) -> dict[str, list[Document]]:
    if opening.subjects is None:
        return known_subjects(session, opening.site_id)
    return read_opening_subjects(opening.subjects)


def _site_of(session: Session, opening: Opening) -> Site:
    try:
        return get_site(session, opening.site_id)
    except NotFound as error:
        words = "The tablet names a site that is not known here. Nothing was taken in."
        raise NotFound(words, code=error.code) from error


def _enter_start(
    session: Session, audit: Audit, batch: Batch, opening: Opening, now: datetime
) -> None:
    details = {
        "checklist": audit.checklist_digest,
        "kind": audit.kind.value,
        "device": batch.device,
        "inspector": audit.inspector_name,
    }
    claimed = opening.started_at
    enter(session, audit, "start_audit", by=batch.by, at=now, details=details, claimed_at=claimed)
    waiting = received_by_id(session, [audit.id]).get(audit.id)
    if waiting is not None and waiting.key == START and waiting.stands is Standing.QUARANTINED:
        waiting.stands = Standing.SETTLED


def _keep_start(session: Session, batch: Batch, now: datetime) -> None:
    """Keep how an audit began until a manager decides, once."""
    known = received_by_id(session, [batch.audit_id]).get(batch.audit_id)
    if known is not None and known.key == START:
        return
    if known is not None or batch.opening is None:
        raise NotFound("There is no such audit.", code="audit_unknown")
    start = Change(
        id=batch.audit_id,
        key=START,
        raw=batch.opening.raw,
        parent=None,
        at=batch.opening.started_at,
        via="tablet",
    )
    session.add(keep(batch, start, Outcome.QUARANTINED, now=now))
    write_entry(
        session,
        act="keep_start",
        by=batch.by.actor,
        subject=("audit", batch.audit_id),
        at=now,
        details={"author": batch.author.name, "device": batch.device},
        claimed_at=batch.opening.started_at,
    )


_AT_ONCE = (Outcome.APPLIED, Outcome.MERGED)


def keep(
    batch: Batch,
    change: Change,
    outcome: Outcome,
    *,
    now: datetime,
    code: str = "",
    words: str = "",
) -> ReceivedChange:
    """Return the row of a change that came, with what became of it."""
    return ReceivedChange(
        change_id=change.id,
        audit_id=batch.audit_id,
        key=change.key,
        raw=change.raw,
        parent=change.parent,
        at=change.at,
        via=change.via,
        settles=[str(one) for one in change.settles],
        digest=batch.digest_of(change),
        person_id=batch.author.id,
        brought_by=batch.by.id,
        device=batch.device,
        received_at=now,
        outcome=outcome,
        stands=Standing.DONE if outcome in _AT_ONCE else Standing(outcome.value),
        code=code,
        words=words,
    )
