"""The end of a visit: what is signed is what was seen, and nothing that was signed is lost."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from audit.domain.lifecycle import AuditState
from audit.store.audits import Audit
from audit.store.evidence import evidence_of
from audit.store.journal import JournalEntry
from audit.store.scope import organisation_scope
from audit.store.signatures import Signature
from tests.browser.serving import PASSWORD, Served
from tests.browser.visiting import (
    PATIENCE_MS,
    audit_id_of,
    choose,
    complete,
    database_of,
    go_to,
    hand_in,
    item,
    look_again,
    organisation_of,
    photograph,
    photos,
    picture,
    respond_without_findings,
    stands,
    until,
)

pytestmark = pytest.mark.browser

SIGNED = "Signed, and kept on this tablet"


@pytest.fixture
def meant() -> tuple[str, ...]:
    return ("ERR_INTERNET_DISCONNECTED", "409")


def states(served: Served) -> list[AuditState]:
    database = database_of(served).database
    with database.transaction(organisation_scope(organisation_of(served))) as session:
        return [audit.state for audit in session.scalars(select(Audit))]


def signed(served: Served) -> set[str]:
    """Return the parts of the signatures that stand under an audit."""
    database = database_of(served).database
    with database.transaction(organisation_scope(organisation_of(served))) as session:
        return {one.part.value for one in session.scalars(select(Signature))}


def answered(page: Page) -> Page:
    """Answer everything, and wait until the server has it."""
    respond_without_findings(page)
    # It was given last.
    stands(page, "water_warm", "Confirmed")
    return page


def hears(page: Page) -> None:
    """Wait until a tablet has what another one entered."""
    look_again(page)
    answered_there = item(page, "gloves_worn").locator(".pick.good input")
    expect(answered_there).to_be_checked(timeout=PATIENCE_MS)


def test_what_nobody_saw_is_not_handed_in_under_their_signatures(
    tablets: tuple[Page, Page], served: Served
) -> None:
    first, second = answered(tablets[0]), tablets[1]
    hears(second)
    first.context.set_offline(True)
    complete(first)
    choose(second, "gloves_worn", "No")
    stands(second, "gloves_worn", "Confirmed")
    first.context.set_offline(False)

    look_again(first)

    changed = first.get_by_role("heading", name="Someone else changed this audit")
    expect(changed).to_be_visible(timeout=PATIENCE_MS)
    expect(first.locator("#closing")).to_contain_text("Are gloves worn for every extraction?")
    assert states(served) == [AuditState.IN_PROGRESS]
    first.get_by_role("button", name="Go back to the responses").click()
    expect(item(first, "gloves_worn").locator(".pick.bad input")).to_be_checked()


def test_what_came_while_handing_in_is_not_handed_in_either(
    tablets: tuple[Page, Page], served: Served
) -> None:
    first, second = answered(tablets[0]), tablets[1]
    hears(second)
    # Nothing comes here any more but what handing in itself brings.
    first.clock.install()
    complete(first)
    choose(second, "gloves_worn", "No")
    stands(second, "gloves_worn", "Confirmed")

    first.get_by_label("Your password").fill(PASSWORD)
    first.get_by_role("button", name="Hand in").click()

    changed = first.get_by_role("heading", name="Someone else changed this audit")
    expect(changed).to_be_visible(timeout=PATIENCE_MS)
    assert states(served) == [AuditState.IN_PROGRESS]


def test_another_tab_that_stands_behind_does_not_wipe_out_signatures(
    tablets: tuple[Page, Page],
) -> None:
    first = answered(tablets[0])
    go_to(first, "check")
    expect(first.get_by_role("button", name="Complete the audit")).to_be_visible()
    other = first.context.new_page()
    other.goto(first.url)

    complete(other)

    expect(first.get_by_role("heading", name=SIGNED)).to_be_visible()
    expect(first.get_by_role("button", name="Complete the audit")).to_have_count(0)
    hand_in(first)
    expect(other.get_by_role("heading", name="Received")).to_be_visible(timeout=PATIENCE_MS)


def test_who_presses_before_a_tab_has_heard_writes_over_nothing(
    tablets: tuple[Page, Page],
) -> None:
    first = answered(tablets[0])
    go_to(first, "check")
    button = first.get_by_role("button", name="Complete the audit")
    expect(button).to_be_visible()
    # A tab that sleeps hears of nothing.
    deaf = "BroadcastChannel.prototype.postMessage = () => {}"
    other = first.context.new_page()
    other.add_init_script(deaf)
    other.goto(first.url)
    complete(other)

    button.click()

    expect(first.get_by_role("alert")).to_contain_text("on another page meanwhile")
    expect(first.get_by_role("heading", name=SIGNED)).to_be_visible()


def test_signatures_that_a_reopened_audit_discards_stay_on_record(
    tablets: tuple[Page, Page], served: Served
) -> None:
    first = answered(tablets[0])
    complete(first)

    first.get_by_text("Go back to the responses").click()
    first.get_by_role("button", name="Go back, and sign anew").click()
    complete(first)
    hand_in(first)

    database = database_of(served).database
    with database.transaction(organisation_scope(organisation_of(served))) as session:
        acts = select(JournalEntry).where(JournalEntry.act == "hand_in")
        [told] = session.scalars(acts).one().details["discarded"]
    said = {one["part"]: one["refused"] for one in told["signatures"]}
    assert said == {"inspector": False, "person_in_charge": True}


def test_signatures_under_what_was_completed_on_a_page_count(
    tablets: tuple[Page, Page], served: Served
) -> None:
    first, second = answered(tablets[0]), tablets[1]
    first.context.set_offline(True)
    complete(first)
    second.goto(f"/audits/{audit_id_of(first.url)}/check?plain=1")
    second.get_by_role("button", name="Complete the audit").click()
    until(lambda: states(served) == [AuditState.COMPLETED])

    first.context.set_offline(False)
    hand_in(first)

    assert states(served) == [AuditState.SIGNED]
    assert signed(served) == {"inspector", "person_in_charge"}


def test_signatures_that_are_kept_aside_are_not_called_received(
    tablets: tuple[Page, Page],
) -> None:
    first, second = answered(tablets[0]), tablets[1]
    hears(second)
    for page in tablets:
        page.context.set_offline(True)
        complete(page)
    first.context.set_offline(False)
    hand_in(first)

    second.context.set_offline(False)
    second.get_by_label("Your password").fill(PASSWORD)
    second.get_by_role("button", name="Hand in").click()

    elsewhere = second.get_by_role("heading", name="Completed elsewhere")
    expect(elsewhere).to_be_visible(timeout=PATIENCE_MS)
    expect(second.locator("#closing")).to_contain_text("2 signatures from here")


def test_a_photo_taken_away_while_others_are_sent_does_not_come_back(
    tablets: tuple[Page, Page], served: Served, tmp_path: Path
) -> None:
    first, path = tablets[0], picture(tmp_path)
    first.context.set_offline(True)
    photograph(first, "gloves_worn", path)
    photograph(first, "water_warm", path)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    first.route("**/device/evidence/*", hold, times=1)
    first.context.set_offline(False)
    until(lambda: first.wait_for_timeout(50) or held)

    photos(first, "water_warm").locator("[data-act=remove]").click()
    expect(photos(first, "water_warm")).to_have_count(0)
    held[0].continue_()

    expect(photos(first, "gloves_worn")).to_contain_text("Confirmed", timeout=PATIENCE_MS)
    expect(photos(first, "water_warm")).to_have_count(0)
    database = database_of(served).database
    with database.transaction(organisation_scope(organisation_of(served))) as session:
        kept = [one.key for one in evidence_of(session, audit_id_of(first.url))]
    assert kept == ["gloves_worn"]
