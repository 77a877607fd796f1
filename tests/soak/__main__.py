"""Kills the browser and cuts the network at random, and counts what was lost.

`make soak KILLS=500 CUTS=2000` ends with one line of figures, and exits 1 unless nothing was lost,
doubled or stuck. What the screen called saved is written down here as it is seen; after each kill,
and at the end on the server, all of it must be there.
"""

import argparse
import io
import os
import shutil
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from PIL import Image
from playwright.sync_api import Error, Page, expect, sync_playwright

from tests.soak.cutting_proxy import CuttingProxy
from tests.soak.house import EMAIL, PASSWORD, House
from tests.soak.tablet import Tablet, is_saved, look, until

_SERVER_KILLED_EVERY = 20
_MOST_PHOTOS = 12
_LINES = ("towels were wet", "asked twice", "box nearly empty", "Ça va, 61,5 °C", "手套")


@dataclass
class Seen:
    """What the screen called saved for one item, and what may have been saved since."""

    chosen: str = ""
    comment: str = ""
    chosen_since: set[str] = field(default_factory=set)
    comment_since: set[str] = field(default_factory=set)


@dataclass(kw_only=True)
class Soak:
    """One audit on one tablet, and everything that was seen of it."""

    house: House
    proxy: CuttingProxy
    tablet: Tablet
    chance: Random
    folder: Path
    cutting: bool = False
    kills: int = 0
    saved: int = 0
    lost: int = 0
    page_address: str = ""
    seen: dict[str, Seen] = field(default_factory=dict)
    photos: dict[str, str] = field(default_factory=dict)

    def begin(self) -> None:
        """Sign in, take everything along, start an audit."""
        page = self.tablet.switch_on()
        self._sign_in(page)
        page.goto(f"{self.tablet.address}/visit")
        expect(page.locator("[data-kept]")).to_contain_text("Every checklist", timeout=120_000)
        page.locator("#start-page").select_option(label="Glove use")
        page.get_by_role("button", name="Start", exact=True).click()
        expect(page.locator("#visit")).to_be_visible()
        self.page_address = page.url
        self.tablet.switch_off()

    def _sign_in(self, page: Page) -> None:
        """Sign in, where the last kill has cost the cookie: browsers write those late."""
        if any(cookie.get("name") == "sign-in" for cookie in page.context.cookies()):
            return
        before, self.cutting = self.cutting, False
        page.goto(f"{self.tablet.address}/login")
        page.get_by_label("Email").fill(EMAIL)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(f"{self.tablet.address}/")
        self.cutting = before

    def life(self, *, kill: bool, seconds: float) -> None:
        """Open the audit, hold it against what was seen, and work on it until killed."""
        page = self.tablet.switch_on()
        try:
            self._sign_in(page)
            self._open(page)
            self._compare(look(page))
            timer = threading.Timer(seconds, self.tablet.die if kill else lambda: None)
            timer.start()
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                self._act(page)
            timer.join()
        except Error:
            if not kill:
                raise
        if kill:
            self.tablet.kill()
            self.kills += 1
        else:
            self.tablet.switch_off()

    def _open(self, page: Page) -> None:
        self._call_up(page)
        if not until(page, lambda seen: bool(seen["open"])):
            raise AssertionError(f"the audit does not open: {look(page)['status']}")
        until(page, lambda seen: self.photos.keys() <= _photos_of(seen).keys(), 10)

    def _call_up(self, page: Page) -> None:
        """Load the page; a browser too busy to wake its worker asks the network, which is cut."""
        for _ in range(2):
            with suppress(Error):
                page.goto(self.page_address)
                return
            sys.stderr.write("the page was asked of the network, and called up once more\n")
        page.goto(self.page_address)

    def _compare(self, screen: dict[str, Any]) -> None:
        """Count what was called saved and is not there; from here on, what is there counts."""
        for key, before in self.seen.items():
            now = screen["items"][key]
            self._hold(key, now["chosen"], {before.chosen, *before.chosen_since})
            self._hold(key, now["comment"], {before.comment, *before.comment_since})
            self.seen[key] = Seen(chosen=now["chosen"], comment=now["comment"])
        shown = _photos_of(screen)
        missing = self.photos.keys() - shown.keys()
        if missing:
            self._lose(f"photos {missing}")
        self.photos = shown

    def _hold(self, key: str, now: str, allowed: set[str]) -> None:
        if now not in allowed:
            self._lose(f"{key}: {now!r} is none of {allowed}")

    def _lose(self, what: str) -> None:
        self.lost += 1
        sys.stderr.write(f"LOST {what}\n")

    def _act(self, page: Page) -> None:
        draw = self.chance.random()
        items = {key: item for key, item in look(page)["items"].items() if item["pair"]}
        key = self.chance.choice(sorted(items))
        if draw < 0.15:
            self._photograph(page, key, items[key])
        elif draw < 0.35:
            self._write(page, key)
        else:
            self._tick(page, key)
        # As a network that comes and goes would say.
        page.evaluate("() => { window.dispatchEvent(new Event('online')); }")

    def _section_of(self, page: Page, key: str) -> None:
        page.evaluate(
            """(key) => {
              const section = document.getElementById(key).closest("[data-section]");
              if (section.hidden) document.querySelector(
                `.steps button[value="${section.dataset.section}"]`).click();
            }""",
            key,
        )

    def _tick(self, page: Page, key: str) -> None:
        value = self.chance.choice(["yes", "no"])
        seen = self.seen.setdefault(key, Seen())
        self._section_of(page, key)
        seen.chosen_since.add(value)
        page.locator(f'[id="{key}"] .inputs input[value="{value}"]').first.check(timeout=5_000)
        if until(page, lambda screen: self._is_kept(screen, key, "chosen", value), 10):
            seen.chosen, seen.chosen_since = value, set()
            self.saved += 1

    def _write(self, page: Page, key: str) -> None:
        words = f"{self.chance.choice(_LINES)} {self.chance.randrange(10_000)}"
        seen = self.seen.setdefault(key, Seen())
        self._section_of(page, key)
        note = page.locator(f'[id="{key}"] details.note')
        note.evaluate("(note) => { note.open = true; }")
        # While it is typed, any beginning of it may be kept.
        seen.comment_since |= {words[:end] for end in range(len(words) + 1)}
        note.locator("textarea").fill(words, timeout=5_000)
        if until(page, lambda screen: self._is_kept(screen, key, "comment", words), 10):
            seen.comment, seen.comment_since = words, set()
            self.saved += 1

    @staticmethod
    def _is_kept(screen: dict[str, Any], key: str, part: str, value: str) -> bool:
        item = screen["items"][key]
        return is_saved(item) and item[part] == value

    def _photograph(self, page: Page, key: str, item: dict[str, Any]) -> None:
        camera = page.locator(f'[id="{key}"] input[data-photo]')
        if len(item["photos"]) >= _MOST_PHOTOS or not camera.count():
            return
        self._section_of(page, key)
        camera.set_input_files(self._picture(), timeout=5_000)
        before = set(item["photos"])
        if until(page, lambda seen: set(seen["items"][key]["photos"]) > before, 10):
            for photo in set(look(page)["items"][key]["photos"]) - before:
                self.photos[photo] = key
                self.saved += 1

    def _picture(self) -> Path:
        """Return a photo unlike any other: a few hundred kilobytes once it is made small."""
        side = self.chance.randrange(300, 1000)
        noise = Image.frombytes("L", (side, side), self.chance.randbytes(side * side))
        path = self.folder / "picture.jpg"
        kept = io.BytesIO()
        noise.convert("RGB").save(kept, "JPEG", quality=70)
        path.write_bytes(kept.getvalue())
        return path

    def finish(self) -> tuple[int, int]:
        """Let everything go out undisturbed; return how much is doubled, and how much stuck."""
        self.cutting = False
        page = self.tablet.switch_on()
        self._sign_in(page)
        self._open(page)
        page.evaluate("() => { window.dispatchEvent(new Event('online')); }")
        sent = until(page, lambda seen: "sent and confirmed" in seen["status"], 180)
        screen = look(page)
        self._compare(screen)
        self.tablet.switch_off()
        audit_id = UUID(self.page_address.partition("#")[2].partition("/")[0])
        given, photos, changes = self.house.kept(audit_id)
        for key, seen in self.seen.items():
            kept = given.get(key, {})
            if (kept.get("value", ""), kept.get("comment", "")) != (seen.chosen, seen.comment):
                self._lose(f"on the server, {key}: {kept} is not {seen}")
        for photo in self.photos.keys() - photos.keys():
            self._lose(f"on the server, the photo {photo}")
        doubled = len(photos) - len(set(photos.values())) + len(changes) - len(set(changes))
        conflicts = sum("Two responses" in item["state"] for item in screen["items"].values())
        return doubled + len(photos.keys() - self.photos.keys()), (not sent) + conflicts


def _photos_of(screen: dict[str, Any]) -> dict[str, str]:
    return {photo: key for key, item in screen["items"].items() for photo in item["photos"]}


def main() -> int:
    """Soak as long as it takes; print the figures."""
    wanted = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    wanted.add_argument("--kills", type=int, default=20)
    wanted.add_argument("--cuts", type=int, default=100)
    wanted.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    asked = wanted.parse_args()
    chance = Random(asked.seed)  # noqa: S311 - chooses what to do, guards nothing
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or "chromium"
    sys.stderr.write(f"seed {asked.seed}\n")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        house = House(folder=folder / "house")
        house.serve()
        proxy = CuttingProxy(
            target=("127.0.0.1", house.port), chance=chance, cutting=lambda: soak.cutting
        )
        tablet = Tablet(
            playwright=playwright,
            program=program,
            profile=folder / "profile",
            address=f"http://127.0.0.1:{proxy.port}",
            chance=chance,
        )
        soak = Soak(house=house, proxy=proxy, tablet=tablet, chance=chance, folder=folder)
        try:
            soak.begin()
            _disturb(soak, asked.kills, asked.cuts)
            doubled, stuck = soak.finish()
        finally:
            tablet.kill()
            proxy.close()
            house.kill()
    print(  # noqa: T201 - the line that others read
        f"kills={soak.kills} cuts={proxy.cuts} saved={soak.saved} "
        f"lost={soak.lost} duplicated={doubled} stuck={stuck}"
    )
    return 1 if soak.lost or doubled or stuck else 0


def _disturb(soak: Soak, kills: int, cuts: int) -> None:
    soak.cutting = True
    while soak.kills < kills or soak.proxy.cuts < cuts:
        kill = soak.kills < kills
        if kill and soak.kills % _SERVER_KILLED_EVERY == _SERVER_KILLED_EVERY - 1:
            soak.house.kill()
            soak.house.serve()
        seconds = soak.chance.uniform(0.2, 2.5) if kill else 20
        soak.life(kill=kill, seconds=seconds)
        sys.stderr.write(
            f"kills {soak.kills} cuts {soak.proxy.cuts} saved {soak.saved} lost {soak.lost}\n"
        )


if __name__ == "__main__":
    sys.exit(main())
