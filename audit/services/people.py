"""What people do at the door: set up, sign in, sign out, and show again that it is them."""

import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from audit.domain.places import Place, find_place
from audit.domain.responses import read_text
from audit.errors import Conflict, Invalid, NotAllowed
from audit.services.acting import Member
from audit.services.attempts import Attempts
from audit.services.sites import SiteEntry, add_site
from audit.store.journal import write_entry
from audit.store.people import (
    Membership,
    Person,
    Role,
    SignIn,
    count_organisations,
    find_person,
    find_sign_in,
    memberships,
)
from audit.store.scope import Organisation, acting_for, organisation_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
IDLE = timedelta(hours=12)
LONGEST_STAY = timedelta(days=14)
# Being seen is written down this often; more would make every look at a page a write.
SEEN_EVERY = timedelta(minutes=10)

_hasher = PasswordHasher()
# Checked when nobody has the address, so that both take the same time.
_NOBODY = _hasher.hash(secrets.token_hex(16))
_NO_MATCH = "Email and password do not match. Check both and try again."


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A signed-in person as a request knows them."""

    sign_in_id: UUID
    member: Member
    role: Role
    organisation_id: UUID
    organisation: str
    demo: bool
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Founding:
    """What the first-run page asks: the business, its first site, and who runs it."""

    business: str
    place: str
    address: str
    zone: str
    services: tuple[str, ...]
    name: str
    email: str
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """Someone whose password was right, and the organisation they sign in to."""

    person_id: UUID
    name: str
    organisation_id: UUID


def hash_password(password: str) -> str:
    """Return what is kept of a password; Invalid when it is too short to guard anything."""
    plain = _normal(password)
    if len(plain) < SHORTEST_PASSWORD:
        words = f"Use at least {SHORTEST_PASSWORD} characters. Three or four words are easy to keep."
        raise Invalid(words, code="password_short", places={"password": words})
    if len(plain) > LONGEST_PASSWORD:
        words = f"Use at most {LONGEST_PASSWORD} characters."
        raise Invalid(words, code="password_long", places={"password": words})
    return _hasher.hash(plain)


def set_up(session: "Session", founding: Founding, *, now: datetime) -> Recognised:
    """Make the first organisation, its owner and its first site, in the platform's scope."""
    if count_organisations(session) > 0:
        raise Conflict("This installation is set up already. Sign in.", code="set_up_already")
    place, business, name, email, kept = _read(founding)
    organisation = Organisation(name=business, created_at=now)
    session.add(organisation)
    with acting_for(session, organisation.id):
        person = _add_member(session, (name, email, kept), Role.OWNER, now)
        owner = Member(id=person.id, name=person.name)
        write_entry(
            session,
            act="set_up",
            by=owner.actor,
            subject=("organisation", organisation.id),
            at=now,
            details={"name": business},
        )
        entry = SiteEntry(
            name=business,
            address=founding.address,
            jurisdiction=place.code,
            zone=founding.zone or place.zone,
            services=founding.services,
        )
        add_site(session, entry, by=owner, now=now)
    return Recognised(person_id=person.id, name=person.name, organisation_id=organisation.id)


def _add_member(
    session: "Session", who: tuple[str, str, str], role: Role, now: datetime
) -> Person:
    name, email, kept = who
    person = Person(email=email, name=name, password_hash=kept, created_at=now)
    session.add(person)
    session.flush()
    session.add(Membership(person_id=person.id, role=role))
    session.flush()
    return person


def recognise(session: "Session", email: str, password: str) -> Recognised | None:
    """Return who signs in with these, in the platform's scope; None says no more than no."""
    person = find_person(session, email)
    right = _matches(person.password_hash if person else _NOBODY, password)
    if person is None or not right or not person.active:
        return None
    belongs = memberships(session, person.id)
    if not belongs:
        return None
    return Recognised(
        person_id=person.id, name=person.name, organisation_id=belongs[0].organisation_id
    )


def admit(
    attempts: Attempts, account: str, address: str, *, right: bool, now: datetime
) -> None:
    """Count a try; Invalid when it was wrong."""
    if right:
        attempts.succeed(account, address)
        return
    attempts.fail(account, address, now=now)
    raise Invalid(_NO_MATCH, code="no_match", places={"email": _NO_MATCH})
