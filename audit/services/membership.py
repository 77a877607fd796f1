"""Who belongs to an organisation, and as what: inviting, joining, changing, ending."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy.orm import Session

from audit.domain.responses import read_date
from audit.errors import Conflict, Invalid, NotAllowed, NotFound
from audit.services.acting import Member
from audit.services.entries import Entries, read_email
from audit.services.people import Recognised, as_member, hash_password
from audit.store.base import Document
from audit.store.journal import write_entry
from audit.store.links import Link, LinkKind, find_link, links_for
from audit.store.people import (
    Membership,
    Person,
    Role,
    end_sign_ins,
    find_member,
    find_person,
    get_person,
    list_members,
    memberships,
)
from audit.store.scope import acting_for, organisation_of
from audit.store.sites import list_sites

INVITATION_LASTS = timedelta(days=14)
PASSWORD_LASTS = timedelta(hours=24)
# Who may look after people; the last of them cannot be lost.
LOOK_AFTER = frozenset({Role.OWNER, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberEntry:
    """What somebody is to be here, as it was typed; no sites means all of them."""

    role: str
    sites: tuple[str, ...] = ()
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """Who joins by a link: name, email and password of a new account."""

    name: str
    email: str
    password: str


def invite(
    session: Session, entry: MemberEntry, for_whom: str, *, by: Member, now: datetime
) -> str:
    """Return the token of a link that makes whoever follows it a member, once.

    The caller has checked the password of `by` again. Nothing but the token's digest is kept.
    """
    entries = Entries()
    said = entries.text("for_whom", for_whom, needed="Write for whom it is.")
    role, sites, until = _read(session, entries, entry, by, now)
    entries.check()
    link = Link(
        organisation_id=organisation_of(session),
        token_digest="",
        kind=LinkKind.INVITATION,
        made_at=now,
        made_by=by.id,
        expires_at=now + INVITATION_LASTS,
        for_whom=said,
        role=role,
        sites=sites,
        until=until,
    )
    token = _give_out(session, link)
    details = {"for": said, **_said(role, sites, until)}
    _enter(session, "invite", ("link", link.id), by, now, details)
    return token


def look_at_link(session: Session, token: str, kind: LinkKind, *, now: datetime) -> Link:
    """Return the link of `token`, in the platform's scope; NotFound once it leads nowhere."""
    link = find_link(session, _digest(token))
    if link is None or link.kind is not kind or not link.leads(now):
        words = "This link is used up or too old. Ask for a new one."
        raise NotFound(words, code="link_dead")
    return link


def join(session: Session, token: str, joining: Joining, *, now: datetime) -> Recognised:
    """Make an account and its membership by an invitation, in the platform's scope."""
    link = look_at_link(session, token, LinkKind.INVITATION, now=now)
    entries = Entries()
    name = entries.text("name", joining.name, needed="Write your name; it is printed on reports.")
    email = entries.read("email", lambda: read_email(joining.email), "")
    if email and find_person(session, email):
        entries.refuse("email", "This address has an account. Sign in, then open the link again.")
    kept = entries.read("password", lambda: hash_password(joining.password), "")
    entries.check()
    person = Person(email=email, name=name, password_hash=kept, created_at=now)
    session.add(person)
    session.flush()
    return _admit(session, link, person, now)


def join_as(session: Session, token: str, person_id: UUID, *, now: datetime) -> Recognised:
    """Make who is signed in a member by an invitation, in the platform's scope."""
    link = look_at_link(session, token, LinkKind.INVITATION, now=now)
    return _admit(session, link, get_person(session, person_id), now)


def _admit(session: Session, link: Link, person: Person, now: datetime) -> Recognised:
    role = link.role
    if role is None:
        raise ValueError("an invitation says as what")
    with acting_for(session, link.organisation_id):
        known = find_member(session, person.id)
        if known and known[0].serves(now.date()):
            raise Conflict("You belong to this organisation already.", code="member_already")
        membership = known[0] if known else Membership(person_id=person.id, role=role)
        membership.role, membership.active = role, True
        membership.sites, membership.until = link.sites, link.until
        session.add(membership)
        # First, since a link is used by a member only.
        session.flush()
        link.ended_at, link.used_by = now, person.id
        by = as_member(person, role)
        details = {"name": person.name, **_said(role, link.sites, link.until)}
        _enter(session, "join", ("person", person.id), by, now, details)
    return Recognised(member=by, organisation_id=link.organisation_id)


def change_member(
    session: Session, person_id: UUID, entry: MemberEntry, *, by: Member, now: datetime
) -> Membership:
    """Change what someone is here; the caller has checked the password of `by` again.

    It works at once, on what they do next.
    """
    membership, person = _other(session, person_id, by)
    entries = Entries()
    role, sites, until = _read(session, entries, entry, by, now)
    entries.check()
    _insist_may(by, membership.role)
    before = _said(membership.role, membership.sites, membership.until)
    if membership.role in LOOK_AFTER and role not in LOOK_AFTER:
        _insist_another(session, person_id, now)
    membership.role, membership.sites, membership.until = role, sites, until
    details = {"name": person.name, "before": before, "after": _said(role, sites, until)}
    _enter(session, "change_member", ("person", person.id), by, now, details)
    return membership


def end_membership(session: Session, person_id: UUID, *, by: Member, now: datetime) -> Person:
    """End a membership and every stay of it at once; what was done stays under their name.

    What they captured on a tablet before can still be handed in, and waits for a manager.
    """
    membership, person = _other(session, person_id, by)
    _insist_may(by, membership.role)
    if membership.role in LOOK_AFTER:
        _insist_another(session, person_id, now)
    membership.active = False
    ended = end_sign_ins(session, person_id, now)
    details = {"name": person.name, "role": membership.role.value, "stays": ended}
    _enter(session, "end_membership", ("person", person.id), by, now, details)
    return person


def take_back(session: Session, link_id: UUID, *, by: Member, now: datetime) -> None:
    """Make a link that was given out lead nowhere."""
    link = session.get(Link, link_id)
    if link is None or link.ended_at is not None:
        raise NotFound("This link is used up already.", code="link_dead")
    link.ended_at = now
    _enter(session, "take_back_link", ("link", link.id), by, now, {"for": link.for_whom})


def insist_alone(session: Session, person_id: UUID, organisation_id: UUID) -> None:
    """Refuse where an account opens another organisation too, in the platform's scope.

    Whoever makes a link could follow it themselves, and nobody here may come in elsewhere by it.
    """
    if any(one.organisation_id != organisation_id for one in memberships(session, person_id)):
        words = "Their account is not only for this organisation, so no link can be made here."
        raise Conflict(words, code="account_elsewhere")


def make_password_link(session: Session, person_id: UUID, *, by: Member, now: datetime) -> str:
    """Return the token of a link that leads someone to a new password, once, within a day.

    Earlier ones lead nowhere any more. The caller has checked the password of `by` again, and that
    the account opens this organisation alone; nobody ever sets the password of someone else.
    """
    membership, person = _other(session, person_id, by)
    _insist_may(by, membership.role)
    if not membership.serves(now.date()):
        raise Conflict(f"{person.name} does not belong here any more.", code="member_gone")
    for earlier in links_for(session, person_id):
        earlier.ended_at = now
    link = Link(
        organisation_id=organisation_of(session),
        token_digest="",
        kind=LinkKind.PASSWORD,
        made_at=now,
        made_by=by.id,
        expires_at=now + PASSWORD_LASTS,
        for_whom=person.name,
        person_id=person.id,
    )
    token = _give_out(session, link)
    _enter(session, "make_password_link", ("person", person.id), by, now, {"name": person.name})
    return token


def set_password(session: Session, token: str, password: str, *, now: datetime) -> Person:
    """Set a new password by a link, in the platform's scope; every stay of theirs ends."""
    link = look_at_link(session, token, LinkKind.PASSWORD, now=now)
    if link.person_id is None:
        raise ValueError("a link to a password says whose")
    person = get_person(session, link.person_id)
    insist_alone(session, person.id, link.organisation_id)
    person.password_hash = hash_password(password)
    link.ended_at, link.used_by = now, person.id
    end_sign_ins(session, person.id, now)
    with acting_for(session, link.organisation_id):
        membership = find_member(session, person.id)
        by = as_member(person, membership[0].role if membership else None)
        _enter(session, "set_password", ("person", person.id), by, now, {"name": person.name})
    return person


def _give_out(session: Session, link: Link) -> str:
    token = secrets.token_urlsafe(32)
    link.token_digest = _digest(token)
    session.add(link)
    session.flush()
    return token


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _read(
    session: Session, entries: Entries, entry: MemberEntry, by: Member, now: datetime
) -> tuple[Role, list[str] | None, date | None]:
    role = Role.AUDITOR
    if entry.role not in set(Role):
        entries.refuse("role", "Choose what they are here.")
    else:
        role = entries.read("role", lambda: _insist_may(by, Role(entry.role)), role)
    known = {str(site.id) for site in list_sites(session)}
    if not set(entry.sites) <= known:
        entries.refuse("sites", "Choose from the list.")
    if entry.sites and role in LOOK_AFTER:
        entries.refuse("sites", "Who looks after people sees all sites. Choose none here.")
    until = entries.read("until", lambda: _read_until(entry.until, now), None)
    return role, sorted(entry.sites) or None, until


def _read_until(typed: str, now: datetime) -> date | None:
    if not typed.strip():
        return None
    day = read_date(typed.strip())
    if day < now.date():
        raise Invalid("That day is over. Choose today or a later day.", code="day_past")
    return day


def _insist_may(by: Member, role: Role) -> Role:
    """Return `role` where `by` may give it and take it: owners alone make owners."""
    if role is Role.OWNER and by.role != Role.OWNER:
        raise Invalid("Only an owner can decide who is an owner.", code="role_too_small")
    return role


def _other(session: Session, person_id: UUID, by: Member) -> tuple[Membership, Person]:
    found = find_member(session, person_id)
    if found is None:
        raise NotFound("There is no such person.", code="person_unknown")
    if person_id == by.id:
        words = "Nobody changes what they are themselves. Ask another owner or administrator."
        raise NotAllowed(words, code="own_membership")
    return found


def _insist_another(session: Session, person_id: UUID, now: datetime) -> None:
    others = (
        one
        for one, person in list_members(session)
        if one.person_id != person_id and one.role in LOOK_AFTER and person.active
    )
    if not any(one.serves(now.date()) for one in others):
        words = "Somebody has to look after the people here. Make someone else administrator first."
        raise Conflict(words, code="last_administrator")


def _said(role: Role, sites: object, until: date | None) -> Document:
    return {"role": role.value, "sites": sites, "until": until.isoformat() if until else None}


def _enter(
    session: Session,
    act: str,
    subject: tuple[str, UUID],
    by: Member,
    now: datetime,
    details: Document,
) -> None:
    write_entry(session, act=act, by=by.actor, subject=subject, at=now, details=details)
