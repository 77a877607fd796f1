"""What a report says otherwise than the one it replaces."""

from typing import Any

from reportlab.platypus import Spacer

from reports.grids import grid, pairs
from reports.layout import COLUMN, LABEL, SMALL, cell, chapter, notes, prose
from reports.material import Material
from reports.phrases import findings as said
from reports.phrases import pages, results
from reports.snapshot import Difference
from reports.words import Words

_FIELDS = {
    "response": said.RESPONSE,
    "comment": said.COMMENT,
    "reason": said.REASON,
    "method": said.METHOD,
    "photos": said.PHOTOS,
}
_ITEM, _NUMBER = 190.0, 40.0
_SAID = (COLUMN - _ITEM - _NUMBER) / 2


def corrections(material: Material) -> list[Any]:
    """Return the chapter of what was corrected, field by field; nothing for a first report."""
    correction = material.record.correction
    if correction is None:
        return []
    say = material.words
    before = (say(results.OUTCOMES[correction.outcome]), say.percent(correction.percent))
    facts = pairs(
        (
            (say(said.REPLACES), say(said.NO_LONGER, code=correction.report)),
            (say(pages.WHY), correction.reason),
            (say(said.CORRECTED_BY), correction.by),
            (say(said.CLOSED_AGAIN), say.moment(correction.at)),
            (say(said.OUTCOME_BEFORE), say.listed(before)),
        ),
        COLUMN,
    )
    rows: list[list[Any]] = [[say(said.ITEM), "", say(said.BEFORE), say(said.NOW)]]
    rows += [_row(one, say) for one in correction.differences]
    widths = [_NUMBER, _ITEM, _SAID, _SAID]
    table = grid(rows, widths, head=1)
    return chapter(
        say(said.CORRECTED),
        [facts, Spacer(0, 10), table, Spacer(0, 5), prose(say(said.REST_AS_SIGNED), SMALL)],
    )


def _row(one: Difference, say: Words) -> list[Any]:
    item: list[Any] = notes("", one.prompt)
    if one.about:
        item.append(prose(one.about, LABEL))
    item.append(prose(say(_FIELDS[one.field]), SMALL))
    return [cell(one.number), item, _said(one.before, say), _said(one.after, say)]


def _said(text: str, say: Words) -> Any:
    return notes("", text) or [prose(say(said.NOTHING), SMALL)]
