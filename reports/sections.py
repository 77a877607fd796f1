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
from reports.phrases import findings, items, results
from reports.signs import Shape
from reports.snapshot import Line, Section
from reports.typefaces import BODY, BOLD
from reports.words import DASH, Words

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
    return chapter(material.words(items.EVERY_ITEM), story)


def _section(section: Section, material: Material) -> list[Any]:
    say = material.words
    title = heading(f"{section.number}  {section.title}", SECTION, level=1)
    scored = f"{say.points(section.earned, section.possible)}  ·  {say.percent(section.percent)}"
    head = grid(
        [[title, prose(scored, RIGHT)]],
        [COLUMN - 110, 110],
        ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
        lines=False,
        space=Spacing(below=3),
    )
    rules = material.cites(section.clauses)
    rows: list[list[Any]] = [["", say(findings.ITEM), say(items.RESULT), say(items.POINTS)]]
    rows += [_row(line, material) for line in section.lines]
    table = grid(rows, _WIDTHS, figures(3), head=1)
    about = [prose(say(items.WHOLE_SECTION, rules=rules), SMALL)] if rules else []
    return led([head, *about], [table, Spacer(0, 14)])


def _row(line: Line, material: Material) -> list[Any]:
    say = material.words
    item: list[Any] = notes("", line.prompt)
    if line.about:
        item.append(prose(line.about, LABEL))
    item += notes(say(findings.COMMENT), line.comment)
    item += notes(say(findings.REASON), line.reason)
    shown = [one for one in line.photos if one.digest not in material.in_findings]
    elsewhere = [one for one in line.photos if one not in shown]
    method = results.METHODS.get(line.method)
    beside = (
        say(items.LIMIT, limit=line.limit) if line.limit else "",
        say(results.WEIGHTS[line.severity]) if line.severity else "",
        say(method) if method else line.method,
        material.cites(line.clauses),
        material.pictured(elsewhere),
    )
    item += notes("", "  ·  ".join(part for part in beside if part), SMALL)
    across, tall = (1, 200.0) if material.large_photos else (2, 90.0)
    item += album(shown, material, _ITEM - 8, across=across, tall=tall)
    face = BOLD if line.standing in _STANDS_OUT else BODY
    standing = say(results.STANDINGS[line.standing])
    result: list[Any] = [Shape(line.standing, standing, face=face)]
    if line.response and line.response != standing:
        result += notes("", line.response)
    return [cell(line.number), item, result, say.points(line.earned, line.possible)]


def scoring(material: Material) -> list[Any]:
    """Return the chapter that lets every point be followed by hand."""
    record, say = material.record, material.words
    score = record.scoring
    rows: list[list[Any]] = [_head(say)]
    for one in record.sections:
        none = one.percent is None
        rows.append(
            [
                cell(one.number),
                prose(one.title),
                Bar(one.percent, width=96, height=4),
                DASH if none else say.number(one.earned),
                DASH if none else say.number(one.possible),
                say.percent(one.percent),
            ]
        )
    bar = Bar(score.percent, span_of(score), width=96, height=4)
    total = prose(say(items.ALL_SECTIONS), STRONG)
    amounts = [say.number(score.earned), say.number(score.possible), say.percent(score.percent)]
    rows.append(["", total, bar, *amounts])
    widths = [30, COLUMN - 30 - 112 - 3 * 54, 112, 54, 54, 54]
    aligned = [figures(column) for column in (3, 4, 5)]
    table = grid(rows, widths, *aligned, ("FONT", (3, -1), (-1, -1), BOLD, 8.6, 11.6), head=1)
    story = [*_decided(material), Spacer(0, 8), table, *_rest(material)]
    return chapter(say(items.HOW_SCORED), story)


def _head(say: Words) -> list[Any]:
    return ["", say(items.SECTION), "", say(items.POINTS), say(items.OF), say(items.PERCENT)]


def _decided(material: Material) -> list[Any]:
    record, say = material.record, material.words
    left = Counter(one.severity for one in record.findings if not one.corrected)
    corrected = sum(one.corrected for one in record.findings)
    counts = tally(left, say) or say(items.NONE)
    outcome = say(results.OUTCOMES[record.scoring.outcome])
    return [
        prose(say(items.OUTCOME, outcome=outcome), STRONG),
        *notes("", record.scoring.because),
        prose(say(items.DECIDED, counts=counts, corrected=corrected)),
    ]


def _rest(material: Material) -> list[Any]:
    score, say = material.record.scoring, material.words
    story: list[Any] = [Spacer(0, 8)]
    if score.best != score.worst:
        ends = {"best": say.percent(score.best), "worst": say.percent(score.worst)}
        story.append(prose(say(items.HAD_COUNTED, **ends), BODY_TEXT))
    left_out = say.listed(score.excluded) or say(items.NONE)
    story += notes(say(items.LEFT_OUT), left_out)
    return story
