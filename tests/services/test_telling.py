"""What a record says, in the language of its report."""

from typing import Any, get_args

import pytest

from audit.domain.checklist import Asked
from audit.domain.definitions import RepeatGroup, Service
from audit.domain.responses import Absent, Response, Standing
from audit.domain.scoring import Line, Why
from audit.errors import Invalid
from audit.services.telling import (
    LANGUAGES,
    Telling,
    read_language,
    say_requirement,
    say_response,
)
from reports.phrases import records
from reports.phrases.services import SERVICES
from reports.snapshot import Language
from reports.words import ENGLISH, Words
from tests.domain.samples import ask, checklist, item, part, plain
from tests.vectors.cases import reading_cases

READING = reading_cases()
GIVEN = [case for case in READING.cases if isinstance(case.get("reads"), dict)]
# An item of each kind that says something of its own, with what is given to it, as French says it.
FRENCH: dict[str, tuple[Any, dict[str, str], str, str]] = {
    "yes": (item(), {"value": "yes"}, "Oui", ""),
    "number": (
        item("number", limits=[{"comparator": ">=", "value": "38.5", "unit": "°C"}]),
        {"value": "41.2", "instrument": "T2"},
        "41,2 °C (T2)",
        "au moins 38,5 °C",
    ),
    "calculated": (
        item("calculated", limits=[{"comparator": "<", "value": "5", "unit": "%"}]),
        {"value": "99.999"},
        "99,99 %",
        "inférieur à 5 %",
    ),
    "moment": (
        item("moment", within_days=30),
        {"value": "2026-11-01"},
        "1er novembre 2026",
        "datant de 30 jours au plus",
    ),
    "moment with time": (
        item("moment", time=True),
        {"value": "2026-11-02T14:05"},
        "2 novembre 2026 à 14\xa0h\xa005",
        "",
    ),
    "tally": (
        item("tally", target="66.67"),
        {"done": "2", "missed": "1"},
        "2 effectués sur 3",
        "au moins 66,67\xa0% effectués",
    ),
    "cycle": (
        item("cycle", minutes="3.5"),
        {"number": "7", "celsius": "121.5", "minutes": "30"},
        "Cycle 7\xa0: 121,5 °C pendant 30 min",
        "au moins 121 °C pendant 3,5 min",
    ),
    "cycle without number": (
        item("cycle"),
        {"number": "", "celsius": "121", "minutes": "30"},
        "121 °C pendant 30 min",
        "au moins 121 °C pendant 30 min",
    ),
    "document": (
        item("document"),
        {"value": "A-1", "expires_on": "2027-01-31"},
        "A-1, valable jusqu\N{RIGHT SINGLE QUOTATION MARK}au 31 janvier 2027",
        "non expiré",
    ),
    "document for ever": (item("document", expires=False), {"value": "A-1"}, "A-1", ""),
    "photos": (item("photos"), {"value": "2"}, "2 photos", "au moins 1"),
    "text": (item("text"), {"value": "As typed."}, "As typed.", ""),
}


def unanswered(asked: Asked, response: Response | None) -> Line:
    return Line(
        asked=asked,
        response=response,
        standing=Standing.NOT_OBSERVED,
        earned=0,  # type: ignore[arg-type]  # not looked at here
        possible=0,  # type: ignore[arg-type]  # as above
        excluded=0,  # type: ignore[arg-type]  # as above
    )


@pytest.mark.parametrize("case", GIVEN, ids=lambda one: f"{one['item']}-{one['says']}")
def test_a_record_in_english_says_what_pages_and_tablets_say(case: dict[str, Any]) -> None:
    asked = READING.checklist.items[case["item"]]
    response = asked.read(case["raw"])
    assert response is not None
    if response.absent:
        return

    said = say_response(asked, response.parts, ENGLISH)

    assert said == asked.say(response.parts)


def test_requirements_in_english_are_those_of_the_items() -> None:
    every = READING.checklist.items.values()

    said = {one.code: say_requirement(one, ENGLISH) for one in every}

    assert said == {one.code: one.requirement for one in every}


@pytest.mark.parametrize("reason", records.REASONS)
@pytest.mark.parametrize("number", [1, 3])
def test_reasons_in_english_are_those_of_the_rules(reason: Any, number: int) -> None:
    why = Why(reason, number if reason.endswith("_left") else 0)

    assert Telling(checklist(), "en").because(why) == str(why)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_service_and_group_has_its_words(language: Language) -> None:
    tell = Telling(checklist(), language)

    assert len(set(tell.services(Service))) == len(Service) == len(SERVICES)
    assert len({tell.unseen(group) for group in RepeatGroup}) == len(RepeatGroup)


def test_services_in_english_read_as_before() -> None:
    said = Telling(checklist(), "en").services(Service)

    assert said == tuple(sorted(one.replace("_", " ").capitalize() for one in Service))


@pytest.mark.parametrize("kind", FRENCH)
def test_responses_and_requirements_are_said_in_the_language(kind: str) -> None:
    asked, parts, said, required = FRENCH[kind]
    say = Words("fr")

    assert say_response(asked, parts, say) == said
    assert say_requirement(asked, say) == required


def test_choices_and_what_is_absent_are_said_in_the_language() -> None:
    options = {"good": "Bons", "fair": "Passables", "poor": "Mauvais"}
    chosen = plain("chosen", "choice", several=True, translations={"fr": {"options": options}})
    made = checklist(part(chosen))
    (asked,), tell = ask(made), Telling(made, "fr")

    several = unanswered(asked, Response(parts={"value": "good poor"}))
    absent = unanswered(asked, Response(absent=Absent.NOT_OBSERVED))

    assert tell.response(several) == "Bons, Mauvais"
    assert tell.response(absent) == "Non observé"
    assert tell.response(unanswered(asked, None)) == ""


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("ar", "Nothing is printed in Arabic yet: it runs from right to left"),
        ("fa-IR", "Nothing is printed in Persian yet"),
        ("de", "Reports are printed in en, fr, es, vi, zh-Hans; not in de."),
        ("", "not in ."),
    ],
)
def test_a_language_that_cannot_be_printed_is_refused(typed: str, said: str) -> None:
    with pytest.raises(Invalid, match="printed") as refused:
        read_language(typed)

    assert said in refused.value.message


def test_the_languages_of_reports_are_taken() -> None:
    assert tuple(map(read_language, get_args(Language))) == LANGUAGES
