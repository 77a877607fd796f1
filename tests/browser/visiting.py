"""What people do on a tablet: the steps of a visit, from the sign-in to the receipt."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from audit.store.people import Role
from audit.store.scope import Organisation, organisation_scope, platform_scope
from audit.web.request import Installation
from tests.browser.serving import EMAIL, PASSWORD, Served
from tests.factories import kept_password, make_person

PATIENCE_MS = 20_000
TABLET = {"width": 820, "height": 1180}


def until(look: Callable[[], object]) -> None:
    """Look until it holds; pages with our policy cannot be polled from inside."""
    end = time.monotonic() + PATIENCE_MS / 1000
    while not look():
        assert time.monotonic() < end, "it never came to hold"
        time.sleep(0.05)


def database_of(served: Served) -> Installation:
    installed: Installation = served.app.extensions["hygiene_audit"]
    return installed


def organisation_of(served: Served) -> UUID:
    """Return the id of the only organisation."""
    reading = platform_scope("the test's organisation")
    with database_of(served).database.transaction(reading) as session:
        return session.scalars(select(Organisation.id)).one()


def add_colleague(served: Served, email: str, role: Role, name: str) -> None:
    """Let one more person sign in with the usual password."""
    database = database_of(served).database
    with database.transaction(organisation_scope(organisation_of(served))) as session:
        kept = kept_password(PASSWORD)
        make_person(session, role=role, email=email, password_hash=kept, name=name)


def new_tablet(browser: Browser, address: str) -> Page:
    """Return a page in a browser of its own, where nobody is signed in."""
    return browser.new_context(base_url=address, viewport=TABLET).new_page()


def sign_in(page: Page, email: str = EMAIL) -> None:
    """Sign in, from wherever the page offers it."""
    if "/login" not in page.url:
        page.goto("/login")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).not_to_have_url(re.compile("/login"))


def take_along(page: Page) -> None:
    """Open the start page, and wait until all checklists are kept."""
    page.goto("/visit")
    expect(page.locator("[data-kept]")).to_contain_text("Every checklist", timeout=PATIENCE_MS)


def begin(page: Page) -> str:
    """Start an audit on the start page; return its address."""
    page.get_by_label("Who is in charge there today?").fill("Lee Park")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("heading", name="Hands and gloves")).to_be_visible()
    return page.url


def audit_id_of(address: str) -> UUID:
    """Return the id that stands in the address of an audit's page."""
    return UUID(address.partition("#")[2].partition("/")[0])


def item(page: Page, key: str) -> Locator:
    return page.locator(f'[id="{key}"]')


def choose(page: Page, key: str, words: str) -> None:
    item(page, key).locator(".pick", has_text=re.compile(f"^\\s*{words}\\s*$")).click()


def stands(page: Page, key: str, words: str) -> None:
    place = item(page, key).locator(".place [data-state]")
    expect(place).to_have_text(words, timeout=PATIENCE_MS)


def says(page: Page, words: str) -> None:
    expect(page.locator("#status")).to_contain_text(words, timeout=PATIENCE_MS)


def go_to(page: Page, section: str) -> None:
    page.get_by_label("Section", exact=True).select_option(section)


def respond(page: Page) -> None:
    """Give a response to everything in the small checklist; the water is too cold."""
    choose(page, "gloves_worn", "Yes")
    item(page, "water_warm").get_by_label("Reading in °C").fill("31,5")
    item(page, "glove_changes").get_by_role("button", name="One more: Done").click(click_count=3)
    expect(item(page, "glove_changes").get_by_label("Done", exact=True)).to_have_value("3")
    stands(page, "glove_changes", "On this tablet")
    go_to(page, "2")
    field = page.get_by_label("Name one of the rooms")
    field.fill("Blue room")
    field.press("Enter")
    page.locator(".of-subject .pick.good").click()
    expect(page.locator(".of-subject [data-state]").first).to_have_text("On this tablet")
    go_to(page, "1")


def respond_without_findings(page: Page) -> None:
    respond(page)
    item(page, "water_warm").get_by_label("Reading in °C").fill("41,5")
    stands(page, "water_warm", "On this tablet")


def look_again(page: Page) -> None:
    """Exchange with the server now, as a tablet does when it finds a network."""
    page.evaluate("window.dispatchEvent(new Event('online'))")


def picture(folder: Path, size: tuple[int, int] = (1200, 900)) -> Path:
    """Write a photo that does not become small by compression."""
    path = folder / "photo.jpg"
    Image.effect_noise(size, 80).convert("RGB").save(path, quality=88)
    return path


def photos(page: Page, key: str) -> Locator:
    return item(page, key).locator("[data-photo-id]")


def photograph(page: Page, key: str, path: Path, expected: int = 1) -> None:
    """Take a photo at an item, and wait until it is shown as kept."""
    item(page, key).locator("input[data-photo]").set_input_files(path)
    expect(photos(page, key)).to_have_count(expected, timeout=PATIENCE_MS)


def draw(page: Page, canvas: Locator) -> None:
    """Draw a line with the pointer."""
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + 50, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 110, steps=12)
    page.mouse.up()


def draw_on_photo(page: Page, key: str, expected: int = 2) -> None:
    photos(page, key).first.locator("[data-act=draw]").click()
    draw(page, page.locator("dialog.annotate canvas"))
    page.get_by_role("button", name="Keep the drawing").click()
    expect(photos(page, key)).to_have_count(expected, timeout=PATIENCE_MS)


def complete(page: Page) -> None:
    """Complete the audit: the inspector signs, the person in charge refuses."""
    go_to(page, "check")
    page.get_by_role("button", name="Complete the audit").click()
    form = page.locator('#closing form[data-part="inspector"]')
    form.get_by_label("Role").fill("Inspector")
    draw(page, form.locator("canvas"))
    form.get_by_role("button", name="Sign").click()
    form = page.locator('#closing form[data-part="person_in_charge"]')
    form.get_by_label("Role").fill("Owner")
    form.get_by_text("I refuse to sign").click()
    form.get_by_label("Why you refuse").fill("I do not agree.")
    form.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="Signed, and kept on this tablet")).to_be_visible()


def hand_in(page: Page) -> None:
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("heading", name="Received")).to_be_visible(timeout=PATIENCE_MS)
