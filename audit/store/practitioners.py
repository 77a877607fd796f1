"""People who treat clients, and the credentials they hold."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from audit.errors import NotFound
from audit.store.base import Base, Identified
from audit.store.scope import Owned, owned_key
from audit.store.sites import Site


class Practitioner(Identified, Owned, Base):
    """Someone who treats clients at a site; they need no account."""

    __tablename__ = "practitioner"
    __table_args__ = (
        UniqueConstraint("organisation_id", "id"),
        owned_key("site", "site_id"),
        Index(None, "organisation_id", "site_id"),
    )

    site_id: Mapped[UUID]
    name: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)

    site: Mapped[Site] = relationship(init=False, viewonly=True, lazy="raise")


class Credential(Identified, Owned, Base):
    """A licence or certificate; without `expires_on` it does not run out."""

    __tablename__ = "credential"
    __table_args__ = (
        UniqueConstraint("organisation_id", "id"),
        owned_key("practitioner", "practitioner_id"),
        Index(None, "organisation_id", "practitioner_id"),
    )

    practitioner_id: Mapped[UUID]
    kind: Mapped[str]
    number: Mapped[str]
    issuer: Mapped[str]
    expires_on: Mapped[date | None] = mapped_column(default=None)

    practitioner: Mapped[Practitioner] = relationship(init=False, viewonly=True, lazy="raise")


def get_practitioner(session: Session, practitioner_id: UUID) -> Practitioner:
    """Return one practitioner, or raise NotFound."""
    practitioner = session.get(Practitioner, practitioner_id)
    if practitioner is None:
        raise NotFound("There is no such practitioner.", code="practitioner_unknown")
    return practitioner


def list_practitioners(
    session: Session, site_id: UUID | None = None, *, active_only: bool = False
) -> list[Practitioner]:
    """Return the practitioners by name, of one site or of all."""
    wanted = select(Practitioner).order_by(func.lower(Practitioner.name), Practitioner.id)
    if site_id is not None:
        wanted = wanted.where(Practitioner.site_id == site_id)
    return list(session.scalars(wanted.where(Practitioner.active) if active_only else wanted))


def get_credential(session: Session, credential_id: UUID) -> Credential:
    """Return one credential, or raise NotFound."""
    credential = session.get(Credential, credential_id)
    if credential is None:
        raise NotFound("There is no such credential.", code="credential_unknown")
    return credential


def credentials_of(session: Session, practitioner_ids: list[UUID]) -> list[Credential]:
    """Return the credentials of several practitioners in one statement, oldest first."""
    wanted = select(Credential).where(Credential.practitioner_id.in_(practitioner_ids))
    return list(session.scalars(wanted.order_by(Credential.id)))
