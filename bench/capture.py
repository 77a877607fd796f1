"""Measures the capture page on a slowed tablet, next to plain peers of the same run.

Chromium with its main thread slowed four times, on a profile on the disk, before the real server;
audits of 60 and 300 items. A figure past its floor is a miss; no floor depends on the machine.
"""

import gzip
import json
import re
import statistics
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, Playwright, Route, sync_playwright

from bench import tablet
from bench.house import WIRE, BenchHouse, write_checklists
from bench.tablet import Tablet

STATIC = Path(__file__).parents[1] / "audit" / "static"
SMALL, LARGE = SIZES = (60, 300)
ROUNDS = 3
LONG_MS, VERY_LONG_MS = 50, 200
AFTER_READY_S = 3


@dataclass(frozen=True, kw_only=True)
class Line:
    """One figure as it is printed: what we aim at, and what it may not pass."""

    name: str
    value: float
    unit: str = ""
    bounds: tuple[float, float] | None = None

    @property
    def missed(self) -> bool:
        """Say whether the floor was passed."""
        return self.bounds is not None and self.value > self.bounds[1]

    def __str__(self) -> str:
        """Return the line as printed."""
        if self.bounds is None:
            return f"  {self.name:58}{self.value:9.2f} {self.unit}"
        target, floor = self.bounds
        words = "MISSED" if self.missed else "over target" if self.value > target else ""
        figure = f"  {self.name:58}{self.value:9.2f} {self.unit:3}"
        return f"{figure}{target:>9g}{floor:>8g}  {words}".rstrip()


class Bench:
    """One house with its tablets, in `folder`."""

    def __init__(self, playwright: Playwright, folder: Path) -> None:
        self._playwright = playwright
        self._folder = folder
        self._made = 0
        self.cookies: list[Any] = []
        house = folder / "house"
        (house / "checklists").mkdir(parents=True)
        write_checklists(house / "checklists", SIZES)
        self.house = BenchHouse(folder=house)
        self.house.serve()

    def tablet(self, *, plain: bool = False) -> Tablet:
        """Return a fresh tablet, with the sign-in there is."""
        self._made += 1
        made = Tablet(
            playwright=self._playwright,
            profile=self._folder / f"profile-{self._made}",
            address=f"http://127.0.0.1:{self.house.port}",
            plain=plain,
        )
        made.context.add_cookies(self.cookies)
        return made

    def wire(self) -> list[dict[str, Any]]:
        """Return what was sent since the last look."""
        path = self.house.folder / WIRE
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return [json.loads(line) for line in lines]


def main() -> tuple[dict[str, Any], bool]:
    """Measure everything and print it; return the figures, and whether a floor was missed."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        bench = Bench(playwright, Path(name))
        try:
            lines = [*_measured(bench, Path(name))]
        finally:
            bench.house.kill()
    print(f"capture page, main thread slowed {tablet.SLOWED} times")
    print(f"  {'':58}{'':9} {'':3}{'target':>9}{'floor':>8}")
    for line in lines:
        print(line)
    figures = {line.name: {"value": line.value, "unit": line.unit} for line in lines}
    return figures, any(line.missed for line in lines)


def _measured(bench: Bench, folder: Path) -> list[Line]:
    photos = _pictures(folder)
    _say("tapping")
    taps, plain = {}, {}
    # Each beside its peer in time, too: other work on the machine then weighs on both.
    for size in SIZES:
        taps[size] = _tap_session(bench, size, photos)
        plain[size] = _tap_plain(bench, size)
    _say("opening")
    lines = [line for size in SIZES for line in _visits(bench, size, taps[size]["address"])]
    lines += _weights()
    lines += _tapped(taps, plain)
    _say("taking photos")
    lines += _of_photos(bench, photos)
    return lines


def _say(words: str) -> None:
    sys.stderr.write(f"capture page: {words}\n")


def _tap_session(bench: Bench, size: int, photos: list[Path]) -> dict[str, Any]:
    """Answer everything, in the large audit with ten photos between; return what was seen."""
    held = bench.tablet()
    if not bench.cookies:
        held.sign_in()
        bench.cookies = held.context.cookies()
    address = held.begin(f"{size} items")
    page = held.page()
    began = tablet.ready(page, address)
    bare = _bare_writes(page)
    for at, (number, keys) in enumerate(tablet.sections(page)):
        tablet.go_to(page, number)
        for key in keys:
            tablet.tap(page, key)
        if size == LARGE and at % 3 == 0:
            tablet.photograph(page, keys[0], photos[at % len(photos)])
    tablet.until(page, "() => document.querySelector('#status').textContent.includes('confirmed')")
    found = {
        "address": address,
        "bare": bare,
        "frames": tablet.seen(page, "frames"),
        "stored": tablet.seen(page, "stored"),
        "tasks": [spent for start, spent in tablet.seen(page, "tasks") if start > began],
    }
    held.context.close()
    return found


_BARE = """async () => {
  const database = await new Promise((resolve) => {
    const opening = indexedDB.open("bench", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("rows");
    opening.onsuccess = () => resolve(opening.result);
  });
  const spent = [];
  for (let at = 0; at < 30; at += 1) {
    const begun = performance.now();
    await new Promise((resolve) => {
      const writing = database.transaction("rows", "readwrite", { durability: "strict" });
      writing.objectStore("rows").put(new Uint8Array(300), at);
      writing.oncomplete = resolve;
    });
    spent.push(performance.now() - begun);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  database.close();
  return spent;
}"""


def _bare_writes(page: Page) -> float:
    """Return how long one bare write to the disk takes on this page."""
    spent: list[float] = page.evaluate(_BARE)
    return statistics.median(spent)


def _tap_plain(bench: Bench, size: int) -> list[float]:
    """Tap sixty items of the same page without its scripts."""
    held = bench.tablet(plain=True)
    held.context.route("**/visit/**", _without_scripts)
    page = held.page()
    page.goto(f"/visit/bench-{size}/1/us-ut/1")
    for number, keys in tablet.sections(page)[: SMALL // 10]:
        tablet.go_to(page, number, plain=True)
        for key in keys:
            tablet.tap(page, key)
    found = tablet.seen(page, "frames")
    held.context.close()
    return found


def _without_scripts(route: Route) -> None:
    answer = route.fetch()
    kept = [line for line in answer.text().splitlines() if '<script type="module"' not in line]
    route.fulfill(response=answer, body="\n".join(kept))


def _visits(bench: Bench, size: int, address: str) -> list[Line]:
    """Open the answered audit on a tablet that never saw it, and then once more."""
    first, later, wires = [], [], []
    for _ in range(ROUNDS):
        held = bench.tablet()
        bench.wire()
        page = held.page()
        first.append(tablet.ready(page, address))
        at_first = bench.wire()
        tablet.until(page, _KEPT)
        page.close()
        taken_in = bench.wire()
        page = held.page()
        later.append(tablet.ready(page, address))
        page.wait_for_timeout(AFTER_READY_S * 1000)
        wires = [at_first, taken_in, bench.wire()]
        held.context.close()
    ratio = statistics.median(later) / statistics.median(first)
    return [
        Line(name=f"{size} items: ready, first visit", value=statistics.median(first), unit="ms"),
        Line(name=f"{size} items: ready, next visit", value=statistics.median(later), unit="ms"),
        Line(name=f"{size} items: next / first", value=ratio, bounds=(0.6, 0.9)),
        *_bytes(size, *wires),
    ]


_KEPT = "async () => Boolean(await caches.match(location.pathname))"


def _bytes(size: int, first: list[Any], taken_in: list[Any], later: list[Any]) -> list[Line]:
    page = _sum(first, lambda told: told["for"] == "document")
    files = _sum(first, lambda told: told["for"] in ("script", "style") or _is_icon(told))
    # The worker fetches the page once more to keep it; that copy is the page as well.
    rest = _sum([*first, *taken_in], lambda told: not _is_data(told) and not _is_checklist(told))
    heads = sum(told["head"] for told in first if not _is_data(told)) / 1000
    again = _sum(later, lambda told: not _is_data(told))
    bounds = (45, 70) if size == SMALL else (90, 140)
    found = [
        Line(name="the page itself", value=page),
        Line(name="its files", value=files),
        Line(name="page and files, first visit", value=page + files, bounds=bounds),
        Line(name="headers around them, where none is packed", value=heads),
        Line(name="first load but the page, worker too", value=rest, bounds=(150, 150)),
        Line(name="page, files, worker, next visit", value=again, bounds=(0, 2)),
        Line(name="news and photos, next visit", value=_sum(later, _is_data)),
    ]
    return [replace(line, name=f"{size} items: {line.name}", unit="kB") for line in found]


def _is_data(told: dict[str, Any]) -> bool:
    return bool(told["path"].startswith(("/device/", "/audits/")))


def _is_checklist(told: dict[str, Any]) -> bool:
    return bool(told["path"].startswith("/visit/"))


def _is_icon(told: dict[str, Any]) -> bool:
    return bool(told["for"] == "image") and not _is_data(told)


def _sum(wire: list[Any], wanted: Any) -> float:
    """Return the kilobytes of what is wanted, as packed, without headers."""
    return sum(int(told["body"]) for told in wire if wanted(told)) / 1000


def _weights() -> list[Line]:
    """Weigh what the capture page runs, and the styles of all pages."""
    scripts = _reached(STATIC / "js" / "form.js", set()) | {STATIC / "js" / "photo-worker.js"}
    styles = set((STATIC / "css").glob("*.css"))
    return [
        Line(
            name="scripts of the capture page",
            value=_packed(scripts),
            unit="kB",
            bounds=(28, 40),
        ),
        Line(name="styles of all pages", value=_packed(styles), unit="kB", bounds=(12, 20)),
    ]


_IMPORT = re.compile(r"""(?:from|import)\s*\(?\s*["'](\.{1,2}/[^"']+)["']""")


def _reached(script: Path, found: set[Path]) -> set[Path]:
    """Return `script` with all it imports, sooner or later."""
    if script not in found:
        found.add(script)
        for name in _IMPORT.findall(script.read_text(encoding="utf-8")):
            _reached((script.parent / name).resolve(), found)
    return found


def _packed(files: set[Path]) -> float:
    return sum(len(gzip.compress(path.read_bytes(), mtime=0)) for path in files) / 1000


def _tapped(taps: dict[int, Any], plain: dict[int, list[float]]) -> list[Line]:
    lines = []
    middle = {size: statistics.median(taps[size]["frames"]) for size in SIZES}
    for size in SIZES:
        peer = statistics.median(plain[size])
        stored = statistics.median(taps[size]["stored"])
        name = f"{size} items: "
        lines += [
            Line(name=f"{name}tap to next frame", value=middle[size], unit="ms"),
            Line(
                name=f"{name}the same / page without scripts",
                value=middle[size] / peer,
                bounds=(1.1, 1.5),
            ),
            Line(name=f"{name}tap to durable", value=stored, unit="ms"),
            Line(name=f"{name}the same / bare strict write", value=stored / taps[size]["bare"]),
        ]
    ratio = middle[LARGE] / middle[SMALL]
    long = sum(spent > VERY_LONG_MS for spent in taps[LARGE]["tasks"])
    return [
        *lines,
        Line(name="tap to next frame, 300 / 60 items", value=ratio, bounds=(1.25, 2)),
        Line(
            name="tasks over 200 ms in 300 taps and 10 photos",
            value=long,
            bounds=(0, 2),
        ),
    ]


_DECODE = """async () => {
  const file = document.querySelector("#bench-file").files[0];
  const begun = performance.now();
  (await createImageBitmap(file)).close();
  return performance.now() - begun;
}"""
_A_FILE = """() => {
  const input = document.createElement("input");
  input.type = "file";
  input.id = "bench-file";
  document.querySelector("#visit").prepend(input);
}"""


def _of_photos(bench: Bench, photos: list[Path]) -> list[Line]:
    """Take a hundred photos in the large audit."""
    held = bench.tablet()
    address = held.begin(f"{LARGE} items")
    page = held.page()
    tablet.ready(page, address)
    page.evaluate(_A_FILE)
    bare = statistics.median(_decoded(page, photos[at % len(photos)]) for at in range(6))
    (number, keys), *_ = tablet.sections(page)
    tablet.go_to(page, number)
    page.wait_for_timeout(2000)
    before = held.megabytes()
    peaks = []
    with held.watched() as memory:
        for at in range(100):
            tablet.photograph(page, keys[at // 10], photos[at % len(photos)])
            if at in (19, 99):
                peaks.append(max(memory) - before)
    taken = tablet.seen(page, "photos")
    tasks = tablet.seen(page, "tasks")
    held.context.close()
    begun, ended = taken[0][0], taken[5][1]
    long = sum(spent > LONG_MS and begun <= start <= ended for start, spent in tasks)
    whole = statistics.median(shown - start for start, shown in taken[:20])
    return [
        Line(name="tasks over 50 ms while 6 photos are taken in", value=long, bounds=(0, 2)),
        Line(name="12 MP photo to stored", value=whole, unit="ms"),
        Line(name="the same / bare createImageBitmap", value=whole / bare, bounds=(3, 5)),
        Line(name="memory: growth over 20 photos", value=peaks[0], unit="MB", bounds=(80, 200)),
        Line(name="memory: growth over 100 photos", value=peaks[1], unit="MB"),
    ]


def _decoded(page: Page, photo: Path) -> float:
    page.locator("#bench-file").set_input_files(photo)
    spent: float = page.evaluate(_DECODE)
    return spent


def _pictures(folder: Path) -> list[Path]:
    """Make photos of twelve megapixels, about four megabytes each."""
    made = []
    for at in range(3):
        noise = Image.effect_noise((4000, 3000), 26 + at)
        ground = Image.linear_gradient("L").resize((4000, 3000))
        path = folder / f"photo-{at}.jpg"
        Image.merge("RGB", (noise, Image.blend(noise, ground, 0.5), ground)).save(path, quality=85)
        made.append(path)
    return made
