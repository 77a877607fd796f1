"""The look of the pages: type, paragraphs, headings, running lines."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Frame,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from reports.breaking import break_lines
from reports.drawings import ACCENT, GREY, INK, LINE, RED
from reports.paper import FOOTER_SIZE, Paper
from reports.phrases import frames, pages, results
from reports.snapshot import Snapshot
from reports.tags import Element
from reports.typefaces import BODY, BOLD, HAN, lines_of, paragraphs, runs, shown
from reports.words import Words, grouped

# An A4 page whose text also fits on US Letter without scaling.
WIDTH, HEIGHT = A4
MARGIN = 54.0
TOP = 72.0
FOOT = 66.0
COLUMN = WIDTH - 2 * MARGIN
EDGE = 50.0
TALLEST_ROW = 560.0
LINE_HEIGHT = 11.6
_CODE_ROOM = 130.0
# So many letters fit the narrowest column.
_NARROW = 8


def _style(name: str, size: float, leading: float, **more: Any) -> ParagraphStyle:
    label = {"bulletFontName": BODY, "bulletFontSize": size, "bulletColor": GREY}
    given = {"fontName": BODY, "textColor": INK, "splitLongWords": 1, "role": "P", **label, **more}
    return ParagraphStyle(name, fontSize=size, leading=leading, **given)


BODY_TEXT = _style("body", 9, 12.6)
LEAD = _style("lead", 10.5, 15)
HEAD = _style("head", 7.2, 11.6, textColor=GREY)
HEAD_RIGHT = _style("head-right", 7.2, 11.6, textColor=GREY, alignment=TA_RIGHT)
SMALL = _style("small", 7.6, 10.4, textColor=GREY)
FINE = _style("fine", 8.2, 11)
FINE_STRONG = _style("fine-strong", 8.2, 11, fontName=BOLD)
LABEL = _style("label", 7.2, 10, textColor=GREY)
STRONG = _style("strong", 9, 12.6, fontName=BOLD)
PROMPT = _style("prompt", 10.2, 14, fontName=BOLD, role="H2")
TITLE = _style("title", 23, 28, fontName=BOLD, role="H1")
EYEBROW = _style("eyebrow", 8, 11, fontName=BOLD, textColor=ACCENT)
CHAPTER = _style("chapter", 16, 20, fontName=BOLD, spaceBefore=24, spaceAfter=9, role="H1")
SECTION = _style("section", 11.2, 15, fontName=BOLD, role="H2")
NAME = _style("name", 7.6, 12.6, textColor=GREY, role="Span")
RIGHT = _style("right", 9, 12.6, fontName=BOLD, alignment=TA_RIGHT)
PLAIN_RIGHT = _style("plain-right", 9, 12.6, alignment=TA_RIGHT)
ENDING = _style("ending", 8, 11, textColor=ACCENT, fontName=BOLD, alignment=TA_RIGHT)
CONTACT = _style("contact", 7.6, 10.4, textColor=GREY, alignment=TA_RIGHT)
BIG = _style("big", 25, 30, fontName=BOLD)


@cache
def _unspaced(style: ParagraphStyle) -> ParagraphStyle:
    """Return the style for text whose lines may break between any two characters."""
    return ParagraphStyle(f"{style.name}-han", parent=style, wordWrap="CJK")


@cache
def _labelled(style: ParagraphStyle) -> ParagraphStyle:
    """Return the style for text led in by a Chinese label."""
    return ParagraphStyle(f"{style.name}-led", parent=style, bulletFontName=HAN)


Paragraphed = TypeVar("Paragraphed", bound="Prose")


class Prose(Paragraph):  # type: ignore[misc]  # ReportLab ships no types
    """A paragraph that remembers its wrapping, which ReportLab would work out three times."""

    element: Element | None = None
    _wrapped: tuple[float, tuple[float, float]] | None = None

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Return the size at this width; splitting throws lines away, so these are looked for."""
        known = self._wrapped
        if known is None or known[0] != width or not hasattr(self, "blPara"):
            known = (width, super().wrap(width, height))
            self._wrapped = known
        return known[1]

    def breakLinesCJK(self, widths: Any) -> Any:  # noqa: N802 - ReportLab's own name
        """Return the lines of text that needs no spaces to be broken."""
        if hasattr(self, "blPara") and getattr(self, "_splitpara", False):
            return self.blPara
        self.height = 0
        first, *rest = widths if isinstance(widths, list) else [widths]
        return break_lines(self.frags, [first - self._led_in(), *(rest or [first])])

    def _led_in(self) -> float:
        """Return how much of the first line a label takes, as ReportLab draws it."""
        if not self.bulletText:
            return 0.0
        face, size = self.style.bulletFontName, self.style.bulletFontSize
        return float(pdfmetrics.stringWidth(self.bulletText, face, size)) + 0.6 * float(size)

    def split(self, width: float, height: float) -> list[Any]:
        """Let both pieces be one element."""
        pieces: list[Any] = super().split(width, height)
        for piece in pieces:
            piece.element = self.element
        return pieces

    def draw(self) -> None:
        """Print between the marks of the element."""
        if self.style.wordWrap is None:
            _space_out(self.blPara)
        self.canv.begin(self.element)
        super().draw()
        self.canv.end()


def _space_out(broken: Any) -> None:
    """End every line but the last with a space, without which a listener hears words run on."""
    for line in broken.lines[:-1]:
        if broken.kind == 0:
            line[1].append("")
        elif line.words:
            line.words[-1].text += " "


def prose(text: str, style: ParagraphStyle = BODY_TEXT, label: str = "") -> Prose:
    """Return what a person wrote as one paragraph, led in by a grey label of ours."""
    return _made(Prose, _pieces(text, style, style.fontName), style, label)


def opened(first: str, rest: str) -> Prose:
    """Return a paragraph whose first words are bold."""
    pieces = [*_pieces(first, BODY_TEXT, BOLD), *_pieces(rest, BODY_TEXT, BODY)]
    return _made(Prose, pieces, BODY_TEXT)


def _made(
    kind: type[Paragraphed], pieces: list[Any], style: ParagraphStyle, label: str = ""
) -> Paragraphed:
    """Return a paragraph of pieces: no mark-up is read, so none can be smuggled in."""
    unspaced = any(piece.fontName == HAN for piece in pieces)
    look = _unspaced(style) if unspaced else style
    if label and runs(label)[0][0] == HAN:
        look = _labelled(look)
    made = kind("", look, bulletText=label, frags=pieces)
    made.element = Element(style.role)
    return made


def _pieces(text: str, style: ParagraphStyle, face: str) -> list[Any]:
    """Return text as ReportLab's own fragments, each in a font that has its letters."""
    model = _fragment(style)
    found: list[Any] = []
    for at, line in enumerate(lines_of(text)):
        if at:
            found.append(model.clone(text="", lineBreak=True))
        found += [model.clone(text=piece, fontName=font) for font, piece in runs(line, face)]
    return found or [model.clone(text="")]


@cache
def _fragment(style: ParagraphStyle) -> Any:
    return Prose("x", style).frags[0]


def notes(label: str, text: str, style: ParagraphStyle = BODY_TEXT) -> list[Prose]:
    """Return a longer text as paragraphs, the first led in by a grey label."""
    first, *rest = paragraphs(text) or ("",)
    if not first:
        return []
    return [prose(first, style, label), *(prose(piece, style) for piece in rest)]


def cell(text: str, style: ParagraphStyle = BODY_TEXT) -> str | Prose:
    """Return short plain text as it is, which is quicker, and all other text as a paragraph."""
    plain = text.isascii() and text.isprintable() and len(text) < _NARROW
    return text if plain else prose(text, style)


class Heading(Prose):
    """A heading that also stands in the outline; `level` 0 opens a chapter."""

    level = 0
    entry = ""

    def split(self, width: float, height: float) -> list[Any]:
        """Leave the entry with the first of the pieces."""
        pieces: list[Any] = super().split(width, height)
        for first in pieces[:1]:
            first.level, first.entry = self.level, self.entry
        return pieces

    def draw(self) -> None:
        """Name the place in the outline, then print."""
        if self.entry:
            self.canv.outline(self.entry, self.level, self.height + 8)
        super().draw()


def heading(text: str, style: ParagraphStyle = CHAPTER, *, level: int = 0) -> Heading:
    """Return a heading for text of ours or of a checklist."""
    made = _made(Heading, _pieces(text, style, style.fontName), style)
    made.level = level
    made.entry = shown(text)
    return made


def led(lead: Sequence[Any], body: Sequence[Any]) -> list[Any]:
    """Return both, on the next page where the first block of `body` would not fit below `lead`."""
    solid = next((at for at, one in enumerate(body) if type(one) is not Spacer), len(body) - 1)
    needed = sum(_room(piece) for piece in (*lead, *body[: solid + 1]))
    return [CondPageBreak(min(needed, TALLEST_ROW)), *lead, *body]


def _room(piece: Any) -> float:
    """Return how much of a page a piece needs to begin on it."""
    if isinstance(piece, CondPageBreak):
        return float(piece.height)
    if isinstance(piece, Table):
        return float(piece.beginning)
    around = piece.getSpaceBefore() + piece.getSpaceAfter()
    return float(piece.wrap(COLUMN, HEIGHT)[1] + around)


def chapter(text: str, body: Sequence[Any]) -> list[Any]:
    """Return a chapter under its heading, which is never left behind alone."""
    return led([heading(text)], body)


def write(canvas: Any, place: tuple[float, float], text: str, room: float) -> None:
    """Draw one running line in grey, cut with an ellipsis where it is too long."""
    x, y = place
    line = canvas.beginText(x, y)
    line.setFillColor(GREY)
    left = room
    for face, piece in runs(text):
        line.setFont(face, FOOTER_SIZE)
        fitting = _fitted(piece, face, left)
        line.textOut(fitting)
        left -= pdfmetrics.stringWidth(fitting, face, FOOTER_SIZE)
        if fitting != piece:
            break
    canvas.drawText(line)


def pencil(
    canvas: Any, place: tuple[float, float], text: str, face: str = BODY, size: float = FOOTER_SIZE
) -> None:
    """Draw a few words of ours from `place` on, each piece in a font that has its letters."""
    x, y = place
    for font, piece in runs(text, face):
        canvas.setFont(font, size)
        canvas.drawString(x, y, piece)
        x += pdfmetrics.stringWidth(piece, font, size)


def width_of(text: str, face: str = BODY, size: float = FOOTER_SIZE) -> float:
    """Return how wide `pencil` draws a text."""
    return float(sum(pdfmetrics.stringWidth(one, font, size) for font, one in runs(text, face)))


def _fitted(text: str, face: str, room: float) -> str:
    if pdfmetrics.stringWidth(text, face, FOOTER_SIZE) <= room:
        return text
    # Ten thousand letters must not be measured one by one: no line holds five hundred.
    shorter = (text[:end] + "…" for end in range(min(len(text), 500), 0, -1))
    fitting = (one for one in shorter if pdfmetrics.stringWidth(one, face, FOOTER_SIZE) <= room)
    return next(fitting, "")


def _foot(canvas: Paper, code: str, digest: str, say: Words) -> None:
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.4)
    canvas.line(MARGIN, EDGE, WIDTH - MARGIN, EDGE)
    y = EDGE - 12
    canvas.setFillColor(GREY)
    page = say(frames.PAGE_OF, number=canvas.getPageNumber())
    pencil(canvas, (MARGIN, y), page)
    canvas.saveState()
    canvas.translate(MARGIN + width_of(page), y)
    canvas.write_total()
    canvas.restoreState()
    record = say(frames.RECORD, digest=grouped(digest))
    pencil(canvas, (WIDTH / 2 - 0.5 * width_of(record), y), record)
    named = say(frames.NAMED_REPORT, code=code)
    wide = min(width_of(named), _CODE_ROOM)
    write(canvas, (WIDTH - MARGIN - wide, y), named, _CODE_ROOM)


def _demo_sign(canvas: Paper, say: Words) -> None:
    words = say(results.DEMO)
    written = width_of(words, BOLD, 8)
    wide = written + 24
    canvas.setStrokeColor(RED)
    canvas.setLineWidth(0.9)
    canvas.roundRect((WIDTH - wide) / 2, HEIGHT - 36, wide, 15, 7.5, stroke=1, fill=0)
    canvas.setFillColor(RED)
    pencil(canvas, (WIDTH / 2 - 0.5 * written, HEIGHT - 31.5), words, BOLD, 8)


def running_lines(snapshot: Snapshot, digest: str) -> Callable[[Paper, BaseDocTemplate], None]:
    """Return what is drawn around every page: head from page 2, foot, and the demo's sign."""
    record = snapshot.record
    say = Words(record.printed_in)

    def draw(canvas: Paper, _document: BaseDocTemplate) -> None:
        with canvas.tagged(None):
            around(canvas)

    def around(canvas: Paper) -> None:
        canvas.saveState()
        if canvas.getPageNumber() > 1:
            write(
                canvas,
                (MARGIN, HEIGHT - 54),
                f"{record.organisation.name} · {record.site.name}",
                COLUMN - 100,
            )
            canvas.setFillColor(GREY)
            title = say(pages.REPORT)
            pencil(canvas, (WIDTH - MARGIN - width_of(title), HEIGHT - 54), title)
        _foot(canvas, snapshot.code, digest, say)
        if record.demo:
            _demo_sign(canvas, say)
        canvas.restoreState()

    return draw


def document(target: Any, snapshot: Snapshot, digest: str) -> BaseDocTemplate:
    """Return a document of one column with the running lines on every page."""
    lines = running_lines(snapshot, digest)
    frame = Frame(MARGIN, FOOT, COLUMN, HEIGHT - TOP - FOOT, 0, 0, 0, 0, id="column")
    page = PageTemplate(id="page", frames=[frame], onPage=lines)
    return BaseDocTemplate(target, pagesize=A4, pageTemplates=[page])
