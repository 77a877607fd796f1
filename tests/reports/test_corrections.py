from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from reports.snapshot import Correction, Difference, Record, Snapshot, canonical
from tests.reports.judge import complaints
from tests.reports.printing import printed, small, text_of
from tests.reports.samples import sample_record, sample_snapshot

LATER = "2026-03-17T10:02:00-04:00"
GLOVES = Difference(
    number="2.1",
    prompt="Are gloves changed between clients?",
    about="Room 2",
    field="comment",
    before="The same pair was worn twice.",
    after="",
)


def corrected(*differences: Difference, reason: str = "Noted for the wrong room.") -> Record:
    correction = Correction(
        report="HGQG-GK2N-2XFN",
        reason=reason,
        by="Nora Juniper",
        at=LATER,
        outcome="fail",
        percent="71.4",
        differences=differences,
    )
    return small(correction=correction)


def test_a_corrected_report_says_what_differs_why_and_who_says_so() -> None:
    text = text_of(printed(corrected(GLOVES)))

    for said in (
        "Corrected report. It replaces report HGQG-GK2N-2XFN, which no longer stands.",
        "Noted for the wrong room.",
        "Nora Juniper",
        "17 March 2026, 10:02",
        "Fail, 71.4 %",
        GLOVES.prompt,
        GLOVES.about,
        GLOVES.before,
        "Nothing",
    ):
        assert said in text


def test_a_first_report_speaks_of_no_correction() -> None:
    text = text_of(printed(small()))

    assert "orrected report" not in text
    assert "What was corrected" not in text


def test_a_corrected_report_keeps_the_rules_of_the_archive(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(printed(corrected(*[GLOVES] * 60)))

    assert complaints(path) == []


@pytest.mark.parametrize("letters", [160, 1000])
def test_the_first_page_keeps_its_room_whatever_the_reason(letters: int) -> None:
    reason = ("Noted for the wrong room. " * 40)[:letters].strip()
    whole = sample_record(photos=0, correction=corrected(GLOVES, reason=reason).correction)

    pages = PdfReader(BytesIO(printed(whole))).pages

    assert "Check this report" in pages[0].extract_text()
    assert "What was corrected" in pages[1].extract_text()


def test_a_record_that_corrects_nothing_keeps_the_digest_of_earlier_records() -> None:
    snapshot = sample_snapshot()

    assert b'"correction"' not in canonical(snapshot)
    assert Snapshot.read(canonical(snapshot)) == snapshot


def test_a_correction_travels_in_the_snapshot() -> None:
    snapshot = sample_snapshot(corrected(GLOVES))

    assert Snapshot.read(canonical(snapshot)) == snapshot
