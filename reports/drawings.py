"""What is drawn rather than written: photos, drawn signatures, curves, bars, the QR code.

What cannot be read aloud is a figure with words for it, or an artifact.
"""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import segno
from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable

from reports.snapshot import Amount, CyclePoint, Logo, Photo
from reports.tags import Element
from reports.typefaces import BODY

INK = HexColor("#1A1F25")
GREY = HexColor("#5A6470")
LINE = HexColor("#C8CED5")
TINT = HexColor("#F2F4F6")
ACCENT = HexColor("#124A5E")
WHITE = HexColor("#FFFFFF")
GREEN = HexColor("#1D6A3C")
AMBER = HexColor("#8F5B00")
RED = HexColor("#9E1B1B")
BLUE = HexColor("#33587A")


class Drawn(Flowable):  # type: ignore[misc]  # ReportLab ships no types
    """A drawing of known size, tagged as `element`; without one it is an artifact."""

    def __init__(self, width: float, height: float, element: Element | None = None) -> None:
        super().__init__()
        self.width = width
        self.height = height
        self.element = element

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return the size, which does not depend on the room there is."""
        return self.width, self.height

    def draw(self) -> None:
        """Paint between the marks of the element."""
        if self.element is not None:
            low = self.canv.absolutePosition(0, 0)
            self.element.box = (*low, *self.canv.absolutePosition(self.width, self.height))
        self.canv.begin(self.element)
        self.paint()
        self.canv.end()

    def paint(self) -> None:
        """Draw with the lower left corner as origin."""
        raise NotImplementedError


def _figure(alt: str) -> Element:
    return Element("Figure", alt)


def draw_lines(canvas: Any, *strokes: Sequence[tuple[float, float]]) -> None:
    """Draw each stroke as one line through its points."""
    path = canvas.beginPath()
    for stroke in strokes:
        path.moveTo(*stroke[0])
        for corner in stroke[1:]:
            path.lineTo(*corner)
    canvas.drawPath(path, stroke=1, fill=0)


class Picture(Drawn):
    """A stored JPEG, its bytes passed through untouched and kept once however often shown."""

    framed: ClassVar[bool] = True

    def __init__(
        self, photo: Photo | Logo, jpeg: bytes, room: tuple[float, float], alt: str
    ) -> None:
        scale = min(room[0] / photo.width, room[1] / photo.height)
        super().__init__(photo.width * scale, photo.height * scale, _figure(alt))
        self.photo, self.jpeg = photo, jpeg

    def paint(self) -> None:
        """Place the picture; bytes that are not a plain JPEG raise ValueError."""
        canvas = self.canv
        canvas.saveState()
        canvas.scale(self.width, self.height)
        canvas.place_jpeg(self.photo.digest, self.jpeg)
        canvas.restoreState()
        if self.framed:
            canvas.setStrokeColor(LINE)
            canvas.setLineWidth(0.5)
            canvas.rect(0, 0, self.width, self.height, stroke=1, fill=0)


class Strokes(Drawn):
    """A drawn signature as vector lines, fitted into its box."""

    def __init__(
        self, strokes: tuple[tuple[int, ...], ...], room: tuple[float, float], alt: str
    ) -> None:
        super().__init__(*room, _figure(alt))
        self.strokes = [list(zip(line[::2], line[1::2], strict=False)) for line in strokes]

    def paint(self) -> None:
        """Draw every line with the box's top left as origin."""
        corners = [corner for line in self.strokes for corner in line]
        if not corners:
            return
        across = max(1000, *(abs(x) for x, _ in corners))
        down = max(1, *(abs(y) for _, y in corners))
        scale = min(self.width / across, self.height / down)
        canvas = self.canv
        canvas.saveState()
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(1.1)
        canvas.setLineCap(1)
        canvas.setLineJoin(1)
        placed = [
            [(abs(x) * scale, self.height - abs(y) * scale) for x, y in line]
            for line in self.strokes
            if line
        ]
        draw_lines(canvas, *([*line, line[-1]] for line in placed))
        canvas.restoreState()


class QrPlate(Drawn):
    """The address of the report's status as a QR code, drawn as one path."""

    def __init__(self, address: str, side: float, alt: str) -> None:
        super().__init__(side, side, _figure(alt))
        # Any of the eight masks can be read; trying them all costs more than a page of text.
        self.rows = segno.make(address, error="m", micro=False, mask=3).matrix

    def paint(self) -> None:
        """Fill the dark squares, neighbours in a row joined into one rectangle."""
        unit = self.width / len(self.rows)
        path = self.canv.beginPath()
        for above, row in enumerate(self.rows):
            start = 0
            for at, dark in enumerate((*row, 0)):
                if not dark:
                    if at > start:
                        path.rect(
                            start * unit,
                            self.height - (above + 1) * unit,
                            (at - start) * unit,
                            unit,
                        )
                    start = at + 1
        self.canv.setFillColor(INK)
        self.canv.drawPath(path, stroke=0, fill=1)


class Bar(Drawn):
    """A share of a hundred as a bar; the line below shows from where to where it may lie."""

    below: ClassVar[float] = 6.0

    def __init__(
        self,
        share: Amount | None,
        span: tuple[Amount | None, Amount | None] = (None, None),
        *,
        width: float = 120,
        height: float = 6,
    ) -> None:
        self.foot = self.below if None not in span else 0
        super().__init__(width, height + self.foot + 2)
        self.share, self.span, self.thick = share, span, height

    def _at(self, amount: Amount) -> float:
        return self.width * min(max(float(amount), 0), 100) / 100

    def paint(self) -> None:
        """Draw the track, the bar and the line below; only the track where there is no share."""
        canvas = self.canv
        canvas.setFillColor(LINE)
        canvas.rect(0, self.foot, self.width, self.thick, stroke=0, fill=1)
        if self.share is not None:
            canvas.setFillColor(ACCENT)
            canvas.rect(0, self.foot, self._at(self.share), self.thick, stroke=0, fill=1)
        low, high = self.span
        if low is not None and high is not None:
            self._stretch(self._at(low), self._at(high))

    def _stretch(self, low: float, high: float) -> None:
        canvas = self.canv
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(0.9)
        canvas.setLineCap(0)
        middle, top = 2.1, 4.2
        draw_lines(
            canvas,
            [(low, 0), (low, top)],
            [(low, middle), (high, middle)],
            [(high, 0), (high, top)],
        )


class Curve(Drawn):
    """A sterilizer cycle: temperature as a line, pressure dashed, minutes along the foot."""

    def __init__(self, points: tuple[CyclePoint, ...], room: tuple[float, float], alt: str) -> None:
        super().__init__(*room, _figure(alt))
        self.points = points

    def paint(self) -> None:
        """Draw axes with their ends written, then the lines."""
        canvas = self.canv
        left, foot, top = 30.0, 14.0, self.height - 10
        right = self.width - 34
        last = max(1, self.points[-1].second)
        placed = [left + (right - left) * one.second / last for one in self.points]
        canvas.setLineWidth(0.5)
        canvas.setStrokeColor(LINE)
        draw_lines(canvas, [(left, top), (left, foot), (right, foot)])
        canvas.setFont(BODY, 6.5)
        canvas.setFillColor(GREY)
        canvas.drawString(left, 4, "0")
        canvas.drawRightString(right, 4, f"{last // 60} min")
        heat = [float(one.celsius) for one in self.points]
        low, high = self._plotted(placed, heat, (foot, top), dashed=False)
        canvas.drawRightString(left - 3, foot, f"{low:.0f}")
        canvas.drawRightString(left - 3, top - 4, f"{high:.0f} °C")
        force = [float(one.kilopascal) for one in self.points if one.kilopascal is not None]
        if len(force) == len(self.points):
            low, high = self._plotted(placed, force, (foot, top), dashed=True)
            canvas.drawString(right + 3, foot, f"{low:.0f}")
            canvas.drawString(right + 3, top - 4, f"{high:.0f} kPa")

    def _plotted(
        self, along: list[float], values: list[float], room: tuple[float, float], *, dashed: bool
    ) -> tuple[float, float]:
        low, high = min(values), max(values)
        reach = (high - low) or 1
        foot, top = room
        line = [
            (x, foot + (top - foot) * (value - low) / reach)
            for x, value in zip(along, values, strict=True)
        ]
        self.canv.saveState()
        self.canv.setStrokeColor(GREY if dashed else ACCENT)
        self.canv.setLineWidth(0.7 if dashed else 1.3)
        self.canv.setLineJoin(1)
        self.canv.setDash([2, 2] if dashed else [])
        draw_lines(self.canv, line)
        self.canv.restoreState()
        return low, high


class Stepped(Drawn):
    """Nothing to see: tells how far printing has come when its place is reached."""

    def __init__(self, tell: Callable[[int], None], step: int) -> None:
        super().__init__(0, 0)
        self.tell, self.step = tell, step

    def paint(self) -> None:
        """Report the step; nothing is drawn."""
        self.tell(self.step)


class Field(Drawn):
    """A reserved box in which a seal or countersignature is placed after printing."""

    def __init__(self, name: str, width: float, height: float) -> None:
        super().__init__(width, height)
        self.name = name

    def paint(self) -> None:
        """Frame the box and leave its place on the page with the paper."""
        self.canv.setStrokeColor(LINE)
        self.canv.setLineWidth(0.5)
        self.canv.rect(0, 0, self.width, self.height, stroke=1, fill=0)
        low = self.canv.absolutePosition(0, 0)
        high = self.canv.absolutePosition(self.width, self.height)
        self.canv.reserve(self.name, (*low, *high))
