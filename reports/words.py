"""The report's vocabulary in one language: how days, times, numbers and phrases read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from reports.phrases import results
from reports.phrases.phrase import Counted, Phrase
from reports.snapshot import Amount, Clause, Day, Language, Moment, Record, Severity

WORST_FIRST: tuple[Severity, ...] = ("critical", "major", "minor")
DASH = "\N{EN DASH}"
# The files within the file.
DATA = "snapshot.json"
TABLE = "responses.csv"
# What French sets apart with a space that no line may break at, and a sign of percent anywhere.
_APART = re.compile(r" (?=[:;?!»%])|(?<=«) ")
_AROUND_UNITS = re.compile(r" (?=%)")


@dataclass(frozen=True, slots=True)
class Words:
    """Says everything a report prints of its own in one language, chosen once for the report."""

    language: Language

    def __call__(self, phrase: Phrase, **parts: object) -> str:
        """Return a phrase with its parts filled in."""
        text = phrase.into(self.language)
        if self.language == "fr":
            text = _APART.sub("\N{NO-BREAK SPACE}", text)
        return text.format(**parts) if parts else text

    def counted(self, phrase: Counted, number: int, **parts: object) -> str:
        """Return a phrase in the right number; French says nought in the singular."""
        single = number == 1 or (number == 0 and self.language == "fr")
        return self(phrase.one if single else phrase.many, number=number, **parts)

    def listed(self, parts: Iterable[str]) -> str:
        """Return a list as it is written, leaving out what is empty."""
        return self(results.BETWEEN).join(part for part in parts if part)

    def number(self, amount: Amount) -> str:
        """Return a decimal number with the mark the language uses."""
        return amount.replace(".", self(results.POINT))

    def day(self, written: Day) -> str:
        """Return a day as "14 March 2026"."""
        on = date.fromisoformat(written)
        month = self(results.MONTHS).split()[on.month - 1]
        phrase = results.FIRST_DAY if on.day == 1 else results.DAY
        return self(phrase, day=on.day, month=month, year=on.year)

    def clock(self, written: Moment) -> str:
        """Return the time of day as "09:30"."""
        at = datetime.fromisoformat(written)
        spoken = self(results.CLOCK, hour=f"{at:%H}", minute=f"{at:%M}")
        return spoken.replace(" ", "\N{NO-BREAK SPACE}")

    def moment(self, written: Moment) -> str:
        """Return a time as "14 March 2026, 09:30 (UTC-05:00)"."""
        return self(results.IN_ZONE, time=self._at(written), offset=offset(written))

    def started(self, written: str) -> str:
        """Return a time a machine wrote without zone as a day and time; other words stay."""
        try:
            when = datetime.fromisoformat(written)
        except ValueError:
            return written
        return self._at(when.isoformat())

    def period(self, record: Record) -> str:
        """Return when the audit took place, naming the second day only where there is one."""
        start, end = record.started_at, record.completed_at
        if end[:10] == start[:10]:
            clocks = {"first": self.clock(start), "second": self.clock(end)}
            time = self(results.WITHIN_DAY, day=self.day(start[:10]), **clocks)
        else:
            time = f"{self._at(start)}{DASH}{self._at(end)}"
        return self(results.PLACED, time=time, offset=offset(end), zone=record.zone)

    def percent(self, amount: Amount | None) -> str:
        """Return an amount with its sign, or a dash where there is none."""
        if amount is None:
            return DASH
        return _AROUND_UNITS.sub(
            "\N{NO-BREAK SPACE}", self(results.PERCENT, amount=self.number(amount))
        )

    def points(self, earned: Amount, possible: Amount) -> str:
        """Return points as "3 / 4", or a dash where none could be had."""
        none = float(possible) == 0
        return DASH if none else f"{self.number(earned)} / {self.number(possible)}"

    def aside(self, text: str, aside: str) -> str:
        """Return a text with another one in brackets, where there is one."""
        return self(results.ASIDE, text=text, aside=aside) if aside else text

    def _at(self, written: str) -> str:
        return self(results.AT, day=self.day(written[:10]), clock=self.clock(written))


# What programs and verdicts say.
ENGLISH = Words("en")


def offset(written: Moment) -> str:
    """Return the distance from universal time as "UTC-05:00"."""
    return (datetime.fromisoformat(written).tzname() or "").replace("-", "\N{MINUS SIGN}")


def grouped(digest: str, groups: int = 4) -> str:
    """Return the first groups of four of a digest, the form people compare by eye."""
    return " ".join(digest[at : at + 4] for at in range(0, 4 * groups, 4))


def source(clause: Clause) -> str:
    """Return where a rule stands: publisher, title, clause and year."""
    named = (clause.publisher, clause.title, clause.clause, clause.year)
    return ", ".join(part for part in named if part)
