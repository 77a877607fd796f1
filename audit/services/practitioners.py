"""What people do with practitioners and their credentials."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from audit.domain.responses import read_date
from audit.errors import NotFound
from audit.services.acting import Member
from audit.services.entries import LONGEST_LINE, Entries
from audit.store.base import Document
from audit.store.journal import write_entry
from audit.store.practitioners import (
    Credential,
    Practitioner,
    get_credential,
    get_practitioner,
)
from audit.store.sites import get_site


@dataclass(frozen=True, slots=True, kw_only=True)
class PractitionerEntry:
    """A practitioner as typed; `site` is an id, still text."""

    name: str
    title: str
    site: str
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialEntry:
    """A credential as typed; without `expires_on` it does not run out."""

    kind: str
    number: str
    issuer: str
    expires_on: str = ""


def add_practitioner(
    session: Session, entry: PractitionerEntry, *, by: Member, now: datetime
) -> Practitioner:
    """Add someone who treats clients; Invalid names each field that needs a change."""
    practitioner = Practitioner(**_read_practitioner(session, entry))
    session.add(practitioner)
    session.flush()
    write_entry(
        session,
        act="add_practitioner",
        by=by.actor,
        subject=("practitioner", practitioner.id),
        at=now,
        details=_practitioner_values(practitioner),
    )
    return practitioner


def change_practitioner(
    session: Session, practitioner_id: UUID, entry: PractitionerEntry, *, by: Member, now: datetime
) -> Practitioner:
    """Change a practitioner; one who has left is asked about no more, and stays on record."""
    practitioner = get_practitioner(session, practitioner_id)
    before = _practitioner_values(practitioner)
    for name, value in _read_practitioner(session, entry).items():
        setattr(practitioner, name, value)
    write_entry(
        session,
        act="change_practitioner",
        by=by.actor,
        subject=("practitioner", practitioner.id),
        at=now,
        details={"before": before, "after": _practitioner_values(practitioner)},
    )
    return practitioner


def add_credential(
    session: Session, practitioner_id: UUID, entry: CredentialEntry, *, by: Member, now: datetime
) -> Credential:
    """Add a licence or certificate; Invalid names each field that needs a change."""
    practitioner = get_practitioner(session, practitioner_id)
    credential = Credential(practitioner_id=practitioner.id, **_read_credential(entry))
    session.add(credential)
    session.flush()
    write_entry(
        session,
        act="add_credential",
        by=by.actor,
        subject=("credential", credential.id),
        at=now,
        details=_credential_values(credential),
    )
    return credential


def change_credential(
    session: Session, credential_id: UUID, entry: CredentialEntry, *, by: Member, now: datetime
) -> Credential:
    """Change a credential; reports already made keep it as it stood."""
    credential = get_credential(session, credential_id)
    before = _credential_values(credential)
    for name, value in _read_credential(entry).items():
        setattr(credential, name, value)
    write_entry(
        session,
        act="change_credential",
        by=by.actor,
        subject=("credential", credential.id),
        at=now,
        details={"before": before, "after": _credential_values(credential)},
    )
    return credential


def _read_practitioner(session: Session, entry: PractitionerEntry) -> Document:
    entries = Entries()
    site_id = _site_id(session, entry.site)
    if site_id is None:
        entries.refuse("site", "Choose the site.")
    values: Document = {
        "name": entries.text("name", entry.name, needed="Write the name."),
        "title": entries.text("title", entry.title),
        "site_id": site_id,
        "active": entry.active,
    }
    entries.check()
    return values


def _site_id(session: Session, typed: str) -> UUID | None:
    try:
        return get_site(session, UUID(typed)).id
    except (ValueError, NotFound):
        return None


def _read_credential(entry: CredentialEntry) -> Document:
    entries = Entries()
    values: Document = {
        "kind": entries.text("kind", entry.kind, needed="Write what it is, such as licence."),
        "number": entries.text("number", entry.number, needed="Write its number."),
        "issuer": entries.text(
            "issuer", entry.issuer, needed="Write who issued it.", longest=LONGEST_LINE
        ),
        "expires_on": entries.read("expires_on", lambda: _day(entry.expires_on), None),
    }
    entries.check()
    return values


def _day(typed: str) -> date | None:
    return read_date(typed.strip()) if typed.strip() else None


def _practitioner_values(one: Practitioner) -> Document:
    return {
        "name": one.name,
        "title": one.title,
        "site_id": str(one.site_id),
        "active": one.active,
    }


def _credential_values(one: Credential) -> Document:
    expires_on = one.expires_on.isoformat() if one.expires_on else None
    return {
        "kind": one.kind,
        "number": one.number,
        "issuer": one.issuer,
        "expires_on": expires_on,
    }
