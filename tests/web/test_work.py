"""People decide about work from tablets: two responses to one item, and what did not count."""

import re
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask

from audit.store.audits import changes_of
from audit.store.database import Database
from audit.store.device import received_of
from audit.store.journal import entries
from audit.store.people import Role
from audit.store.scope import organisation_scope
from tests.factories import NOW
from tests.web.conftest import House, SignedIn, Visitor
from tests.web.small_visit import answer, complete, offer_small_library, photo, start
from tests.web.tablet import NOTHING, Tablet, change
from tests.web.test_rescue import rescue_file

GIVE = Callable[[Role], Tablet]
PHOTO = photo().getvalue()
BYTES = "application/octet-stream"


@pytest.fixture
def small(app: Flask, house: House, tmp_path: Path) -> House:
    offer_small_library(app, tmp_path / "library")
    return house


@pytest.fixture
def tablet_of(small: House, signed_in: SignedIn) -> GIVE:
    assert small
    return lambda role: Tablet(signed_in(role).client)


@pytest.fixture
def audit_id(owner: Visitor, small: House) -> UUID:
    """An audit begun and answered on pages."""
    made = start(owner, small)
    answer(owner, made)
    return made


def acts_of(database: Database, house: House, audit_id: UUID | str) -> list[str]:
    scope = organisation_scope(house.organisation_id)
    with database.transaction(scope, writing=False) as session:
        return [one.act for one in entries(session, UUID(str(audit_id)))]


@pytest.fixture
def conflict(tablet_of: GIVE, audit_id: UUID) -> dict[str, object]:
    """A response beside the one of the page."""
    made = change("gloves_worn", {"value": "no", "comment": "Bare hands"})
    tablet_of(Role.INSPECTOR).record(audit_id, made)
    return made


def test_both_responses_are_shown_with_who_gave_them(
    owner: Visitor, audit_id: UUID, conflict: dict[str, object]
) -> None:
    page = owner.get(f"/audits/{audit_id}/conflicts").text

    assert str(conflict["id"]) in page
    assert "Bare hands" in page
    assert "Ines Owner" in page
    assert "Ines Inspector" in page
    assert "Are gloves worn for every extraction?" in page


def test_open_choice_keeps_the_audit_from_being_completed(
    owner: Visitor, audit_id: UUID, conflict: dict[str, object]
) -> None:
    check = owner.get(f"/audits/{audit_id}/check").text
    refused = owner.post(f"/audits/{audit_id}/check")

    assert conflict
    assert f"/audits/{audit_id}/conflicts" in check
    assert refused.status_code == 409


@pytest.mark.parametrize("which", ["the current one", "the other"])
def test_chosen_response_counts_and_tablets_hear_of_it(
    owner: Visitor,
    tablet_of: GIVE,
    audit_id: UUID,
    conflict: dict[str, object],
    which: str,
) -> None:
    tablet = tablet_of(Role.INSPECTOR)
    before = tablet.pull(audit_id)
    [current] = [one for one in before["cells"] if one["key"] == "gloves_worn"]
    chosen = current["change"] if which == "the current one" else conflict["id"]

    sent = owner.post(f"/audits/{audit_id}/conflicts", key="gloves_worn", chosen=chosen)

    after = tablet.pull(audit_id, before["revision"])
    assert sent.status_code == 302
    assert after["conflicts"] == []
    value = "yes" if which == "the current one" else "no"
    assert [one["raw"]["value"] for one in after["cells"]] == [value]


def test_choice_is_written_into_the_journal(
    database: Database,
    small: House,
    owner: Visitor,
    audit_id: UUID,
    conflict: dict[str, object],
) -> None:
    owner.post(f"/audits/{audit_id}/conflicts", key="gloves_worn", chosen=conflict["id"])

    assert "settle_conflict" in acts_of(database, small, audit_id)


@pytest.mark.parametrize(("chosen", "status"), [("", 422), (str(NOTHING), 409)])
def test_choice_of_nothing_there_is_refused(
    owner: Visitor, audit_id: UUID, conflict: dict[str, object], chosen: str, status: int
) -> None:
    sent = owner.post(f"/audits/{audit_id}/conflicts", key="gloves_worn", chosen=chosen)

    assert conflict
    assert sent.status_code == status


def test_choice_made_twice_is_told(
    owner: Visitor, audit_id: UUID, conflict: dict[str, object]
) -> None:
    owner.post(f"/audits/{audit_id}/conflicts", key="gloves_worn", chosen=conflict["id"])

    again = owner.post(f"/audits/{audit_id}/conflicts", key="gloves_worn", chosen=conflict["id"])

    assert again.status_code == 409
    assert "Nothing to choose" in owner.get(f"/audits/{audit_id}/conflicts").text


def test_quarantined_audit_is_taken_over_under_the_name_of_its_author(
    database: Database, small: House, owner: Visitor, tablet_of: GIVE
) -> None:
    auditor, made = tablet_of(Role.AUDITOR), str(uuid4())
    response = change("gloves_worn", {"value": "yes"})
    auditor.changes(made, response, create=auditor.create(small.site_id))
    auditor.upload(made, "water_warm", PHOTO)

    shown = owner.get("/work").text
    sent = owner.post(f"/work/{made}", reason="She still worked here.", act="take_over")

    found = tablet_of(Role.OWNER).pull(made)
    assert "An audit begun on a tablet" in shown
    assert "Are gloves worn for every extraction?" in shown
    assert sent.status_code == 302
    assert [one["by"] for one in found["cells"]] == ["Ines Auditor"]
    assert len(found["photos"]) == 1
    assert "Nothing needs a look" in owner.get("/work").text
    assert {"take_over_work", "start_audit"} <= set(acts_of(database, small, made))


def test_photo_that_waits_can_be_looked_at(owner: Visitor, tablet_of: GIVE, audit_id: UUID) -> None:
    tablet_of(Role.AUDITOR).upload(audit_id, "water_warm", PHOTO)

    [address] = re.findall(r'"(/work/photos/[^"]+)"', owner.get("/work").text)
    shown = owner.get(address)

    assert shown.mimetype == "image/jpeg"
    assert owner.get(f"/work/photos/{uuid4()}.jpg").status_code == 404


def test_taken_over_response_that_meets_another_waits_for_a_choice(
    owner: Visitor, tablet_of: GIVE, audit_id: UUID
) -> None:
    tablet_of(Role.AUDITOR).record(audit_id, change("gloves_worn", {"value": "no"}))

    owner.post(f"/work/{audit_id}", reason="Look at both.", act="take_over")

    page = owner.get(f"/audits/{audit_id}/conflicts").text
    assert "Ines Auditor" in page
    owner.post(f"/audits/{audit_id}/check")
    assert tablet_of(Role.OWNER).pull(audit_id)["state"] == "in_progress"


def test_work_left_out_stays_on_record_with_its_reason(
    database: Database, small: House, owner: Visitor, tablet_of: GIVE, audit_id: UUID
) -> None:
    tablet_of(Role.AUDITOR).record(audit_id, change("gloves_worn", {"value": "no"}))
    scope = organisation_scope(small.organisation_id)

    owner.post(f"/work/{audit_id}", reason="Not hers to say.", act="leave_out")

    with database.transaction(scope, writing=False) as session:
        [row] = received_of(session, audit_id)
        assert (row.stands, row.reason) == ("left_out", "Not hers to say.")
        assert [one.after for one in changes_of(session, audit_id, "gloves_worn")] == [
            {"value": "yes"}
        ]
    assert "leave_out_work" in acts_of(database, small, audit_id)


@pytest.mark.parametrize("act", ["take_over", "leave_out"])
def test_decision_needs_a_reason(owner: Visitor, tablet_of: GIVE, audit_id: UUID, act: str) -> None:
    tablet_of(Role.AUDITOR).record(audit_id, change("gloves_worn", {"value": "no"}))

    sent = owner.post(f"/work/{audit_id}", reason=" ", act=act)

    assert sent.status_code == 422
    assert "Say why, in a few words." in sent.text


def test_work_for_a_completed_audit_can_only_be_left_out(
    owner: Visitor, small: House, tablet_of: GIVE
) -> None:
    audit_id = complete(owner, small)
    tablet = tablet_of(Role.INSPECTOR)
    tablet.record(audit_id, change("gloves_worn", {"value": "no"}))
    tablet.upload(audit_id, "water_warm", PHOTO)

    shown = owner.get("/work").text
    taken = owner.post(f"/work/{audit_id}", reason="Late.", act="take_over")
    left = owner.post(f"/work/{audit_id}", reason="Late.", act="leave_out")

    assert "can only be left out" in shown
    assert taken.status_code == 409
    assert left.status_code == 302


def test_what_cannot_be_read_waits_until_it_is_left_out(
    owner: Visitor, tablet_of: GIVE, audit_id: UUID
) -> None:
    tablet = tablet_of(Role.INSPECTOR)
    tablet.record(audit_id, change("water_warm", {"value": "warm"}))
    tablet.record(audit_id, change("no_such", {"value": {"deep": ["er"]}}))
    tablet.upload(audit_id, "water_warm", b"no photo")

    taken = owner.post(f"/work/{audit_id}", reason="Try.", act="take_over")
    shown = owner.get("/work").text

    assert taken.status_code == 409
    assert "Write a number in °C" in shown
    assert "no_such" in shown


def test_refused_response_mended_by_its_author_needs_no_look(
    owner: Visitor, tablet_of: GIVE, audit_id: UUID
) -> None:
    tablet = tablet_of(Role.INSPECTOR)
    [cell] = [one for one in tablet.pull(audit_id)["cells"] if one["key"] == "water_warm"]
    tablet.record(audit_id, change("water_warm", {"value": "warm"}, cell["change"]))

    tablet.record(audit_id, change("water_warm", {"value": "40"}, cell["change"]))

    assert "Nothing needs a look" in owner.get("/work").text


def test_start_page_tells_managers_that_something_waits(
    signed_in: SignedIn, tablet_of: GIVE, audit_id: UUID
) -> None:
    tablet_of(Role.AUDITOR).record(audit_id, change("gloves_worn", {"value": "no"}))

    manager = signed_in(Role.MANAGER).get("/").text
    inspector = signed_in(Role.INSPECTOR)

    assert 'href="/work"' in manager
    assert 'href="/work"' not in inspector.get("/").text
    assert inspector.get("/work").status_code == 403


def test_late_signatures_wait_for_a_manager(owner: Visitor, small: House, tablet_of: GIVE) -> None:
    audit_id = complete(owner, small)

    tablet_of(Role.OWNER).hand_in(audit_id, state="0" * 64)

    shown = owner.get("/work").text
    assert "Signatures from a tablet" in shown
    assert "Ines Ray" in shown


def test_nothing_to_decide_is_not_found(owner: Visitor, house: House) -> None:
    assert house
    assert owner.post(f"/work/{uuid4()}", reason="?", act="leave_out").status_code == 404


@pytest.mark.parametrize(
    ("signatures", "shown"),
    [
        (None, "Nobody whose name can be read"),
        (5, "Nobody whose name can be read"),
        (["x", {"name": 5}, {"name": "Lee Park"}], "Lee Park"),
        ([{"name": "Lee \ud800"}], "Lee ?"),
    ],
)
def test_signatures_that_cannot_be_read_keep_no_work_out_of_sight(
    owner: Visitor, tablet_of: GIVE, audit_id: UUID, signatures: object, shown: str
) -> None:
    author, at = tablet_of(Role.INSPECTOR), NOW.isoformat()
    row = {"audit": str(audit_id), "completedAt": at, "signatures": signatures}
    file = rescue_file(author, [("closings", str(audit_id), row)])

    said = author.send("POST", "/device/rescue", data=file, content_type=BYTES)

    page = owner.get("/work")
    assert said.json["closings"] == 1
    assert page.status_code == 200
    assert shown in page.text


def test_half_a_letter_in_a_response_keeps_no_work_out_of_sight(
    owner: Visitor, tablet_of: GIVE, audit_id: UUID
) -> None:
    [said] = tablet_of(Role.INSPECTOR).record(audit_id, change("gloves_worn", {"value": "\ud800"}))

    page = owner.get("/work")

    assert said["status"] == "refused"
    assert page.status_code == 200


def test_start_at_a_site_that_is_not_known_is_shown_to_be_left_out(
    owner: Visitor, small: House, tablet_of: GIVE
) -> None:
    begun = tablet_of(Role.INSPECTOR).create(small.site_id)
    waiting = str(uuid4())
    worn = change("gloves_worn", {"value": "yes"})
    tablet_of(Role.AUDITOR).changes(waiting, worn, create={**begun, "site": str(NOTHING)})

    shown = owner.get("/work")
    taken = owner.post(f"/work/{waiting}", reason="It counts.", act="take_over")
    left = owner.post(f"/work/{waiting}", reason="Nowhere.", act="leave_out")

    assert shown.status_code == 200
    assert "A site not known here" in shown.text
    assert "Take over under their name" not in shown.text
    assert "names a site that is not known here" in taken.text
    assert left.status_code == 302
    assert "Nothing needs a look" in owner.get("/work").text
