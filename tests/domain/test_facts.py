"""What may be called law, and where."""

import pytest

from audit.domain.definitions import Clause
from audit.domain.documents import parse
from audit.domain.facts import Cited, Facts, cite
from tests.domain.samples import FACTS

UTAH = ("US-UT", "US")
OWN = Clause(publisher="City", title="By-law", clause="7", law=True, year=2020)


@pytest.fixture(scope="module")
def facts() -> Facts:
    return parse(FACTS, name="facts.yaml").read_as(Facts)


def shown(cited: tuple[Cited, ...]) -> list[tuple[str, bool]]:
    return [(one.fact, one.law) for one in cited]


def test_confirmed_law_of_the_place_is_law(facts: Facts) -> None:
    (cited,) = cite(["ut-gloves"], facts, UTAH)

    assert cited.law
    assert cited.clause.law
    assert cited.clause.publisher == "Utah"
    assert cited.clause.checked == "2026-11"


def test_unconfirmed_law_is_never_law(facts: Facts) -> None:
    assert shown(cite(["ut-rumour"], facts, UTAH)) == [("ut-rumour", False)]


def test_guideline_is_never_law(facts: Facts) -> None:
    assert shown(cite(["who-gloves"], facts, ("INT",))) == [("who-gloves", False)]


def test_law_of_another_place_is_left_out_where_something_nearer_is_cited(facts: Facts) -> None:
    assert shown(cite(["ca-gloves", "ut-gloves"], facts, UTAH)) == [("ut-gloves", True)]
    assert shown(cite(["ca-gloves", "who-gloves"], facts, UTAH)) == [("who-gloves", False)]


def test_law_of_another_place_guides_where_it_is_all_there_is(facts: Facts) -> None:
    (cited,) = cite(["ca-gloves"], facts, UTAH)

    assert (cited.fact, cited.law, cited.clause.law) == ("ca-gloves", False, False)


def test_law_comes_first(facts: Facts) -> None:
    cited = cite(["who-gloves", "ut-rumour", "ut-gloves"], facts, UTAH)

    assert shown(cited) == [("ut-gloves", True), ("who-gloves", False), ("ut-rumour", False)]


def test_clause_written_out_beside_an_item_stands_as_written(facts: Facts) -> None:
    cited = cite(["who-gloves", OWN], facts, UTAH)

    assert [(one.fact, one.clause.publisher) for one in cited] == [
        ("", "City"),
        ("who-gloves", "WHO"),
    ]


def test_nothing_cited_shows_nothing(facts: Facts) -> None:
    assert cite([], facts, UTAH) == ()
