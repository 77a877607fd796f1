import re
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Error, Locator, Page, expect

from tests.browser.serving import PASSWORD, Opened

pytestmark = pytest.mark.browser


def item(page: Page, key: str) -> Locator:
    return page.locator(f'[id="{key}"]')


def choose(page: Page, key: str, words: str) -> None:
    item(page, key).locator(".pick", has_text=re.compile(f"^\\s*{words}\\s*$")).click()


def start(page: Page) -> None:
    page.get_by_role("link", name="Start a self-audit").first.click()
    page.get_by_text("Small check").click()
    page.get_by_label("Who is in charge there today?").fill("Lee Park")
    page.get_by_role("button", name="Start or plan").click()
    expect(page.get_by_role("heading", name="Hands and gloves")).to_be_visible()


def name_rooms(page: Page) -> None:
    expect(page.get_by_role("heading", name="The rooms")).to_be_visible()
    page.get_by_label("One on each line").fill("Blue room\nRed room")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", name="Blue room")).to_be_visible()


def draw(page: Page) -> None:
    page.locator("#drawing").scroll_into_view_if_needed()
    box = page.locator("#drawing").bounding_box()
    assert box
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 120, steps=8)
    page.mouse.up()
    expect(page.locator("#strokes")).to_have_value(re.compile(r"^\[\[\d+,"))


def sign(page: Page, button: str) -> None:
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name=button).click()


def download(page: Page, folder: Path) -> Path:
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download the PDF").click()
    path = folder / "report.pdf"
    coming.value.save_as(path)
    return path


def verify(page: Page, pdf: Path) -> None:
    page.get_by_role("link", name="Verify a report").first.click()
    page.get_by_label("The report, as a PDF").set_input_files(pdf)
    page.get_by_role("button", name="Verify").click()


def test_from_start_to_a_verified_report(opened: Opened, tmp_path: Path) -> None:
    page = opened(True)
    start(page)

    choose(page, "gloves_worn", "No")
    page.get_by_label("Put right during the visit").first.check()
    item(page, "gloves_worn").get_by_label("Comment").fill("None at hand; a box was fetched.")
    item(page, "water_warm").get_by_label("Reading in °C").fill("41,5")
    item(page, "glove_changes").get_by_role("button", name="One more: Done").click(click_count=3)
    expect(page.locator("#answered")).to_have_text("3 of 3 answered here")
    page.get_by_role("button", name="Save and next").click()
    name_rooms(page)
    choose(page, "room_clean@1", "Yes")
    choose(page, "room_clean@2", "Not observed")
    item(page, "room_clean@2").get_by_label("Why, in a word or two").fill("in use")
    page.get_by_role("button", name="Save and check").click()
    page.get_by_role("button", name="Complete the audit").click()
    expect(page.get_by_text("1 finding", exact=True)).to_be_visible()
    page.get_by_role("link", name="Sign").click()
    draw(page)
    sign(page, "Sign")
    expect(page.get_by_role("heading", name="Receive the result")).to_be_visible()
    expect(page.get_by_label("Your name")).to_have_value("Lee Park")
    sign(page, "Confirm")
    page.get_by_role("button", name="Make the report").click()
    pdf = download(page, tmp_path)
    verify(page, pdf)

    expect(page.get_by_role("heading", name="PASSED")).to_be_visible()
    checked = subprocess.run(["pdfsig", pdf], capture_output=True, text=True, check=False)
    assert "Signature is Valid" in checked.stdout
    assert "Total document signed" in checked.stdout


def test_the_same_without_scripts(opened: Opened, tmp_path: Path) -> None:
    page = opened(False)
    start(page)

    choose(page, "gloves_worn", "Yes")
    item(page, "water_warm").get_by_label("Reading in °C").fill("40")
    item(page, "glove_changes").get_by_label("Done").fill("9")
    page.get_by_role("button", name="Save and next").click()
    name_rooms(page)
    choose(page, "room_clean@1", "Yes")
    choose(page, "room_clean@2", "Yes")
    page.get_by_role("button", name="Save and check").click()
    page.get_by_role("button", name="Complete the audit").click()
    page.get_by_role("link", name="Sign").click()
    sign(page, "Sign")
    page.get_by_text("I refuse to sign").click()
    page.get_by_label("Why you refuse").fill("I was away that day.")
    sign(page, "Confirm")
    page.get_by_role("button", name="Make the report").click()
    pdf = download(page, tmp_path)
    verify(page, pdf)

    expect(page.get_by_role("heading", name="PASSED")).to_be_visible()


def test_what_was_typed_stays_when_a_reading_is_refused(opened: Opened) -> None:
    page = opened(True)
    start(page)

    choose(page, "gloves_worn", "Yes")
    item(page, "water_warm").get_by_label("Reading in °C").fill("warm")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_role("alert")).to_be_focused()
    expect(item(page, "water_warm").get_by_label("Reading in °C")).to_have_value("warm")
    page.get_by_role("link", name=re.compile("^1.2")).click()
    expect(item(page, "water_warm")).to_be_in_viewport()


def test_a_photo_sent_with_a_section_is_shown(opened: Opened, tmp_path: Path) -> None:
    page = opened(True)
    start(page)
    picture = tmp_path / "tap.png"
    picture.write_bytes(page.screenshot())

    choose(page, "gloves_worn", "No")
    item(page, "gloves_worn").get_by_label("Photo").set_input_files(picture)
    page.get_by_role("button", name="Save", exact=True).click()

    shown = page.get_by_alt_text("Photo 1 of item 1.1")
    expect(shown).to_be_visible()
    page.get_by_role("button", name="Remove photo 1 of item 1.1").click()
    expect(shown).to_have_count(0)


def test_leaving_what_was_typed_and_not_saved_is_asked_about(opened: Opened) -> None:
    page = opened(True)
    start(page)
    page.get_by_label("Reading in °C").fill("41")
    asked = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    with suppress(Error):
        page.goto("/audits/", timeout=3_000)

    assert asked == ["beforeunload"]
    expect(page.get_by_label("Reading in °C")).to_have_value("41")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.goto("/audits/")
    assert asked == ["beforeunload"]
