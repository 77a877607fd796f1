"""A whole visit without a network, filmed as screenshots: `make film` leaves them in `film/`.

It is the walk of the tests, looked at by people: on a phone and on a tablet, in light and dark.
"""

import os
import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import PASSWORD, Served
from tests.browser.visiting import (
    PATIENCE_MS,
    begin,
    choose,
    draw,
    go_to,
    item,
    photograph,
    photos,
    picture,
    says,
    sign_in,
    stands,
    take_along,
)

SIZES = {"phone": (390, 844), "tablet": (820, 1180)}
SCENES = [(size, scheme) for scheme in ("light", "dark") for size in SIZES]


@pytest.mark.parametrize(("size", "scheme"), SCENES)
def test_film(browser: Browser, served: Served, tmp_path: Path, size: str, scheme: str) -> None:
    wide, high = SIZES[size]
    reel = Path(os.environ.get("FILM", "film")) / f"{size}-{scheme}"
    shutil.rmtree(reel, ignore_errors=True)
    reel.mkdir(parents=True)
    context = browser.new_context(
        base_url=served.address,
        viewport={"width": wide, "height": high},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page, numbers = context.new_page(), count(1)

    def shoot(name: str) -> None:
        page.wait_for_timeout(300)
        page.screenshot(path=reel / f"{next(numbers):02d}-{name}.png")

    _prepare(page, shoot)
    _respond(page, shoot, tmp_path)
    for act in (_name, _close, _receive, _hand_in):
        act(page, shoot)
    context.close()


Shoot = Callable[[str], None]


def _prepare(page: Page, shoot: Shoot) -> None:
    sign_in(page)
    take_along(page)
    shoot("ready")
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("#start-page")).to_be_visible()
    shoot("no-network")
    begin(page)
    shoot("begun")


def _respond(page: Page, shoot: Shoot, folder: Path) -> None:
    choose(page, "gloves_worn", "No")
    stands(page, "gloves_worn", "On this tablet")
    shoot("finding")
    item(page, "gloves_worn").locator("textarea").first.fill("Bare hands at two clients.")
    item(page, "water_warm").get_by_label("Reading in °C").fill("31,5,0")
    page.keyboard.press("Tab")
    shoot("cannot-be-read")
    item(page, "water_warm").get_by_label("Reading in °C").fill("31,5")
    stands(page, "water_warm", "On this tablet")
    photograph(page, "water_warm", picture(folder))
    photos(page, "water_warm").first.scroll_into_view_if_needed()
    shoot("photo")
    photos(page, "water_warm").first.locator("[data-act=draw]").click()
    draw(page, page.locator("dialog.annotate canvas"))
    shoot("drawing")
    page.get_by_role("button", name="Keep the drawing").click()
    expect(photos(page, "water_warm")).to_have_count(2, timeout=PATIENCE_MS)


def _name(page: Page, shoot: Shoot) -> None:
    changes = item(page, "glove_changes")
    changes.get_by_role("button", name="One more: Done").click(click_count=3)
    changes.scroll_into_view_if_needed()
    shoot("tally")
    go_to(page, "2")
    shoot("naming")
    field = page.get_by_label("Name one of the rooms")
    for room in ("Blue room", "Garden room"):
        field.fill(room)
        field.press("Enter")
    page.locator(".of-subject .pick.good").first.click()
    shoot("rooms")
    go_to(page, "check")
    shoot("missing")
    go_to(page, "2")
    page.locator(".of-subject .pick.good").last.click()


def _close(page: Page, shoot: Shoot) -> None:
    go_to(page, "check")
    page.get_by_role("button", name="Complete the audit").wait_for()
    shoot("complete")
    page.get_by_role("button", name="Complete the audit").click()
    form = page.locator('#closing form[data-part="inspector"]')
    form.wait_for()
    shoot("result")
    form.get_by_label("Role").fill("Owner")
    draw(page, form.locator("canvas"))
    shoot("sign")
    form.get_by_role("button", name="Sign").click()


def _receive(page: Page, shoot: Shoot) -> None:
    form = page.locator('#closing form[data-part="person_in_charge"]')
    form.wait_for()
    shoot("receive")
    form.get_by_label("Role").fill("Person in charge")
    form.get_by_text("I refuse to sign").click()
    form.get_by_label("Why you refuse").fill("I do not agree.")
    form.get_by_role("button", name="Confirm").scroll_into_view_if_needed()
    shoot("refuse")
    form.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="Signed, and kept on this tablet")).to_be_visible()
    shoot("kept")


def _hand_in(page: Page, shoot: Shoot) -> None:
    page.context.set_offline(False)
    says(page, "not handed in yet")
    page.get_by_label("Your password").fill(PASSWORD)
    shoot("hand-in")
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("heading", name="Received")).to_be_visible(timeout=PATIENCE_MS)
    shoot("received")
    page.get_by_role("link", name="See the result").click()
    shoot("result-on-the-server")
    page.goto("/visit")
    page.locator("[data-receipts]").wait_for()
    shoot("receipts")
