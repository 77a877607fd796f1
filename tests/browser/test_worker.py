"""The service worker: what opens without a network, and how one version follows another."""

import json
import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect

from audit.web.static_files import StaticFiles, files_of
from tests.browser.serving import Opened, Served
from tests.browser.visiting import choose, stands

pytestmark = pytest.mark.browser

_PATIENCE_S = 20
_WITHDRAWAL = re.compile(r"```js\n(self\..*?)```", re.DOTALL)


def until(look: Callable[[], bool]) -> None:
    """Look until it holds; pages with our policy cannot be polled from inside."""
    end = time.monotonic() + _PATIENCE_S
    while time.monotonic() < end:
        # The page may just be opening anew.
        with suppress(Error):
            if look():
                return
        time.sleep(0.05)
    raise AssertionError("it never came to hold")


def kept(page: Page) -> list[str]:
    """Return the addresses of the pages kept, with the names of their caches."""
    found: list[str] = page.evaluate(
        """async () => {
          const names = (await caches.keys()).filter((name) => name.startsWith("pages-"));
          const all = names.map(async (name) => (await (await caches.open(name)).keys())
            .map(({ url }) => `${name} ${new URL(url).pathname}`));
          return (await Promise.all(all)).flat().sort();
        }"""
    )
    return found


def look_for_update(page: Page) -> str:
    """Ask for a new worker; return what became of it."""
    said: str = page.evaluate(
        """async () => {
          const registration = await navigator.serviceWorker.ready;
          await registration.update();
          const fresh = registration.installing ?? registration.waiting;
          if (!fresh) return "none";
          const next = (done) => fresh.addEventListener("statechange", done, { once: true });
          while (["parsed", "installing"].includes(fresh.state)) await new Promise(next);
          return fresh.state;
        }"""
    )
    return said


@pytest.fixture
def meant() -> tuple[str, ...]:
    """Requests are cut here."""
    return ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED")


@pytest.fixture
def tablet(opened: Opened) -> Page:
    """A page on which one audit was started, all of it kept."""
    page = opened(True)
    page.goto("/visit")
    expect(page.locator("[data-kept]")).to_contain_text("Every checklist", timeout=20_000)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("heading", name="Hands and gloves")).to_be_visible()
    until(lambda: bool(page.evaluate("Boolean(navigator.serviceWorker.controller)")))
    return page


@pytest.fixture
def deploy(served: Served) -> Callable[[str], str]:
    """Deploys another version: the same files under another name."""

    def deploy(word: str) -> str:
        files: StaticFiles = files_of(served.app)
        files.build = (word * 12)[:12]
        # A start prints the pages anew.
        served.app.extensions.pop("visit_pages", None)
        return files.build

    return deploy


def test_pages_and_files_open_without_a_network(tablet: Page) -> None:
    address = tablet.url
    tablet.context.set_offline(True)

    answer = tablet.reload()

    assert answer is not None
    assert answer.from_service_worker
    assert tablet.url == address
    expect(tablet.get_by_role("heading", name="Hands and gloves")).to_be_visible()
    tablet.goto("/audits")
    expect(tablet.get_by_role("heading", name="On this tablet")).to_be_visible()


@pytest.mark.parametrize("address", ["/audits/", "/visit/small-check/99"])
def test_a_page_that_is_not_kept_leads_to_the_start_page(tablet: Page, address: str) -> None:
    tablet.context.set_offline(True)

    tablet.goto(address)

    expect(tablet).to_have_url(re.compile("/visit$"))
    expect(tablet.get_by_role("heading", name="On this tablet")).to_be_visible()


def test_no_page_that_knows_somebody_is_kept(tablet: Page) -> None:
    tablet.goto("/audits")
    tablet.goto("/visit")

    assert all(one.split()[1].startswith("/visit") for one in kept(tablet))


def test_a_new_version_waits_until_it_is_told(tablet: Page, deploy: Callable[[str], str]) -> None:
    address = tablet.url
    before = kept(tablet)
    old = before[0].split()[0]

    build = deploy("b")

    assert look_for_update(tablet) == "installed"
    carried = [one.split()[1] for one in kept(tablet) if one.startswith(f"pages-{build}")]
    assert carried == [one.split()[1] for one in before]
    tablet.reload()
    assert old.removeprefix("pages-") in tablet.content()
    expect(tablet.get_by_role("button", name="New version ready")).to_be_visible(timeout=20_000)
    tablet.get_by_role("button", name="New version ready").click()
    until(lambda: f"/static/b/{build}/" in tablet.content())
    assert tablet.url == address
    tablet.context.set_offline(True)
    tablet.reload()
    expect(tablet.get_by_role("heading", name="Hands and gloves")).to_be_visible()


def test_a_new_version_is_not_offered_while_work_is_unsent(
    tablet: Page, deploy: Callable[[str], str]
) -> None:
    tablet.route("**/changes", lambda route: route.abort())
    picks = tablet.locator('[id="gloves_worn"] .pick')
    picks.first.click()
    expect(tablet.locator("#status")).to_contain_text("1 not sent yet", timeout=20_000)
    deploy("b")

    assert look_for_update(tablet) == "installed"

    tablet.reload()
    expect(tablet.locator("#status")).to_contain_text("1 not sent yet", timeout=20_000)
    expect(tablet.get_by_role("button", name="New version ready")).to_be_hidden()
    tablet.unroute("**/changes")
    tablet.evaluate("window.dispatchEvent(new Event('online'))")
    expect(tablet.get_by_role("button", name="New version ready")).to_be_visible(timeout=20_000)


def test_the_version_before_stays_for_one_generation(
    tablet: Page, deploy: Callable[[str], str]
) -> None:
    first = kept(tablet)[0].split()[0]
    builds = []
    for word in ("b", "c"):
        builds.append(deploy(word))
        assert look_for_update(tablet) == "installed"
        tablet.reload()
        tablet.get_by_role("button", name="New version ready").click(timeout=20_000)
        until(lambda: f"/static/b/{builds[-1]}/" in tablet.content())

    until(lambda: len({one.split()[0] for one in kept(tablet)}) == 2)

    assert first not in {one.split()[0] for one in kept(tablet)}


def test_a_version_with_a_lost_file_leaves_the_old_one_whole(
    tablet: Page, served: Served, deploy: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kept(tablet)
    build = deploy("b")
    files = files_of(served.app)
    wanted = [*(files.address(name) for name in files.files), f"/static/b/{build}/js/lost.js"]
    script = Path("audit/static/js/worker.js").read_text(encoding="utf-8")
    whole = f"const BUILD = {json.dumps(build)}; const FILES = {json.dumps(wanted)};\n{script}"
    monkeypatch.setattr("audit.web.worker._whole", lambda _: whole)

    assert look_for_update(tablet) == "redundant"

    tablet.context.set_offline(True)
    tablet.reload()
    expect(tablet.get_by_role("heading", name="Hands and gloves")).to_be_visible()
    assert kept(tablet) == before


def test_a_worker_that_is_withdrawn_leaves_what_people_entered(
    tablet: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = Path("docs/device.md").read_text(encoding="utf-8")
    found = _WITHDRAWAL.search(words)
    assert found is not None
    choose(tablet, "gloves_worn", "Yes")
    # By then the log is settled, so that no passing database stands among those counted.
    stands(tablet, "gloves_worn", "Confirmed")
    before = tablet.evaluate("async () => (await indexedDB.databases()).map(({ name }) => name)")
    monkeypatch.setattr("audit.web.worker._whole", lambda _: found[1])

    tablet.evaluate("async () => (await navigator.serviceWorker.ready).update()")

    until(lambda: tablet.evaluate("async () => !(await caches.keys()).length"))
    after = tablet.evaluate("async () => (await indexedDB.databases()).map(({ name }) => name)")
    assert sorted(after) == sorted(before)
    tablet.reload()
    stands(tablet, "gloves_worn", "Confirmed")


def test_the_manifest_lets_a_tablet_install_the_app(tablet: Page) -> None:
    about = tablet.request.get("/manifest.webmanifest").json()

    assert about["start_url"] == "/visit"
    assert about["display"] == "standalone"
    assert {icon["sizes"] for icon in about["icons"]} == {"192x192", "512x512"}
    for icon in about["icons"]:
        assert tablet.request.get(icon["src"]).ok
