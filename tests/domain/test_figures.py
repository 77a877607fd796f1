"""How figures are printed, and the interval of a rate."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain.scoring import percent, shown, wilson


@pytest.mark.parametrize(
    ("done", "total", "low", "high"),
    [
        (9, 10, "59.6", "98.2"),
        (10, 10, "72.2", "100.0"),
        (54, 60, "79.9", "95.3"),
        (0, 10, "0.0", "27.8"),
        (0, 1, "0.0", "79.3"),
        (1, 1, "20.7", "100.0"),
    ],
)
def test_interval_is_the_published_one(done: int, total: int, low: str, high: str) -> None:
    assert [str(bound) for bound in wilson(done, total) or ()] == [low, high]


def test_no_opportunity_has_no_interval() -> None:
    assert wilson(0, 0) is None


@given(st.integers(0, 99_999), st.integers(0, 99_999))
def test_interval_holds_the_rate_and_stays_within_bounds(done: int, missed: int) -> None:
    total = done + missed or 1

    low, high = wilson(min(done, total), total) or (None, None)

    assert low is not None
    assert high is not None
    rate = Fraction(100 * min(done, total), total)
    assert 0 <= low <= rate + Fraction(1, 20)
    assert rate - Fraction(1, 20) <= high <= 100


@given(st.integers(1, 500))
def test_interval_mirrors_what_was_missed(total: int) -> None:
    done = total // 3

    low, high = wilson(done, total) or (None, None)
    missed_low, missed_high = wilson(total - done, total) or (None, None)

    assert low is not None
    assert high is not None
    assert missed_low is not None
    assert missed_high is not None
    assert abs(low - (100 - missed_high)) <= Fraction(1, 10)
    assert abs(high - (100 - missed_low)) <= Fraction(1, 10)


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (None, None),
        (Fraction(0), "0.0"),
        (Fraction(200, 3), "66.7"),
        (Fraction(145, 2), "72.5"),
        (Fraction(9995, 100), "99.9"),
        (Fraction(99_999_999, 1_000_000), "99.9"),
        (Fraction(100), "100.0"),
    ],
)
def test_percent_has_one_digit_and_never_reaches_100_early(
    share: Fraction | None, text: str | None
) -> None:
    assert percent(share) == text


@given(st.fractions(0, 100))
def test_only_the_whole_prints_as_100(share: Fraction) -> None:
    assert (percent(share) == "100.0") == (share == 100)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(10), "10"),
        (Fraction(100), "100"),
        (Fraction(5, 2), "2.5"),
        (Fraction(2, 3), "0.67"),
        (Fraction(1, 200), "0.01"),
    ],
)
def test_points_print_with_at_most_two_digits(amount: Fraction, text: str) -> None:
    assert shown(amount) == text
