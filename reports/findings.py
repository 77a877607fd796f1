"""What was not met, worst first, and what is to be done about it."""

from collections.abc import Sequence
from typing import Any

from reportlab.platypus import Spacer

from reports.drawings import LINE, Picture, Stepped
from reports.grids import Spacing, boxed, grid
from reports.layout import (
    BODY_TEXT,
    COLUMN,
    LABEL,
    PROMPT,
    SMALL,
    cell,
    chapter,
    notes,
    prose,
)
from reports.material import Material, ranked
from reports.phrases import findings as said
from reports.phrases import pages, results
from reports.signs import SHAPES, Shape
from reports.snapshot import Finding, Photo
from reports.typefaces import BOLD
from reports.words import Words

_SIDE = 92.0
_BESIDE = COLUMN - _SIDE
# Up to this many photos of a finding stand two across.
_FEW = 2


def album(
    photos: Sequence[Photo], material: Material, room: float, *, across: int, tall: float
) -> list[Any]:
    """Return photos in rows with number, caption and time below each."""
    wide = room / across
    rows = [photos[at : at + across] for at in range(0, len(photos), across)]
    return [
        grid(
            [[_print(photo, material, wide - 8, tall) for photo in row]],
            [wide] * len(row),
            lines=False,
            space=Spacing(above=2, below=2),
        )
        for row in rows
    ]


def _print(photo: Photo, material: Material, wide: float, tall: float) -> list[Any]:
    say = material.words
    number = say(pages.NAMED_PHOTO, number=material.photo_numbers[photo.digest])
    beside = [photo.caption, say.moment(photo.taken_at) if photo.taken_at else ""]
    caption = " · ".join([number, *(part for part in beside if part)])
    picture = Picture(photo, material.jpegs[photo.digest], (wide, tall), caption)
    picture.hAlign = "LEFT"
    return [picture, Spacer(0, 3), *notes("", caption, SMALL)]


def findings(material: Material) -> list[Any]:
    """Return the chapter of findings with photos and orders."""
    record, say = material.record, material.words
    story: list[Any] = []
    if not record.findings:
        return chapter(say(pages.FINDINGS), [prose(say(said.ALL_MET))])
    for step, finding in enumerate(ranked(record.findings), 1):
        story.append(_finding(finding, material))
        story.append(Stepped(material.tell, step))
    return chapter(say(pages.FINDINGS), story)


def _finding(finding: Finding, material: Material) -> Any:
    say = material.words
    sign = Shape(finding.severity, say(results.SEVERITIES[finding.severity]), 9, BOLD)
    side = [sign]
    if finding.corrected:
        side += [Spacer(0, 2), Shape("corrected", say(results.CORRECTED), 7.6)]
    content: list[Any] = notes("", f"{finding.number}  {finding.prompt}", PROMPT)
    # Whoever leafs through the headings hears the severity too.
    sign.element = content[0].element
    if finding.about:
        content.append(prose(finding.about, LABEL))
    content += [Spacer(0, 3), *notes(say(said.FOUND), finding.response)]
    content += notes(say(said.COMMENT), finding.comment)
    content += [Spacer(0, 4), _order(finding, say), Spacer(0, 4)]
    across, tall = _arranged(finding, material)
    rows = album(finding.photos, material, _BESIDE, across=across, tall=tall)
    small = [finding.body_class, finding.fine, material.cites(finding.clauses)]
    line = "  ·  ".join(part for part in small if part)
    content += [*notes("", line, SMALL), Spacer(0, 3), *rows[:1]]
    # The first row of photos stays with the words; the others may go to the next page.
    return grid(
        [[side, content], *(["", row] for row in rows[1:])],
        [_SIDE, _BESIDE],
        ("LINEBELOW", (0, -1), (-1, -1), 0.4, LINE),
        lines=False,
    )


def _arranged(finding: Finding, material: Material) -> tuple[int, float]:
    """Return how many photos stand across, and how tall each may be."""
    if material.large_photos:
        # Two findings with a photo each fill a page.
        return 1, 212.0
    return (2, 132.0) if len(finding.photos) <= _FEW else (3, 100.0)


def _order(finding: Finding, say: Words) -> Any:
    colour = SHAPES["corrected" if finding.corrected else finding.severity][1]
    lines = notes(say(said.TO_DO), finding.order) if finding.order else []
    if finding.corrected:
        lines.append(prose(say(said.PUT_RIGHT), SMALL))
    elif finding.due_on:
        lines += notes(say(said.LATEST), say.day(finding.due_on))
    return boxed(lines or [prose(say(said.NO_ORDER), SMALL)], _BESIDE, colour)


def actions(material: Material) -> list[Any]:
    """Return the chapter of corrective actions, with room to note by hand what was done."""
    say = material.words
    ordered = ranked(material.record.findings)
    if not ordered:
        return []
    rows: list[list[Any]] = [
        [say(one) for one in (said.ITEM, said.ACTION, said.BY, said.STATE, said.DONE_ON)]
    ]
    for one in ordered:
        due = say.day(one.due_on) if one.due_on else say(pages.NO_DATE)
        due = say(said.AT_VISIT) if one.corrected else due
        what = notes("", say.aside(one.order or one.prompt, one.about), BODY_TEXT)
        rows.append([cell(one.number), what, prose(due), _state(one, say), ""])
    widths = [40, COLUMN - 40 - 88 - 76 - 82, 88, 76, 82]
    return chapter(say(said.ACTIONS), [grid(rows, widths, head=1)])


def _state(finding: Finding, say: Words) -> Any:
    if finding.corrected:
        return Shape("corrected", say(results.CORRECTED))
    return Shape("not_observed", say(said.OPEN))
