"""Forms that are pressed twice, or sent after the stay has ended, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from audit.store.people import end_sign_ins, find_person
from audit.store.scope import platform_scope
from audit.web.request import Installation
from tests.browser.serving import EMAIL, PASSWORD, Opened, Served
from tests.factories import NOW

pytestmark = pytest.mark.browser


@pytest.fixture
def meant() -> tuple[str, ...]:
    return ("401",)


def fill_in_a_site(page: Page) -> None:
    page.goto("/sites/new")
    page.get_by_label("Name of the site").fill("North")
    page.get_by_label("Address").fill("1 Hill")
    page.get_by_label("Where is it?").select_option(label="California")


def end_every_stay(served: Served) -> None:
    installed: Installation = served.app.extensions["hygiene_audit"]
    with installed.database.transaction(platform_scope("a test's night")) as session:
        person = find_person(session, EMAIL)
        assert person
        end_sign_ins(session, person.id, NOW)


def test_a_form_pressed_twice_is_sent_once(opened: Opened) -> None:
    page, sent = opened(True), []
    fill_in_a_site(page)
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)

    page.get_by_role("button", name="Save").dblclick()
    expect(page.get_by_role("heading", name="North")).to_be_visible()

    assert len(sent) == 1


@pytest.mark.parametrize("scripts", [True, False])
def test_what_was_written_outlives_the_stay(opened: Opened, served: Served, scripts: bool) -> None:
    page = opened(scripts)
    fill_in_a_site(page)
    end_every_stay(served)

    page.get_by_role("button", name="Save").click()
    with page.expect_popup() as other:
        page.get_by_role("link", name="Sign in in a new tab").click()
    other.value.get_by_label("Email").fill(EMAIL)
    other.value.get_by_label("Password").fill(PASSWORD)
    other.value.get_by_role("button", name="Sign in").click()
    expect(other.value.get_by_role("link", name="Sites").first).to_be_attached()
    page.reload()

    expect(page.get_by_role("heading", name="North")).to_be_visible()
