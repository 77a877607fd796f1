"""Every page in light and dark, looked through by axe-core for what keeps people out."""

import json
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opened
from tests.browser.visiting import begin, choose, go_to, stands, take_along

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent / "vendor" / "axe-core"
SERVER_PAGES = (
    "/",
    "/audits",
    "/sites",
    "/checklists",
    "/findings",
    "/verify",
    "/work",
    "/device/rescue",
    "/visit",
)
_LOOK = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.filter(({ impact }) => ["serious", "critical"].includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}"""


def faults(page: Page) -> list[str]:
    """Return what axe-core finds serious or critical on the page as it stands."""
    page.evaluate((AXE / "axe.min.js").read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(_LOOK)
    return found


def test_axe_is_the_copy_that_was_taken_in() -> None:
    record = json.loads((AXE / "VENDOR.json").read_text(encoding="utf-8"))

    present = {path.name: sha256(path.read_bytes()).hexdigest() for path in AXE.iterdir()}

    del present["VENDOR.json"]
    assert present == record["files"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_the_server_keep_nobody_out(opened: Opened, scheme: str) -> None:
    page = opened(True)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

    found = {}
    for address in SERVER_PAGES:
        answer = page.goto(address)
        assert answer is not None
        assert answer.ok, address
        found[address] = faults(page)

    assert {address: said for address, said in found.items() if said} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_the_tablet_keep_nobody_out(opened: Opened, scheme: str) -> None:
    page = opened(True)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    take_along(page)

    found = {"start": faults(page)}
    begin(page)
    choose(page, "gloves_worn", "No")
    stands(page, "gloves_worn", "Confirmed")
    found["section"] = faults(page)
    go_to(page, "2")
    expect(page.get_by_role("heading", name="Rooms", exact=True)).to_be_visible()
    found["rooms"] = faults(page)
    go_to(page, "check")
    expect(page.locator("#closing h1")).to_contain_text("still missing")
    found["check"] = faults(page)

    assert {place: said for place, said in found.items() if said} == {}
