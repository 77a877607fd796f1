"""The responses as a table that any spreadsheet opens; it travels in the file beside the data."""

import csv
import re
from io import StringIO

from reports.snapshot import Record

_HEAD = (
    "section",
    "number",
    "about",
    "item",
    "severity",
    "response",
    "standing",
    "limit",
    "method",
    "comment",
    "reason",
    "points",
    "of",
    "photos",
)
# A spreadsheet would calculate these; a plain number may keep its sign.
_COMMAND = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


def table(record: Record) -> bytes:
    """Return one row for each line of the audit, as CSV in UTF-8 with the mark spreadsheets need.

    Text that a spreadsheet would run as a formula begins with an apostrophe.
    """
    written = StringIO()
    rows = csv.writer(written, lineterminator="\r\n")
    rows.writerow(_HEAD)
    for section in record.sections:
        for line in section.lines:
            cells = (
                f"{section.number} {section.title}",
                line.number,
                line.about,
                line.prompt,
                line.severity or "",
                line.response,
                line.standing,
                line.limit,
                line.method,
                line.comment,
                line.reason,
                line.earned,
                line.possible,
                " ".join(photo.digest for photo in line.photos),
            )
            rows.writerow([_harmless(cell) for cell in cells])
    return written.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    return f"'{cell}" if _COMMAND.match(cell) and not _NUMBER.fullmatch(cell) else cell
