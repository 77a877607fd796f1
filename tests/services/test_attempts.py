"""Guessing is slowed down, and nobody is locked out from afar."""

from datetime import timedelta

import pytest

from audit.services import attempts as module
from audit.services.attempts import FREE_TRIES, FREE_TRIES_OF_ADDRESS, LONGEST_WAIT, Attempts
from tests.factories import NOW

ME = ("ana@x.test", "10.0.0.1")


def failed(times: int) -> Attempts:
    attempts = Attempts()
    for _ in range(times):
        attempts.fail(*ME, now=NOW)
    return attempts


@pytest.mark.parametrize(
    ("times", "seconds"),
    [
        (0, 0),
        (FREE_TRIES - 1, 0),
        (FREE_TRIES, 1),
        (FREE_TRIES + 3, 8),
        (FREE_TRIES + 30, LONGEST_WAIT.total_seconds()),
    ],
)
def test_each_further_try_waits_twice_as_long(times: int, seconds: float) -> None:
    assert failed(times).wait(*ME, now=NOW).total_seconds() == seconds


def test_wait_runs_off() -> None:
    attempts = failed(FREE_TRIES + 3)

    assert attempts.wait(*ME, now=NOW + timedelta(seconds=8)) == timedelta(0)


def test_failures_are_forgotten_after_a_while() -> None:
    attempts = failed(FREE_TRIES + 3)
    later = NOW + LONGEST_WAIT + timedelta(seconds=1)

    attempts.fail(*ME, now=later)

    assert attempts.wait(*ME, now=later) == timedelta(0)


def test_success_forgets_the_account_at_this_address() -> None:
    attempts = failed(FREE_TRIES + 3)

    attempts.succeed(*ME)

    assert attempts.wait(*ME, now=NOW) == timedelta(0)


def test_account_is_not_locked_for_its_owner_elsewhere() -> None:
    attempts = failed(FREE_TRIES + 3)

    assert attempts.wait(ME[0], "10.0.0.2", now=NOW) == timedelta(0)


def test_address_that_tries_many_accounts_waits_too() -> None:
    attempts = Attempts()
    for number in range(FREE_TRIES_OF_ADDRESS):
        attempts.fail(f"person{number}@x.test", ME[1], now=NOW)

    assert attempts.wait("someone@x.test", ME[1], now=NOW) > timedelta(0)


@pytest.mark.parametrize("passed", [timedelta(0), LONGEST_WAIT * 2])
def test_counts_never_fill_the_memory(monkeypatch: pytest.MonkeyPatch, passed: timedelta) -> None:
    monkeypatch.setattr(module, "_MOST_KEPT", 6)
    attempts = Attempts()

    for number in range(50):
        attempts.fail(f"person{number}@x.test", f"10.0.0.{number}", now=NOW + passed * number)

    assert len(attempts._counts) <= 8
