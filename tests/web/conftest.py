"""The application over a real database, and people who are signed in to it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from werkzeug.test import TestResponse

from audit.app import create_app
from audit.settings import Settings
from audit.store.database import Database
from audit.store.people import Role
from audit.store.scope import organisation_scope, platform_scope
from audit.web.request import Installation
from tests.factories import NOW, kept_password, make_organisation, make_person, make_site

PASSWORD = "three calm words"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Clock:
    """A clock that moves when told."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> None:
        self.at += by


@dataclass
class Visitor:
    """A browser: it keeps cookies, and sends forms with the proof of the page they stood on."""

    client: FlaskClient
    token: str = field(default="", init=False)

    def get(self, address: str, /, **given: object) -> TestResponse:
        page = self.client.get(address, **given)  # type: ignore[arg-type]
        found = _TOKEN.search(page.text) if page.mimetype == "text/html" else None
        self.token = found[1] if found else self.token
        return page

    def post(self, address: str, /, **fields: object) -> TestResponse:
        """Send a form, after looking at a page that holds one."""
        if not self.token:
            self.get("/" if self.client.get_cookie("sign-in") else "/login")
        return self.client.post(address, data={"csrf_token": self.token, **fields})

    def sign_in(self, email: str, password: str = PASSWORD, **more: object) -> TestResponse:
        self.token = ""
        self.get("/login")
        sent = self.post("/login", email=email, password=password, **more)
        # Signing in ends what was agreed before; the next page gives a new proof.
        self.token = ""
        return sent


@dataclass(frozen=True, kw_only=True)
class House:
    """A founded organisation with one site, and one person of each role."""

    organisation_id: UUID
    site_id: UUID
    emails: dict[Role, str]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(
    sqlite_url: str, tmp_path: Path, clock: Clock, translated: BytecodeCache
) -> Iterator[Flask]:
    settings = Settings(
        data_dir=tmp_path / "data", database_url=sqlite_url, base_url="http://localhost"
    )
    made = create_app(settings, clock=clock)
    made.jinja_env.bytecode_cache = translated
    yield made
    database_of(made).engine.dispose()


def database_of(app: Flask) -> Database:
    installed: Installation = app.extensions["hygiene_audit"]
    return installed.database


@pytest.fixture
def database(app: Flask) -> Database:
    return database_of(app)


def found_house(database: Database, *, demo: bool = False, name: str = "Calm Skin") -> House:
    with database.transaction(platform_scope("a test's organisation")) as session:
        organisation_id = make_organisation(session, demo=demo, name=name).id
    with database.transaction(organisation_scope(organisation_id)) as session:
        people = {
            role: make_person(
                session,
                role=role,
                password_hash=kept_password(PASSWORD),
                name=f"Ines {role.title()}",
            )
            for role in Role
        }
        return House(
            organisation_id=organisation_id,
            site_id=make_site(session).id,
            emails={role: person.email for role, person in people.items()},
        )


@pytest.fixture
def house(database: Database) -> House:
    return found_house(database)


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app.test_client())


SignedIn = Callable[[Role], Visitor]


@pytest.fixture
def signed_in(app: Flask, house: House) -> SignedIn:
    """Returns a browser in which someone of a role has signed in."""

    def come_in(role: Role) -> Visitor:
        visitor = Visitor(app.test_client())
        visitor.sign_in(house.emails[role])
        visitor.get("/")
        return visitor

    return come_in


@pytest.fixture
def owner(signed_in: SignedIn) -> Visitor:
    return signed_in(Role.OWNER)
