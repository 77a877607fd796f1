import re

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.serving import Opened

pytestmark = pytest.mark.browser

CONFIRMED = "Confirmed"


def item(page: Page, key: str) -> Locator:
    return page.locator(f'[id="{key}"]')


def choose(page: Page, key: str, words: str) -> None:
    item(page, key).locator(".pick", has_text=re.compile(f"^\\s*{words}\\s*$")).click()


def state(page: Page, key: str) -> Locator:
    return item(page, key).locator(".place [data-state]")


def begin(page: Page) -> str:
    """Start an audit on the tablet's own page; return its address."""
    page.goto("/visit")
    expect(page.get_by_label("Which site?")).to_be_visible()
    page.get_by_label("Who is in charge there today?").fill("Lee Park")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("heading", name="Hands and gloves")).to_be_visible()
    return page.url


def go_to(page: Page, section: str) -> None:
    page.get_by_label("Section", exact=True).select_option(section)


def name_room(page: Page, words: str) -> None:
    field = page.get_by_label("Name one of the rooms")
    field.fill(words)
    field.press("Enter")
    expect(page.locator("[data-named] [data-name]", has_text=words)).to_be_visible()


@pytest.fixture
def page(opened: Opened) -> Page:
    return opened(True)


@pytest.fixture
def context(page: Page) -> BrowserContext:
    return page.context


def test_a_response_says_how_it_is_kept(page: Page) -> None:
    begin(page)

    choose(page, "gloves_worn", "Yes")

    expect(state(page, "gloves_worn")).to_have_text(CONFIRMED, timeout=15_000)
    expect(page.locator("[data-progress]")).to_have_text("1 of 3 answered")


def test_what_was_entered_without_a_network_stands_after_a_reload(
    page: Page, context: BrowserContext
) -> None:
    address = begin(page)
    context.set_offline(True)

    choose(page, "gloves_worn", "No")
    item(page, "gloves_worn").get_by_label("Comment").fill("None at hand.")
    expect(state(page, "gloves_worn")).to_have_text("On this tablet")
    page.wait_for_timeout(600)
    page.reload()

    expect(page).to_have_url(address)
    expect(item(page, "gloves_worn").get_by_label("Comment")).to_have_value("None at hand.")
    context.set_offline(False)
    expect(state(page, "gloves_worn")).to_have_text(CONFIRMED, timeout=15_000)


def test_rooms_named_without_a_network_are_asked_about_each(
    page: Page, context: BrowserContext
) -> None:
    begin(page)
    context.set_offline(True)
    go_to(page, "2")

    name_room(page, "Blue room")
    name_room(page, "Red room")

    headings = page.locator(".subject")
    expect(headings).to_have_text(["Blue room", "Red room"])
    page.locator(".of-subject").nth(1).locator(".pick.bad").click()
    expect(page.locator(".of-subject").nth(1).locator("[data-state]").first).to_have_text(
        "On this tablet"
    )
    page.reload()
    expect(headings).to_have_text(["Blue room", "Red room"])
    expect(page.locator(".of-subject").nth(1).locator(".pick.bad input")).to_be_checked()


def test_names_entered_in_quick_succession_are_all_kept(page: Page) -> None:
    begin(page)
    go_to(page, "2")
    field = page.get_by_label("Name one of the rooms")

    for name in ("Blue room", "Red room", "Green room"):
        field.fill(name)
        field.press("Enter")

    expect(page.locator(".subject")).to_have_text(["Blue room", "Red room", "Green room"])
    expect(field).to_have_value("")


def test_a_name_that_stands_there_already_comes_back_with_a_word(page: Page) -> None:
    begin(page)
    go_to(page, "2")
    name_room(page, "Blue room")
    field = page.get_by_label("Name one of the rooms")

    field.fill("Blue room")
    field.press("Enter")

    expect(page.get_by_text("This one is named already.")).to_be_visible()
    expect(field).to_have_value("Blue room")


def test_a_room_with_responses_is_not_left_out(page: Page) -> None:
    begin(page)
    go_to(page, "2")
    name_room(page, "Blue room")
    page.locator(".of-subject .pick.good").click()
    expect(page.locator(".of-subject [data-state]").first).not_to_be_empty()

    page.get_by_role("button", name="Leave out Blue room").click()

    expect(page.get_by_text("This one has responses already.")).to_be_visible()
    expect(page.locator(".subject")).to_have_text(["Blue room"])


def test_a_room_left_out_comes_back_with_undo(page: Page) -> None:
    begin(page)
    go_to(page, "2")
    name_room(page, "Blue room")

    page.get_by_role("button", name="Leave out Blue room").click()
    expect(page.locator(".subject")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()

    expect(page.locator(".subject")).to_have_text(["Blue room"])


def test_a_failing_response_shows_its_finding_and_says_it(page: Page) -> None:
    begin(page)

    choose(page, "gloves_worn", "No")

    finding = item(page, "gloves_worn").locator(".finding")
    expect(finding).to_contain_text("Critical finding. Stop until gloves are worn.")
    expect(page.locator("#said")).to_have_text("Critical finding. Stop until gloves are worn.")
    expect(item(page, "gloves_worn").get_by_label("Comment")).to_be_visible()


def test_a_reading_out_of_its_limit_is_a_finding_as_it_is_typed(page: Page) -> None:
    begin(page)

    item(page, "water_warm").get_by_label("Reading in °C").press_sequentially("31,5")

    expect(item(page, "water_warm").locator(".finding")).to_contain_text("Major finding.")


def test_what_cannot_be_read_is_said_at_its_item_and_stays(page: Page) -> None:
    begin(page)

    item(page, "water_warm").get_by_label("Reading in °C").fill("warm")

    expect(item(page, "water_warm").locator(".error")).to_contain_text("Write a number in °C")
    page.reload()
    expect(item(page, "water_warm").get_by_label("Reading in °C")).to_have_value("warm")


def test_clearing_a_response_can_be_taken_back(page: Page) -> None:
    begin(page)
    choose(page, "gloves_worn", "Yes")
    clear = page.get_by_role("button", name="Clear this response to item 1.1")

    clear.click()
    expect(item(page, "gloves_worn").locator(":checked")).to_have_count(0)
    expect(clear).to_be_hidden()
    page.get_by_role("button", name="Undo").click()

    expect(item(page, "gloves_worn").locator(".pick.good input")).to_be_checked()


def test_taps_are_counted_and_the_last_one_taken_back(page: Page) -> None:
    begin(page)
    tally = item(page, "glove_changes")

    tally.get_by_role("button", name="One more: Done").click(click_count=3)
    tally.get_by_role("button", name="Undo the last tap").click()

    expect(tally.get_by_label("Done", exact=True)).to_have_value("2")


def test_all_remaining_are_met_leaves_critical_items_open(page: Page) -> None:
    begin(page)
    go_to(page, "2")
    for words in ("Blue room", "Red room", "Green room"):
        name_room(page, words)

    page.get_by_role("button", name="All 3 remaining are met").click()
    expect(page.locator(".of-subject .pick.good input:checked")).to_have_count(3)
    page.get_by_role("button", name="Undo").click()

    expect(page.locator(".of-subject .pick.good input:checked")).to_have_count(0)
    go_to(page, "1")
    expect(page.get_by_role("button", name="remaining are met")).to_be_hidden()


def test_a_full_tablet_says_not_saved_until_it_is(page: Page) -> None:
    begin(page)
    page.evaluate("void (window.put = IDBObjectStore.prototype.put)")
    full = "throw new DOMException('full', 'QuotaExceededError')"
    page.evaluate(f"void (IDBObjectStore.prototype.put = () => {{ {full} }})")

    choose(page, "gloves_worn", "Yes")

    expect(state(page, "gloves_worn")).to_have_text("NOT SAVED")
    expect(item(page, "gloves_worn").get_by_role("alert")).to_contain_text("NOT SAVED.")
    page.evaluate("void (IDBObjectStore.prototype.put = window.put)")
    item(page, "gloves_worn").get_by_role("button", name="Try again").click()
    expect(state(page, "gloves_worn")).not_to_have_text("NOT SAVED")
    expect(item(page, "gloves_worn").locator(".pick.good input")).to_be_checked()


def test_next_open_goes_through_what_is_missing(page: Page) -> None:
    begin(page)
    choose(page, "gloves_worn", "Yes")
    onward = page.get_by_role("button", name="Next open")

    onward.click()
    expect(item(page, "water_warm").get_by_label("Reading in °C")).to_be_focused()
    onward.click()
    expect(item(page, "glove_changes").get_by_label("Done", exact=True)).to_be_focused()
    onward.click()

    expect(page.get_by_label("Name one of the rooms")).to_be_focused()


def test_the_way_back_leads_to_the_section_before(page: Page) -> None:
    begin(page)

    page.get_by_role("button", name="Rooms", exact=True).click()
    expect(page.get_by_role("heading", name="Rooms", exact=True)).to_be_visible()
    page.go_back()

    expect(page.get_by_role("heading", name="Hands and gloves")).to_be_visible()
    expect(page.get_by_label("Section", exact=True)).to_have_value("1")


def test_two_tablets_show_both_responses_for_a_choice(page: Page, opened: Opened) -> None:
    address = begin(page)
    choose(page, "gloves_worn", "Yes")
    expect(state(page, "gloves_worn")).to_have_text(CONFIRMED, timeout=15_000)
    other = opened(True)
    other.goto(address)
    expect(item(other, "gloves_worn").locator(".pick.good input")).to_be_checked()
    page.context.set_offline(True)
    choose(page, "gloves_worn", "Not observed")
    expect(state(page, "gloves_worn")).to_have_text("On this tablet")

    choose(other, "gloves_worn", "No")
    expect(state(other, "gloves_worn")).to_have_text(CONFIRMED, timeout=15_000)
    page.context.set_offline(False)

    conflict = item(page, "gloves_worn").get_by_role("group", name="Two responses to this item")
    expect(conflict).to_contain_text("Not observed", timeout=15_000)
    conflict.get_by_role("button", name="Ines Ray").click()
    expect(state(page, "gloves_worn")).to_have_text(CONFIRMED, timeout=15_000)
    expect(item(page, "gloves_worn").locator(".pick.bad input")).to_be_checked()


@pytest.mark.parametrize("width", [320, 390, 820, 1180, 1440])
def test_nothing_stands_out_sideways(page: Page, width: int) -> None:
    address = begin(page)
    page.set_viewport_size({"width": width, "height": 844})

    wide = []
    for place in (address, "/visit"):
        page.goto(place)
        page.wait_for_timeout(300)
        wide.append(page.evaluate("document.documentElement.scrollWidth"))

    assert wide == [width, width]


def test_a_browser_that_cannot_keep_data_says_what_to_do(page: Page) -> None:
    page.add_init_script(
        "indexedDB.open = () => { throw new DOMException('no', 'SecurityError'); }"
    )

    page.goto("/visit")

    expect(page.get_by_role("alert")).to_contain_text("This browser cannot keep an audit.")
    expect(page.get_by_role("link", name="Fill in audits page by page")).to_be_visible()
    assert [one["name"] for one in page.context.cookies() if one["name"] == "tablet"] == []


def test_what_appears_above_does_not_move_what_is_pressed(page: Page) -> None:
    begin(page)
    item(page, "water_warm").get_by_label("Reading in °C").fill("31,5")
    more = item(page, "glove_changes").get_by_role("button", name="One more: Done")
    # Away from the edges: a press where a bar lies over the button would scroll the page by itself.
    more.evaluate("button => button.scrollIntoView({ block: 'center', behavior: 'instant' })")
    # Where it is as it is pressed: until then it may move with what its reader wrote.
    more.evaluate(
        "button => addEventListener('pointerdown', () => {"
        " button.dataset.pressed = button.getBoundingClientRect().top }, { capture: true })"
    )

    more.click()
    expect(state(page, "water_warm")).to_have_text("On this tablet")
    expect(item(page, "water_warm").locator("[data-trouble]")).to_contain_text("finding")

    after = more.bounding_box()
    assert after
    assert abs(after["y"] - float(more.get_attribute("data-pressed") or "nan")) < 2
