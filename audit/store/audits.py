"""Audits: one document of responses each, and every change ever made to it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Select, UniqueConstraint, func, inspect, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from audit.domain.lifecycle import RECORDING, AuditState
from audit.errors import NotFound
from audit.store.base import Base, Document, Identified, Kept, new_id
from audit.store.people import member_key
from audit.store.scope import Owned, owned_key, the_organisation, whole_organisation
from audit.store.sites import Site

# What completing an audit leaves open: given once, when people sign.
_UNTIL_GIVEN = frozenset({"signed_at", "record_digest"})
_NEVER = frozenset({"id", "organisation_id", "number"})
_ORDER = tuple(AuditState)


class AuditKind(StrEnum):
    """Who looks: the business at itself, or someone from outside."""

    SELF_AUDIT = "self_audit"
    INSPECTION = "inspection"


class Audit(Kept, Identified, Owned, Base):
    """One visit; `given` maps "item_code" or "item_code@repeat_id" to a stored response.

    Once completed, its state goes forward and its signing time and digest are set once; no more.
    """

    __tablename__ = "audit"
    __table_args__ = (
        UniqueConstraint("organisation_id", "id"),
        UniqueConstraint("organisation_id", "number"),
        owned_key("site", "site_id"),
        member_key("inspector_id"),
        CheckConstraint("number > 0", name="number_positive"),
        Index(None, "organisation_id", "site_id", "started_at"),
        Index(None, "organisation_id", "state"),
    )

    site_id: Mapped[UUID]
    number: Mapped[int]
    kind: Mapped[AuditKind]
    inspector_id: Mapped[UUID]
    inspector_name: Mapped[str]
    checklist_code: Mapped[str]
    checklist_version: Mapped[str]
    checklist_digest: Mapped[str]
    zone: Mapped[str]
    created_at: Mapped[datetime]
    state: Mapped[AuditState] = mapped_column(default=AuditState.PLANNED)
    pack_code: Mapped[str | None] = mapped_column(default=None)
    pack_version: Mapped[str | None] = mapped_column(default=None)
    person_in_charge: Mapped[str] = mapped_column(default="")
    present: Mapped[Sequence[str]] = mapped_column(default_factory=list)
    services: Mapped[Sequence[str]] = mapped_column(default_factory=list)
    repeats: Mapped[Mapping[str, Sequence[Document]]] = mapped_column(default_factory=dict)
    given: Mapped[Document] = mapped_column(default_factory=dict, repr=False)
    given_revision: Mapped[int] = mapped_column(default=0)
    scheduled_for: Mapped[date | None] = mapped_column(default=None)
    started_at: Mapped[datetime | None] = mapped_column(default=None)
    completed_at: Mapped[datetime | None] = mapped_column(default=None)
    signed_at: Mapped[datetime | None] = mapped_column(default=None)
    outcome: Mapped[str | None] = mapped_column(default=None)
    earned: Mapped[str | None] = mapped_column(default=None)
    possible: Mapped[str | None] = mapped_column(default=None)
    percent: Mapped[str | None] = mapped_column(default=None)
    record_digest: Mapped[str | None] = mapped_column(default=None)
    # What the tablet's clock said; the times above were put right by how far it was off.
    claimed_started_at: Mapped[datetime | None] = mapped_column(default=None)
    claimed_completed_at: Mapped[datetime | None] = mapped_column(default=None)

    # Counted up by each change: of two made at once from the same state, the second is refused.
    edition: Mapped[int] = mapped_column(init=False)

    site: Mapped[Site] = relationship(init=False, viewonly=True, lazy="raise")
    __mapper_args__ = {"version_id_col": edition}  # noqa: RUF012 - its type is SQLAlchemy's

    def may_change(self, column: str, before: object) -> bool:
        """Keep a completed audit as it was; the state as stored decides, not the one just set."""
        history = inspect(self).attrs.state.history
        was = history.deleted[0] if history.deleted else self.state
        if column in _NEVER:
            return False
        if column == "state":
            return _ORDER.index(self.state) > _ORDER.index(was)
        return was in RECORDING or (column in _UNTIL_GIVEN and before is None)


class ResponseChange(Kept, Identified, Owned, Base):
    """One change of one response; the history of an audit is never rewritten.

    The latest of a key is current. Subjects and photos have keys of their own beside the items:
    "subjects:rooms", "photo:<id>".
    """

    __tablename__ = "response_change"
    __table_args__ = (
        UniqueConstraint("organisation_id", "audit_id", "sequence"),
        owned_key("audit", "audit_id"),
        member_key("person_id"),
        Index(None, "organisation_id", "audit_id", "key"),
        Index(None, "organisation_id", "change_id", unique=True),
    )

    audit_id: Mapped[UUID]
    sequence: Mapped[int]
    key: Mapped[str]
    before: Mapped[Document | None]
    after: Mapped[Document | None]
    person_id: Mapped[UUID]
    at: Mapped[datetime]
    via: Mapped[str]
    claimed_at: Mapped[datetime | None] = mapped_column(default=None)
    # The id tablets know, made on theirs or here. Every row has one; the column came later, and
    # SQLite adds none that must be filled.
    change_id: Mapped[UUID] = mapped_column(default_factory=new_id, nullable=True)


def find_audit(session: Session, audit_id: UUID, *, hold: bool = False) -> Audit | None:
    """Find one audit; `hold` makes other changes to it wait for this one."""
    wanted = select(Audit).where(Audit.id == audit_id)
    if hold:
        # Read again under the lock: what an earlier look saw may be out of date.
        wanted = wanted.with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.scalars(wanted).one_or_none()


def get_audit(session: Session, audit_id: UUID, *, hold: bool = False) -> Audit:
    """Return one audit, or raise NotFound; `hold` as above."""
    audit = find_audit(session, audit_id, hold=hold)
    if audit is None:
        raise NotFound("There is no such audit.", code="audit_unknown")
    return audit


def list_audits(
    session: Session,
    site_id: UUID | None = None,
    state: AuditState | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[Audit]:
    """Return audits, newest first, without plans that were dropped."""
    newest_first = (Audit.number.desc(), Audit.id)
    wanted: Select[Any] = select(Audit).order_by(*newest_first).limit(limit).offset(offset)
    wanted = wanted.where(or_(Audit.state != AuditState.WITHDRAWN, Audit.started_at.is_not(None)))
    if site_id is not None:
        wanted = wanted.where(Audit.site_id == site_id)
    if state is not None:
        wanted = wanted.where(Audit.state == state)
    return list(session.scalars(wanted))


def list_planned(session: Session) -> list[Audit]:
    """Return the audits that nobody has begun, the next first."""
    wanted = select(Audit).where(Audit.state == AuditState.PLANNED)
    return list(session.scalars(wanted.order_by(Audit.scheduled_for, Audit.number)))


def audits_of(session: Session, inspector_id: UUID, states: Collection[AuditState]) -> list[Audit]:
    """Return someone's audits in any of `states`, newest first."""
    wanted = select(Audit).where(Audit.inspector_id == inspector_id, Audit.state.in_(states))
    return list(session.scalars(wanted.order_by(Audit.number.desc())))


def add_with_own_id(session: Session, make: Callable[[], Base]) -> bool:
    """Add a row whose id was made elsewhere; False when the id is taken, here or anywhere.

    It is made inside, so that what it holds to be made is let go of again.
    """
    try:
        with session.begin_nested():
            session.add(make())
            session.flush()
    except IntegrityError:
        return False
    return True


def next_audit_number(session: Session) -> int:
    """Return the number after the last; whoever numbers next waits until this is committed."""
    the_organisation(session, hold=True)
    with whole_organisation(session):
        return (session.scalar(select(func.max(Audit.number))) or 0) + 1


def next_sequence(session: Session, audit_id: UUID) -> int:
    """Return the place of the next change to an audit's responses; hold the audit first."""
    last = select(func.max(ResponseChange.sequence)).where(ResponseChange.audit_id == audit_id)
    return (session.scalar(last) or 0) + 1


def current_changes(session: Session, audit_id: UUID) -> dict[str, ResponseChange]:
    """Return the latest change of each key."""
    return {one.key: one for one in changes_of(session, audit_id)}


def find_change(session: Session, ids: Collection[UUID]) -> dict[UUID, ResponseChange]:
    """Return the changes under these ids, of whatever audit."""
    wanted = select(ResponseChange).where(ResponseChange.change_id.in_(ids))
    with whole_organisation(session):
        return {one.change_id: one for one in session.scalars(wanted)}


def changes_of(session: Session, audit_id: UUID, key: str | None = None) -> list[ResponseChange]:
    """Return the changes to an audit's responses in order, or those to one response."""
    wanted = select(ResponseChange).where(ResponseChange.audit_id == audit_id)
    if key is not None:
        wanted = wanted.where(ResponseChange.key == key)
    return list(session.scalars(wanted.order_by(ResponseChange.sequence)))
