from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from uuid import UUID

import pytest
from PIL import Image

from audit.domain.lifecycle import AuditState
from audit.errors import Conflict, Invalid
from audit.services.audits import complete_audit
from audit.services.changes import Edit, History
from audit.services.corrections import begin_correction, discard_correction, end_of_visit
from audit.services.differences import differences
from audit.services.evidence import Taken, add_photo, take_photo_away
from audit.services.findings import close_finding
from audit.services.reports import issue_report, read_record
from audit.services.signatures import MEANINGS, Signing, sign_audit
from audit.services.withdrawals import withdraw_report
from audit.store.audits import changes_of, get_audit
from audit.store.evidence import evidence_of
from audit.store.findings import list_open_findings
from audit.store.photos import PlainPhoto
from audit.store.reports import ReportState, get_report
from audit.store.signatures import Part
from reports.snapshot import Correction, Record
from reports.verify import Trust, verify
from tests.services.conftest import GIVEN, Desk

BARE = {"value": "no", "comment": "Bare hands."}
WHY = "Gloves were worn after all; the wrong room was noted."


@dataclass(frozen=True)
class Office:
    """A desk at which whole reports are made and corrected."""

    desk: Desk

    def report(self, audit_id: UUID, *, days: int = 0) -> str:
        desk, when = self.desk, self.desk.later + timedelta(days=days)
        with desk.scoped() as session:
            complete_audit(session, audit_id, shelf=desk.shelf, by=desk.by, now=when)
            sign_audit(session, audit_id, SIGNING, by=desk.by, now=when)
            return issue_report(session, audit_id, press=desk.press, by=desk.by, now=when).code

    def first(self) -> tuple[UUID, str]:
        """Report an audit with bare hands and one photo."""
        audit_id = self.desk.start()
        self.desk.record(audit_id, None, **{**GIVEN, "gloves_worn": BARE})
        self.picture(audit_id)
        return audit_id, self.report(audit_id)

    def picture(self, audit_id: UUID, shade: int = 90) -> None:
        desk, made = self.desk, BytesIO()
        Image.new("RGB", (64, 48), (shade, 128, 128)).save(made, "JPEG")
        plain = PlainPhoto(data=made.getvalue(), width=64, height=48)
        taken = Taken(audit_id=audit_id, key="water_warm", photo=plain)
        with desk.scoped() as session:
            add_photo(session, taken, shelf=desk.shelf, by=desk.by, now=desk.later)

    def begin(self, code: str, reason: str = WHY) -> UUID:
        desk, when = self.desk, self.desk.later + timedelta(days=3)
        with desk.scoped() as session:
            return begin_correction(session, code, reason=reason, by=desk.by, now=when).id

    def record_of(self, audit_id: UUID) -> Record:
        with self.desk.scoped() as session:
            return read_record(get_audit(session, audit_id), self.desk.shelf.blobs)

    def correction_of(self, audit_id: UUID) -> Correction:
        found = self.record_of(audit_id).correction
        assert found is not None
        return found


SIGNING = Signing(
    part=Part.INSPECTOR, name="Ines Ray", role="Owner", meaning=MEANINGS[Part.INSPECTOR]
)


@pytest.fixture
def office(desk: Desk) -> Office:
    return Office(desk)


def test_a_correction_opens_the_visit_as_it_was_closed(office: Office, desk: Desk) -> None:
    first, code = office.first()

    again = office.begin(code)

    with desk.scoped() as session:
        before, audit = get_audit(session, first), get_audit(session, again)
        assert audit.given == before.given
        assert audit.repeats == before.repeats
        assert audit.checklist_digest == before.checklist_digest
        assert audit.started_at == before.started_at
        assert audit.state is AuditState.IN_PROGRESS
        assert [one.digest for one in evidence_of(session, again)] == [
            one.digest for one in evidence_of(session, first)
        ]
        assert {one.via for one in changes_of(session, again)} == {"correction"}


def test_a_corrected_report_supersedes_the_first_and_lists_what_differs(
    office: Office, desk: Desk
) -> None:
    first, code = office.first()
    again = office.begin(code)
    desk.record(again, gloves_worn={"value": "yes"})
    office.picture(again, shade=30)

    second = office.report(again, days=4)

    said = office.correction_of(again)
    assert (said.report, said.reason, said.by) == (code, WHY, desk.by.name)
    assert said.outcome == "fail"
    assert [(one.field, one.before, one.after) for one in said.differences] == [
        ("response", "No", "Yes"),
        ("comment", "Bare hands.", ""),
        ("photos", "1 photo", "2 photos (1 added)"),
    ]
    with desk.scoped() as session:
        assert get_report(session, code).state is ReportState.SUPERSEDED
        assert get_report(session, second).state is ReportState.CURRENT
        assert get_report(session, second).replaces == get_report(session, code).id
        assert get_audit(session, first).state is AuditState.AMENDED


def test_both_files_verify_and_the_first_stays_to_the_byte(office: Office, desk: Desk) -> None:
    _, code = office.first()
    with desk.scoped() as session:
        digest = get_report(session, code).digest
    again = office.begin(code)
    desk.record(again, gloves_worn={"value": "yes"})

    second = office.report(again)

    trust = Trust(pinned=desk.press.keys.pinned(), issued=lambda _: None)
    with desk.scoped() as session:
        assert get_report(session, code).digest == digest
        for one in (code, second):
            pdf = desk.press.blobs.get(get_report(session, one).digest)
            assert verify(pdf, trust).standing == "PASSED"


def test_a_correction_is_judged_as_of_the_visit(office: Office, desk: Desk) -> None:
    first, code = office.first()
    again = office.begin(code)
    desk.record(again, water_warm={"value": "20", "comment": "Cold."})

    office.report(again, days=30)

    before, after = office.record_of(first), office.record_of(again)
    due = {one.number: one.due_on for one in before.findings}
    assert after.completed_at == before.completed_at
    assert after.correction is not None
    assert after.correction.at > before.completed_at
    assert due.items() <= {one.number: one.due_on for one in after.findings}.items()


def test_what_a_correction_lacks_is_looked_at_as_of_the_visit(office: Office, desk: Desk) -> None:
    first, code = office.first()
    again = office.begin(code)
    much_later = desk.later + timedelta(days=400)

    with desk.scoped() as session:
        before, audit = get_audit(session, first), get_audit(session, again)

        assert end_of_visit(session, audit, much_later) == before.completed_at
        assert end_of_visit(session, before, much_later) == much_later


def test_findings_count_once_before_and_after(office: Office, desk: Desk) -> None:
    first, code = office.first()
    again = office.begin(code)
    desk.record(again, water_warm={"value": "20", "comment": "Cold."})
    with desk.scoped() as session:
        complete_audit(session, again, shelf=desk.shelf, by=desk.by, now=desk.later)
        sign_audit(session, again, SIGNING, by=desk.by, now=desk.later)
    with desk.scoped() as session:
        open_then = list_open_findings(session)
        assert {one.audit_id for one in open_then} == {first}
        close_finding(session, open_then[0].id, by=desk.by, now=desk.later)

    with desk.scoped() as session:
        issue_report(session, again, press=desk.press, by=desk.by, now=desk.later)

    with desk.scoped() as session:
        assert [one.item_code for one in list_open_findings(session)] == ["water_warm"]


def test_photos_exchanged_are_told_though_their_number_is_the_same(
    office: Office, desk: Desk
) -> None:
    _, code = office.first()
    again = office.begin(code)
    office.picture(again, shade=30)
    with desk.scoped() as session:
        old = evidence_of(session, again)[0]
        take_photo_away(session, old.id, by=desk.by, now=desk.later)

    office.report(again)

    told = [(one.before, one.after) for one in office.correction_of(again).differences]
    assert told == [("1 photo", "1 photo (1 taken away, 1 added)")]


def test_a_correction_that_changes_nothing_is_not_closed(office: Office, desk: Desk) -> None:
    _, code = office.first()
    again = office.begin(code)

    with pytest.raises(Conflict, match="Nothing differs"):
        office.report(again)

    with desk.scoped() as session:
        assert get_audit(session, again).state is AuditState.IN_PROGRESS
        assert get_report(session, code).state is ReportState.CURRENT


def test_a_report_is_corrected_once_at_a_time(office: Office, desk: Desk) -> None:
    _, code = office.first()
    again = office.begin(code)

    with pytest.raises(Conflict, match="being corrected already"):
        office.begin(code)

    with desk.scoped() as session:
        discard_correction(session, again, by=desk.by, now=desk.later)
    assert office.begin(code) != again


def test_a_discarded_correction_leaves_the_report_as_it_stood(office: Office, desk: Desk) -> None:
    first, code = office.first()
    again = office.begin(code)

    with desk.scoped() as session:
        stands = discard_correction(session, again, by=desk.by, now=desk.later)
        assert stands.code == code

    with desk.scoped() as session:
        assert get_report(session, code).state is ReportState.CURRENT
        assert get_audit(session, first).state is AuditState.REPORTED
        assert get_audit(session, again).state is AuditState.WITHDRAWN


def test_a_corrected_report_can_be_corrected_again(office: Office, desk: Desk) -> None:
    _, code = office.first()
    again = office.begin(code)
    desk.record(again, gloves_worn={"value": "yes"})
    second = office.report(again)

    third = office.begin(second, "The water was measured wrongly.")
    desk.record(third, water_warm={"value": "39"})
    office.report(third)

    assert office.correction_of(third).report == second
    assert [one.field for one in office.correction_of(third).differences] == ["response"]
    with pytest.raises(Conflict):
        office.begin(code)


def test_a_withdrawn_report_is_not_corrected(office: Office, desk: Desk) -> None:
    _, code = office.first()
    again = office.begin(code)
    desk.record(again, gloves_worn={"value": "yes"})
    with desk.scoped() as session:
        withdraw_report(session, code, reason="Made up.", by=desk.by, now=desk.later)

    with pytest.raises(Conflict, match="withdrawn meanwhile"):
        office.report(again)

    with pytest.raises(Conflict):
        office.begin(code)


def test_a_correction_needs_a_reason(office: Office) -> None:
    _, code = office.first()

    with pytest.raises(Invalid) as refused:
        office.begin(code, "  ")

    assert set(refused.value.places) == {"reason"}


def test_a_correction_tells_what_differs_in_each_of_two_rooms_of_one_name(
    office: Office, desk: Desk
) -> None:
    rooms = {"subjects": [{"id": one, "label": "Room"} for one in ("r1", "r2")]}
    named = Edit(key="subjects:rooms", after=rooms, person_id=desk.by.id, via="tablet")
    audit_id = desk.start()
    with desk.scoped() as session:
        History(session, get_audit(session, audit_id, hold=True)).write(named, now=desk.later)
    whole = {key: one for key, one in GIVEN.items() if "@" not in key}
    clean = {f"room_clean@{one}": {"value": "yes"} for one in ("r1", "r2")}
    desk.record(audit_id, **whole, **clean)
    again = office.begin(office.report(audit_id))
    desk.record(again, **{"room_clean@r1": {"value": "no", "comment": "Dirty."}})

    office.report(again)

    found = [(one.about, one.field, one.after) for one in office.correction_of(again).differences]
    assert found == [("Room", "response", "No"), ("Room", "comment", "Dirty.")]


def test_namesakes_in_a_record_are_compared_each_with_its_own(office: Office) -> None:
    audit_id, _ = office.first()
    record = office.record_of(audit_id)
    before = _renamed(record, "Room")
    lines = before.sections[-1].lines
    said = lines[0].model_copy(update={"comment": "Dirty."})
    last = before.sections[-1].model_copy(update={"lines": (said, *lines[1:])})
    after = before.model_copy(update={"sections": (*before.sections[:-1], last)})

    found = differences(before, after)

    assert len(lines) == 2
    assert [(one.about, one.field, one.after) for one in found] == [("Room", "comment", "Dirty.")]


def _renamed(record: Record, about: str) -> Record:
    """Return a record of a time when two rooms could have one name."""
    sections = [
        section.model_copy(
            update={
                "lines": tuple(
                    line.model_copy(update={"about": about if line.about else ""})
                    for line in section.lines
                )
            }
        )
        for section in record.sections
    ]
    return record.model_copy(update={"sections": tuple(sections)})
