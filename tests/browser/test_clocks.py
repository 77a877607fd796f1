"""A tablet whose clock jumps by decades in the middle of a visit."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, expect

from audit.store.device import received_of
from audit.store.scope import organisation_scope
from tests.browser.serving import Served
from tests.browser.visiting import (
    PATIENCE_MS,
    audit_id_of,
    begin,
    choose,
    database_of,
    item,
    new_tablet,
    organisation_of,
    sign_in,
    stands,
    take_along,
)

pytestmark = pytest.mark.browser

AHEAD, BEHIND = 2046, 2006


def test_a_clock_that_jumps_back_reorders_nothing_and_both_times_are_kept(
    browser: Browser, served: Served
) -> None:
    page = new_tablet(browser, served.address)
    sign_in(page)
    page.clock.install(time=f"{AHEAD}-03-02T10:30:00Z")
    page.clock.resume()
    take_along(page)
    address = begin(page)
    choose(page, "gloves_worn", "Yes")
    stands(page, "gloves_worn", "Confirmed")

    page.clock.set_system_time(f"{BEHIND}-03-02T10:30:00Z")
    page.context.set_offline(True)
    choose(page, "gloves_worn", "No")
    stands(page, "gloves_worn", "On this tablet")
    page.context.set_offline(False)
    stands(page, "gloves_worn", "Confirmed")
    page.reload()

    expect(item(page, "gloves_worn").locator(".pick.bad input")).to_be_checked(timeout=PATIENCE_MS)
    installed = database_of(served)
    with installed.database.transaction(organisation_scope(organisation_of(served))) as session:
        rows = received_of(session, audit_id_of(address))
        made = [(row.at.year, row.outcome.value) for row in rows]
        received = [row.received_at for row in rows]
    assert made == [(AHEAD, "applied"), (BEHIND, "applied")]
    assert all(before <= after for before, after in pairwise(received))
    assert all(abs((datetime.now(UTC) - one).days) < 2 for one in received)
    page.context.close()
