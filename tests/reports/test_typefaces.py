import pytest
from reportlab.pdfbase import pdfmetrics

from reports import typefaces
from reports.typefaces import (
    BODY,
    BOLD,
    HAN,
    SYMBOLS,
    lines_of,
    load,
    paragraphs,
    runs,
)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("a\u202eb", "a[U+202E]b"),
        ("zero\u200bwidth", "zero[U+200B]width"),
        ("\ufeffmark", "[U+FEFF]mark"),
        ("bell\x07", "bell[U+0007]"),
        ("\U0001f600", "[U+1F600]"),
        ("שלום", "[U+05E9][U+05DC][U+05D5][U+05DD]"),
        ("नम", "[U+0928][U+092E]"),
        ("\ue000", "[U+E000]"),
        ("\u4dff\u9fff", "䷿[U+9FFF]"),
        ("tab\there", "tab here"),
    ],
)
def test_a_character_that_cannot_be_printed_leaves_a_visible_mark(typed: str, printed: str) -> None:
    pieces = runs(typed)

    assert "".join(text for _, text in pieces) == printed


def test_every_piece_stands_in_a_font_that_has_its_letters() -> None:
    text = "Zoë Nguyễn Żółkiewski Ω Д ≥ ✓ 卫生检查 mixed"

    pieces = runs(text)

    assert "".join(piece for _, piece in pieces) == text
    assert {font for font, _ in pieces} == {BODY, SYMBOLS, HAN}
    for font, piece in pieces:
        assert all(ord(letter) in pdfmetrics.getFont(font).face.charToGlyph for letter in piece)


def test_both_faces_print_the_same_letters() -> None:
    load()

    body, strong = (set(pdfmetrics.getFont(name).face.charToGlyph) for name in (BODY, BOLD))

    assert body == strong


def test_loading_twice_keeps_the_font_that_reports_are_printed_with() -> None:
    load()
    first = pdfmetrics.getFont(BODY)

    typefaces._letters.cache_clear()
    load()

    assert pdfmetrics.getFont(BODY) is first


def test_accents_typed_apart_are_joined() -> None:
    assert runs("e\u0301") == ((BODY, "é"),)


def test_no_text_gives_no_pieces() -> None:
    assert runs("") == ()


def test_an_endless_word_is_cut_and_nothing_of_it_lost() -> None:
    word = "ab" * 500

    (cut,) = lines_of(word)

    assert cut.replace(" ", "") == word
    assert max(map(len, cut.split())) == 240


def test_a_long_note_becomes_paragraphs_and_nothing_of_it_is_lost() -> None:
    note = "first line\n\n" + "word " * 600 + "\n" + "卫" * 3000

    pieces = paragraphs(note)

    assert pieces[0] == "first line"
    assert max(map(len, pieces)) <= 1200
    assert "".join("".join(pieces).split()) == "".join(note.split())
