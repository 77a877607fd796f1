"""Two organisations with one of everything each, and people of every kind to look at them."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from flask import Flask

from audit.app import create_app
from audit.services.membership import MemberEntry, invite
from audit.services.people import as_member
from audit.settings import Settings
from audit.store.audits import get_audit
from audit.store.database import Database
from audit.store.evidence import evidence_of
from audit.store.links import open_links
from audit.store.people import Role, find_member, list_members, sign_ins_of
from audit.store.practitioners import credentials_of, list_practitioners
from audit.store.reports import get_report
from audit.store.scope import Scope, acting_for, organisation_scope, platform_scope
from audit.store.sites import get_site, sterilizers_of
from audit.store.stamps import Revision, StampAttempt
from tests.factories import (
    NOW,
    kept_password,
    make_credential,
    make_finding,
    make_organisation,
    make_person,
    make_practitioner,
    make_site,
    make_sterilizer,
)
from tests.web.conftest import PASSWORD, Clock, House, Visitor, database_of
from tests.web.small_visit import answer, complete, issue, offer_small_library, photo, sign, start
from tests.web.tablet import Tablet, change

# Stands in every name of the other organisation, so that any trace of it shows.
CANARY = "Zanzibar"
LIMITED = "limited"
STRANGERS = ("anonymous", "deactivated", "expired")


@dataclass
class Ids:
    """One of each thing, by the name its place has in an address."""

    organisation_id: UUID
    site_id: UUID
    sterilizer_id: UUID
    practitioner_id: UUID
    credential_id: UUID
    audit_id: UUID
    planned: UUID
    reported: UUID
    signed: UUID
    evidence_id: UUID
    waiting: UUID
    code: str
    person_id: UUID
    stay_id: UUID
    link_id: UUID
    token: str

    def texts(self) -> list[str]:
        """Return each as an address writes it."""
        return [str(one) for one in vars(self).values()]


@dataclass
class World:
    """The application, both organisations, and a browser for each kind of person."""

    app: Flask
    folder: Path
    visitors: dict[str, Visitor] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    _cookies: dict[str, dict[Any, Any]] = field(default_factory=dict)
    own: Ids = field(init=False)
    elsewhere: Ids = field(init=False)
    foreign: Ids = field(init=False)

    @property
    def database(self) -> Database:
        return database_of(self.app)

    def visitor(self, kind: str) -> Visitor:
        """Return a browser as it was when the world was kept: signing out forgets cookies."""
        visitor = self.visitors[kind]
        visitor.client._cookies = dict(self._cookies[kind])
        return visitor

    def keep(self) -> None:
        """Remember the database and every browser as they are now."""
        for kind, visitor in self.visitors.items():
            said = visitor.client.get("/device/session").json
            visitor.token = said["csrf"]
            self.people[kind] = (said["user"] or {"id": str(uuid4())})["id"]
            self._cookies[kind] = dict(visitor.client._cookies or {})
        self.database.engine.dispose()
        shutil.copyfile(self.folder / "audit.sqlite3", self.folder / "kept.sqlite3")

    def restore(self) -> None:
        """Put the database back as it was kept."""
        self.database.engine.dispose()
        for more in ("-wal", "-shm", "-journal"):
            (self.folder / f"audit.sqlite3{more}").unlink(missing_ok=True)
        shutil.copyfile(self.folder / "kept.sqlite3", self.folder / "audit.sqlite3")

    def rows_of_the_other(self) -> str:
        """Return a digest over every row of the other organisation."""
        whose = self.foreign.organisation_id.hex
        found = sha256()
        with closing(sqlite3.connect(self.folder / "audit.sqlite3")) as raw:
            tables = [
                name
                for (name,) in raw.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
                )
            ]
            for table in tables:
                columns = [row[1] for row in raw.execute(f"PRAGMA table_info({table})")]
                if "organisation_id" in columns:
                    rows = raw.execute(
                        f"SELECT * FROM {table} WHERE organisation_id = ? ORDER BY 1, 2",  # noqa: S608
                        (whose,),
                    )
                    found.update(repr((table, rows.fetchall())).encode())
            people = "SELECT person_id FROM membership WHERE organisation_id = ?"
            rows = raw.execute(f"SELECT * FROM person WHERE id IN ({people})", (whose,))  # noqa: S608
            found.update(repr(rows.fetchall()).encode())
        return found.hexdigest()


def make_world(folder: Path, migrated: Path) -> World:
    """Build it all in `folder`, on a copy of the `migrated` database."""
    shutil.copyfile(migrated, folder / "audit.sqlite3")
    settings = Settings(
        data_dir=folder / "data",
        database_url=f"sqlite:///{folder / 'audit.sqlite3'}",
        base_url="http://localhost",
    )
    clock = Clock()
    world = World(app=create_app(settings, clock=clock), folder=folder)
    offer_small_library(world.app, folder / "library")
    mine, other = _found(world, "Calm Skin"), _found(world, f"{CANARY} Clinic")
    clock.move(timedelta(days=-20))
    _come_in(world, "expired", mine.emails[Role.OWNER])
    clock.move(timedelta(days=20))
    for role in Role:
        _come_in(world, role.value, mine.emails[role])
    _come_in(world, "other", other.emails[Role.OWNER])
    for kind in ("owner", "other"):
        world.visitors[kind].post("/reports/look", logo=(photo(len(kind)), "logo.jpg"))
    world.own = _furnish(world, mine, "owner", mine.site_id)
    world.foreign = _furnish(world, other, "other", other.site_id)
    with world.database.transaction(organisation_scope(mine.organisation_id)) as session:
        second = make_site(session, name="Second Street").id
    world.elsewhere = _furnish(world, mine, "owner", second)
    _limit(world, mine)
    _let_go(world, mine)
    world.visitors["anonymous"] = Visitor(world.app.test_client())
    del world.visitors["other"]
    world.keep()
    return world


def _found(world: World, name: str) -> House:
    emails = {role: f"{role}@{name.split(maxsplit=1)[0].lower()}.test" for role in Role}
    with world.database.transaction(platform_scope("a world for tests")) as session:
        organisation_id = make_organisation(session, name=name).id
        with acting_for(session, organisation_id):
            for role, email in emails.items():
                make_person(
                    session,
                    role=role,
                    email=email,
                    name=f"{name} {role.title()}",
                    password_hash=kept_password(PASSWORD),
                )
            site = make_site(session, name=f"{name} site", address=f"1 {name} Street")
    return House(organisation_id=organisation_id, site_id=site.id, emails=emails)


def _come_in(world: World, kind: str, email: str) -> Visitor:
    visitor = Visitor(world.app.test_client())
    visitor.sign_in(email)
    visitor.get("/account/password")
    world.visitors[kind] = visitor
    return visitor


def _furnish(world: World, house: House, kind: str, site_id: UUID) -> Ids:
    """Carry out audits in every state, and note one id of each thing."""
    visitor, scope = world.visitors[kind], organisation_scope(house.organisation_id)
    here = replace(house, site_id=site_id)
    name = CANARY if kind == "other" else "Calm"
    _equip(world, scope, site_id, name)
    code = issue(visitor, here)
    signed = complete(visitor, here)
    sign(visitor, signed, name=f"{name} Signer")
    opened = start(visitor, here, in_charge=f"{name} Lee")
    answer(visitor, opened, **{"water_warm.comment": f"{name} comment"})
    visitor.post(f"/audits/{opened}/1", **{"water_warm.photo": (photo(), "tap.jpg")})
    planned = _plan(visitor, here)
    _correct_and_stamp(world, scope, visitor, here)
    Tablet(visitor.client).record(opened, change("gloves_worn", {"value": "no"}))
    waiting = uuid4()
    reader = Visitor(world.app.test_client())
    reader.sign_in(house.emails[Role.AUDITOR])
    Tablet(reader.client).upload(opened, "water_warm", photo(3).getvalue(), str(waiting))
    token, link_id, person_id, stay_id = _invite(world, house, name)
    with world.database.transaction(scope) as session:
        [practitioner] = [one for one in list_practitioners(session) if one.site_id == site_id]
        return Ids(
            organisation_id=house.organisation_id,
            site_id=site_id,
            sterilizer_id=sterilizers_of(session, site_id)[0].id,
            practitioner_id=practitioner.id,
            credential_id=credentials_of(session, [practitioner.id])[0].id,
            audit_id=opened,
            planned=planned,
            reported=get_report(session, code).audit_id,
            signed=signed,
            evidence_id=evidence_of(session, opened)[0].id,
            waiting=waiting,
            code=code,
            person_id=person_id,
            stay_id=stay_id,
            link_id=link_id,
            token=token,
        )


def _equip(world: World, scope: Scope, site_id: UUID, name: str) -> None:
    with world.database.transaction(scope) as session:
        site = get_site(session, site_id)
        practitioner = make_practitioner(session, site, name=f"{name} Practitioner")
        make_credential(session, practitioner, number=f"{name}-77")
        make_sterilizer(session, site, name=f"{name} Steam")


def _correct_and_stamp(world: World, scope: Scope, visitor: Visitor, here: House) -> None:
    """Begin a correction; note a finding, a time stamp, and that one is waited for."""
    stamped, corrected = issue(visitor, here), issue(visitor, here)
    visitor.get(f"/reports/{corrected}/correct")
    visitor.post(f"/reports/{corrected}/correct", reason="The wrong room.")
    with world.database.transaction(scope) as session:
        report, waits = get_report(session, stamped), get_report(session, corrected)
        make_finding(session, get_audit(session, report.audit_id))
        revision = Revision(
            report_id=report.id,
            number=1,
            digest=sha256(stamped.encode()).hexdigest(),
            size=1,
            stamped_at=NOW,
            stamped_by="Time Authority",
            made_at=NOW,
            level="B-T",
            holds_until=None,
        )
        attempt = StampAttempt(report_id=waits.id, tries=1, tried_at=NOW, wrong="It is away.")
        session.add_all([revision, attempt])


def _plan(visitor: Visitor, here: House) -> UUID:
    visitor.get("/audits/new")
    planned = visitor.post(
        "/audits/new",
        site=str(here.site_id),
        checklist="small-check",
        kind="self_audit",
        when="day",
        day=(NOW + timedelta(days=7)).date().isoformat(),
    )
    return UUID(planned.location.rpartition("/")[2])


def _invite(world: World, house: House, name: str) -> tuple[str, UUID, UUID, UUID]:
    """Give out a link, and sign the inspector in once more."""
    inspector = Visitor(world.app.test_client())
    inspector.sign_in(house.emails[Role.INSPECTOR])
    with world.database.transaction(organisation_scope(house.organisation_id)) as session:
        people = {person.email: person for _, person in list_members(session)}
        owner = as_member(people[house.emails[Role.OWNER]], Role.OWNER)
        entry = MemberEntry(role="inspector")
        token = invite(session, entry, f"{name} guest", by=owner, now=NOW)
        link = open_links(session, NOW)[0]
        person_id = people[house.emails[Role.INSPECTOR]].id
        return token, link.id, person_id, sign_ins_of(session, person_id)[0].id


def _limit(world: World, house: House) -> None:
    """Let somebody in who is limited to the first site."""
    email = f"{LIMITED}@calm.test"
    with world.database.transaction(organisation_scope(house.organisation_id)) as session:
        person = make_person(
            session,
            role=Role.MANAGER,
            email=email,
            name="Calm Limited",
            password_hash=kept_password(PASSWORD),
        )
        membership, _ = find_member(session, person.id) or (None, None)
        assert membership is not None
        membership.sites = [str(house.site_id)]
    _come_in(world, LIMITED, email)


def _let_go(world: World, house: House) -> None:
    """Let somebody in whose membership ended since."""
    email = "deactivated@calm.test"
    scope = organisation_scope(house.organisation_id)
    with world.database.transaction(scope) as session:
        person = make_person(
            session,
            role=Role.OWNER,
            email=email,
            name="Calm Gone",
            password_hash=kept_password(PASSWORD),
        )
    _come_in(world, "deactivated", email)
    with world.database.transaction(scope) as session:
        membership, _ = find_member(session, person.id) or (None, None)
        assert membership is not None
        membership.active = False
