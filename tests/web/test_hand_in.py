"""Photos in pieces, and handing in: what docs/device.md promises, row by row."""

import json
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from audit.store.database import Database
from audit.store.device import Standing, get_upload
from audit.store.journal import JournalEntry
from audit.store.people import Role
from audit.store.scope import organisation_scope
from reports.checkpoint import read_checkpoint
from reports.merkle import includes
from tests.factories import NOW
from tests.web.conftest import House, SignedIn, Visitor, found_house
from tests.web.small_visit import answer, complete, offer_small_library, photo, start
from tests.web.tablet import NOTHING, Tablet, change, seen, signature

ROOMS = {"subjects": [{"id": "r1", "label": "One"}]}
PHOTO = photo().getvalue()
GIVEN = (
    ("subjects:rooms", ROOMS),
    ("gloves_worn", {"value": "yes"}),
    ("water_warm", {"value": "41,5"}),
    ("glove_changes", {"done": "9", "missed": "1"}),
    ("room_clean@r1", {"value": "yes"}),
)


@pytest.fixture
def small(app: Flask, house: House, tmp_path: Path) -> House:
    offer_small_library(app, tmp_path / "library")
    return house


@pytest.fixture
def tablet(small: House, signed_in: SignedIn) -> Tablet:
    assert small
    return Tablet(signed_in(Role.OWNER).client)


@pytest.fixture
def audit_id(tablet: Tablet, small: House) -> str:
    """An audit of a tablet with everything answered."""
    made = str(uuid4())
    create = tablet.create(small.site_id)
    tablet.changes(made, *(change(key, raw) for key, raw in GIVEN), create=create)
    return made


def folder_of(app: Flask) -> list[Path]:
    """The files of photos that are not complete."""
    uploads = app.extensions["hygiene_audit"].uploads
    return [path for path in uploads._folder.rglob("*") if path.is_file()]


def upload_row(database: Database, house: House, photo_id: str) -> Any:
    scope = organisation_scope(house.organisation_id)
    with database.transaction(scope, writing=False) as reading:
        return get_upload(reading, UUID(photo_id))


def test_photo_in_pieces_is_kept_with_both_digests(
    app: Flask, database: Database, small: House, tablet: Tablet, audit_id: str
) -> None:
    photo_id = str(uuid4())

    last = tablet.upload(audit_id, "water_warm", PHOTO, photo_id)

    [found] = tablet.pull(audit_id)["photos"]
    row = upload_row(database, small, photo_id)
    assert last.json == {"offset": len(PHOTO), "complete": True, "status": "done"}
    assert (found["id"], found["digest"]) == (photo_id, sha256(PHOTO).hexdigest())
    assert row.stored not in (None, row.digest)
    assert folder_of(app) == []


def test_photo_announced_again_goes_on_where_it_ended(tablet: Tablet, audit_id: str) -> None:
    photo_id = str(uuid4())
    tablet.declare(audit_id, "water_warm", PHOTO, photo_id)
    tablet.piece(photo_id, 0, PHOTO[:100])

    again = tablet.declare(audit_id, "water_warm", PHOTO, photo_id)
    wrong = tablet.piece(photo_id, 0, PHOTO[:100])
    last = tablet.upload(audit_id, "water_warm", PHOTO, photo_id)

    assert again.json == {"offset": 100, "complete": False}
    assert (wrong.status_code, wrong.json["code"], wrong.json["offset"]) == (
        409,
        "wrong_offset",
        100,
    )
    assert last.json["complete"]


def test_complete_photo_sent_again_changes_nothing(tablet: Tablet, audit_id: str) -> None:
    photo_id = str(uuid4())
    tablet.upload(audit_id, "water_warm", PHOTO, photo_id)

    again = tablet.declare(audit_id, "water_warm", PHOTO, photo_id)
    piece = tablet.piece(photo_id, 0, PHOTO[:10])

    assert again.json["complete"]
    assert piece.json["complete"]
    assert len(tablet.pull(audit_id)["photos"]) == 1


def test_other_facts_under_the_same_id_are_refused(tablet: Tablet, audit_id: str) -> None:
    photo_id = str(uuid4())
    tablet.declare(audit_id, "water_warm", PHOTO, photo_id)

    said = tablet.declare(audit_id, "gloves_worn", PHOTO, photo_id)

    assert (said.status_code, said.json["code"]) == (409, "id_reused")


def test_wrong_bytes_begin_anew(tablet: Tablet, audit_id: str) -> None:
    photo_id = str(uuid4())
    tablet.declare(audit_id, "water_warm", PHOTO, photo_id)

    wrong = tablet.piece(photo_id, 0, bytes(len(PHOTO)))
    last = tablet.upload(audit_id, "water_warm", PHOTO, photo_id)

    assert (wrong.status_code, wrong.json["code"], wrong.json["offset"]) == (
        422,
        "wrong_digest",
        0,
    )
    assert last.json["complete"]


def test_photo_nobody_can_read_is_told_and_kept_as_refused(
    app: Flask, database: Database, small: House, tablet: Tablet, audit_id: str
) -> None:
    photo_id, data = str(uuid4()), b"no photo at all" * 9

    said = tablet.upload(audit_id, "water_warm", data, photo_id)
    again = tablet.declare(audit_id, "water_warm", data, photo_id)

    row = upload_row(database, small, photo_id)
    assert said.status_code == again.status_code == 422
    assert said.json["code"] == "photo_refused"
    assert "JPEG" in said.json["detail"]
    assert row.stands is Standing.REFUSED
    assert app.extensions["hygiene_audit"].shelf.blobs.get(row.stored) == data
    assert tablet.pull(audit_id)["photos"] == []


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"size": 15_000_001}, 422, "photo_refused"),
        ({"size": 0}, 422, "bad_request"),
        ({"digest": "x"}, 422, "bad_request"),
        ({"key": "no_such_item"}, 422, "no_photo_here"),
        ({"audit": str(uuid4())}, 404, "audit_unknown"),
    ],
)
def test_photo_no_audit_takes_is_refused_before_its_bytes(
    tablet: Tablet, audit_id: str, more: dict[str, object], status: int, code: str
) -> None:
    more = dict(more)
    key = str(more.pop("key", "water_warm"))

    said = tablet.declare(audit_id, key, PHOTO, str(uuid4()), **more)

    assert (said.status_code, said.json["code"]) == (status, code)


def test_more_bytes_than_announced_are_refused(tablet: Tablet, audit_id: str) -> None:
    photo_id = str(uuid4())
    tablet.declare(audit_id, "water_warm", PHOTO, photo_id)

    assert tablet.piece(photo_id, 0, PHOTO + b"x").status_code == 422


def test_photo_of_someone_else_is_not_continued(
    tablet: Tablet, signed_in: SignedIn, audit_id: str
) -> None:
    photo_id = str(uuid4())
    tablet.declare(audit_id, "water_warm", PHOTO, photo_id)

    said = Tablet(signed_in(Role.MANAGER).client).piece(photo_id, 0, PHOTO)

    assert (said.status_code, said.json["code"]) == (409, "other_user")


def test_photo_of_a_completed_audit_is_kept_aside(
    database: Database, tablet: Tablet, owner: Visitor, small: House
) -> None:
    audit_id, photo_id = complete(owner, small), str(uuid4())

    said = tablet.upload(audit_id, "water_warm", PHOTO, photo_id)

    assert said.json["status"] == "locked"
    assert upload_row(database, small, photo_id).stored


def test_photo_of_someone_without_the_right_is_kept_aside(
    signed_in: SignedIn, tablet: Tablet, audit_id: str
) -> None:
    said = Tablet(signed_in(Role.AUDITOR).client).upload(audit_id, "water_warm", PHOTO)

    assert said.json["status"] == "quarantined"
    assert tablet.pull(audit_id)["photos"] == []


@pytest.mark.parametrize("first", ["the photo", "its removal"])
def test_photo_taken_away_is_away_whatever_came_first(
    tablet: Tablet, audit_id: str, first: str
) -> None:
    photo_id = str(uuid4())
    if first == "the photo":
        tablet.upload(audit_id, "water_warm", PHOTO, photo_id)
    removal = change(f"photo:{photo_id}", {"removed": True})

    tablet.record(audit_id, removal)
    tablet.upload(audit_id, "water_warm", PHOTO, photo_id)

    assert tablet.pull(audit_id)["photos"] == []


def test_photo_of_a_page_is_seen_by_tablets_until_a_page_takes_it_away(
    tablet: Tablet, owner: Visitor, small: House
) -> None:
    audit_id = start(owner, small)
    answer(owner, audit_id, **{"water_warm.photo": (photo(), "a.jpg")})

    [found] = tablet.pull(audit_id)["photos"]
    before = tablet.pull(audit_id)["revision"]
    owner.post(f"/audits/{audit_id}/1", go=f"away-{found['id']}")

    assert found["key"] == "water_warm"
    assert tablet.pull(audit_id)["revision"] >= before


def without_journal(reply: dict[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in reply.items() if name != "journal"}


def test_receipt_proves_that_the_journal_holds_the_record(tablet: Tablet, audit_id: str) -> None:
    receipt = tablet.hand_in(audit_id, signatures=[signature(NOW)]).json

    proof = receipt["journal"]
    leaf, payload = json.loads(proof["leaf"]), json.loads(proof["payload"])
    committed = bytes.fromhex(proof["salt"]) + proof["payload"].encode()
    signed = read_checkpoint(proof["checkpoint"], proof["key"])
    path = [bytes.fromhex(one) for one in proof["path"]]
    place = {"leaf": proof["leaf"].encode(), "index": receipt["entry"] - 1, "path": path}
    assert includes(signed.root, signed.size, **place)
    assert leaf["subject"] == f"audit/{audit_id}"
    assert leaf["commit"] == sha256(committed).hexdigest()
    assert payload["details"]["record"] == receipt["record"]


def test_audit_is_closed_signed_and_acknowledged(tablet: Tablet, audit_id: str) -> None:
    tablet.upload(audit_id, "water_warm", PHOTO)
    before = seen(tablet.pull(audit_id))
    charge = signature(NOW, part="person_in_charge", name="Lee Park", refused=True, reason="Ill")

    said = tablet.hand_in(audit_id, signatures=[charge, signature(NOW)])

    receipt = without_journal(said.json)
    assert said.status_code == 200
    assert {name: receipt[name] for name in before} == before
    assert receipt["outcome"] == "pass"
    assert receipt["audit"] == audit_id
    assert tablet.pull(audit_id)["state"] == "signed"
    told = tablet.client.get(f"/device/audits/{audit_id}/receipt").json
    assert receipt == {**told, "signatures": "applied"}


def test_pasted_control_character_does_not_hold_up_the_hand_in(
    tablet: Tablet, owner: Visitor, audit_id: str
) -> None:
    said = tablet.hand_in(audit_id, signatures=[signature(NOW, comment="Two\x0b rooms\nshut")])

    assert said.status_code == 200
    assert "Two rooms\nshut" in owner.get(f"/audits/{audit_id}/result").text


def test_handing_in_again_gives_the_same_receipt(tablet: Tablet, audit_id: str) -> None:
    body = {"id": audit_id, **seen(tablet.pull(audit_id))}
    first = tablet.hand_in(audit_id, **body)

    again = tablet.hand_in(audit_id, **body)

    assert again.status_code == 200
    assert again.json == first.json


def test_signatures_come_under_what_was_completed_on_a_page(
    tablet: Tablet, owner: Visitor, audit_id: str
) -> None:
    body = {"id": str(uuid4()), **seen(tablet.pull(audit_id)), "signatures": [signature(NOW)]}
    close_elsewhere(owner, audit_id)

    first = tablet.hand_in(audit_id, **body)
    again = tablet.hand_in(audit_id, **body)

    assert first.json["signatures"] == "applied"
    assert again.json == first.json
    assert tablet.pull(audit_id)["state"] == "signed"


def test_signatures_over_something_else_are_kept_aside(
    tablet: Tablet, owner: Visitor, audit_id: str
) -> None:
    before = seen(tablet.pull(audit_id))
    [cell] = [one for one in tablet.pull(audit_id)["cells"] if one["key"] == "gloves_worn"]
    change_it = change("gloves_worn", {"value": "no", "comment": "Bare hands"}, cell["change"])
    tablet.record(audit_id, change_it)
    close_elsewhere(owner, audit_id)

    said = tablet.hand_in(audit_id, **before, signatures=[signature(NOW)])

    assert said.json["signatures"] == "kept"
    assert tablet.pull(audit_id)["state"] == "completed"


def test_a_second_set_of_signatures_is_kept_aside(tablet: Tablet, audit_id: str) -> None:
    body = {"id": str(uuid4()), **seen(tablet.pull(audit_id))}
    tablet.hand_in(audit_id, **body, signatures=[signature(NOW)])

    again = tablet.hand_in(audit_id, **body, signatures=[signature(NOW, strokes=[[1, 2, 3, 4]])])

    assert again.json["signatures"] == "kept"


def test_what_was_signed_before_it_was_opened_again_is_in_the_journal(
    database: Database, tablet: Tablet, audit_id: str, small: House
) -> None:
    refusal = signature(
        NOW, part="person_in_charge", name="Lee Park", refused=True, reason="Not my words."
    )
    times = {"completed_at": NOW.isoformat(), "opened_at": NOW.isoformat()}

    tablet.hand_in(audit_id, discarded=[{**times, "signatures": [signature(NOW), refusal]}])

    scope = organisation_scope(small.organisation_id)
    with database.transaction(scope, writing=False) as reading:
        acts = select(JournalEntry).where(JournalEntry.act == "hand_in")
        [told] = reading.scalars(acts).one().details["discarded"]
    assert [(one["name"], one["reason"]) for one in told["signatures"]] == [
        ("Ines Ray", ""),
        ("Lee Park", "Not my words."),
    ]


def test_there_is_no_receipt_before(tablet: Tablet, audit_id: str) -> None:
    said = tablet.client.get(f"/device/audits/{audit_id}/receipt")

    assert (said.status_code, said.json["code"]) == (404, "no_receipt")


def test_audit_completed_on_a_page_has_a_receipt_too(
    tablet: Tablet, owner: Visitor, small: House
) -> None:
    audit_id = complete(owner, small)

    said = tablet.client.get(f"/device/audits/{audit_id}/receipt")

    found = seen(tablet.pull(audit_id))
    assert {name: said.json[name] for name in found} == found


def test_wrong_password_closes_nothing_and_slows_down(tablet: Tablet, audit_id: str) -> None:
    said = [tablet.hand_in(audit_id, password="not mine") for _ in range(6)]

    assert {one.json["code"] for one in said[:5]} == {"wrong_password"}
    assert said[0].status_code == 403
    assert said[5].status_code == 429
    assert tablet.pull(audit_id)["state"] == "in_progress"


def test_change_the_server_has_not_keeps_it_open(tablet: Tablet, audit_id: str) -> None:
    said = tablet.hand_in(audit_id, state="0" * 64)

    assert (said.status_code, said.json["code"]) == (409, "not_ready")
    assert said.json["unknown_changes"] is True


def test_change_the_tablet_has_not_keeps_it_open(tablet: Tablet, audit_id: str) -> None:
    before = seen(tablet.pull(audit_id))
    [cell] = [one for one in tablet.pull(audit_id)["cells"] if one["key"] == "gloves_worn"]
    later = change("gloves_worn", {"value": "no", "comment": "Bare hands"}, cell["change"])
    tablet.record(audit_id, later)

    said = tablet.hand_in(audit_id, **before)

    assert said.json["server_changes"] == [["gloves_worn", later["id"]]]


def test_photo_the_server_has_not_keeps_it_open(tablet: Tablet, audit_id: str) -> None:
    missing = str(uuid4())

    said = tablet.hand_in(audit_id, evidence=[[missing, "0" * 64]])

    assert said.json["missing_evidence"] == [missing]


def test_photo_the_tablet_has_not_keeps_it_open(tablet: Tablet, audit_id: str) -> None:
    photo_id = str(uuid4())
    tablet.upload(audit_id, "water_warm", PHOTO, photo_id)

    said = tablet.hand_in(audit_id, evidence=[])

    assert said.json["server_changes"] == [[f"photo:{photo_id}", None]]


def test_open_conflict_keeps_it_open(tablet: Tablet, audit_id: str) -> None:
    other = change("gloves_worn", {"value": "no"})
    tablet.record(audit_id, other)

    said = tablet.hand_in(audit_id)

    assert said.json["open_conflicts"] == [other["id"]]


def test_what_is_missing_keeps_it_open(tablet: Tablet, small: House) -> None:
    made = str(uuid4())
    tablet.changes(made, create=tablet.create(small.site_id))

    said = tablet.hand_in(made)

    lacks = said.json["lacks"]
    assert {"key": "gloves_worn", "words": "Not answered yet."} in lacks
    assert "rooms" in {one.get("group") for one in lacks}


def test_second_tablet_gets_the_receipt_and_its_signatures_are_kept(
    tablet: Tablet, owner: Visitor, audit_id: str
) -> None:
    body = {"id": audit_id, **seen(tablet.pull(audit_id))}
    first = tablet.hand_in(audit_id, **body)

    second = tablet.hand_in(audit_id, **body, signatures=[signature(NOW, name="Other Person")])

    assert without_journal(second.json) == {**without_journal(first.json), "signatures": "kept"}
    assert second.json["journal"]["leaf"] == first.json["journal"]["leaf"]
    assert "Other Person" not in owner.get(f"/audits/{audit_id}/result").text


@pytest.mark.parametrize(
    "strokes", [[[1]], [["a", "b"]], [[1, 99_999]], [[1, 2]] * 201, "drawn", [[1, 2] * 5000]]
)
def test_drawing_that_is_none_is_refused(tablet: Tablet, audit_id: str, strokes: object) -> None:
    said = tablet.hand_in(audit_id, signatures=[signature(NOW, strokes=strokes)])

    assert said.status_code == 422


@pytest.mark.parametrize("years", [-20, 20])
def test_times_are_put_right_and_both_shown(
    tablet: Tablet, small: House, owner: Visitor, years: int
) -> None:
    tablet.clock = NOW + timedelta(days=365 * years)
    began, ended = tablet.clock - timedelta(hours=2), tablet.clock - timedelta(hours=1)
    made = str(uuid4())
    create = {**tablet.create(small.site_id), "started_at": began.isoformat()}
    tablet.changes(made, *(change(key, raw) for key, raw in GIVEN), create=create)

    tablet.hand_in(made, completed_at=ended.isoformat(), signatures=[signature(ended)])

    page = owner.get(f"/audits/{made}/result").text
    assert "02:30" in page  # 09:30 UTC in Denver
    assert str(began.year) in page


def close_elsewhere(owner: Visitor, audit_id: str) -> None:
    owner.get("/")
    owner.post(f"/audits/{audit_id}/check")


def test_what_is_kept_of_an_audit_closed_elsewhere_is_said_word_for_word(
    tablet: Tablet, owner: Visitor, audit_id: str
) -> None:
    close_elsewhere(owner, audit_id)
    late = change("gloves_worn", {"value": "no", "comment": "Bare hands."})
    tablet.changes(audit_id, late)

    kept = tablet.client.get(f"/device/audits/{audit_id}/kept").get_json()

    assert {"id": late["id"], "key": late["key"], "raw": late["raw"]} in kept["changes"]
    assert {key for key, _ in kept["cells"]} == {key for key, _ in GIVEN}
    assert late["id"] not in {one for _, one in kept["cells"]}
    assert kept["receipt"]["audit"] == audit_id
    assert (kept["photos"], kept["signatures"]) == ([], [])


def test_a_colleague_is_told_nothing_of_what_someone_else_brought(
    tablet: Tablet, owner: Visitor, audit_id: str, signed_in: SignedIn
) -> None:
    close_elsewhere(owner, audit_id)
    tablet.changes(audit_id, change("gloves_worn", {"value": "no"}))
    colleague = signed_in(Role.INSPECTOR).client

    kept = colleague.get(f"/device/audits/{audit_id}/kept").get_json()

    assert kept["changes"] == []


def test_an_open_audit_is_not_put_away(tablet: Tablet, audit_id: str) -> None:
    refused = tablet.client.get(f"/device/audits/{audit_id}/kept")

    assert refused.status_code == 409
    assert refused.get_json()["code"] == "audit_open"


def test_another_organisation_is_told_nothing_of_what_is_kept(
    app: Flask, database: Database, owner: Visitor, audit_id: str
) -> None:
    close_elsewhere(owner, audit_id)
    other = found_house(database, name="Other Skin")
    stranger = Visitor(app.test_client())
    stranger.sign_in(other.emails[Role.OWNER])

    assert stranger.get(f"/device/audits/{audit_id}/kept").status_code == 404


def test_an_audit_that_is_not_known_is_not_put_away(tablet: Tablet) -> None:
    refused = tablet.client.get(f"/device/audits/{NOTHING}/kept")

    assert (refused.status_code, refused.json["code"]) == (404, "audit_unknown")


def test_who_may_not_record_is_told_what_was_quarantined_of_their_own(
    tablet: Tablet, owner: Visitor, audit_id: str, signed_in: SignedIn
) -> None:
    auditor, photo_id = Tablet(signed_in(Role.AUDITOR).client), str(uuid4())
    late = change("gloves_worn", {"value": "no"})
    auditor.record(audit_id, late)
    auditor.upload(audit_id, "water_warm", PHOTO, photo_id)
    close_elsewhere(owner, audit_id)

    kept = auditor.client.get(f"/device/audits/{audit_id}/kept").get_json()
    others = tablet.client.get(f"/device/audits/{audit_id}/kept").get_json()

    assert kept["changes"] == [{"id": late["id"], "key": late["key"], "raw": late["raw"]}]
    assert kept["photos"] == [[photo_id, sha256(PHOTO).hexdigest()]]
    assert late["id"] not in {one["id"] for one in others["changes"]}
    assert others["photos"] == []


def test_signatures_that_came_too_late_are_told_whole(
    tablet: Tablet, owner: Visitor, audit_id: str
) -> None:
    body = seen(tablet.pull(audit_id))
    close_elsewhere(owner, audit_id)
    late = signature(NOW, comment="Two\nrooms", strokes=[[1, 2, 3, 4], [5, 6]])
    tablet.hand_in(audit_id, **body, signatures=[late])

    [told] = tablet.client.get(f"/device/audits/{audit_id}/kept").get_json()["signatures"]

    assert datetime.fromisoformat(told["signed_at"]) == NOW
    assert told == {**late, "signed_at": told["signed_at"]}


def test_a_photo_of_which_a_piece_is_missing_is_not_said_to_be_kept(
    tablet: Tablet, owner: Visitor, audit_id: str
) -> None:
    photo_id = str(uuid4())
    tablet.declare(audit_id, "water_warm", PHOTO, photo_id)
    tablet.piece(photo_id, 0, PHOTO[:100])
    close_elsewhere(owner, audit_id)

    kept = tablet.client.get(f"/device/audits/{audit_id}/kept").get_json()

    assert kept["photos"] == []


def test_manager_does_not_sign_at_a_tablet(tablet: Tablet, audit_id: str) -> None:
    said = tablet.hand_in(audit_id, signatures=[signature(NOW), signature(NOW, part="manager")])

    assert (said.status_code, said.json["code"]) == (422, "bad_request")
    assert tablet.pull(audit_id)["state"] == "in_progress"
