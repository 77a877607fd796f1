"""Issuing the report of a signed audit, and keeping it findable."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from audit.domain.lifecycle import Act, step
from audit.errors import Conflict
from audit.services.acting import Member
from audit.services.branding import branding_of
from audit.services.codes import make_code
from audit.services.corrections import supersede
from audit.services.journal import make_checkpoint
from audit.services.record import local
from audit.store.audits import Audit, get_audit
from audit.store.blobs import Blobs, DamagedError
from audit.store.journal import write_entry
from audit.store.keys import KeyStore
from audit.store.reports import Report, ReportState, get_report, report_by_digest
from audit.store.scope import organisation_of, the_organisation
from audit.store.signatures import Signature, signatures_of
from audit.store.stamps import newest_revision, revision_by_digest
from reports import snapshot as frozen
from reports.claims import claims, signers
from reports.render import RENDERER, render
from reports.reprint import length, read_snapshot, take_apart
from reports.verify import Claims

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What issuing needs beside the database: files, keys, and the address reports point to."""

    blobs: Blobs
    keys: KeyStore
    base_url: str


def issue_report(
    session: Session, audit_id: UUID, *, press: Press, by: Member, now: datetime
) -> Report:
    """Print, seal and file one signed audit, exactly once; its bytes never change again."""
    audit = get_audit(session, audit_id, hold=True)
    following = step(audit.state, Act.REPORT)
    replaced = supersede(session, audit)
    # How the journal stands travels in the report: nothing before it can be changed unseen.
    stood = make_checkpoint(session, press.keys, now=now)
    snapshot = _snapshot(session, audit, press, now, stood.note if stood else None)
    sealed = _press(session, snapshot, press, now)
    row = Report(
        audit_id=audit.id,
        code=snapshot.code,
        digest=press.blobs.put(sealed),
        snapshot_digest=snapshot.digest(),
        renderer=RENDERER,
        size=len(sealed),
        issued_at=now,
        replaces=replaced,
    )
    session.add(row)
    audit.state = following
    session.flush()
    write_entry(
        session,
        act="issue_report",
        by=by.actor,
        subject=("audit", audit.id),
        at=now,
        details={"code": row.code, "digest": row.digest, "record": snapshot.record.digest()},
        files=[row.digest],
    )
    return row


def _snapshot(
    session: Session, audit: Audit, press: Press, now: datetime, checkpoint: str | None
) -> frozen.Snapshot:
    code = make_code()
    return frozen.Snapshot(
        renderer=RENDERER,
        code=code,
        issued_at=local(now, audit.zone),
        verify_url=f"{press.base_url}/v/{code}",
        record=read_record(audit, press.blobs),
        signatures=frozen_signatures(session, audit),
        branding=branding_of(session),
        checkpoint=checkpoint,
    )


def _press(session: Session, snapshot: frozen.Snapshot, press: Press, now: datetime) -> bytes:
    organisation = the_organisation(session)
    key = press.keys.key_for(str(organisation_of(session)), name=organisation.name, now=now)
    rendered = render(snapshot, photos_of(snapshot, press.blobs))
    return press.keys.seal(rendered, key, now, signers(snapshot))


def issued_as(session: Session, digest: str, blobs: Blobs) -> Claims | None:
    """Return what the report issued as the file with this digest says, by the register's rows.

    None too where our own copy of what it says is damaged: then its seal speaks for the file.
    """
    try:
        return _issued_as(session, digest, blobs)
    except DamagedError as error:
        _LOG.error("The record of an issued report is damaged: %s", error)
        return None


def _issued_as(session: Session, digest: str, blobs: Blobs) -> Claims | None:
    report = report_by_digest(session, digest)
    if report is not None:
        return {**claims(_filed(session, report, blobs)), "level": "B-B"}
    revision = revision_by_digest(session, digest)
    if revision is None:
        return None
    stamped = {
        "level": revision.level,
        "stamped_at": revision.stamped_at.isoformat(),
        "stamped_by": revision.stamped_by,
    }
    return {**claims(_filed(session, revision.report, blobs)), **stamped}


def _filed(session: Session, report: Report, blobs: Blobs) -> frozen.Snapshot:
    """Return what a report says by the register's own rows, without its address."""
    audit = get_audit(session, report.audit_id)
    return frozen.Snapshot(
        renderer=report.renderer,
        code=report.code,
        issued_at=local(report.issued_at, audit.zone),
        verify_url="",
        record=read_record(audit, blobs),
        signatures=frozen_signatures(session, audit),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOut:
    """The file of a report that someone takes along, by its digest."""

    code: str
    digest: str


def hand_out_report(
    session: Session, code: str, *, by: Member, now: datetime, unstamped: bool = False
) -> HandedOut:
    """Return the file that someone takes along; the journal keeps who did.

    It is the newest revision; with `unstamped`, the file as it was issued.
    """
    report = get_report(session, code)
    revision = None if unstamped else newest_revision(session, report)
    digest = revision.digest if revision else report.digest
    write_entry(
        session,
        act="hand_out_report",
        by=by.actor,
        subject=("audit", report.audit_id),
        at=now,
        details={"code": report.code, "digest": digest},
    )
    return HandedOut(code=report.code, digest=digest)


def photos_of(snapshot: frozen.Snapshot, blobs: Blobs) -> Mapping[str, bytes]:
    """Return the bytes of every image the report prints, each checked against its digest."""
    return {digest: blobs.get(digest) for digest in frozen.image_digests(snapshot)}


def extract(
    session: Session, code: str, layout: frozen.Layout, *, press: Press, by: Member, now: datetime
) -> bytes:
    """Print and seal a part of a report that stands; it is not filed, and its seal speaks for it.

    Conflict for a report that no longer stands. The journal says who took it along.
    """
    report = get_report(session, code)
    if report.state is not ReportState.CURRENT:
        raise Conflict("This report does not stand any more.", code="report_not_current")
    whole = _filed(session, report, press.blobs)
    issued = _issued(report, press.blobs)
    address = f"{press.base_url}/v/{report.code}"
    changes = {
        "renderer": RENDERER,
        "layout": layout,
        "verify_url": address,
        # It wears the look the report was issued with, whatever was chosen since.
        "branding": issued.branding,
        "checkpoint": issued.checkpoint,
    }
    sealed = _press(session, whole.model_copy(update=changes), press, now)
    write_entry(
        session,
        act="extract_report",
        by=by.actor,
        subject=("audit", report.audit_id),
        at=now,
        details={"code": report.code, "layout": layout},
    )
    return sealed


def _issued(report: Report, blobs: Blobs) -> frozen.Snapshot:
    """Return what a report's file itself carries."""
    issued = blobs.get(report.digest)
    return read_snapshot(take_apart(issued[: length(issued)]).snapshot())


def read_record(audit: Audit, blobs: Blobs) -> frozen.Record:
    """Return the record as it was frozen; its file is named by the digest people signed."""
    if audit.record_digest is None:
        raise ValueError("A completed audit has a record.")
    return frozen.Record.read(blobs.get(audit.record_digest))


def frozen_signatures(session: Session, audit: Audit) -> tuple[frozen.Signature, ...]:
    """Return who signed an audit, as printed."""
    return tuple(frozen_signature(row, audit.zone) for row in signatures_of(session, audit.id))


def frozen_signature(row: Signature, zone: str) -> frozen.Signature:
    """Return a signature as printed, with the time the clock at the site showed."""
    return frozen.Signature(
        name=row.name,
        role=row.role,
        meaning=row.meaning,
        signed_at=local(row.signed_at, zone),
        digest=row.digest,
        strokes=tuple(tuple(stroke["points"]) for stroke in row.strokes),
        credential=row.credential,
        comment=row.comment,
        refused=row.refused,
        reason=row.reason,
    )
