"""A tablet forgets nothing before the server's journal is proven to hold it."""

import json
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from reports.merkle import Frontier, inclusion, leaf_hash
from tests.browser.serving import PASSWORD, Opened, Served
from tests.browser.visiting import (
    begin,
    complete,
    hand_in,
    respond_without_findings,
    take_along,
)

pytestmark = pytest.mark.browser

AUDIT = "4a31aaa6-f2e8-438e-8d4d-570945b2174a"
SALT = "ab" * 32
PAYLOAD = json.dumps({"details": {"record": "cd" * 32}})
RUN = """async ([address, cases]) => {
  const { isEntered } = await import(address);
  return Promise.all(cases.map(([receipt, audit]) => isEntered(receipt, audit)));
}"""
Proof = dict[str, Any]


def receipt_of(size: int, index: int) -> Proof:
    commit = sha256(bytes.fromhex(SALT) + PAYLOAD.encode()).hexdigest()
    leaves = [
        json.dumps({"index": at, "subject": f"audit/{AUDIT}", "commit": commit})
        for at in range(size)
    ]
    tree = Frontier()
    for leaf in leaves:
        tree = tree.grown(leaf.encode())
    path = inclusion([leaf_hash(one.encode()) for one in leaves], index)
    journal = {
        "entry": index + 1,
        "leaf": leaves[index],
        "salt": SALT,
        "payload": PAYLOAD,
        "path": [one.hex() for one in path],
        "checkpoint": f"log\n{size}\n{b64encode(tree.root).decode()}\n\n- log AA==\n",
    }
    return {"entry": index + 1, "record": "cd" * 32, "journal": journal}


def judged(browser: Browser, served: Served, cases: list[tuple[Proof, str]]) -> list[bool]:
    page = browser.new_context(base_url=served.address).new_page()
    page.goto("/login")
    style = page.locator("link[rel=stylesheet]").first.get_attribute("href") or ""
    address = f"{style.partition('/css/')[0]}/js/entered.js"
    found: list[bool] = page.evaluate(RUN, [address, cases])
    page.context.close()
    return found


def test_every_entry_of_journals_of_any_length_is_believed(
    browser: Browser, served: Served
) -> None:
    cases = [(receipt_of(size, at), AUDIT) for size in range(1, 20) for at in range(size)]

    assert judged(browser, served, cases) == [True] * len(cases)


def test_a_proof_that_fits_nowhere_is_not_believed(browser: Browser, served: Served) -> None:
    spoilt: list[Callable[[Proof], None]] = [
        lambda one: one["journal"].update(path=one["journal"]["path"][:-1]),
        lambda one: one["journal"].update(path=[*one["journal"]["path"], "00" * 32]),
        lambda one: one["journal"].update(path=[]),
        lambda one: one["journal"].update(salt="cd" * 32),
        lambda one: one["journal"].update(payload="{}"),
        lambda one: one["journal"].update(leaf=one["journal"]["leaf"].replace("4a31", "4a32")),
        lambda one: one["journal"].update(
            checkpoint=one["journal"]["checkpoint"].replace("\n7\n", "\n6\n")
        ),
        lambda one: one["journal"].update(checkpoint="log\n7\nAAAA\n\n"),
        lambda one: one.update(record="ef" * 32),
        lambda one: one.update(entry=4),
        lambda one: one.pop("journal"),
    ]
    cases = [(receipt_of(7, 4), "another-audit")]
    for spoil in spoilt:
        receipt = receipt_of(7, 4)
        spoil(receipt)
        cases.append((receipt, AUDIT))

    assert judged(browser, served, cases) == [False] * len(cases)


def test_nothing_is_forgotten_while_the_journal_is_not_proven(opened: Opened) -> None:
    page: Page = opened(True)
    take_along(page)
    page.context.set_offline(True)
    begin(page)
    respond_without_findings(page)
    complete(page)
    page.context.set_offline(False)

    def mislead(route: Route) -> None:
        reply = route.fetch()
        said = reply.json()
        said["journal"]["path"] = said["journal"]["path"][:-1]
        route.fulfill(response=reply, json=said)

    page.route("**/hand-in", mislead)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing is deleted here")

    page.unroute("**/hand-in")
    page.reload()
    hand_in(page)
