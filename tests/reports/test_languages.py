"""Reports in every language: nothing is left in English, and every check holds for each."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
from pydantic import ValidationError
from pypdf import PdfReader

from reports import phrases
from reports.phrases import findings, frames, items, pages, people, proof, results
from reports.phrases.phrase import Counted, Phrase
from reports.render import render
from reports.seal import seal
from reports.snapshot import Language, Layout, Record, canonical
from reports.typefaces import shown
from reports.verify import Trust, verify
from reports.words import DASH, Words
from tests.reports.genuine import NOW, key
from tests.reports.judge import complaints
from tests.reports.printing import small, text_of
from tests.reports.samples import sample_photos, sample_record, sample_snapshot

LANGUAGES: tuple[Language, ...] = get_args(Language)
FOREIGN = LANGUAGES[1:]
MINUS = "\N{MINUS SIGN}"


def every_phrase() -> Iterator[tuple[str, Phrase]]:
    for found in pkgutil.iter_modules(phrases.__path__):
        module = import_module(f"reports.phrases.{found.name}")
        for name, value in vars(module).items():
            if isinstance(value, Phrase):
                yield f"{found.name}.{name}", value
            if isinstance(value, Counted):
                yield from ((f"{found.name}.{name}", one) for one in (value.one, value.many))


PHRASES = tuple(every_phrase())


def printed(language: Language, layout: Layout = "full") -> bytes:
    snapshot = sample_snapshot(sample_record(printed_in=language), layout=layout)
    return render(snapshot, sample_photos())


def squeezed(text: str) -> str:
    """Return text without its spaces, which readers put where a line breaks."""
    return "".join(text.split())


@pytest.mark.parametrize(("name", "phrase"), PHRASES, ids=[name for name, _ in PHRASES])
def test_a_phrase_says_the_same_parts_in_every_language(name: str, phrase: Phrase) -> None:
    said = {language: phrase.into(language) for language in LANGUAGES}

    parts = {one: {part for _, part, _, _ in Formatter().parse(text)} for one, text in said.items()}
    assert all(text.strip() for text in said.values()), name
    assert all(here - {None} == parts["en"] - {None} for here in parts.values()), parts


@pytest.mark.parametrize(("name", "phrase"), PHRASES, ids=[name for name, _ in PHRASES])
def test_our_fonts_have_every_letter_of_a_phrase(name: str, phrase: Phrase) -> None:
    said = [Words(language)(phrase) for language in LANGUAGES]

    assert [shown(text) for text in said] == said, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_month_has_its_name(language: Language) -> None:
    say = Words(language)

    days = {say.day(f"2026-{month:02}-02") for month in range(1, 13)}

    assert len(days) == 12


@pytest.mark.parametrize("language", FOREIGN)
def test_a_report_says_its_own_words_in_its_language(language: Language) -> None:
    say, text = Words(language), squeezed(text_of(printed(language)))

    chapters = (
        pages.FINDINGS,
        findings.ACTIONS,
        items.EVERY_ITEM,
        items.HOW_SCORED,
        people.PRACTITIONERS,
        people.CYCLES,
        people.RATES,
        people.NOT_SEEN,
        proof.RECEIVED,
        proof.RULES,
        proof.HOW_TO_CHECK,
        proof.MADE_FROM,
    )
    words = (pages.REPORT, results.FAIL, results.DEMO, findings.TO_DO, results.CRITICAL)
    for phrase in (*chapters, *words):
        assert squeezed(say(phrase)) in text, phrase.en
    assert not [one for one in chapters if squeezed(one.en) in text]
    assert squeezed(say.day("2026-03-14")) in text
    assert squeezed(say.percent("82.1")) in text


@pytest.mark.parametrize("language", FOREIGN)
def test_a_report_in_any_language_is_verified_by_printing_it_again(language: Language) -> None:
    sealed = seal(printed(language, "summary"), key(), NOW)

    verdict = verify(sealed, Trust(pinned=(key().ca_certificate_pem,)))

    assert verdict.standing == "PASSED", verdict.reasons


@pytest.mark.parametrize("language", FOREIGN)
def test_a_report_in_any_language_keeps_the_rules_of_the_archive(
    language: Language, tmp_path: Path
) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(printed(language))

    assert complaints(path) == []


@pytest.mark.parametrize("language", FOREIGN)
def test_a_listener_is_told_the_language(language: Language) -> None:
    reader = PdfReader(BytesIO(printed(language, "summary")))

    catalogue = reader.root_object
    assert catalogue["/Lang"] == language
    assert reader.xmp_metadata is not None
    assert reader.xmp_metadata.dc_language == [language]
    assert Words(language)(results.INSPECTION) in str(reader.metadata and reader.metadata.title)


def test_only_the_letters_used_of_the_chinese_font_travel_along() -> None:
    fonts = Path(phrases.__file__).parents[1] / "fonts"

    pdf = printed("zh-Hans", "summary")

    assert len(pdf) < (fonts / "NotoSansSC-Regular.ttf").stat().st_size / 50


def test_an_earlier_record_is_english_and_keeps_its_digest() -> None:
    record = small()

    written = canonical(record)

    assert b"printed_in" not in written
    assert Record.read(written).printed_in == "en"
    assert b'"printed_in":"fr"' in canonical(small(printed_in="fr"))


def test_a_language_that_reports_do_not_have_is_refused() -> None:
    with pytest.raises(ValidationError):
        small(printed_in="ar")


@pytest.mark.parametrize(
    ("language", "day", "first", "moment", "amount"),
    [
        (
            "fr",
            "14 mars 2026",
            "1er août 2026",
            f"14 mars 2026 à 09\xa0h\xa005 (UTC{MINUS}04:00)",
            "82,5\xa0%",
        ),
        (
            "es",
            "14 de marzo de 2026",
            "1 de agosto de 2026",
            f"14 de marzo de 2026, 09:05 (UTC{MINUS}04:00)",
            "82,5\xa0%",
        ),
        (
            "vi",
            "14 tháng 3 năm 2026",
            "1 tháng 8 năm 2026",
            f"09:05 ngày 14 tháng 3 năm 2026 (UTC{MINUS}04:00)",
            "82,5%",
        ),
        (
            "zh-Hans",
            "2026年3月14日",
            "2026年8月1日",
            f"2026年3月14日 09:05（UTC{MINUS}04:00）",
            "82.5%",
        ),
    ],
)
def test_days_times_and_amounts_read_as_the_language_writes_them(
    language: Language, day: str, first: str, moment: str, amount: str
) -> None:
    say = Words(language)

    assert say.day("2026-03-14") == day
    assert say.day("2026-08-01") == first
    assert say.moment("2026-03-14T09:05:00-04:00") == moment
    assert say.percent("82.5") == amount
    assert say.percent(None) == DASH


def test_french_keeps_its_marks_with_the_word_before() -> None:
    say = Words("fr")

    assert say(results.DEMO) == "Démonstration\xa0: données inventées"
    assert say.counted(pages.MORE_NEXT, 0).startswith("0 autre constat ")
    assert Words("es").counted(pages.MORE_NEXT, 0).startswith("0 hallazgos ")
    assert say(frames.RECORD, digest="a : b") == "Relevé a : b"
