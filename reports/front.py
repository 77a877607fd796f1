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
    FOOT,
    HEIGHT,
    LABEL,
    LEAD,
    PLAIN_RIGHT,
    SECTION,
    SMALL,
    TITLE,
    TOP,
    heading,
    led,
    notes,
    opened,
    prose,
    width_of,
)
from reports.letterhead import letterhead
from reports.material import Material, ranked, span_of
from reports.phrases import pages, results
from reports.phrases.services import TONGUES
from reports.signs import SHAPES, Shape
from reports.snapshot import Finding, Record
from reports.typefaces import BOLD
from reports.words import WORST_FIRST, Words

_TITLES = {"full": pages.REPORT, "summary": pages.SUMMARY, "findings": pages.FINDINGS}
_SHOWN = 5
# A reason up to this many letters leaves the rest of the first page its room.
_BRIEF = 160
_SCORE = 158.0
# The least room for what kind of report it is, and for the days; other languages need more.
_KIND, _DUE = 110.0, 100.0
# The outcome's size, and the room its box leaves it.
_LARGE, _ROOM = 25.0, COLUMN - _SCORE - 30
_QR = 98.0


def front(material: Material) -> list[Any]:
    """Return the first page; a letterhead may take the room of the last of the findings named."""
    head = letterhead(material)
    if not head:
        return [*_page(material, _SHOWN), PageBreak()]
    shorter = [[*head, *_page(material, most)] for most in range(_SHOWN, 0, -1)]
    return [*next(filter(_fits, shorter), shorter[-1]), PageBreak()]


def _fits(page: list[Any]) -> bool:
    tall = sum(float(piece.wrap(COLUMN, HEIGHT)[1]) for piece in page)
    return bool(tall <= HEIGHT - TOP - FOOT)


def _page(material: Material, most: int) -> list[Any]:
    record, say = material.record, material.words
    kind = say(results.KINDS[record.kind])
    site = "  ·  ".join(part for part in (record.site.address,) if part)
    return [
        _eyebrow(material),
        Spacer(0, 11),
        prose(record.site.name, TITLE),
        Spacer(0, 3),
        prose(site, BODY_TEXT) if site else Spacer(0, 0),
        Spacer(0, 5),
        prose(say(pages.VISIT, kind=kind, period=say.period(record)), BODY_TEXT),
        *_extract(material),
        *_as_written(record, say),
        Spacer(0, 16),
        *_replacing(record, say),
        _outcome(record, say),
        Spacer(0, 16),
        _counts(record, say),
        Spacer(0, 18),
        *_worst(material, most),
        Spacer(0, 20),
        _particulars(material),
    ]


def _extract(material: Material) -> list[Any]:
    """Say of what it is an extract, where it is one."""
    code = material.snapshot.code
    if material.snapshot.layout == "full":
        return []
    return [Spacer(0, 5), prose(material.words(pages.EXTRACT, code=code), LEAD)]


def _as_written(record: Record, say: Words) -> list[Any]:
    """Say which language the checklist's words are in, where it is not that of the report."""
    own = record.language.partition("-")[0]
    if say.language == "en" or say.language.partition("-")[0] == own:
        return []
    named = say(TONGUES[own]) if own in TONGUES else record.language
    return [Spacer(0, 5), prose(say(pages.NOT_TRANSLATED, language=named), SMALL)]


def _replacing(record: Record, say: Words) -> list[Any]:
    """Say first that this is a corrected report, where it is one."""
    correction = record.correction
    if correction is None:
        return []
    words = say(pages.REPLACING, code=correction.report)
    brief = len(correction.reason) <= _BRIEF
    why = notes(say(pages.WHY), correction.reason) if brief else [prose(say(pages.WHY_NEXT))]
    return [boxed([prose(words, LEAD), *why], COLUMN), Spacer(0, 12)]


def _eyebrow(material: Material) -> Any:
    name = prose(material.record.organisation.name, EYEBROW)
    kind = material.words(_TITLES[material.snapshot.layout])
    wide = max(_KIND, width_of(kind, BOLD, ENDING.fontSize) + 1)
    return grid(
        [[name, prose(kind, ENDING)]],
        [COLUMN - wide, wide],
        ("LINEBELOW", (0, 0), (-1, -1), 1.4, ACCENT),
        lines=False,
        space=Spacing(above=0),
    )


def _outcome(record: Record, say: Words) -> Any:
    scoring = record.scoring
    _, colour = SHAPES[scoring.outcome]
    sign = _outcome_sign(scoring.outcome, say(results.OUTCOMES[scoring.outcome]))
    points = {"earned": say.number(scoring.earned), "possible": say.number(scoring.possible)}
    score = [
        prose(say.percent(scoring.percent), BIG),
        prose(say(pages.POINTS_OF, **points), BODY_TEXT),
        Spacer(0, 5),
        Bar(scoring.percent, span_of(scoring), width=_SCORE - 26, height=6),
    ]
    if scoring.worst != scoring.best:
        ends = {"worst": say.percent(scoring.worst), "best": say.percent(scoring.best)}
        span = say(pages.SPAN, **ends)
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


def _outcome_sign(outcome: str, word: str) -> Shape:
    """Return the outcome with its shape, smaller where the word would not fit the box."""
    whole = Shape(outcome, word, _LARGE, BOLD)
    return (
        whole if whole.width <= _ROOM else Shape(outcome, word, _LARGE * _ROOM / whole.width, BOLD)
    )


def _counts(record: Record, say: Words) -> Any:
    open_ones = Counter(one.severity for one in record.findings if not one.corrected)
    corrected = sum(one.corrected for one in record.findings)
    cells: list[Any] = [
        [prose(str(open_ones[severity]), BIG), Shape(severity, say(results.SEVERITIES[severity]))]
        for severity in WORST_FIRST
    ]
    cells.append([prose(str(corrected), BIG), Shape("corrected", say(pages.CORRECTED_THEN))])
    wide = COLUMN - 3 * 105
    return grid([cells], [105, 105, 105, wide], lines=False, space=Spacing(above=0))


def _worst(material: Material, most: int) -> list[Any]:
    say = material.words
    still_open = [one for one in ranked(material.record.findings) if not one.corrected]
    if not still_open:
        words = say(pages.NOTHING_OPEN)
        return [heading(say(pages.FIRST), SECTION), Spacer(0, 4), prose(words)]
    dues = [_due(one, say) for one in still_open[:most]]
    rows = [
        [
            Shape(one.severity, say(results.SEVERITIES[one.severity])),
            _named(one, say),
            prose(due, PLAIN_RIGHT),
        ]
        for one, due in zip(still_open, dues, strict=False)
    ]
    wide = max(_DUE, *(width_of(due, size=PLAIN_RIGHT.fontSize) + 7 for due in dues))
    widths = [78, COLUMN - 78 - wide, wide]
    table = grid(rows, widths, ("LINEABOVE", (0, 0), (-1, 0), 0.8, ACCENT), kind=LIST)
    shown = led([heading(say(pages.FIRST), SECTION), Spacer(0, 3)], [table])
    more = len(still_open) - most
    if more > 0:
        short = material.snapshot.layout == "summary"
        where = pages.MORE_IN_FULL if short else pages.MORE_NEXT
        shown += [Spacer(0, 4), prose(say.counted(where, more), SMALL)]
    return shown


def _named(finding: Finding, say: Words) -> Any:
    return opened(finding.number, f"  {say.aside(finding.prompt, finding.about)}")


def _due(finding: Finding, say: Words) -> str:
    if not finding.due_on:
        return say(pages.NO_DATE)
    return say(pages.BY_DAY, day=say.day(finding.due_on))


def _particulars(material: Material) -> Any:
    snapshot, record, say = material.snapshot, material.record, material.words
    checklist = record.checklist
    issued = say.moment(snapshot.issued_at)
    facts = pairs(
        (
            (say(pages.INSPECTOR), record.inspector),
            (say(pages.IN_CHARGE), record.person_in_charge),
            (say(pages.SERVICES), say.listed(record.services)),
            (say(pages.JURISDICTION), record.jurisdiction),
            (
                say(pages.CHECKLIST),
                say(pages.EDITION, title=checklist.title, version=checklist.version),
            ),
            (say(pages.REPORT_CODE), say(pages.ISSUED, code=snapshot.code, moment=issued)),
        ),
        COLUMN - _QR - 34,
    )
    if not snapshot.verify_url:
        return grid(
            [[facts, prose(say(pages.MADE_ALONE), LABEL)]], [COLUMN - _QR, _QR], lines=False
        )
    plate = [
        QrPlate(snapshot.verify_url, _QR, say(pages.QR_CODE, address=snapshot.verify_url)),
        Spacer(0, 4),
        prose(say(pages.CHECK_THIS), LABEL),
        prose(snapshot.verify_url, LABEL),
    ]
    plate[0].hAlign = "LEFT"
    return grid([[facts, plate]], [COLUMN - _QR, _QR], lines=False)
