"""Photos that belong to responses; their bytes are blobs, named by digest."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from audit.errors import NotFound
from audit.store.base import Base, Identified, Kept
from audit.store.people import member_key
from audit.store.scope import Owned, owned_key


class Evidence(Kept, Identified, Owned, Base):
    """One photo as shown; taking it away hides it and keeps that it was there."""

    __tablename__ = "evidence"
    __table_args__ = (
        UniqueConstraint("organisation_id", "id"),
        owned_key("audit", "audit_id"),
        member_key("added_by"),
        Index(None, "organisation_id", "audit_id"),
        Index(None, "organisation_id", "digest"),
    )

    audit_id: Mapped[UUID]
    key: Mapped[str]
    digest: Mapped[str]
    size: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    original_name: Mapped[str]
    added_at: Mapped[datetime]
    added_by: Mapped[UUID]
    taken_at: Mapped[datetime | None] = mapped_column(default=None)
    removed_at: Mapped[datetime | None] = mapped_column(default=None)
    # Of the bytes a tablet sent; on pages nobody announces one, so there it is that of the photo.
    announced: Mapped[str | None] = mapped_column(default=None)
    drawn_on: Mapped[UUID | None] = mapped_column(default=None)

    @property
    def known_as(self) -> str:
        """The digest by which tablets know this photo."""
        return self.announced or self.digest

    def may_change(self, column: str, before: object) -> bool:
        """Let a photo be taken away, once."""
        return column == "removed_at" and before is None


def get_evidence(session: Session, evidence_id: UUID) -> Evidence:
    """Return one piece of evidence, or raise NotFound."""
    evidence = session.get(Evidence, evidence_id)
    if evidence is None:
        raise NotFound("There is no such photo.", code="evidence_unknown")
    return evidence


def evidence_of(
    session: Session, audit_id: UUID, key: str | None = None, *, removed: bool = False
) -> list[Evidence]:
    """Return an audit's photos, or one response's, in the order added; `removed` shows all."""
    wanted = select(Evidence).where(Evidence.audit_id == audit_id)
    if key is not None:
        wanted = wanted.where(Evidence.key == key)
    if not removed:
        wanted = wanted.where(Evidence.removed_at.is_(None))
    return list(session.scalars(wanted.order_by(Evidence.added_at, Evidence.id)))
