import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from reports.snapshot import Finding, Signature
from reports.words import DASH
from tests.reports.printing import printed, small, text_of
from tests.reports.samples import (
    sample_cycle,
    sample_finding,
    sample_line,
    sample_record,
    sample_section,
    sample_signatures,
    sample_snapshot,
)


def test_all_that_was_recorded_is_printed(report: bytes) -> None:
    snapshot = sample_snapshot()
    record = snapshot.record
    text = text_of(report)
    said = [
        *(line.prompt for section in record.sections for line in section.lines),
        *(line.number for section in record.sections for line in section.lines),
        *(line.comment for section in record.sections for line in section.lines),
        *(section.title for section in record.sections),
        *(one.order for one in record.findings),
        *(one.because for one in [record.scoring]),
        *(rate.label for rate in record.rates),
        *(person.name for person in record.practitioners),
        *(held.kind for person in record.practitioners for held in person.credentials),
        *record.not_seen,
        *record.services,
        *(one.meaning for one in snapshot.signatures if not one.refused),
        *(one.reason for one in snapshot.signatures),
        *(one.credential for one in snapshot.signatures),
        record.digest(),
        snapshot.digest(),
        snapshot.code,
        "Inspector",
        f"59.6 {DASH} 98.2",
        "Refused to sign",
    ]

    missing = [one for one in said if " ".join(one.split()) not in text]

    assert missing == []


def test_nobody_who_refused_is_shown_to_have_declared_anything(report: bytes) -> None:
    refusals = [one for one in sample_snapshot().signatures if one.refused]

    assert refusals
    assert not any(one.meaning in text_of(report) for one in refusals)


def test_every_page_says_what_it_is(report: bytes) -> None:
    pages = [page.extract_text() for page in PdfReader(BytesIO(report)).pages]
    digest = sample_record().digest()

    for number, page in enumerate(pages, 1):
        assert f"Page {number} of" in page
        assert "HA-7Q4M-2XKD" in page
        assert f"Record {digest[:4]} {digest[4:8]}" in page
        assert "Demonstration: made-up data" in page
    assert all(re.search(rf"\b{len(pages)}\b", page) for page in pages)


def test_a_real_report_bears_no_sign_of_a_demonstration() -> None:
    assert "Demonstration" not in text_of(printed(small(demo=False)))


def test_findings_stand_worst_first_and_open_before_corrected() -> None:
    record = sample_record(photos=0)
    text = text_of(printed(record))
    chapter = text[text.index("Findings") : text.index("Corrective actions")]
    expected = [
        one.number
        for corrected in (False, True)
        for severity in ("critical", "major", "minor")
        for one in record.findings
        if one.severity == severity and one.corrected == corrected
    ]

    places = [chapter.index(f"{number} ") for number in expected]

    assert places == sorted(places)


def test_the_first_page_names_five_findings_and_counts_the_rest() -> None:
    line = sample_line(0, 5)
    many = tuple(sample_finding(line, number=f"9.{at}") for at in range(9))

    first = PdfReader(BytesIO(printed(small(findings=many)))).pages[0].extract_text()

    assert "9.4" in first
    assert "9.5" not in first
    assert "4 more findings" in first


def test_a_clean_audit_says_so() -> None:
    record = small(
        findings=(), cycles=(), rates=(), practitioners=(), not_seen=(), pack=None, sections=()
    )

    text = text_of(printed(record, signatures=()))

    assert "Nothing is left to put right." in text
    assert "Every item that was asked and applied was met." in text
    assert "Nobody has signed this report." in text
    assert "Rules cited" not in text


def test_a_section_without_points_prints_a_dash() -> None:
    line = sample_line(0, 0, standing="not_applicable", possible="0", earned="0", response="")
    record = small(sections=(sample_section(0, (line,)),), findings=())

    assert f"{DASH} · {DASH}" in text_of(printed(record))


def test_law_and_guidance_are_told_apart(report: bytes) -> None:
    rules = text_of(report)
    rules = rules[rules.index("Rules cited") :]

    assert re.search(r"Law\s+Ontario", rules)
    assert re.search(r"Guidance\s+CDC", rules)


def test_an_order_and_a_day_that_were_not_given_are_said_to_be_missing() -> None:
    line = sample_line(0, 5)
    bare = sample_finding(line, order="", due_on=None, clauses=(), body_class="")
    fixed = sample_finding(line, order="", corrected=True, about="Autoclave 1")

    text = text_of(printed(small(findings=(bare, fixed))))

    assert "No order was given." in text
    assert "no date set" in text
    assert "Autoclave 1" in text


def test_a_cycle_that_fell_short_and_has_no_curve_says_both() -> None:
    cycle = sample_cycle().model_copy(update={"met": False, "points": ()})
    level = sample_cycle(2)
    flat = tuple(
        point.model_copy(update={"celsius": "134", "kilopascal": None}) for point in level.points
    )
    record = small(cycles=(cycle, level.model_copy(update={"points": flat[:1]}), level))

    text = text_of(printed(record))

    assert "Fell short" in text
    assert "No curve was recorded." in text


@pytest.mark.parametrize("strokes", [((),), ((5,),), ((5, 5),), ((-9, 4, 99999, 99999),)])
def test_any_drawn_signature_stays_in_its_box(strokes: tuple[tuple[int, ...], ...]) -> None:
    record = small()
    drawn = sample_signatures(record)[0].model_copy(update={"strokes": strokes})

    pdf = printed(record, signatures=(Signature.model_validate(drawn.model_dump()),))

    assert pdf.startswith(b"%PDF-1.7")


@pytest.mark.parametrize("outcome", ["pass", "pass_with_conditions", "fail", "closed"])
@pytest.mark.parametrize("percent", ["88.5", None])
def test_each_outcome_has_its_word_on_the_first_page(outcome: str, percent: str | None) -> None:
    record = small()
    none = None if percent is None else "90"
    changes = {"outcome": outcome, "percent": percent, "best": none, "worst": none, "excluded": ()}
    scoring = record.scoring.model_copy(update=changes)

    first = PdfReader(BytesIO(printed(small(scoring=scoring)))).pages[0].extract_text()

    words = {"pass_with_conditions": "Pass with conditions", "closed": "Closed"}
    assert words.get(outcome, outcome.capitalize()) in first


def test_each_standing_has_its_word() -> None:
    standings = (
        "met",
        "not_met",
        "corrected",
        "partly_met",
        "not_applicable",
        "not_observed",
        "unscored",
    )
    lines = tuple(sample_line(0, at, standing=one) for at, one in enumerate(standings))
    record = small(sections=(sample_section(0, lines),))

    text = text_of(printed(record))

    for word in ("Met", "Not met", "Corrected", "Partly met", "Not applicable", "Noted"):
        assert word in text


def test_findings_of_the_sample_cover_each_severity() -> None:
    severities = {one.severity for one in sample_record().findings}

    assert severities == {"critical", "major", "minor"}
    assert all(isinstance(one, Finding) for one in sample_record().findings)
