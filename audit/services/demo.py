"""The demo: a made-up spa group with three sites and a year of audits, marked as made up.

Everything goes the way of real work, act by act; only the dates lie in the past.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from audit.domain.checklist import Asked
from audit.domain.definitions import Need, RepeatGroup, Service, Severity
from audit.domain.record_items import PhotosItem
from audit.domain.responses import Given
from audit.services.acting import Member, Shelf
from audit.services.audits import (
    Handed,
    Plan,
    complete_audit,
    name_subjects,
    record_responses,
    start_audit,
)
from audit.services.branding import BrandingEntry, change_branding, make_logo
from audit.services.evidence import Taken, add_photo
from audit.services.findings import close_finding
from audit.services.made_up import Manner, respond
from audit.services.record import ask
from audit.services.reports import Press, issue_report
from audit.services.signatures import MEANINGS, Signing, sign_audit
from audit.services.visits import open_audit
from audit.store.audits import Audit, AuditKind, get_audit
from audit.store.findings import Finding, list_open_findings
from audit.store.people import Membership, Person, Role
from audit.store.photos import PlainPhoto, draw_sign, draw_stand_in, make_plain
from audit.store.practitioners import Credential, Practitioner
from audit.store.scope import Organisation, acting_for
from audit.store.signatures import Part
from audit.store.sites import Site, Sterilizer

ORGANISATION = "Juniper & Lake Skin Studios"
SIGN = ("Juniper & Lake", "Skin Studios")
LOOK: Mapping[str, Any] = {
    "accent": "#5B2A63",
    "phone": "+1 416 555 0100",
    "email": "care@juniper-lake.example",
    "web": "www.juniper-lake.example",
}
PEOPLE = (
    ("owner@demo.test", "Nora Juniper", Role.OWNER),
    ("inspector@demo.test", "Daniel Achterberg", Role.INSPECTOR),
    ("manager@demo.test", "Priya Raman", Role.MANAGER),
    ("admin@demo.test", "Alex Moreau", Role.ADMINISTRATOR),
)
SELF_AUDIT, INSPECTION = "facial-extraction", "full-hygiene"
# Between two whole self-audits, a short one of a single topic.
TOPICS = ("glove-use", "instrument-sterilisation", "hand-hygiene", "skin-preparation")
QUARTER = 3
_FACIAL = (Service.FACIALS, Service.EXTRACTION, Service.WAXING)
ROOMS: Mapping[RepeatGroup, tuple[str, ...]] = {
    RepeatGroup.ROOMS: ("Treatment room 1", "Treatment room 2"),
    RepeatGroup.STATIONS: ("Station A", "Station B"),
    RepeatGroup.PRODUCTS: ("Cleansing gel", "Surface disinfectant"),
    RepeatGroup.LOADS: ("Load 412", "Load 433"),
}
# How many months ago the sites were inspected, in their order: one of them yesterday.
INSPECTED = ((7, 1), (8, 0), (9, 2))
HALFWAY = 20
DRAWN = 4
# However well a business is run, something is late.
LATE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSite:
    """A made-up site, and how its lapses went over the year: from `early` to `late`."""

    name: str
    address: str
    jurisdiction: str
    zone: str
    services: tuple[Service, ...]
    practitioners: tuple[str, ...]
    in_charge: str
    early: float
    late: float


SITES = (
    DemoSite(
        name="Juniper Lane",
        address="48 Juniper Lane, Provo, Utah",
        jurisdiction="US-UT",
        zone="America/Denver",
        services=(*_FACIAL, Service.CHEMICAL_PEELS),
        practitioners=("Ana Ruiz", "Mei Tanaka", "Grace Obi"),
        in_charge="Ana Ruiz",
        early=0.16,
        late=0.02,
    ),
    DemoSite(
        name="Lake Street",
        address="210 Lake Street West, Toronto, Ontario",
        jurisdiction="CA-ON",
        zone="America/Toronto",
        services=(*_FACIAL, Service.LANCET, Service.ELECTROLYSIS),
        practitioners=("Chloé Tremblay", "Zofia Nowak"),
        in_charge="Zofia Nowak",
        early=0.05,
        late=0.12,
    ),
    DemoSite(
        name="Harbour",
        address="7 Quay Road, Sydney, New South Wales",
        jurisdiction="AU-NSW",
        zone="Australia/Sydney",
        services=(*_FACIAL, Service.MICRONEEDLING),
        practitioners=("Liam Nguyen", "Olivia Hart"),
        in_charge="Olivia Hart",
        early=0.04,
        late=0.01,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoHouse:
    """The founded demo: its organisation, its members by role, its sites."""

    organisation_id: UUID
    members: Mapping[Role, Member]
    sites: tuple[tuple[UUID, DemoSite], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoVisit:
    """One audit of the made-up year."""

    site_id: UUID
    site: DemoSite
    kind: AuditKind
    checklist: str
    at: datetime
    lapse: float
    finished: bool = True


def found_demo(session: Session, *, password_hash: str, now: datetime) -> DemoHouse:
    """Add the demo organisation, its people and its sites, in the platform's scope."""
    organisation = Organisation(name=ORGANISATION, created_at=now, demo=True)
    session.add(organisation)
    session.flush()
    with acting_for(session, organisation.id):
        members = dict(_people(session, password_hash, now))
        sites = tuple((_found_site(session, site, now.date()), site) for site in SITES)
    return DemoHouse(organisation_id=organisation.id, members=members, sites=sites)


def dress_reports(session: Session, house: DemoHouse, *, press: Press, now: datetime) -> None:
    """Give the reports of the demo organisation a look of their own."""
    entry = BrandingEntry(logo=sign(), **LOOK)
    change_branding(session, entry, blobs=press.blobs, by=house.members[Role.OWNER], now=now)


def sign() -> PlainPhoto:
    """Return the made-up logo."""
    return make_logo(draw_sign(SIGN, LOOK["accent"]))


def _people(session: Session, password_hash: str, now: datetime) -> Iterator[tuple[Role, Member]]:
    for email, name, role in PEOPLE:
        person = Person(email=email, name=name, password_hash=password_hash, created_at=now)
        session.add(person)
        session.flush()
        session.add(Membership(person_id=person.id, role=role))
        session.flush()
        yield role, Member(id=person.id, name=name, role=role.value)


def _found_site(session: Session, site: DemoSite, today: date) -> UUID:
    row = Site(
        name=site.name,
        address=site.address,
        jurisdiction=site.jurisdiction,
        zone=site.zone,
        services=[service.value for service in site.services],
    )
    session.add(row)
    session.flush()
    session.add(
        Sterilizer(
            site_id=row.id,
            name="Autoclave 1",
            kind="B",
            maker="Made-up Instruments",
            model="MU-23",
            serial="0001-DEMO",
        )
    )
    for place, name in enumerate(site.practitioners):
        practitioner = Practitioner(site_id=row.id, name=name, title="Esthetician")
        session.add(practitioner)
        session.flush()
        for kind, expires_on in made_up_credentials(place, today):
            session.add(
                Credential(
                    practitioner_id=practitioner.id,
                    kind=kind,
                    number=f"DEMO-{place + 1:03}",
                    issuer="Made-up Board",
                    expires_on=expires_on,
                )
            )
    return row.id


def made_up_credentials(place: int, today: date) -> tuple[tuple[str, date], ...]:
    """Return what the practitioner at `place` in a site's list holds: valid, ending soon, ended."""
    days = {"Licence": 20 + 160 * place, "Bloodborne training": 170 - 95 * place}
    return tuple((kind, today + timedelta(days=left)) for kind, left in days.items())


def plan_year(house: DemoHouse, now: datetime) -> tuple[DemoVisit, ...]:
    """Return the year behind `now`, oldest first: a self-audit a month, two inspections a site.

    Each quarter the self-audit is a whole one. The last of the first site is still in progress.
    """
    visits = [
        visit
        for place, (site_id, site) in enumerate(house.sites)
        for month in range(12, -1, -1)
        for visit in _month(place, site_id, site, month, now)
    ]
    return tuple(sorted(visits, key=lambda visit: visit.at))


def _month(
    place: int, site_id: UUID, site: DemoSite, month: int, now: datetime
) -> Iterator[DemoVisit]:
    """Yield what was audited at a site so many months ago."""
    own = DemoVisit(
        site_id=site_id,
        site=site,
        kind=AuditKind.SELF_AUDIT,
        checklist=TOPICS[month % len(TOPICS)] if month % QUARTER else SELF_AUDIT,
        at=_morning(now - timedelta(days=30 * month + 2 + place), site.zone),
        lapse=site.late + (site.early - site.late) * month / 12,
        finished=(month, place) != (0, 0),
    )
    yield own
    if month in INSPECTED[place]:
        later = own.at + timedelta(days=15 if month else 2, hours=2)
        yield replace(own, kind=AuditKind.INSPECTION, checklist=INSPECTION, at=later)


def _morning(moment: datetime, zone: str) -> datetime:
    day = moment.astimezone(ZoneInfo(zone)).date()
    return datetime(day.year, day.month, day.day, 9, 10, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def carry_out(
    session: Session, visit: DemoVisit, house: DemoHouse, *, press: Press, shelf: Shelf
) -> None:
    """Do one audit of the year from start to report, or half of it when it is not finished."""
    inspection = visit.kind is AuditKind.INSPECTION
    by = house.members[Role.INSPECTOR if inspection else Role.OWNER]
    plan = Plan(
        site_id=visit.site_id,
        checklist_code=visit.checklist,
        kind=visit.kind,
        person_in_charge=visit.site.in_charge,
        present=(visit.site.in_charge,),
    )
    audit = start_audit(session, plan, catalogue=shelf.catalogue, by=by, now=visit.at)
    for group, labels in ROOMS.items():
        name_subjects(session, audit.id, group, labels, by=by, now=visit.at)
    ended = _respond(session, audit, visit, shelf=shelf, by=by)
    if visit.finished:
        complete_audit(session, audit.id, shelf=shelf, by=by, now=ended)
        _sign(session, audit.id, visit, by, ended)
        issue_report(session, audit.id, press=press, by=by, now=ended + timedelta(minutes=9))


def put_right(session: Session, house: DemoHouse, *, until: datetime) -> None:
    """Close the findings due before `until`, near their day; the last few that can wait do."""
    day = until.date()
    due = [one for one in list_open_findings(session) if one.due_on and one.due_on < day]
    late = [one.id for one in due if one.severity is not Severity.CRITICAL][-LATE:]
    for finding in due:
        if finding.id not in late:
            at = min(_put_right_at(session, finding), until)
            close_finding(session, finding.id, by=house.members[Role.MANAGER], now=at)


def _put_right_at(session: Session, finding: Finding) -> datetime:
    """Return an afternoon at the site: a few days before the finding was due, or one after."""
    dice = Random(f"{finding.item_code} {finding.raised_on}")  # noqa: S311 - made-up data, the same each time
    due_on = finding.due_on or finding.raised_on
    day = max(finding.raised_on, due_on - timedelta(days=dice.randint(-1, 3)))
    zone = ZoneInfo(get_audit(session, finding.audit_id).zone)
    return datetime.combine(day, time(16, 30), zone).astimezone(UTC)


def _respond(
    session: Session, audit: Audit, visit: DemoVisit, *, shelf: Shelf, by: Member
) -> datetime:
    """Answer until nothing is left to ask; return when that was."""
    moment = visit.at
    dice = Random(f"{visit.site.name} {visit.at:%Y-%m} {visit.kind}")  # noqa: S311 - made-up data, the same each time
    manner = Manner(lapse=visit.lapse, on=visit.at.date(), chance=dice)
    while still := _open_now(session, audit, shelf):
        moment += timedelta(minutes=38)
        still = still if visit.finished else still[:HALFWAY]
        given = {one.key: respond(one, manner) for one in still}
        handed = Handed(given=given)
        record_responses(session, audit.id, handed, catalogue=shelf.catalogue, by=by, now=moment)
        for one in still:
            for number in dice.sample(range(DRAWN), photos_due(one, given[one.key])):
                taken = Taken(audit_id=audit.id, key=one.key, photo=stand_in(number))
                add_photo(session, taken, shelf=shelf, by=by, now=moment)
        if not visit.finished:
            break
    return moment


def _open_now(session: Session, audit: Audit, shelf: Shelf) -> tuple[Asked, ...]:
    opened = open_audit(session, audit, shelf.catalogue)
    return still_open(ask(opened.visit, opened.basis.checklist), opened.visit.given)


def still_open(every: tuple[Asked, ...], given: Given) -> tuple[Asked, ...]:
    """Return what is still unanswered; answering some may ask for more."""
    return tuple(one for one in every if one.item.answerable and one.key not in given)


def photos_due(one: Asked, raw: Mapping[str, object]) -> int:
    """Return how many photos the made-up response comes with."""
    if isinstance(one.item, PhotosItem):
        return min(int(str(raw.get("value", 0))), DRAWN)
    need = one.item.evidence.photo
    failed = bool(raw.get("comment"))
    return int(need is Need.REQUIRED or (failed and need is Need.ON_FAILURE))


@cache
def stand_in(number: int) -> PlainPhoto:
    """Return one of the drawn stand-ins for photos."""
    return make_plain(draw_stand_in(Random(number)))  # noqa: S311 - a drawing, the same each time


def _sign(session: Session, audit_id: UUID, visit: DemoVisit, by: Member, now: datetime) -> None:
    inspector = Signing(
        part=Part.INSPECTOR,
        name=by.name,
        role="Inspector" if visit.kind is AuditKind.INSPECTION else "Owner",
        meaning=MEANINGS[Part.INSPECTOR],
        strokes=_scrawl(by.name),
    )
    receiver = Signing(
        part=Part.PERSON_IN_CHARGE,
        name=visit.site.in_charge,
        role="Person in charge",
        meaning=MEANINGS[Part.PERSON_IN_CHARGE],
        comment="We will go through this with everyone on Monday.",
    )
    for minutes, signing in ((3, inspector), (6, receiver)):
        sign_audit(session, audit_id, signing, by=by, now=now + timedelta(minutes=minutes))


def _scrawl(name: str) -> tuple[tuple[int, ...], ...]:
    """Return lines that look like a hand signing, in thousandths of the box's width."""
    dice = Random(name)  # noqa: S311 - a drawing, the same each time
    across = range(120, 880, 38)
    wave = [(x, 170 + dice.randint(-70, 60)) for x in across]
    under = [(150, 262), (520, 250 + dice.randint(-6, 6)), (860, 240)]
    return tuple(tuple(part for point in line for part in point) for line in (wave, under))
