"""What happens while something else is under way: entering, reading anew, a photo being sent."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from audit.store.evidence import Evidence
from audit.store.scope import organisation_scope
from tests.browser.serving import Opened, Served
from tests.browser.test_storage import modules
from tests.browser.visiting import (
    PATIENCE_MS,
    begin,
    choose,
    database_of,
    item,
    organisation_of,
    photograph,
    photos,
    picture,
    says,
    stands,
    take_along,
    until,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def meant() -> tuple[str, ...]:
    """There is no network for a while, and a photo that was changed on its way is refused."""
    return ("ERR_INTERNET_DISCONNECTED", "422")


@pytest.fixture
def page(opened: Opened) -> Iterator[Page]:
    """An open audit of which everything is sent, on a tablet that then lost its network."""
    made = opened(True)
    take_along(made)
    begin(made)
    says(made, "Everything is sent and confirmed")
    made.context.set_offline(True)
    return made


def run(page: Page, body: str) -> Any:
    """Run `body` with a second store of the same person, and the open audit's row."""
    script = f"""async () => {{
      const from = (name) => import("{modules(page)}/" + name + ".js");
      const [kept, opening] = await Promise.all(["store", "open-visit"].map(from));
      const who = await kept.recallWho();
      const store = await kept.openStore(who.person);
      const [row] = await store.readAll("audits");
      {body}
    }}"""
    return page.evaluate(script)


def test_what_is_entered_while_everything_is_read_anew_is_not_replaced(page: Page) -> None:
    seen = run(
        page,
        """const definition = JSON.parse(document.querySelector("#definition").textContent);
        const visit = new opening.OpenVisit(store, row, definition, who);
        const readAll = store.readAll.bind(store);
        let go;
        const gate = new Promise((resolve) => (go = resolve));
        const reached = new Promise((resolve) => {
          store.readAll = async (...given) => {
            const rows = await readAll(...given);
            if (given[0] !== "cells") return rows;
            resolve();
            await gate;
            return rows;
          };
        });
        const refreshing = visit.refresh();
        await reached;
        store.readAll = readAll;
        await visit.record("gloves_worn", { value: "no" }, "tap");
        go();
        await refreshing;
        return [visit.rawOf("gloves_worn"), visit.given.get("gloves_worn")?.parts];""",
    )

    assert seen == [{"value": "no"}, {"value": "no"}]


def test_nothing_is_said_of_a_response_that_is_still_on_its_way_to_the_disk(page: Page) -> None:
    state = item(page, "gloves_worn").locator(".place [data-state]")
    choose(page, "gloves_worn", "No")
    stands(page, "gloves_worn", "On this tablet")
    run(
        page,
        """const held = new Promise((resolve) => (window.letGo = resolve));
        await new Promise((got) => {
          navigator.locks.request(`hygiene-${who.person}-${row.id}`, () => { got(); return held; });
        });""",
    )

    choose(page, "gloves_worn", "Yes")
    run(
        page,
        """const value = { key: "water_warm", raw: { value: "41" }, change: crypto.randomUUID(),
          parent: null, state: "confirmed", at: new Date().toISOString() };
        const id = `${row.id}:water_warm`;
        await store.write([{ store: "cells", id, audit: row.id, value }]);""",
    )
    expect(item(page, "water_warm").get_by_label("Reading in °C")).to_have_value("41")

    assert state.inner_text() == ""
    expect(item(page, "gloves_worn").locator(".pick.good input")).to_be_checked()
    page.evaluate("window.letGo()")
    stands(page, "gloves_worn", "On this tablet")


def test_a_photo_changed_on_its_way_is_refused_and_sent_again(
    page: Page, served: Served, tmp_path: Path
) -> None:
    changed: list[int] = []

    def change_a_byte(route: Route) -> None:
        body = bytearray(route.request.post_data_buffer or b"")
        if route.request.method != "PATCH" or len(changed) == 2:
            route.continue_()
            return
        changed.append(len(body))
        body[len(body) // 2] ^= 1
        route.continue_(post_data=bytes(body))

    page.route("**/device/evidence/*", change_a_byte)
    photograph(page, "water_warm", picture(tmp_path))
    with page.expect_response(lambda one: one.status == 422):
        page.context.set_offline(False)

    state = photos(page, "water_warm").locator("[data-state]")
    expect(state).to_have_text("Confirmed", timeout=PATIENCE_MS)
    assert len(changed) == 2
    sent = photos(page, "water_warm").get_attribute("data-photo-id")
    scope = organisation_scope(organisation_of(served))
    with database_of(served).database.transaction(scope) as session:
        assert [str(row.id) for row in session.scalars(select(Evidence))] == [sent]


def test_a_photo_changed_each_time_is_never_called_confirmed(
    page: Page, served: Served, tmp_path: Path
) -> None:
    refused: list[int] = []

    def change_a_byte(route: Route) -> None:
        body = bytearray(route.request.post_data_buffer or b"")
        if route.request.method != "PATCH":
            route.continue_()
            return
        body[-1] ^= 1
        route.continue_(post_data=bytes(body))

    page.route("**/device/evidence/*", change_a_byte)
    page.on("response", lambda one: refused.append(1) if one.status == 422 else None)
    photograph(page, "water_warm", picture(tmp_path))
    page.context.set_offline(False)
    says(page, "1 not sent yet: the server does not answer as it should")

    until(lambda: len(refused) >= 2)
    expect(photos(page, "water_warm").locator("[data-state]")).to_have_text("Sending")
    scope = organisation_scope(organisation_of(served))
    with database_of(served).database.transaction(scope) as session:
        assert list(session.scalars(select(Evidence))) == []
