"""What people do with an audit: plan it, answer it, complete it, sign it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from audit.domain.catalogue import Catalogue
from audit.domain.checklist import situation
from audit.domain.completeness import Lack, allow_absence, lacking, lacking_groups
from audit.domain.definitions import RepeatGroup, Service
from audit.domain.lifecycle import Act, step
from audit.domain.responses import read_text
from audit.errors import Conflict, Invalid
from audit.services.acting import Member, Shelf
from audit.services.record import Judgement, ask, judge, make_record
from audit.services.visits import OpenAudit, basis_of, open_audit, site_subjects
from audit.store.audits import (
    Audit,
    AuditKind,
    ResponseChange,
    changes_of,
    get_audit,
    next_audit_number,
    next_sequence,
)
from audit.store.base import Document
from audit.store.findings import Finding
from audit.store.journal import write_entry
from audit.store.signatures import Part, Signature, signatures_of
from audit.store.sites import get_site
from reports.snapshot import Record, canonical

MOST_SUBJECTS = 60
# What a signature means, said beside it on screen and in print (Texas: received, not agreed).
MEANINGS = {
    Part.INSPECTOR: "I carried out this audit. The responses are what I saw, measured or was told.",
    Part.PERSON_IN_CHARGE: "I have received these results. This does not mean that I agree.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What someone chose when starting an audit."""

    site_id: UUID
    checklist_code: str
    kind: AuditKind
    person_in_charge: str = ""
    present: tuple[str, ...] = ()


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


def start_audit(
    session: Session, plan: Plan, *, catalogue: Catalogue, by: Member, now: datetime
) -> Audit:
    """Start an audit of a site by the newest version of a checklist and of the site's pack.

    Code, version and digest stay with the audit: a checklist published later changes nothing.
    """
    site = get_site(session, plan.site_id)
    pack = catalogue.pack_for(site.jurisdiction)
    version = catalogue.newest(plan.checklist_code)
    audit = Audit(
        site_id=site.id,
        number=next_audit_number(session),
        kind=plan.kind,
        inspector_id=by.id,
        inspector_name=by.name,
        person_in_charge=read_text(plan.person_in_charge, longest=200),
        present=[read_text(name, longest=200) for name in plan.present],
        checklist_code=plan.checklist_code,
        checklist_version=str(version),
        checklist_digest=catalogue.get(
            plan.checklist_code, version, (pack.code, pack.version) if pack else None
        ).digest,
        pack_code=pack.code if pack else None,
        pack_version=str(pack.version) if pack else None,
        zone=site.zone,
        services=list(site.services),
        repeats={
            group.value: [{"id": one.id, "label": one.label} for one in subjects]
            for group, subjects in site_subjects(session, site.id).items()
        },
        created_at=now,
    )
    audit.state, audit.started_at = step(audit.state, Act.START), now
    session.add(audit)
    session.flush()
    write_entry(
        session,
        act="start_audit",
        by=by.actor,
        subject=("audit", audit.id),
        at=now,
        details={"checklist": audit.checklist_digest, "kind": plan.kind.value},
    )
    return audit


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

    A label already there keeps its responses; one that has responses cannot be left out.
    """
    audit = get_audit(session, audit_id, hold=True)
    step(audit.state, Act.RECORD)
    before = list(audit.repeats.get(group.value, []))
    known = {one["label"]: one for one in before}
    wanted = list(dict.fromkeys(filter(None, (read_text(one, longest=80) for one in labels))))
    if len(wanted) > MOST_SUBJECTS:
        raise Invalid(f"Name at most {MOST_SUBJECTS}.", code="too_many_subjects")
    fresh = count(1 + max((int(i["id"]) for i in before if i["id"].isdecimal()), default=0))
    kept = [
        known[label] if label in known else {"id": str(next(fresh)), "label": label}
        for label in wanted
    ]
    gone = {one["id"] for one in before} - {one["id"] for one in kept}
    for key in audit.given:
        if key.partition("@")[2] in gone:
            raise Conflict(
                "This one has responses already. Answer its items as not applicable instead.",
                code="subject_has_responses",
            )
    audit.repeats = {**audit.repeats, group.value: kept}
    write_entry(
        session,
        act="name_subjects",
        by=by.actor,
        subject=("audit", audit.id),
        at=now,
        details={"group": group.value, "before": before, "after": kept},
    )


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
    meanwhile: their response stays, and what was handed in is said again for a decision.
    """
    audit = get_audit(session, audit_id, hold=True)
    step(audit.state, Act.RECORD)
    after = _read_all(audit, handed, catalogue)
    changed = {key: one for key, one in after.items() if one != audit.given.get(key)}
    if not changed:
        return audit.given_revision
    _refuse_older(session, audit, handed, changed)
    sequence = next_sequence(session, audit.id)
    for place, (key, stored) in enumerate(changed.items()):
        session.add(
            ResponseChange(
                audit_id=audit.id,
                sequence=sequence + place,
                key=key,
                before=audit.given.get(key),
                after=stored,
                person_id=by.id,
                at=now,
                via=handed.via,
                claimed_at=handed.claimed_at,
            )
        )
    merged = {**audit.given, **changed}
    audit.given = {key: stored for key, stored in merged.items() if stored is not None}
    audit.given_revision = sequence + len(changed) - 1
    write_entry(
        session,
        act="record_responses",
        by=by.actor,
        subject=("audit", audit.id),
        at=now,
        details={"keys": sorted(changed), "revision": audit.given_revision},
        claimed_at=handed.claimed_at,
    )
    return audit.given_revision


def _read_all(audit: Audit, handed: Handed, catalogue: Catalogue) -> dict[str, Document | None]:
    checklist = basis_of(audit, catalogue).checklist
    services = frozenset(Service(code) for code in audit.services)
    repeats = {one["id"] for subjects in audit.repeats.values() for one in subjects} | {""}
    read: dict[str, Document | None] = {}
    places: dict[str, str] = {}
    for key, raw in handed.given.items():
        code, _, repeat = key.partition("@")
        item = checklist.items.get(code)
        if item is None or not item.answerable or repeat not in repeats:
            raise Invalid("This audit does not ask that.", code="not_asked", places={key: code})
        try:
            response = item.read(raw)
            if response is not None:
                allow_absence(item, response, services)
            read[key] = response.stored() if response is not None else None
        except Invalid as error:
            places[key] = error.message
    if places:
        raise Invalid("Some responses need a change.", code="bad_responses", places=places)
    return read


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
) -> Judgement:
    """Close the responses, raise the findings, and freeze the record that people will sign."""
    audit = get_audit(session, audit_id, hold=True)
    following = step(audit.state, Act.COMPLETE)
    opened = open_audit(session, audit, shelf.catalogue)
    missing = what_is_missing(opened, now=now)
    if missing:
        raise Conflict(
            f"Not complete yet; still missing: {len(missing)}.", code="audit_not_complete"
        )
    judgement = judge(opened.visit, opened.basis, now=now)
    if not judgement.score.judged:
        raise Conflict(
            "Nothing was judged: at least one item needs a yes, a no or a reading.",
            code="nothing_judged",
        )
    record = make_record(opened.visit, opened.basis, judgement, now=now)
    audit.record_digest = shelf.blobs.put(canonical(record))
    _close(audit, record, now)
    audit.state = following
    session.add_all(_findings(audit, judgement, now))
    write_entry(
        session,
        act="complete_audit",
        by=by.actor,
        subject=("audit", audit.id),
        at=now,
        details={"record": audit.record_digest, "outcome": record.scoring.outcome},
    )
    return judgement


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


def sign_audit(
    session: Session, audit_id: UUID, signing: Signing, *, by: Member, now: datetime
) -> Signature:
    """Add one person's signature over the record, or their refusal with its reason.

    The caller has checked the password of the member at the device again. The inspector signs
    first; who receives the report signs what the inspector has signed.
    """
    audit = get_audit(session, audit_id, hold=True)
    following = step(audit.state, Act.SIGN)
    signed = {one.part for one in signatures_of(session, audit.id)}
    if signing.part in signed:
        raise Conflict("This part has been signed already.", code="signed_already")
    if signing.part is not Part.INSPECTOR and Part.INSPECTOR not in signed:
        raise Conflict("The inspector signs first.", code="inspector_first")
    if signing.part is Part.INSPECTOR and signing.refused:
        raise Invalid("The inspector cannot refuse their own audit.", code="cannot_refuse")
    if audit.record_digest is None:
        raise Conflict("This audit has no record to sign.", code="no_record")
    row = Signature(
        audit_id=audit.id,
        part=signing.part,
        name=_said(signing.name, "name", "Write the name of who signs."),
        role=read_text(signing.role, longest=120),
        meaning=signing.meaning,
        signed_at=now,
        digest=audit.record_digest,
        person_id=by.id if signing.part is Part.INSPECTOR else None,
        strokes=[{"points": list(stroke)} for stroke in signing.strokes],
        credential=read_text(signing.credential, longest=200),
        comment=read_text(signing.comment, longest=2000),
        refused=signing.refused,
        reason=_said(signing.reason, "reason", "Write why.") if signing.refused else "",
    )
    session.add(row)
    audit.state = following
    audit.signed_at = audit.signed_at or now
    write_entry(
        session,
        act="refuse_signature" if signing.refused else "sign_audit",
        by=by.actor,
        subject=("audit", audit.id),
        at=now,
        details={"part": signing.part.value, "name": row.name, "record": row.digest},
    )
    return row


def _said(text: str, field: str, words: str) -> str:
    said = read_text(text, longest=200)
    if not said:
        raise Invalid(words, code=f"{field}_missing", places={field: words})
    return said
