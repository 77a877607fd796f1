"""What people do at the door: set up, sign in, sign out, and show again that it is them."""

import secrets
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy.orm import Session

from audit.domain.places import find_place, read_zone
from audit.errors import Conflict, Invalid, NotAllowed, NotFound
from audit.services.acting import Member
from audit.services.attempts import Attempts
from audit.services.entries import EMAIL, LONGEST_LINE, Entries, read_email
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
    get_person,
    memberships,
)
from audit.store.scope import Organisation, acting_for

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
LONGEST_DEVICE = 300
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
    email: str
    role: Role
    organisation_id: UUID
    organisation: str
    demo: bool
    seen_at: datetime
    # The sites they are limited to; None for all.
    sites: frozenset[UUID] | None = None


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

    member: Member
    organisation_id: UUID


def hash_password(password: str) -> str:
    """Return what is kept of a password; Invalid when it is too short to guard anything."""
    plain = _normal(password)
    if len(plain) < SHORTEST_PASSWORD:
        words = (
            f"Use at least {SHORTEST_PASSWORD} characters. Three or four words are easy to keep."
        )
        raise Invalid(words, code="password_short", places={"password": words})
    if len(plain) > LONGEST_PASSWORD:
        words = f"Use at most {LONGEST_PASSWORD} characters."
        raise Invalid(words, code="password_long", places={"password": words})
    return _hasher.hash(plain)


def set_up(session: Session, founding: Founding, *, now: datetime) -> Recognised:
    """Make the first organisation, its owner and its first site, in the platform's scope.

    Invalid names every field that needs a change, of all steps at once.
    """
    if count_organisations(session) > 0:
        raise Conflict("This installation is set up already. Sign in.", code="set_up_already")
    person, business = _read(founding, now)
    organisation = Organisation(name=business, created_at=now)
    session.add_all([organisation, person])
    session.flush()
    founded, owner = organisation.id, as_member(person, Role.OWNER)
    with acting_for(session, founded):
        session.add(Membership(person_id=owner.id, role=Role.OWNER))
        session.flush()
        write_entry(
            session,
            act="set_up",
            by=owner.actor,
            subject=("organisation", founded),
            at=now,
            details={"name": business},
        )
        add_site(session, _first_site(founding), by=owner, now=now)
    return Recognised(member=owner, organisation_id=founded)


def _read(founding: Founding, now: datetime) -> tuple[Person, str]:
    entries = Entries()
    business = entries.text("business", founding.business, needed="Write the name of the business.")
    # The site is read once more when it is added; here its faults are said with the others.
    if find_place(founding.place) is None:
        entries.refuse("place", "Choose where the business is.")
    needed = "Write the address; it is printed on reports."
    entries.text("address", founding.address, needed=needed, longest=LONGEST_LINE)
    if founding.zone:
        entries.read("zone", lambda: read_zone(founding.zone), "")
    entries.services("services", founding.services)
    name = entries.text("name", founding.name, needed="Write your name; it is printed on reports.")
    email = entries.read("email", lambda: read_email(founding.email), "")
    kept = entries.read("password", lambda: hash_password(founding.password), "")
    entries.check()
    return Person(email=email, name=name, password_hash=kept, created_at=now), business


def _first_site(founding: Founding) -> SiteEntry:
    return SiteEntry(
        name=founding.business,
        address=founding.address,
        jurisdiction=founding.place,
        zone=founding.zone,
        services=founding.services,
    )


def sign_in(
    session: Session,
    email: str,
    password: str,
    *,
    attempts: Attempts,
    address: str,
    now: datetime,
) -> Recognised:
    """Return who signs in, found in the platform's scope; refused words never say what was wrong.

    Someone who belongs to several organisations comes to the one joined first.
    """
    account = email.strip().lower()
    if not EMAIL.fullmatch(account):
        # Nobody's, whatever it is; counted as one, since it may be of any length.
        account = "?"
    _let_try(attempts, account, address, now)
    person = find_person(session, account)
    right = _matches(person.password_hash if person else _NOBODY, password)
    belongs = _places(session, person, now) if person and right and person.active else []
    if not person or not belongs:
        attempts.fail(account, address, now=now)
        raise Invalid(_NO_MATCH, code="no_match", places={"email": _NO_MATCH})
    attempts.succeed(account, address)
    return Recognised(
        member=as_member(person, belongs[0].role),
        organisation_id=belongs[0].organisation_id,
    )


def _limits(membership: Membership) -> frozenset[UUID] | None:
    return frozenset(map(UUID, membership.sites)) if membership.sites else None


def _places(session: Session, person: Person, now: datetime) -> list[Membership]:
    return [one for one in memberships(session, person.id) if one.serves(now.date())]


def open_sign_in(
    session: Session, recognised: Recognised, *, now: datetime, device: str = ""
) -> str:
    """Begin a stay in the organisation's scope, and return the token that proves it.

    `device` is how the browser calls itself; its owner is shown it in the list of stays.
    """
    token = secrets.token_urlsafe(32)
    row = SignIn(
        token_digest=_digest(token),
        person_id=recognised.member.id,
        organisation_id=recognised.organisation_id,
        created_at=now,
        last_seen_at=now,
        device=device[:LONGEST_DEVICE],
    )
    session.add(row)
    session.flush()
    by = replace(recognised.member, device=_stay_name(row.id))
    _note(session, "sign_in", row, by, now)
    return token


def find_signed_in(session: Session, token: str, *, now: datetime) -> SignedIn | None:
    """Return whose `token` this is, in the platform's scope; None when the stay is over.

    Role and membership are read each time, so that taking them away works at once.
    """
    row = find_sign_in(session, _digest(token))
    if row is None or now - row.last_seen_at > IDLE or now - row.created_at > LONGEST_STAY:
        return None
    for membership in memberships(session, row.person_id):
        here = membership.organisation_id == row.organisation_id
        if here and membership.serves(now.date()) and membership.person.active:
            return SignedIn(
                sign_in_id=row.id,
                member=as_member(membership.person, membership.role, row.id),
                email=membership.person.email,
                role=membership.role,
                organisation_id=membership.organisation_id,
                organisation=membership.organisation.name,
                demo=membership.organisation.demo,
                seen_at=row.last_seen_at,
                sites=_limits(membership),
            )
    return None


def note_seen(session: Session, signed_in: SignedIn, *, now: datetime) -> None:
    """Write down that someone is still here, in the organisation's scope."""
    _stay(session, signed_in).last_seen_at = now


def sign_out(session: Session, signed_in: SignedIn, *, now: datetime) -> None:
    """End a stay; its token is worth nothing from now on."""
    row = _stay(session, signed_in)
    if row.ended_at is None:
        row.ended_at = now
        _note(session, "sign_out", row, signed_in.member, now)


def confirm_password(
    session: Session,
    signed_in: SignedIn,
    password: str,
    *,
    attempts: Attempts,
    address: str,
    now: datetime,
) -> None:
    """Check once more that it is them, before they sign; Invalid at the field "password".

    It only reads, so that the slow check holds nobody up; wrong tries count as at the door.
    """
    if not password:
        words = "Write your password."
        raise Invalid(words, code="password_missing", places={"password": words})
    person = get_person(session, signed_in.member.id)
    _let_try(attempts, person.email, address, now)
    if not _matches(person.password_hash, password):
        attempts.fail(person.email, address, now=now)
        words = "This is not your password. Write it again."
        raise Invalid(words, code="wrong_password", places={"password": words})
    attempts.succeed(person.email, address)


def note_confirmed(session: Session, signed_in: SignedIn, *, now: datetime) -> None:
    """Write down on the stay when the password was last given again."""
    _stay(session, signed_in).signed_at = now


def as_member(person: Person, role: Role | None, stay: UUID | None = None) -> Member:
    """Return a person as those who act are named; `role` is None for who left."""
    device = _stay_name(stay) if stay else ""
    return Member(id=person.id, name=person.name, role=role.value if role else "", device=device)


def _stay_name(stay: UUID) -> str:
    return f"stay/{stay}"


def _stay(session: Session, signed_in: SignedIn) -> SignIn:
    row = session.get(SignIn, signed_in.sign_in_id)
    if row is None:
        raise NotFound("There is no such stay.", code="sign_in_unknown")
    return row


def _let_try(attempts: Attempts, account: str, address: str, now: datetime) -> None:
    wait = attempts.wait(account, address, now=now)
    if wait:
        seconds = int(wait.total_seconds()) + 1
        unit = "second" if seconds == 1 else "seconds"
        words = f"Too many tries. Please wait {seconds} {unit}, then try again."
        raise NotAllowed(words, code="too_many_tries")


def _note(session: Session, act: str, row: SignIn, by: Member, now: datetime) -> None:
    write_entry(session, act=act, by=by.actor, subject=("sign_in", row.id), at=now)


def _matches(kept: str, password: str) -> bool:
    try:
        return _hasher.verify(kept, _normal(password)[: LONGEST_PASSWORD + 1])
    except VerifyMismatchError:
        return False


def _normal(password: str) -> str:
    # The same letters are typed in different ways on different devices.
    return unicodedata.normalize("NFKC", password)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
