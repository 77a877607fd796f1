"""From responses to a score: the outcome first, from the worst finding; the percentage beside it.

Amounts are exact fractions until they are printed, so the order of responses cannot matter.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from audit.domain.checklist import Asked, ParentItem
from audit.domain.definitions import Severity
from audit.domain.items import TallyItem
from audit.domain.packs import OutcomeRule
from audit.domain.record_items import CalculatedItem
from audit.domain.responses import Absent, Given, Judged, Parts, Response, Standing

_FAILED = (Standing.NOT_MET, Standing.PARTLY_MET)
_Z = Decimal("1.959963984540054")  # the normal quantile for 95 %

# Why an outcome is what it is: said of one finding, and of any other number.
_REASONS = {
    "critical_left": (
        "{number} critical finding not corrected during the visit.",
        "{number} critical findings not corrected during the visit.",
    ),
    "findings_left": (
        "No critical finding; {number} finding is left.",
        "No critical finding; {number} findings are left.",
    ),
    "critical_corrected": (
        "",
        "A critical finding was corrected during the visit; it still leaves conditions here.",
    ),
    "all_corrected": ("", "Every finding was corrected during the visit."),
    "all_as_it_must": ("", "Everything that was judged was as it must be."),
    "nothing_judged": ("", "Nothing was judged, so nothing was found."),
}


class Outcome(StrEnum):
    """What an audit comes to."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    PASS_WITH_CONDITIONS = "pass_with_conditions"  # noqa: S105 - as above
    FAIL = "fail"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Why:
    """What decided an outcome, and how often it was so; in English here, in a report in its own."""

    reason: Literal[
        "critical_left",
        "findings_left",
        "critical_corrected",
        "all_corrected",
        "all_as_it_must",
        "nothing_judged",
    ]
    number: int = 0

    def __str__(self) -> str:
        one, many = _REASONS[self.reason]
        return (one if self.number == 1 else many).format(number=self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One asked item with its response, where it stands, and its points."""

    asked: Asked
    response: Response | None
    standing: Standing
    earned: Fraction
    possible: Fraction
    excluded: Fraction

    @property
    def is_finding(self) -> bool:
        """Whether something here was not as it must be, put right since or not."""
        return self.standing in (Standing.NOT_MET, Standing.PARTLY_MET, Standing.CORRECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Points earned of those possible, and those that were left out of both."""

    earned: Fraction
    possible: Fraction
    excluded: Fraction

    @property
    def percent(self) -> Fraction | None:
        """Percent earned; None where nothing was scored, which prints as a dash."""
        return 100 * self.earned / self.possible if self.possible else None

    @property
    def best(self) -> Fraction | None:
        """Percent, had every item left out been met."""
        whole = self.possible + self.excluded
        return 100 * (self.earned + self.excluded) / whole if whole else None

    @property
    def worst(self) -> Fraction | None:
        """Percent, had every item left out not been met."""
        whole = self.possible + self.excluded
        return 100 * self.earned / whole if whole else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A tally with its Wilson interval; percentages, None without an opportunity."""

    line: Line
    done: int
    opportunities: int
    interval: tuple[Decimal, Decimal] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What an audit comes to, and every step to it."""

    outcome: Outcome
    why: Why
    lines: tuple[Line, ...]
    total: Points
    rates: tuple[Rate, ...]

    def section(self, code: str) -> Points:
        """Return the points of one section."""
        return _add(line for line in self.lines if line.asked.section.code == code)

    @property
    def because(self) -> str:
        """Why the outcome is what it is, in words."""
        return str(self.why)

    @property
    def judged(self) -> bool:
        """Whether anything was scored at all."""
        return self.total.possible > 0


def score(
    every: Iterable[Asked], given: Given, *, on: date, rule: OutcomeRule | None = None
) -> Score:
    """Score what was asked and given on the day `on`, by the pack's outcome rule.

    Either-or groups count once, with the parent's weight. Not applicable and not observed leave
    numerator and denominator alike; a finding corrected during the visit earns nothing.
    """
    everything = tuple(every)
    responses = {one.key: _response(one, everything, given) for one in everything}
    alternatives = {one.key for one in everything if _is_alternative(one)}
    lines = []
    for one in everything:
        if isinstance(one.item, ParentItem):
            line = _parent_line(one, everything, responses, on)
        else:
            line = _line(one, responses[one.key], on, counts=one.key not in alternatives)
        lines.append(line)
    outcome, why = decide(lines, rule or OutcomeRule())
    return Score(
        outcome=outcome,
        why=why,
        lines=tuple(lines),
        total=_add(lines),
        rates=tuple(_rate(line) for line in lines if isinstance(line.asked.item, TallyItem)),
    )


def _is_alternative(one: Asked) -> bool:
    return one.parent is not None and one.parent.needs == "one"


def _response(one: Asked, everything: tuple[Asked, ...], given: Given) -> Response | None:
    if not isinstance(one.item, CalculatedItem):
        return given.get(one.key)
    parts = tuple(_sources(one.item, one, everything, given))
    figure = one.item.figure(parts)
    return None if figure is None else Response(parts={"value": str(figure)})


def _sources(
    item: CalculatedItem, one: Asked, everything: tuple[Asked, ...], given: Given
) -> Iterable[Parts]:
    for other in everything:
        same_place = not one.repeat or other.repeat in ("", one.repeat)
        response = given.get(other.key)
        if other.item.code in item.of and same_place and response and not response.absent:
            yield response.parts


def _line(one: Asked, response: Response | None, on: date, *, counts: bool) -> Line:
    judged = _judge(one, response, on)
    if response and response.corrected and judged.standing in _FAILED:
        judged = Judged(standing=Standing.CORRECTED, share=Fraction(0))
    if not counts and judged.standing in (*_FAILED, Standing.CORRECTED):
        # Another alternative may stand in for this one; the group decides and carries the points.
        judged = Judged.unscored()
    weight = Fraction(one.item.weight) if counts else Fraction(0)
    return _weigh(one, response, judged, weight)


def _weigh(one: Asked, response: Response | None, judged: Judged, weight: Fraction) -> Line:
    nothing = Fraction(0)
    absent = judged.standing in (Standing.NOT_APPLICABLE, Standing.NOT_OBSERVED)
    scored = not absent and judged.standing is not Standing.UNSCORED
    return Line(
        asked=one,
        response=response,
        standing=judged.standing,
        earned=weight * judged.share if scored else nothing,
        possible=weight if scored else nothing,
        excluded=weight if absent else nothing,
    )


def _judge(one: Asked, response: Response | None, on: date) -> Judged:
    if response is None or not one.item.scored:
        return Judged.unscored()
    if response.absent is Absent.NOT_APPLICABLE:
        return Judged(standing=Standing.NOT_APPLICABLE, share=Fraction(0))
    if response.absent is Absent.NOT_OBSERVED:
        return Judged(standing=Standing.NOT_OBSERVED, share=Fraction(0))
    return one.item.judge(response.parts, on=on)


def _parent_line(
    one: Asked, everything: tuple[Asked, ...], responses: Mapping[str, Response | None], on: date
) -> Line:
    if not isinstance(one.item, ParentItem) or one.item.needs == "all":
        return _weigh(one, None, Judged.unscored(), Fraction(0))
    children = (other for other in everything if other.parent_key == one.key)
    standing = _either([_line(child, responses[child.key], on, counts=True) for child in children])
    judged = Judged(standing=standing, share=Fraction(int(standing is Standing.MET)))
    return _weigh(one, None, judged, Fraction(one.item.weight))


def _either(lines: list[Line]) -> Standing:
    """Return where an either-or group stands: the first of these that any item shows."""
    standings = {line.standing for line in lines}
    best_first = (
        Standing.MET,
        Standing.CORRECTED,
        Standing.NOT_MET,
        Standing.NOT_OBSERVED,
        Standing.NOT_APPLICABLE,
    )
    if Standing.PARTLY_MET in standings:
        standings.add(Standing.NOT_MET)
    return next((one for one in best_first if one in standings), Standing.UNSCORED)


def _add(lines: Iterable[Line]) -> Points:
    counted = tuple(lines)
    return Points(
        earned=sum((line.earned for line in counted), Fraction(0)),
        possible=sum((line.possible for line in counted), Fraction(0)),
        excluded=sum((line.excluded for line in counted), Fraction(0)),
    )


def decide(lines: Iterable[Line], rule: OutcomeRule) -> tuple[Outcome, Why]:
    """Return the outcome from the worst finding not corrected on site, and why."""
    everything = tuple(lines)
    findings = [line for line in everything if line.is_finding]
    still = [f.asked.item.severity for f in findings if f.standing is not Standing.CORRECTED]
    if critical := still.count(Severity.CRITICAL):
        outcome = Outcome.CLOSED if rule.closes else Outcome.FAIL
        return outcome, Why("critical_left", critical)
    if still:
        return Outcome.PASS_WITH_CONDITIONS, Why("findings_left", len(still))
    spots = [finding.asked.item.severity for finding in findings]
    if rule.corrected_critical_conditions and Severity.CRITICAL in spots:
        return Outcome.PASS_WITH_CONDITIONS, Why("critical_corrected")
    return Outcome.PASS, _why_nothing_is_left(everything)


def _why_nothing_is_left(lines: tuple[Line, ...]) -> Why:
    if any(line.is_finding for line in lines):
        return Why("all_corrected")
    judged = any(line.possible for line in lines)
    return Why("all_as_it_must" if judged else "nothing_judged")


def _rate(line: Line) -> Rate:
    response = line.response
    if response is None or response.absent:
        return Rate(line=line, done=0, opportunities=0, interval=None)
    done = int(response.parts["done"])
    total = done + int(response.parts["missed"])
    return Rate(line=line, done=done, opportunities=total, interval=wilson(done, total))


def wilson(done: int, total: int) -> tuple[Decimal, Decimal] | None:
    """Return the Wilson 95 % interval of done/total in percent, one digit after the point."""
    if total == 0:
        return None
    n, p = Decimal(total), Decimal(done) / Decimal(total)
    z2 = _Z * _Z
    middle = p + z2 / (2 * n)
    spread = _Z * (p * (1 - p) / n + z2 / (4 * n * n)).sqrt()
    low, high = (100 * (middle + sign * spread) / (1 + z2 / n) for sign in (-1, 1))
    return _tenth(max(low, Decimal(0))), _tenth(min(high, Decimal(100)))


def _tenth(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.1"), ROUND_HALF_UP)


def shown(amount: Fraction) -> str:
    """Return an amount as decimal text with at most two digits after the point."""
    number = Decimal(amount.numerator) / Decimal(amount.denominator)
    text = f"{number.quantize(Decimal('0.01'), ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".")


def percent(share: Fraction | None) -> str | None:
    """Return a percentage as text with one digit after the point, None for a dash.

    What is short of the whole never prints as 100: the last tenth is rounded down.
    """
    if share is None:
        return None
    number = _tenth(Decimal(share.numerator) / Decimal(share.denominator))
    if number == Decimal(100) and share < Fraction(100):
        number = Decimal("99.9")
    return str(number)
