"""Every page of the server, looked through for what keeps people out."""

import json
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from audit.app import create_app
from audit.settings import Settings
from audit.store.people import Role
from audit.store.scope import organisation_scope
from audit.store.sites import list_sites
from tests.browser.barriers import AXE, barriers, look_at
from tests.browser.serving import EMAIL, Opened, Served, serve
from tests.browser.visiting import database_of, organisation_of
from tests.factories import make_credential, make_practitioner, make_sterilizer
from tests.web.conftest import House, Visitor
from tests.web.small_visit import answer, complete, issue, sign, start

pytestmark = pytest.mark.browser

LISTS = (
    "/",
    "/audits/",
    "/audits/new",
    "/sites/",
    "/sites/new",
    "/practitioners/",
    "/practitioners/new",
    "/checklists/",
    "/checklists/small-check/1",
    "/findings/",
    "/reports/",
    "/verify",
    "/work",
    "/device/rescue",
    "/visit",
    "/visit/plain",
)


def test_axe_is_the_copy_that_was_taken_in() -> None:
    record = json.loads((AXE / "VENDOR.json").read_text(encoding="utf-8"))

    present = {path.name: sha256(path.read_bytes()).hexdigest() for path in AXE.iterdir()}

    del present["VENDOR.json"]
    assert present == record["files"]


@pytest.fixture
def house(served: Served) -> House:
    organisation_id = organisation_of(served)
    scope = organisation_scope(organisation_id)
    with database_of(served).database.transaction(scope) as session:
        site_id = list_sites(session)[0].id
    return House(organisation_id=organisation_id, site_id=site_id, emails={Role.OWNER: EMAIL})


@pytest.fixture
def visitor(served: Served) -> Visitor:
    """The owner at another desk, who does quickly what is to be looked at."""
    made = Visitor(served.app.test_client())
    made.sign_in(EMAIL)
    return made


@pytest.fixture
def meant() -> tuple[str, ...]:
    return ("422", "404", "401", "ERR_INTERNET_DISCONNECTED")


def test_lists_and_starts_keep_nobody_out(opened: Opened) -> None:
    assert look_at(opened(True), LISTS) == {}


def test_pages_of_people_and_places_keep_nobody_out(
    opened: Opened, served: Served, house: House
) -> None:
    scope = organisation_scope(house.organisation_id)
    with database_of(served).database.transaction(scope) as session:
        site = list_sites(session)[0]
        practitioner = make_practitioner(session, site)
        credential = make_credential(session, practitioner)
        sterilizer = make_sterilizer(session, site)
        person, machine = f"/practitioners/{practitioner.id}", f"/sites/{site.id}"
        addresses = [
            person,
            f"{person}/edit",
            f"{person}/credentials/new",
            f"{person}/credentials/{credential.id}",
            machine,
            f"{machine}/edit",
            f"{machine}/sterilizers/new",
            f"{machine}/sterilizers/{sterilizer.id}",
        ]

    assert look_at(opened(True), addresses) == {}


def test_pages_of_an_audit_keep_nobody_out(opened: Opened, visitor: Visitor, house: House) -> None:
    begun = start(visitor, house)
    answer(visitor, begun, gloves_worn="no", **{"gloves_worn.comment": "Bare hands."})
    closed = complete(visitor, house)
    signed = complete(visitor, house)
    sign(visitor, signed)

    found = look_at(
        opened(True),
        [
            f"/audits/{begun}/1",
            f"/audits/{begun}/2",
            f"/audits/{begun}/subjects/rooms?number=2",
            f"/audits/{begun}/check",
            f"/audits/{closed}/result",
            f"/audits/{closed}/sign",
            f"/audits/{signed}/result",
            f"/audits/{signed}/sign",
            f"/audits/{start(visitor, house)}/check",
        ],
    )

    assert found == {}


def test_pages_of_a_report_keep_nobody_out(
    opened: Opened, visitor: Visitor, house: House, tmp_path: Path
) -> None:
    # Sealing may not run beside the browser's own loop, so it is done in another thread.
    with ThreadPoolExecutor(1) as apart:
        code = apart.submit(issue, visitor, house).result()
    pdf = visitor.get(f"/reports/{code}.pdf").data
    page = opened(True)
    found = look_at(
        page,
        [f"/reports/{code}", f"/reports/{code}/correct", f"/reports/{code}/withdraw", f"/v/{code}"],
    )

    changed = bytes([*pdf[: len(pdf) // 2], pdf[len(pdf) // 2] ^ 1, *pdf[len(pdf) // 2 + 1 :]])
    for name, data in (("PASSED", pdf), ("FAILED", changed)):
        file = tmp_path / f"{name}.pdf"
        file.write_bytes(data)
        page.goto("/verify")
        page.get_by_label("The report, as a PDF").set_input_files(file)
        page.get_by_role("button", name="Verify").click()
        expect(page.get_by_role("heading", name=name)).to_be_visible()
        found[name] = barriers(page)

    assert {address: said for address, said in found.items() if said} == {}


def test_refusals_keep_nobody_out(opened: Opened, visitor: Visitor, house: House) -> None:
    page = opened(True)

    found = look_at(page, ["/no-such-page", "/v/2222-2222-2222"], status=404)
    page.goto("/sites/new")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".summary")).to_be_visible()
    found["a refused form"] = barriers(page)
    closed = complete(visitor, house)
    page.goto(f"/audits/{closed}/sign")
    page.get_by_label("Your name").fill("")
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.locator(".summary")).to_be_visible()
    found["a refused signature"] = barriers(page)
    page.context.clear_cookies()
    found |= look_at(page, ["/login"])

    assert {address: said for address, said in found.items() if said} == {}


def test_the_first_run_keeps_nobody_out(browser: Browser, sqlite_url: str, tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path / "data", database_url=sqlite_url, base_url="http://127.0.0.1"
    )

    with serve(create_app(settings)) as new:
        page = browser.new_context(base_url=new.address).new_page()
        found = look_at(page, ["/setup"])
        page.context.close()

    assert found == {}
