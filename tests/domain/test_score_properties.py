"""What holds for every score, whatever was asked and given."""

from typing import Any

from hypothesis import given as examples
from hypothesis import strategies as st

from audit.domain.checklist import Checklist
from audit.domain.packs import OutcomeRule
from audit.domain.responses import Absent, Response, Standing
from audit.domain.scoring import Outcome, score
from tests.domain.samples import TODAY, ask, checklist, come_to, no, part, plain, yes

TORONTO = OutcomeRule(closes=True, corrected_critical_conditions=True)
NA = Response(absent=Absent.NOT_APPLICABLE)
UNSEEN = Response(absent=Absent.NOT_OBSERVED)
GOOD, FAIR, POOR = (Response(parts={"value": code}) for code in ("good", "fair", "poor"))
SEVERITIES = ("critical", "major", "minor")
ABSENT = st.sampled_from([NA, UNSEEN])
GIVEN = st.sampled_from([yes(), no(), no(corrected=True), NA, UNSEEN, None])
CHOSEN = st.sampled_from([GOOD, FAIR, POOR, Response(parts={"value": "fair"}, corrected=True), NA])
WEIGHTS = st.sampled_from(["0", "0.5", "1", "3", "100"])
KINDS = st.tuples(st.just("compliance"), GIVEN) | st.tuples(st.just("choice"), CHOSEN)
ROWS = st.lists(st.tuples(st.sampled_from(SEVERITIES), WEIGHTS, KINDS), min_size=1, max_size=25)
Row = tuple[str, str, tuple[str, Response | None]]


def audit_of(rows: list[Row]) -> tuple[Checklist, dict[str, Response]]:
    named = [
        plain(f"item_{n}", kind, severity=severity, weight=weight)
        for n, (severity, weight, (kind, _)) in enumerate(rows)
    ]
    given = {f"item_{n}": response for n, (*_, (_, response)) in enumerate(rows) if response}
    return checklist(part(*named)), given


@examples(ROWS)
def test_no_critical_failure_averages_away(rows: list[Row]) -> None:
    made, given = audit_of([*rows, ("critical", "0.5", ("compliance", no()))])

    assert come_to(made, given).outcome is Outcome.FAIL
    assert come_to(made, given, rule=TORONTO).outcome is Outcome.CLOSED


@examples(ROWS)
def test_without_an_open_critical_finding_nothing_fails(rows: list[Row]) -> None:
    made, given = audit_of([("major" if one == "critical" else one, *rest) for one, *rest in rows])

    assert come_to(made, given).outcome in {Outcome.PASS, Outcome.PASS_WITH_CONDITIONS}


@examples(ROWS)
def test_pass_means_no_finding_is_left(rows: list[Row]) -> None:
    result = come_to(*audit_of(rows))

    left = [line for line in result.lines if line.is_finding and line.standing != "corrected"]
    assert (result.outcome is Outcome.PASS) == (not left)


@examples(ROWS)
def test_absent_items_change_no_points(rows: list[Row]) -> None:
    made, given = audit_of(rows)
    present = {key: one for key, one in given.items() if not one.absent}

    with_them, without = come_to(made, given).total, come_to(made, present).total

    assert (with_them.earned, with_them.possible) == (without.earned, without.possible)


@examples(ROWS, ABSENT)
def test_audit_of_absences_alone_has_no_percent(rows: list[Row], absent: Response) -> None:
    made, given = audit_of(
        [(severity, weight, (kind, absent)) for severity, weight, (kind, _) in rows]
    )

    result = come_to(made, given)

    assert result.total.percent is None
    assert not result.judged


@examples(ROWS, st.randoms(use_true_random=False))
def test_order_of_responses_and_lines_never_matters(rows: list[Row], chance: Any) -> None:
    made, given = audit_of(rows)
    every = list(ask(made, given))
    pairs = list(given.items())
    straight = score(every, given, on=TODAY)

    chance.shuffle(every)
    chance.shuffle(pairs)
    mixed = score(every, dict(pairs), on=TODAY)

    assert mixed.total == straight.total
    assert (mixed.outcome, mixed.because) == (straight.outcome, straight.because)
    assert sorted(line.asked.key for line in mixed.lines) == sorted(
        line.asked.key for line in straight.lines
    )


@examples(ROWS)
def test_best_is_never_below_and_worst_never_above_the_percent(rows: list[Row]) -> None:
    total = come_to(*audit_of(rows)).total

    if total.percent is not None:
        assert total.best is not None
        assert total.worst is not None
        assert 100 >= total.best >= total.percent >= total.worst >= 0


@examples(ROWS)
def test_corrected_never_earns(rows: list[Row]) -> None:
    result = come_to(*audit_of(rows))

    assert all(line.earned == 0 for line in result.lines if line.standing is Standing.CORRECTED)


@examples(ROWS)
def test_correcting_everything_never_changes_the_percent_of_yes_and_no(rows: list[Row]) -> None:
    made, given = audit_of([(s, w, ("compliance", r)) for s, w, (k, r) in rows if k == "compliance"]
                           or [("minor", "1", ("compliance", no()))])  # fmt: skip
    mended = {key: no(corrected=True) if one == no() else one for key, one in given.items()}

    before, after = come_to(made, given), come_to(made, mended)

    assert before.total == after.total
    assert after.outcome is Outcome.PASS


@examples(ROWS)
def test_points_of_lines_add_up_to_the_total(rows: list[Row]) -> None:
    result = come_to(*audit_of(rows))

    assert result.total.earned == sum(line.earned for line in result.lines)
    assert result.total.possible == sum(line.possible for line in result.lines)
    assert result.section("gloves") == result.total
