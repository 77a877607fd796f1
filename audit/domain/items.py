"""The kinds of item: each kind says what it asks for, reads the response and judges it.

A response is held as named parts of plain text ("value", "done", "expires_on" …), so that page,
tablet, file and database carry the same thing. `parts_of` names them, `read` checks them, `judge`
holds them against the requirement, `say` puts them into words.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from audit.domain.conditions import Condition
from audit.domain.definitions import (
    Amount,
    Cite,
    Code,
    Definition,
    EvidenceRule,
    Fine,
    Language,
    Limit,
    Method,
    NaPolicy,
    Prose,
    RepeatGroup,
    Service,
    Severity,
    Translation,
    Words,
)
from audit.domain.responses import (
    Absent,
    Judged,
    Parts,
    Response,
    read_count,
    read_date,
    read_moment,
    read_number,
    read_text,
    refuse,
    spoken_day,
)


class Part(NamedTuple):
    """One input of an item: its name, what stands beside it, and the sort of input."""

    name: str
    label: str
    sort: Literal["text", "long", "number", "count", "date", "moment", "choice", "choices"]
    options: tuple[tuple[str, str], ...] = ()


class ItemBase(Definition):
    """What every item has: its words, its weight, when it is asked and what proves it."""

    code: Code
    prompt: Words
    guidance: Prose = ""
    order: Prose = ""
    severity: Severity = Severity.MAJOR
    weight: Amount = Field(default=Decimal(1), ge=0, le=100)
    na: NaPolicy = NaPolicy.ALLOWED
    service: Service | None = None
    methods: tuple[Method, ...] = ()
    evidence: EvidenceRule = EvidenceRule()
    when: Condition | None = None
    repeat_over: RepeatGroup | None = None
    clauses: tuple[Cite, ...] = ()
    body_class: str = Field(default="", max_length=60)
    fine: Fine | None = None
    required: bool = True
    translations: Mapping[Language, Translation] = Field(default_factory=dict)

    scored: ClassVar[bool] = True
    answerable: ClassVar[bool] = True

    @model_validator(mode="after")
    def _service_named(self) -> Self:
        if self.na is NaPolicy.ONLY_IF_SERVICE_ABSENT and self.service is None:
            raise ValueError("na: only_if_service_absent needs the service it speaks of")
        return self

    @property
    def parts_of(self) -> tuple[Part, ...]:
        """The inputs this item asks for; none where there is nothing to give."""
        return ()

    @property
    def requirement(self) -> str:
        """The bound a response is held against, in words; empty where the prompt says it all."""
        return ""

    def read(self, raw: Mapping[str, object]) -> Response | None:
        """Return the response in `raw`, None when nothing was given; Invalid says what to mend."""
        return Response.read(raw, names=tuple(p.name for p in self.parts_of), check=self.check)

    def check(self, parts: Parts) -> Parts:
        """Return `parts` in their one stored form, or refuse them."""
        return {name: read_text(text) for name, text in parts.items()}

    def judge(self, parts: Parts, *, on: date) -> Judged:
        """Return how far `parts` meet the requirement on the day `on`."""
        del parts, on
        return Judged.unscored()

    def say(self, parts: Parts) -> str:
        """Return `parts` in words for people."""
        return parts.get("value", "")


class ComplianceItem(ItemBase):
    """Yes or no to a requirement; `met_when` is the response that meets it."""

    kind: Literal["compliance"]
    met_when: Literal["yes", "no"] = "yes"

    @property
    def parts_of(self) -> tuple[Part, ...]:
        """The three large buttons; not applicable and not observed stand beside them."""
        return (Part("value", "Response", "choice", (("yes", "Yes"), ("no", "No"))),)

    def check(self, parts: Parts) -> Parts:
        """Take yes or no."""
        if parts["value"] not in ("yes", "no"):
            refuse("Choose yes or no.", "not_a_choice")
        return parts

    def judge(self, parts: Parts, *, on: date) -> Judged:
        """Compare with the response that meets the requirement."""
        del on
        return Judged.of(met=parts["value"] == self.met_when)

    def say(self, parts: Parts) -> str:
        """Yes or No."""
        return parts["value"].capitalize()


class Option(Definition):
    """A choice and the share of the points it earns, from 0 to 1; none: not scored."""

    code: Code
    label: Words
    share: Amount | None = Field(default=None, ge=0, le=1)


class ChoiceItem(ItemBase):
    """One of several choices, or several of them; several earn the mean of their shares."""

    kind: Literal["choice"]
    options: tuple[Option, ...] = Field(min_length=2, max_length=30)
    several: bool = False

    @model_validator(mode="after")
    def _codes_told_apart(self) -> Self:
        codes = [option.code for option in self.options]
        if len(set(codes)) < len(codes):
            raise ValueError("an option's code stands here twice")
        if taken := set(codes) & set(Absent):
            raise ValueError(f"{' and '.join(sorted(taken))} can always be given; leave it out")
        return self

    @property
    def parts_of(self) -> tuple[Part, ...]:
        """The options as they are labelled."""
        options = tuple((option.code, option.label) for option in self.options)
        return (Part("value", "Response", "choices" if self.several else "choice", options),)

    def check(self, parts: Parts) -> Parts:
        """Take codes of options, in the checklist's order, separated by spaces."""
        chosen = parts["value"].split()
        known = [option.code for option in self.options]
        if not chosen or any(code not in known for code in chosen):
            refuse("Choose from the list.", "not_a_choice")
        if len(chosen) > 1 and not self.several:
            refuse("Choose one only.", "one_choice_only")
        return {"value": " ".join(code for code in known if code in chosen)}

    def judge(self, parts: Parts, *, on: date) -> Judged:
        """Earn the mean share of what was chosen."""
        del on
        chosen = parts["value"].split()
        shares = [o.share for o in self.options if o.code in chosen and o.share is not None]
        if not shares:
            return Judged.unscored()
        return Judged.share_of(Fraction(sum(shares, Decimal(0))) / len(shares))

    def say(self, parts: Parts) -> str:
        """Say the labels, with commas."""
        chosen = parts["value"].split()
        return ", ".join(option.label for option in self.options if option.code in chosen)


class Reading(ItemBase):
    """A reading with its unit, held against limits; `lowest` and `highest` are what can be."""

    unit: str = Field(max_length=20)
    limits: tuple[Limit, ...] = ()
    lowest: Amount = Decimal(-1_000_000)
    highest: Amount = Decimal(1_000_000)
    instrument: bool = False

    @model_validator(mode="after")
    def _bounds_fit(self) -> Self:
        if any(limit.unit != self.unit for limit in self.limits):
            raise ValueError(f"limits must be in the item's own unit, {self.unit}")
        if self.lowest >= self.highest:
            raise ValueError("lowest must be below highest")
        return self

    @property
    def parts_of(self) -> tuple[Part, ...]:
        """The reading, and the instrument where the reading needs one."""
        reading = Part("value", f"Reading in {self.unit}", "number")
        used = Part("instrument", "Instrument used", "text")
        return (reading, used) if self.instrument else (reading,)

    @property
    def requirement(self) -> str:
        """Every limit in words."""
        return " and ".join(str(limit) for limit in self.limits)

    def check(self, parts: Parts) -> Parts:
        """Take a plain decimal within what is possible; a comma counts as a point."""
        number = read_number(parts["value"], unit=self.unit)
        if not self.lowest <= number <= self.highest:
            refuse(
                f"{number} {self.unit} is not possible here: from {self.lowest} to {self.highest}.",
                "out_of_range",
            )
        kept = {"value": str(number)}
        if parts.get("instrument"):
            kept["instrument"] = read_text(parts["instrument"], longest=80)
        return kept

    def judge(self, parts: Parts, *, on: date) -> Judged:
        """Meet every limit."""
        del on
        number = Decimal(parts["value"])
        if not self.limits:
            return Judged.unscored()
        return Judged.of(met=all(limit.holds(number) for limit in self.limits))

    def say(self, parts: Parts) -> str:
        """Say the reading with its unit and instrument."""
        used = f" ({parts['instrument']})" if parts.get("instrument") else ""
        return f"{parts['value']} {self.unit}{used}"


class NumberItem(Reading):
    """A reading in any unit."""

    kind: Literal["number"]


class DurationItem(Reading):
    """Minutes, held against limits."""

    kind: Literal["duration"]
    unit: str = "min"
    lowest: Amount = Decimal(0)


class MomentItem(ItemBase):
    """A date, or a date with time.

    `within_days` is how old it may be, `future` whether it may lie ahead.
    """

    kind: Literal["moment"]
    time: bool = False
    within_days: int | None = Field(default=None, ge=0, le=36_500)
    future: bool = False

    @property
    def parts_of(self) -> tuple[Part, ...]:
        """A date, with the time where asked."""
        if self.time:
            return (Part("value", "Date and time", "moment"),)
        return (Part("value", "Date", "date"),)

    @property
    def requirement(self) -> str:
        """How recent it must be."""
        return "" if self.within_days is None else f"within {self.within_days} days"

    def check(self, parts: Parts) -> Parts:
        """Take ISO 8601."""
        text = parts["value"]
        return {"value": str(read_moment(text)) if self.time else str(read_date(text))}

    def judge(self, parts: Parts, *, on: date) -> Judged:
        """Be recent enough, and not ahead of the day unless that is allowed."""
        day = datetime.fromisoformat(parts["value"]).date()
        if self.within_days is None:
            return Judged.unscored()
        recent = (on - day).days <= self.within_days
        return Judged.of(met=recent and (self.future or day <= on))

    def say(self, parts: Parts) -> str:
        """Say the day in words, with the time where it was asked."""
        moment = datetime.fromisoformat(parts["value"])
        time = f", {moment:%H:%M}" if self.time else ""
        return f"{spoken_day(moment)}{time}"


class Wording(ItemBase):
    """Words, not scored."""

    long: bool = False
    scored: ClassVar[bool] = False

    @property
    def parts_of(self) -> tuple[Part, ...]:
        """One line or several."""
        return (Part("value", "Response", "long" if self.long else "text"),)


class TextItem(Wording):
    """What someone writes or says."""

    kind: Literal["text"]


class ScanItem(Wording):
    """A code read from a label, by camera or by hand."""

    kind: Literal["scan"]


class PersonItem(Wording):
    """The name of a person."""

    kind: Literal["person"]


class TallyItem(ItemBase):
    """Opportunities watched: done or missed; met when the share done reaches `target` percent."""

    kind: Literal["tally"]
    opportunity: Words
    target: Amount | None = Field(default=None, gt=0, le=100)

    @property
    def parts_of(self) -> tuple[Part, ...]:
        """Two counters."""
        return (Part("done", "Done", "count"), Part("missed", "Missed", "count"))

    @property
    def requirement(self) -> str:
        """The share that must be done."""
        return "" if self.target is None else f"at least {self.target} % done"

    def check(self, parts: Parts) -> Parts:
        """Take whole counts, at least one opportunity in all."""
        done, missed = (read_count(parts.get(name, "")) for name in ("done", "missed"))
        if done + missed == 0:
            refuse("Count at least one, or choose not observed.", "no_opportunity")
        return {"done": str(done), "missed": str(missed)}

    def judge(self, parts: Parts, *, on: date) -> Judged:
        """Earn the share done; met at the target, not met below it."""
        del on
        done = int(parts["done"])
        share = Fraction(done, done + int(parts["missed"]))
        if self.target is None:
            return Judged.unscored()
        return Judged.of(met=share * 100 >= Fraction(self.target), share=share)

    def say(self, parts: Parts) -> str:
        """Say done, of how many."""
        return f"{parts['done']} of {int(parts['done']) + int(parts['missed'])} done"
