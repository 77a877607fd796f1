import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from audit.domain.checklist import Subject, asked, situation
from audit.domain.definitions import RepeatGroup, Service
from audit.services.changes import MOST_SUBJECTS
from audit.services.evidence import MOST_PHOTOS
from audit.services.library import shipped_catalogue
from audit.store.audits import get_audit
from audit.store.database import Database
from audit.store.evidence import evidence_of
from audit.store.people import Role
from audit.store.scope import organisation_scope
from audit.web.section_form import section_form
from tests.web.conftest import House, SignedIn, Visitor
from tests.web.small_visit import (
    FIRST_SECTION,
    ROOMS,
    answer,
    complete,
    offer_small_library,
    photo,
    start,
)

Given = Callable[[UUID], dict[str, object]]


@pytest.fixture(autouse=True)
def _small_library(app: Flask, tmp_path: Path) -> None:
    offer_small_library(app, tmp_path / "checklists")


@pytest.fixture
def given(database: Database, house: House) -> Given:
    """Returns the responses an audit keeps."""

    def read(audit_id: UUID) -> dict[str, object]:
        with database.transaction(
            organisation_scope(house.organisation_id), writing=False
        ) as reading:
            return dict(get_audit(reading, audit_id).given)

    return read


def test_an_audit_starts_where_the_first_item_is_open(owner: Visitor, house: House) -> None:
    audit_id = start(owner, house)

    resumed = owner.get(f"/audits/{audit_id}")

    assert resumed.location == f"/audits/{audit_id}/1"


def test_starting_without_choosing_says_what_to_choose(owner: Visitor) -> None:
    page = owner.post("/audits/new", site="", checklist="no-such", kind="self_audit")

    assert page.status_code == 422
    assert "Choose a site." in page.text
    assert "Choose what to look at." in page.text


@pytest.mark.parametrize(
    "wrong", [{"person_in_charge": "x" * 400}, {"present": "A," * 99 + "\x07"}]
)
def test_names_that_cannot_be_kept_are_said_beside_their_field(
    owner: Visitor, house: House, wrong: dict[str, str]
) -> None:
    chosen = {"site": str(house.site_id), "checklist": "small-check", "kind": "inspection"}

    page = owner.post("/audits/new", **chosen, **wrong)

    assert page.status_code == 422
    assert all(f'href="#{field}"' in page.text for field in wrong)
    assert 'value="small-check" checked' in page.text


def test_a_section_keeps_what_was_sent_and_leads_on(
    owner: Visitor, house: House, given: Given
) -> None:
    audit_id = start(owner, house)

    saved = owner.post(f"/audits/{audit_id}/1", **FIRST_SECTION, go="on")

    assert saved.location == f"/audits/{audit_id}/2"
    assert given(audit_id)["water_warm"] == {"value": "41.5"}


@pytest.mark.parametrize("typed", ["warm", "36.5.1", "NaN", "1e5", "9999"])
def test_a_refused_reading_stays_as_typed_and_nothing_is_kept(
    owner: Visitor, house: House, given: Given, typed: str
) -> None:
    audit_id = start(owner, house)

    page = owner.post(f"/audits/{audit_id}/1", **{**FIRST_SECTION, "water_warm": typed})

    assert page.status_code == 422
    assert f'value="{typed}"' in page.text
    assert 'href="#water_warm"' in page.text
    assert re.search(r'name="gloves_worn" value="yes" checked', page.text)
    assert given(audit_id) == {}


def test_a_comment_without_a_response_is_not_lost_unsaid(
    owner: Visitor, house: House, given: Given
) -> None:
    audit_id = start(owner, house)

    page = owner.post(f"/audits/{audit_id}/1", **{"water_warm.comment": "No thermometer"})

    assert page.status_code == 422
    assert "so that the comment can be kept" in page.text
    assert "No thermometer" in page.text
    assert given(audit_id) == {}


@pytest.mark.parametrize(
    "strange",
    [{"remove_photo": "none"}, {"go": "9" * 5000}, {"revision": "9" * 5000}, {"go": "name-moons"}],
)
def test_no_form_can_make_a_section_fail(
    owner: Visitor, house: House, given: Given, strange: dict[str, object]
) -> None:
    audit_id = start(owner, house)

    saved = owner.post(f"/audits/{audit_id}/1", gloves_worn="yes", **strange)

    assert saved.status_code == 302
    assert given(audit_id)["gloves_worn"] == {"value": "yes"}


def test_not_applicable_is_refused_where_everyone_must(owner: Visitor, house: House) -> None:
    audit_id = start(owner, house)

    page = owner.post(f"/audits/{audit_id}/1", **{**FIRST_SECTION, "gloves_worn": "na"})

    assert page.status_code == 422
    assert "This applies to every site." in page.text


def test_a_response_can_be_cleared(owner: Visitor, house: House, given: Given) -> None:
    audit_id = start(owner, house)
    owner.post(f"/audits/{audit_id}/1", **FIRST_SECTION)

    owner.post(f"/audits/{audit_id}/1", **{**FIRST_SECTION, "gloves_worn": ""})

    assert "gloves_worn" not in given(audit_id)


def test_every_way_out_of_a_section_saves(owner: Visitor, house: House, given: Given) -> None:
    audit_id = start(owner, house)
    ways = {
        "stay": f"/audits/{audit_id}/1",
        "away": "/audits/",
        "check": f"/audits/{audit_id}/check",
        "2": f"/audits/{audit_id}/2",
        "name-rooms": f"/audits/{audit_id}/subjects/rooms?number=1",
    }

    led = {go: owner.post(f"/audits/{audit_id}/1", **FIRST_SECTION, go=go).location for go in ways}

    assert led == ways
    assert given(audit_id)["gloves_worn"] == {"value": "yes"}


def test_what_someone_else_changed_meanwhile_is_shown_beside(
    owner: Visitor, signed_in: SignedIn, house: House, given: Given
) -> None:
    audit_id = start(owner, house)
    colleague = signed_in(Role.MANAGER)
    colleague.get(f"/audits/{audit_id}/1")
    owner.post(f"/audits/{audit_id}/1", gloves_worn="yes", revision="0")

    page = colleague.post(f"/audits/{audit_id}/1", gloves_worn="no", revision="0")
    again = re.search(r'name="revision" value="(\d+)"', page.text)
    assert again
    decided = colleague.post(f"/audits/{audit_id}/1", gloves_worn="no", revision=again[1])

    assert page.status_code == 422
    assert "Kept until now: Yes" in page.text
    assert decided.status_code == 302
    assert given(audit_id)["gloves_worn"] == {"value": "no"}


def test_rooms_are_named_before_they_are_asked_about(owner: Visitor, house: House) -> None:
    audit_id = start(owner, house)

    before = owner.get(f"/audits/{audit_id}/2")
    named = owner.post(before.location, labels="Blue room\nRed room")
    after = owner.get(named.location)

    assert before.location == f"/audits/{audit_id}/subjects/rooms?number=2"
    assert "Blue room" in after.text
    assert after.text.count("Is the room clean?") >= 2


def test_too_many_rooms_are_said_beside_the_list(owner: Visitor, house: House) -> None:
    audit_id = start(owner, house)
    many = "\n".join(map(str, range(MOST_SUBJECTS + 1)))

    page = owner.post(f"/audits/{audit_id}/subjects/rooms?number=2", labels=many)

    assert page.status_code == 422
    assert 'id="labels-error"' in page.text


def test_two_who_name_rooms_at_once_lose_none(owner: Visitor, house: House) -> None:
    audit_id = start(owner, house)
    address = f"/audits/{audit_id}/subjects/rooms?number=2"
    owner.post(address, labels="Blue room\nRed room")

    owner.post(address, shown="Blue room\nRed room", labels="Blue room\nAttic")
    named = owner.post(address, shown="Blue room\nRed room", labels="Blue room\nRed room\nCellar")

    page = owner.get(named.location).text
    assert all(room in page for room in ("Blue room", "Attic", "Cellar"))
    assert "Red room" not in page


def test_a_site_without_rooms_is_asked_nothing_about_them(owner: Visitor, house: House) -> None:
    audit_id = start(owner, house)
    owner.post(f"/audits/{audit_id}/1", **FIRST_SECTION)

    owner.post(f"/audits/{audit_id}/subjects/rooms?number=2", none="y")

    assert owner.get(f"/audits/{audit_id}").location == f"/audits/{audit_id}/check"


def test_naming_nothing_says_what_to_do(owner: Visitor, house: House) -> None:
    audit_id = start(owner, house)

    page = owner.post(f"/audits/{audit_id}/subjects/rooms?number=2", labels=" \n ")

    assert page.status_code == 422
    assert "tick that there are none" in page.text


def test_a_photo_is_kept_even_when_a_response_is_refused(
    owner: Visitor, house: House, given: Given
) -> None:
    audit_id = start(owner, house)
    sent = {"water_warm.photo": (photo(), "tap.jpg"), "water_warm": "warm"}

    page = owner.post(f"/audits/{audit_id}/1", **sent)
    address = re.search(r'src="(/audits/[^"]+\.jpg)"', page.text)
    assert address
    shown = owner.get(address[1])

    assert page.status_code == 422
    assert given(audit_id) == {}
    assert shown.mimetype == "image/jpeg"
    assert "no-store" in shown.headers["Cache-Control"]


def test_what_is_no_photo_is_refused_beside_its_item(owner: Visitor, house: House) -> None:
    audit_id = start(owner, house)
    script = photo()
    script.seek(0)
    script.write(b"<script>")
    script.seek(0)

    page = owner.post(
        f"/audits/{audit_id}/1", **{"water_warm.photo": (script, "tap.jpg"), "water_warm": "41"}
    )

    assert page.status_code == 422
    assert 'id="water_warm-error"' in page.text


def test_a_photo_taken_away_is_no_longer_shown(
    owner: Visitor, house: House, database: Database
) -> None:
    audit_id = start(owner, house)
    owner.post(f"/audits/{audit_id}/1", **{"water_warm.photo": (photo(), "tap.jpg")})
    scope = organisation_scope(house.organisation_id)
    with database.transaction(scope, writing=False) as reading:
        (kept,) = evidence_of(reading, audit_id)

    owner.post(f"/audits/{audit_id}/1", remove_photo=str(kept.id))

    with database.transaction(scope, writing=False) as reading:
        assert evidence_of(reading, audit_id) == []
    assert ".jpg" not in owner.get(f"/audits/{audit_id}/1").text


def test_one_photo_too_many_leaves_the_rest_as_it_was_sent(owner: Visitor, house: House) -> None:
    audit_id = start(owner, house)
    shades = [(photo(shade), "tap.jpg") for shade in range(MOST_PHOTOS + 1)]

    page = owner.post(f"/audits/{audit_id}/1", water_warm="41", **{"water_warm.photo": shades})

    assert page.status_code == 422
    assert f"at most {MOST_PHOTOS} photos" in page.text
    assert 'name="water_warm" value="41"' in page.text


def test_a_photo_of_what_the_audit_has_not_named_is_refused(owner: Visitor, house: House) -> None:
    audit_id = start(owner, house)

    page = owner.post(f"/audits/{audit_id}/1", **{"water_warm@7.photo": (photo(), "tap.jpg")})

    assert page.status_code == 422


def test_the_longest_section_can_be_sent(app: Flask) -> None:
    checklist = shipped_catalogue().get("full-hygiene", 1)
    subjects = tuple(Subject(id=str(number), label="One") for number in range(MOST_SUBJECTS))
    repeats = dict.fromkeys(RepeatGroup, subjects)
    known = situation(frozenset(Service), repeats, {})

    fields: Counter[str] = Counter()
    with app.test_request_context():
        for one in asked(checklist, known, repeats):
            fields[one.section.code] += len([*section_form([one])(meta={"csrf": False})])

    assert max(fields.values()) < app.config["MAX_FORM_PARTS"]


def test_check_leads_to_each_item_that_is_missing(owner: Visitor, house: House) -> None:
    audit_id = start(owner, house)
    owner.post(f"/audits/{audit_id}/1", gloves_worn="yes")

    page = owner.get(f"/audits/{audit_id}/check")

    assert "3 things are still missing" in page.text
    assert f'href="/audits/{audit_id}/1#water_warm"' in page.text
    assert f"/audits/{audit_id}/subjects/rooms?number=2" in page.text


def test_an_audit_is_completed_once_however_often_it_is_pressed(
    owner: Visitor, house: House
) -> None:
    audit_id = complete(owner, house)

    again = owner.post(f"/audits/{audit_id}/check")

    assert again.location == f"/audits/{audit_id}/result"


def test_completing_too_early_is_refused(owner: Visitor, house: House) -> None:
    audit_id = start(owner, house)

    page = owner.post(f"/audits/{audit_id}/check")

    assert page.status_code == 409


def test_a_completed_audit_shows_its_result_and_takes_no_more(
    owner: Visitor, house: House, given: Given
) -> None:
    audit_id = start(owner, house)
    answer(owner, audit_id, **{"gloves_worn.comment": "seen twice"})
    owner.post(f"/audits/{audit_id}/check")
    before = given(audit_id)

    page = owner.get(f"/audits/{audit_id}/result")
    late = owner.post(f"/audits/{audit_id}/2", **{**ROOMS, "room_clean@1": "no"})

    told = owner.get(late.location)

    assert "Pass" in page.text
    assert "100" in page.text
    assert "What you just sent is not part of it." in told.text
    assert late.location == f"/audits/{audit_id}/result"
    assert given(audit_id) == before


def test_a_failure_stands_first_with_its_order_and_day(owner: Visitor, house: House) -> None:
    audit_id = start(owner, house)
    sent = {**FIRST_SECTION, "gloves_worn": "no", "gloves_worn.comment": "none at hand"}
    owner.post(f"/audits/{audit_id}/subjects/rooms?number=2", none="y")
    owner.post(f"/audits/{audit_id}/1", **sent)
    owner.post(f"/audits/{audit_id}/check")

    page = owner.get(f"/audits/{audit_id}/result")

    assert "1 finding" in page.text
    assert "Stop until gloves are worn." in page.text
    assert "At the latest by 3 March 2026" in page.text
    assert "Fail" in page.text


def test_the_list_says_how_each_audit_stands(owner: Visitor, house: House) -> None:
    complete(owner, house)
    start(owner, house)

    page = owner.get("/audits/")

    assert "In progress" in page.text
    assert "Ready to sign" in page.text
