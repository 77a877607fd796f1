from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from audit.domain.checklist import Checklist
from audit.services.blank import blank_form
from audit.services.library import shipped_catalogue
from tests.reports.judge import complaints

NOW = datetime(2026, 3, 14, 9, tzinfo=UTC)


def newest() -> list[Checklist]:
    found = shipped_catalogue().current()
    return [one for one in found if isinstance(one, Checklist)]


@pytest.mark.parametrize("checklist", newest(), ids=lambda one: one.code)
def test_every_item_can_be_asked_on_paper(checklist: Checklist, tmp_path: Path) -> None:
    path = tmp_path / "form.pdf"

    path.write_bytes(blank_form(checklist, NOW))

    pages = PdfReader(BytesIO(path.read_bytes())).pages
    text = " ".join(" ".join(page.extract_text().split()) for page in pages)
    missing = [one.prompt for one in checklist.items.values() if one.prompt not in text]
    assert missing == []
    assert complaints(path) == []


def test_the_same_form_is_the_same_file() -> None:
    checklist = newest()[0]

    assert blank_form(checklist, NOW) == blank_form(checklist, NOW)
