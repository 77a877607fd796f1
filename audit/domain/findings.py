"""From a score to findings: what was not met, worst first, and by when it must be put right."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from audit.domain.definitions import WORST_FIRST, Severity
from audit.domain.packs import Deadlines
from audit.domain.responses import Standing
from audit.domain.scoring import Line, Score


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """A finding as an audit raises it; `due_on` is None where it was corrected during the visit."""

    line: Line
    severity: Severity
    corrected: bool
    due_on: date | None


def raise_findings(score: Score, deadlines: Deadlines, *, on: date) -> tuple[Raised, ...]:
    """Return the findings of an audit done on the day `on`, worst first, open before corrected.

    Days default to the field guide's: two for critical, fourteen for major, thirty for minor.
    """
    raised = (_raise(line, deadlines, on) for line in score.lines if line.is_finding)
    return worst_first(raised)


def worst_first(raised: Iterable[Raised]) -> tuple[Raised, ...]:
    """Return findings still open before those corrected, each by severity, else as asked."""
    return tuple(sorted(raised, key=lambda one: (one.corrected, WORST_FIRST.index(one.severity))))


def _raise(line: Line, deadlines: Deadlines, on: date) -> Raised:
    severity = line.asked.item.severity
    corrected = line.standing is Standing.CORRECTED
    days = {
        Severity.CRITICAL: deadlines.critical,
        Severity.MAJOR: deadlines.major,
        Severity.MINOR: deadlines.minor,
    }[severity]
    due_on = None if corrected else on + timedelta(days=days)
    return Raised(line=line, severity=severity, corrected=corrected, due_on=due_on)
