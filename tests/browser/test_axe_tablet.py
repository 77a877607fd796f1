"""Every page of a tablet's visit, looked through for what keeps people out."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.barriers import barriers
from tests.browser.serving import EMAIL, PASSWORD, Opened, Served
from tests.browser.visiting import (
    begin,
    choose,
    draw,
    go_to,
    hand_in,
    item,
    photograph,
    photos,
    picture,
    respond,
    says,
    stands,
    take_along,
)
from tests.web.conftest import Visitor

pytestmark = pytest.mark.browser


# The colour of the darkest or lightest point of a drawing: one that is wholly covered.
_DRAWN = """(box) => {
  const { data } = box.getContext("2d").getImageData(0, 0, box.width, box.height);
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] === 255) return `rgb(${data[at]}, ${data[at + 1]}, ${data[at + 2]})`;
  }
  return null;
}"""


@pytest.fixture
def page(opened: Opened) -> Page:
    made = opened(True)
    take_along(made)
    return made


def test_recording_keeps_nobody_out(page: Page, tmp_path: Path) -> None:
    found = {"start": barriers(page)}
    begin(page)
    choose(page, "gloves_worn", "No")
    stands(page, "gloves_worn", "Confirmed")
    found["section"] = barriers(page)
    photograph(page, "water_warm", picture(tmp_path))
    found["a photo"] = barriers(page)
    photos(page, "water_warm").first.locator("[data-act=draw]").click()
    expect(page.locator("dialog.annotate canvas")).to_be_visible()
    found["drawing"] = barriers(page)
    page.keyboard.press("Escape")
    expect(page.locator("dialog.annotate")).to_have_count(0)
    go_to(page, "2")
    expect(page.get_by_role("heading", name="Rooms", exact=True)).to_be_visible()
    found["rooms"] = barriers(page)
    go_to(page, "check")
    expect(page.locator("#closing h1")).to_contain_text("still missing")
    found["check"] = barriers(page)

    assert {place: said for place, said in found.items() if said} == {}


def test_closing_keeps_nobody_out(page: Page, tmp_path: Path) -> None:
    page.context.set_offline(True)
    begin(page)
    respond(page)
    photograph(page, "water_warm", picture(tmp_path))
    go_to(page, "check")
    expect(page.get_by_role("heading", name="Everything is answered")).to_be_visible()
    found = {"ready": barriers(page)}
    page.get_by_role("button", name="Complete the audit").click()
    for part, act in (("inspector", "Sign"), ("person_in_charge", "Confirm")):
        form = page.locator(f'#closing form[data-part="{part}"]')
        expect(form).to_be_visible()
        form.get_by_label("Your role").fill("")
        form.get_by_label("Your name").fill("")
        form.get_by_role("button", name=act).click()
        found[f"{part} refused"] = barriers(page)
        form.get_by_label("Your name").fill("Lee Park")
        ink = form.locator("canvas").evaluate("(box) => getComputedStyle(box).color")
        form.get_by_label("Your role").fill("Owner")
        draw(page, form.locator("canvas"))
        assert form.locator("canvas").evaluate(_DRAWN) == ink
        found[part] = barriers(page)
        form.get_by_role("button", name=act).click()
    expect(page.get_by_role("heading", name="Signed, and kept on this tablet")).to_be_visible()
    found["handing in"] = barriers(page)
    page.context.set_offline(False)
    says(page, "not handed in yet")
    hand_in(page)
    found["received"] = barriers(page)

    assert {place: said for place, said in found.items() if said} == {}


def test_a_choice_between_two_responses_keeps_nobody_out(page: Page, served: Served) -> None:
    begin(page)
    choose(page, "gloves_worn", "Yes")
    stands(page, "gloves_worn", "Confirmed")
    page.context.set_offline(True)
    choose(page, "gloves_worn", "No")
    found = {"without a network": barriers(page)}
    audit = re.findall(r"#([0-9a-f-]{36})", page.url)[0]
    colleague = Visitor(served.app.test_client())
    colleague.sign_in(EMAIL, PASSWORD)
    shown = colleague.get(f"/audits/{audit}/1").text
    revision = re.findall(r'name="revision" value="(\d+)"', shown)[0]
    colleague.post(
        f"/audits/{audit}/1",
        revision=revision,
        gloves_worn="not_observed",
        **{"gloves_worn.reason": "Nobody was there."},
    )
    page.context.set_offline(False)
    stands(page, "gloves_worn", "Two responses")
    expect(item(page, "gloves_worn").locator("[data-act=keep-mine]")).to_be_visible()
    found["two responses"] = barriers(page)
    colleague.get("/")
    page.goto(f"/audits/{audit}/conflicts")
    found["choosing on the server"] = barriers(page)

    assert {place: said for place, said in found.items() if said} == {}
