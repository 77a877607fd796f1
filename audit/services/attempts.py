"""Slows down guessing: failed tries are counted, and each further one waits twice as long.

The counts live in this process. A restart forgets them, which costs a guesser more than it gives.
"""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

FREE_TRIES = 5
FREE_TRIES_OF_ADDRESS = 40
LONGEST_WAIT = timedelta(minutes=15)
_MOST_KEPT = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Count:
    tries: int
    last: datetime


class Attempts:
    """Failed tries by account and address; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, str], _Count] = {}

    def wait(self, account: str, address: str, *, now: datetime) -> timedelta:
        """Return how long this account at this address has to wait; zero when it may try."""
        with self._lock:
            waits = [self._wait(key, free, now) for key, free in _keys(account, address)]
        return max(waits)

    def fail(self, account: str, address: str, *, now: datetime) -> None:
        """Count a failed try."""
        with self._lock:
            if len(self._counts) >= _MOST_KEPT:
                self._forget(now)
            for key, _ in _keys(account, address):
                before = self._counts.get(key)
                tries = before.tries if before and now - before.last <= LONGEST_WAIT else 0
                self._counts[key] = _Count(tries=tries + 1, last=now)

    def succeed(self, account: str, address: str) -> None:
        """Forget this account's failures at this address; those of the address stay."""
        with self._lock:
            self._counts.pop((account, address), None)

    def _wait(self, key: tuple[str, str], free: int, now: datetime) -> timedelta:
        count = self._counts.get(key)
        if count is None or count.tries < free:
            return timedelta(0)
        doublings = min(count.tries - free, 10)
        until = count.last + min(timedelta(seconds=2**doublings), LONGEST_WAIT)
        return max(until - now, timedelta(0))

    def _forget(self, now: datetime) -> None:
        recent = {k: one for k, one in self._counts.items() if now - one.last <= LONGEST_WAIT}
        self._counts = recent if len(recent) < _MOST_KEPT else {}


def _keys(account: str, address: str) -> tuple[tuple[tuple[str, str], int], ...]:
    # The account alone is not counted: strangers could lock its owner out from afar.
    return ((account, address), FREE_TRIES), (("", address), FREE_TRIES_OF_ADDRESS)
