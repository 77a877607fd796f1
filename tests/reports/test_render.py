import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from pypdf import PdfReader

from reports.render import RENDERER, render, steps
from reports.snapshot import Photo, canonical
from tests.reports.printing import printed, small, text_of
from tests.reports.samples import (
    jpeg,
    photo,
    sample_finding,
    sample_line,
    sample_photos,
    sample_section,
    sample_snapshot,
)

ROOT = Path(__file__).parents[2]


PROGRAM = """
import sys
from hashlib import sha256
from reports.render import render
from tests.reports.samples import sample_photos, sample_snapshot
print(sha256(render(sample_snapshot(), sample_photos())).hexdigest())
"""


# What each renderer prints, as a digest of the pages unpacked. A report is checked by printing it
# again: when this test fails, either undo the change or raise RENDERER and add a line here.
PRINTED = {
    1: "e127dd83d2865e2bbbd01147a4d79588b0d0282c2ca5e888379aa42d688e20d3",
    2: "171fdbc5b649f550568530bb72c1c61b3eb7d06d26a58ecc9e23ec6b3ae0a782",
    3: "8210c5ff0dd8a4431ff0b77c3d646acd2e877959f573498c28ee92713d5c1443",
    4: "b8be486cd0ee0c49cdd0bc1445ad6f47fa20742e369036f954d985b9024acdee",
    5: "8d0d2e303549420e0ae7e558bd4e7f6102975b8b64df0c4102e2e194842da10e",
    6: "5c1e0464478d98bcc17b18950c81ade3ba25adc9db00952261ddb845cdce34e1",
    7: "b3d7a62d9feefe64126f95ff714b16f896f33125991346f9d10d58ac8b881f4b",
}


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
        relation = pdf.attachments["snapshot.json"].obj.AFRelationship

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


def test_progress_hears_every_finding_and_section() -> None:
    heard = []
    snapshot = sample_snapshot()

    render(snapshot, sample_photos(), heard.append)

    assert heard == list(range(1, steps(snapshot) + 1))


def test_reports_printed_at_the_same_time_do_not_touch_each_other(report: bytes) -> None:
    snapshot, photos = sample_snapshot(), sample_photos()
    other = sample_snapshot(small(language="fr", inspector="检查员 ✓"))
    alone = render(other, {})

    with ThreadPoolExecutor(4) as crew:
        ours = [crew.submit(render, snapshot, photos) for _ in range(3)]
        others = [crew.submit(render, other, {}) for _ in range(3)]

    assert {one.result() for one in ours} == {report}
    assert {one.result() for one in others} == {alone}
