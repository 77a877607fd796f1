"""Shorter layouts of a report: less is printed, and all that is checked stays checked."""

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from reports.render import render
from reports.seal import seal
from reports.snapshot import Layout, Snapshot, canonical, photo_digests
from reports.verify import Trust, verify
from tests.reports.genuine import NOW, key
from tests.reports.judge import complaints
from tests.reports.printing import small, text_of
from tests.reports.samples import (
    photo,
    sample_finding,
    sample_line,
    sample_photos,
    sample_record,
    sample_section,
    sample_snapshot,
)

SHORT: tuple[Layout, ...] = ("summary", "findings")


def whole(layout: Layout) -> Snapshot:
    return sample_snapshot(sample_record(topics=24), layout=layout)


def printed(layout: Layout) -> bytes:
    return render(whole(layout), sample_photos())


def test_a_summary_has_two_pages_however_much_was_asked() -> None:
    pdf = printed("summary")

    assert len(PdfReader(BytesIO(pdf)).pages) == 2
    text = text_of(pdf)
    record = whole("summary").record
    assert "more findings in the full report" in text
    assert "How to check this report" in text
    for said in (record.site.name, record.scoring.because, "Refused to sign"):
        assert said in text


def test_findings_alone_leave_out_what_was_met() -> None:
    text = text_of(printed("findings"))

    record = whole("findings").record
    assert all(one.order in text for one in record.findings)
    met = [line.comment for line in record.sections[-1].lines if line.standing == "met"]
    assert not any(comment in text for comment in met if comment)
    assert "How it was scored" not in text


@pytest.mark.parametrize("layout", SHORT)
def test_a_short_layout_names_the_report_it_is_taken_from(layout: Layout) -> None:
    assert f"Taken from report {whole(layout).code}" in text_of(printed(layout))


@pytest.mark.parametrize("layout", SHORT)
def test_a_short_layout_is_verified_by_printing_it_again(layout: Layout) -> None:
    sealed = seal(printed(layout), key(), NOW)

    verdict = verify(sealed, Trust(pinned=(key().ca_certificate_pem,)))

    assert verdict.standing == "PASSED", verdict.reasons
    assert verdict.report == whole(layout).code


@pytest.mark.parametrize("layout", SHORT)
def test_a_short_layout_keeps_the_rules_of_the_archive(layout: Layout, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(printed(layout))

    assert complaints(path) == []


def test_only_photos_that_are_printed_travel_along() -> None:
    shown_with_it = sample_line(0, 0, photos=(photo(1),))
    section = sample_section(0, (shown_with_it,))
    found = small(sections=(section,), findings=(sample_finding(shown_with_it),))
    met = small(sections=(section,), findings=())

    assert photo_digests(found, "summary") == ()
    assert photo_digests(found, "findings") == (photo(1).digest,)
    assert photo_digests(met, "findings") == ()
    assert photo_digests(met) == (photo(1).digest,)


def test_the_usual_layout_leaves_the_digest_as_it_was() -> None:
    assert b'"layout"' not in canonical(whole("full"))
    assert Snapshot.read(canonical(whole("summary"))) == whole("summary")
