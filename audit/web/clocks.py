"""Says where a tablet's clock was not right."""

from datetime import datetime, timedelta

from audit.store.audits import Audit

NOTICEABLE = timedelta(minutes=2)


def clocks_apart(audit: Audit) -> list[tuple[str, datetime, datetime]]:
    """Return start and end as put right and as the tablet said, where they differ noticeably."""
    times = (
        ("Started", audit.started_at, audit.claimed_started_at),
        ("Completed", audit.completed_at, audit.claimed_completed_at),
    )
    return [
        (words, right, claimed)
        for words, right, claimed in times
        if right and claimed and abs(right - claimed) > NOTICEABLE
    ]
