"""Lines of Chinese: they break anywhere but where a mark would stand wrong."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.breaking import break_lines
from reports.layout import BODY_TEXT, prose
from reports.typefaces import load

SENTENCE = (
    "每位从业人员今天是否持有有效证书，并将其张贴（包括“临时”人员）？"
    "若无，请立即停止：七天内补办；谢谢！"
)
CLOSING = "，。、；：？！）”"
OPENING = "（“"


def lines_of(text: str, *widths: float) -> list[str]:
    load()
    broken: Any = break_lines(prose(text, BODY_TEXT).frags, widths)
    return ["".join(word.text for word in line.words) for line in broken.lines]


@pytest.mark.parametrize("width", range(40, 400, 7))
def test_no_line_begins_or_ends_with_the_wrong_mark(width: int) -> None:
    lines = lines_of(SENTENCE, width)

    assert "".join(lines) == SENTENCE
    assert not [line for line in lines if line[0] in CLOSING or line[-1] in OPENING]


def test_words_of_other_scripts_stay_whole() -> None:
    lines = lines_of("请用 Microsoft Edge 打开 https://audits.example.org 查询。", 70)

    assert [line.strip() for line in lines][:2] == ["请用 Microsoft", "Edge 打开"]


def test_an_address_wider_than_the_line_is_cut() -> None:
    lines = lines_of("请打开https://audits.example.org/v/HA-7Q4M-2XKD", 60)

    assert "".join(lines) == "请打开https://audits.example.org/v/HA-7Q4M-2XKD"
    assert len(lines) > 2


def test_a_label_takes_room_of_the_first_line_only() -> None:
    plain, led = prose("否" * 60), prose("否" * 60, label="整改要求")

    counts = [len(one.breakLinesCJK([200, 200]).lines[0].words[0].text) for one in (plain, led)]

    assert counts[0] > counts[1] + 3
    assert len(led.breakLinesCJK(200).lines[1].words[0].text) == counts[0]


def test_lines_end_where_the_writer_ended_them() -> None:
    lines = lines_of("第一行\n第二行", 400)

    assert lines == ["第一行", "第二行"]


@settings(deadline=None)
@given(
    st.text(st.sampled_from("证书，“”（）abc .的"), min_size=1, max_size=80), st.integers(1, 200)
)
def test_nothing_is_lost_at_any_width(text: str, width: int) -> None:
    printed = "".join(piece.text for piece in prose(text).frags)

    assert "".join(lines_of(text, width)) == printed
