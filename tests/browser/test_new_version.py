"""A new version that is deployed in the middle of an audit: another server, with other files."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from audit.app import create_app
from audit.resources import shipped
from audit.settings import Settings
from audit.web.static_files import StaticFiles, build_of, serve_static
from tests.browser.serving import Served, serve
from tests.browser.test_worker import look_for_update
from tests.browser.visiting import (
    PATIENCE_MS,
    begin,
    choose,
    complete,
    hand_in,
    item,
    new_tablet,
    respond,
    says,
    sign_in,
    stands,
    take_along,
    until,
)
from tests.soak.cutting_proxy import CuttingProxy

pytestmark = pytest.mark.browser

CHANGED = "js/texts.js"
SWITCH = "New version ready"


@pytest.fixture
def meant() -> tuple[str, ...]:
    """Networks are cut here, servers end, and one file cannot be had."""
    cuts = ("ERR_INTERNET_DISCONNECTED", "ERR_EMPTY_RESPONSE", "ERR_CONNECTION_")
    return (*cuts, "500", "ERR_CONTENT_LENGTH_MISMATCH", "ERR_FAILED")


@dataclass(kw_only=True)
class Road:
    """Where tablets reach whichever version is served now."""

    old: Served
    proxy: CuttingProxy
    new: Flask

    def deploy(self, served: Served) -> None:
        """Lead to another server; connections to the one before end."""
        self.proxy.target = _target(served)


def _target(served: Served) -> tuple[str, int]:
    port = urlsplit(served.address).port
    assert port is not None
    return ("127.0.0.1", port)


@pytest.fixture
def road(served: Served, sqlite_url: str, tmp_path: Path) -> Iterator[Road]:
    """The way to the old version, and the new one, in which one script differs."""
    settings = Settings(
        data_dir=tmp_path / "data", database_url=sqlite_url, base_url="http://127.0.0.1"
    )
    new = create_app(settings)
    named = "hygiene_audit"
    shelf = served.app.extensions[named].shelf
    new.extensions[named] = replace(new.extensions[named], shelf=shelf)
    folder = tmp_path / "static"
    shutil.copytree(Path("audit/static"), folder)
    with (folder / CHANGED).open("a", encoding="utf-8") as script:
        script.write("\n// The next version.\n")
    serve_static(new, StaticFiles(folder, shipped("templates")))
    proxy = CuttingProxy(
        target=_target(served),
        chance=Random(1),  # noqa: S311 - nothing is cut by it here
        cutting=lambda: False,
    )
    yield Road(old=served, proxy=proxy, new=new)
    proxy.close()


@pytest.fixture
def tablet(browser: Browser, road: Road) -> Iterator[Page]:
    """A tablet on which an audit was begun without a network."""
    page = new_tablet(browser, f"http://127.0.0.1:{road.proxy.port}")
    sign_in(page)
    take_along(page)
    page.context.set_offline(True)
    begin(page)
    yield page
    page.context.close()


def build(page: Page) -> str:
    """Return the build whose scripts this page runs."""
    source = page.locator("script[type=module]").first.get_attribute("src")
    assert source is not None
    return source.split("/")[3]


def test_an_open_audit_stays_on_its_version_until_it_is_handed_in(tablet: Page, road: Road) -> None:
    old, new = build_of(road.old.app), build_of(road.new)
    respond(tablet)
    item(tablet, "water_warm").get_by_label("Reading in °C").fill("41,5")
    stands(tablet, "water_warm", "On this tablet")
    switch = tablet.get_by_role("button", name=SWITCH)
    with serve(road.new) as deployed:
        road.deploy(deployed)
        tablet.context.set_offline(False)
        stands(tablet, "water_warm", "Confirmed")

        assert look_for_update(tablet) == "installed"
        tablet.context.set_offline(True)
        tablet.reload()
        assert build(tablet) == old
        complete(tablet)
        says(tablet, "not handed in yet")
        expect(switch).to_be_hidden()
        tablet.context.set_offline(False)
        hand_in(tablet)
        assert build(tablet) == old
        switch.click(timeout=PATIENCE_MS)

        until(lambda: tablet.locator(f"script[src*='/{new}/']").count())
        expect(tablet.get_by_role("heading", name="Received")).to_be_visible(timeout=PATIENCE_MS)
    assert old != new


Answer = Iterable[bytes]
Respond = Callable[..., object]


def failing(_: bytes, start: Respond) -> Answer:
    start("500 Internal Server Error", [("Content-Type", "text/plain")])
    return [b"no"]


def cut(whole: bytes, start: Respond) -> Answer:
    sizes = [("Content-Type", "text/javascript"), ("Content-Length", str(len(whole)))]
    start("200 OK", sizes)
    return [whole[: len(whole) // 2]]


@pytest.mark.parametrize("fault", [failing, cut], ids=["failing", "cut"])
def test_a_version_with_a_broken_file_is_not_taken(
    tablet: Page, road: Road, fault: Callable[[bytes, Respond], Answer]
) -> None:
    old, whole = build_of(road.old.app), Path("audit/static", CHANGED).read_bytes()
    answer = road.new.wsgi_app

    def breaking(environ: dict[str, str], start: Respond) -> Answer:
        broken = environ["PATH_INFO"].endswith(CHANGED)
        return fault(whole, start) if broken else answer(environ, start)

    road.new.wsgi_app = breaking  # type: ignore[method-assign] # Flask's own way to wrap an app
    choose(tablet, "gloves_worn", "No")
    stands(tablet, "gloves_worn", "On this tablet")
    with serve(road.new) as deployed:
        road.deploy(deployed)
        tablet.context.set_offline(False)
        stands(tablet, "gloves_worn", "Confirmed")

        assert look_for_update(tablet) == "redundant"
        tablet.context.set_offline(True)
        tablet.reload()
        choose(tablet, "gloves_worn", "Yes")
        stands(tablet, "gloves_worn", "On this tablet")
        tablet.context.set_offline(False)

        stands(tablet, "gloves_worn", "Confirmed")
    assert build(tablet) == old
