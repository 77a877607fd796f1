"""Correcting a report: the audit is opened anew as it was, changed, signed and reported again.

The first report stays as it was issued; it is superseded when the second one is.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from audit.domain.lifecycle import Act, AuditState, step
from audit.errors import Conflict
from audit.services.acting import Member
from audit.services.changes import Edit, History
from audit.services.differences import differences
from audit.services.entries import Entries
from audit.services.record import Visit, local
from audit.store.audits import Audit, current_changes, get_audit, next_audit_number
from audit.store.base import Document
from audit.store.blobs import Blobs
from audit.store.corrections import Correction, find_correction, find_under_way
from audit.store.evidence import Evidence, evidence_of
from audit.store.findings import findings_of
from audit.store.journal import write_entry
from audit.store.people import get_person
from audit.store.reports import Report, ReportState, get_report, report_of
from reports import snapshot as frozen

LONGEST_REASON = 1000


def begin_correction(
    session: Session, code: str, *, reason: str, by: Member, now: datetime
) -> Audit:
    """Open the audit of a report anew, with all responses and photos as they were closed.

    Invalid without a reason; Conflict for a report that no longer stands or is being corrected.
    """
    typed = Entries()
    why = typed.text("reason", reason, needed="Say what is wrong.", longest=LONGEST_REASON)
    typed.check()
    # Held first, so that of two people at once the second sees what the first did.
    before = get_audit(session, get_report(session, code).audit_id, hold=True)
    report = get_report(session, code)
    session.refresh(report)
    step(before.state, Act.AMEND)
    if report.state is not ReportState.CURRENT:
        raise Conflict("This report does not stand any more.", code="report_not_current")
    if find_under_way(session, before.id):
        words = "This report is being corrected already. Go on there, or discard that first."
        raise Conflict(words, code="correction_under_way")
    audit = _opened_anew(before, next_audit_number(session), by, now)
    session.add(audit)
    session.flush()
    row = Correction(
        audit_id=audit.id,
        corrects=before.id,
        report_id=report.id,
        reason=why,
        begun_at=now,
        begun_by=by.id,
    )
    session.add(row)
    _carry_over(session, before, audit, now)
    details = {"code": report.code, "corrects": str(before.id), "reason": why}
    _enter(session, audit, "begin_correction", by, now, details)
    return audit


def _opened_anew(before: Audit, number: int, by: Member, now: datetime) -> Audit:
    """Return an audit of the same visit, held against the same, at work with `by`."""
    return Audit(
        site_id=before.site_id,
        number=number,
        kind=before.kind,
        inspector_id=by.id,
        inspector_name=before.inspector_name,
        checklist_code=before.checklist_code,
        checklist_version=before.checklist_version,
        checklist_digest=before.checklist_digest,
        zone=before.zone,
        created_at=now,
        state=step(AuditState.PLANNED, Act.START),
        pack_code=before.pack_code,
        pack_version=before.pack_version,
        person_in_charge=before.person_in_charge,
        present=list(before.present),
        services=list(before.services),
        repeats=dict(before.repeats),
        scheduled_for=before.scheduled_for,
        started_at=before.started_at,
        claimed_started_at=before.claimed_started_at,
    )


def _carry_over(session: Session, before: Audit, audit: Audit, now: datetime) -> None:
    """Bring responses along under the name of who gave them, and photos as they were added."""
    history, known = History(session, audit), current_changes(session, before.id)
    for key, stored in before.given.items():
        author = known[key].person_id if key in known else before.inspector_id
        history.write(Edit(key=key, after=stored, person_id=author, via="correction"), now=now)
    again: dict[UUID, UUID] = {}
    for photo in evidence_of(session, before.id):
        row = Evidence(
            audit_id=audit.id,
            key=photo.key,
            digest=photo.digest,
            size=photo.size,
            width=photo.width,
            height=photo.height,
            original_name=photo.original_name,
            added_at=photo.added_at,
            added_by=photo.added_by,
            taken_at=photo.taken_at,
            announced=photo.announced,
            drawn_on=again.get(photo.drawn_on) if photo.drawn_on else None,
        )
        again[photo.id] = row.id
        session.add(row)


def discard_correction(session: Session, audit_id: UUID, *, by: Member, now: datetime) -> Report:
    """End a correction that is not reported yet, and return the report, which stands on."""
    audit = get_audit(session, audit_id, hold=True)
    correction = find_correction(session, audit.id)
    if correction is None or audit.state is AuditState.REPORTED:
        raise Conflict("There is no correction under way here.", code="no_correction")
    audit.state = step(audit.state, Act.WITHDRAW)
    report = _replaced(session, correction)
    _enter(session, audit, "discard_correction", by, now, {"code": report.code})
    return report


def end_of_visit(session: Session, audit: Audit, otherwise: datetime) -> datetime:
    """Return as of when an audit is judged: a correction says what was so at the visit."""
    correction = find_correction(session, audit.id)
    if correction is None:
        return otherwise
    return get_audit(session, correction.corrects).completed_at or otherwise


def in_language_of_report(session: Session, audit: Audit, visit: Visit, *, blobs: Blobs) -> Visit:
    """Return the visit as it is told: a correction speaks the language of what it corrects."""
    correction = find_correction(session, audit.id)
    if correction is None:
        return visit
    return replace(visit, language=_record_before(session, correction, blobs).printed_in)


def _record_before(session: Session, correction: Correction, blobs: Blobs) -> frozen.Record:
    digest = get_audit(session, correction.corrects).record_digest
    if digest is None:
        raise ValueError("A reported audit has a record.")
    return frozen.Record.read(blobs.get(digest))


def noted(
    session: Session, audit: Audit, record: frozen.Record, *, blobs: Blobs, now: datetime
) -> frozen.Record:
    """Return the record with what it corrects; unchanged for an audit that corrects nothing.

    Names, addresses and credentials stay as they stood at the visit. Conflict where nothing
    differs.
    """
    correction = find_correction(session, audit.id)
    if correction is None:
        return record
    before = _record_before(session, correction, blobs)
    differing = differences(before, record)
    if not differing:
        words = "Nothing differs from the report yet. Change what is wrong, or discard this."
        raise Conflict(words, code="nothing_corrected")
    return record.model_copy(
        update={
            "organisation": before.organisation,
            "site": before.site,
            "practitioners": before.practitioners,
            "correction": frozen.Correction(
                report=_replaced(session, correction).code,
                reason=correction.reason,
                by=get_person(session, correction.begun_by).name,
                at=local(now, audit.zone),
                outcome=before.scoring.outcome,
                percent=before.scoring.percent,
                differences=differing,
            ),
        }
    )


def supersede(session: Session, audit: Audit) -> UUID | None:
    """Let the report that `audit` corrects stand no more, and return its id; None for no such.

    What was put right meanwhile stays put right.
    """
    correction = find_correction(session, audit.id)
    if correction is None:
        return None
    before = get_audit(session, correction.corrects, hold=True)
    report = _replaced(session, correction)
    if before.state is AuditState.WITHDRAWN:
        words = "The report that this corrects was withdrawn meanwhile. Discard the correction."
        raise Conflict(words, code="report_withdrawn")
    before.state = step(before.state, Act.AMEND)
    report.state = ReportState.SUPERSEDED
    closed = {
        (one.item_code, one.repeat_key): one.closed_on for one in findings_of(session, before.id)
    }
    for finding in findings_of(session, audit.id):
        finding.closed_on = closed.get((finding.item_code, finding.repeat_key))
    return report.id


def _replaced(session: Session, correction: Correction) -> Report:
    report = report_of(session, correction.corrects)
    if report is None:
        raise ValueError("What is corrected has a report.")
    return report


def _enter(
    session: Session, audit: Audit, act: str, by: Member, now: datetime, details: Document
) -> None:
    subject = ("audit", audit.id)
    write_entry(session, act=act, by=by.actor, subject=subject, at=now, details=details)
