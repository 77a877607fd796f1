"""The bundled fonts, and text cut into pieces that they can print: nothing is silently missing.

ReportLab prints a blank for a character its font lacks, so every text goes through `runs`.
"""

import re
import unicodedata
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

BODY = "HygieneSans"
BOLD = "HygieneSansBold"
SYMBOLS = "HygieneSymbols"
HAN = "HygieneHan"

_FOLDER = Path(__file__).parent / "fonts"
_FILES = {
    BODY: "NotoSans-Regular.ttf",
    BOLD: "NotoSans-SemiBold.ttf",
    SYMBOLS: "DejaVuSans.ttf",
    HAN: "NotoSansSC-Regular.ttf",
}
# Only text from these ranges loads the ten megabytes of the Chinese font.
_HAN = ((0x2E80, 0x9FFF), (0xF900, 0xFAFF), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF))
# Scripts whose letters must be joined or put in order, which ReportLab does not do.
_SHAPED = ((0x0590, 0x109F), (0x1780, 0x18AF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFE))
_COPYABLE = 0xFFFF
_REGISTERING = Lock()
# Longer than the addresses of most pages; longer words are slow to cut to the width of a line.
_LONGEST_WORD = 240
_LONGEST_PARAGRAPH = 1200
_ENDS = (". ", "! ", "? ", "。")
# The same words come again and again; so many widths take about three megabytes for each font.
_KNOWN_WIDTHS = 16_384


class _Face(TTFont):  # type: ignore[misc]  # ReportLab ships no types
    """A font that remembers how wide words are, and passes plain text through at once."""

    def __init__(self, name: str) -> None:
        super().__init__(name, str(_FOLDER / _FILES[name]))
        self.stringWidth = lru_cache(_KNOWN_WIDTHS)(super().stringWidth)

    def splitString(self, text: str, doc: Any, encoding: str = "utf-8") -> list[tuple[int, bytes]]:  # noqa: N802 - ReportLab's own name
        """Return `text` in the codes of the file's subsets; the first one begins with ASCII."""
        if text and text.isascii() and text.isprintable():
            return [(0, text.encode())]
        return list(super().splitString(text, doc, encoding))


@cache
def _letters(name: str) -> frozenset[int]:
    """Register the font under `name` at its first use and return what it can print."""
    with _REGISTERING:
        # A second registration would tear the subsets of a report that is being printed.
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(_Face(name))
    return frozenset(pdfmetrics.getFont(name).face.charToGlyph)


def load() -> None:
    """Make the two faces of every page known; the fallbacks wait until a text needs them."""
    _letters(BODY)
    _letters(BOLD)


def _within(point: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= point <= high for low, high in ranges)


@cache
def _place(letter: str, face: str) -> tuple[str, str]:
    """Return the font for one character and what it prints: itself, or its visible mark."""
    point = ord(letter)
    mark = (face, f"[U+{point:04X}]")
    # Above that limit a letter is drawn, but copied out of the file as another one.
    if unicodedata.category(letter)[0] == "C" or point > _COPYABLE or _within(point, _SHAPED):
        return mark
    if point in _letters(face):
        return face, letter
    if point in _letters(SYMBOLS):
        return SYMBOLS, letter
    if _within(point, _HAN) and point in _letters(HAN):
        return HAN, letter
    return mark


@cache
def _own(face: str) -> frozenset[str]:
    """Return the characters that `face` prints as they are."""
    letters = map(chr, _letters(face))
    return frozenset(one for one in letters if _place(one, face) == (face, one))


def runs(text: str, face: str = BODY) -> tuple[tuple[str, str], ...]:
    """Return `text` as pieces, each with a font that has all its characters.

    Control, direction-changing, invisible and unprintable characters become marks such as
    [U+202E], so that a name never reads other than it is.
    """
    if text.isascii() and text.isprintable():
        return ((face, text),) if text else ()
    settled = unicodedata.normalize("NFC", text).replace("\t", " ")
    if settled and _own(face).issuperset(settled):
        return ((face, settled),)
    placed = [_place(letter, face) for letter in settled]
    return tuple(
        (font, "".join(shown for _, shown in group))
        for font, group in groupby(placed, key=lambda one: one[0])
    )


def shown(text: str) -> str:
    """Return `text` as it is printed, for places that have no fonts: outlines and titles."""
    return "".join(piece for _, piece in runs(text))


def _broken(word: re.Match[str]) -> str:
    """Cut an endless word, whose wrapping would take time with the square of its length."""
    long = word.group()
    pieces = range(0, len(long), _LONGEST_WORD)
    return " ".join(long[at : at + _LONGEST_WORD] for at in pieces)


# Chinese needs no spaces to be broken into lines.
_ENDLESS = re.compile(rf"[^\s\u2E80-\uFFEF]{{{_LONGEST_WORD + 1},}}")


def lines_of(text: str) -> list[str]:
    """Return `text` cut at its line ends, endless words cut with spaces."""
    if len(text) > _LONGEST_WORD:
        text = _ENDLESS.sub(_broken, text)
    return text.splitlines()


def paragraphs(text: str) -> tuple[str, ...]:
    """Cut `text` at its line ends, and further where a paragraph would be slow to split."""
    lines = (line.strip() for line in lines_of(text))
    return tuple(piece for line in lines if line for piece in _portions(line))


def _stop(line: str) -> int:
    """Return where to cut a long paragraph: after a sentence where there is one, else a word."""
    sentence = max(line.rfind(end, _LONGEST_PARAGRAPH // 2, _LONGEST_PARAGRAPH) for end in _ENDS)
    space = line.rfind(" ", 1, _LONGEST_PARAGRAPH)
    return sentence + 1 if sentence > 0 else space if space > 0 else _LONGEST_PARAGRAPH


def _portions(line: str) -> list[str]:
    portions = []
    while len(line) > _LONGEST_PARAGRAPH:
        at = _stop(line)
        portions.append(line[:at])
        line = line[at:].lstrip()
    return [*portions, line]
