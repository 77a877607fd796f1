import json
import os
import random
import re
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image
from pypdf import PdfReader

from reports.render import RENDERER, render, steps
from reports.snapshot import Finding, Photo, Record, Signature, Snapshot, canonical
from reports.words import DASH
from tests.reports.samples import (
    jpeg,
    photo,
    sample_cycle,
    sample_finding,
    sample_line,
    sample_photos,
    sample_record,
    sample_section,
    sample_signatures,
    sample_snapshot,
)

ROOT = Path(__file__).parents[2]
HOSTILE = (
    "AT&T <b>bold</b> x<y and an unclosed <i",
    '<img src="/etc/hostname" width="9"/> &lt;kept&gt; &#65;',
    '<a href="javascript:alert(1)">press</a> <font color="[[[getattr]]]">',
    "<script>alert(1)</script> ]]> <!-- --> <para> <br/> %s {0} $(x)",
    "<onDraw name='x'/> <seq/> <bullet>",
)


def text_of(pdf: bytes) -> str:
    pages = PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def small(**changes: Any) -> Record:
    return sample_record(topics=2, lines=3, photos=0, **changes)


def one_line(text: str, **changes: Any) -> Record:
    line = sample_line(0, 0, prompt=text, response=text, comment=text, **changes)
    return small(sections=(sample_section(0, (line,)),), findings=())


def printed(record: Record, photos: dict[str, bytes] | None = None, **changes: Any) -> bytes:
    return render(sample_snapshot(record, **changes), photos or {})


@pytest.fixture(scope="module")
def report() -> bytes:
    return render(sample_snapshot(), sample_photos())


PROGRAM = """
import sys
from hashlib import sha256
from reports.render import render
from tests.reports.samples import sample_photos, sample_snapshot
print(sha256(render(sample_snapshot(), sample_photos())).hexdigest())
"""


# What each renderer prints, as a digest of the pages unpacked. A report is checked by printing it
# again: when this test fails, either undo the change or raise RENDERER and add a line here.
PRINTED = {1: "e127dd83d2865e2bbbd01147a4d79588b0d0282c2ca5e888379aa42d688e20d3"}


def test_pages_change_only_with_the_renderers_number(report: bytes) -> None:
    pages = [page.get_contents().get_data() for page in PdfReader(BytesIO(report)).pages]

    assert sha256(b"".join(pages)).hexdigest() == PRINTED[RENDERER]


@pytest.mark.parametrize(
    ("seed", "zone", "epoch"), [("0", "UTC", ""), ("77", "Asia/Kolkata", "86400")]
)
def test_other_processes_print_the_same_bytes(
    report: bytes, seed: str, zone: str, epoch: str
) -> None:
    surroundings = {
        **os.environ,
        "PYTHONHASHSEED": seed,
        "TZ": zone,
        "SOURCE_DATE_EPOCH": epoch,
        "LC_ALL": "C",
    }

    told = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env=surroundings,
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.strip() == sha256(report).hexdigest()


def test_qpdf_finds_nothing_to_complain_about(report: bytes, tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(report)

    checked = subprocess.run(["qpdf", "--check", file], capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout + checked.stderr


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
        *(one.meaning for one in snapshot.signatures),
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


@pytest.mark.parametrize("typed", HOSTILE)
def test_mark_up_in_what_people_typed_is_printed_as_it_is(typed: str) -> None:
    record = one_line(typed, about=typed, reason=typed, limit=typed, method=typed)

    pdf = printed(record)

    assert text_of(pdf).count(" ".join(typed.split())) >= 3
    assert b"/URI" not in pdf
    assert len(PdfReader(BytesIO(pdf)).pages[0].images) == 0


SPOILT = (
    "prompt response about comment reason limit method order body_class fine caption name address"
    " title clause publisher year url fact checked label because inspector person_in_charge"
    " services present jurisdiction number issuer meaning role credential not_seen excluded cycle"
    " sterilizer minimum zone code"
)


def spoilt(value: Any, bad: str, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: spoilt(held, bad, name) for name, held in value.items()}
    if isinstance(value, list):
        return [spoilt(held, bad, key) for held in value]
    return bad if key in SPOILT.split() else value


def test_hostile_text_fits_every_place_that_takes_text() -> None:
    bad = HOSTILE[0] + " \u202e\x00<img src='x'/> " + "W" * 300
    whole = sample_snapshot(sample_record(topics=2, lines=6)).model_dump(mode="json")
    snapshot = Snapshot.read(json.dumps(spoilt(whole, bad)).encode())

    pdf = render(snapshot, sample_photos())

    assert "[U+202E][U+0000]" in text_of(pdf)


def test_three_hundred_thousand_letters_in_a_row_all_come_out() -> None:
    pdf = printed(one_line("n"), code="X")
    endless = printed(small(not_seen=("q" * 300_000,)))

    letters = Counter(text_of(endless))["q"] - Counter(text_of(pdf))["q"]

    assert abs(letters - 300_000) < 20


def test_long_notes_run_over_pages_without_loss() -> None:
    note = "\n".join(f"line {number} of the note, in some words" for number in range(400))
    line = sample_line(0, 0, comment=note)
    record = small(
        sections=(sample_section(0, (line,)),), findings=(sample_finding(line, order=note),)
    )

    text = text_of(printed(record))

    assert text.count("line 399 of the note") >= 2
    assert text.count("line 200 of the note") >= 2


def test_chinese_breaks_into_lines_without_spaces() -> None:
    sentence = "所有器械在使用前均已灭菌并记录在案" * 60

    text = "".join(text_of(printed(one_line(sentence))).split())

    assert sentence in text


def test_a_photo_travels_byte_for_byte_and_once(report: bytes) -> None:
    with pikepdf.open(BytesIO(report)) as pdf:
        kept = [
            bytes(one.read_raw_bytes())
            for one in pdf.objects
            if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"
        ]

    assert sorted(kept) == sorted(sample_photos().values())


def test_a_photo_shown_in_two_places_is_kept_once_and_referred_to() -> None:
    line = sample_line(0, 5, photos=(photo(1), photo(2)))
    finding = sample_finding(line, photos=(photo(1),))
    record = small(sections=(sample_section(0, (line,)),), findings=(finding,))

    pdf = printed(record, sample_photos())

    assert pdf.count(jpeg(1)) == 1
    assert pdf.count(jpeg(2)) == 1
    assert "Photo 1" in text_of(pdf)


@pytest.mark.parametrize(("width", "height"), [(40, 4000), (4000, 40), (25, 25)])
def test_a_photo_of_any_shape_stays_inside_its_place(width: int, height: int) -> None:
    odd = photo(9, "odd", width, height)
    line = sample_line(0, 5)
    finding = sample_finding(line, photos=(odd,) * 7)
    record = small(sections=(sample_section(0, (line,)),), findings=(finding,))

    pdf = printed(record, {odd.digest: jpeg(9, width, height)})

    assert len(PdfReader(BytesIO(pdf)).pages) < 12


def test_a_missing_photo_is_refused() -> None:
    photos = sample_photos()
    photos.popitem()

    with pytest.raises(ValueError, match="is missing"):
        render(sample_snapshot(), photos)


def test_an_altered_photo_is_refused() -> None:
    photos = {digest: held + b" " for digest, held in sample_photos().items()}

    with pytest.raises(ValueError, match="not the one that was kept"):
        render(sample_snapshot(), photos)


def picture_bytes(mode: str, kind: str) -> bytes:
    kept = BytesIO()
    Image.new(mode, (8, 8)).save(kept, kind)
    return kept.getvalue()


@pytest.mark.parametrize(
    "held", [b"<html>", picture_bytes("RGB", "PNG"), picture_bytes("CMYK", "JPEG")]
)
def test_a_photo_that_is_no_plain_jpeg_is_refused(held: bytes) -> None:
    digest = sha256(held).hexdigest()
    line = sample_line(0, 5)
    shown = Photo(digest=digest, width=8, height=8)
    record = small(findings=(sample_finding(line, photos=(shown,)),))

    with pytest.raises(ValueError, match="not an RGB or grey JPEG"):
        printed(record, {digest: held})


def test_another_renderers_snapshot_is_refused() -> None:
    with pytest.raises(ValueError, match="this program prints layout"):
        render(sample_snapshot(renderer=RENDERER + 1), sample_photos())


def test_the_snapshot_travels_inside_as_the_source(report: bytes) -> None:
    with pikepdf.open(BytesIO(report)) as pdf:
        attached = pdf.attachments["snapshot.json"].get_file().read_bytes()
        relation = pdf.Root.AF[0].AFRelationship

    assert attached == canonical(sample_snapshot())
    assert relation == "/Source"


def test_two_empty_fields_wait_for_seal_and_countersignature(report: bytes) -> None:
    fields = PdfReader(BytesIO(report)).get_fields()

    assert set(fields) == {"Seal", "Manager"}
    assert all(field["/FT"] == "/Sig" and "/V" not in field for field in fields.values())


def test_every_font_is_embedded(report: bytes) -> None:
    with pikepdf.open(BytesIO(report)) as pdf:
        fonts = [
            one
            for one in pdf.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Font"
        ]

        assert fonts
        assert all("/FontFile2" in font.FontDescriptor for font in fonts)


def test_the_file_says_its_title_language_and_time(report: bytes) -> None:
    reader = PdfReader(BytesIO(report))

    assert reader.metadata.title == "Inspection of Lakeside Skin Studio, 14 March 2026"
    assert reader.metadata.author == "Lakeside Skin & Spa Group"
    assert reader.metadata.creation_date.isoformat() == "2026-03-14T16:10:00+00:00"
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert [entry.title for entry in reader.outline if not isinstance(entry, list)][:3] == [
        "To put right first",
        "Findings",
        "Corrective actions",
    ]


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


def test_progress_hears_every_finding_and_section() -> None:
    heard = []
    snapshot = sample_snapshot()

    render(snapshot, sample_photos(), heard.append)

    assert heard == list(range(1, steps(snapshot) + 1))


def test_a_name_too_long_for_the_running_head_is_cut_with_an_ellipsis() -> None:
    record = small()
    site = record.site.model_copy(update={"name": "Spa ✓ " + "w" * 4000})

    pages = PdfReader(BytesIO(printed(small(site=site)))).pages

    assert "…" in pages[-1].extract_text()


def test_a_title_longer_than_a_page_stands_in_the_outline_once() -> None:
    title = "long title " * 700
    section = sample_section(0, (sample_line(0, 0),)).model_copy(update={"title": title})

    reader = PdfReader(BytesIO(printed(small(sections=(section,), findings=()))))

    entries = [
        one.title for held in reader.outline for one in (held if isinstance(held, list) else [held])
    ]
    assert sum("long title" in entry for entry in entries) == 1
    assert "" not in entries


def test_reports_printed_at_the_same_time_do_not_touch_each_other(report: bytes) -> None:
    snapshot, photos = sample_snapshot(), sample_photos()
    other = sample_snapshot(small(language="fr", inspector="检查员 ✓"))
    alone = render(other, {})

    with ThreadPoolExecutor(4) as crew:
        ours = [crew.submit(render, snapshot, photos) for _ in range(3)]
        others = [crew.submit(render, other, {}) for _ in range(3)]

    assert {one.result() for one in ours} == {report}
    assert {one.result() for one in others} == {alone}


def test_random_text_never_breaks_the_pages() -> None:
    dice = random.Random(7)  # noqa: S311  # test data
    for _ in range(6):
        letters = [
            chr(dice.choice((dice.randrange(1, 0xD7FF), dice.randrange(32, 127))))
            for _ in range(900)
        ]
        record = one_line("".join(letters))

        assert printed(record).endswith(b"%%EOF\n")


def test_findings_of_the_sample_cover_each_severity() -> None:
    severities = {one.severity for one in sample_record().findings}

    assert severities == {"critical", "major", "minor"}
    assert all(isinstance(one, Finding) for one in sample_record().findings)
