"""The kinds of item that rest on records: cycles, documents, photo sets, sums, signatures."""

from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from audit.domain.definitions import Amount, Code, Limit, Words
from audit.domain.items import ItemBase, Part
from audit.domain.responses import (
    Judged,
    Parts,
    read_count,
    read_date,
    read_moment,
    read_number,
    read_text,
    refuse,
    spoken_day,
)

HOTTEST = 300
A_DAY = 1440
MOST_READINGS = 2000
MOST_PHOTOS = 20
_MOST_ON_CURVE = {"°C": HOTTEST, "kPa": 1000}


class CycleItem(ItemBase):
    """One sterilizer cycle from the log: degrees and minutes at temperature, held against limits.

    Minutes are the exposure at temperature only, never the whole run. `points` may carry the
    printed curve as lines "second;celsius" or "second;celsius;kilopascal absolute".
    """

    kind: Literal["cycle"]
    celsius: Amount = Field(ge=50, le=300)
    minutes: Amount = Field(gt=0, le=1440)

    @property
    def parts_of(self) -> tuple[Part, ...]:
        """What the printout or the log line says."""
        return (
            Part("number", "Cycle number", "text"),
            Part("started_at", "Date and time", "moment"),
            Part("celsius", "Lowest °C during exposure", "number"),
            Part("minutes", "Exposure in minutes", "number"),
            Part("points", "Curve, one line per reading: second;°C", "long"),
        )

    @property
    def requirement(self) -> str:
        """The exposure that must be reached."""
        return f"at least {self.celsius} °C for {self.minutes} min"

    def check(self, parts: Parts) -> Parts:
        """Take the four figures; the curve may be left out."""
        kept = {
            "number": read_text(parts.get("number", ""), longest=40),
            "started_at": str(read_moment(parts.get("started_at", ""))),
            "celsius": str(read_number(parts.get("celsius", ""), unit="°C")),
            "minutes": str(read_number(parts.get("minutes", ""), unit="minutes")),
        }
        if not 0 <= Decimal(kept["celsius"]) <= HOTTEST:
            refuse(f"A cycle is between 0 and {HOTTEST} °C.", "out_of_range")
        if not 0 < Decimal(kept["minutes"]) <= A_DAY:
            refuse("Exposure is more than 0 and at most 1,440 minutes.", "out_of_range")
        if parts.get("points"):
            kept["points"] = _read_curve(parts["points"])
        return kept

    def judge(self, parts: Parts, *, on: date) -> Judged:
        """Reach the temperature for the time."""
        del on
        hot = Decimal(parts["celsius"]) >= self.celsius
        return Judged.of(met=hot and Decimal(parts["minutes"]) >= self.minutes)

    def say(self, parts: Parts) -> str:
        """Say the cycle in one line."""
        number = f"Cycle {parts['number']}: " if parts["number"] else ""
        return f"{number}{parts['celsius']} °C for {parts['minutes']} min"


class DocumentItem(ItemBase):
    """A paper with its number and last day; met while it has not expired."""

    kind: Literal["document"]
    expires: bool = True

    @property
    def parts_of(self) -> tuple[Part, ...]:
        """Number or name, and the last day it is good for."""
        named = Part("value", "Number or name", "text")
        return (named, Part("expires_on", "Good until", "date")) if self.expires else (named,)

    @property
    def requirement(self) -> str:
        """Whether it must still be good."""
        return "not expired" if self.expires else ""

    def check(self, parts: Parts) -> Parts:
        """Take the number, and the day where the paper has one."""
        kept = {"value": read_text(parts["value"], longest=120)}
        if parts.get("expires_on"):
            kept["expires_on"] = str(read_date(parts["expires_on"]))
        return kept

    def judge(self, parts: Parts, *, on: date) -> Judged:
        """Be there, and good on the day; a paper that should show a last day and does not fails."""
        if not self.expires:
            return Judged.of(met=True)
        last = parts.get("expires_on")
        return Judged.of(met=last is not None and date.fromisoformat(last) >= on)

    def say(self, parts: Parts) -> str:
        """Say number and last day."""
        last = parts.get("expires_on")
        until = f", good until {spoken_day(date.fromisoformat(last))}" if last else ""
        return f"{parts['value']}{until}"


class PhotosItem(ItemBase):
    """A set of photos; the response is how many there are, and that many must be with it."""

    kind: Literal["photos"]
    at_least: int = Field(default=1, ge=1, le=MOST_PHOTOS)

    @property
    def parts_of(self) -> tuple[Part, ...]:
        """How many photos belong to it."""
        return (Part("value", "Number of photos", "count"),)

    @property
    def requirement(self) -> str:
        """How many there must be."""
        return f"at least {self.at_least}"

    def check(self, parts: Parts) -> Parts:
        """Take a whole count."""
        return {"value": str(read_count(parts["value"]))}

    def judge(self, parts: Parts, *, on: date) -> Judged:
        """Have enough of them."""
        del on
        return Judged.of(met=int(parts["value"]) >= self.at_least)

    def say(self, parts: Parts) -> str:
        """Say how many."""
        return f"{parts['value']} photo{'' if parts['value'] == '1' else 's'}"


class InstructionItem(ItemBase):
    """Words for whoever does the audit; nothing to give back."""

    kind: Literal["instruction"]
    scored: ClassVar[bool] = False
    answerable: ClassVar[bool] = False


class CalculatedItem(ItemBase):
    """A figure made from the readings and tallies of other items, held against limits.

    `sum` and `mean` take readings; `rate` takes tallies and gives percent done.
    """

    kind: Literal["calculated"]
    calculate: Literal["sum", "mean", "rate"]
    of: tuple[Code, ...] = Field(min_length=1, max_length=50)
    unit: str = Field(max_length=20)
    limits: tuple[Limit, ...] = ()
    answerable: ClassVar[bool] = False

    @model_validator(mode="after")
    def _one_unit(self) -> Self:
        if any(limit.unit != self.unit for limit in self.limits):
            raise ValueError(f"limits must be in the item's own unit, {self.unit}")
        return self

    @property
    def requirement(self) -> str:
        """Every limit in words."""
        return " and ".join(str(limit) for limit in self.limits)

    def figure(self, given: tuple[Parts, ...]) -> Decimal | None:
        """Return the figure over what was given, None where there is nothing to calculate.

        It is not rounded, so that 69.996 does not reach a limit of 70.
        """
        if not given:
            return None
        if self.calculate == "rate":
            done = sum(int(parts["done"]) for parts in given)
            return Decimal(100 * done) / (done + sum(int(parts["missed"]) for parts in given))
        total = sum((Decimal(parts["value"]) for parts in given), Decimal(0))
        return total if self.calculate == "sum" else total / len(given)

    def judge(self, parts: Parts, *, on: date) -> Judged:
        """Hold the figure against the limits."""
        del on
        if not self.limits:
            return Judged.unscored()
        number = Decimal(parts["value"])
        return Judged.of(met=all(limit.holds(number) for limit in self.limits))

    def say(self, parts: Parts) -> str:
        """Say the figure with its unit, cut after two digits: 99.999 is not said as 100."""
        figure = Decimal(parts["value"])
        if figure != round(figure, 2):
            figure = figure.quantize(Decimal("0.01"), ROUND_FLOOR)
        return f"{figure:f} {self.unit}"


class SignatureItem(ItemBase):
    """A person's typed name under a statement inside the checklist; not the audit's signature."""

    kind: Literal["signature"]
    statement: Words
    scored: ClassVar[bool] = False

    @property
    def parts_of(self) -> tuple[Part, ...]:
        """The name, typed."""
        return (Part("value", "Type your name to sign", "text"),)


def _read_curve(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_READINGS:
        refuse(f"A curve has at most {MOST_READINGS:,} readings.", "too_long")
    kept, last = [], -1
    for line in lines:
        second, *readings = (cell.strip() for cell in line.split(";"))
        if not second or len(readings) not in (1, 2) or read_count(second) <= last:
            refuse("Write each reading on its own line: second;°C, seconds rising.", "not_a_curve")
        last = read_count(second)
        kept.append(";".join((str(last), *map(_read_on_curve, readings, ("°C", "kPa")))))
    return "\n".join(kept)


def _read_on_curve(text: str, unit: str) -> str:
    number = read_number(text, unit=unit)
    if not 0 <= number <= _MOST_ON_CURVE[unit]:
        most = _MOST_ON_CURVE[unit]
        refuse(f"Each reading of a curve is between 0 and {most} {unit}.", "out_of_range")
    return str(number)
