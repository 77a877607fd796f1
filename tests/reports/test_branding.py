"""An organisation's own look: its logo, its colour, how to reach it; and all else as it was."""

import re
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pydantic import ValidationError
from pypdf import PdfReader

from reports.contrast import contrast, darkened
from reports.render import render
from reports.seal import seal
from reports.snapshot import Branding, Layout, Logo, Snapshot, canonical, image_digests
from reports.verify import Trust, verify
from tests.reports.genuine import NOW, key
from tests.reports.judge import complaints
from tests.reports.printing import text_of
from tests.reports.samples import (
    jpeg,
    photo,
    sample_line,
    sample_photos,
    sample_record,
    sample_section,
    sample_snapshot,
)

LOGO = jpeg(77, 300, 90)
LOGO_NAME = sha256(LOGO).hexdigest()
HOUSE, OWN = b".070588 .290196 .368627 rg", b".478431 .121569 .360784 rg"
LAYOUTS: tuple[Layout, ...] = ("full", "summary", "findings")


def branding(**changes: Any) -> Branding:
    given: dict[str, Any] = {
        "logo": Logo(digest=LOGO_NAME, width=300, height=90),
        "accent": "#7A1F5C",
        "address": "1 Harbour Street, Toronto",
        "phone": "+1 416 555 0133",
        "email": "care@lakeside.example",
        "web": "www.lakeside.example",
    }
    return Branding(**{**given, **changes})


def whole(layout: Layout = "full", own: Branding | None = None) -> Snapshot:
    record = sample_record(topics=24)
    return sample_snapshot(record, layout=layout, branding=own or branding())


def printed(layout: Layout = "full", own: Branding | None = None) -> bytes:
    return render(whole(layout, own), {**sample_photos(), LOGO_NAME: LOGO})


def inks(pdf: bytes) -> set[bytes]:
    pages = PdfReader(BytesIO(pdf)).pages
    drawn = b"\n".join(page.get_contents().get_data() for page in pages)
    return set(re.findall(rb"[\d.]+ [\d.]+ [\d.]+ rg", drawn))


def test_the_first_page_shows_the_logo_and_how_to_reach_the_organisation() -> None:
    pdf = printed()

    first = PdfReader(BytesIO(pdf)).pages[0]
    assert any(image.data for image in first.images)
    words = first.extract_text()
    own = branding()
    for said in (own.address, own.phone, own.email, own.web):
        assert said in words


def test_a_listener_hears_whose_logo_it_is(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(printed())

    with pikepdf.open(path) as pdf:
        said = [
            str(one.Alt)
            for one in pdf.objects
            if isinstance(one, pikepdf.Dictionary) and "/Alt" in one
        ]

    assert said.count(whole().record.organisation.name) == 1


def test_the_colour_takes_the_place_of_the_house_colour_alone() -> None:
    own, house = (
        inks(printed()),
        inks(render(sample_snapshot(sample_record(topics=24)), sample_photos())),
    )

    assert OWN in own
    assert HOUSE in house
    assert own - {OWN} == house - {HOUSE}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_branded_report_is_verified_by_printing_it_again(layout: Layout) -> None:
    sealed = seal(printed(layout), key(), NOW)

    verdict = verify(sealed, Trust(pinned=(key().ca_certificate_pem,)))

    assert verdict.standing == "PASSED", verdict.reasons


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_branded_report_keeps_the_rules_of_the_archive(layout: Layout, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(printed(layout))

    assert complaints(path) == []


def test_a_branded_summary_still_has_two_pages() -> None:
    assert len(PdfReader(BytesIO(printed("summary"))).pages) == 2


def test_an_organisation_may_have_a_colour_and_nothing_else() -> None:
    pdf = printed(own=Branding(accent="#7A1F5C"))

    assert OWN in inks(pdf)
    assert not PdfReader(BytesIO(pdf)).pages[0].images


def test_contact_is_printed_without_a_logo() -> None:
    assert "416 555" in text_of(printed(own=branding(logo=None, accent=None)))


def test_a_logo_is_printed_without_contact() -> None:
    bare = Branding(logo=branding().logo)

    assert PdfReader(BytesIO(printed(own=bare))).pages[0].images


def test_a_logo_that_is_not_the_one_kept_is_never_printed() -> None:
    with pytest.raises(ValueError, match="is not the one that was kept"):
        render(whole(), {**sample_photos(), LOGO_NAME: jpeg(78, 300, 90)})


def test_another_logo_in_the_file_is_noticed() -> None:
    pdf = printed()
    sealed = seal(pdf, key(), NOW)
    other = bytearray(sealed)
    other[sealed.index(LOGO) + len(LOGO) // 2] ^= 1

    verdict = verify(bytes(other), Trust(pinned=(key().ca_certificate_pem,)))

    assert verdict.standing == "FAILED"


def test_a_report_without_branding_has_the_digest_it_always_had() -> None:
    assert b"branding" not in canonical(sample_snapshot())
    assert Snapshot.read(canonical(whole())) == whole()


def test_every_layout_needs_the_logo() -> None:
    assert all(LOGO_NAME in image_digests(whole(layout)) for layout in LAYOUTS)


@pytest.mark.parametrize("pale", ["#FFFFFF", "#F2C14E", "#8A8A8A", "#00B0FF"])
def test_a_colour_too_pale_to_read_is_refused_with_one_that_would_do(pale: str) -> None:
    with pytest.raises(ValidationError, match=f"The darker {darkened(pale)} would do"):
        Branding(accent=pale)

    assert Branding(accent=darkened(pale)).accent == darkened(pale)


def test_contrast_is_measured_as_the_guideline_says() -> None:
    assert round(contrast("#000000"), 1) == 21.0
    assert round(contrast("#FFFFFF"), 1) == 1.0
    assert round(contrast("#767676"), 2) == 4.54


def test_a_legible_colour_stays_as_it_is() -> None:
    assert darkened("#7A1F5C") == "#7A1F5C"


def sizes(pdf: bytes) -> list[tuple[float, float]]:
    """Return how wide and tall each image is on paper, in the order of the pages."""
    found = []
    for page in PdfReader(BytesIO(pdf)).pages:
        drawn = page.get_contents().get_data().decode("latin-1")
        found += re.findall(r"([\d.]+) 0 0 ([\d.]+) 0 0 cm\s*/\S+ Do", drawn)
    return [(float(wide), float(tall)) for wide, tall in found]


def pictured(look: Branding | None, count: int = 6) -> Snapshot:
    return sample_snapshot(sample_record(topics=4, photos=count), branding=look)


def test_large_photos_stand_alone_in_their_row_and_small_ones_side_by_side() -> None:
    small = sizes(render(pictured(None), sample_photos(6)))
    large = sizes(render(pictured(Branding(photos="large")), sample_photos(6)))

    assert len(small) == len(large) == 6
    assert max(wide for wide, _ in small) < 210
    assert min(wide for wide, _ in large) > 280


def test_a_report_with_large_photos_is_verified_and_keeps_the_rules(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    look = branding(photos="large")
    pdf = render(pictured(look), {**sample_photos(6), LOGO_NAME: LOGO})
    path.write_bytes(pdf)

    verdict = verify(seal(pdf, key(), NOW), Trust(pinned=(key().ca_certificate_pem,)))

    assert verdict.standing == "PASSED", verdict.reasons
    assert complaints(path) == []


def test_forty_large_photos_of_one_met_item_are_all_printed() -> None:
    photos = tuple(photo(seed, f"Shelf {seed}", 480, 640) for seed in range(40))
    jpegs = {one.digest: jpeg(seed, 480, 640) for seed, one in enumerate(photos)}
    section = sample_section(1, (sample_line(1, 0, standing="met", photos=photos),))
    record = sample_record(topics=1).model_copy(update={"sections": (section,), "findings": ()})

    pdf = render(sample_snapshot(record, branding=Branding(photos="large")), jpegs)

    assert len([tall for _, tall in sizes(pdf) if tall > 180]) == 40
    assert all(f"Shelf {seed}" in text_of(pdf) for seed in range(40))


def test_small_photos_are_left_out_of_what_is_frozen() -> None:
    assert b'"photos":"small"' not in canonical(branding())
    assert b'"photos":"large"' in canonical(branding(photos="large"))
    assert Branding.model_validate_json(canonical(branding(photos="large"))).photos == "large"
