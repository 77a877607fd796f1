"""Two tablets on one audit, and one that comes too late."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.serving import PASSWORD
from tests.browser.visiting import (
    PATIENCE_MS,
    choose,
    complete,
    go_to,
    hand_in,
    item,
    look_again,
    photograph,
    photos,
    picture,
    respond_without_findings,
    stands,
)

pytestmark = pytest.mark.browser


def test_a_conflict_is_shown_on_both_until_someone_chooses(tablets: tuple[Page, Page]) -> None:
    first, second = tablets
    for page in tablets:
        page.context.set_offline(True)

    choose(first, "gloves_worn", "Yes")
    stands(first, "gloves_worn", "On this tablet")
    choose(second, "gloves_worn", "No")
    stands(second, "gloves_worn", "On this tablet")
    item(second, "water_warm").get_by_label("Reading in °C").fill("41,5")
    stands(second, "water_warm", "On this tablet")
    first.context.set_offline(False)
    stands(first, "gloves_worn", "Confirmed")
    second.context.set_offline(False)

    choice = item(second, "gloves_worn").get_by_role("group", name="Two responses to this item")
    expect(choice).to_contain_text("Yes", timeout=PATIENCE_MS)
    expect(choice).to_contain_text("No")
    stands(second, "water_warm", "Confirmed")
    look_again(first)
    other = item(first, "gloves_worn").get_by_role("group", name="Two responses to this item")
    expect(other).to_contain_text("Yes", timeout=PATIENCE_MS)
    expect(other).to_contain_text("No")
    expect(item(first, "water_warm").get_by_label("Reading in °C")).to_have_value("41.5")
    choice.get_by_role("button", name="This tablet").click()
    stands(second, "gloves_worn", "Confirmed")
    look_again(first)
    stands(first, "gloves_worn", "Confirmed")
    for page in tablets:
        expect(item(page, "gloves_worn").locator(".pick.bad input")).to_be_checked()


def test_a_response_to_an_audit_completed_elsewhere_is_kept_for_the_manager(
    tablets: tuple[Page, Page],
) -> None:
    first, second = tablets
    second.context.set_offline(True)
    choose(second, "gloves_worn", "No")
    stands(second, "gloves_worn", "On this tablet")
    first.context.set_offline(True)
    respond_without_findings(first)
    complete(first)
    first.context.set_offline(False)
    hand_in(first)

    second.context.set_offline(False)

    expect(item(second, "gloves_worn")).to_contain_text(
        "It is kept for the manager", timeout=PATIENCE_MS
    )
    expect(item(second, "gloves_worn").locator(".pick.bad input")).to_be_checked()
    second.goto("/work")
    expect(second.get_by_role("main")).to_contain_text("Are gloves worn for every extraction?")


def come_late(tablets: tuple[Page, Page], folder: Path) -> Page:
    """Complete the audit on one tablet, then let the other bring a response and a photo."""
    first, second = tablets
    second.context.set_offline(True)
    choose(second, "gloves_worn", "No")
    stands(second, "gloves_worn", "On this tablet")
    photograph(second, "water_warm", picture(folder))
    first.context.set_offline(True)
    respond_without_findings(first)
    complete(first)
    first.context.set_offline(False)
    hand_in(first)
    second.context.set_offline(False)
    stands(second, "gloves_worn", "Set aside")
    expect(photos(second, "water_warm").locator("[data-state]")).to_contain_text(
        "It is kept for the manager", timeout=PATIENCE_MS
    )
    go_to(second, "check")
    expect(second.get_by_role("heading", name="Completed elsewhere")).to_be_visible()
    return second


def test_an_audit_completed_elsewhere_is_put_away_once_all_of_it_is_shown_to_be_kept(
    tablets: tuple[Page, Page], tmp_path: Path
) -> None:
    late = come_late(tablets, tmp_path)
    closing = late.locator("#closing")
    expect(closing).to_contain_text("Set aside for the manager: 1 response and 1 photo from here.")

    closing.get_by_role("button", name="Put it away").click()

    expect(late.get_by_role("heading", name="Received")).to_be_visible()
    late.goto("/visit")
    expect(late.locator("[data-none]")).to_be_visible()
    expect(late.locator("[data-receipts]")).to_contain_text("Received")
    late.goto("/work")
    expect(late.get_by_role("main")).to_contain_text("Are gloves worn for every extraction?")


@pytest.mark.parametrize("lacking", ["cells", "changes", "photos"])
def test_nothing_is_put_away_while_the_server_does_not_show_all_of_it(
    tablets: tuple[Page, Page], tmp_path: Path, lacking: str
) -> None:
    late = come_late(tablets, tmp_path)

    def forgetful(route: Route) -> None:
        said = route.fetch().json()
        route.fulfill(json={**said, lacking: []})

    late.route("**/kept", forgetful)
    late.locator("#closing").get_by_role("button", name="Put it away").click()

    expect(late.get_by_role("alert")).to_contain_text("Nothing is deleted here")
    go_to(late, "1")
    expect(photos(late, "water_warm")).to_have_count(1)
    expect(item(late, "gloves_worn").locator(".pick.bad input")).to_be_checked()


def test_nothing_is_put_away_while_one_word_differs(
    tablets: tuple[Page, Page], tmp_path: Path
) -> None:
    late = come_late(tablets, tmp_path)

    def mishear(route: Route) -> None:
        said = route.fetch().json()
        for one in said["changes"]:
            one["raw"] = {**one["raw"], "comment": "Something else."}
        route.fulfill(json=said)

    late.route("**/kept", mishear)
    late.locator("#closing").get_by_role("button", name="Put it away").click()

    expect(late.get_by_role("alert")).to_contain_text("Nothing is deleted here")
    go_to(late, "1")
    expect(item(late, "gloves_worn").locator(".pick.bad input")).to_be_checked()


def test_signatures_made_too_late_are_put_away_only_as_they_were_drawn(
    tablets: tuple[Page, Page],
) -> None:
    first, second = tablets
    for page in tablets:
        page.context.set_offline(True)
        respond_without_findings(page)
        complete(page)
    first.context.set_offline(False)
    hand_in(first)
    second.context.set_offline(False)
    second.get_by_label("Your password").fill(PASSWORD)
    second.get_by_role("button", name="Hand in").click()
    closing = second.locator("#closing")
    expect(closing).to_contain_text("2 signatures from here", timeout=PATIENCE_MS)

    def redraw(route: Route) -> None:
        said = route.fetch().json()
        for one in said["signatures"]:
            one["strokes"] = [[1, 2, 3, 4]]
        route.fulfill(json=said)

    second.route("**/kept", redraw)
    closing.get_by_role("button", name="Put it away").click()
    expect(second.get_by_role("alert")).to_contain_text("Nothing is deleted here")
    second.unroute("**/kept", redraw)
    closing.get_by_role("button", name="Put it away").click()

    expect(second.get_by_role("heading", name="Received")).to_be_visible()


def test_who_looks_at_what_is_missing_hears_that_someone_else_completed_it(
    tablets: tuple[Page, Page],
) -> None:
    first, second = tablets
    go_to(second, "check")
    expect(second.get_by_role("heading", name="things are still missing")).to_be_visible()
    first.context.set_offline(True)
    respond_without_findings(first)
    complete(first)
    first.context.set_offline(False)
    hand_in(first)

    look_again(second)

    heading = second.get_by_role("heading", name="Completed elsewhere")
    expect(heading).to_be_visible(timeout=PATIENCE_MS)
    expect(second.locator("#closing")).to_contain_text("Everything from here is part of it")


def test_what_is_entered_on_top_of_the_same_response_of_someone_else_follows_theirs(
    tablets: tuple[Page, Page],
) -> None:
    first, second = tablets
    on_their_way: list[Route] = []

    def hold(route: Route) -> None:
        on_their_way.append(route)

    second.route("**/changes", hold, times=1)
    choose(second, "gloves_worn", "Yes")
    stands(second, "gloves_worn", "Sent")
    choose(first, "gloves_worn", "Yes")
    stands(first, "gloves_worn", "Confirmed")
    choose(second, "gloves_worn", "No")
    stands(second, "gloves_worn", "On this tablet")

    [held] = on_their_way
    held.continue_()

    stands(second, "gloves_worn", "Confirmed")
    expect(item(second, "gloves_worn").locator(".pick.bad input")).to_be_checked()
    look_again(first)
    expect(item(first, "gloves_worn").locator(".pick.bad input")).to_be_checked(timeout=PATIENCE_MS)
