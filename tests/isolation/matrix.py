"""Every address, method and kind of person, with every combination of own and foreign ids."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from pypdf import PdfReader
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from audit.store.people import Role
from tests.isolation.calls import (
    Place,
    address_of,
    never,
    places_of,
    sent_with,
    unknown_places,
    value_of,
)
from tests.isolation.world import CANARY, LIMITED, STRANGERS, World

_LETTERS = {
    Role.OWNER.value: "O",
    Role.ADMINISTRATOR.value: "A",
    Role.MANAGER.value: "M",
    Role.INSPECTOR.value: "I",
    Role.AUDITOR.value: "R",
    LIMITED: "M",
}
KINDS = (*_LETTERS, *STRANGERS)
_TOKEN = re.compile(rb'(name="csrf_token" value=|"csrf":\s*)"[^"]+"')
# Whose ids may stand at a place; `elsewhere` is another site of the same organisation.
_WHOSE = (("own", "foreign", "nobody"), ("own", "foreign", "nobody", "elsewhere"))
_FOUND, _HIDDEN, _REFUSED, _BROKEN = 200, 404, 400, 500
# An account opens its own stays alone; the ones in the world are the inspector's.
_STAYS_OF = Role.INSPECTOR.value
# Anyone who has the secret in it may use such an address.
_SECRETS = ("/join/", "/password/")
# What belongs to the whole organisation, and so to nobody who is limited to sites.
_WHOLE = {("POST", "/sites/new")}


@dataclass(frozen=True)
class Call:
    """One combination: who asks for what, with whose ids."""

    kind: str
    method: str
    rule: Rule
    values: dict[Place, str] = field(hash=False)
    strange: bool

    def __str__(self) -> str:
        whose = "foreign" if self.strange else "own"
        return f"{self.kind} {self.method} {self.rule.rule} with {whose} ids"


@dataclass
class Matrix:
    """The matrix over one world; `leaks` says in words what did not hold."""

    world: World
    combinations: int = 0
    leaks: list[str] = field(default_factory=list)
    _expected: dict[tuple[str, str], str] = field(default_factory=dict)
    _nothing: dict[tuple[object, ...], tuple[object, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        text = Path(__file__).with_name("matrix.csv").read_text(encoding="utf-8")
        lines = (line for line in text.splitlines() if not line.startswith("#"))
        self._expected = {(method, rule): who for method, rule, who in csv.reader(lines)}

    def run(self, chosen: Callable[[Call], bool] = lambda _: True) -> None:
        """Make every call that is chosen."""
        self._untouched = self.world.rows_of_the_other()
        for call in self.calls():
            if chosen(call):
                self.combinations += 1
                self._try(call)

    def unlisted(self) -> list[str]:
        """Return what the list and the application do not both have."""
        there = {(method, rule.rule) for method, rule in self._addresses()}
        odd = there ^ self._expected.keys()
        unfilled = {rule.rule for _, rule in self._addresses() if unknown_places(rule)}
        return sorted([*(" ".join(one) for one in odd), *unfilled])

    def calls(self) -> Iterator[Call]:
        """Yield every combination."""
        for method, rule in self._addresses():
            places = places_of(rule, method)
            for kind in KINDS:
                for chosen in product(_WHOSE[kind == LIMITED], repeat=len(places)):
                    values = {
                        place: self._value(place, rule, whose)
                        for place, whose in zip(places, chosen, strict=True)
                    }
                    yield Call(
                        kind=kind,
                        method=method,
                        rule=rule,
                        values=values,
                        strange=self._is_strange(kind, places, chosen),
                    )

    def _value(self, place: Place, rule: Rule, whose: str) -> str:
        if whose == "nobody":
            return never(place)
        return value_of(getattr(self.world, whose), place, rule)

    def _is_strange(self, kind: str, places: list[Place], chosen: tuple[str, ...]) -> bool:
        named = [place.name for place in places]
        if named == ["stay_id"]:
            return kind != _STAYS_OF or chosen != ("own",)
        # Who is limited to a site is still of the same organisation, and sees its own account.
        same = {"own", "elsewhere"} if named == ["organisation_id"] else {"own"}
        return not set(chosen) <= same

    def _addresses(self) -> list[tuple[str, Rule]]:
        return [
            (method, rule)
            for rule in sorted(self.world.app.url_map.iter_rules(), key=lambda one: one.rule)
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        ]

    def _try(self, call: Call) -> None:
        said = self._send(call, call.values)
        self._look_for_canary(call, said)
        if said.status_code >= _BROKEN:
            self._leak(call, f"broke with {said.status_code}")
        may = self._expected.get((call.method, call.rule.rule), "")
        if "P" not in may:
            self._judge(call, said, may)
        if call.method != "GET":
            if self.world.rows_of_the_other() != self._untouched:
                self._leak(call, "changed rows of the other organisation")
                self.world.restore()
            elif said.status_code < _REFUSED:
                self.world.restore()

    def _judge(self, call: Call, said: TestResponse, may: str) -> None:
        status, at_door = said.status_code, "/login" in (said.location or "")
        if call.kind in STRANGERS:
            if not (at_door or status == 401):
                self._leak(call, f"let a stranger in with {status}")
        elif not self._is_for(call, may):
            if status != 403:
                self._leak(call, f"was not refused: {status}")
        elif call.strange:
            self._compare(call, said)
        elif status in (401, 403, 404) or at_door:
            self._leak(call, f"was refused what is its own: {status}")

    def _is_for(self, call: Call, may: str) -> bool:
        whole = call.kind == LIMITED and (call.method, call.rule.rule) in _WHOLE
        return _LETTERS[call.kind] in may and not whole

    def _compare(self, call: Call, said: TestResponse) -> None:
        """Hold the reply against the one for ids that never existed: they must be the same."""
        if all(place.body for place in call.values):
            if said.status_code < _REFUSED:
                self._leak(call, f"took a foreign id: {said.status_code}")
            return
        mine = {place: value_of(self.world.own, place, call.rule) for place in call.values}
        kept = tuple(value == mine[place] for place, value in call.values.items())
        key = (call.kind, call.method, call.rule.rule, kept)
        if key not in self._nothing:
            nothing = {
                place: value if value == mine[place] and place.name != "stay_id" else never(place)
                for place, value in call.values.items()
            }
            self._nothing[key] = _told(self._send(call, nothing))
        # An id that a tablet makes is taken once in an organisation, at whatever site.
        taken = call.kind == LIMITED and call.method == "PUT" and said.status_code == _HIDDEN
        if _told(said) != self._nothing[key] and not taken:
            self._leak(call, f"told it from nothing: {said.status_code}")
        if call.method == "GET" and said.status_code != _HIDDEN:
            self._leak(call, f"showed it: {said.status_code}")

    def _send(self, call: Call, values: dict[Place, str]) -> TestResponse:
        visitor = self.world.visitor(call.kind)
        given = sent_with(call.rule, call.method, values)
        if call.rule.rule.startswith("/device/"):
            headers = {"X-CSRFToken": visitor.token, **given.pop("headers", {})}
            if "json" in given:
                given["json"]["user"] = self.world.people[call.kind]
        else:
            headers = {}
            if "data" in given:
                given["data"]["csrf_token"] = visitor.token
        address = address_of(call.rule, values)
        return visitor.client.open(address, method=call.method, headers=headers, **given)

    def _look_for_canary(self, call: Call, said: TestResponse) -> None:
        if call.rule.rule.startswith(_SECRETS) and CANARY not in str(call.values):
            return
        asked = set(call.values.values())
        traces = [CANARY, *(one for one in self.world.foreign.texts() if one not in asked)]
        text = f"{said.headers}{_text_in(said)}"
        for trace in traces:
            if trace in text:
                self._leak(call, f"shows {trace} of the other organisation")

    def _leak(self, call: Call, what: str) -> None:
        self.leaks.append(f"{call}: {what}")


def _told(said: TestResponse) -> tuple[object, ...]:
    """Return all that a reply tells, without what differs each time."""
    headers = [one for one in said.headers if one[0] not in ("Date", "Set-Cookie")]
    return said.status_code, sorted(headers), _TOKEN.sub(b"", said.data)


def _text_in(said: TestResponse) -> str:
    """Return the text of a reply, inside a PDF too."""
    if said.mimetype != "application/pdf" or said.status_code != _FOUND:
        return str(said.data.decode("utf-8", "replace"))
    read = PdfReader(io.BytesIO(said.data))
    inside = [data.decode("utf-8", "replace") for one in read.attachments.values() for data in one]
    return "\n".join([*(page.extract_text() for page in read.pages), *inside])
