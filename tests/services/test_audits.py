from functools import partial
from uuid import UUID

import pytest

from audit.domain.definitions import RepeatGroup
from audit.errors import Conflict, Invalid
from audit.services.audits import complete_audit, name_subjects, what_is_missing
from audit.services.changes import Edit, History
from audit.services.reports import issue_report, read_record
from audit.services.signatures import MEANINGS, Signing, sign_audit
from audit.services.visits import open_audit, repeats_of
from audit.store.audits import changes_of, get_audit
from audit.store.findings import findings_of
from audit.store.journal import entries
from audit.store.reports import report_of
from audit.store.signatures import Part
from reports.verify import Trust, verify
from tests.factories import NOW, make_evidence
from tests.services.conftest import GIVEN, Desk

FAILING = {**GIVEN, "gloves_worn": {"value": "no", "comment": "Bare hands at station 2."}}


def completed(desk: Desk, given: dict[str, dict[str, str]] = GIVEN) -> UUID:
    audit_id = desk.start()
    desk.record(audit_id, **given)
    with desk.scoped() as session:
        complete_audit(session, audit_id, shelf=desk.shelf, by=desk.by, now=desk.later)
    return audit_id


def sign(desk: Desk, audit_id: UUID, part: Part, **more: object) -> None:
    signing = Signing(part=part, name="Who Signs", role="Role", meaning=MEANINGS[part], **more)  # type: ignore[arg-type]  # a test's extras
    with desk.scoped() as session:
        sign_audit(session, audit_id, signing, by=desk.by, now=desk.later)


def test_an_audit_keeps_the_edition_it_was_started_with(desk: Desk) -> None:
    audit_id = desk.start()

    with desk.scoped() as session:
        audit = get_audit(session, audit_id)
        kept = (audit.checklist_code, audit.checklist_version, audit.pack_code)

    assert kept == ("small-check", "1", "us-ut")


def test_one_refused_response_keeps_all_of_them_out(desk: Desk) -> None:
    audit_id = desk.start()

    with pytest.raises(Invalid) as refused:
        desk.record(audit_id, gloves_worn={"value": "yes"}, water_warm={"value": "12,5,0"})

    assert list(refused.value.places) == ["water_warm"]
    with desk.scoped() as session:
        assert get_audit(session, audit_id).given == {}


@pytest.mark.parametrize("typed", ["NaN", "1e999", "12,5,0", "Infinity", "٣٦", "0x10", "1_000"])
def test_an_impossible_reading_is_refused_in_words(desk: Desk, typed: str) -> None:
    audit_id = desk.start()

    with pytest.raises(Invalid) as refused:
        desk.record(audit_id, water_warm={"value": typed})

    assert "number in °C" in refused.value.places["water_warm"]


def test_not_applicable_is_refused_where_the_item_forbids_it(desk: Desk) -> None:
    audit_id = desk.start()

    with pytest.raises(Invalid) as refused:
        desk.record(audit_id, gloves_worn={"value": "na"})

    assert "every site" in refused.value.places["gloves_worn"]


def test_the_same_responses_again_change_nothing(desk: Desk) -> None:
    audit_id = desk.start()
    first = desk.record(audit_id, **GIVEN)

    again = desk.record(audit_id, **GIVEN)

    # Naming the rooms was the first change.
    assert again == first == len(GIVEN) + 1


def test_a_response_someone_else_changed_meanwhile_is_not_overwritten(desk: Desk) -> None:
    audit_id = desk.start()
    seen = desk.record(audit_id, water_warm={"value": "40"})
    desk.record(audit_id, revision=seen, water_warm={"value": "42"})

    with pytest.raises(Conflict) as refused:
        desk.record(audit_id, revision=seen, water_warm={"value": "39"})

    assert list(refused.value.places) == ["water_warm"]
    with desk.scoped() as session:
        assert get_audit(session, audit_id).given["water_warm"]["value"] == "42"


def test_every_change_of_a_response_stays_readable(desk: Desk) -> None:
    audit_id = desk.start()
    desk.record(audit_id, water_warm={"value": "40"})

    desk.record(audit_id, water_warm={"value": "41"})

    with desk.scoped() as session:
        before_and_after = [
            ((one.before or {}).get("value"), (one.after or {}).get("value"))
            for one in changes_of(session, audit_id, "water_warm")
        ]
    assert before_and_after == [(None, "40"), ("40", "41")]


def test_an_audit_with_something_missing_is_not_completed(desk: Desk) -> None:
    audit_id = desk.start()
    desk.record(audit_id, gloves_worn={"value": "no"})

    with desk.scoped() as session:
        opened = open_audit(session, get_audit(session, audit_id), desk.catalogue)
        missing = [
            (one.words, one.asked and one.asked.key) for one in what_is_missing(opened, now=NOW)
        ]
    with pytest.raises(Conflict), desk.scoped() as session:
        complete_audit(session, audit_id, shelf=desk.shelf, by=desk.by, now=desk.later)

    assert missing[0] == ("Add a comment that says what you saw.", "gloves_worn")
    assert {key for _, key in missing[1:]} == set(GIVEN) - {"gloves_worn"}


def test_a_failed_reading_wants_its_photo(desk: Desk) -> None:
    audit_id = desk.start()
    desk.record(audit_id, **{**GIVEN, "water_warm": {"value": "20"}})

    with desk.scoped() as session:
        opened = open_audit(session, get_audit(session, audit_id), desk.catalogue)
        missing = what_is_missing(opened, now=NOW)

    assert [one.words for one in missing] == ["Add a photo."]


def test_rooms_that_have_responses_cannot_be_left_out(desk: Desk) -> None:
    audit_id = desk.start()
    desk.record(audit_id, **GIVEN)

    with pytest.raises(Invalid), desk.scoped() as session:
        name_subjects(session, audit_id, RepeatGroup.ROOMS, ["One"], by=desk.by, now=NOW)


def test_rooms_of_one_name_are_told_apart_and_keep_their_ids(desk: Desk) -> None:
    audit_id = desk.start()
    with desk.scoped() as session:
        room = partial(name_subjects, session, audit_id, RepeatGroup.ROOMS, by=desk.by, now=NOW)
        room(["One", "One", "Two"])
        room(["One", "One (2)", "One", "Two"])

        named = get_audit(session, audit_id).repeats["rooms"]

    assert [(one["id"], one["label"]) for one in named] == [
        ("1", "One"),
        ("3", "One (2)"),
        ("4", "One (3)"),
        ("2", "Two"),
    ]


def test_rooms_a_tablet_gave_one_name_stay_two(desk: Desk) -> None:
    audit_id = desk.start()
    named = {"subjects": [{"id": one, "label": "Room"} for one in ("r1", "r2")]}
    edit = Edit(key="subjects:rooms", after=named, person_id=desk.by.id, via="tablet")
    with desk.scoped() as session:
        History(session, get_audit(session, audit_id, hold=True)).write(edit, now=NOW)

    desk.record(audit_id, **{"room_clean@r1": {"value": "yes"}, "room_clean@r2": {"value": "yes"}})
    with desk.scoped() as session:
        audit = get_audit(session, audit_id)
        seen = [one.label for one in repeats_of(audit)[RepeatGroup.ROOMS]]
        name_subjects(session, audit_id, RepeatGroup.ROOMS, seen, by=desk.by, now=NOW)
        kept = [one["id"] for one in audit.repeats["rooms"]]

    assert seen == ["Room", "Room (2)"]
    assert kept == ["r1", "r2"]


def test_room_with_nothing_but_a_photo_cannot_be_left_out(desk: Desk) -> None:
    audit_id = desk.start()
    with desk.scoped() as session:
        make_evidence(session, get_audit(session, audit_id), key="room_clean@2")

    with pytest.raises(Invalid), desk.scoped() as session:
        name_subjects(session, audit_id, RepeatGroup.ROOMS, ["One"], by=desk.by, now=NOW)


def test_completing_raises_findings_and_closes_the_responses(desk: Desk) -> None:
    audit_id = completed(desk, FAILING)

    with desk.scoped() as session:
        finding = findings_of(session, audit_id)[0]
        outcome = get_audit(session, audit_id).outcome
    with pytest.raises(Conflict):
        desk.record(audit_id, water_warm={"value": "44"})

    assert (finding.item_code, (finding.due_on - finding.raised_on).days) == ("gloves_worn", 1)  # type: ignore[operator]  # open, so it has a day
    assert outcome == "fail"


def test_law_of_another_place_is_not_printed_as_law(desk: Desk) -> None:
    audit_id = completed(desk)

    with desk.scoped() as session:
        record = read_record(get_audit(session, audit_id), desk.shelf.blobs)

    clauses = record.sections[0].lines[0].clauses
    assert [(clause.fact, clause.law) for clause in clauses] == [("gloves-law", True)]


def test_the_inspector_signs_first_and_nobody_twice(desk: Desk) -> None:
    audit_id = completed(desk)

    with pytest.raises(Conflict):
        sign(desk, audit_id, Part.PERSON_IN_CHARGE)
    sign(desk, audit_id, Part.INSPECTOR)
    with pytest.raises(Conflict):
        sign(desk, audit_id, Part.INSPECTOR)


def test_a_refusal_needs_its_reason(desk: Desk) -> None:
    audit_id = completed(desk)
    sign(desk, audit_id, Part.INSPECTOR)

    with pytest.raises(Invalid) as refused:
        sign(desk, audit_id, Part.PERSON_IN_CHARGE, refused=True)

    assert list(refused.value.places) == ["reason"]


def test_a_signed_audit_gets_one_report_that_verifies(desk: Desk) -> None:
    audit_id = completed(desk, FAILING)
    sign(desk, audit_id, Part.INSPECTOR, strokes=((10, 20, 300, 40), (5, 5, 9, 9)))
    sign(desk, audit_id, Part.PERSON_IN_CHARGE, refused=True, reason="I was not there.")

    with desk.scoped() as session:
        issue_report(session, audit_id, press=desk.press, by=desk.by, now=desk.later)
    with pytest.raises(Conflict), desk.scoped() as session:
        issue_report(session, audit_id, press=desk.press, by=desk.by, now=desk.later)

    with desk.scoped() as session:
        report = report_of(session, audit_id)
        assert report is not None
        sealed = desk.shelf.blobs.get(report.digest)
    assert verify(sealed, Trust(pinned=desk.press.keys.pinned())).standing == "PASSED"


def test_each_act_writes_one_journal_entry(desk: Desk) -> None:
    audit_id = completed(desk)
    sign(desk, audit_id, Part.INSPECTOR)
    with desk.scoped() as session:
        issue_report(session, audit_id, press=desk.press, by=desk.by, now=desk.later)

    with desk.scoped() as session:
        acts = [entry.act for entry in reversed(entries(session, audit_id))]

    assert acts == [
        "start_audit",
        "name_subjects",
        "record_responses",
        "complete_audit",
        "sign_audit",
        "issue_report",
    ]
