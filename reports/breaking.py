"""Where lines of Chinese break: anywhere, but before a mark that closes or after one that opens.

ReportLab's own rule lets lines begin with the commas and colons of Chinese.
"""

from collections.abc import Sequence
from typing import Any

from reportlab.platypus.paragraph import ParaLines, cjkU, makeCJKParaLine

_CLOSING = frozenset("!),.:;?]}%’”…、。〉》」』】〕！），．：；？］｝％")
_OPENING = frozenset("([{‘“〈《「『【〔（［｛")
# From here on characters stand alone; before, they make words.
_HAN = "\u2e80"
_ROUNDING = 1e-6


def break_lines(fragments: Sequence[Any], widths: Sequence[float]) -> Any:
    """Return ReportLab's lines of `fragments`, as wide as `widths` say; the last one goes on."""
    glyphs = [
        cjkU(letter, fragment, "utf8") for fragment in fragments for letter in fragment.text or [""]
    ]
    lines: list[Any] = []
    start = 0
    while start < len(glyphs):
        width = widths[min(len(lines), len(widths) - 1)]
        end = _end(glyphs, start, width)
        shown = end - 1 if glyphs[end - 1] == " " else end
        used = sum(glyph.width for glyph in glyphs[start:shown])
        forced = hasattr(glyphs[end - 1].frag, "lineBreak")
        lines.append(
            makeCJKParaLine(glyphs[start:end], width, used, width - used, forced, calcBounds=False)
        )
        start = end
    return ParaLines(kind=1, lines=lines)


def _end(glyphs: Sequence[Any], start: int, width: float) -> int:
    """Return where the line that begins at `start` ends."""
    used = 0.0
    for at in range(start, len(glyphs)):
        if hasattr(glyphs[at].frag, "lineBreak"):
            return at + 1
        used += glyphs[at].width
        if used > width + _ROUNDING and glyphs[at] != " ":
            return _last_break(glyphs, start, at) if at > start else at + 1
    return len(glyphs)


def _last_break(glyphs: Sequence[Any], start: int, end: int) -> int:
    """Return the last place up to `end` to break at, looking back over half of the line."""
    places = range(end, (start + end) // 2, -1)
    return next((at for at in places if _may_break(glyphs[at - 1], glyphs[at])), end)


def _may_break(before: str, after: str) -> bool:
    if after in _CLOSING or after == " " or before in _OPENING:
        return False
    return before == " " or before >= _HAN or after >= _HAN
