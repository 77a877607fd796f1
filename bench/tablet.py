"""A tablet to measure: Chromium on a profile of its own, slowed down, with a probe in its pages."""

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.soak.house import EMAIL, PASSWORD

SLOWED = 4
_PATIENCE_S = 120
_PROBE = Path(__file__).with_name("probe.js")
_WHERE = """(key) => {
  const pick = document.getElementById(key).querySelector(".pick.good");
  pick.scrollIntoView({ block: "center" });
  const { x, y, width, height } = pick.getBoundingClientRect();
  return [x + width / 2, y + height / 2];
}"""
_KEYS = """() => [...document.querySelectorAll("[data-section]")].map((section) =>
  [section.dataset.section, [...section.querySelectorAll("[data-asked]")].map(({ id }) => id)])"""
# Found without the driver's own scripts in the page, whose work would be counted as the page's.
_CHOOSE = """(number) => {
  const select = document.querySelector("#sections");
  select.value = number;
  select.dispatchEvent(new Event("change", { bubbles: true }));
}"""
_PHOTO_INPUT = """(key) => document.getElementById(key).querySelector("input[data-photo]")"""
# The page without its scripts, opened by hand: the same mark-up and styles.
_UNCOVER = """(number) => {
  document.querySelector("#opening").hidden = true;
  document.querySelector("#visit").hidden = false;
  for (const one of document.querySelectorAll("section[data-section]")) {
    one.hidden = one.dataset.section !== number;
  }
}"""


@dataclass(kw_only=True)
class Tablet:
    """Chromium on `profile`, at `address`."""

    playwright: Playwright
    profile: Path
    address: str
    plain: bool = False
    context: BrowserContext = field(init=False)

    def __post_init__(self) -> None:
        program = os.environ.get("CHROMIUM") or shutil.which("chromium")
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.profile),
            executable_path=program,
            args=["--no-sandbox", "--disable-gpu", "--no-first-run"],
            base_url=self.address,
            viewport={"width": 820, "height": 1180},
            device_scale_factor=2,
            has_touch=True,
            service_workers="block" if self.plain else "allow",
        )
        self.context.add_init_script(path=_PROBE)

    def page(self) -> Page:
        """Return a new page, slowed down."""
        page = self.context.new_page()
        slow(page)
        return page

    def sign_in(self) -> None:
        """Sign in as the inspector."""
        page = self.context.pages[0]
        page.goto("/login")
        page.get_by_label("Email").fill(EMAIL)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(f"{self.address}/")

    def begin(self, title: str) -> str:
        """Start an audit by the checklist `title`; return its address."""
        page = self.context.pages[0]
        page.goto("/visit")
        expect(page.locator("[data-kept]")).to_contain_text("Every checklist", timeout=60_000)
        page.locator("#start-page").select_option(label=title)
        page.get_by_role("button", name="Start", exact=True).click()
        expect(page.locator("#visit")).to_be_visible()
        until(page, "() => document.querySelector('#status').textContent.includes('confirmed')")
        address = page.url
        page.goto("about:blank")
        return address.removeprefix(self.address).rpartition("/")[0]

    def megabytes(self) -> float:
        """Return what the renderers of this browser hold in memory."""
        total = 0
        for folder in Path("/proc").iterdir():
            with suppress(OSError, ValueError):
                command = (folder / "cmdline").read_bytes()
                if b"--type=renderer" in command and str(self.profile).encode() in command:
                    total += _resident(folder)
        return total / 1024

    @contextmanager
    def watched(self) -> Iterator[list[float]]:
        """Look at the memory all the while; the list fills."""
        seen: list[float] = []
        end = threading.Event()

        def watch() -> None:
            while not end.wait(0.1):
                seen.append(self.megabytes())

        thread = threading.Thread(target=watch)
        thread.start()
        try:
            yield seen
        finally:
            end.set()
            thread.join()


def _resident(folder: Path) -> int:
    lines = (folder / "status").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


def slow(page: Page, rate: int = SLOWED) -> None:
    """Slow the page's main thread down."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})


def until(page: Page, look: str, *, patience_s: float = _PATIENCE_S) -> Any:
    """Look until it is true; the pages' policy forbids looking from inside."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        if found := page.evaluate(look):
            return found
        time.sleep(0.05)
    stands = page.evaluate("() => document.body.innerText.slice(0, 300)")
    raise TimeoutError(f"{look}, at {page.url}: {stands}")


def ready(page: Page, address: str) -> float:
    """Open the page; return when it was ready."""
    page.goto(address)
    found: float = until(page, "() => window.benchSeen.ready")
    return found


def seen(page: Page, what: str) -> list[Any]:
    """Return what the probe saw."""
    found: list[Any] = page.evaluate(f"() => window.benchSeen.{what}")
    return found


def sections(page: Page) -> list[tuple[str, list[str]]]:
    """Return the number of each section with the keys of its items."""
    found: list[tuple[str, list[str]]] = page.evaluate(_KEYS)
    return found


def go_to(page: Page, number: str, *, plain: bool = False) -> None:
    """Show a section."""
    if plain:
        page.evaluate(_UNCOVER, number)
    else:
        page.evaluate(_CHOOSE, number)
    time.sleep(0.2)


def tap(page: Page, key: str, *, pause_s: float = 0.3) -> None:
    """Tap "Yes" at an item with a finger, until it is felt; what moves meanwhile is missed."""
    before = len(seen(page, "frames"))
    end = time.monotonic() + _PATIENCE_S
    while time.monotonic() < end:
        x, y = page.evaluate(_WHERE, key)
        time.sleep(pause_s)
        page.touchscreen.tap(x, y)
        with suppress(TimeoutError):
            until(page, f"() => window.benchSeen.frames.length > {before}", patience_s=3)
            return
    raise TimeoutError(f"nothing happens at {key}")


def photograph(page: Page, key: str, path: Path) -> None:
    """Take a photo at an item, and wait until it is shown as kept."""
    before = len(seen(page, "photos"))
    found = page.evaluate_handle(_PHOTO_INPUT, key).as_element()
    if found is None:
        raise LookupError(f"no photo can be taken at {key}")
    found.set_input_files(path)
    until(page, f"() => window.benchSeen.photos.length > {before}")
