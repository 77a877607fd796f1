"""Has issued reports time-stamped in the background, for as long as the authority takes.

A report is issued without waiting for anyone. Its stamp is a later revision, filed beside the bytes
that were issued; while the authority fails, that is shown, and our own clock never stands in.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cryptography import x509
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from audit.store.audits import get_audit
from audit.store.blobs import Blobs, DamagedError
from audit.store.database import Database
from audit.store.journal import Actor, write_entry
from audit.store.reports import get_report
from audit.store.scope import organisation_scope, platform_scope
from audit.store.stamps import Revision, StampAttempt, attempt_for, newest_revision, unstamped
from reports.authority import NoStampError, ask_at
from reports.stamped import Stamp, read_stamps
from reports.stamps import stamp

_LOG = logging.getLogger(__name__)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
_LOOK_EVERY_S = 30.0
_BY = Actor(person_id=None, name="Hygiene Audit")
_UNREADABLE = "The stamp of the time-stamp authority is not valid, so it was not taken."
_DAMAGED = "The file of this report is damaged on our disk. Restore it from a backup."
_STRANGER = "The stamp came from another authority than the one this installation trusts."


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeAuthority:
    """Where to ask for stamps, empty for nowhere; `certificates` (PEM) are those to believe.

    Without any, whoever answers at `url` is taken at its word, and strangers' checks say so.
    """

    url: str = ""
    certificates: tuple[bytes, ...] = ()

    def believed(self) -> frozenset[x509.Certificate]:
        """Return the certificates to believe, opened."""
        return frozenset(x509.load_pem_x509_certificate(one) for one in self.certificates)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    organisation_id: UUID
    code: str
    digest: str


def stamp_due(
    database: Database, blobs: Blobs, authority: TimeAuthority, clock: Callable[[], datetime]
) -> int:
    """Have stamped what waits and is due; return how many were.

    Nothing is locked while the authority is asked. What fails is noted with the report and tried
    again later. Where the authority failed, the others of this round wait too, since they would
    ask the same one; a damaged file holds up nobody else's.
    """
    done = 0
    for due in _find_due(database, clock()):
        wrong = ""
        try:
            stamped, by = _stamped(blobs.get(due.digest), authority)
        except (NoStampError, DamagedError) as error:
            wrong = str(error) if isinstance(error, NoStampError) else _DAMAGED
        with database.transaction(organisation_scope(due.organisation_id)) as session:
            if wrong:
                _note(session, due, wrong, clock())
            else:
                done += _file(session, due, (stamped, by), blobs, clock())
        if wrong and wrong != _DAMAGED:
            break
    return done


def keep_stamping(
    database: Database,
    blobs: Blobs,
    authority: TimeAuthority,
    clock: Callable[[], datetime],
    stop: threading.Event,
) -> None:
    """Look for what waits, again and again, until `stop`."""
    while not stop.is_set():
        try:
            stamp_due(database, blobs, authority, clock)
        except (OSError, SQLAlchemyError):
            # A full disk or a database that is away ends this round, not the looking.
            _LOG.exception("Reports could not be time-stamped; it is tried again.")
        stop.wait(_LOOK_EVERY_S)


def _find_due(database: Database, now: datetime) -> list[_Due]:
    reading = platform_scope("reports of every organisation wait for the time-stamp authority")
    with database.transaction(reading, writing=False) as session:
        return [
            _Due(organisation_id=one.organisation_id, code=one.code, digest=one.digest)
            for one, attempt in unstamped(session)
            if attempt is None or now >= next_try(attempt)
        ]


def next_try(attempt: StampAttempt) -> datetime:
    """Return when the authority is asked again: a minute later, then twice as long each time."""
    doublings = min(attempt.tries - 1, 16)
    return attempt.tried_at + min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def _stamped(sealed: bytes, authority: TimeAuthority) -> tuple[bytes, Stamp]:
    """Return the stamped bytes and the stamp, read back as a stranger would read them."""
    believed = authority.believed()
    try:
        stamped = stamp(sealed, ask_at(authority.url))
        newest = read_stamps(stamped, believed)[-1]
    except NoStampError:
        raise
    except Exception as error:
        # Whatever a strange token does to the libraries that read it, it must not end the looking.
        _LOG.warning("A time stamp cannot be read.", exc_info=error)
        raise NoStampError(_UNREADABLE) from error
    if believed and not newest.trusted:
        raise NoStampError(_STRANGER)
    return stamped, newest


def _note(session: Session, due: _Due, words: str, now: datetime) -> None:
    report = get_report(session, due.code)
    attempt = attempt_for(session, report.id)
    if attempt is None:
        session.add(StampAttempt(report_id=report.id, tries=1, tried_at=now, wrong=words))
        return
    attempt.tries, attempt.tried_at, attempt.wrong = attempt.tries + 1, now, words


def _file(
    session: Session, due: _Due, made: tuple[bytes, Stamp], blobs: Blobs, now: datetime
) -> bool:
    """File a stamped revision, unless another process was quicker."""
    report = get_report(session, due.code)
    # Held, so that of two processes at once the second sees what the first did.
    audit = get_audit(session, report.audit_id, hold=True)
    if newest_revision(session, report):
        return False
    data, by = made
    row = Revision(
        report_id=report.id,
        number=1,
        digest=blobs.put(data),
        size=len(data),
        stamped_at=by.at,
        stamped_by=by.by.name,
        made_at=now,
    )
    session.add(row)
    attempt = attempt_for(session, report.id)
    if attempt:
        session.delete(attempt)
    details = {
        "code": report.code,
        "digest": row.digest,
        "stamped_by": row.stamped_by,
        "stamped_at": row.stamped_at.isoformat(),
    }
    write_entry(
        session, act="stamp_report", by=_BY, subject=("audit", audit.id), at=now, details=details
    )
    return True
