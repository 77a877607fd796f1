"""What a tablet's pages and the plain ones have in common."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.serving import Opened
from tests.browser.visiting import (
    begin,
    go_to,
    item,
    photograph,
    photos,
    picture,
    respond,
    take_along,
)
from tests.cli.spoiled_photos import huge_picture

pytestmark = pytest.mark.browser


def test_without_scripts_a_former_tablet_is_led_to_the_plain_pages(opened: Opened) -> None:
    tablet = opened(True)
    take_along(tablet)
    address = begin(tablet)
    bare = opened(False)
    site = bare.url.rstrip("/")
    bare.context.add_cookies([{"name": "tablet", "value": "keeps", "url": site}])
    bare.goto(address)

    bare.get_by_role("link", name="fill in the audit page by page").click()

    expect(bare).to_have_url(f"{site}/audits/")
    assert "tablet" not in {cookie.get("name") for cookie in bare.context.cookies()}


def test_a_picture_that_unfolds_to_gigabytes_is_refused_before_it_is_opened(
    opened: Opened, tmp_path: Path
) -> None:
    page = opened(True)
    take_along(page)
    begin(page)
    bomb = tmp_path / "bomb.png"
    bomb.write_bytes(huge_picture(13_000))

    item(page, "water_warm").locator("input[data-photo]").set_input_files(bomb)

    expect(item(page, "water_warm").locator("[data-photo-state]")).to_have_text(
        "bomb.png: This picture has 13,000 x 13,000 points; at most 50 million can be taken in."
    )
    expect(photos(page, "water_warm")).to_have_count(0)


def test_the_result_says_the_response_and_who_signs_finds_their_role_written(
    opened: Opened, tmp_path: Path
) -> None:
    page = opened(True)
    take_along(page)
    begin(page)
    page.context.set_offline(True)
    respond(page)
    photograph(page, "water_warm", picture(tmp_path))
    go_to(page, "check")

    page.get_by_role("button", name="Complete the audit").click()

    expect(page.locator("#closing .found li").first).to_contain_text("31.5 °C")
    form = page.locator('#closing form[data-part="inspector"]')
    expect(form.get_by_label("Your name")).to_have_value("Ines Ray")
    expect(form.get_by_label("Your role")).to_have_value("Owner")


def test_the_time_an_audit_was_begun_names_its_zone(opened: Opened) -> None:
    page = opened(True)
    take_along(page)
    begin(page)

    page.goto("/visit")

    row = page.locator("[data-audits] .row")
    expect(row).to_contain_text(re.compile(r"begun \d+ [A-Z][a-z]{2} 20\d\d, \d\d:\d\d [A-Z]"))


def test_the_links_above_stand_in_the_middle_of_their_bar(opened: Opened) -> None:
    page = opened(True)
    page.goto("/visit")

    bar = page.locator(".top").bounding_box()
    link = page.locator(".tablet-nav a").first.bounding_box()

    assert bar is not None
    assert link is not None
    assert abs((bar["y"] + bar["height"] / 2) - (link["y"] + link["height"] / 2)) <= 2


def test_starting_an_audit_offers_the_way_without_a_network(opened: Opened) -> None:
    page = opened(True)
    page.goto("/audits/new")

    page.get_by_role("link", name="Start it on this tablet").click()

    expect(page.get_by_label("Which site?")).to_be_visible()
