"""A tablet as a person holds it: Chromium with a profile on the disk, killed without warning."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page, Playwright

_SAVED = {"On this tablet", "Sent", "Confirmed"}
# One look at everything that stands there: each item with its state and what is chosen or typed.
_LOOK = """() => {
  const items = [...document.querySelectorAll("#section [data-asked]")];
  return {
    items: Object.fromEntries(items.map((item) => [item.id, {
      state: item.querySelector("[data-state]").textContent,
      chosen: [...item.querySelectorAll(".inputs input")].filter((one) => one.checked)
        .map((one) => one.value).join(" "),
      comment: item.querySelector("textarea[name$='.comment']")?.value ?? "",
      pair: Boolean(item.querySelector(".pick.good, .pick.bad")),
      photos: [...item.querySelectorAll("[data-photo-id]")].map((one) => one.dataset.photoId),
    }])),
    open: !document.querySelector("#visit").hidden,
    status: document.querySelector("#status").textContent,
  };
}"""


@dataclass(kw_only=True)
class Tablet:
    """Chromium on `profile`, at `address`."""

    playwright: Playwright
    program: str
    profile: Path
    address: str
    chance: Random
    context: BrowserContext | None = field(default=None, init=False)

    def switch_on(self) -> Page:
        """Start the browser, and return its page."""
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.profile),
            executable_path=self.program,
            args=["--no-sandbox", "--disable-gpu", "--no-first-run"],
            base_url=self.address,
            viewport={"width": 820, "height": 1180},
        )
        return self.context.pages[0]

    def die(self) -> None:
        """End every process of this browser at once, whatever it is doing; any thread may."""
        for folder in Path("/proc").iterdir():
            with suppress(OSError, ValueError):
                if str(self.profile).encode() in (folder / "cmdline").read_bytes():
                    os.kill(int(folder.name), signal.SIGKILL)

    def kill(self) -> None:
        """End this browser at once, and forget it."""
        self.die()
        if self.context is not None:
            with suppress(Error):
                self.context.close()
            self.context = None

    def switch_off(self) -> None:
        """End the browser in the usual way."""
        if self.context is not None:
            self.context.close()
            self.context = None


def look(page: Page) -> dict[str, Any]:
    """Return what stands on the page of an audit."""
    seen: dict[str, Any] = page.evaluate(_LOOK)
    return seen


def until(page: Page, holds: Callable[[dict[str, Any]], bool], patience_s: float = 30) -> bool:
    """Look until `holds`; say whether it did in time."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        with suppress(Error):
            if holds(look(page)):
                return True
        time.sleep(0.05)
    return False


def is_saved(item: dict[str, Any]) -> bool:
    """Say whether the screen calls what stands at an item saved."""
    return item["state"] in _SAVED
