"""Rescue files: opened by the server, under the name of who did the work."""

import base64
import json
import os
from collections.abc import Iterable
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask
from sqlalchemy import select

from audit.store.audits import changes_of
from audit.store.database import Database
from audit.store.people import Membership, Role
from audit.store.scope import organisation_scope
from tests.factories import NOW
from tests.web.conftest import House, SignedIn, Visitor, found_house
from tests.web.small_visit import offer_small_library, photo
from tests.web.tablet import Tablet, change

PHOTO = photo().getvalue()
Entry = tuple[str, str, object]


@pytest.fixture
def small(app: Flask, house: House, tmp_path: Path) -> House:
    offer_small_library(app, tmp_path / "library")
    return house


@pytest.fixture
def author(small: House, signed_in: SignedIn) -> Tablet:
    assert small
    return Tablet(signed_in(Role.INSPECTOR).client)


@pytest.fixture
def bringer(small: House, signed_in: SignedIn) -> Tablet:
    assert small
    return Tablet(signed_in(Role.MANAGER).client)


def rescue_file(author: Tablet, entries: Iterable[Entry], **head: object) -> bytes:
    """Return the file as the tablet saves it: each value sealed for its place."""
    said = author.session()
    key, places, sealed = AESGCM(base64.b64decode(said["key"])), [], b""
    for store, row_id, value in entries:
        iv = os.urandom(12)
        plain = value if isinstance(value, bytes) else json.dumps(value).encode()
        one = key.encrypt(iv, plain, f"{store}:{row_id}".encode())
        iv_said = base64.b64encode(iv).decode()
        places.append({"store": store, "id": row_id, "iv": iv_said, "size": len(one)})
        sealed += one
    whole = {
        "format": "hygiene-audit-rescue",
        "v": 1,
        "person": said["user"]["id"],
        "device": author.device,
        "made_at": NOW.isoformat(),
        "entries": places,
        **head,
    }
    return json.dumps(whole).encode() + b"\n" + sealed


def work(author: Tablet, small: House) -> tuple[str, list[Entry]]:
    """An audit begun on a tablet, with a response, a photo and a signature."""
    audit_id, photo_id = str(uuid4()), str(uuid4())
    made = {**change("gloves_worn", {"value": "yes"}), "audit": audit_id, "sent": 1}
    file = {
        "id": photo_id,
        "audit": audit_id,
        "key": "water_warm",
        "size": len(PHOTO),
        "digest": sha256(PHOTO).hexdigest(),
        "width": 640,
        "height": 480,
        "takenAt": NOW.isoformat(),
        "drawnOn": None,
        "removed": False,
        "state": "here",
    }
    audit = {"id": audit_id, "create": author.create(small.site_id), "known": False}
    closing = {"audit": audit_id, "completedAt": NOW.isoformat(), "signatures": []}
    return audit_id, [
        ("audits", audit_id, audit),
        ("outbox", str(made["id"]), made),
        ("files", photo_id, file),
        ("bytes", photo_id, PHOTO),
        ("closings", audit_id, closing),
    ]


def hand_in(tablet: Tablet, data: bytes) -> Any:
    return tablet.send("POST", "/device/rescue", data=data, content_type="application/octet-stream")


def deactivate(database: Database, house: House, person_id: str) -> None:
    with database.transaction(organisation_scope(house.organisation_id)) as session:
        wanted = select(Membership).where(Membership.person_id == UUID(person_id))
        session.scalars(wanted).one().active = False


def test_work_of_someone_else_is_taken_in_under_their_name(
    small: House, author: Tablet, bringer: Tablet
) -> None:
    audit_id, entries = work(author, small)

    said = hand_in(bringer, rescue_file(author, entries))

    found = bringer.pull(audit_id)
    assert said.json == {
        "author": "Ines Inspector",
        "changes": {"applied": 1},
        "photos": {"done": 1},
        "closings": 1,
        "unreadable": 0,
    }
    assert [one["by"] for one in found["cells"]] == ["Ines Inspector"]
    assert len(found["photos"]) == 1


def test_same_file_again_changes_nothing(small: House, author: Tablet, bringer: Tablet) -> None:
    audit_id, entries = work(author, small)
    file = rescue_file(author, entries)
    hand_in(bringer, file)
    before = bringer.pull(audit_id)

    again = hand_in(bringer, file)

    assert again.json["changes"] == {"duplicate": 1}
    assert again.json["closings"] == 0
    assert bringer.pull(audit_id) == before


def test_work_of_who_left_is_quarantined_under_their_name(
    database: Database, small: House, author: Tablet, bringer: Tablet
) -> None:
    audit_id, entries = work(author, small)
    file = rescue_file(author, entries)
    deactivate(database, small, author.session()["user"]["id"])

    said = hand_in(bringer, file)

    assert said.json["changes"] == {"quarantined": 1}
    assert said.json["photos"] == {"quarantined": 1}
    assert bringer.client.get(f"/device/audits/{audit_id}").status_code == 404


def test_what_was_sent_before_is_known_again(small: House, author: Tablet, bringer: Tablet) -> None:
    audit_id, entries = work(author, small)
    made = dict(entries[1][2])  # type: ignore[call-overload]  # the change as a row
    create = author.create(small.site_id)
    sent = {name: made[name] for name in ("id", "key", "raw", "parent", "at", "via")}
    author.changes(audit_id, sent, create=create)

    said = hand_in(bringer, rescue_file(author, entries))

    assert said.json["changes"] == {"duplicate": 1}


def test_one_row_that_does_not_open_keeps_no_other_out(
    small: House, author: Tablet, bringer: Tablet
) -> None:
    _, entries = work(author, small)
    file = bytearray(rescue_file(author, [*entries, ("outbox", "spoiled", {"id": "?"})]))
    file[-1] ^= 1

    said = hand_in(bringer, bytes(file))

    assert said.json["changes"] == {"applied": 1}
    assert said.json["unreadable"] == 1


@pytest.mark.parametrize("spoil", ["no file", "cut", "other format", "stranger"])
def test_what_is_no_whole_file_of_ours_is_told(
    small: House, author: Tablet, bringer: Tablet, spoil: str
) -> None:
    _, entries = work(author, small)
    file = {
        "no file": b"",
        "cut": rescue_file(author, entries)[:-1],
        "other format": rescue_file(author, entries, format="else"),
        "stranger": rescue_file(author, entries, person=str(uuid4())),
    }[spoil]

    said = hand_in(bringer, file)

    assert said.status_code == 422
    assert said.json["code"] in {"no_rescue_file", "rescue_file_cut", "rescue_of_a_stranger"}


def test_file_of_another_organisation_opens_nothing(
    app: Flask, database: Database, small: House, author: Tablet
) -> None:
    _, entries = work(author, small)
    elsewhere = found_house(database, name="Other Spa")
    visitor = Visitor(app.test_client())
    visitor.sign_in(elsewhere.emails[Role.OWNER])

    said = hand_in(Tablet(visitor.client), rescue_file(author, entries))

    assert said.status_code == 422


def test_page_takes_the_file_too(
    database: Database, small: House, author: Tablet, owner: Visitor
) -> None:
    audit_id, entries = work(author, small)
    file = rescue_file(author, entries)
    page = {"Accept": "text/html"}
    owner.get("/device/rescue", headers=page)

    empty = owner.client.post("/device/rescue", data={"csrf_token": owner.token}, headers=page)
    done = owner.client.post(
        "/device/rescue",
        data={"csrf_token": owner.token, "file": (BytesIO(file), "a.rescue")},
        headers=page,
    )

    assert empty.status_code == 422
    assert "Choose the file" in empty.text
    assert "Work of Ines Inspector" in done.text
    with database.transaction(organisation_scope(small.organisation_id), writing=False) as session:
        assert len(changes_of(session, UUID(audit_id))) == 1


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_may_not_record_hands_in_a_file_too(
    signed_in: SignedIn, small: House, author: Tablet, role: Role
) -> None:
    _, entries = work(author, small)
    bringer = Tablet(signed_in(role).client)

    page = bringer.client.get("/device/rescue", headers={"Accept": "text/html"})
    said = hand_in(bringer, rescue_file(author, entries))

    assert page.status_code == 200
    assert said.status_code == 200
    assert said.json["author"] == "Ines Inspector"
    assert said.json["changes"] == {"applied": 1}


def test_stranger_is_led_to_the_door_and_a_program_is_told(visitor: Visitor, house: House) -> None:
    assert house
    page = visitor.client.get("/device/rescue", headers={"Accept": "text/html,*/*;q=0.8"})
    program = visitor.client.get("/device/rescue")

    assert page.status_code == 302
    assert program.status_code == 401
