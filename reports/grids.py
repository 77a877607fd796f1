"""Tables in the house style, and what each is to a listener: table, list or mere layout."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.lib.colors import Color
from reportlab.platypus import Table
from reportlab.platypus.tables import CellStyle

from reports.drawings import ACCENT, GREY, INK, LINE, TINT
from reports.layout import HEAD, HEAD_RIGHT, HEIGHT, LINE_HEIGHT, NAME, TALLEST_ROW, prose, width_of
from reports.tags import Element
from reports.typefaces import BODY, runs

Rule = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """The roles of a grid, its rows and its cells; none where a grid only puts things in place."""

    whole: str = ""
    row: str = ""
    cells: tuple[str, ...] = ()

    def cell(self, column: int) -> str:
        """Return the role in this column; the last one named holds for all that follow."""
        return self.cells[min(column, len(self.cells) - 1)] if self.cells else ""


PLACED = Kind()
TABLE = Kind(whole="Table", row="TR", cells=("TD",))
LIST = Kind(whole="L", row="LI", cells=("Lbl", "LBody"))


class _Spoken:
    """Tags one grid while ReportLab draws it; the pieces of a split grid share it."""

    def __init__(self, kind: Kind, head: int) -> None:
        self._kind, self._head = kind, head
        self._whole = Element(kind.whole)
        self._cell: Element | None = None
        self._headed = self._passed_over = self._plain = False
        self._steps: dict[str, Callable[..., None]] = {
            "startTable": self._open,
            "startBG": self._aside,
            "endBG": self._end,
            "startRow": self._start_row,
            "startCell": self._start_cell,
            "endCell": self._end_cell,
            "endRow": self._end_row,
            "startLines": self._aside,
            "endLines": self._end,
            "endTable": self._close,
        }

    def __call__(self, table: Table, step: str, *given: Any) -> None:
        self._steps[step](table.canv, *given)

    def _open(self, paper: Any) -> None:
        if self._kind.whole:
            paper.tags.enter(self._whole)

    def _close(self, paper: Any) -> None:
        if self._kind.whole:
            paper.tags.leave()

    def _aside(self, paper: Any) -> None:
        paper.begin(None)

    def _end(self, paper: Any) -> None:
        paper.end()

    def _start_row(self, paper: Any, row: int) -> None:
        # On the pages that follow, the head is there for the eye only.
        self._passed_over = self._headed and row < self._head
        if self._passed_over:
            paper.pass_over()
        elif self._kind.row:
            paper.tags.enter(Element(self._kind.row))
        self._headed |= row >= self._head - 1

    def _end_row(self, paper: Any) -> None:
        if self._passed_over:
            paper.resume()
        elif self._kind.row:
            paper.tags.leave().drop_if_empty()

    def _start_cell(self, paper: Any, row: int, column: int, held: Any, *_look: Any) -> None:
        if self._passed_over:
            return
        role = "TH" if row < self._head else self._kind.cell(column)
        self._cell = Element(role) if role else None
        if self._cell:
            paper.tags.enter(self._cell)
        self._plain = isinstance(held, str)
        if self._plain:
            paper.begin((self._cell or Element("P")) if held else None)
        elif self._cell:
            _unwrap(held, self._cell)

    def _end_cell(self, paper: Any) -> None:
        if self._passed_over:
            return
        if self._plain:
            paper.end()
        if self._cell:
            paper.tags.leave()


def _unwrap(held: Any, cell: Element) -> None:
    """Let the only paragraph of a cell be the cell itself: a third less for readers to walk."""
    alone = held[0] if isinstance(held, list) and len(held) == 1 else held
    element = getattr(alone, "element", None)
    if element is not None and element.role in {"P", "Span"} and element.parent is None:
        alone.element = cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Spacing:
    """The room inside each cell; `end` is the right side of the last column."""

    above: float = 4.5
    below: float = 5.0
    left: float = 0.0
    right: float = 8.0
    end: float = 0.0

    def cells(self, columns: int) -> list["_Cell"]:
        """Return the styles of one row."""
        inner = [_Cell(self, self.right) for _ in range(columns - 1)]
        return [*inner, _Cell(self, self.end)]


class _Cell(CellStyle):  # type: ignore[misc]  # ReportLab ships no types
    """How a cell looks unless a rule says otherwise; rules would be applied cell by cell."""

    name = "cell"
    fontname = BODY
    fontsize = 8.6
    leading = LINE_HEIGHT
    color = INK
    valign = "TOP"

    def __init__(self, space: Spacing, right: float) -> None:
        self.topPadding = space.above
        self.bottomPadding = space.below
        self.leftPadding = space.left
        self.rightPadding = right


ROOMY = Spacing()
CLOSE = Spacing(above=2.2, below=2.6)
BESIDE_BAR = Spacing(above=6, below=7, left=10, end=10)


def grid(
    rows: Sequence[Sequence[Any]],
    widths: Sequence[float],
    *extra: Rule,
    head: int = 0,
    lines: bool = True,
    space: Spacing = ROOMY,
    kind: Kind | None = None,
) -> Table:
    """Return a table in the house style: hairlines between rows, a repeated grey head.

    Its rows are measured here, once: ReportLab would measure them again at every step. A row
    moves to the next page whole; only one that fits on no page is cut.
    """
    rows = [*(_headed(row, widths, space, extra) for row in rows[:head]), *rows[head:]]
    heights = [_row_height(row, widths, space) for row in rows]
    tall = max(heights) > TALLEST_ROW
    made = Table(
        rows,
        colWidths=widths,
        rowHeights=None if tall else heights,
        splitInRow=int(tall),
        cellStyles=[space.cells(len(widths)) for _ in rows],
        style=[*_look(head, lines=lines), *extra],
        repeatRows=head,
        hAlign="LEFT",
        renderCB=_Spoken(kind or (TABLE if head else PLACED), head),
    )
    made.beginning = sum(heights[: head + 1])
    return made


def _headed(
    row: Sequence[Any], widths: Sequence[float], space: Spacing, extra: Sequence[Rule]
) -> list[Any]:
    """Return a head whose words wrap where they would run into the next column."""
    right = {rule[1][0] for rule in extra if rule[0] == "ALIGN" and rule[-1] == "RIGHT"}
    made: list[Any] = []
    for column, (held, width) in enumerate(zip(row, widths, strict=True)):
        side = space.end if column == len(row) - 1 else space.right
        fits = all(font == BODY for font, _ in runs(held))
        fits = fits and width_of(held, BODY, HEAD.fontSize) <= width - side - space.left
        look = HEAD_RIGHT if column in right else HEAD
        made.append(held if fits else prose(held, look))
    return made


def _look(head: int, *, lines: bool) -> list[Rule]:
    look: list[Rule] = [("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE)] if lines else []
    if head:
        look += [
            ("FONT", (0, 0), (-1, head - 1), BODY, 7.2, LINE_HEIGHT),
            ("TEXTCOLOR", (0, 0), (-1, head - 1), GREY),
            ("LINEBELOW", (0, head - 1), (-1, head - 1), 0.8, INK),
        ]
    return look


def _row_height(row: Sequence[Any], widths: Sequence[float], space: Spacing) -> float:
    last = len(row) - 1
    sides = [space.left + (space.end if at == last else space.right) for at in range(last + 1)]
    inside = zip(row, widths, sides, strict=True)
    tallest = max(_content_height(held, width - side) for held, width, side in inside)
    return tallest + space.above + space.below


def _content_height(content: Any, width: float) -> float:
    if isinstance(content, str):
        return LINE_HEIGHT
    pieces = content if isinstance(content, list) else [content]
    return sum(float(piece.wrap(width, HEIGHT)[1]) for piece in pieces)


def figures(column: int) -> Rule:
    """Return the rule that sets a column of numbers to the right."""
    return ("ALIGN", (column, 0), (column, -1), "RIGHT")


def boxed(content: Sequence[Any], width: float, colour: Color = ACCENT, bar: float = 2.4) -> Table:
    """Return content on a tint behind a bar."""
    return grid(
        [[list(content)]],
        [width],
        ("BACKGROUND", (0, 0), (-1, -1), TINT),
        ("LINEBEFORE", (0, 0), (0, -1), bar, colour, "butt"),
        lines=False,
        space=BESIDE_BAR,
    )


def pairs(facts: Iterable[tuple[str, str]], width: float, label: float = 92) -> Table:
    """Return names and values under each other, leaving out what is empty."""
    rows = [[prose(name, NAME), prose(value)] for name, value in facts if value]
    made = grid(rows, [label, width - label], lines=False, space=CLOSE, kind=LIST)
    # Short lists stay in one piece.
    made.beginning = made.wrap(width, HEIGHT)[1]
    return made
