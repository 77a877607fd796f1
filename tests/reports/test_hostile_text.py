import json
import random
from collections import Counter
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from reports.render import render
from reports.snapshot import Snapshot
from tests.reports.printing import one_line, printed, small, text_of
from tests.reports.samples import (
    sample_finding,
    sample_line,
    sample_photos,
    sample_record,
    sample_section,
    sample_snapshot,
)

HOSTILE = (
    "AT&T <b>bold</b> x<y and an unclosed <i",
    '<img src="/etc/hostname" width="9"/> &lt;kept&gt; &#65;',
    '<a href="javascript:alert(1)">press</a> <font color="[[[getattr]]]">',
    "<script>alert(1)</script> ]]> <!-- --> <para> <br/> %s {0} $(x)",
    "<onDraw name='x'/> <seq/> <bullet>",
)


@pytest.mark.parametrize("typed", HOSTILE)
def test_mark_up_in_what_people_typed_is_printed_as_it_is(typed: str) -> None:
    record = one_line(typed, about=typed, reason=typed, limit=typed, method=typed)

    pdf = printed(record)

    assert text_of(pdf).count(" ".join(typed.split())) >= 3
    assert b"/URI" not in pdf
    assert len(PdfReader(BytesIO(pdf)).pages[0].images) == 0


SPOILT = (
    "prompt response about comment reason limit method order body_class fine caption name address"
    " title clause publisher year url fact checked label because inspector person_in_charge"
    " services present jurisdiction number issuer meaning role credential not_seen excluded cycle"
    " sterilizer minimum zone code"
)


def spoilt(value: Any, bad: str, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: spoilt(held, bad, name) for name, held in value.items()}
    if isinstance(value, list):
        return [spoilt(held, bad, key) for held in value]
    return bad if key in SPOILT.split() else value


def test_hostile_text_fits_every_place_that_takes_text() -> None:
    bad = HOSTILE[0] + " \u202e\x00<img src='x'/> " + "W" * 300
    whole = sample_snapshot(sample_record(topics=2, lines=6)).model_dump(mode="json")
    snapshot = Snapshot.read(json.dumps(spoilt(whole, bad)).encode())

    pdf = render(snapshot, sample_photos())

    assert "[U+202E][U+0000]" in text_of(pdf)


def test_three_hundred_thousand_letters_in_a_row_all_come_out() -> None:
    pdf = printed(one_line("n"), code="X")
    endless = printed(small(not_seen=("q" * 300_000,)))

    letters = Counter(text_of(endless))["q"] - Counter(text_of(pdf))["q"]

    assert abs(letters - 300_000) < 20


def test_long_notes_run_over_pages_without_loss() -> None:
    note = "\n".join(f"line {number} of the note, in some words" for number in range(400))
    line = sample_line(0, 0, comment=note)
    record = small(
        sections=(sample_section(0, (line,)),), findings=(sample_finding(line, order=note),)
    )

    text = text_of(printed(record))

    assert text.count("line 399 of the note") >= 2
    assert text.count("line 200 of the note") >= 2


def test_chinese_breaks_into_lines_without_spaces() -> None:
    sentence = "所有器械在使用前均已灭菌并记录在案" * 60

    text = "".join(text_of(printed(one_line(sentence))).split())

    assert sentence in text


def test_a_name_too_long_for_the_running_head_is_cut_with_an_ellipsis() -> None:
    record = small()
    site = record.site.model_copy(update={"name": "Spa ✓ " + "w" * 4000})

    pages = PdfReader(BytesIO(printed(small(site=site)))).pages

    assert "…" in pages[-1].extract_text()


def test_a_title_longer_than_a_page_stands_in_the_outline_once() -> None:
    title = "long title " * 700
    section = sample_section(0, (sample_line(0, 0),)).model_copy(update={"title": title})

    reader = PdfReader(BytesIO(printed(small(sections=(section,), findings=()))))

    entries = [
        one.title for held in reader.outline for one in (held if isinstance(held, list) else [held])
    ]
    assert sum("long title" in entry for entry in entries) == 1
    assert "" not in entries


def test_random_text_never_breaks_the_pages() -> None:
    dice = random.Random(7)  # noqa: S311  # test data
    for _ in range(6):
        letters = [
            chr(dice.choice((dice.randrange(1, 0xD7FF), dice.randrange(32, 127))))
            for _ in range(900)
        ]
        record = one_line("".join(letters))

        assert printed(record).endswith(b"%%EOF\n")
