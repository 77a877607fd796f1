"""Two tablets on one audit, and one that comes too late."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Served
from tests.browser.visiting import (
    PATIENCE_MS,
    begin,
    choose,
    complete,
    hand_in,
    item,
    new_tablet,
    respond,
    says,
    sign_in,
    stands,
    take_along,
)

pytestmark = pytest.mark.browser


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


def look_again(page: Page) -> None:
    """Exchange with the server now, as a tablet does when it finds a network."""
    page.evaluate("window.dispatchEvent(new Event('online'))")


def test_a_conflict_is_shown_on_both_until_someone_chooses(tablets: tuple[Page, Page]) -> None:
    first, second = tablets
    for page in tablets:
        page.context.set_offline(True)

    choose(first, "gloves_worn", "Yes")
    stands(first, "gloves_worn", "On this tablet")
    choose(second, "gloves_worn", "No")
    stands(second, "gloves_worn", "On this tablet")
    item(second, "water_warm").get_by_label("Reading in °C").fill("41,5")
    stands(second, "water_warm", "On this tablet")
    first.context.set_offline(False)
    stands(first, "gloves_worn", "Confirmed")
    second.context.set_offline(False)

    choice = item(second, "gloves_worn").get_by_role("group", name="Two responses to this item")
    expect(choice).to_contain_text("Yes", timeout=PATIENCE_MS)
    expect(choice).to_contain_text("No")
    stands(second, "water_warm", "Confirmed")
    look_again(first)
    other = item(first, "gloves_worn").get_by_role("group", name="Two responses to this item")
    expect(other).to_contain_text("Yes", timeout=PATIENCE_MS)
    expect(other).to_contain_text("No")
    expect(item(first, "water_warm").get_by_label("Reading in °C")).to_have_value("41.5")
    choice.get_by_role("button", name="This tablet").click()
    stands(second, "gloves_worn", "Confirmed")
    look_again(first)
    stands(first, "gloves_worn", "Confirmed")
    for page in tablets:
        expect(item(page, "gloves_worn").locator(".pick.bad input")).to_be_checked()


def test_a_response_to_an_audit_completed_elsewhere_is_kept_for_the_manager(
    tablets: tuple[Page, Page],
) -> None:
    first, second = tablets
    second.context.set_offline(True)
    choose(second, "gloves_worn", "No")
    stands(second, "gloves_worn", "On this tablet")
    first.context.set_offline(True)
    respond(first)
    item(first, "water_warm").get_by_label("Reading in °C").fill("41,5")
    stands(first, "water_warm", "On this tablet")
    complete(first)
    first.context.set_offline(False)
    hand_in(first)

    second.context.set_offline(False)

    expect(item(second, "gloves_worn")).to_contain_text(
        "It is kept for the manager", timeout=PATIENCE_MS
    )
    expect(item(second, "gloves_worn").locator(".pick.bad input")).to_be_checked()
    second.goto("/work")
    expect(second.get_by_role("main")).to_contain_text("Are gloves worn for every extraction?")
