"""Sign-ins that end while a tablet is away, people who may not record any more, and leaving."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from audit.store.device import received_of, uploads_of
from audit.store.people import Person, Role, end_sign_ins, find_person, memberships
from audit.store.scope import organisation_scope, platform_scope
from tests.browser.serving import EMAIL, Served
from tests.browser.visiting import (
    add_colleague,
    audit_id_of,
    begin,
    choose,
    complete,
    database_of,
    hand_in,
    item,
    new_tablet,
    organisation_of,
    photograph,
    photos,
    picture,
    respond,
    says,
    sign_in,
    stands,
    take_along,
    until,
)
from tests.factories import NOW

pytestmark = pytest.mark.browser

MANAGER = "manager@example.test"
MARK = "Quittenmarmelade"
JPEG = "\u00ff\u00d8\u00ff\u00e0"
# Every row of every database, as letters: what someone finds who looks at the tablet's disk.
ROWS = """async () => {
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const letters = (bytes) => new TextDecoder("latin1").decode(bytes);
  const spoken = (_, part) => part instanceof ArrayBuffer ? letters(part) : part;
  const found = {};
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const rows = await done(database.transaction(store).objectStore(store).getAll());
      found[`${name} ${store}`] = JSON.stringify(rows, spoken);
    }
    database.close();
  }
  return found;
}"""

CACHED = """async () => {
  const each = async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url);
  return (await Promise.all((await caches.keys()).map(each))).flat();
}"""


@pytest.fixture
def meant() -> tuple[str, ...]:
    """Networks and requests are cut here, and one audit is nowhere to be found."""
    return ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "404")


@pytest.fixture
def tablet(browser: Browser, served: Served) -> Page:
    add_colleague(served, MANAGER, Role.MANAGER, "Bo Lind")
    page = new_tablet(browser, served.address)
    sign_in(page)
    take_along(page)
    return page


def on_the_server(served: Served, act: Callable[[Session, Person], None]) -> None:
    with database_of(served).database.transaction(platform_scope("a test's office")) as session:
        person = find_person(session, EMAIL)
        assert person is not None
        act(session, person)


def end_every_stay(session: Session, person: Person) -> None:
    end_sign_ins(session, person.id, NOW)


def deactivate(session: Session, person: Person) -> None:
    person.active = False
    end_every_stay(session, person)


def only_look_on(session: Session, person: Person) -> None:
    (membership,) = memberships(session, person.id)
    membership.role = Role.AUDITOR


def became(served: Served, address: str) -> list[str]:
    """Return where each response and photo of an audit stands on the server."""
    with database_of(served).database.transaction(
        organisation_scope(organisation_of(served))
    ) as session:
        rows = [*received_of(session, audit_id_of(address))]
        kept = [*uploads_of(session, audit_id_of(address))]
        return [row.stands.value for row in (*rows, *kept)]


def sign_out(page: Page) -> None:
    page.goto("/")
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Password")).to_be_visible()


def test_a_stay_that_ended_meanwhile_costs_a_sign_in_and_nothing_else(
    tablet: Page, served: Served
) -> None:
    tablet.context.set_offline(True)
    address = begin(tablet)
    choose(tablet, "gloves_worn", "Yes")
    on_the_server(served, end_every_stay)
    respond(tablet)
    item(tablet, "water_warm").get_by_label("Reading in °C").fill("41,5")
    stands(tablet, "water_warm", "On this tablet")
    complete(tablet)
    here = tablet.url

    tablet.context.set_offline(False)
    says(tablet, "please sign in")
    tablet.get_by_label("Your password").fill("three calm words")
    tablet.get_by_role("button", name="Hand in").click()
    expect(tablet.locator("#closing")).to_contain_text("Please sign in")
    tablet.locator("#status").get_by_role("button", name="Sign in").click()
    sign_in(tablet)
    expect(tablet).to_have_url(here)
    hand_in(tablet)

    assert set(became(served, address)) == {"done"}
    tablet.context.close()


def test_who_may_no_longer_record_finds_it_kept_for_the_manager(
    tablet: Page, served: Served, tmp_path: Path
) -> None:
    address = begin(tablet)
    says(tablet, "Everything is sent and confirmed")
    tablet.context.set_offline(True)
    choose(tablet, "gloves_worn", "No")
    stands(tablet, "gloves_worn", "On this tablet")
    photograph(tablet, "water_warm", picture(tmp_path))
    on_the_server(served, only_look_on)

    tablet.context.set_offline(False)

    expect(item(tablet, "gloves_worn")).to_contain_text("kept for the manager", timeout=20_000)
    until(lambda: became(served, address) == ["quarantined", "quarantined"])
    expect(photos(tablet, "water_warm")).to_have_count(1)
    tablet.context.close()


def test_the_work_of_someone_deactivated_reaches_the_manager_by_a_rescue_file(
    tablet: Page, served: Served, tmp_path: Path
) -> None:
    address = begin(tablet)
    says(tablet, "Everything is sent and confirmed")
    tablet.context.set_offline(True)
    choose(tablet, "gloves_worn", "No")
    stands(tablet, "gloves_worn", "On this tablet")
    on_the_server(served, deactivate)
    tablet.context.set_offline(False)
    says(tablet, "1 not sent yet: please sign in")
    choose(tablet, "gloves_worn", "Yes")
    stands(tablet, "gloves_worn", "On this tablet")

    tablet.goto("/visit")
    with tablet.expect_download() as saved:
        tablet.locator("#here").get_by_role("button", name="Save a rescue file").click()
    saved.value.save_as(tmp_path / "left.rescue")
    sign_in(tablet, MANAGER)
    tablet.goto("/device/rescue")
    tablet.locator("#file").set_input_files(tmp_path / "left.rescue")
    tablet.get_by_role("button", name="Hand in").click()
    expect(tablet.get_by_role("heading", name="Work of Ines Ray")).to_be_visible()

    assert became(served, address) == ["quarantined"]
    tablet.goto("/work")
    expect(tablet.get_by_role("main")).to_contain_text("Are gloves worn for every extraction?")
    tablet.context.close()


def test_who_comes_after_a_sign_out_finds_nothing_and_its_author_finds_it_all(
    tablet: Page, tmp_path: Path
) -> None:
    tablet.route("**/changes", lambda route: route.abort())
    address = begin(tablet)
    choose(tablet, "gloves_worn", "No")
    item(tablet, "gloves_worn").get_by_label("Comment").fill(MARK)
    stands(tablet, "gloves_worn", "On this tablet")
    photograph(tablet, "water_warm", picture(tmp_path))
    shown = tablet.evaluate(ROWS)
    sign_out(tablet)

    assert tablet.evaluate(CACHED) == []
    rows = tablet.evaluate(ROWS)
    assert rows.keys() == shown.keys()
    assert all(len(rows[name]) > 2 for name in rows if name.endswith((" outbox", " bytes")))
    for said in (MARK, "Main Street", "Lee Park", JPEG):
        assert [name for name, row in rows.items() if said in row] == []
    sign_in(tablet, MANAGER)
    take_along(tablet)
    expect(tablet.locator("[data-none]")).to_be_visible()
    assert MARK not in tablet.content()
    tablet.goto(address)
    expect(tablet.locator("#opening")).to_contain_text("not on this tablet")
    sign_out(tablet)

    tablet.unroute("**/changes")
    sign_in(tablet)
    tablet.goto(address)

    stands(tablet, "gloves_worn", "Confirmed")
    expect(item(tablet, "gloves_worn").get_by_label("Comment")).to_have_value(MARK)
    state = photos(tablet, "water_warm").locator("[data-state]")
    expect(state).to_have_text("Confirmed", timeout=20_000)
    tablet.context.close()
