"""An audit opened by its address alone, from a list of audits, goes on without a network."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.serving import Opened, Served
from tests.browser.visiting import (
    begin,
    choose,
    new_tablet,
    says,
    sign_in,
    stands,
    take_along,
    until,
)

pytestmark = pytest.mark.browser

KEPT = "async () => Boolean(await caches.match(location.pathname))"


def test_an_audit_opened_from_a_list_opens_without_a_network(
    opened: Opened, browser: Browser, served: Served
) -> None:
    first = opened(True)
    take_along(first)
    address = begin(first)
    says(first, "Everything is sent")
    other = new_tablet(browser, served.address)
    sign_in(other)
    other.goto(address)
    until(lambda: other.evaluate(KEPT))

    other.context.set_offline(True)
    other.reload()

    expect(other.get_by_role("heading", name="Hands and gloves")).to_be_visible()
    choose(other, "gloves_worn", "Yes")
    stands(other, "gloves_worn", "On this tablet")
    other.context.close()
