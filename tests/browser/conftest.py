"""The application with one small list, Chromium in front of it, and tablets that are signed in."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jinja2 import BytecodeCache
from playwright.sync_api import (
    Browser,
    BrowserContext,
    BrowserType,
    Page,
    expect,
    sync_playwright,
)

from audit.app import create_app
from audit.services.acting import Shelf
from audit.settings import Settings
from audit.store.people import Role
from audit.store.scope import organisation_scope, platform_scope
from audit.web.request import Installation
from tests.browser.serving import EMAIL, PASSWORD, Opened, Served, serve
from tests.browser.visiting import PATIENCE_MS, begin, new_tablet, says, sign_in, take_along
from tests.factories import kept_password, make_organisation, make_person, make_site
from tests.services.small_library import small_library

_TABLET = {"width": 820, "height": 1180}
# However busy the machine is: what never comes is waited for in vain only once.
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture
def served(sqlite_url: str, tmp_path: Path, translated: BytecodeCache) -> Iterator[Served]:
    """The application on a free port, with one owner and one site, auditing by the small list."""
    settings = Settings(
        data_dir=tmp_path / "data", database_url=sqlite_url, base_url="http://127.0.0.1"
    )
    app = create_app(settings)
    app.jinja_env.bytecode_cache = translated
    installed: Installation = app.extensions["hygiene_audit"]
    shelf = Shelf(catalogue=small_library(tmp_path / "checklists"), blobs=installed.shelf.blobs)
    app.extensions["hygiene_audit"] = replace(installed, shelf=shelf)
    with installed.database.transaction(platform_scope("a test's organisation")) as session:
        organisation_id = make_organisation(session).id
    with installed.database.transaction(organisation_scope(organisation_id)) as session:
        kept = kept_password(PASSWORD)
        make_person(session, role=Role.OWNER, email=EMAIL, password_hash=kept, name="Ines Ray")
        make_site(session)
    with serve(app) as answering:
        yield answering


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser that ends with its module: while it runs, no other test may use asyncio."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield started
        started.close()


# The policy's violations are said on the console as well, though not those of every directive.
_SAY_VIOLATIONS = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} against ${event.blockedURI}`))"""


@pytest.fixture
def meant() -> tuple[str, ...]:
    """What the console calls an error though it is meant: a refused form, a cut network."""
    return ("422", "ERR_INTERNET_DISCONNECTED")


@pytest.fixture(autouse=True)
def no_faults(meant: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every page of every browser is watched: nothing it did not mean may go wrong in it."""
    faults: list[str] = []

    def watched(make: Callable[..., BrowserContext]) -> Callable[..., BrowserContext]:
        def made(*given: Any, **named: Any) -> BrowserContext:
            context = make(*given, **named)
            context.add_init_script(_SAY_VIOLATIONS)
            context.on("weberror", lambda fault: faults.append(str(fault.error)))
            context.on("console", lambda said: said.type == "error" and faults.append(said.text))
            return context

        return made

    for kind, act in ((Browser, "new_context"), (BrowserType, "launch_persistent_context")):
        monkeypatch.setattr(kind, act, watched(getattr(kind, act)))
    yield
    assert [fault for fault in faults if not any(one in fault for one in meant)] == []


@pytest.fixture
def opened(browser: Browser, served: Served) -> Iterator[Opened]:
    """Returns a page in which the owner has signed in, with or without scripts."""
    contexts = []

    def come_in(scripts: bool) -> Page:
        context = browser.new_context(
            base_url=served.address, viewport=_TABLET, java_script_enabled=scripts
        )
        contexts.append(context)
        page = context.new_page()
        page.goto("/login")
        page.get_by_label("Email").fill(EMAIL)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(f"{served.address}/")
        return page

    yield come_in
    for context in contexts:
        context.close()


@pytest.fixture
def tablets(browser: Browser, served: Served) -> Iterator[tuple[Page, Page]]:
    """Two tablets on which the same audit is open, the first of which began it."""
    first, second = (new_tablet(browser, served.address) for _ in range(2))
    sign_in(first)
    take_along(first)
    address = begin(first)
    says(first, "Everything is sent and confirmed")
    sign_in(second)
    second.goto(address)
    expect(second.get_by_role("heading", name="Hands and gloves")).to_be_visible()
    says(second, "Everything is sent and confirmed")
    yield first, second
    first.context.close()
    second.context.close()
