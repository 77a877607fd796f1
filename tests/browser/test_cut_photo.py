"""A photo on a network that is cut in the middle of it."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from audit.store.evidence import Evidence
from audit.store.scope import organisation_scope
from tests.browser.serving import Served
from tests.browser.visiting import (
    PATIENCE_MS,
    begin,
    database_of,
    go_to,
    new_tablet,
    organisation_of,
    photograph,
    photos,
    picture,
    says,
    sign_in,
    take_along,
    until,
)
from tests.soak.cutting_proxy import CuttingProxy

pytestmark = pytest.mark.browser


@pytest.fixture
def meant() -> tuple[str, ...]:
    """Connections are cut here."""
    return ("ERR_CONNECTION_", "ERR_EMPTY_RESPONSE", "ERR_CONTENT_LENGTH_MISMATCH")


class Weather:
    """Whether the network is cut just now."""

    cutting = False


@pytest.fixture
def weather() -> Weather:
    return Weather()


@pytest.fixture
def proxy(served: Served, weather: Weather) -> Iterator[CuttingProxy]:
    port = urlsplit(served.address).port
    assert port is not None
    chance = Random(3)  # noqa: S311 -- decides where a cut comes, not a secret
    proxy = CuttingProxy(target=("127.0.0.1", port), chance=chance, cutting=lambda: weather.cutting)
    yield proxy
    weather.cutting = False
    proxy.close()


def try_now(page: Page) -> None:
    page.evaluate("window.dispatchEvent(new Event('online'))")


def test_a_photo_cut_in_the_middle_arrives_once_and_whole(
    browser: Browser, served: Served, proxy: CuttingProxy, weather: Weather, tmp_path: Path
) -> None:
    page = new_tablet(browser, f"http://127.0.0.1:{proxy.port}")
    sign_in(page)
    take_along(page)
    begin(page)
    go_to(page, "1")
    says(page, "Everything is sent and confirmed")
    weather.cutting = True

    photograph(page, "water_warm", picture(tmp_path))
    until(lambda: try_now(page) or proxy.cuts >= 4)
    weather.cutting = False
    try_now(page)
    state = photos(page, "water_warm").locator("[data-state]")
    expect(state).to_have_text("Confirmed", timeout=PATIENCE_MS)

    sent = photos(page, "water_warm").get_attribute("data-photo-id")
    installed = database_of(served)
    with installed.database.transaction(organisation_scope(organisation_of(served))) as session:
        rows = list(session.scalars(select(Evidence)))
        kept = [str(row.id) for row in rows]
        digests = [row.digest for row in rows]
    assert kept == [sent]
    whole = installed.shelf.blobs.get(digests[0])
    assert sha256(whole).hexdigest() == digests[0]
    page.context.close()
