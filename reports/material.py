"""What every part of a report is printed from, and in which order a reader meets it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from reports.phrases import results
from reports.phrases.phrase import Counted
from reports.snapshot import (
    Amount,
    Clause,
    Finding,
    Line,
    Photo,
    Record,
    Scoring,
    Severity,
    Snapshot,
    canonical,
)
from reports.words import WORST_FIRST, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What every part is printed from: the snapshot, the photos, and the numbers given to both.

    `digest` is the record's, `data` the snapshot as it travels in the file: both take a while.
    """

    snapshot: Snapshot
    words: Words
    jpegs: Mapping[str, bytes]
    photo_numbers: Mapping[str, int]
    rule_numbers: Mapping[Clause, int]
    in_findings: frozenset[str]
    digest: str
    data: bytes
    tell: Callable[[int], None]

    @property
    def record(self) -> Record:
        """Return the record inside the snapshot."""
        return self.snapshot.record

    @property
    def large_photos(self) -> bool:
        """Say whether each photo has the width of the page to itself."""
        look = self.snapshot.branding
        return look is not None and look.photos == "large"

    def cites(self, clauses: Sequence[Clause]) -> str:
        """Return "Rules 3, 7" for clauses in the list at the end, or nothing."""
        numbers = sorted({self.rule_numbers[clause] for clause in clauses})
        return self._numbered(results.RULES, list(map(str, numbers)))

    def pictured(self, photos: Sequence[Photo]) -> str:
        """Return "Photos 1, 2", or nothing."""
        numbers = [str(self.photo_numbers[photo.digest]) for photo in photos]
        return self._numbered(results.PHOTOS, numbers)

    def _numbered(self, phrase: Counted, numbers: list[str]) -> str:
        if not numbers:
            return ""
        return self.words.counted(phrase, len(numbers), numbers=self.words.listed(numbers))


def ranked(findings: tuple[Finding, ...]) -> list[Finding]:
    """Return findings worst first, what is still open before what was corrected on the spot."""
    return sorted(findings, key=lambda one: (one.corrected, WORST_FIRST.index(one.severity)))


def gather(snapshot: Snapshot, jpegs: Mapping[str, bytes], tell: Callable[[int], None]) -> Material:
    """Return the material, photos and rules numbered in the order a reader meets them."""
    record = snapshot.record
    ordered = ranked(record.findings)
    holders: list[Finding | Line] = [*ordered]
    cited = [clause for one in ordered for clause in one.clauses]
    for section in record.sections if snapshot.layout == "full" else ():
        holders += section.lines
        cited += section.clauses
        cited += [clause for line in section.lines for clause in line.clauses]
    shown = dict.fromkeys(photo.digest for one in holders for photo in one.photos)
    return Material(
        snapshot=snapshot,
        words=Words(record.printed_in),
        jpegs=jpegs,
        photo_numbers={one: at for at, one in enumerate(shown, 1)},
        rule_numbers={one: at for at, one in enumerate(dict.fromkeys(cited), 1)},
        in_findings=frozenset(one.digest for held in record.findings for one in held.photos),
        digest=record.digest(),
        data=canonical(snapshot),
        tell=tell,
    )


def span_of(scoring: Scoring) -> tuple[Amount | None, Amount | None]:
    """Return the worst and best case, or nothing where no item was left out."""
    worst, best = scoring.worst, scoring.best
    return (None, None) if worst == best else (worst, best)


def tally(counts: Mapping[Severity, int], words: Words) -> str:
    """Return counts by severity in words: "1 critical, 2 major"."""
    every = results.TALLIES.items()
    return words.listed(words.counted(said, counts[one]) for one, said in every if counts[one])
