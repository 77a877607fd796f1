import re

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import Opened

pytestmark = pytest.mark.browser

CONFIRMED = "Confirmed"


def item(page: Page, key: str) -> Locator:
    return page.locator(f'[id="{key}"]')


def choose(page: Page, key: str, words: str) -> None:
    item(page, key).locator(".pick", has_text=re.compile(f"^\\s*{words}\\s*$")).click()


def state(page: Page, key: str) -> Locator:
    return item(page, key).locator(".place [data-state]")


def begin(page: Page) -> str:
    """Start an audit on the tablet's own page; return its address."""
    page.goto("/visit")
    expect(page.get_by_label("Which site?")).to_be_visible()
    page.get_by_label("Who is in charge there today?").fill("Lee Park")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("heading", name="Hands and gloves")).to_be_visible()
    return page.url


def go_to(page: Page, section: str) -> None:
    page.get_by_label("Section", exact=True).select_option(section)


def name_room(page: Page, words: str) -> None:
    field = page.get_by_label("Name one of the rooms")
    field.fill(words)
    field.press("Enter")
    expect(page.locator("[data-named]").get_by_text(words)).to_be_visible()


@pytest.fixture
def page(opened: Opened) -> Page:
    return opened(True)


@pytest.fixture
def context(page: Page) -> BrowserContext:
    return page.context


def test_a_response_says_how_it_is_kept(page: Page) -> None:
    begin(page)

    choose(page, "gloves_worn", "Yes")

    expect(state(page, "gloves_worn")).to_have_text(CONFIRMED, timeout=15_000)
    expect(page.locator("[data-progress]")).to_have_text("1 of 3 answered")


def test_what_was_entered_without_a_network_stands_after_a_reload(
    page: Page, context: BrowserContext
) -> None:
    address = begin(page)
    context.set_offline(True)

    choose(page, "gloves_worn", "No")
    item(page, "gloves_worn").get_by_label("Comment").fill("None at hand.")
    expect(state(page, "gloves_worn")).to_have_text("On this tablet")
    page.wait_for_timeout(600)
    page.reload()

    expect(page).to_have_url(address)
    expect(item(page, "gloves_worn").get_by_label("Comment")).to_have_value("None at hand.")
    context.set_offline(False)
    expect(state(page, "gloves_worn")).to_have_text(CONFIRMED, timeout=15_000)
