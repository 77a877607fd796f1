"""A whole visit without a network, and what the server makes of it afterwards."""

import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import Opened, Served
from tests.browser.visiting import (
    begin,
    complete,
    draw_on_photo,
    hand_in,
    new_tablet,
    photograph,
    picture,
    respond,
    says,
    sign_in,
    stands,
    take_along,
)

pytestmark = pytest.mark.browser


def make_report(page: Page, folder: Path) -> Path:
    page.get_by_role("button", name="Make the report").click()
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download the PDF").click()
    pdf = folder / "report.pdf"
    coming.value.save_as(pdf)
    return pdf


def verify(page: Page, pdf: Path) -> None:
    page.goto("/verify")
    page.get_by_label("The report, as a PDF").set_input_files(pdf)
    page.get_by_role("button", name="Verify").click()


def test_a_visit_without_a_network_ends_in_a_verified_report(
    opened: Opened, tmp_path: Path
) -> None:
    page = opened(True)
    take_along(page)
    page.context.set_offline(True)
    page.reload()
    begin(page)

    respond(page)
    photograph(page, "water_warm", picture(tmp_path))
    draw_on_photo(page, "water_warm")
    complete(page)
    page.reload()
    expect(page.get_by_role("heading", name="Signed, and kept on this tablet")).to_be_visible()
    says(page, "not sent yet")
    page.context.set_offline(False)
    says(page, "not handed in yet")
    hand_in(page)
    page.get_by_role("link", name="See the result").click()
    pdf = make_report(page, tmp_path)
    verify(page, pdf)

    expect(page.get_by_role("heading", name="PASSED")).to_be_visible()
    checked = subprocess.run(["pdfsig", pdf], capture_output=True, text=True, check=False)
    assert "Signature is Valid" in checked.stdout
    told = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, text=True, check=False)
    assert "I do not agree." in told.stdout
    assert "31.5" in told.stdout
    page.goto("/visit")
    expect(page.locator("[data-receipts]")).to_contain_text("Received")
    expect(page.locator("[data-none]")).to_be_visible()


@pytest.mark.parametrize("year", [2006, 2046])
def test_a_wrong_clock_is_accepted_and_both_times_are_shown(
    browser: Browser, served: Served, year: int
) -> None:
    page = new_tablet(browser, served.address)
    sign_in(page)
    page.clock.install(time=f"{year}-03-02T10:30:00Z")
    page.clock.resume()
    take_along(page)
    page.context.set_offline(True)
    begin(page)

    respond(page)
    complete_without_photo(page)
    page.context.set_offline(False)
    says(page, "not handed in yet")
    hand_in(page)
    page.get_by_role("link", name="See the result").click()

    expect(page.get_by_role("heading", name="The tablet's clock")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(re.compile(rf"\b{year}\b"))
    page.context.close()


def complete_without_photo(page: Page) -> None:
    """The water is warm enough, so that no photo is wanted."""
    page.get_by_label("Reading in °C").fill("41,5")
    stands(page, "water_warm", "On this tablet")
    complete(page)
