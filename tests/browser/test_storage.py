"""What a tablet keeps: through kills, sleeping databases, two tabs, strangers and lost replies."""

import os
import re
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, expect

from tests.browser.serving import EMAIL, PASSWORD, Opened, Served

pytestmark = pytest.mark.browser

PERSON = "00000000-0000-4000-8000-000000000001"
_KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
_WHO = {"person": PERSON, "name": "Ada", "organisation": "o", "key": _KEY}
_PATIENCE_S = 20


def modules(page: Page) -> str:
    """Return the folder of this build's scripts."""
    source = page.locator("script[type=module]").first.get_attribute("src")
    assert source is not None
    return source.rpartition("/")[0]


def run(page: Page, body: str, given: object = None) -> Any:
    """Run `body` with the tablet's modules at hand."""
    script = f"""async (given) => {{
      const from = (name) => import("{modules(page)}/" + name + ".js");
      const [kept, outbox, inbox] = await Promise.all(["store", "outbox", "inbox"].map(from));
      {body}
    }}"""
    return page.evaluate(script, given)


def ada(page: Page, body: str, given: object = None) -> Any:
    """Run `body` with the store of somebody whom the server never heard of."""
    opened = f'await kept.openStore("{PERSON}")'
    return run(page, f"const store = {opened};\n{body}", given)


def until(look: Callable[[], bool]) -> None:
    """Look until it holds; pages with our policy cannot be polled from inside."""
    end = time.monotonic() + _PATIENCE_S
    while not look():
        assert time.monotonic() < end, "it never came to hold"
        time.sleep(0.05)


@pytest.fixture
def meant() -> tuple[str, ...]:
    """Requests are cut here, and one is sent with a token that ran out."""
    return ("422", "ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "status of 400")


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    """A page of ours on which nobody is signed in and nothing is sent."""
    context = browser.new_context(base_url=served.address)
    page = context.new_page()
    page.goto("/login")
    run(page, "await kept.rememberWho(given)", _WHO)
    yield page
    context.close()


def test_what_was_written_is_read_again_in_its_order(page: Page) -> None:
    ada(
        page,
        """const put = (value) =>
          store.write([{ store: "cells", id: value.id, audit: "one", value }]);
        for (const id of ["z", "a", "m"]) await put({ id });
        await put({ id: "z", anew: true });""",
    )

    values = ada(page, 'return store.readAll("cells", "one")')

    assert values == [{"id": "z", "anew": True}, {"id": "a"}, {"id": "m"}]


def test_what_lies_on_the_disk_tells_nothing(page: Page) -> None:
    ada(page, 'await outbox.record(store, "one", "gloves", { value: "secret words" }, "tap")')

    rows = ada(
        page,
        """const rows = [...await store.sealedRows("cells"), ...await store.sealedRows("outbox")];
        return rows.map((row) => new TextDecoder().decode(row.sealed) + JSON.stringify(row));""",
    )

    assert len(rows) == 2
    assert not any("secret" in row or "gloves" in row.partition("{")[0] for row in rows)


def test_signing_out_seals_unsent_work_until_its_author_is_back(page: Page) -> None:
    ada(page, 'await outbox.record(store, "one", "gloves", { value: "yes" }, "tap")')

    run(page, "await kept.forgetKey()")

    assert run(page, "return kept.recallWho()") is None
    assert ada(page, 'return store.count("outbox")') == 1
    with pytest.raises(Error):
        ada(page, 'return store.readAll("outbox")')
    run(page, "await kept.rememberWho(given)", _WHO)
    assert ada(page, 'return (await store.readAll("outbox"))[0].raw') == {"value": "yes"}


def test_an_unsent_change_is_replaced_and_a_sent_one_becomes_the_parent(page: Page) -> None:
    seen = ada(
        page,
        """const give = (value) => outbox.record(store, "one", "gloves", { value }, "tap");
        const first = await give("yes");
        const second = await give("no");
        const sent = await store.read("outbox", second.change);
        const raised = { ...sent, sent: 1 };
        await store.write([{ store: "outbox", id: sent.id, audit: "one", value: raised }]);
        const third = await give("partly");
        const same = await give("partly");
        return { first, second, third, same, waiting: await store.readAll("outbox") };""",
    )

    assert seen["second"]["change"] == seen["first"]["change"]
    assert seen["third"]["parent"] == seen["second"]["change"]
    assert seen["same"]["change"] == seen["third"]["change"]
    assert [one["raw"]["value"] for one in seen["waiting"]] == ["no", "partly"]
    assert [one["parent"] for one in seen["waiting"]] == [None, seen["first"]["change"]]


@pytest.mark.parametrize(
    ("said", "state", "waits"),
    [
        ({"status": "applied"}, "confirmed", 0),
        ({"status": "duplicate", "first": "refused", "words": "no"}, "refused", 0),
        ({"status": "conflict", "kept": {"change": "c", "raw": None}}, "conflict", 0),
        ({"status": "locked"}, "locked", 0),
        ({"status": "id_reused"}, "here", 1),
        ({"status": "unheard of"}, "here", 1),
        ({"status": "duplicate"}, "here", 1),
    ],
)
def test_only_what_is_understood_ends_the_waiting_of_a_change(
    page: Page, said: dict[str, object], state: str, waits: int
) -> None:
    seen = ada(
        page,
        """const cell = await outbox.record(store, "one", "gloves", { value: "yes" }, "tap");
        await inbox.heedResults(store, "one", [{ id: cell.change, ...given }]);
        const after = await store.read("cells", "one:gloves");
        return { state: after.state, waits: await store.count("outbox") };""",
        said,
    )

    assert seen == {"state": state, "waits": waits}


def test_a_change_whose_id_was_taken_gets_a_new_one(page: Page) -> None:
    seen = ada(
        page,
        """const cell = await outbox.record(store, "one", "gloves", { value: "yes" }, "tap");
        await inbox.heedResults(store, "one", [{ id: cell.change, status: "id_reused" }]);
        const [waiting] = await store.readAll("outbox");
        const { change } = await store.read("cells", "one:gloves");
        return { before: cell.change, change, waiting };""",
    )

    assert seen["before"] != seen["change"] == seen["waiting"]["id"]
    assert seen["waiting"]["sent"] == 0


def test_a_value_of_the_server_never_replaces_an_unsent_one(page: Page) -> None:
    kept = ada(
        page,
        """await outbox.record(store, "one", "gloves", { value: "yes" }, "tap");
        const theirs = { change: "t", raw: { value: "no" }, by: "Bo", at: "2026-11-22T08:00:00Z" };
        const cells = [{ key: "gloves", ...theirs }, { key: "sink", ...theirs }];
        const audit = { id: "one", revision: 2, state: "in_progress" };
        await inbox.heedServer(store, { ...audit, cells, photos: [], conflicts: [] });
        const found = await outbox.cellsOf(store, "one");
        return [found.get("gloves").raw.value, found.get("sink").raw.value];""",
    )

    assert kept == ["yes", "no"]


def test_a_database_that_the_browser_closed_is_opened_again(page: Page) -> None:
    value = ada(
        page,
        """await store.write([{ store: "cells", id: "a", value: 1 }]);
        const { transaction } = IDBDatabase.prototype;
        let dead = true;
        IDBDatabase.prototype.transaction = function (...names) {
          if (dead) { dead = false; this.close(); }
          return transaction.apply(this, names);
        };
        await store.write([{ store: "cells", id: "a", value: 2 }]);
        IDBDatabase.prototype.transaction = transaction;
        return store.read("cells", "a");""",
    )

    assert value == 2


def test_a_write_that_fails_says_so_and_the_next_one_works(page: Page) -> None:
    seen = ada(
        page,
        """const { put } = IDBObjectStore.prototype;
        const one = (id) => store.write([{ store: "cells", id, value: id }]);
        const said = [];
        for (const name of ["QuotaExceededError", "UnknownError"]) {
          IDBObjectStore.prototype.put = () => { throw new DOMException("full", name); };
          said.push(await one("a").catch((error) => error.constructor.name));
        }
        IDBObjectStore.prototype.put = put;
        await one("b");
        return { said, kept: await store.readAll("cells") };""",
    )

    assert seen == {"said": ["NotSaved", "NotSaved"], "kept": ["b"]}


def test_another_tab_hears_what_was_written(page: Page) -> None:
    other = page.context.new_page()
    other.goto("/login")
    ada(other, "window.heard = []; store.onChange((told) => window.heard.push(...told));")

    ada(page, 'await outbox.record(store, "one", "gloves", { value: "yes" }, "tap")')

    until(lambda: len(other.evaluate("window.heard")) == 2)


def test_two_tabs_that_answer_at_once_make_one_line_of_changes(page: Page) -> None:
    other = page.context.new_page()
    other.goto("/login")
    give = """window.done = Promise.all(given.map((value) =>
      outbox.record(store, "one", "gloves", { value }, "tap")));"""

    ada(page, give, ["1", "2", "3"])
    ada(other, give, ["4", "5", "6"])
    page.evaluate("window.done.then(() => true)")
    other.evaluate("window.done.then(() => true)")

    waiting = ada(page, 'return store.readAll("outbox")')
    cell = ada(page, 'return store.read("cells", "one:gloves")')
    assert [(one["id"], one["raw"]) for one in waiting] == [(cell["change"], cell["raw"])]


def start_visit(page: Page) -> str:
    """Start an audit on the tablet's start page; return its address."""
    page.goto("/visit")
    expect(page.get_by_label("Which site?")).to_be_visible()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("heading", name="Hands and gloves")).to_be_visible()
    return page.url


def choose(page: Page, words: str) -> None:
    picks = page.locator('[id="gloves_worn"] .pick')
    picks.filter(has_text=re.compile(rf"^\s*{words}\s*$")).click()


def stands(page: Page, words: str) -> None:
    state = page.locator('[id="gloves_worn"] .place [data-state]')
    expect(state).to_have_text(words, timeout=_PATIENCE_S * 1000)


@pytest.fixture
def visit(opened: Opened) -> Page:
    page = opened(True)
    start_visit(page)
    choose(page, "No")
    stands(page, "Confirmed")
    return page


def status(page: Page, words: str) -> None:
    expect(page.locator("#status")).to_contain_text(words, timeout=_PATIENCE_S * 1000)


def test_a_hotels_sign_in_page_counts_as_no_connection(visit: Page) -> None:
    def hotel(route: Route) -> None:
        route.fulfill(status=200, content_type="text/html", body="<h1>Welcome</h1>")

    visit.route("**/device/**", hotel)
    choose(visit, "Yes")
    status(visit, "1 not sent yet: no connection")
    stands(visit, "On this tablet")

    visit.unroute("**/device/**")
    visit.get_by_role("button", name="Try now").click()

    stands(visit, "Confirmed")


def test_an_ended_session_asks_to_sign_in_and_loses_nothing(visit: Page) -> None:
    cookies = visit.context.cookies()
    visit.context.clear_cookies()

    choose(visit, "Yes")

    status(visit, "1 not sent yet: please sign in")
    stands(visit, "On this tablet")
    expect(visit.get_by_role("button", name="Sign in")).to_be_visible()
    visit.context.add_cookies(cookies)
    visit.evaluate("window.dispatchEvent(new Event('online'))")
    stands(visit, "Confirmed")


def test_nothing_is_sent_while_someone_else_is_signed_in(visit: Page) -> None:
    def someone_else(route: Route) -> None:
        reply = route.fetch()
        session = reply.json()
        session["user"]["id"] = PERSON
        route.fulfill(response=reply, json=session)

    sent: list[str] = []
    visit.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    visit.route("**/device/session", someone_else)

    choose(visit, "Yes")

    status(visit, "someone else is signed in")
    assert sent == []


def test_a_token_that_ran_out_is_fetched_once_more(visit: Page) -> None:
    asked: list[int] = []

    def stale(route: Route) -> None:
        asked.append(1)
        reply = route.fetch()
        session = reply.json()
        if len(asked) == 1:
            session["csrf"] = "stale"
        route.fulfill(response=reply, json=session)

    visit.route("**/device/session", stale)

    with visit.expect_response(lambda one: one.url.endswith("/changes") and one.status == 400):
        choose(visit, "Yes")

    stands(visit, "Confirmed")
    assert len(asked) == 2


def test_a_reply_lost_after_the_server_took_it_in_doubles_nothing(visit: Page) -> None:
    lost: list[int] = []

    def lose(route: Route) -> None:
        reply = route.fetch()
        if lost:
            route.fulfill(response=reply)
            return
        lost.append(reply.status)
        route.abort()

    visit.route("**/changes", lose)
    choose(visit, "Yes")
    status(visit, "1 not sent yet: no connection")
    stands(visit, "Sent")
    choose(visit, "Not observed")

    visit.get_by_role("button", name="Try now").click()

    stands(visit, "Confirmed")
    assert lost == [200]
    chosen = visit.locator('[id="gloves_worn"] .pick input:checked')
    expect(chosen).to_have_count(1)
    status(visit, "Everything is sent and confirmed.")


def test_signing_out_leaves_no_page_and_names_what_waits(visit: Page) -> None:
    visit.route("**/changes", lambda route: route.abort())
    choose(visit, "Yes")
    status(visit, "1 not sent yet")

    visit.goto("/")
    visit.locator("details.menu summary").click()
    visit.get_by_role("button", name="Sign out").click()
    expect(visit.get_by_label("Password")).to_be_visible()

    assert run(visit, "return kept.recallWho()") is None
    visit.goto("/visit")
    expect(visit.locator("[data-left]")).to_contain_text("1 response not sent")
    with visit.expect_download() as saved:
        visit.get_by_role("button", name="Save a rescue file").click()
    written = Path(saved.value.path()).read_bytes()
    assert written.startswith(b'{"format":"hygiene-audit-rescue"')
    assert b"gloves_worn" not in written


@pytest.mark.parametrize("attempt", range(3))
def test_what_was_called_saved_is_there_after_a_kill(
    browser: Browser, served: Served, tmp_path: Path, attempt: int
) -> None:
    profile = tmp_path / f"profile-{attempt}"
    chromium = browser.browser_type

    def switch_on() -> BrowserContext:
        program = os.environ.get("CHROMIUM") or shutil.which("chromium")
        return chromium.launch_persistent_context(
            str(profile), executable_path=program, args=["--no-sandbox"], base_url=served.address
        )

    context = switch_on()
    page = context.pages[0]
    page.goto("/login")
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    address = start_visit(page)
    kept_offline(page)
    context.set_offline(True)
    choose(page, ("Yes", "No", "Not observed")[attempt])
    stands(page, "On this tablet")
    chosen = chosen_value(page)

    kill(profile)
    with suppress(Error):
        context.close()
    context = switch_on()
    context.set_offline(True)
    page = context.pages[0]
    page.goto(address)

    stands(page, "On this tablet")
    assert chosen_value(page) == chosen
    context.close()


def chosen_value(page: Page) -> str:
    chosen: str = page.locator('[id="gloves_worn"] .pick input:checked').input_value()
    return chosen


def kept_offline(page: Page) -> None:
    """Wait until the worker keeps the page that is open."""
    kept = "async () => Boolean(await caches.match(location.pathname))"
    until(lambda: bool(page.evaluate(kept)))


def kill(profile: Path) -> None:
    """End every process of the browser on `profile`, and no other."""
    for folder in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            if str(profile).encode() in (folder / "cmdline").read_bytes():
                os.kill(int(folder.name), signal.SIGKILL)


def test_a_photo_taken_while_the_rest_is_proven_stays_when_that_is_forgotten(page: Page) -> None:
    found = ada(
        page,
        """const { forget, heldOf } = await import(given + "/forgetting.js");
        const photo = () => ({ bytes: new Uint8Array([1, 2]).buffer, digest: "d", width: 1,
          height: 1, takenAt: "2026-11-22T08:00:00Z", thumbnail: new Uint8Array([3]).buffer });
        await store.write([{ store: "audits", id: "a", value: { id: "a", state: "completed" } }]);
        await outbox.addPhoto(store, "a", "sink", photo());
        const held = await heldOf(store, "a");
        const later = await outbox.addPhoto(store, "a", "sink", photo());
        await forget(store, "a", { number: 7 }, held);
        const left = (await outbox.photosOf(store, "a")).map(({ id }) => id);
        const bytes = await outbox.bytesOf(store, later.id);
        const { number } = await store.read("audits", "a");
        const only = left.length === 1 && left[0] === later.id;
        return { only, size: bytes.byteLength, number };""",
        modules(page),
    )

    assert found == {"only": True, "size": 2, "number": 7}
