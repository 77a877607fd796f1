"""The browser killed from beside, in the middle of typing, photographing, drawing and signing.

What the screen called saved by then is there afterwards, once. The moments are chosen by a fixed
seed, yet where in the work they fall differs from run to run; the verdict holds wherever that is.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Error, Page, Playwright, expect, sync_playwright

from tests.browser.serving import Served
from tests.browser.visiting import (
    begin,
    draw,
    go_to,
    item,
    photograph,
    photos,
    picture,
    respond,
    sign_in,
    take_along,
)
from tests.soak.tablet import Tablet, is_saved, look

pytestmark = pytest.mark.browser

KILLS = 3
SIGNED = "Signed, and kept on this tablet"


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture
def tablet(playwright: Playwright, served: Served, tmp_path: Path) -> Iterator[Tablet]:
    made = Tablet(
        playwright=playwright,
        program=os.environ.get("CHROMIUM") or shutil.which("chromium") or "chromium",
        profile=tmp_path / "profile",
        address=served.address,
        chance=Random(20_261),  # noqa: S311 - chooses moments, guards nothing
    )
    yield made
    made.kill()


@pytest.fixture
def visit(tablet: Tablet) -> tuple[Page, str]:
    """An audit begun on the tablet, which then loses its network."""
    page = tablet.switch_on()
    sign_in(page)
    take_along(page)
    page.context.set_offline(True)
    return page, begin(page)


def again(tablet: Tablet, address: str) -> Page:
    """Switch the tablet on without a network, and open the audit."""
    page = tablet.switch_on()
    page.context.set_offline(True)
    page.goto(address)
    expect(page.locator("#visit")).to_be_visible()
    return page


def killed_while(tablet: Tablet, act: Callable[[], object], *, within: float = 1.5) -> None:
    """Do `act` again and again until the browser is killed at some moment `within` seconds."""
    timer = threading.Timer(tablet.chance.uniform(0.1, within), tablet.die)
    timer.start()
    with suppress(Error):
        while True:
            act()
    timer.join()
    tablet.kill()


def seen(page: Page, key: str) -> dict[str, Any]:
    found: dict[str, Any] = look(page)["items"][key]
    return found


def test_what_was_typed_and_called_saved_outlives_kills(
    tablet: Tablet, visit: tuple[Page, str]
) -> None:
    page, address = visit
    item(page, "gloves_worn").locator(".pick.good").click()
    last, since, number = "", {""}, count()

    def write() -> None:
        nonlocal last, since
        words = f"note {next(number)}, 手套"
        # While it is typed, any beginning of it may be kept.
        since |= {words[:end] for end in range(len(words) + 1)}
        item(page, "gloves_worn").locator("details.note").evaluate("(note) => { note.open = true }")
        item(page, "gloves_worn").locator("textarea").press_sequentially(words)
        while not (is_saved(now := seen(page, "gloves_worn")) and now["comment"] == words):
            pass
        last, since = words, {words}
        item(page, "gloves_worn").locator("textarea").fill("")
        since.add("")

    for _ in range(KILLS):
        killed_while(tablet, write)
        page = again(tablet, address)

        kept = seen(page, "gloves_worn")["comment"]
        assert kept in since | {last}
        last, since = kept, {kept}
        # Each life begins with an empty field.
        item(page, "gloves_worn").locator("details.note").evaluate("(note) => { note.open = true }")
        item(page, "gloves_worn").locator("textarea").fill("")
        since.add("")
    assert next(number) > 0


def test_photos_called_saved_outlive_kills_and_none_is_doubled(
    tablet: Tablet, visit: tuple[Page, str], tmp_path: Path
) -> None:
    page, address = visit
    taken, kept = 0, set[str]()

    def photograph_once() -> None:
        nonlocal taken, kept
        taken += 1
        before = len(seen(page, "water_warm")["photos"])
        path = picture(tmp_path, (600 + taken, 400))
        item(page, "water_warm").locator("input[data-photo]").set_input_files(path)
        while len(shown := seen(page, "water_warm")["photos"]) <= before:
            pass
        kept = set(shown)

    for _ in range(KILLS):
        killed_while(tablet, photograph_once)
        page = again(tablet, address)
        if kept:
            expect(photos(page, "water_warm").nth(len(kept) - 1)).to_be_visible()

        shown = seen(page, "water_warm")["photos"]
        assert kept <= set(shown)
        assert len(shown) == len(set(shown)) <= taken
        kept = set(shown)
    whole = "(image) => image.decode().then(() => image.naturalWidth > 0)"
    for image in photos(page, "water_warm").locator("img").all():
        assert image.evaluate(whole)


def test_drawings_called_saved_outlive_kills_and_their_photo_stays(
    tablet: Tablet, visit: tuple[Page, str], tmp_path: Path
) -> None:
    page, address = visit
    photograph(page, "water_warm", picture(tmp_path))
    original = seen(page, "water_warm")["photos"][0]
    drawn, kept = 0, {original}

    def draw_once() -> None:
        nonlocal drawn, kept
        before = len(seen(page, "water_warm")["photos"])
        photos(page, "water_warm").first.locator("[data-act=draw]").click()
        draw(page, page.locator("dialog.annotate canvas"))
        drawn += 1
        page.get_by_role("button", name="Keep the drawing").click()
        while len(shown := seen(page, "water_warm")["photos"]) <= before:
            pass
        kept = set(shown)

    for _ in range(KILLS):
        killed_while(tablet, draw_once, within=3)
        page = again(tablet, address)
        expect(photos(page, "water_warm").nth(len(kept) - 1)).to_be_visible()

        shown = seen(page, "water_warm")["photos"]
        assert kept <= set(shown)
        assert len(shown) == len(set(shown)) <= 1 + drawn
        kept = set(shown)


def test_signatures_called_kept_outlive_kills(tablet: Tablet, visit: tuple[Page, str]) -> None:
    page, _ = visit
    respond(page)
    item(page, "water_warm").get_by_label("Reading in °C").fill("41,5")
    go_to(page, "check")
    page.get_by_role("button", name="Complete the audit").click()
    inspector = page.locator('#closing form[data-part="inspector"]')
    inspector.get_by_label("Your role").fill("Inspector")
    draw(page, inspector.locator("canvas"))
    inspector.get_by_role("button", name="Sign").click()
    expect(page.locator('#closing form[data-part="person_in_charge"]')).to_be_visible()
    address, signed = page.url, False

    def receive() -> None:
        nonlocal signed
        form = page.locator('#closing form[data-part="person_in_charge"]')
        form.get_by_label("Your role").fill("Owner")
        draw(page, form.locator("canvas"))
        form.get_by_role("button", name="Confirm").click()
        page.get_by_role("heading", name=SIGNED).wait_for()
        signed = True
        # Nothing is left to do here but to be killed.
        page.wait_for_timeout(5_000)

    for _ in range(KILLS):
        killed_while(tablet, receive)
        page = again(tablet, address)
        expect(page.locator("#closing")).to_be_visible()
        kept = page.get_by_role("heading", name=SIGNED).is_visible()

        assert kept or not signed
        expect(page.locator('#closing form[data-part="inspector"]')).to_have_count(0)
        if kept:
            break
