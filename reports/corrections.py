"""What a report says otherwise than the one it replaces."""

from typing import Any

from reportlab.platypus import Spacer

from reports.grids import grid, pairs
from reports.layout import COLUMN, LABEL, SMALL, cell, chapter, notes, prose
from reports.material import Material
from reports.snapshot import Difference
from reports.words import OUTCOMES, moment, percent

_FIELDS = {
    "response": "Response",
    "comment": "Comment",
    "reason": "Reason",
    "method": "How it was looked at",
    "photos": "Photos",
}
_ITEM, _NUMBER = 190.0, 40.0
_SAID = (COLUMN - _ITEM - _NUMBER) / 2


def corrections(material: Material) -> list[Any]:
    """Return the chapter of what was corrected, field by field; nothing for a first report."""
    correction = material.record.correction
    if correction is None:
        return []
    outcome = f"{OUTCOMES[correction.outcome]}, {percent(correction.percent)}"
    facts = pairs(
        (
            ("Replaces", f"Report {correction.report}, which no longer stands"),
            ("Why", correction.reason),
            ("Corrected by", correction.by),
            ("Closed again", moment(correction.at)),
            ("Outcome before", outcome),
        ),
        COLUMN,
    )
    rows: list[list[Any]] = [["Item", "", "Before", "Now"]]
    rows += [_row(one) for one in correction.differences]
    widths = [_NUMBER, _ITEM, _SAID, _SAID]
    note = "Everything else is as it was signed before."
    table = grid(rows, widths, head=1)
    return chapter(
        "What was corrected",
        [facts, Spacer(0, 10), table, Spacer(0, 5), prose(note, SMALL)],
    )


def _row(one: Difference) -> list[Any]:
    item: list[Any] = notes("", one.prompt)
    if one.about:
        item.append(prose(one.about, LABEL))
    item.append(prose(_FIELDS[one.field], SMALL))
    return [cell(one.number), item, _said(one.before), _said(one.after)]


def _said(text: str) -> Any:
    return notes("", text) or [prose("Nothing", SMALL)]
