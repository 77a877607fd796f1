"""What people do with an audit: plan it, answer it, complete it, sign it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from audit.domain.catalogue import Catalogue
from audit.domain.checklist import situation
from audit.domain.completeness import Lack, lacking, lacking_groups
from audit.domain.definitions import RepeatGroup
from audit.domain.lifecycle import Act, AuditState, step
from audit.domain.responses import read_text
from audit.errors import Conflict, Invalid
from audit.services.acting import Member, Shelf
from audit.services.changes import (
    LONGEST_LABEL,
    MOST_SUBJECTS,
    SUBJECTS,
    Edit,
    History,
    read_response,
    require_named,
)
from audit.services.corrections import end_of_visit, in_language_of_report, noted
from audit.services.entries import LONGEST_LINE, Entries
from audit.services.receipts import make_receipt
from audit.services.record import Judgement, ask, judge, make_record
from audit.services.visits import OpenAudit, basis_of, numbered, open_audit, site_subjects
from audit.store.audits import (
    Audit,
    AuditKind,
    changes_of,
    get_audit,
    next_audit_number,
)
from audit.store.base import Document
from audit.store.device import open_conflicts
from audit.store.evidence import evidence_of
from audit.store.findings import Finding
from audit.store.journal import JournalEntry, write_entry
from audit.store.sites import get_site
from reports.snapshot import Record, canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What someone chose when starting an audit."""

    site_id: UUID
    checklist_code: str
    kind: AuditKind
    person_in_charge: str = ""
    present: tuple[str, ...] = ()


def start_audit(
    session: Session, plan: Plan, *, catalogue: Catalogue, by: Member, now: datetime
) -> Audit:
    """Start an audit of a site by the newest version of a checklist and of the site's pack.

    Code, version and digest stay with the audit: a checklist published later changes nothing.
    """
    audit = draft_audit(session, plan, catalogue=catalogue, by=by, now=now)
    audit.state, audit.started_at = step(audit.state, Act.START), now
    session.add(audit)
    session.flush()
    details = {"checklist": audit.checklist_digest, "kind": plan.kind.value}
    enter(session, audit, "start_audit", by=by, at=now, details=details)
    return audit


def draft_audit(
    session: Session, plan: Plan, *, catalogue: Catalogue, by: Member, now: datetime
) -> Audit:
    """Return an audit as planned, numbered and not kept yet."""
    site = get_site(session, plan.site_id)
    in_charge, present = _read_people(plan)
    pack = catalogue.pack_for(site.jurisdiction)
    version = catalogue.newest(plan.checklist_code)
    used = (pack.code, pack.version) if pack else None
    return Audit(
        site_id=site.id,
        number=next_audit_number(session),
        kind=plan.kind,
        inspector_id=by.id,
        inspector_name=by.name,
        person_in_charge=in_charge,
        present=present,
        checklist_code=plan.checklist_code,
        checklist_version=str(version),
        checklist_digest=catalogue.get(plan.checklist_code, version, used).digest,
        pack_code=pack.code if pack else None,
        pack_version=str(pack.version) if pack else None,
        zone=site.zone,
        services=list(site.services),
        repeats=known_subjects(session, site.id),
        created_at=now,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """Who begins a planned audit, and when; `claimed_at` is what a tablet's clock said.

    Without `subjects`, those known at the site now are taken.
    """

    inspector: Member
    at: datetime
    claimed_at: datetime | None = None
    subjects: Mapping[str, Sequence[Document]] | None = None


def begin_audit(
    session: Session, audit: Audit, beginning: Beginning, *, by: Member, now: datetime
) -> None:
    """Start a planned audit, held, at the site as it is by now; its checklist stays as planned."""
    site = get_site(session, audit.site_id)
    subjects = beginning.subjects
    audit.state = step(audit.state, Act.START)
    audit.started_at, audit.claimed_started_at = beginning.at, beginning.claimed_at
    audit.inspector_id, audit.inspector_name = beginning.inspector.id, beginning.inspector.name
    audit.zone, audit.services = site.zone, list(site.services)
    audit.repeats = known_subjects(session, site.id) if subjects is None else subjects
    details = {
        "checklist": audit.checklist_digest,
        "kind": audit.kind.value,
        "inspector": audit.inspector_name,
        "planned_for": audit.scheduled_for.isoformat() if audit.scheduled_for else None,
    }
    claimed = beginning.claimed_at
    enter(session, audit, "start_audit", by=by, at=now, details=details, claimed_at=claimed)


def _read_people(plan: Plan) -> tuple[str, list[str]]:
    """Return who is in charge and who is there; Invalid names each field that needs a change."""
    entries = Entries()
    in_charge = entries.text("person_in_charge", plan.person_in_charge, longest=LONGEST_LINE)
    present = [entries.text("present", one, longest=LONGEST_LINE) for one in plan.present]
    if len(present) > MOST_SUBJECTS:
        entries.refuse("present", f"Name at most {MOST_SUBJECTS}.")
    entries.check()
    return in_charge, present


def known_subjects(session: Session, site_id: UUID) -> dict[str, list[Document]]:
    """Return what is known at a site of what its audits repeat over."""
    return {
        group.value: [{"id": one.id, "label": one.label} for one in subjects]
        for group, subjects in site_subjects(session, site_id).items()
    }


def name_subjects(
    session: Session,
    audit_id: UUID,
    group: RepeatGroup,
    labels: Iterable[str],
    *,
    by: Member,
    now: datetime,
) -> None:
    """Say which rooms, loads … this audit looks at; no label says there are none.

    A label already there keeps its responses; one that has responses or photos cannot be left out.
    """
    audit = get_audit(session, audit_id, hold=True)
    step(audit.state, Act.RECORD)
    before = list(audit.repeats.get(group.value, []))
    kept = _subjects(before, labels)
    gone = {one["id"] for one in before} - {one["id"] for one in kept}
    photographed = (photo.key for photo in evidence_of(session, audit.id))
    if any(key.partition("@")[2] in gone for key in (*audit.given, *photographed)):
        words = "What has responses or photos already stays. Choose “not applicable” there instead."
        raise Invalid(words, code="subject_has_responses", places={"labels": words})
    if kept != before or group.value not in audit.repeats:
        after = {"subjects": kept}
        edit = Edit(key=f"{SUBJECTS}{group.value}", after=after, person_id=by.id, via="page")
        History(session, audit).write(edit, now=now)
    enter(
        session,
        audit,
        "name_subjects",
        by=by,
        at=now,
        details={"group": group.value, "before": before, "after": kept},
    )


def _subjects(before: Sequence[Document], labels: Iterable[str]) -> list[Document]:
    """Return a subject for each label: those known keep their ids, others get the next."""
    known = dict(zip(numbered(one["label"] for one in before), before, strict=True))
    read = (one if one in known else read_text(one, longest=LONGEST_LABEL) for one in labels)
    wanted = numbered(filter(None, read))
    if len(wanted) > MOST_SUBJECTS:
        raise Invalid(f"Name at most {MOST_SUBJECTS}.", code="too_many_subjects")
    fresh = count(1 + max((int(i["id"]) for i in before if i["id"].isdecimal()), default=0))
    return [
        {"id": known[label]["id"] if label in known else str(next(fresh)), "label": label}
        for label in wanted
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """Responses handed in at once, raw, by key; made while the audit was at `revision`."""

    given: Mapping[str, Mapping[str, object]]
    via: str = "page"
    revision: int | None = None
    claimed_at: datetime | None = None


def record_responses(
    session: Session,
    audit_id: UUID,
    handed: Handed,
    *,
    catalogue: Catalogue,
    by: Member,
    now: datetime,
) -> int:
    """Keep all of what was handed in, or none; return the audit's new revision.

    Invalid names each key that cannot be read. Conflict names each key that someone else changed
    meanwhile: their response stays, and what was handed in is said again for a decision. The first
    response begins a planned audit.
    """
    audit = get_audit(session, audit_id, hold=True)
    if audit.state is AuditState.PLANNED:
        begin_audit(session, audit, Beginning(inspector=by, at=now), by=by, now=now)
    step(audit.state, Act.RECORD)
    after = _read_all(audit, handed, catalogue)
    changed = {key: one for key, one in after.items() if one != audit.given.get(key)}
    if not changed:
        return audit.given_revision
    _refuse_older(session, audit, handed, changed)
    history = History(session, audit)
    for key, stored in changed.items():
        edit = Edit(
            key=key,
            after=stored,
            person_id=by.id,
            via=handed.via,
            claimed_at=handed.claimed_at,
        )
        history.write(edit, now=now)
    details = {"changes": history.told, "revision": audit.given_revision}
    claimed = handed.claimed_at
    enter(session, audit, "record_responses", by=by, at=now, details=details, claimed_at=claimed)
    return audit.given_revision


def _read_all(audit: Audit, handed: Handed, catalogue: Catalogue) -> dict[str, Document | None]:
    checklist = basis_of(audit, catalogue).checklist
    read: dict[str, Document | None] = {}
    places: dict[str, str] = {}
    for key, raw in handed.given.items():
        try:
            require_named(audit, key)
            read[key] = read_response(audit, checklist, key, raw)
            _refuse_lone_comment(read[key], raw)
        except Invalid as error:
            places[key] = error.message
    if places:
        raise Invalid("Some responses need a change.", code="bad_responses", places=places)
    return read


def _refuse_lone_comment(response: Document | None, raw: Mapping[str, object]) -> None:
    """Refuse a comment beside no response: it would be lost, and it would look kept."""
    if response is None and str(raw.get("comment") or "").strip():
        words = "Respond here as well, so that the comment can be kept; or take the comment away."
        raise Invalid(words, code="lone_comment")


def _refuse_older(
    session: Session, audit: Audit, handed: Handed, changed: Mapping[str, object]
) -> None:
    if handed.revision is None or handed.revision >= audit.given_revision:
        return
    later = [one for one in changes_of(session, audit.id) if one.sequence > handed.revision]
    both = {one.key: one for one in later if one.key in changed}
    if both:
        words = "Someone else changed this meanwhile. Look at both and choose again."
        raise Conflict(words, code="changed_meanwhile", places=dict.fromkeys(both, words))


def what_is_missing(opened: OpenAudit, *, now: datetime) -> tuple[Lack, ...]:
    """Return what an audit lacks before it can be completed; nothing means it can."""
    visit, checklist = opened.visit, opened.basis.checklist
    known = situation(visit.services, visit.repeats, visit.given)
    photos = {key: len(found) for key, found in visit.photos.items()}
    today = now.astimezone(ZoneInfo(visit.zone)).date()
    groups = lacking_groups(checklist, known, visit.repeats)
    return (*groups, *lacking(ask(visit, checklist), visit.given, photos, on=today))


def complete_audit(
    session: Session,
    audit_id: UUID,
    *,
    shelf: Shelf,
    by: Member,
    now: datetime,
    ended: datetime | None = None,
) -> Judgement:
    """Close the responses, raise the findings, and freeze the record that people will sign.

    A visit that `ended` before it was handed in is judged as of then.
    """
    audit = get_audit(session, audit_id, hold=True)
    following = step(audit.state, Act.COMPLETE)
    _refuse_open_conflicts(session, audit.id)
    ended = end_of_visit(session, audit, ended or now)
    opened = open_audit(session, audit, shelf.catalogue)
    missing = what_is_missing(opened, now=ended)
    if missing:
        raise Conflict(
            f"Not complete yet; still missing: {len(missing)}.", code="audit_not_complete"
        )
    judgement = judge(opened.visit, opened.basis, now=ended)
    visit = in_language_of_report(session, audit, opened.visit, blobs=shelf.blobs)
    record = make_record(visit, opened.basis, judgement, now=ended)
    record = noted(session, audit, record, blobs=shelf.blobs, now=now)
    audit.record_digest = shelf.blobs.put(canonical(record))
    _close(audit, record, ended)
    audit.state = following
    session.add_all(_findings(audit, judgement, ended))
    details = {"record": audit.record_digest, "outcome": record.scoring.outcome}
    entry = enter(session, audit, "complete_audit", by=by, at=now, details=details)
    session.add(make_receipt(session, audit, entry=entry.number, by=by, now=now))
    return judgement


def _refuse_open_conflicts(session: Session, audit_id: UUID) -> None:
    waiting = {one.key for one in open_conflicts(session, audit_id)}
    if waiting:
        items = "item has" if len(waiting) == 1 else "items have"
        words = f"{len(waiting)} {items} two responses. Choose one for each first."
        raise Conflict(words, code="open_conflicts")


def _close(audit: Audit, record: Record, now: datetime) -> None:
    audit.completed_at = now
    audit.outcome = record.scoring.outcome
    audit.earned = record.scoring.earned
    audit.possible = record.scoring.possible
    audit.percent = record.scoring.percent


def _findings(audit: Audit, judgement: Judgement, now: datetime) -> list[Finding]:
    today = now.astimezone(ZoneInfo(audit.zone)).date()
    return [
        Finding(
            audit_id=audit.id,
            item_code=one.line.asked.item.code,
            repeat_key=one.line.asked.repeat,
            words=one.line.asked.item.prompt,
            severity=one.severity,
            raised_on=today,
            due_on=one.due_on,
            corrected=one.corrected,
        )
        for one in judgement.findings
    ]


def enter(  # noqa: PLR0913 - an entry says who, what, on what, when: each is named
    session: Session,
    audit: Audit,
    act: str,
    *,
    by: Member,
    at: datetime,
    details: Document,
    claimed_at: datetime | None = None,
) -> JournalEntry:
    """Write the journal entry of an act on `audit`."""
    return write_entry(
        session,
        act=act,
        by=by.actor,
        subject=("audit", audit.id),
        at=at,
        details=details,
        claimed_at=claimed_at,
    )
