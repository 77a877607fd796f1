"""What people do with sites and their sterilizers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from audit.domain.places import find_place, read_zone
from audit.domain.sterilizers import SterilizerKind
from audit.errors import NotAllowed
from audit.services.acting import Member
from audit.services.entries import LONGEST_LINE, Entries
from audit.services.telling import read_language
from audit.store.base import Document
from audit.store.journal import write_entry
from audit.store.scope import is_limited
from audit.store.sites import Site, Sterilizer, get_site, get_sterilizer


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteEntry:
    """A site as it was typed; without a zone, that of its place is taken."""

    name: str
    address: str
    jurisdiction: str
    zone: str = ""
    services: tuple[str, ...] = ()
    active: bool = True
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class SterilizerEntry:
    """A sterilizer as it was typed."""

    name: str
    kind: str
    maker: str = ""
    model: str = ""
    serial: str = ""
    in_use: bool = True


def _insist_all_sites(session: Session) -> None:
    if is_limited(session):
        words = "You look after chosen sites only. Ask someone who sees all of them."
        raise NotAllowed(words, code="limited_to_sites")


def add_site(session: Session, entry: SiteEntry, *, by: Member, now: datetime) -> Site:
    """Add a site; Invalid names each field that needs a change."""
    _insist_all_sites(session)
    site = Site(**_read_site(entry))
    session.add(site)
    session.flush()
    _journal(session, "add_site", ("site", site.id), by, now, _site_values(site))
    return site


def change_site(
    session: Session, site_id: UUID, entry: SiteEntry, *, by: Member, now: datetime
) -> Site:
    """Change a site; audits already started keep what they began with."""
    site = get_site(session, site_id)
    before = _site_values(site)
    for name, value in _read_site(entry).items():
        setattr(site, name, value)
    details = {"before": before, "after": _site_values(site)}
    _journal(session, "change_site", ("site", site.id), by, now, details)
    return site


def add_sterilizer(
    session: Session, site_id: UUID, entry: SterilizerEntry, *, by: Member, now: datetime
) -> Sterilizer:
    """Add a sterilizer to a site; Invalid names each field that needs a change."""
    site = get_site(session, site_id)
    sterilizer = Sterilizer(site_id=site.id, **_read_sterilizer(entry))
    session.add(sterilizer)
    session.flush()
    subject = ("sterilizer", sterilizer.id)
    _journal(session, "add_sterilizer", subject, by, now, _sterilizer_values(sterilizer))
    return sterilizer


def change_sterilizer(
    session: Session, sterilizer_id: UUID, entry: SterilizerEntry, *, by: Member, now: datetime
) -> Sterilizer:
    """Change a sterilizer; one out of use is asked about no more, and stays on record."""
    sterilizer = get_sterilizer(session, sterilizer_id)
    before = _sterilizer_values(sterilizer)
    for name, value in _read_sterilizer(entry).items():
        setattr(sterilizer, name, value)
    details = {"before": before, "after": _sterilizer_values(sterilizer)}
    _journal(session, "change_sterilizer", ("sterilizer", sterilizer.id), by, now, details)
    return sterilizer


def _read_site(entry: SiteEntry) -> Document:
    entries = Entries()
    place = find_place(entry.jurisdiction)
    if place is None:
        entries.refuse("jurisdiction", "Choose where the site is.")
    zone = entry.zone or (place.zone if place else "UTC")
    values: Document = {
        "name": entries.text("name", entry.name, needed="Write the name of the site."),
        "address": entries.text(
            "address",
            entry.address,
            needed="Write the address; it is printed on reports.",
            longest=LONGEST_LINE,
        ),
        "jurisdiction": entry.jurisdiction,
        "zone": entries.read("zone", lambda: read_zone(zone), ""),
        "services": entries.services("services", entry.services),
        "active": entry.active,
        "language": entries.read("language", lambda: read_language(entry.language), "en"),
    }
    entries.check()
    return values


def _read_sterilizer(entry: SterilizerEntry) -> Document:
    entries = Entries()
    if entry.kind not in set(SterilizerKind):
        entries.refuse("kind", "Choose what kind it is.")
    values: Document = {
        "name": entries.text("name", entry.name, needed="Write what you call it."),
        "kind": entry.kind,
        "maker": entries.text("maker", entry.maker),
        "model": entries.text("model", entry.model),
        "serial": entries.text("serial", entry.serial),
        "in_use": entry.in_use,
    }
    entries.check()
    return values


def _site_values(site: Site) -> Document:
    return {
        "name": site.name,
        "address": site.address,
        "jurisdiction": site.jurisdiction,
        "zone": site.zone,
        "services": list(site.services),
        "active": site.active,
        "language": site.language,
    }


def _sterilizer_values(sterilizer: Sterilizer) -> Document:
    return {
        "name": sterilizer.name,
        "kind": sterilizer.kind,
        "maker": sterilizer.maker,
        "model": sterilizer.model,
        "serial": sterilizer.serial,
        "in_use": sterilizer.in_use,
    }


def _journal(
    session: Session,
    act: str,
    subject: tuple[str, UUID],
    by: Member,
    now: datetime,
    details: Document,
) -> None:
    write_entry(session, act=act, by=by.actor, subject=subject, at=now, details=details)
