"""The sourced facts that items cite, and the questions on which laws disagree."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, model_validator

from audit.domain.definitions import Clause, Definition, FactId, FileCode, Limit, Severity, Words

Jurisdiction = Annotated[str, Field(pattern=r"^(INT|[A-Z]{2}(-[A-Z]{2,3})?)$")]


class FactLimit(Limit):
    """A measurable bound in a fact, with what is measured."""

    parameter: Words


class Source(Definition):
    """Where a fact was read; a year is missing where the copy showed none."""

    publisher: Words
    title: Words
    clause: Words
    year: int | None
    url: str = Field(max_length=1000)


class Fact(Definition):
    """A requirement someone published; `confirmed` when the clause itself was read at the url."""

    id: FactId
    topic: FileCode
    severity: Severity
    authority: Literal["law", "guideline", "standard", "trade"]
    jurisdiction: Jurisdiction
    limits: tuple[FactLimit, ...] = ()
    source: Source
    confirmed: bool

    @property
    def is_law(self) -> bool:
        """Whether this may be called law anywhere: an unconfirmed fact never may."""
        return self.authority == "law" and self.confirmed


class Position(Definition):
    """What one jurisdiction holds in a conflict."""

    jurisdiction: Jurisdiction
    fact: FactId


class Conflict(Definition):
    """A question that laws decide differently; a pack chooses, nothing is averaged."""

    id: FactId
    asks: Words
    positions: tuple[Position, ...] = Field(min_length=2)


class Facts(Definition):
    """The facts file."""

    checked: str = Field(pattern=r"^\d{4}-\d\d$")
    facts: tuple[Fact, ...]
    conflicts: tuple[Conflict, ...]

    @model_validator(mode="after")
    def _ids_once(self) -> "Facts":
        if len(self.by_id) != len(self.facts):
            raise ValueError("a fact id stands here twice")
        for conflict in self.conflicts:
            for position in conflict.positions:
                if position.fact not in self.by_id:
                    raise ValueError(f"{conflict.id} names the unknown fact {position.fact}")
        return self

    @cached_property
    def by_id(self) -> Mapping[str, Fact]:
        """The facts by id."""
        return {fact.id: fact for fact in self.facts}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A clause as it is shown: `law` only where it binds the place of the audit."""

    fact: str
    law: bool
    clause: Clause


def cite(
    cites: Iterable[str | Clause], facts: Facts, jurisdictions: tuple[str, ...]
) -> tuple[Cited, ...]:
    """Return what backs an item in a place governed by `jurisdictions`, law first.

    Law of other places binds nobody here: it is left out where anything nearer is cited, and
    shown as guidance where it is all there is.
    """
    shown = [_show(one, facts, jurisdictions) for one in cites]
    near = [cited for cited, nearby in shown if nearby]
    chosen = near or [cited for cited, _ in shown]
    return tuple(sorted(chosen, key=lambda cited: not cited.law))


def _show(one: str | Clause, facts: Facts, jurisdictions: tuple[str, ...]) -> tuple[Cited, bool]:
    if isinstance(one, Clause):
        return Cited(fact="", law=one.law, clause=one), True
    fact = facts.by_id[one]
    here = fact.jurisdiction in jurisdictions
    law = fact.is_law and here
    clause = Clause(
        publisher=fact.source.publisher,
        title=fact.source.title,
        clause=fact.source.clause,
        law=law,
        year=fact.source.year,
        url=fact.source.url,
        checked=facts.checked,
    )
    return Cited(fact=fact.id, law=law, clause=clause), here or fact.authority != "law"
