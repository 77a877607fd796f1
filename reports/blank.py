"""A checklist on paper, to fill in by hand where no device may go.

It is no report: nothing in it was found, and it carries no seal.
"""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Spacer

from reports.drawings import GREY, INK, LINE, Drawn
from reports.grids import LIST, PLACED, Spacing, grid
from reports.layout import (
    BODY_TEXT,
    COLUMN,
    EDGE,
    FOOT,
    HEIGHT,
    LABEL,
    MARGIN,
    SECTION,
    SMALL,
    TITLE,
    WIDTH,
    heading,
    led,
    notes,
    prose,
    width_of,
    write,
)
from reports.paper import Paper, Particulars
from reports.phrases import findings as said
from reports.phrases import frames, pages
from reports.phrases.phrase import Phrase
from reports.snapshot import Language
from reports.tags import Element
from reports.typefaces import load, runs, shown
from reports.words import Words

_TOP = 54.0
_NUMBER, _BLANKS = 30.0, 190.0
_ITEM = COLUMN - _NUMBER - _BLANKS
_ROOM = _BLANKS - 8
_SQUARE = 9.0
_BESIDE = 14.0  # from the edge of a square to its word
_APART = 8.0
_SIZE = 9.0
_STEP = 15.0
_TIGHT = Spacing(above=5, below=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """One thing to write down: a choice of `options`, or a line where there are none."""

    label: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankItem:
    """An item as it is asked; `beside` is printed small: limit, severity, what it repeats over."""

    number: str
    prompt: str
    beside: str = ""
    blanks: tuple[Blank, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankSection:
    """A section with its items."""

    number: str
    title: str
    beside: str = ""
    items: tuple[BlankItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankForm:
    """A checklist as it goes on paper; `edition` says which, `made_at` when (ISO 8601)."""

    title: str
    edition: str
    language: str
    printed_in: Language = "en"
    made_at: str
    sections: tuple[BlankSection, ...]


class _Squares(Drawn):
    """Squares to tick, each with its word, side by side as far as there is room."""

    def __init__(self, words: tuple[str, ...], room: float) -> None:
        self.placed: list[tuple[float, float, Any]] = []
        x = y = 0.0
        for word in words:
            label = prose(word)
            wide = sum(pdfmetrics.stringWidth(text, face, _SIZE) for face, text in runs(word))
            needed = min(_BESIDE + wide + _APART, room)
            if x and x + needed > room:
                x, y = 0.0, y + _STEP
            _, tall = label.wrap(min(wide + 1, room - _BESIDE), HEIGHT)
            self.placed.append((x, y, label))
            x, y = x + needed, y + max(0.0, tall - _STEP)
        super().__init__(room, y + _STEP)

    def paint(self) -> None:
        """Draw the squares."""
        self.canv.setStrokeColor(INK)
        self.canv.setLineWidth(0.8)
        for x, y, _ in self.placed:
            top = self.height - y - 3
            self.canv.rect(x, top - _SQUARE, _SQUARE, _SQUARE, stroke=1, fill=0)

    def draw(self) -> None:
        """Draw the squares as artifacts, then each word as a paragraph."""
        super().draw()
        for x, y, label in self.placed:
            label.drawOn(self.canv, x + _BESIDE, self.height - y - label.height)


class _Line(Drawn):
    """A line to write on."""

    def __init__(self, wide: float, say: Words) -> None:
        super().__init__(wide, 18, Element("Figure", say(frames.WRITE_LINE)))

    def paint(self) -> None:
        """Draw the line."""
        self.canv.setStrokeColor(GREY)
        self.canv.setLineWidth(0.5)
        self.canv.line(0, 2, self.width, 2)


def print_blank(form: BlankForm) -> bytes:
    """Return the form as PDF; the same form gives the same bytes."""
    load()
    say = Words(form.printed_in)
    target = BytesIO()
    particulars = Particulars(
        title=shown(say(frames.BLANK_TITLE, title=form.title)),
        author="Hygiene Audit",
        subject=shown(form.edition),
        language=form.language if form.printed_in == "en" else form.printed_in,
        issued_at=form.made_at,
        attachments=(),
    )

    def paper(_name: object, **_given: object) -> Paper:
        return Paper(target, particulars)

    frame = Frame(MARGIN, FOOT, COLUMN, HEIGHT - _TOP - FOOT, 0, 0, 0, 0, id="column")
    page = PageTemplate(id="page", frames=[frame], onPage=_around(form))
    sheets = BaseDocTemplate(target, pagesize=A4, pageTemplates=[page])
    sheets.build(_story(form), canvasmaker=paper)
    return target.getvalue()


def _around(form: BlankForm) -> Callable[[Paper, BaseDocTemplate], None]:
    say = Words(form.printed_in)

    def draw(canvas: Paper, _document: BaseDocTemplate) -> None:
        with canvas.tagged(None):
            canvas.setStrokeColor(LINE)
            canvas.setLineWidth(0.4)
            canvas.line(MARGIN, EDGE, WIDTH - MARGIN, EDGE)
            write(canvas, (MARGIN, EDGE - 12), f"{form.title}  ·  {form.edition}", COLUMN - 90)
            number = say(frames.PAGE_OF, number=canvas.getPageNumber())
            wide = width_of(number)
            left = WIDTH - MARGIN - wide - 14
            write(canvas, (left, EDGE - 12), number, wide + 1)
            canvas.saveState()
            canvas.translate(left + wide, EDGE - 12)
            canvas.write_total()
            canvas.restoreState()

    return draw


def _story(form: BlankForm) -> list[Any]:
    say = Words(form.printed_in)
    story: list[Any] = [prose(form.title, TITLE), Spacer(0, 3), prose(form.edition, SMALL)]
    story += [Spacer(0, 10), _filled_by_hand((frames.SITE, frames.DAY_AND_TIME), say), Spacer(0, 6)]
    story += [_filled_by_hand((pages.INSPECTOR, pages.IN_CHARGE), say), Spacer(0, 16)]
    for section in form.sections:
        story += _section(section, say)
    story += led(
        [heading(say(frames.SIGNATURES), SECTION), Spacer(0, 8)],
        [_filled_by_hand((frames.INSPECTOR_SIGNS, frames.RECEIVED_BY), say)],
    )
    return story


def _filled_by_hand(labels: tuple[Phrase, Phrase], say: Words) -> Any:
    half = COLUMN / 2
    cells = [[prose(say(label), LABEL), _Line(half - 18, say)] for label in labels]
    return grid([cells], [half, half], lines=False, space=Spacing(above=0), kind=PLACED)


def _section(section: BlankSection, say: Words) -> list[Any]:
    lead: list[Any] = [heading(f"{section.number}  {section.title}", SECTION)]
    lead += [*notes("", section.beside, SMALL), Spacer(0, 3)]
    rows = [_row(item, say) for item in section.items]
    table = grid(rows, [_NUMBER, _ITEM, _BLANKS], space=_TIGHT, kind=LIST)
    return led(lead, [table, Spacer(0, 14)])


def _row(item: BlankItem, say: Words) -> list[Any]:
    words: list[Any] = [*notes("", item.prompt, BODY_TEXT), *notes("", item.beside, SMALL)]
    asked: list[Any] = []
    for blank in item.blanks:
        if blank.label:
            asked.append(prose(blank.label, LABEL))
        asked.append(_Squares(blank.options, _ROOM) if blank.options else _Line(_ROOM, say))
    if item.blanks:
        words += [Spacer(0, 1), prose(say(said.COMMENT), LABEL), _Line(_ITEM - 10, say)]
    return [item.number, words, asked or ""]
