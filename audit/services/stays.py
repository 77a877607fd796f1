"""What people do with their own account: look at where they are signed in, end it, move over."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from audit.errors import Conflict, NotFound
from audit.services.people import IDLE, LONGEST_STAY, Recognised, SignedIn, as_member, hash_password
from audit.store.journal import write_entry
from audit.store.people import (
    SignIn,
    end_sign_ins,
    get_person,
    memberships,
    sign_ins_of,
)
from audit.store.scope import acting_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An organisation that someone belongs to."""

    organisation_id: UUID
    name: str
    role: str
    here: bool


def stays_of(session: Session, who: SignedIn, *, now: datetime) -> list[SignIn]:
    """Return where someone is signed in, in the platform's scope, the last seen first."""
    every = sign_ins_of(session, who.member.id)
    return [one for one in every if _lasts(one, now)]


def _lasts(stay: SignIn, now: datetime) -> bool:
    return now - stay.last_seen_at <= IDLE and now - stay.created_at <= LONGEST_STAY


def end_stay(session: Session, who: SignedIn, stay_id: UUID, *, now: datetime) -> None:
    """End one stay of one's own, in the platform's scope."""
    stay = session.get(SignIn, stay_id)
    if stay is None or stay.person_id != who.member.id or stay.ended_at is not None:
        raise NotFound("This is over already.", code="sign_in_unknown")
    stay.ended_at = now
    _enter(session, who, "end_stay", now, {"stay": str(stay.id)})


def end_other_stays(session: Session, who: SignedIn, *, now: datetime) -> int:
    """End every stay of one's own but this one, in the platform's scope; say how many."""
    ended = end_sign_ins(session, who.member.id, now, but=who.sign_in_id)
    if ended:
        _enter(session, who, "end_stays", now, {"stays": ended})
    return ended


def change_password(session: Session, who: SignedIn, password: str, *, now: datetime) -> None:
    """Take a new password, in the platform's scope; every other stay ends.

    The caller has checked the old one.
    """
    get_person(session, who.member.id).password_hash = hash_password(password)
    ended = end_sign_ins(session, who.member.id, now, but=who.sign_in_id)
    _enter(session, who, "change_password", now, {"stays": ended})


def places_of(session: Session, who: SignedIn, *, now: datetime) -> list[Place]:
    """Return the organisations someone belongs to, in the platform's scope."""
    return [
        Place(
            organisation_id=one.organisation_id,
            name=one.organisation.name,
            role=one.role.value,
            here=one.organisation_id == who.organisation_id,
        )
        for one in memberships(session, who.member.id)
        if one.serves(now.date())
    ]


def move_over(
    session: Session, who: SignedIn, organisation_id: UUID, *, now: datetime
) -> Recognised:
    """End this stay, in the platform's scope; a new one begins at another organisation."""
    for one in memberships(session, who.member.id):
        if one.organisation_id == organisation_id and one.serves(now.date()):
            stay = session.get(SignIn, who.sign_in_id)
            if stay is None or organisation_id == who.organisation_id:
                raise Conflict("You are there already.", code="there_already")
            stay.ended_at = now
            _enter(session, who, "sign_out", now, {})
            return Recognised(
                member=as_member(one.person, one.role), organisation_id=organisation_id
            )
    raise NotFound("There is no such organisation.", code="organisation_unknown")


def _enter(
    session: Session, who: SignedIn, act: str, now: datetime, details: dict[str, object]
) -> None:
    with acting_for(session, who.organisation_id):
        write_entry(
            session,
            act=act,
            by=who.member.actor,
            subject=("person", who.member.id),
            at=now,
            details=details,
        )
