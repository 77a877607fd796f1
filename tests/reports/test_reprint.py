import re
from collections.abc import Callable

import pytest

from reports import reprint
from reports.render import render
from reports.reprint import ForeignError, length, printed_as, take_apart
from tests.reports.genuine import genuine, rendered, snapshot
from tests.reports.samples import sample_snapshot


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda pdf: b"%PDF-2.0 other" + pdf, "no report of this program"),
        (lambda pdf: pdf[: len(pdf) // 2], "ends in the middle"),
        (lambda pdf: re.sub(rb"/Length \d+", b"/Length 1", pdf, count=1), "longer or shorter"),
        (lambda pdf: pdf.replace(b"0 obj\n<<\n", b"0 obj\n<< \n", 1), "table of contents"),
        (lambda pdf: pdf.replace(b" 00000 n", b" 00001 n", 1), "table of contents"),
        (lambda pdf: pdf.replace(b"/application#2Fjson", b"/application#2Fjsun"), "no audit data"),
        (lambda pdf: pdf.replace(b"x\x9c", b"xxx"[:2], 1), "damaged"),
    ],
    ids=["header", "half", "length", "moved", "table", "no data", "packing"],
)
def test_a_print_that_is_not_ours_is_said_to_be_foreign(
    damage: Callable[[bytes], bytes], reason: str
) -> None:
    with pytest.raises(ForeignError, match=reason):
        open_all(damage(rendered()))


def open_all(pdf: bytes) -> None:
    printed = take_apart(pdf)
    printed.snapshot()
    for part in printed.parts:
        part.unpacked()


def test_a_stream_that_unpacks_beyond_measure_is_foreign(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reprint, "_LARGEST", 100)

    with pytest.raises(ForeignError, match="far too large"):
        take_apart(rendered()).snapshot()


def test_the_first_revision_ends_where_the_printing_ended() -> None:
    assert length(genuine()) == len(rendered())


def test_a_false_end_inside_a_photo_is_passed_over() -> None:
    misleading = b"startxref\n3\n%%EOF\n" + b"xref\n" + b"startxref\n18\n%%EOF\n"

    assert length(misleading) == len(misleading)


def test_a_file_without_an_end_is_foreign() -> None:
    with pytest.raises(ForeignError):
        length(b"%PDF-1.7\n")


def test_pages_of_other_data_are_not_called_the_same() -> None:
    other = sample_snapshot(snapshot().record, code="HA-OTHER")

    assert not printed_as(other, take_apart(rendered()))


def test_a_missing_photo_is_not_overlooked() -> None:
    without = sample_snapshot(snapshot().record.model_copy(update={"findings": ()}), signatures=())
    pages = take_apart(render(without, {}))

    assert not printed_as(snapshot(), pages)
