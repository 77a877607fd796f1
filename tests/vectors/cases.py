"""The behaviour that server and tablet share, as cases, and what Python makes of them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from audit.domain.checklist import Checklist, Repeats, Subject, asked, situation
from audit.domain.completeness import allow_absence, lacking, lacking_groups
from audit.domain.definitions import RepeatGroup, Service
from audit.domain.findings import raise_findings
from audit.domain.packs import Deadlines, OutcomeRule
from audit.domain.progress import progress
from audit.domain.responses import Absent, Response
from audit.domain.scoring import score
from audit.errors import Invalid
from audit.services.library import shipped_catalogue

Plain = dict[str, Any]
_FOLDER = Path(__file__).parent
TODAY = "2026-11-23"
_SHELL = {"code": "vectors", "version": 1, "edition": "2026-11", "title": "Vectors", "topic": "all"}


@dataclass(frozen=True)
class Group:
    """Cases on one checklist, with the outcome rule it is judged by."""

    name: str
    checklist: Checklist
    rule: OutcomeRule
    cases: tuple[Plain, ...]


def reading_cases() -> Group:
    """Return the checklist with an item of every kind, and what its items are given."""
    held = _load("reading.json")
    return Group("reading", _whole(held["items"]), OutcomeRule(), tuple(held["cases"]))


def situations() -> Iterator[Group]:
    """Yield the cases of whole situations, checklist by checklist."""
    for name in ("asking.json", "completing.json", "judging.json", "published.json"):
        for held in _load(name)["groups"]:
            rule = OutcomeRule.model_validate(held.get("outcome", {}))
            if "published" in held:
                checklist, rule = published(*held["published"])
            else:
                checklist = Checklist.model_validate({**_SHELL, "sections": held["sections"]})
            yield Group(name.removesuffix(".json"), checklist, rule, tuple(held["cases"]))


@cache
def published(code: str, pack: str = "") -> tuple[Checklist, OutcomeRule]:
    """Return a shipped checklist as asked under a pack, and the pack's outcome rule."""
    catalogue = shipped_catalogue()
    used = (pack, catalogue.newest(pack)) if pack else None
    rule = catalogue.pack(*used).outcome if used else OutcomeRule()
    return catalogue.get(code, catalogue.newest(code), used), rule


def read_case(checklist: Checklist, case: Plain) -> Plain:
    """Return what the rules make of one response: how it is kept, stands and is said."""
    item = checklist.items[case["item"]]
    services = frozenset(Service(code) for code in case.get("services", ()))
    try:
        response = None if case["raw"] is None else item.read(case["raw"])
        if response is not None:
            allow_absence(item, response, services)
    except Invalid as error:
        return {"refused": [error.code, error.message]}
    if response is None:
        return {"reads": None}
    return {"reads": response.stored(), **_words(item, response)}


def _words(item: Any, response: Response) -> Plain:
    if response.absent:
        absent = response.absent is Absent.NOT_APPLICABLE
        return {"says": "Not applicable" if absent else "Not observed"}
    stands = item.judge(response.parts, on=date.fromisoformat(TODAY)).standing.value
    return {"stands": stands, "says": item.say(response.parts)}


def come_to(group: Group, case: Plain) -> Plain:
    """Return what the rules make of a whole situation; what is refused counts as not given."""
    repeats = _repeats(case)
    given, refused = _given(group.checklist, case)
    services = frozenset(Service(code) for code in case.get("services", ()))
    known = situation(services, repeats, given)
    every = asked(group.checklist, known, repeats)
    on = date.fromisoformat(case.get("on", TODAY))
    lacks = (
        *lacking_groups(group.checklist, known, repeats),
        *lacking(every, given, case.get("photos", {}), on=on),
    )
    result = score(every, given, on=on, rule=group.rule)
    far = progress(every, given)
    found = raise_findings(result, Deadlines(), on=on)
    return {
        "asked": [[one.key, one.number] for one in every],
        "progress": [far.total, far.answered],
        "about": {one.key: one.about for one in every if one.about},
        "refused": refused,
        "lacks": [[one.asked.key if one.asked else one.group, one.words] for one in lacks],
        "findings": [[f.line.asked.key, f.severity, f.line.standing] for f in found],
        "outcome": result.outcome.value,
        "judged": result.judged,
    }


def _given(checklist: Checklist, case: Plain) -> tuple[dict[str, Response], Plain]:
    given, refused = {}, {}
    services = case.get("services", ())
    for key, raw in case.get("given", {}).items():
        one = {"item": key.partition("@")[0], "raw": raw, "services": services}
        found = read_case(checklist, one)
        if "refused" in found:
            refused[key] = found["refused"]
        elif (response := checklist.items[one["item"]].read(raw)) is not None:
            given[key] = response
    return given, refused


def _repeats(case: Plain) -> Repeats:
    return {
        RepeatGroup(group): tuple(Subject(id=str(i), label=str(label)) for i, label in one.items())
        for group, one in case.get("repeats", {}).items()
    }


def _whole(items: list[Mapping[str, object]]) -> Checklist:
    sections = [{"code": "all_kinds", "title": "Every kind", "items": items}]
    return Checklist.model_validate({**_SHELL, "sections": sections})


def _load(name: str) -> Plain:
    held: Plain = json.loads((_FOLDER / name).read_text(encoding="utf-8"))
    return held
