import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from audit.services.definition import define
from tests.browser.serving import Served
from tests.vectors.cases import (
    TODAY,
    Group,
    Plain,
    come_to,
    published,
    read_case,
    reading_cases,
    situations,
)
from tests.vectors.chance import chance_reads, chance_situation, seeded

pytestmark = pytest.mark.browser
RUN = Path(__file__).parents[1].joinpath("vectors", "run.js").read_text(encoding="utf-8")
TOPICS = ("instrument-sterilisation", "glove-use", "hand-hygiene", "extraction-and-aftercare")
PACKS = ("", "us-ut", "us-ca", "us-tx", "us-ny", "au-nsw", "ca-on")

Tablet = Callable[..., Plain]


@pytest.fixture
def tablet(browser: Browser, served: Served) -> Iterable[Tablet]:
    """Runs cases through the rules that the application serves to tablets."""
    context = browser.new_context(base_url=served.address)
    page = context.new_page()
    page.goto("/login")
    style = page.locator("link[rel=stylesheet]").first.get_attribute("href") or ""
    rules = f"{style.partition('/css/')[0]}/js/rules.js"

    def run(group: Group, *, reads: Iterable[Plain] = (), cases: Iterable[Plain] = ()) -> Plain:
        # As text, since half a pair of codes would not survive the way otherwise.
        held = {
            "definition": define(group.checklist, group.rule),
            "today": TODAY,
            "reads": list(reads),
            "situations": [_ordered(case) for case in cases],
        }
        found: Plain = json.loads(page.evaluate(RUN, [rules, json.dumps(held)]))
        return found

    yield run
    context.close()


def _ordered(case: Plain) -> Plain:
    # A script sorts names that look like numbers, so subjects go in a list.
    repeats = {group: list(one.items()) for group, one in case.get("repeats", {}).items()}
    return {**case, "repeats": repeats}


def test_tablet_reads_as_the_vectors_say(tablet: Tablet) -> None:
    group = reading_cases()

    come = tablet(group, reads=group.cases)["reads"]

    wanted = ("reads", "refused", "stands", "says")
    said = [{name: case[name] for name in wanted if name in case} for case in group.cases]
    assert come == said


def test_tablet_comes_to_what_the_vectors_say(tablet: Tablet) -> None:
    found = [
        (case, come)
        for group in situations()
        for case, come in zip(
            group.cases, tablet(group, cases=group.cases)["situations"], strict=True
        )
    ]

    for case, come in found:
        keys = {key for key, _ in come["asked"]}
        said = {"refused": {}} | {name: case[name] for name in come.keys() & case.keys()}
        assert come == come | said, case["shows"]
        assert set(case.get("asks", ())) <= keys, case["shows"]
        assert not set(case.get("does_not_ask", ())) & keys, case["shows"]


def test_tablet_reads_what_nobody_thought_of_as_the_server_does(tablet: Tablet) -> None:
    group = reading_cases()
    raws = list(chance_reads(group.checklist, seeded(3), each=100))

    come = tablet(group, reads=raws)["reads"]

    differing = [
        (raw, here, there)
        for raw, here in zip(raws, come, strict=True)
        if here != (there := read_case(group.checklist, raw))
    ]
    assert differing == []


def test_tablet_comes_to_the_same_as_the_server(tablet: Tablet) -> None:
    random = seeded(7)
    whole = [(code, pack, 8) for code in TOPICS for pack in PACKS]

    for code, pack, number in [*whole, *(("full-hygiene", pack, 3) for pack in PACKS)]:
        checklist, rule = published(code, pack)
        group = Group(code, checklist, rule, ())
        cases = [chance_situation(checklist, random) for _ in range(number)]
        come = tablet(group, cases=cases)["situations"]

        assert come == [come_to(group, case) for case in cases], f"{code} under {pack}"
