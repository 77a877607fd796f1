"""Places where services are offered, and the sterilizers that stand there."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from audit.errors import NotFound
from audit.store.base import Base, Identified
from audit.store.scope import Owned, owned_key


class Site(Identified, Owned, Base):
    """One place: its law, its time zone, the language of its reports, and what it offers."""

    __tablename__ = "site"
    __table_args__ = (UniqueConstraint("organisation_id", "id"),)

    name: Mapped[str]
    address: Mapped[str]
    jurisdiction: Mapped[str]
    zone: Mapped[str]
    services: Mapped[Sequence[str]] = mapped_column(default_factory=list)
    active: Mapped[bool] = mapped_column(default=True)
    # Of reports; the database fills it in where it came later than the site.
    language: Mapped[str] = mapped_column(default="en", server_default="en")


class Sterilizer(Identified, Owned, Base):
    """A sterilizer; the catalogue says which kinds there are."""

    __tablename__ = "sterilizer"
    __table_args__ = (UniqueConstraint("organisation_id", "id"), owned_key("site", "site_id"))

    site_id: Mapped[UUID]
    name: Mapped[str]
    kind: Mapped[str]
    maker: Mapped[str] = mapped_column(default="")
    model: Mapped[str] = mapped_column(default="")
    serial: Mapped[str] = mapped_column(default="")
    in_use: Mapped[bool] = mapped_column(default=True)

    site: Mapped[Site] = relationship(init=False, viewonly=True, lazy="raise")


def get_site(session: Session, site_id: UUID) -> Site:
    """Return one site, or raise NotFound."""
    site = session.get(Site, site_id)
    if site is None:
        raise NotFound("There is no such site.", code="site_unknown")
    return site


def list_sites(session: Session, *, active_only: bool = False) -> list[Site]:
    """Return the sites by name."""
    wanted = select(Site).order_by(func.lower(Site.name), Site.id)
    return list(session.scalars(wanted.where(Site.active) if active_only else wanted))


def get_sterilizer(session: Session, sterilizer_id: UUID) -> Sterilizer:
    """Return one sterilizer, or raise NotFound."""
    sterilizer = session.get(Sterilizer, sterilizer_id)
    if sterilizer is None:
        raise NotFound("There is no such sterilizer.", code="sterilizer_unknown")
    return sterilizer


def sterilizers_of(session: Session, site_id: UUID) -> list[Sterilizer]:
    """Return the sterilizers of a site by name, those out of use too."""
    wanted = select(Sterilizer).where(Sterilizer.site_id == site_id)
    return list(session.scalars(wanted.order_by(func.lower(Sterilizer.name), Sterilizer.id)))
