"""Every item as it was asked and answered, and the scoring laid open."""

from collections import Counter
from typing import Any

from reportlab.platypus import Spacer

from reports.drawings import Bar, Stepped
from reports.findings import album
from reports.grids import Spacing, figures, grid
from reports.layout import (
    BODY_TEXT,
    COLUMN,
    LABEL,
    RIGHT,
    SECTION,
    SMALL,
    STRONG,
    cell,
    chapter,
    heading,
    led,
    notes,
    prose,
)
from reports.material import Material, span_of, tally
from reports.signs import Shape
from reports.snapshot import Line, Section
from reports.typefaces import BODY, BOLD
from reports.words import DASH, OUTCOMES, STANDINGS, percent, points

_NUMBER, _RESULT, _POINTS = 36.0, 116.0, 44.0
_ITEM = COLUMN - _NUMBER - _RESULT - _POINTS
_STANDS_OUT = {"not_met", "corrected", "partly_met"}
_WIDTHS = (_NUMBER, _ITEM, _RESULT, _POINTS)


def sections(material: Material) -> list[Any]:
    """Return the chapter with every line of every section."""
    story: list[Any] = []
    before = len(material.record.findings)
    for step, section in enumerate(material.record.sections, before + 1):
        story += _section(section, material)
        story.append(Stepped(material.tell, step))
    return chapter("Every item", story)


def _section(section: Section, material: Material) -> list[Any]:
    title = heading(f"{section.number}  {section.title}", SECTION, level=1)
    scored = f"{points(section.earned, section.possible)}  ·  {percent(section.percent)}"
    head = grid(
        [[title, prose(scored, RIGHT)]],
        [COLUMN - 110, 110],
        ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
        lines=False,
        space=Spacing(below=3),
    )
    rules = material.cites(section.clauses)
    rows: list[list[Any]] = [["", "Item", "Result", "Points"]]
    rows += [_row(line, material) for line in section.lines]
    table = grid(rows, _WIDTHS, figures(3), head=1)
    about = [prose(f"Whole section: {rules}", SMALL)] if rules else []
    return led([head, *about], [table, Spacer(0, 14)])


def _row(line: Line, material: Material) -> list[Any]:
    item: list[Any] = notes("", line.prompt)
    if line.about:
        item.append(prose(line.about, LABEL))
    item += notes("Comment", line.comment)
    item += notes("Reason", line.reason)
    shown = [one for one in line.photos if one.digest not in material.in_findings]
    elsewhere = [one for one in line.photos if one not in shown]
    limit = f"Limit: {line.limit}" if line.limit else ""
    weight = f"{line.severity} item" if line.severity else ""
    beside = (
        limit,
        weight,
        line.method,
        material.cites(line.clauses),
        material.pictured(elsewhere),
    )
    item += notes("", "  ·  ".join(part for part in beside if part), SMALL)
    item += album(shown, material, _ITEM - 8, across=2, tall=90)
    face = BOLD if line.standing in _STANDS_OUT else BODY
    result: list[Any] = [Shape(line.standing, STANDINGS[line.standing], face=face)]
    if line.response and line.response != STANDINGS[line.standing]:
        result += notes("", line.response)
    return [cell(line.number), item, result, points(line.earned, line.possible)]


def scoring(material: Material) -> list[Any]:
    """Return the chapter that lets every point be followed by hand."""
    record = material.record
    score = record.scoring
    rows: list[list[Any]] = [["", "Section", "", "Points", "Of", "Percent"]]
    for one in record.sections:
        none = one.percent is None
        rows.append(
            [
                cell(one.number),
                prose(one.title),
                Bar(one.percent, width=96, height=4),
                DASH if none else one.earned,
                DASH if none else one.possible,
                percent(one.percent),
            ]
        )
    bar = Bar(score.percent, span_of(score), width=96, height=4)
    total = prose("All sections", STRONG)
    rows.append(["", total, bar, score.earned, score.possible, percent(score.percent)])
    widths = [30, COLUMN - 30 - 112 - 3 * 54, 112, 54, 54, 54]
    aligned = [figures(column) for column in (3, 4, 5)]
    table = grid(rows, widths, *aligned, ("FONT", (3, -1), (-1, -1), BOLD, 8.6, 11.6), head=1)
    story = [*_decided(material), Spacer(0, 8), table, *_rest(material)]
    return chapter("How it was scored", story)


def _decided(material: Material) -> list[Any]:
    record = material.record
    left = Counter(one.severity for one in record.findings if not one.corrected)
    corrected = sum(one.corrected for one in record.findings)
    counts = tally(left) or "none"
    return [
        prose(f"Outcome: {OUTCOMES[record.scoring.outcome]}", STRONG),
        *notes("", record.scoring.because),
        prose(
            f"The outcome is decided by the worst finding that was not corrected during the visit."
            f" Left open: {counts}. Corrected: {corrected}."
            f" The percentage stands beside the outcome and cannot change it."
        ),
    ]


def _rest(material: Material) -> list[Any]:
    score = material.record.scoring
    story: list[Any] = [Spacer(0, 8)]
    if score.best != score.worst:
        span = (
            f"Had every item left out as not applicable or not observed been met,"
            f" the total would be {percent(score.best)}; had none been met, {percent(score.worst)}."
        )
        story.append(prose(span, BODY_TEXT))
    left_out = ", ".join(score.excluded) or "none"
    story += notes("Left out of the points", left_out)
    return story
