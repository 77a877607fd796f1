import pytest

from reports.snapshot import Clause
from reports.words import DASH, ENGLISH, grouped, source
from tests.reports.samples import sample_record

MINUS = "\N{MINUS SIGN}"


def test_a_moment_names_its_distance_from_universal_time() -> None:
    assert ENGLISH.moment("2026-03-14T09:05:00-04:00") == f"14 March 2026, 09:05 (UTC{MINUS}04:00)"
    assert ENGLISH.moment("2026-12-01T23:59:59.5Z") == "1 December 2026, 23:59 (UTC)"


def test_a_visit_names_its_second_day_only_where_there_is_one() -> None:
    same = sample_record(topics=1, lines=1, photos=0)
    over_night = sample_record(
        topics=1, lines=1, photos=0, completed_at="2026-03-15T00:10:00-04:00"
    )

    assert (
        ENGLISH.period(same)
        == f"14 March 2026, 09:30{DASH}11:45 (UTC{MINUS}04:00, America/Toronto)"
    )
    assert ENGLISH.period(over_night).startswith(f"14 March 2026, 09:30{DASH}15 March 2026, 00:10")


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("2026-11-10T08:15", "10 November 2026, 08:15"),
        ("2026-11-10T08:15:30Z", "10 November 2026, 08:15"),
        ("the morning's first load", "the morning's first load"),
    ],
)
def test_a_machines_time_is_printed_as_a_day_and_other_words_stay(
    written: str, printed: str
) -> None:
    assert ENGLISH.started(written) == printed


@pytest.mark.parametrize(
    ("amount", "printed"), [(None, DASH), ("82.5", "82.5\N{NO-BREAK SPACE}%"), ("0", "0\xa0%")]
)
def test_no_percentage_prints_a_dash(amount: str | None, printed: str) -> None:
    assert ENGLISH.percent(amount) == printed


def test_no_points_print_a_dash() -> None:
    assert ENGLISH.points("0", "0.0") == DASH
    assert ENGLISH.points("2.5", "3") == "2.5 / 3"


def test_digests_and_sources_read_plainly() -> None:
    clause = Clause(fact="f", law=True, publisher="Ontario", title="Rules", clause="s. 1")

    assert grouped("0123456789abcdef" * 4) == "0123 4567 89ab cdef"
    assert source(clause) == "Ontario, Rules, s. 1"
