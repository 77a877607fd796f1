"""The report's own vocabulary: how standings, severities, days, times and amounts read."""

from datetime import date, datetime

from reports.snapshot import Amount, Clause, Day, Moment, Record, Severity

OUTCOMES = {
    "pass": "Pass",
    "pass_with_conditions": "Pass with conditions",
    "fail": "Fail",
    "closed": "Closed",
}
SEVERITIES: dict[Severity, str] = {"critical": "Critical", "major": "Major", "minor": "Minor"}
WORST_FIRST: tuple[Severity, ...] = ("critical", "major", "minor")
STANDINGS = {
    "met": "Met",
    "not_met": "Not met",
    "corrected": "Corrected",
    "partly_met": "Partly met",
    "not_applicable": "Not applicable",
    "not_observed": "Not observed",
    "unscored": "Noted",
}
CREDENTIAL_STANDINGS = {
    "valid": "Valid",
    "expires_soon": "Expires soon",
    "expired": "Expired",
    "no_expiry": "Does not expire",
}
KINDS = {"self_audit": "Self-audit", "inspection": "Inspection"}
DEMO = "Demonstration: made-up data"
DASH = "\N{EN DASH}"
# The files within the file.
DATA = "snapshot.json"
TABLE = "responses.csv"
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def day(written: Day) -> str:
    """Return a day as "14 March 2026"."""
    on = date.fromisoformat(written)
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def offset(written: Moment) -> str:
    """Return the distance from universal time as "UTC-05:00"."""
    return (datetime.fromisoformat(written).tzname() or "").replace("-", "\N{MINUS SIGN}")


def clock(written: Moment) -> str:
    """Return the time of day as "09:30"."""
    return f"{datetime.fromisoformat(written):%H:%M}"


def moment(written: Moment) -> str:
    """Return a time as "14 March 2026, 09:30 (UTC-05:00)"."""
    return f"{day(written[:10])}, {clock(written)} ({offset(written)})"


def started(written: str) -> str:
    """Return a time a machine wrote without zone as "14 March 2026, 08:12"; other words stay."""
    try:
        when = datetime.fromisoformat(written)
    except ValueError:
        return written
    return f"{day(when.date().isoformat())}, {when:%H:%M}"


def period(record: Record) -> str:
    """Return when the audit took place, naming the second day only where there is one."""
    start, end = record.started_at, record.completed_at
    first = f"{day(start[:10])}, {clock(start)}"
    second = clock(end) if end[:10] == start[:10] else f"{day(end[:10])}, {clock(end)}"
    return f"{first}{DASH}{second} ({offset(end)}, {record.zone})"


def percent(amount: Amount | None) -> str:
    """Return an amount with its sign, or a dash where there is none."""
    return DASH if amount is None else f"{amount}\N{NO-BREAK SPACE}%"


def points(earned: Amount, possible: Amount) -> str:
    """Return points as "3 / 4", or a dash where none could be had."""
    return DASH if float(possible) == 0 else f"{earned} / {possible}"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun in the right number."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def grouped(digest: str, groups: int = 4) -> str:
    """Return the first groups of four of a digest, the form people compare by eye."""
    return " ".join(digest[at : at + 4] for at in range(0, 4 * groups, 4))


def source(clause: Clause) -> str:
    """Return where a rule stands: publisher, title, clause and year."""
    named = (clause.publisher, clause.title, clause.clause, clause.year)
    return ", ".join(part for part in named if part)
