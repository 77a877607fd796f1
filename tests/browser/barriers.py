"""Looks through pages with axe-core for what keeps people out, in light and dark."""

from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parent / "vendor" / "axe-core"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}
_LOOK = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.filter(({ impact }) => ["serious", "critical"].includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}"""


def barriers(page: Page) -> list[str]:
    """Return what axe-core finds serious or critical on the page as it stands."""
    page.evaluate((AXE / "axe.min.js").read_text(encoding="utf-8"))
    found: list[str] = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        found += [f"{scheme}: {said}" for said in page.evaluate(_LOOK)]
    return found


def look_at(page: Page, addresses: Iterable[str], status: int = 200) -> dict[str, list[str]]:
    """Open each page, wide and narrow; return the barriers of those that have any."""
    found = {}
    for address in addresses:
        page.set_viewport_size(DESKTOP)
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == status, address
        found[address] = barriers(page)
        page.set_viewport_size(PHONE)
        found[f"{address} on a phone"] = barriers(page)
    return {address: said for address, said in found.items() if said}
