"""Planned audits on both databases: another day, dropped, begun here or on a tablet."""

import json
from datetime import date, timedelta
from uuid import UUID

import pytest

from audit.domain.catalogue import Catalogue
from audit.errors import Conflict, Invalid, NotFound
from audit.services.acting import Member
from audit.services.audits import Plan
from audit.services.batches import Batch, Begin, Change
from audit.services.device import take_changes
from audit.services.planning import begin_planned, drop_plan, move_plan, plan_audit
from audit.services.pulling import take_along
from audit.store.audits import AuditKind, get_audit, list_audits, list_planned
from audit.store.base import new_id
from audit.store.journal import entries
from audit.store.sites import get_site
from tests.factories import NOW, make_person
from tests.services.conftest import Desk

TODAY = NOW.date()
SOON = TODAY + timedelta(days=10)


def plan(desk: Desk, day: str = SOON.isoformat(), code: str = "small-check") -> UUID:
    chosen = Plan(site_id=desk.site_id, checklist_code=code, kind=AuditKind.INSPECTION)
    with desk.scoped() as session:
        made = plan_audit(session, chosen, day, catalogue=desk.catalogue, by=desk.by, now=NOW)
        return made.id


def colleague(desk: Desk) -> Member:
    with desk.scoped() as session:
        person = make_person(session, name="Kim Low")
        return Member(id=person.id, name=person.name)


def acts(desk: Desk, audit_id: UUID) -> list[str]:
    with desk.scoped() as session:
        return [one.act for one in reversed(entries(session)) if one.subject_id == audit_id]


def bring(desk: Desk, audit_id: UUID, *values: str, begin: Begin | None = None) -> list[str]:
    """Bring responses of a tablet whose clock is right; return what became of each."""
    changes = tuple(
        Change(
            id=new_id(),
            key="gloves_worn",
            raw=json.dumps({"value": value}),
            parent=None,
            at=NOW + timedelta(minutes=20),
            via="tap",
        )
        for value in values
    )
    batch = Batch(
        audit_id=audit_id,
        changes=changes,
        author=desk.by,
        by=desk.by,
        may_record=True,
        device="tablet",
        clock=desk.later,
        begin=begin,
    )
    with desk.scoped() as session:
        taken = take_changes(session, batch, shelf=desk.shelf, now=desk.later)
        return [one.status for one in taken.results]


def test_a_plan_fixes_its_checklist_and_waits_for_its_day(desk: Desk) -> None:
    audit_id = plan(desk)

    with desk.scoped() as session:
        audit = get_audit(session, audit_id)
        kept = (audit.state, audit.scheduled_for, audit.started_at, audit.checklist_version)
        assert list_planned(session) == [audit]
    assert kept == ("planned", SOON, None, "1")
    assert acts(desk, audit_id) == ["plan_audit"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Choose the day"),
        ("2027-02-30", "There is no day"),
        ("tomorrow", "year-month-day"),
        ((TODAY - timedelta(days=1)).isoformat(), "That day is over"),
        ("2199-01-01", "more than three years"),
    ],
)
def test_an_impossible_day_is_refused_and_nothing_is_planned(
    desk: Desk, typed: str, words: str
) -> None:
    with pytest.raises(Invalid) as refused:
        plan(desk, typed)

    assert words in refused.value.places["day"]
    with desk.scoped() as session:
        assert list_audits(session) == []


def test_today_is_the_day_at_the_site(desk: Desk) -> None:
    with desk.scoped() as session:
        get_site(session, desk.site_id).zone = "Pacific/Kiritimati"

    there = NOW + timedelta(hours=14)

    if there.date() > TODAY:
        with pytest.raises(Invalid, match="over"):
            plan(desk, TODAY.isoformat())
    assert plan(desk, there.date().isoformat())


def test_nothing_is_planned_at_a_closed_site(desk: Desk) -> None:
    with desk.scoped() as session:
        get_site(session, desk.site_id).active = False

    with pytest.raises(Invalid) as refused:
        plan(desk)

    assert "no longer in use" in refused.value.places["site"]


def test_nothing_is_planned_by_a_checklist_that_is_gone(desk: Desk) -> None:
    with pytest.raises(NotFound, match="no checklist"):
        plan(desk, code="vanished")


def test_a_plan_moves_to_another_day_once(desk: Desk) -> None:
    audit_id = plan(desk)
    later = SOON + timedelta(days=1)

    with desk.scoped() as session:
        for _ in range(2):
            move_plan(session, audit_id, later.isoformat(), by=desk.by, now=NOW)

    with desk.scoped() as session:
        assert get_audit(session, audit_id).scheduled_for == later
    assert acts(desk, audit_id) == ["plan_audit", "move_plan"]


def test_a_dropped_plan_leaves_the_lists_and_cannot_be_begun(desk: Desk) -> None:
    audit_id = plan(desk)

    with desk.scoped() as session:
        drop_plan(session, audit_id, by=desk.by, now=NOW)

    with desk.scoped() as session:
        assert list_audits(session) == list_planned(session) == []
        with pytest.raises(Conflict, match="withdrawn"):
            begin_planned(session, audit_id, catalogue=desk.catalogue, by=desk.by, now=NOW)
    assert acts(desk, audit_id) == ["plan_audit", "drop_plan"]


def test_an_audit_begun_is_neither_moved_nor_dropped(desk: Desk) -> None:
    audit_id = desk.start()

    with desk.scoped() as session:
        with pytest.raises(Conflict, match="in progress"):
            move_plan(session, audit_id, SOON.isoformat(), by=desk.by, now=NOW)
        with pytest.raises(Conflict, match="in progress"):
            drop_plan(session, audit_id, by=desk.by, now=NOW)


def test_whoever_begins_is_the_inspector_at_the_site_as_it_is_by_then(desk: Desk) -> None:
    audit_id, kim = plan(desk), colleague(desk)
    with desk.scoped() as session:
        get_site(session, desk.site_id).services = ["facials"]

    with desk.scoped() as session:
        begin_planned(session, audit_id, catalogue=desk.catalogue, by=kim, now=desk.later)

    with desk.scoped() as session:
        audit = get_audit(session, audit_id)
        kept = (audit.state, audit.started_at, audit.inspector_name, list(audit.services))
        assert audit.scheduled_for == SOON
    assert kept == ("in_progress", desk.later, "Kim Low", ["facials"])
    assert acts(desk, audit_id) == ["plan_audit", "start_audit"]


def test_the_first_response_begins_a_plan(desk: Desk) -> None:
    audit_id = plan(desk)

    desk.record(audit_id, gloves_worn={"value": "yes"})

    with desk.scoped() as session:
        audit = get_audit(session, audit_id)
        assert (audit.state, audit.started_at) == ("in_progress", desk.later)


def test_a_plan_for_a_site_closed_meanwhile_says_so(desk: Desk) -> None:
    audit_id = plan(desk)
    with desk.scoped() as session:
        get_site(session, desk.site_id).active = False

    with desk.scoped() as session, pytest.raises(Conflict, match="drop this plan"):
        begin_planned(session, audit_id, catalogue=desk.catalogue, by=desk.by, now=NOW)


def test_a_plan_whose_checklist_is_gone_says_so(desk: Desk) -> None:
    audit_id = plan(desk)
    nothing = Catalogue(published={}, facts=desk.catalogue.facts)

    with desk.scoped() as session, pytest.raises(Conflict, match="plan it anew"):
        begin_planned(session, audit_id, catalogue=nothing, by=desk.by, now=NOW)


def test_a_tablet_begins_a_plan_at_its_own_time_over_what_it_repeated(desk: Desk) -> None:
    audit_id = plan(desk)
    began = NOW + timedelta(minutes=10)
    subjects = {"rooms": [{"id": "1", "label": "Blue room"}]}

    statuses = bring(desk, audit_id, "yes", begin=Begin(started_at=began, subjects=subjects))

    with desk.scoped() as session:
        audit = get_audit(session, audit_id)
        kept = (audit.state, audit.started_at, audit.claimed_started_at, audit.repeats)
    assert statuses == ["applied"]
    assert kept == ("in_progress", began, began, subjects)


def test_a_beginning_alone_begins_once(desk: Desk) -> None:
    audit_id = plan(desk)
    first, second = (Begin(started_at=NOW + timedelta(minutes=one)) for one in (5, 6))

    bring(desk, audit_id, begin=first)
    bring(desk, audit_id, begin=second)
    bring(desk, audit_id)

    with desk.scoped() as session:
        assert get_audit(session, audit_id).started_at == first.started_at
    assert acts(desk, audit_id).count("start_audit") == 1


def test_nothing_said_begins_nothing(desk: Desk) -> None:
    audit_id = plan(desk)

    bring(desk, audit_id)

    with desk.scoped() as session:
        assert get_audit(session, audit_id).state == "planned"


def test_what_a_tablet_captured_for_a_dropped_plan_is_kept_aside(desk: Desk) -> None:
    audit_id = plan(desk)
    with desk.scoped() as session:
        drop_plan(session, audit_id, by=desk.by, now=NOW)

    assert bring(desk, audit_id, "yes", begin=Begin(started_at=NOW)) == ["locked"]


def test_a_tablet_takes_along_all_it_needs_to_open_a_plan(desk: Desk) -> None:
    audit_id = plan(desk)

    with desk.scoped() as session:
        along = take_along(session, desk.catalogue, lambda *_: "/page")

    (found,) = along["audits"]  # type: ignore[misc]  # it is a list
    assert (found["id"], found["state"]) == (str(audit_id), "planned")
    assert date.fromisoformat(found["scheduled_for"]) == SOON
    assert {"digest", "zone", "services", "person_in_charge", "repeats"} <= set(found)
