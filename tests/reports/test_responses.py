import csv
from io import BytesIO, StringIO

import pikepdf
import pytest

from reports.responses import table
from reports.snapshot import Record
from tests.reports.printing import one_line, printed, small
from tests.reports.samples import sample_line, sample_section


def rows(record: Record) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(table(record).decode("utf-8-sig"))))


def test_every_line_is_a_row_with_what_was_found() -> None:
    record = small()
    lines = [line for section in record.sections for line in section.lines]

    found = rows(record)

    assert [(row["number"], row["item"], row["response"], row["standing"]) for row in found] == [
        (line.number, line.prompt, line.response, line.standing) for line in lines
    ]


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+cmd", "'+cmd"),
        ("@sum", "'@sum"),
        ("-18.5", "-18.5"),
        ('two "lines"\nof 手套', 'two "lines"\nof 手套'),
    ],
)
def test_no_spreadsheet_takes_words_for_a_formula(said: str, written: str) -> None:
    line = sample_line(0, 0, comment=said)

    (row,) = rows(small(sections=(sample_section(0, (line,)),), findings=()))

    assert row["comment"] == written


def test_the_table_travels_in_the_file() -> None:
    record = one_line("Is there soap?")

    with pikepdf.open(BytesIO(printed(record))) as pdf:
        held = pdf.attachments["responses.csv"]

        assert held.get_file().read_bytes() == table(record)
        assert held.get_file().mime_type == "text/csv"
        assert held.obj.AFRelationship == "/Alternative"
