"""Which items are asked: conditions on services, on counts, and on other responses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Self

from pydantic import Field, model_validator

from audit.domain.definitions import Amount, Code, Definition, RepeatGroup, Service
from audit.domain.responses import Given


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known of an audit when deciding what to ask."""

    services: frozenset[Service] = frozenset()
    counts: Mapping[RepeatGroup, int] = field(default_factory=dict)
    given: Given = field(default_factory=dict)


class Condition(Definition):
    """Exactly one of: a service offered, a count reached, a response given, or a combination.

    A condition on a response that was not given, or was not applicable, does not hold.
    """

    service: Service | None = None
    count: RepeatGroup | None = None
    response: Code | None = None
    is_: tuple[str, ...] = Field(default=(), alias="is")
    at_least: Amount | None = None
    all_: tuple["Condition", ...] = Field(default=(), alias="all")
    any_: tuple["Condition", ...] = Field(default=(), alias="any")
    not_: "Condition | None" = Field(default=None, alias="not")

    @model_validator(mode="before")
    @classmethod
    def _one_or_several(cls, value: object) -> object:
        # `is: yes` is how people write a list of one.
        if isinstance(value, dict) and isinstance(value.get("is"), str):
            return {**value, "is": (value["is"],)}
        return value

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        said = (self.service, self.count, self.response, self.all_, self.any_, self.not_)
        if sum(bool(one) for one in said) != 1:
            raise ValueError("a condition says one of: service, count, response, all, any, not")
        if self.response and bool(self.is_) == (self.at_least is not None):
            raise ValueError("a condition on a response says either is or at_least")
        if self.count and self.at_least is None:
            raise ValueError("a condition on a count says at_least")
        if self.is_ and not self.response:
            raise ValueError("is goes with a response")
        if self.at_least is not None and not (self.response or self.count):
            raise ValueError("at_least goes with a response or a count")
        return self

    def looks(self) -> Iterator["Condition"]:
        """Yield each condition on a response within this one."""
        if self.response:
            yield self
        for inner in (*self.all_, *self.any_, *((self.not_,) if self.not_ else ())):
            yield from inner.looks()

    def holds(self, situation: Situation, *, repeat: str = "") -> bool:
        """Say whether this holds; `repeat` prefers the response of the same repeat."""
        if self.not_:
            return not self.not_.holds(situation, repeat=repeat)
        if self.all_:
            return all(one.holds(situation, repeat=repeat) for one in self.all_)
        if self.any_:
            return any(one.holds(situation, repeat=repeat) for one in self.any_)
        return self._fact_holds(situation, repeat)

    def _fact_holds(self, situation: Situation, repeat: str) -> bool:
        if self.service:
            return self.service in situation.services
        if self.count:
            return situation.counts.get(self.count, 0) >= (self.at_least or 0)
        return self._response_holds(situation.given, self.response or "", repeat)

    def _response_holds(self, given: Given, code: str, repeat: str) -> bool:
        response = given.get(f"{code}@{repeat}") or given.get(code)
        if response is None or response.absent:
            return False
        text = response.parts.get("value", "")
        if self.at_least is None:
            return any(word in self.is_ for word in text.split())
        try:
            return Decimal(text) >= self.at_least
        except InvalidOperation:
            return False
