"""The head of every page, on every width."""

import pytest

from tests.browser.serving import Opened


@pytest.mark.parametrize("address", ["/", "/verify", "/audits/new"])
def test_menu_and_sign_out_are_there_on_a_phone(opened: Opened, address: str) -> None:
    page = opened(True)
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(address)
    heads = [page.locator(one).bounding_box() for one in (".brand", ".menu > summary")]
    assert all(head is not None and head["y"] < 64 for head in heads)

    page.get_by_text("Menu", exact=True).click()

    assert page.get_by_role("button", name="Sign out").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_links_above_stand_on_one_line_on_a_lying_tablet(opened: Opened) -> None:
    page = opened(True)
    page.set_viewport_size({"width": 1180, "height": 820})

    heights = page.locator(".wide a").evaluate_all("all => all.map((one) => one.offsetHeight)")

    assert set(heights) == {48}
    assert page.evaluate("document.documentElement.scrollWidth") <= 1180
