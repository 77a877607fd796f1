"""What people signed, in person, and what they said while doing so."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from audit.store.base import Base, Document, Identified, Kept
from audit.store.people import member_key
from audit.store.scope import Owned, owned_key


class Part(StrEnum):
    """As whom someone signs."""

    INSPECTOR = "inspector"
    PERSON_IN_CHARGE = "person_in_charge"
    MANAGER = "manager"


class Signature(Kept, Identified, Owned, Base):
    """One person's act; a refusal, with its reason, is one too. It never changes."""

    __tablename__ = "signature"
    __table_args__ = (
        UniqueConstraint("organisation_id", "audit_id", "part"),
        owned_key("audit", "audit_id"),
        member_key("person_id"),
        CheckConstraint("NOT refused OR reason <> ''", name="refusal_has_reason"),
    )

    audit_id: Mapped[UUID]
    part: Mapped[Part]
    name: Mapped[str]
    role: Mapped[str]
    meaning: Mapped[str]
    signed_at: Mapped[datetime]
    digest: Mapped[str]
    person_id: Mapped[UUID | None] = mapped_column(default=None)
    strokes: Mapped[Sequence[Document]] = mapped_column(default_factory=list, repr=False)
    credential: Mapped[str] = mapped_column(default="")
    comment: Mapped[str] = mapped_column(default="")
    refused: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(default="")
    # What the tablet's clock said, where it was signed on one.
    claimed_at: Mapped[datetime | None] = mapped_column(default=None)


def signatures_of(session: Session, audit_id: UUID) -> list[Signature]:
    """Return who signed an audit, in order of time."""
    wanted = select(Signature).where(Signature.audit_id == audit_id)
    return list(session.scalars(wanted.order_by(Signature.signed_at, Signature.id)))
