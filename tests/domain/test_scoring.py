"""From responses to an outcome and a percentage."""

from fractions import Fraction
from typing import Any

import pytest

from audit.domain.checklist import Checklist
from audit.domain.packs import OutcomeRule
from audit.domain.responses import Absent, Response, Standing
from audit.domain.scoring import Outcome, decide
from tests.domain.samples import TWO_ROOMS, checklist, come_to, no, part, plain, yes

TORONTO = OutcomeRule(closes=True, corrected_critical_conditions=True)
NA = Response(absent=Absent.NOT_APPLICABLE)
UNSEEN = Response(absent=Absent.NOT_OBSERVED)
FAIR = Response(parts={"value": "fair"})


def items(*severities: str, **more: object) -> Checklist:
    named = [plain(f"item_{n}", severity=one, **more) for n, one in enumerate(severities)]
    return checklist(part(*named))


def tally(done: int, missed: int) -> Response:
    return Response(parts={"done": str(done), "missed": str(missed)})


@pytest.mark.parametrize(
    ("responses", "outcome", "because"),
    [
        ([yes(), yes()], "pass", "Everything that was judged was as it must be."),
        ([no(), yes()], "fail", "1 critical finding not corrected during the visit."),
        ([yes(), no()], "pass_with_conditions", "No critical finding; 1 finding is left."),
        ([no(corrected=True), yes()], "pass", "Every finding was corrected during the visit."),
        (
            [no(corrected=True), no()],
            "pass_with_conditions",
            "No critical finding; 1 finding is left.",
        ),
        ([NA, UNSEEN], "pass", "Nothing was judged, so nothing was found."),
    ],
)
def test_outcome_comes_from_the_worst_finding_not_corrected(
    responses: list[Response], outcome: str, because: str
) -> None:
    given = {f"item_{n}": one for n, one in enumerate(responses)}

    result = come_to(items("critical", "major"), given)

    assert (result.outcome, result.because) == (outcome, because)


def test_several_findings_are_counted() -> None:
    given = {f"item_{n}": no() for n in range(4)}

    graver = come_to(items("critical", "critical", "major", "minor"), given)
    milder = come_to(items("major", "minor", "minor", "minor"), given)

    assert graver.because == "2 critical findings not corrected during the visit."
    assert milder.because == "No critical finding; 4 findings are left."


@pytest.mark.parametrize(
    ("response", "outcome"),
    [
        (no(), Outcome.CLOSED),
        (no(corrected=True), Outcome.PASS_WITH_CONDITIONS),
        (yes(), Outcome.PASS),
    ],
)
def test_rule_of_the_place_closes_and_sets_conditions(response: Response, outcome: Outcome) -> None:
    assert come_to(items("critical"), {"item_0": response}, rule=TORONTO).outcome is outcome


def test_partly_met_is_a_finding_and_earns_its_share() -> None:
    result = come_to(items("major", kind="choice"), {"item_0": FAIR})

    assert result.outcome is Outcome.PASS_WITH_CONDITIONS
    assert result.total.percent == 50


def test_corrected_finding_stays_a_finding_and_earns_nothing() -> None:
    (line,) = come_to(items("major", kind="choice"), {"item_0": Response(
        parts={"value": "fair"}, corrected=True)}).lines  # fmt: skip

    assert line.is_finding
    assert line.standing is Standing.CORRECTED
    assert (line.earned, line.possible) == (0, 1)


def test_corrected_beside_a_met_item_changes_nothing() -> None:
    (line,) = come_to(items("major"), {"item_0": yes(corrected=True)}).lines

    assert (line.standing, line.earned) == (Standing.MET, 1)


def test_weights_count() -> None:
    made = checklist(part(plain("heavy", weight="3"), plain("light", weight="0.5")))

    result = come_to(made, {"heavy": yes(), "light": no()})

    assert (result.total.earned, result.total.possible) == (3, Fraction(7, 2))


def test_item_of_no_weight_still_decides_the_outcome() -> None:
    result = come_to(items("critical", weight="0"), {"item_0": no()})

    assert result.outcome is Outcome.FAIL
    assert result.total.percent is None
    assert not result.judged


def test_not_applicable_leaves_the_denominator() -> None:
    result = come_to(
        items("major", "major", "major"), {"item_0": yes(), "item_1": no(), "item_2": NA}
    )

    assert (result.total.percent, result.total.excluded) == (50, 1)
    assert result.total.best == Fraction(200, 3)
    assert result.total.worst == Fraction(100, 3)


def test_only_not_applicable_has_no_percent_but_a_best_and_a_worst() -> None:
    total = come_to(items("major", "minor"), {"item_0": NA, "item_1": UNSEEN}).total

    assert (total.percent, total.best, total.worst) == (None, 100, 0)


def test_nothing_asked_has_no_figures_at_all() -> None:
    total = come_to(items("major"), {}).total

    assert (total.percent, total.best, total.worst) == (None, None, None)


def test_words_score_nothing() -> None:
    made = checklist(part(plain("lot", "text"), plain("read_me", "instruction")))

    result = come_to(made, {"lot": Response(parts={"value": "17"})})

    assert {line.standing for line in result.lines} == {Standing.UNSCORED}
    assert not result.judged


def test_points_of_a_section_are_its_own() -> None:
    made = checklist(part(), part(plain("soap"), code="hands"))

    result = come_to(made, {"gloves_worn": yes(), "soap": no()})

    assert [result.section(code).percent for code in ("gloves", "hands")] == [100, 0]


def group(*kinds: dict[str, Any], **more: Any) -> Checklist:
    inner = [plain(f"way_{n}", **{"severity": "minor", **kind}) for n, kind in enumerate(kinds)]
    shape = {"needs": "one", "weight": "2", "severity": "critical", **more}
    return checklist(part(plain("drying", "parent", items=inner, **shape)))


@pytest.mark.parametrize(
    ("first", "second", "standing"),
    [
        (yes(), no(), Standing.MET),
        (no(), yes(), Standing.MET),
        (yes(), NA, Standing.MET),
        (yes(), no(corrected=True), Standing.MET),
        (no(), no(), Standing.NOT_MET),
        (no(), no(corrected=True), Standing.CORRECTED),
        (no(), NA, Standing.NOT_MET),
        (no(), UNSEEN, Standing.NOT_MET),
        (UNSEEN, NA, Standing.NOT_OBSERVED),
        (NA, NA, Standing.NOT_APPLICABLE),
        (no(), None, Standing.NOT_MET),
        (None, None, Standing.UNSCORED),
    ],
)
def test_either_or_group_stands_where_its_best_item_stands(
    first: Response | None, second: Response | None, standing: Standing
) -> None:
    given = {key: one for key, one in (("way_0", first), ("way_1", second)) if one}

    whole, *ways = come_to(group({}, {}), given).lines

    assert whole.standing is standing
    assert not any(way.is_finding or way.possible or way.excluded for way in ways)


def test_either_or_group_counts_once_with_its_own_weight_and_severity() -> None:
    met = come_to(group({}, {}), {"way_0": yes(), "way_1": no()})
    failed = come_to(group({}, {}), {"way_0": no(), "way_1": no()})

    assert (met.total.earned, met.total.possible, met.outcome) == (2, 2, Outcome.PASS)
    assert (failed.total.earned, failed.total.possible) == (0, 2)
    assert failed.outcome is Outcome.FAIL
    assert [line.asked.key for line in failed.lines if line.is_finding] == ["drying"]


def test_group_partly_met_is_not_met() -> None:
    whole, *_ = come_to(group({"kind": "choice"}), {"way_0": FAIR}).lines

    assert (whole.standing, whole.earned) == (Standing.NOT_MET, 0)


def test_group_that_needs_all_leaves_scoring_to_its_items() -> None:
    result = come_to(group({}, {}, needs="all"), {"way_0": yes(), "way_1": no()})

    assert [line.standing for line in result.lines] == ["unscored", "met", "not_met"]
    assert result.total.percent == 50


def test_group_in_each_room_looks_at_that_room_only() -> None:
    inner = [plain("way_0"), plain("way_1")]
    made = checklist(part(plain("drying", "parent", needs="one", items=inner, repeat_over="rooms")))
    given = {"way_0@r1": yes(), "way_1@r1": no(), "way_0@r2": no(), "way_1@r2": no()}

    result = come_to(made, given, repeats=TWO_ROOMS)

    standings = {line.asked.key: line.standing for line in result.lines if not line.asked.parent}
    assert standings == {"drying@r1": "met", "drying@r2": "not_met"}


RATE = {"limits": [{"comparator": ">=", "value": "80", "unit": "%"}]}


def test_figure_is_made_from_its_sources_and_judged() -> None:
    made = checklist(part(plain("glove_changes", "tally"), plain("rate", "calculated", **RATE)))

    short = come_to(made, {"glove_changes": tally(7, 3)}).lines[1]
    reached = come_to(made, {"glove_changes": tally(8, 2)}).lines[1]

    assert (short.standing, reached.standing) == (Standing.NOT_MET, Standing.MET)
    assert short.response == Response(parts={"value": "70"})


@pytest.mark.parametrize("given", [{}, {"glove_changes": UNSEEN}])
def test_figure_without_sources_is_not_judged(given: dict[str, Response]) -> None:
    made = checklist(part(plain("glove_changes", "tally"), plain("rate", "calculated", **RATE)))

    line = come_to(made, given).lines[1]

    assert (line.response, line.standing) == (None, Standing.UNSCORED)


def test_figure_outside_a_repeat_takes_every_room_and_inside_its_own() -> None:
    every = plain("whole", "calculated", of=["glove_changes"])
    own = plain("room_rate", "calculated", of=["glove_changes", "front_desk"])
    made = checklist(
        part(plain("front_desk", "tally"), code="desk"),
        part(plain("glove_changes", "tally"), own, repeat_over="rooms"),
        part(every, code="total"),
    )
    given = {
        "glove_changes@r1": tally(10, 0),
        "glove_changes@r2": tally(0, 10),
        "front_desk": tally(10, 0),
    }

    result = come_to(made, given, repeats=TWO_ROOMS)

    figures = {line.asked.key: line.response for line in result.lines if "rate" in line.asked.key}
    assert result.lines[-1].response == Response(parts={"value": "50"})
    assert figures == {
        "room_rate@r1": Response(parts={"value": "100"}),
        "room_rate@r2": Response(parts={"value": "50"}),
    }


def test_tally_gives_a_rate_with_its_interval() -> None:
    made = checklist(
        part(plain("changes", "tally"), plain("rubs", "tally"), plain("washes", "tally"))
    )

    seen, unseen, open_ = come_to(made, {"changes": tally(9, 1), "rubs": UNSEEN}).rates

    assert (seen.done, seen.opportunities) == (9, 10)
    assert [str(bound) for bound in seen.interval or ()] == ["59.6", "98.2"]
    assert {(one.done, one.opportunities, one.interval) for one in (unseen, open_)} == {
        (0, 0, None)
    }


def test_outcome_of_no_lines_is_a_pass_that_says_so() -> None:
    outcome, why = decide([], OutcomeRule())

    assert outcome is Outcome.PASS
    assert str(why) == "Nothing was judged, so nothing was found."
