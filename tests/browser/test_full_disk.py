"""A tablet that runs full: it says plainly what it did not keep, and loses nothing it did."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import cycle
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Error, Page, Playwright, expect, sync_playwright

from tests.browser.serving import Served
from tests.browser.visiting import (
    PATIENCE_MS,
    begin,
    choose,
    complete,
    go_to,
    item,
    photograph,
    photos,
    picture,
    respond_without_findings,
    says,
    sign_in,
    stands,
    take_along,
    until,
)
from tests.soak.tablet import Tablet

pytestmark = pytest.mark.browser

SIZE = "96m"
KEPT = "On this tablet"
SAID = re.compile(f"^({KEPT}|NOT SAVED)$")
DECODES = "(image) => image.decode().then(() => image.naturalWidth > 0)"


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own, which only root may make."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", str(disk)]
    if subprocess.run(mounting, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk takes root")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.fixture
def made(playwright: Playwright, served: Served) -> Iterator[Callable[[Path], Tablet]]:
    """Makes a tablet whose profile lies in a folder."""
    tablets = []

    def make(folder: Path) -> Tablet:
        program = os.environ.get("CHROMIUM") or shutil.which("chromium") or "chromium"
        tablet = Tablet(
            playwright=playwright,
            program=program,
            profile=folder / "profile",
            address=served.address,
            chance=Random(1),  # noqa: S311 - nothing is chosen by it here
        )
        tablets.append(tablet)
        return tablet

    yield make
    for tablet in tablets:
        tablet.kill()


@pytest.fixture
def tablet(disk: Path, made: Callable[[Path], Tablet]) -> Tablet:
    """A tablet on the small disk; it is ended before the disk is."""
    return made(disk)


def run_full(disk: Path) -> None:
    with suppress(OSError), (disk / "everything else").open("ab", buffering=0) as filler:
        while True:
            filler.write(bytes(4096))


def make_room(disk: Path) -> None:
    (disk / "everything else").unlink()


def refuse_when_full(page: Page, disk: Path, times: int) -> str:
    """Enter on a full disk until it was refused so often; return what was kept last.

    A browser clears things away of its own, so that there may be room for a moment.
    """
    kept, refused = "good", 0
    place = item(page, "gloves_worn").locator(".place [data-state]")
    for words, sort in cycle([("No", "bad"), ("Yes", "good")]):
        run_full(disk)
        choose(page, "gloves_worn", words)
        expect(place).to_have_text(SAID, timeout=PATIENCE_MS)
        if place.inner_text() == KEPT:
            kept, refused = sort, 0
            continue
        refused += 1
        if refused == times:
            break
    says(page, "NOT SAVED: 1 response is not on this tablet")
    return kept


def enter(page: Page, folder: Path) -> str:
    """Begin an audit without a network, and record what must never get lost."""
    page.context.set_offline(True)
    address = begin(page)
    item(page, "water_warm").get_by_label("Reading in °C").fill("31,5")
    stands(page, "water_warm", KEPT)
    photograph(page, "water_warm", picture(folder))
    choose(page, "gloves_worn", "Yes")
    stands(page, "gloves_worn", KEPT)
    return address


def is_whole(page: Page, gloves: str) -> None:
    expect(item(page, "water_warm").get_by_label("Reading in °C")).to_have_value("31,5")
    expect(photos(page, "water_warm")).to_have_count(1)
    assert photos(page, "water_warm").locator("img").evaluate(DECODES)
    expect(item(page, "gloves_worn").locator(f".pick.{gloves} input")).to_be_checked()
    stands(page, "gloves_worn", KEPT)


def refuses_a_photo(page: Page, path: Path) -> None:
    item(page, "water_warm").locator("input[data-photo]").set_input_files(path)
    line = item(page, "water_warm").locator("[data-photo-state]")
    expect(line).to_contain_text("could not be kept on the tablet")


def keeps_again(page: Page) -> None:
    again = item(page, "gloves_worn").get_by_role("button", name="Try again")
    state = item(page, "gloves_worn").locator(".place [data-state]")

    def kept() -> bool:
        # It may be kept, and the button be gone, at any moment.
        with suppress(Error):
            again.click(timeout=500)
        return state.inner_text() == KEPT

    until(kept)


def opened_again(tablet: Tablet, address: str) -> Page:
    page = tablet.switch_on()
    page.context.set_offline(True)
    page.goto(address)
    expect(page.locator("#visit")).to_be_visible()
    return page


def test_a_full_disk_loses_nothing_and_saves_again_once_there_is_room(
    tablet: Tablet, disk: Path, tmp_path: Path
) -> None:
    page = tablet.switch_on()
    sign_in(page)
    take_along(page)
    address = enter(page, tmp_path)

    refuse_when_full(page, disk, times=3)
    refuses_a_photo(page, tmp_path / "photo.jpg")
    make_room(disk)
    keeps_again(page)
    choose(page, "gloves_worn", "Not observed")
    stands(page, "gloves_worn", KEPT)
    tablet.kill()

    is_whole(opened_again(tablet, address), "none")


def test_a_kill_on_a_full_disk_loses_nothing(tablet: Tablet, disk: Path, tmp_path: Path) -> None:
    page = tablet.switch_on()
    sign_in(page)
    take_along(page)
    address = enter(page, tmp_path)
    kept = refuse_when_full(page, disk, times=1)

    tablet.kill()
    make_room(disk)
    page = opened_again(tablet, address)

    is_whole(page, kept)
    choose(page, "gloves_worn", "Not observed")
    stands(page, "gloves_worn", KEPT)
    tablet.kill()
    is_whole(opened_again(tablet, address), "none")


def on_full_quota(tablet: Tablet, address: str) -> tuple[Page, Callable[[], None]]:
    """Start the browser anew with its quota used up; return the audit's page and what lifts it."""
    origin = {"origin": tablet.address}
    tablet.switch_off()
    page = tablet.switch_on()
    # Before the browser reckons how much there is, which it then believes for a while.
    browser = page.context.new_cdp_session(page)
    browser.send("Storage.overrideQuotaForOrigin", {**origin, "quotaSize": 1})
    page.context.set_offline(True)
    page.goto(address)
    return page, lambda: browser.send("Storage.overrideQuotaForOrigin", origin)


def test_a_full_quota_is_said_and_lifted(made: Callable[[Path], Tablet], tmp_path: Path) -> None:
    tablet = made(tmp_path)
    page = tablet.switch_on()
    sign_in(page)
    take_along(page)
    address = enter(page, tmp_path)
    page, lift = on_full_quota(tablet, address)

    choose(page, "gloves_worn", "No")
    stands(page, "gloves_worn", "NOT SAVED")
    refuses_a_photo(page, tmp_path / "photo.jpg")
    lift()
    keeps_again(page)
    page.reload()

    is_whole(page, "bad")


def test_completing_and_going_back_say_when_they_are_not_kept(
    made: Callable[[Path], Tablet], tmp_path: Path
) -> None:
    tablet = made(tmp_path)
    page = tablet.switch_on()
    sign_in(page)
    take_along(page)
    page.context.set_offline(True)
    address = begin(page)
    respond_without_findings(page)
    page, lift = on_full_quota(tablet, address)
    go_to(page, "check")

    page.get_by_role("button", name="Complete the audit").click()
    expect(page.get_by_role("alert")).to_contain_text("could not be kept on the tablet")
    lift()
    complete(page)
    page, lift = on_full_quota(tablet, address)
    go_to(page, "check")
    page.get_by_text("Go back to the responses").click()
    page.get_by_role("button", name="Go back, and sign anew").click()

    alert = page.locator("#closing [data-note]")
    expect(alert).to_contain_text("could not be kept on the tablet")
    expect(page.get_by_role("heading", name="Signed, and kept on this tablet")).to_be_visible()
