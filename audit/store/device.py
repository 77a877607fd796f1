"""What tablets handed in: every change and photo with what became of it, and the receipts.

An audit is named here without a key to its row: what someone handed in without the right to start
an audit is kept before there is one.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, func, inspect, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from audit.errors import NotFound
from audit.store.base import Base, Document, Identified, Kept
from audit.store.people import member_key
from audit.store.scope import Owned, owned_key, whole_organisation

START = "audit:start"
CLOSING = "audit:closing"


class Outcome(StrEnum):
    """What became of a change when it came; this stays as it was."""

    APPLIED = "applied"
    MERGED = "merged"
    CONFLICT = "conflict"
    REFUSED = "refused"
    LOCKED = "locked"
    QUARANTINED = "quarantined"


class Standing(StrEnum):
    """Where a change or photo stands now: some wait until a person decides."""

    RECEIVING = "receiving"
    DONE = "done"
    CONFLICT = "conflict"
    REFUSED = "refused"
    LOCKED = "locked"
    QUARANTINED = "quarantined"
    SETTLED = "settled"
    TAKEN_OVER = "taken_over"
    LEFT_OUT = "left_out"


# What waits for a manager; a conflict is for anyone who may record.
NEEDS_A_LOOK = (Standing.LOCKED, Standing.QUARANTINED, Standing.REFUSED)
_WAITING = frozenset({Standing.RECEIVING, Standing.CONFLICT, *NEEDS_A_LOOK})
_DECISION = frozenset({"settled_by", "decided_at", "decided_by"})
_STORED = frozenset({"stored", "stored_size", "stored_width", "stored_height", "finished_at"})


class _Handed(Kept, Identified, Owned, kw_only=True):
    """What both have in common: who made it, who brought it, and what was decided since."""

    audit_id: Mapped[UUID]
    key: Mapped[str]
    digest: Mapped[str]
    person_id: Mapped[UUID]
    brought_by: Mapped[UUID]
    device: Mapped[str]
    received_at: Mapped[datetime]
    stands: Mapped[Standing]
    code: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decided_by: Mapped[UUID | None] = mapped_column(default=None)

    def may_change(self, column: str, before: object) -> bool:
        """Let what waits be decided; what was handed in stays as it came."""
        history = inspect(self).attrs.stands.history
        was = history.deleted[0] if history.deleted else self.stands
        if column in ("stands", "reason", "code", "words"):
            return was in _WAITING
        return column in _DECISION | _STORED and before is None


class ReceivedChange(_Handed, Base):
    """One change as it came; `raw` is JSON in ASCII, so that no letter is beyond a database.

    `digest` is over all that was said, so that the same id with other content is noticed.
    """

    __tablename__ = "received_change"
    __table_args__ = (
        UniqueConstraint("organisation_id", "id"),
        UniqueConstraint("organisation_id", "change_id"),
        member_key("person_id"),
        member_key("brought_by"),
        member_key("decided_by"),
        Index(None, "organisation_id", "audit_id"),
        Index(None, "organisation_id", "stands"),
    )

    change_id: Mapped[UUID]
    raw: Mapped[str]
    parent: Mapped[UUID | None]
    at: Mapped[datetime]
    via: Mapped[str]
    outcome: Mapped[Outcome]
    settles: Mapped[Sequence[str]] = mapped_column(default_factory=list)
    settled_by: Mapped[UUID | None] = mapped_column(default=None)


class Upload(_Handed, Base):
    """One photo on its way: `digest` is announced, `stored` that of the plain photo kept.

    `facts` is over all that was announced, so that the same id for another photo is noticed.
    """

    __tablename__ = "upload"
    __table_args__ = (
        UniqueConstraint("organisation_id", "id"),
        UniqueConstraint("organisation_id", "evidence_id"),
        member_key("person_id"),
        member_key("brought_by"),
        member_key("decided_by"),
        Index(None, "organisation_id", "audit_id"),
        Index(None, "organisation_id", "stands"),
    )

    evidence_id: Mapped[UUID]
    facts: Mapped[str]
    size: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    taken_at: Mapped[datetime | None]
    drawn_on: Mapped[UUID | None]
    stored: Mapped[str | None] = mapped_column(default=None)
    stored_size: Mapped[int | None] = mapped_column(default=None)
    stored_width: Mapped[int | None] = mapped_column(default=None)
    stored_height: Mapped[int | None] = mapped_column(default=None)
    finished_at: Mapped[datetime | None] = mapped_column(default=None)


class Receipt(Kept, Identified, Owned, Base):
    """What lets a tablet forget an audit; made once, when its responses are closed."""

    __tablename__ = "receipt"
    __table_args__ = (
        UniqueConstraint("organisation_id", "audit_id"),
        owned_key("audit", "audit_id"),
        member_key("person_id"),
    )

    audit_id: Mapped[UUID]
    person_id: Mapped[UUID]
    made_at: Mapped[datetime]
    document: Mapped[Document]
    hand_in: Mapped[UUID | None] = mapped_column(default=None)


def received_of(session: Session, audit_id: UUID) -> list[ReceivedChange]:
    """Return every change handed in for an audit, in the order received."""
    wanted = select(ReceivedChange).where(ReceivedChange.audit_id == audit_id)
    return list(session.scalars(wanted.order_by(ReceivedChange.received_at, ReceivedChange.id)))


def received_by_id(session: Session, ids: Collection[UUID]) -> dict[UUID, ReceivedChange]:
    """Return the changes that came before under these ids, for whatever audit."""
    wanted = select(ReceivedChange).where(ReceivedChange.change_id.in_(ids))
    with whole_organisation(session):
        return {row.change_id: row for row in session.scalars(wanted)}


def open_conflicts(session: Session, audit_id: UUID) -> list[ReceivedChange]:
    """Return the changes kept beside the current ones until someone chooses."""
    waiting = (one for one in received_of(session, audit_id))
    return [one for one in waiting if one.stands is Standing.CONFLICT]


def find_upload(session: Session, evidence_id: UUID, *, hold: bool = False) -> Upload | None:
    """Find a photo on its way by the id the tablet made; `hold` makes others wait."""
    wanted = select(Upload).where(Upload.evidence_id == evidence_id)
    if hold:
        wanted = wanted.with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.scalars(wanted).one_or_none()


def get_upload(session: Session, evidence_id: UUID, *, hold: bool = False) -> Upload:
    """Return a photo on its way, or raise NotFound."""
    upload = find_upload(session, evidence_id, hold=hold)
    if upload is None:
        raise NotFound("There is no such photo.", code="evidence_unknown")
    return upload


def uploads_of(session: Session, audit_id: UUID) -> list[Upload]:
    """Return the photos handed in for an audit, in the order declared."""
    wanted = select(Upload).where(Upload.audit_id == audit_id)
    return list(session.scalars(wanted.order_by(Upload.received_at, Upload.id)))


def work_to_look_at(session: Session) -> tuple[list[ReceivedChange], list[Upload]]:
    """Return what waits for a manager, the oldest first."""
    changes = select(ReceivedChange).where(ReceivedChange.stands.in_(NEEDS_A_LOOK))
    photos = select(Upload).where(Upload.stands.in_(NEEDS_A_LOOK))
    return (
        list(session.scalars(changes.order_by(ReceivedChange.received_at, ReceivedChange.id))),
        list(session.scalars(photos.order_by(Upload.received_at, Upload.id))),
    )


def count_work_to_look_at(session: Session) -> int:
    """Return how much waits for a manager."""
    return sum(
        session.scalars(
            select(func.count()).select_from(kind).where(kind.stands.in_(NEEDS_A_LOOK))
        ).one()
        for kind in (ReceivedChange, Upload)
    )


def find_receipt(session: Session, audit_id: UUID) -> Receipt | None:
    """Find the receipt of an audit; there is none before its responses are closed."""
    return session.scalars(select(Receipt).where(Receipt.audit_id == audit_id)).one_or_none()
