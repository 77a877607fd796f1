"""What docs/device.md promises tablets, row by row."""

import base64
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask

from audit.store.database import Database
from audit.store.people import Role
from tests.factories import NOW
from tests.web.conftest import House, SignedIn, Visitor, found_house
from tests.web.small_visit import answer, complete, offer_small_library, start
from tests.web.tablet import NOTHING, Tablet, change

GIVE = Callable[[Role], Tablet]


@pytest.fixture
def small(app: Flask, house: House, tmp_path: Path) -> House:
    offer_small_library(app, tmp_path / "library")
    return house


@pytest.fixture
def tablet_of(signed_in: SignedIn) -> GIVE:
    return lambda role: Tablet(signed_in(role).client)


@pytest.fixture
def tablet(small: House, tablet_of: GIVE) -> Tablet:
    assert small
    return tablet_of(Role.OWNER)


@pytest.fixture
def audit_id(tablet: Tablet, small: House) -> str:
    """An audit begun on the tablet."""
    made = str(uuid4())
    tablet.changes(made, create=tablet.create(small.site_id))
    return made


def test_session_is_told_to_strangers_too(visitor: Visitor, house: House) -> None:
    said = visitor.client.get("/device/session")

    assert house
    assert said.status_code == 200
    assert said.json is not None
    assert said.json["app"] == "hygiene-audit"
    assert (said.json["user"], said.json["key"]) == (None, None)


def test_each_person_has_a_key_of_their_own_that_stays(tablet_of: GIVE) -> None:
    keys = [tablet_of(role).session()["key"] for role in (Role.OWNER, Role.OWNER, Role.INSPECTOR)]

    assert len(base64.b64decode(keys[0])) == 32
    assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "/device/along"),
        ("GET", f"/device/audits/{NOTHING}"),
        ("POST", f"/device/audits/{NOTHING}/changes"),
    ],
)
def test_without_a_sign_in_nobody_is_sent_elsewhere(
    visitor: Visitor, house: House, method: str, address: str
) -> None:
    said = visitor.client.open(address, method=method)

    assert house
    assert said.status_code == 401
    assert said.json is not None
    assert said.json["code"] == "sign_in"


def test_writing_without_the_proof_changes_nothing(tablet: Tablet, audit_id: str) -> None:
    address = f"/device/audits/{audit_id}/changes"

    said = tablet.client.post(address, json=tablet.head(changes=[change("gloves_worn", None)]))

    assert said.status_code == 400
    assert said.json is not None
    assert said.json["code"] == "form_expired"


def test_work_of_another_person_is_not_taken(tablet: Tablet, audit_id: str) -> None:
    said = tablet.changes(audit_id, user=str(uuid4()))

    assert (said.status_code, said.json["code"]) == (409, "other_user")


@pytest.mark.parametrize(("v", "status"), [(0, 426), (2, 422), ("1", 422), (None, 422)])
def test_another_version_is_told_so(tablet: Tablet, audit_id: str, v: object, status: int) -> None:
    assert tablet.changes(audit_id, v=v).status_code == status


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'{"v":NaN}', b"[" * 100_000, b"\xff"])
def test_what_is_no_request_is_told_so(tablet: Tablet, audit_id: str, body: bytes) -> None:
    said = tablet.send("POST", f"/device/audits/{audit_id}/changes", data=body)

    assert said.status_code == 422


def test_what_to_take_along_names_sites_pages_and_audits(
    tablet: Tablet, small: House, audit_id: str
) -> None:
    found = tablet.client.get("/device/along").json

    assert found is not None
    [site] = found["sites"]
    [page] = site["pages"]
    assert site["id"] == str(small.site_id)
    assert page["page"] == "/visit/small-check/1/us-ut/1"
    assert [one["id"] for one in found["audits"]] == [audit_id]


def test_audit_begun_on_a_tablet_is_begun_once(tablet: Tablet, small: House) -> None:
    made, create = str(uuid4()), tablet.create(small.site_id)
    tablet.changes(made, change("gloves_worn", {"value": "yes"}), create=create)

    tablet.changes(made, create={**create, "person_in_charge": "Someone else"})

    found = tablet.pull(made)
    assert found["state"] == "in_progress"
    assert found["person_in_charge"] == "Lee Park"
    assert [one["raw"] for one in found["cells"]] == [{"value": "yes"}]


def test_audit_nobody_began_is_not_found(tablet: Tablet) -> None:
    said = tablet.changes(uuid4(), change("gloves_worn", {"value": "yes"}))

    assert (said.status_code, said.json["code"]) == (404, "audit_unknown")


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"digest": "0" * 64}, 409, "digest_differs"),
        ({"site": str(uuid4())}, 404, "site_unknown"),
        ({"version": 7}, 404, "no_such_checklist"),
    ],
)
def test_audit_of_what_we_do_not_have_is_not_begun(
    tablet: Tablet, small: House, wrong: dict[str, object], status: int, code: str
) -> None:
    said = tablet.changes(uuid4(), create={**tablet.create(small.site_id), **wrong})

    assert (said.status_code, said.json["code"]) == (status, code)


def test_id_used_in_another_organisation_says_nothing_about_it(
    app: Flask, database: Database, tablet: Tablet, audit_id: str
) -> None:
    elsewhere = found_house(database, name="Other Spa")
    visitor = Visitor(app.test_client())
    visitor.sign_in(elsewhere.emails[Role.OWNER])
    other = Tablet(visitor.client)

    begun = other.changes(audit_id, create=other.create(elsewhere.site_id))
    blind = other.changes(audit_id, change("gloves_worn", {"value": "no"}))
    read = other.client.get(f"/device/audits/{audit_id}")

    assert (begun.status_code, begun.json["code"]) == (409, "id_taken")
    assert blind.status_code == read.status_code == 404
    assert tablet.pull(audit_id)["cells"] == []


def test_same_change_id_in_two_organisations_is_two_changes(
    app: Flask, database: Database, tablet: Tablet, audit_id: str
) -> None:
    elsewhere = found_house(database, name="Other Spa")
    visitor = Visitor(app.test_client())
    visitor.sign_in(elsewhere.emails[Role.OWNER])
    other, made = Tablet(visitor.client), change("gloves_worn", {"value": "yes"})
    tablet.record(audit_id, made)

    theirs = str(uuid4())
    other.changes(theirs, create=other.create(elsewhere.site_id))
    [result] = other.record(theirs, made)

    assert result["status"] == "applied"


def test_change_of_what_nobody_changed_is_applied(tablet: Tablet, audit_id: str) -> None:
    made = change("water_warm", {"value": "41,5"})

    [result] = tablet.record(audit_id, made)

    [cell] = tablet.pull(audit_id)["cells"]
    assert result == {"id": made["id"], "status": "applied"}
    assert (cell["change"], cell["raw"]) == (made["id"], {"value": "41.5"})


def test_change_made_from_the_current_one_is_applied(tablet: Tablet, audit_id: str) -> None:
    first = change("gloves_worn", {"value": "yes"})
    tablet.record(audit_id, first)

    [result] = tablet.record(audit_id, change("gloves_worn", {"value": "no"}, first["id"]))

    assert result["status"] == "applied"


def test_change_to_the_same_value_is_merged(tablet: Tablet, audit_id: str) -> None:
    first = change("gloves_worn", {"value": "yes"})
    tablet.record(audit_id, first)

    [result] = tablet.record(audit_id, change("gloves_worn", {"value": "yes"}))

    assert (result["status"], result["current"]) == ("merged", first["id"])


def test_change_beside_another_waits_for_a_choice(tablet: Tablet, audit_id: str) -> None:
    first, second = change("gloves_worn", {"value": "yes"}), change("gloves_worn", {"value": "no"})
    tablet.record(audit_id, first)

    [result] = tablet.record(audit_id, second)

    found = tablet.pull(audit_id)
    assert result["status"] == "conflict"
    assert result["kept"]["change"] == first["id"]
    assert result["kept"]["raw"] == {"value": "yes"}
    assert [(one["id"], one["raw"]) for one in found["conflicts"]] == [
        (second["id"], {"value": "no"})
    ]


def test_choice_settles_the_conflicts_it_names(tablet: Tablet, audit_id: str) -> None:
    first, second = change("gloves_worn", {"value": "yes"}), change("gloves_worn", {"value": "no"})
    tablet.record(audit_id, first, second)

    chosen = change("gloves_worn", {"value": "no"}, first["id"], settles=[second["id"]])
    [result] = tablet.record(audit_id, chosen)

    assert result["status"] == "applied"
    assert tablet.pull(audit_id)["conflicts"] == []


@pytest.mark.parametrize(
    ("key", "raw", "code"),
    [
        ("water_warm", {"value": "warm"}, "not_a_number"),
        ("water_warm", {"value": 36.5}, "not_text"),
        ("water_warm", ["41"], "not_a_response"),
        ("gloves_worn", {"value": "na"}, "na_forbidden"),
        ("gloves_worn", {"value": "yes", "comment": "a\x00b"}, "control_character"),
        ("gloves_worn", {"value": "yes", "comment": "\ud800"}, "control_character"),
        ("no_such_item", {"value": "yes"}, "not_asked"),
        ("gloves_worn@", {"value": "yes"}, "not_asked"),
        ("subjects:moons", {"subjects": []}, "not_asked"),
        ("subjects:rooms", {"subjects": [{"id": "1", "label": " "}]}, "not_a_subject"),
        ("subjects:rooms", {"subjects": [{"id": "a@b", "label": "One"}]}, "not_a_subject"),
        ("subjects:rooms", {"subjects": [{"id": "1", "label": "One"}] * 2}, "subject_twice"),
        ("subjects:rooms", {"subjects": [{"id": "1", "label": "One"}] * 61}, "too_many_subjects"),
        ("subjects:rooms", None, "too_many_subjects"),
        (f"photo:{NOTHING}", {"removed": False}, "not_a_removal"),
    ],
)
def test_change_its_item_cannot_read_is_refused_and_kept(
    tablet: Tablet, audit_id: str, key: str, raw: object, code: str
) -> None:
    made = change(key, raw)

    [result] = tablet.record(audit_id, made)
    [again] = tablet.record(audit_id, made)

    assert (result["status"], result["code"]) == ("refused", code)
    assert result["words"]
    assert (again["status"], again["first"]) == ("duplicate", "refused")
    assert tablet.pull(audit_id)["cells"] == []


def test_change_of_a_completed_audit_is_locked(
    tablet: Tablet, owner: Visitor, small: House
) -> None:
    audit_id = complete(owner, small)

    [result] = tablet.record(audit_id, change("gloves_worn", {"value": "no"}))

    assert result["status"] == "locked"


def test_change_of_someone_without_the_right_is_quarantined(
    tablet: Tablet, tablet_of: GIVE, audit_id: str
) -> None:
    [result] = tablet_of(Role.AUDITOR).record(audit_id, change("gloves_worn", {"value": "no"}))

    assert result["status"] == "quarantined"
    assert tablet.pull(audit_id)["cells"] == []


def test_audit_begun_by_someone_without_the_right_waits(
    small: House, tablet: Tablet, tablet_of: GIVE
) -> None:
    auditor, made = tablet_of(Role.AUDITOR), str(uuid4())

    said = auditor.changes(
        made, change("gloves_worn", {"value": "no"}), create=auditor.create(small.site_id)
    )
    again = auditor.changes(made, change("water_warm", {"value": "40"}))

    assert [one["status"] for one in said.json["results"]] == ["quarantined"]
    assert [one["status"] for one in again.json["results"]] == ["quarantined"]
    assert tablet.client.get(f"/device/audits/{made}").status_code == 404


def test_same_change_again_is_a_duplicate_that_says_what_came_of_it(
    tablet: Tablet, audit_id: str
) -> None:
    made = change("gloves_worn", {"value": "yes"})
    tablet.record(audit_id, made)

    results = tablet.record(audit_id, made, made)

    assert [(one["status"], one["first"]) for one in results] == [("duplicate", "applied")] * 2
    assert tablet.pull(audit_id)["revision"] == 1


@pytest.mark.parametrize("more", [{"raw": {"value": "no"}}, {"key": "water_warm"}, {"via": "key"}])
def test_id_with_other_content_is_refused_as_used(
    tablet: Tablet, audit_id: str, more: dict[str, object]
) -> None:
    made = change("gloves_worn", {"value": "yes"})
    tablet.record(audit_id, made)

    [result] = tablet.record(audit_id, {**made, **more})

    assert result["status"] == "id_reused"


def test_id_of_a_page_edit_is_refused_as_used(tablet: Tablet, owner: Visitor, small: House) -> None:
    audit_id = start(owner, small)
    answer(owner, audit_id)
    [cell] = [one for one in tablet.pull(audit_id)["cells"] if one["key"] == "gloves_worn"]

    [result] = tablet.record(audit_id, change("gloves_worn", {"value": "no"}, id=cell["change"]))

    assert result["status"] == "id_reused"


def test_tablet_sees_what_pages_change(tablet: Tablet, owner: Visitor, small: House) -> None:
    audit_id = start(owner, small)
    before = tablet.pull(audit_id)["revision"]

    answer(owner, audit_id)

    found = tablet.pull(audit_id, before)
    keys = {one["key"] for one in found["cells"]}
    assert keys >= {"subjects:rooms", "gloves_worn", "room_clean@2"}
    assert tablet.pull(audit_id, found["revision"])["cells"] == []


def test_page_sees_what_tablets_change(tablet: Tablet, owner: Visitor, audit_id: str) -> None:
    rooms = {"subjects": [{"id": "r1", "label": "Blue room"}]}
    tablet.record(audit_id, change("room_clean@r1", {"value": "no"}))

    tablet.record(audit_id, change("subjects:rooms", rooms))

    page = owner.get(f"/audits/{audit_id}/2")
    assert "Blue room" in page.text
    assert 'name="room_clean@r1"' in page.text


def test_comment_without_a_response_is_kept_for_the_tablet(tablet: Tablet, audit_id: str) -> None:
    tablet.record(audit_id, change("gloves_worn", {"comment": "Look again."}))

    [cell] = tablet.pull(audit_id)["cells"]

    assert cell["raw"] == {"comment": "Look again."}


@pytest.mark.parametrize(
    ("subjects", "code"),
    [
        ({"rooms": [{"x": "y"}]}, "not_a_subject"),
        ({"rooms": [{"id": " ", "label": "One"}]}, "not_a_subject"),
        ({"moons": [{"id": "1", "label": "One"}]}, "not_asked"),
        ({"rooms": [{"id": "1", "label": "One"}, {"id": "1", "label": "Two"}]}, "subject_twice"),
    ],
)
def test_audit_begun_with_rooms_that_cannot_be_read_is_refused_in_words(
    tablet: Tablet, small: House, subjects: dict[str, object], code: str
) -> None:
    made, create = uuid4(), tablet.create(small.site_id, subjects=subjects)

    said = tablet.changes(made, change("gloves_worn", {"value": "yes"}), create=create)

    assert said.status_code == 422
    assert said.json["code"] == code
    assert tablet.client.get(f"/device/audits/{made}").status_code == 404


def test_audit_begins_with_a_site_s_long_names(
    tablet: Tablet, owner: Visitor, small: House
) -> None:
    named = {"rooms": [{"id": "r1", "label": "The room behind the mirror " * 4}]}
    made, create = uuid4(), tablet.create(small.site_id, subjects=named)

    tablet.changes(made, change("room_clean@r1", {"value": "yes"}), create=create)

    assert "The room behind the mirror The room" in owner.get(f"/audits/{made}/2").text


@pytest.mark.parametrize("years", [-20, 20])
def test_clock_years_off_is_put_right_and_kept(
    tablet: Tablet, small: House, owner: Visitor, years: int
) -> None:
    tablet.clock = NOW + timedelta(days=365 * years)
    began = tablet.clock - timedelta(minutes=40)
    made = str(uuid4())

    tablet.changes(made, create={**tablet.create(small.site_id), "started_at": began.isoformat()})

    assert owner
    assert tablet.pull(made)["started_at"] == "2026-03-02T09:50:00.000Z"


def test_too_many_changes_at_once_are_refused(tablet: Tablet, audit_id: str) -> None:
    many = [change("gloves_worn", None) for _ in range(201)]

    assert tablet.changes(audit_id, *many).status_code == 422


def test_uuid_in_an_address_is_needed(tablet: Tablet) -> None:
    assert tablet.client.get(f"/device/audits/{UUID(int=0)}x").status_code == 404
