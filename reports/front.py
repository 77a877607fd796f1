"""The first page: what a busy person needs to know and do."""

from collections import Counter
from typing import Any

from reportlab.platypus import PageBreak, Spacer

from reports.drawings import ACCENT, TINT, WHITE, Bar, QrPlate
from reports.grids import LIST, Spacing, boxed, grid, pairs
from reports.layout import (
    BIG,
    BODY_TEXT,
    COLUMN,
    ENDING,
    EYEBROW,
    LABEL,
    LEAD,
    PLAIN_RIGHT,
    SECTION,
    SMALL,
    TITLE,
    heading,
    led,
    notes,
    opened,
    prose,
)
from reports.material import Material, ranked, span_of
from reports.signs import SHAPES, Shape
from reports.snapshot import Finding, Record
from reports.typefaces import BOLD
from reports.words import (
    KINDS,
    OUTCOMES,
    SEVERITIES,
    WORST_FIRST,
    counted,
    day,
    moment,
    percent,
    period,
)

_TITLES = {"full": "Hygiene audit report", "summary": "Summary", "findings": "Findings"}
_SHOWN = 5
# A reason up to this many letters leaves the rest of the first page its room.
_BRIEF = 160
_SCORE = 158.0
_QR = 98.0
_ALONE = "Made without a server. The last chapter says how to check this report."


def front(material: Material) -> list[Any]:
    """Return the first page."""
    record = material.record
    site = "  ·  ".join(part for part in (record.site.address,) if part)
    return [
        _eyebrow(material),
        Spacer(0, 11),
        prose(record.site.name, TITLE),
        Spacer(0, 3),
        prose(site, BODY_TEXT) if site else Spacer(0, 0),
        Spacer(0, 5),
        prose(f"{KINDS[record.kind]} on {period(record)}", BODY_TEXT),
        *_extract(material),
        Spacer(0, 16),
        *_replacing(record),
        _outcome(record),
        Spacer(0, 16),
        _counts(record),
        Spacer(0, 18),
        *_worst(material),
        Spacer(0, 20),
        _particulars(material),
        PageBreak(),
    ]


def _extract(material: Material) -> list[Any]:
    """Say of what it is an extract, where it is one."""
    code = material.snapshot.code
    if material.snapshot.layout == "full":
        return []
    return [Spacer(0, 5), prose(f"Taken from report {code}, which says all that was found.", LEAD)]


def _replacing(record: Record) -> list[Any]:
    """Say first that this is a corrected report, where it is one."""
    correction = record.correction
    if correction is None:
        return []
    words = f"Corrected report. It replaces report {correction.report}, which no longer stands."
    brief = len(correction.reason) <= _BRIEF
    why = notes("Why", correction.reason) if brief else [prose("Why stands on the next page.")]
    return [boxed([prose(words, LEAD), *why], COLUMN), Spacer(0, 12)]


def _eyebrow(material: Material) -> Any:
    name = prose(material.record.organisation.name, EYEBROW)
    kind = prose(_TITLES[material.snapshot.layout], ENDING)
    return grid(
        [[name, kind]],
        [COLUMN - 110, 110],
        ("LINEBELOW", (0, 0), (-1, -1), 1.4, ACCENT),
        lines=False,
        space=Spacing(above=0),
    )


def _outcome(record: Record) -> Any:
    scoring = record.scoring
    _, colour = SHAPES[scoring.outcome]
    sign = Shape(scoring.outcome, OUTCOMES[scoring.outcome], 25, BOLD)
    score = [
        prose(percent(scoring.percent), BIG),
        prose(f"{scoring.earned} of {scoring.possible} points", BODY_TEXT),
        Spacer(0, 5),
        Bar(scoring.percent, span_of(scoring), width=_SCORE - 26, height=6),
    ]
    if scoring.worst != scoring.best:
        span = (
            f"{percent(scoring.worst)} to {percent(scoring.best)} if what was left out had counted"
        )
        score += [Spacer(0, 2), prose(span, SMALL)]
    return grid(
        [[[sign, Spacer(0, 6), prose(scoring.because, LEAD)], score]],
        [COLUMN - _SCORE, _SCORE],
        ("BACKGROUND", (0, 0), (-1, -1), TINT),
        ("LINEBEFORE", (0, 0), (0, -1), 5, colour, "butt"),
        ("LINEBEFORE", (1, 0), (1, -1), 6, WHITE, "butt"),
        lines=False,
        space=Spacing(above=12, below=13, left=16, right=14, end=14),
    )


def _counts(record: Record) -> Any:
    open_ones = Counter(one.severity for one in record.findings if not one.corrected)
    corrected = sum(one.corrected for one in record.findings)
    cells: list[Any] = [
        [prose(str(open_ones[severity]), BIG), Shape(severity, SEVERITIES[severity])]
        for severity in WORST_FIRST
    ]
    cells.append([prose(str(corrected), BIG), Shape("corrected", "Corrected during the visit")])
    wide = COLUMN - 3 * 105
    return grid([cells], [105, 105, 105, wide], lines=False, space=Spacing(above=0))


def _worst(material: Material) -> list[Any]:
    still_open = [one for one in ranked(material.record.findings) if not one.corrected]
    if not still_open:
        words = "Nothing is left to put right."
        return [heading("To put right first", SECTION), Spacer(0, 4), prose(words)]
    rows = [
        [Shape(one.severity, SEVERITIES[one.severity]), _named(one), _due(one)]
        for one in still_open[:_SHOWN]
    ]
    widths = [78, COLUMN - 78 - 100, 100]
    table = grid(rows, widths, ("LINEABOVE", (0, 0), (-1, 0), 0.8, ACCENT), kind=LIST)
    shown = led([heading("To put right first", SECTION), Spacer(0, 3)], [table])
    more = len(still_open) - _SHOWN
    if more > 0:
        where = (
            "in the full report" if material.snapshot.layout == "summary" else "on the next pages"
        )
        shown += [Spacer(0, 4), prose(f"{counted(more, 'more finding')} {where}.", SMALL)]
    return shown


def _named(finding: Finding) -> Any:
    about = f" ({finding.about})" if finding.about else ""
    return opened(finding.number, f"  {finding.prompt}{about}")


def _due(finding: Finding) -> Any:
    return prose(f"by {day(finding.due_on)}" if finding.due_on else "no date set", PLAIN_RIGHT)


def _particulars(material: Material) -> Any:
    snapshot, record = material.snapshot, material.record
    checklist = record.checklist
    facts = pairs(
        (
            ("Inspector", record.inspector),
            ("Person in charge", record.person_in_charge),
            ("Services", ", ".join(record.services)),
            ("Jurisdiction", record.jurisdiction),
            ("Checklist", f"{checklist.title}, version {checklist.version}"),
            ("Report", f"{snapshot.code}, issued {moment(snapshot.issued_at)}"),
        ),
        COLUMN - _QR - 34,
    )
    if not snapshot.verify_url:
        return grid([[facts, prose(_ALONE, LABEL)]], [COLUMN - _QR, _QR], lines=False)
    plate = [
        QrPlate(snapshot.verify_url, _QR),
        Spacer(0, 4),
        prose("Check this report:", LABEL),
        prose(snapshot.verify_url, LABEL),
    ]
    plate[0].hAlign = "LEFT"
    return grid([[facts, plate]], [COLUMN - _QR, _QR], lines=False)
