"""Work that waits while its author is signed out, and the rescue file another person hands in."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from audit.store.people import Role
from tests.browser.serving import Served
from tests.browser.visiting import (
    add_colleague,
    begin,
    choose,
    item,
    new_tablet,
    says,
    sign_in,
    stands,
    take_along,
)

pytestmark = pytest.mark.browser

COLLEAGUE = "colleague@example.test"


@pytest.fixture
def meant() -> tuple[str, ...]:
    """Requests are cut here."""
    return ("ERR_FAILED",)


@pytest.fixture
def tablet(browser: Browser, served: Served) -> Page:
    """A tablet with one unsent response, whose author then signed out."""
    add_colleague(served, COLLEAGUE, Role.INSPECTOR, "Bo Lind")
    page = new_tablet(browser, served.address)
    sign_in(page)
    take_along(page)
    address = begin(page)
    says(page, "Everything is sent and confirmed")
    page.route("**/changes", lambda route: route.abort())
    choose(page, "gloves_worn", "No")
    says(page, "1 not sent yet")
    page.goto("/")
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Password")).to_be_visible()
    page.unroute("**/changes")
    page.evaluate("(address) => sessionStorage.setItem('address', address)", address)
    return page


def test_a_colleague_signing_in_sends_nothing_and_the_author_finds_it_again(tablet: Page) -> None:
    address = tablet.evaluate("sessionStorage.getItem('address')")
    sent: list[str] = []
    tablet.on("request", lambda one: sent.append(one.url) if "/changes" in one.url else None)

    sign_in(tablet, COLLEAGUE)
    take_along(tablet)
    says(tablet, "Everything is sent and confirmed")
    assert sent == []
    tablet.goto("/")
    tablet.locator("details.menu summary").click()
    tablet.get_by_role("button", name="Sign out").click()
    expect(tablet.get_by_label("Password")).to_be_visible()
    sign_in(tablet)
    tablet.goto(address)

    stands(tablet, "gloves_worn", "Confirmed")
    expect(item(tablet, "gloves_worn").locator(".pick.bad input")).to_be_checked()
    tablet.context.close()


def test_a_colleague_hands_in_the_rescue_file(tablet: Page, tmp_path: Path) -> None:
    tablet.goto("/visit")
    with tablet.expect_download() as saved:
        tablet.get_by_role("button", name="Save a rescue file").click()
    path = tmp_path / "left.rescue"
    saved.value.save_as(path)

    sign_in(tablet, COLLEAGUE)
    tablet.goto("/device/rescue")
    tablet.locator("#file").set_input_files(path)
    tablet.get_by_role("button", name="Hand in").click()

    expect(tablet.get_by_role("heading", name="Work of Ines Ray")).to_be_visible()
    expect(tablet.get_by_role("main")).to_contain_text("1 response")
    tablet.context.close()
