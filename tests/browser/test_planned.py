"""A planned audit, taken along and begun on a tablet without a network."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from audit.store.audits import Audit, get_audit
from audit.store.scope import organisation_scope
from tests.browser.serving import Opened, Served
from tests.browser.visiting import (
    audit_id_of,
    choose,
    complete,
    database_of,
    hand_in,
    organisation_of,
    photograph,
    picture,
    respond,
    says,
    stands,
    take_along,
    until,
)

pytestmark = pytest.mark.browser


def plan(page: Page) -> None:
    """Plan an audit for in ten days, on the plain page."""
    page.goto("/audits/new")
    page.locator('[name="checklist"][value="small-check"]').check(force=True)
    expect(page.get_by_label("Which day?")).to_be_hidden()
    page.get_by_text("On a day").click()
    page.get_by_label("Which day?").fill(
        (datetime.now(UTC) + timedelta(days=10)).date().isoformat()
    )
    page.get_by_label("Who is in charge there today?").fill("Lee Park")
    page.get_by_role("button", name="Start or plan").click()
    expect(page.get_by_role("button", name="Begin")).to_be_visible()


def open_plan(page: Page) -> UUID:
    """Open the planned audit from the tablet's start page."""
    rows = page.locator("[data-audits-planned] a")
    expect(rows).to_have_count(1)
    rows.click()
    expect(page.get_by_role("heading", name="Hands and gloves")).to_be_visible()
    return audit_id_of(page.url)


def kept(served: Served, audit_id: UUID) -> Audit:
    scope = organisation_scope(organisation_of(served))
    with database_of(served).database.transaction(scope, writing=False) as reading:
        return get_audit(reading, audit_id)


def test_a_planned_audit_is_begun_without_a_network_and_handed_in(
    opened: Opened, served: Served, tmp_path: Path
) -> None:
    page = opened(True)
    plan(page)
    take_along(page)
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("#planned")).to_contain_text("planned for")
    audit_id = open_plan(page)

    respond(page)
    photograph(page, "water_warm", picture(tmp_path))
    complete(page)
    page.reload()
    expect(page.get_by_role("heading", name="Signed, and kept on this tablet")).to_be_visible()
    assert kept(served, audit_id).state == "planned"
    over = datetime.now(UTC)
    page.context.set_offline(False)
    hand_in(page)

    audit = kept(served, audit_id)
    assert audit.state == "signed"
    assert audit.started_at
    assert audit.completed_at
    assert audit.started_at < audit.completed_at < over
    page.goto("/visit")
    expect(page.locator("#planned")).to_be_hidden()


def test_a_plan_stays_one_until_something_is_entered(opened: Opened, served: Served) -> None:
    page = opened(True)
    plan(page)
    take_along(page)
    audit_id = open_plan(page)
    page.goto("/visit")
    assert open_plan(page) == audit_id
    assert kept(served, audit_id).state == "planned"

    choose(page, "gloves_worn", "Yes")

    stands(page, "gloves_worn", "Confirmed")
    assert kept(served, audit_id).state == "in_progress"


def test_a_photo_begins_a_plan_too(opened: Opened, served: Served, tmp_path: Path) -> None:
    page = opened(True)
    plan(page)
    take_along(page)
    page.context.set_offline(True)
    audit_id = open_plan(page)

    photograph(page, "water_warm", picture(tmp_path))
    page.reload()
    page.context.set_offline(False)

    until(lambda: kept(served, audit_id).state == "in_progress")
    says(page, "Everything is sent and confirmed")
