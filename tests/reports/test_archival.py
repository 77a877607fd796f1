"""A report keeps the rules of PDF/A-3a and PDF/UA-1, sealed or not, whatever people wrote."""

import re
from io import BytesIO
from pathlib import Path

import pikepdf

from tests.reports.genuine import genuine
from tests.reports.judge import complaints, elements
from tests.reports.printing import one_line, printed, small
from tests.reports.samples import sample_finding, sample_line, sample_section


def judged(folder: Path, pdf: bytes) -> list[str]:
    path = folder / "report.pdf"
    path.write_bytes(pdf)
    return complaints(path)


def test_a_full_report_keeps_the_rules(report: bytes, tmp_path: Path) -> None:
    assert judged(tmp_path, report) == []


def test_the_seal_leaves_the_rules_kept(tmp_path: Path) -> None:
    assert judged(tmp_path, genuine()) == []


def test_foreign_letters_and_control_characters_break_no_rule(tmp_path: Path) -> None:
    text = "AT&T <b>\x07 \u202eabc 卫生检查 ✓ \U0001f600 Nguyễn"
    site = small().site.model_copy(update={"name": text})
    record = one_line(text).model_copy(update={"site": site})

    assert judged(tmp_path, printed(record)) == []


def test_a_row_taller_than_a_page_breaks_no_rule(tmp_path: Path) -> None:
    lines = (sample_line(0, 0, comment="A word that goes on. " * 700), sample_line(0, 1))
    record = small(sections=(sample_section(0, lines),), findings=())

    assert judged(tmp_path, printed(record)) == []


def test_a_finding_is_headed_by_its_severity_and_its_words() -> None:
    finding = sample_finding(sample_line(0, 0), severity="critical")

    with pikepdf.open(BytesIO(printed(small(findings=(finding,))))) as pdf:
        headings = [one for one in elements(pdf) if one.S == "/H2"]

        assert [len(one.K) for one in headings].count(2) == 1


def test_lines_of_a_paragraph_do_not_run_on_for_a_listener() -> None:
    words = " ".join(f"word{at}" for at in range(60))

    with pikepdf.open(BytesIO(printed(one_line(words)))) as pdf:
        shown = b"".join(page.Contents.read_bytes() for page in pdf.pages)

    lines = [line for line in re.findall(rb"\((.*?)\) Tj", shown) if b"word" in line]
    assert lines
    assert all(line.endswith(b" ") or b"word59" in line for line in lines)
