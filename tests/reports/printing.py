"""Prints small samples and reads them back."""

from io import BytesIO
from typing import Any

from pypdf import PdfReader

from reports.render import render
from reports.snapshot import Record
from tests.reports.samples import (
    sample_line,
    sample_record,
    sample_section,
    sample_snapshot,
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
