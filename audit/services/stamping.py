"""Has issued reports time-stamped in the background, for as long as the authority takes.

A report is issued without waiting for anyone. What is added later is a revision of its own, filed
beside the bytes that were issued; while an authority fails, that is shown, and our own clock never
stands in.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from operator import attrgetter
from uuid import UUID

from cryptography import x509
from sqlalchemy.orm import Session

from audit.services.reports import Press
from audit.store.audits import get_audit
from audit.store.blobs import Blobs, DamagedError
from audit.store.database import Database
from audit.store.journal import Actor, write_entry
from audit.store.reports import Report, get_report
from audit.store.scope import organisation_scope, platform_scope
from audit.store.stamps import Revision, StampAttempt, attempt_for, newest_revision, waiting
from reports.authority import NoStampError, ask_at
from reports.lasting import Lasting, read_lasting, unproven
from reports.proofs import NoProofError, Sources, attach, gather
from reports.stamps import stamp

_LOG = logging.getLogger(__name__)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
# A stamp is renewed while its authority's certificate has this long to go.
RENEWED_BEFORE = timedelta(days=365)
# As long as the authority has no later certificate, it is asked for a renewal this seldom.
_RENEWAL_TRIED_EVERY = timedelta(days=1)
_LOOK_EVERY_S = 30.0
_BY = Actor(person_id=None, name="Hygiene Audit")
_UNREADABLE = "The stamp of the time-stamp authority is not valid, so it was not taken."
_DAMAGED = "The file of this report is damaged on our disk. Restore it from a backup."
_CLOSED = "The file of this report cannot be read by this version of the program."
_STRANGER = "The stamp came from another authority than the one this installation trusts."


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeAuthority:
    """Where to ask for stamps, empty for nowhere; `certificates` (PEM) are those to believe.

    Without any, whoever answers at `url` is taken at its word, and strangers' checks say so. With
    `long_term`, proofs that certificates were valid are asked for at the addresses they name.
    """

    url: str = ""
    certificates: tuple[bytes, ...] = ()
    long_term: bool = False

    def believed(self) -> frozenset[x509.Certificate]:
        """Return the certificates to believe, opened."""
        return frozenset(x509.load_pem_x509_certificate(one) for one in self.certificates)

    @property
    def levels(self) -> frozenset[str]:
        """Return the levels that are enough here."""
        return frozenset({"B-LTA"} if self.long_term else {"B-T", "B-LT", "B-LTA"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """How many reports were lengthened, and whether a stamp was renewed in vain.

    It is in vain where the new stamp would end no later than the old one.
    """

    done: int = 0
    in_vain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    """A report that waits, its newest revision by digest, and whether it only wants renewal."""

    organisation_id: UUID
    code: str
    digest: str
    renewal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Longer:
    """A file with more behind its seal, if any came, and why there is not still more."""

    pdf: bytes = b""
    lasting: Lasting = field(default_factory=Lasting)
    wrong: str = ""
    by_authority: bool = False
    in_vain: bool = False


def stamp_due(
    database: Database,
    press: Press,
    authority: TimeAuthority,
    clock: Callable[[], datetime],
    *,
    renew: bool = True,
) -> Round:
    """Lengthen what waits and is due, last of all the stamps that are to be renewed.

    Nothing is locked while an authority is asked. What fails is noted with the report and tried
    again later. Where the time-stamp authority failed, or renewed in vain, the others of this round
    wait too, since they would ask the same one; what is wrong with one report holds up nobody
    else's.
    """
    done = 0
    for due in _find_due(database, authority, clock(), renew=renew):
        longer = _lengthen_one(due, press, authority, clock())
        if longer.in_vain:
            _LOG.warning("The time-stamp authority has no later certificate to renew stamps with.")
            return Round(done=done, in_vain=True)
        with database.transaction(organisation_scope(due.organisation_id)) as session:
            if longer.pdf:
                done += _file(session, due, longer, press.blobs, clock())
            if longer.wrong:
                _note(session, due, longer.wrong, clock())
        if longer.by_authority:
            break
    return Round(done=done)


def keep_stamping(
    database: Database,
    press: Press,
    authority: TimeAuthority,
    clock: Callable[[], datetime],
    stop: threading.Event,
) -> None:
    """Look for what waits, again and again, until `stop`."""
    renew_from = clock()
    while not stop.is_set():
        try:
            now = clock()
            if stamp_due(database, press, authority, clock, renew=now >= renew_from).in_vain:
                renew_from = now + _RENEWAL_TRIED_EVERY
        except Exception:  # noqa: BLE001  # whatever ended a round must not end the looking
            # A full disk, a busy database or a fault of ours ends this round, not the looking.
            _LOG.exception("Reports could not be time-stamped; it is tried again.")
        stop.wait(_LOOK_EVERY_S)


def next_try(attempt: StampAttempt) -> datetime:
    """Return when an authority is asked again: a minute later, then twice as long each time."""
    doublings = min(attempt.tries - 1, 16)
    return attempt.tried_at + min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def _find_due(
    database: Database, authority: TimeAuthority, now: datetime, *, renew: bool
) -> list[_Due]:
    reading = platform_scope("reports of every organisation wait for the time-stamp authority")
    before = now + RENEWED_BEFORE if renew else None
    with database.transaction(reading, writing=False) as session:
        found = [
            _Due(
                organisation_id=report.organisation_id,
                code=report.code,
                digest=(revision or report).digest,
                renewal=revision is not None and revision.level in authority.levels,
            )
            for report, revision, attempt in waiting(
                session, levels=authority.levels, before=before
            )
            if attempt is None or now >= next_try(attempt)
        ]
    return sorted(found, key=attrgetter("renewal"))


def _lengthen_one(due: _Due, press: Press, authority: TimeAuthority, now: datetime) -> _Longer:
    try:
        pdf = press.blobs.get(due.digest)
        found = read_lasting(pdf, authority.believed())
    except DamagedError:
        return _Longer(wrong=_DAMAGED)
    except Exception as error:  # noqa: BLE001  # as below, and no reason to leave the others waiting
        _LOG.warning("A report cannot be read.", exc_info=error)
        return _Longer(wrong=_CLOSED)
    longer = _lengthen(pdf, found, authority, press.keys.revocation_lists(), now)
    in_vain = due.renewal and not longer.wrong and _end(longer.lasting) <= _end(found)
    return replace(longer, in_vain=in_vain)


def _end(lasting: Lasting) -> datetime:
    """Return when the certificate of the newest stamp ends."""
    return lasting.stamps[-1].by.certificate.not_valid_after_utc


def _lengthen(
    pdf: bytes,
    lasting: Lasting,
    authority: TimeAuthority,
    lists: tuple[bytes, ...],
    now: datetime,
) -> _Longer:
    """Add what is lacking, a revision at a time; each is read back as a stranger would read it."""
    believed = authority.believed()
    stamped = partial(_stamped, authority=authority)
    steps = [stamped]
    if authority.long_term:
        proven = partial(_proven, believed=believed, lists=lists, now=now)
        steps = [proven, stamped] if lasting.stamps else [stamped, proven, stamped]
    reached = _Longer(lasting=lasting)
    for add in steps:
        try:
            longer = add(reached.pdf or pdf)
            lasting = read_lasting(longer, believed)
        except (NoStampError, NoProofError) as error:
            by_authority = isinstance(error, NoStampError)
            return replace(reached, wrong=str(error), by_authority=by_authority)
        except Exception as error:  # noqa: BLE001  # a strange token does to libraries what it will
            # It must not end the looking.
            _LOG.warning("A time stamp cannot be read.", exc_info=error)
            return replace(reached, wrong=_UNREADABLE, by_authority=True)
        if believed and not all(one.trusted for one in lasting.stamps):
            return replace(reached, wrong=_STRANGER, by_authority=True)
        if longer != pdf:
            reached = _Longer(pdf=longer, lasting=lasting)
    return reached


def _stamped(pdf: bytes, authority: TimeAuthority) -> bytes:
    return stamp(pdf, ask_at(authority.url))


def _proven(
    pdf: bytes, believed: frozenset[x509.Certificate], lists: tuple[bytes, ...], now: datetime
) -> bytes:
    """Append proofs for whose certificates there are none yet."""
    lacking, held = unproven(pdf, believed)
    proofs = gather(lacking, now, Sources(lists=lists, ask=True)).without(held)
    return attach(pdf, proofs) if lacking else pdf


def _note(session: Session, due: _Due, words: str, now: datetime) -> None:
    report = get_report(session, due.code)
    attempt = attempt_for(session, report.id)
    if attempt is None:
        session.add(StampAttempt(report_id=report.id, tries=1, tried_at=now, wrong=words))
        return
    attempt.tries, attempt.tried_at, attempt.wrong = attempt.tries + 1, now, words


def _file(session: Session, due: _Due, longer: _Longer, blobs: Blobs, now: datetime) -> bool:
    """File a longer revision, unless another process was quicker."""
    report = get_report(session, due.code)
    # Held, so that of two processes at once the second sees what the first did.
    get_audit(session, report.audit_id, hold=True)
    before = newest_revision(session, report)
    if (before or report).digest != due.digest:
        return False
    first = longer.lasting.stamps[0]
    row = Revision(
        report_id=report.id,
        number=before.number + 1 if before else 1,
        digest=blobs.put(longer.pdf),
        size=len(longer.pdf),
        stamped_at=first.at,
        stamped_by=first.by.name,
        made_at=now,
        level=longer.lasting.level,
        holds_until=_end(longer.lasting),
    )
    session.add(row)
    attempt = attempt_for(session, report.id)
    if attempt:
        session.delete(attempt)
    session.flush()
    _enter(session, report, row, now)
    return True


def _enter(session: Session, report: Report, row: Revision, now: datetime) -> None:
    details = {
        "code": report.code,
        "digest": row.digest,
        "level": row.level,
        "stamped_by": row.stamped_by,
        "stamped_at": row.stamped_at.isoformat(),
    }
    write_entry(
        session,
        act="stamp_report",
        by=_BY,
        subject=("audit", report.audit_id),
        at=now,
        details=details,
        files=[row.digest],
    )
