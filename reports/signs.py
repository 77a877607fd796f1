"""The signs of standings, severities and outcomes, each with its word beside it.

Every meaning carried by colour is carried by a shape and a word too, so black and white loses
nothing.
"""

from collections.abc import Callable, Sequence
from typing import Any

from reportlab.lib.colors import Color
from reportlab.pdfbase import pdfmetrics

from reports.drawings import AMBER, BLUE, GREEN, GREY, INK, RED, WHITE, Drawn, draw_lines
from reports.tags import Element
from reports.typefaces import BODY, runs


def _polygon(canvas: Any, corners: Sequence[tuple[float, float]], *, fill: bool) -> None:
    path = canvas.beginPath()
    path.moveTo(*corners[0])
    for corner in corners[1:]:
        path.lineTo(*corner)
    path.close()
    canvas.drawPath(path, stroke=1, fill=int(fill))


def _disc(canvas: Any, *, fill: bool) -> None:
    canvas.circle(50, 50, 46, stroke=1, fill=int(fill))


def _tick(canvas: Any) -> None:
    draw_lines(canvas, [(28, 50), (44, 34), (72, 66)])


def _met(canvas: Any) -> None:
    _disc(canvas, fill=True)
    canvas.setStrokeColor(WHITE)
    _tick(canvas)


def _corrected(canvas: Any) -> None:
    _disc(canvas, fill=False)
    _tick(canvas)


def _not_met(canvas: Any) -> None:
    canvas.rect(6, 6, 88, 88, stroke=1, fill=1)
    canvas.setStrokeColor(WHITE)
    draw_lines(canvas, [(31, 31), (69, 69)], [(31, 69), (69, 31)])


def _partly(canvas: Any) -> None:
    _disc(canvas, fill=False)
    path = canvas.beginPath()
    path.arc(4, 4, 96, 96, startAng=90, extent=180)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def _dash(canvas: Any) -> None:
    draw_lines(canvas, [(22, 50), (78, 50)])


def _ring(canvas: Any) -> None:
    _disc(canvas, fill=False)


def _dot(canvas: Any) -> None:
    canvas.circle(50, 50, 22, stroke=0, fill=1)


def _exclaim(canvas: Any) -> None:
    canvas.setStrokeColor(WHITE)
    canvas.setFillColor(WHITE)
    draw_lines(canvas, [(50, 46), (50, 74)])
    canvas.circle(50, 27, 5, stroke=0, fill=1)


def _critical(canvas: Any) -> None:
    corners = [(30, 3), (70, 3), (97, 30), (97, 70), (70, 97), (30, 97), (3, 70), (3, 30)]
    _polygon(canvas, corners, fill=True)
    _exclaim(canvas)


def _major(canvas: Any) -> None:
    _polygon(canvas, [(50, 98), (99, 8), (1, 8)], fill=True)
    canvas.saveState()
    canvas.translate(9, -6)
    canvas.scale(0.82, 0.82)
    _exclaim(canvas)
    canvas.restoreState()


def _minor(canvas: Any) -> None:
    _polygon(canvas, [(50, 94), (96, 10), (4, 10)], fill=False)


def _closed(canvas: Any) -> None:
    _disc(canvas, fill=True)
    canvas.setFillColor(WHITE)
    canvas.rect(24, 40, 52, 20, stroke=0, fill=1)


SHAPES: dict[str, tuple[Callable[[Any], None], Color]] = {
    "met": (_met, GREEN),
    "corrected": (_corrected, GREEN),
    "not_met": (_not_met, RED),
    "partly_met": (_partly, AMBER),
    "not_applicable": (_dash, GREY),
    "not_observed": (_ring, GREY),
    "unscored": (_dot, GREY),
    "critical": (_critical, RED),
    "major": (_major, AMBER),
    "minor": (_minor, BLUE),
    "pass": (_met, GREEN),
    "pass_with_conditions": (_major, AMBER),
    "fail": (_not_met, RED),
    "closed": (_closed, INK),
    "valid": (_met, GREEN),
    "expires_soon": (_major, AMBER),
    "expired": (_not_met, RED),
    "no_expiry": (_dash, GREY),
}


class Shape(Drawn):
    """The sign of a standing, severity or outcome, with its word beside it."""

    def __init__(self, sign: str, word: str, size: float = 8.5, face: str = BODY) -> None:
        self.gap = size * 0.5
        self.pieces = [
            (one, font, pdfmetrics.stringWidth(one, font, size)) for font, one in runs(word, face)
        ]
        written = sum(wide for _, _, wide in self.pieces)
        super().__init__(size + self.gap + written, size * 1.35, Element("P"))
        self.sign, self.word, self.size, self.face = sign, word, size, face

    def paint(self) -> None:
        """Draw the sign in a box of a hundred units, the word on its base line."""
        canvas = self.canv
        painter, colour = SHAPES[self.sign]
        canvas.saveState()
        canvas.translate(0, self.size * 0.2)
        canvas.scale(self.size / 100, self.size / 100)
        canvas.stamp(f"sign-{self.sign}", lambda: self._paint(painter, colour))
        canvas.restoreState()
        canvas.setFillColor(INK if self.face == BODY else colour)
        x = self.size + self.gap
        for piece, font, wide in self.pieces:
            canvas.setFont(font, self.size)
            canvas.drawString(x, self.size * 0.34, piece)
            x += wide

    def _paint(self, painter: Callable[[Any], None], colour: Color) -> None:
        canvas = self.canv
        canvas.setFillColor(colour)
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(10)
        canvas.setLineJoin(1)
        canvas.setLineCap(1)
        painter(canvas)
