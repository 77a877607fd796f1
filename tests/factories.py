"""Rows for tests, always made inside a scope; each default is plain and can be changed by name."""

from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import UUID

from argon2 import PasswordHasher
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from audit.domain.definitions import Severity
from audit.domain.lifecycle import AuditState
from audit.store.audits import Audit, AuditKind, next_audit_number
from audit.store.base import new_id
from audit.store.evidence import Evidence
from audit.store.findings import Finding
from audit.store.people import Membership, Person, Role, SignIn
from audit.store.practitioners import Credential, Practitioner
from audit.store.reports import Report
from audit.store.scope import Organisation, acting_for, platform_scope
from audit.store.session import transaction
from audit.store.signatures import Part, Signature
from audit.store.sites import Site, Sterilizer

NOW = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
TODAY = NOW.date()


@cache
def kept_password(plain: str) -> str:
    """Return `plain` as it is kept, but hashed with little work: it is looked at a thousand times.

    Checking it works as hard as the hash says.
    """
    return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(plain)


def digest_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def make_organisation(session: Session, **given: Any) -> Organisation:
    """In the platform's scope."""
    return _add(session, Organisation, given, name="Calm Skin", created_at=NOW)


def make_world(engine: Engine, name: str) -> tuple[UUID, UUID, UUID]:
    """One of each, called after the organisation; return its, the person's and the site's id."""
    with transaction(engine, platform_scope("the test's world")) as session:
        organisation = make_organisation(session, name=name)
        with acting_for(session, organisation.id):
            person = make_person(session, name=f"{name} person", email=f"{name.lower()}@x.test")
            site = make_site(session, name=f"{name} site")
            make_sterilizer(session, site, name=f"{name} sterilizer")
            session.add(
                SignIn(
                    token_digest=name,
                    person_id=person.id,
                    organisation_id=organisation.id,
                    created_at=NOW,
                    last_seen_at=NOW,
                )
            )
        return organisation.id, person.id, site.id


def make_person(session: Session, *, role: Role = Role.INSPECTOR, **given: Any) -> Person:
    """A person and their membership, in an organisation's scope."""
    email = f"{new_id()}@example.test"
    defaults = {"email": email, "name": "Ines Ray", "password_hash": "none", "created_at": NOW}
    person = _add(session, Person, given, **defaults)
    _add(session, Membership, {}, person_id=person.id, role=role)
    return person


def make_site(session: Session, **given: Any) -> Site:
    defaults = {
        "name": "Main Street",
        "address": "1 Main Street, Salt Lake City",
        "jurisdiction": "US-UT",
        "zone": "America/Denver",
        "services": ["facials", "extraction"],
    }
    return _add(session, Site, given, **defaults)


def make_sterilizer(session: Session, site: Site, **given: Any) -> Sterilizer:
    return _add(session, Sterilizer, given, site_id=site.id, name="Steam 1", kind="gravity")


def make_practitioner(session: Session, site: Site, **given: Any) -> Practitioner:
    return _add(session, Practitioner, given, site_id=site.id, name="Pia Lund", title="Esthetician")


def make_credential(session: Session, practitioner: Practitioner, **given: Any) -> Credential:
    defaults = {
        "practitioner_id": practitioner.id,
        "kind": "licence",
        "number": "UT-4471",
        "issuer": "DOPL",
        "expires_on": date(2027, 9, 30),
    }
    return _add(session, Credential, given, **defaults)


def make_audit(
    session: Session, site: Site | None = None, inspector: Person | None = None, **given: Any
) -> Audit:
    """An audit in progress, of a site and by a person made for it where none is given."""
    site = site or make_site(session)
    inspector = inspector or make_person(session)
    defaults = {
        "site_id": site.id,
        "number": next_audit_number(session),
        "kind": AuditKind.SELF_AUDIT,
        "inspector_id": inspector.id,
        "inspector_name": inspector.name,
        "checklist_code": "glove-use",
        "checklist_version": "1",
        "checklist_digest": digest_of("glove-use"),
        "zone": site.zone,
        "created_at": NOW,
        "state": AuditState.IN_PROGRESS,
        "started_at": NOW,
    }
    return _add(session, Audit, given, **defaults)


def make_evidence(session: Session, audit: Audit, **given: Any) -> Evidence:
    defaults = {
        "audit_id": audit.id,
        "key": "gloves_changed",
        "digest": digest_of("a photo"),
        "size": 1200,
        "width": 40,
        "height": 30,
        "original_name": "photo.jpg",
        "added_at": NOW,
        "added_by": audit.inspector_id,
    }
    return _add(session, Evidence, given, **defaults)


def make_signature(session: Session, audit: Audit, **given: Any) -> Signature:
    defaults = {
        "audit_id": audit.id,
        "part": Part.INSPECTOR,
        "name": audit.inspector_name,
        "role": "Inspector",
        "meaning": "I saw what is written here.",
        "signed_at": NOW,
        "digest": digest_of("a record"),
        "person_id": audit.inspector_id,
    }
    return _add(session, Signature, given, **defaults)


def make_finding(session: Session, audit: Audit, **given: Any) -> Finding:
    defaults = {
        "audit_id": audit.id,
        "item_code": "gloves_changed",
        "words": "Gloves were not changed between clients.",
        "severity": Severity.MAJOR,
        "raised_on": TODAY,
        "due_on": date(2026, 3, 16),
    }
    return _add(session, Finding, given, **defaults)


def make_report(session: Session, audit: Audit, **given: Any) -> Report:
    unique = str(new_id())
    defaults = {
        "audit_id": audit.id,
        "code": unique[-12:].upper(),
        "digest": digest_of(unique),
        "snapshot_digest": digest_of("a snapshot"),
        "renderer": 1,
        "size": 40_000,
        "issued_at": NOW,
    }
    return _add(session, Report, given, **defaults)


def _add(session: Session, kind: type[Any], given: dict[str, Any], /, **defaults: Any) -> Any:
    row = kind(**(defaults | given))
    session.add(row)
    session.flush()
    return row
