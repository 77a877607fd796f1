"""Reports in the language that was asked for."""

import pytest
from pypdf import PdfReader

from tests.cli.conftest import ROOT, Bench
from tests.cli.small_files import CHECKLIST, GOOD, HEAD, write

EXAMPLE = ROOT / "docs" / "example-responses.yaml"


def text_of(bench: Bench) -> str:
    pages = PdfReader(bench.out).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def made(bench: Bench, checklist: str, responses: str, language: str) -> int:
    given = write(bench.folder / "responses.yaml", responses)
    done = bench.run(
        *("report", "make", "--checklist", checklist, "--responses", given),
        *("--out", bench.out, "--language", language),
    )
    return done.exit_code


def test_a_checklist_in_the_language_makes_a_report_all_of_it(bench: Bench) -> None:
    assert made(bench, "glove-use", EXAMPLE.read_text(encoding="utf-8"), "fr") == 0

    text = text_of(bench)
    assert "Une règle écrite dit-elle pour quels soins on porte des gants" in text
    assert "il reste 1 constat." in text
    assert "imprimé tel quel" not in text
    assert "matière sans latex" in text
    assert bench.run("report", "verify", bench.out).exit_code == 0


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", "Lo que la lista de control solo dice en inglés se imprime tal como está escrito."),
        ("vi", "Nội dung bảng kiểm chỉ có bằng tiếng Anh được in nguyên văn."),
        ("zh-Hans", "检查表中仅有英文的内容按原文印出。"),
    ],
)
def test_a_report_says_where_the_checklist_has_other_words(
    bench: Bench, language: str, said: str
) -> None:
    checklist = str(write(bench.folder / "small.yaml", CHECKLIST))

    assert made(bench, checklist, HEAD + GOOD, language) == 0

    assert said in text_of(bench)
    assert bench.run("report", "verify", bench.out).exit_code == 0


def test_english_says_nothing_of_it(bench: Bench) -> None:
    checklist = str(write(bench.folder / "small.yaml", CHECKLIST))

    assert made(bench, checklist, HEAD + GOOD, "en") == 0

    assert "as it is written" not in text_of(bench)


def test_arabic_is_refused_in_words_and_nothing_is_left(bench: Bench) -> None:
    checklist = write(bench.folder / "small.yaml", CHECKLIST)
    given = write(bench.folder / "responses.yaml", HEAD + GOOD)

    done = bench.run(
        *("report", "make", "--checklist", checklist, "--responses", given),
        *("--out", bench.out, "--language", "ar"),
    )

    assert done.exit_code == 3
    assert done.stderr.startswith("Nothing is printed in Arabic yet: it runs from right to left")
    assert not bench.out.exists()


def test_a_checklist_in_arabic_is_refused_too(bench: Bench) -> None:
    arabic = write(bench.folder / "small.yaml", CHECKLIST.replace("topic:", "language: ar\ntopic:"))

    report = made(bench, str(arabic), HEAD + GOOD, "en")
    form = bench.run("checklist", "print", arabic, "--out", bench.out)

    assert report == form.exit_code == 3
    assert "Nothing is printed in Arabic yet" in form.stderr
    assert not bench.out.exists()
