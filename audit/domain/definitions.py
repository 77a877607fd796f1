"""The words a checklist is written in: codes, severities, policies, limits, clauses."""

import json
import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,59}$")]
FileCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,59}$")]
Words = Annotated[str, Field(min_length=1, max_length=400)]
Prose = Annotated[str, Field(max_length=2000)]
# Bounded, since an exponent of a million digits would be exact and never finish.
Amount = Annotated[Decimal, Field(max_digits=18, decimal_places=6)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z][A-Za-z]{1,3})?$")]


class FaultError(ValueError):
    """A fault of the item or section with this code, for the line it stands on."""

    def __init__(self, code: str, words: str) -> None:
        """Keep which it is beside what is said."""
        super().__init__(words)
        self.code = code


class Definition(BaseModel):
    """A part of a checklist: it never changes and refuses what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Edition(Definition):
    """A published file: its code, its version, the month of its edition, its title."""

    code: FileCode
    version: int = Field(ge=1)
    edition: str = Field(pattern=r"^\d{4}-\d\d$")
    title: Words

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content, as hex; comments and layout of the file do not count."""
        plain = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return sha256(text.encode()).hexdigest()


class Severity(StrEnum):
    """How grave a finding is, by our own scale; a body's own class rides beside it."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


WORST_FIRST = (Severity.CRITICAL, Severity.MAJOR, Severity.MINOR)


class NaPolicy(StrEnum):
    """Whether "not applicable" may be given; CDC's tools allow it only for an absent service."""

    ALLOWED = "allowed"
    FORBIDDEN = "forbidden"
    ONLY_IF_SERVICE_ABSENT = "only_if_service_absent"


class Method(StrEnum):
    """How a response came about."""

    OBSERVED = "observed"
    RECORD = "record"
    INTERVIEW = "interview"
    MEASURED = "measured"


class Need(StrEnum):
    """Whether a piece of evidence is wanted."""

    OFF = "off"
    OPTIONAL = "optional"
    REQUIRED = "required"
    ON_FAILURE = "on_failure"


class RepeatGroup(StrEnum):
    """What a section or item may be asked for one by one."""

    PRACTITIONERS = "practitioners"
    ROOMS = "rooms"
    STATIONS = "stations"
    STERILIZERS = "sterilizers"
    PRODUCTS = "products"
    LOADS = "loads"


class Service(StrEnum):
    """What a site offers; this switches items on."""

    FACIALS = "facials"
    EXTRACTION = "extraction"
    LANCET = "lancet"
    CHEMICAL_PEELS = "chemical_peels"
    MICRODERMABRASION = "microdermabrasion"
    MICRONEEDLING = "microneedling"
    ELECTROLYSIS = "electrolysis"
    WAXING = "waxing"
    LASHES_AND_BROWS = "lashes_and_brows"
    PERMANENT_MAKEUP = "permanent_makeup"
    PIERCING = "piercing"
    INJECTIONS = "injections"
    MASSAGE = "massage"
    NAILS = "nails"


class EvidenceRule(Definition):
    """What must come with a response."""

    photo: Need = Need.OPTIONAL
    comment: Need = Need.OPTIONAL


_COMPARISONS: Mapping[str, tuple[str, Callable[[Decimal, Decimal], bool]]] = {
    "<": ("below", operator.lt),
    "<=": ("at most", operator.le),
    "=": ("exactly", operator.eq),
    ">=": ("at least", operator.ge),
    ">": ("above", operator.gt),
}


class Limit(Definition):
    """A bound that a reading is held against."""

    comparator: Literal["<", "<=", "=", ">=", ">"]
    value: Amount
    unit: str = Field(max_length=20)

    def holds(self, number: Decimal) -> bool:
        """Say whether `number` keeps within this limit."""
        _, holds = _COMPARISONS[self.comparator]
        return holds(number, self.value)

    def __str__(self) -> str:
        words, _ = _COMPARISONS[self.comparator]
        return f"{words} {self.value} {self.unit}"


class Fine(Definition):
    """What a body charges: for the first violation, the second, and so on."""

    amounts: tuple[Amount, ...] = Field(min_length=1, max_length=5)
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]

    def __str__(self) -> str:
        return f"{' / '.join(f'{amount:,}' for amount in self.amounts)} {self.currency}"


class Clause(Definition):
    """A rule written out beside an item, for checklists that bring their own sources."""

    publisher: Words
    title: Words
    clause: Words
    law: bool
    year: int | None = None
    url: str = Field(default="", max_length=1000)
    checked: str = Field(default="", pattern=r"^(\d{4}-\d\d(-\d\d)?)?$")


FactId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,79}$")]
Cite = Annotated[
    Annotated[FactId, Tag("fact")] | Annotated[Clause, Tag("clause")],
    # Told apart by shape, so that a fault is reported once and for what was meant.
    Discriminator(lambda value: "fact" if isinstance(value, str) else "clause"),
]


class Translation(Definition):
    """An item's, option's or section's words in another language; left out: as written."""

    prompt: Words | None = None
    title: Words | None = None
    guidance: Prose | None = None
    order: Prose | None = None
    options: Mapping[str, Words] = Field(default_factory=dict)
