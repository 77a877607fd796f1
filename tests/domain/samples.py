"""Small checklists, made the way a file makes them, so that every rule of shape applies."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from audit.domain.checklist import (
    Asked,
    Checklist,
    Entry,
    Item,
    ParentItem,
    Repeats,
    Subject,
    asked,
    situation,
)
from audit.domain.definitions import RepeatGroup, Service
from audit.domain.packs import OutcomeRule, Pack
from audit.domain.responses import Given, Response
from audit.domain.scoring import Score, score

_ENTRY: TypeAdapter[Item | ParentItem] = TypeAdapter(Entry)
TODAY = date(2026, 11, 23)
ROOMS = RepeatGroup.ROOMS
TWO_ROOMS: Repeats = {ROOMS: (Subject(id="r1", label="Room 1"), Subject(id="r2", label="Room 2"))}

FACTS = """\
checked: 2026-11
facts:
- id: ut-gloves
  topic: glove-use
  severity: critical
  authority: law
  jurisdiction: US-UT
  source: {publisher: Utah, title: Rule, clause: '1', year: 2024, url: https://example.org/1}
  confirmed: true
- id: ca-gloves
  topic: glove-use
  severity: critical
  authority: law
  jurisdiction: US-CA
  source: {publisher: California, title: Code, clause: '2', year: null, url: https://example.org/2}
  confirmed: true
- id: ut-rumour
  topic: glove-use
  severity: major
  authority: law
  jurisdiction: US-UT
  source: {publisher: Utah, title: Draft, clause: '3', year: null, url: https://example.org/3}
  confirmed: false
- id: who-gloves
  topic: glove-use
  severity: major
  authority: guideline
  jurisdiction: INT
  source: {publisher: WHO, title: Guide, clause: '4', year: 2009, url: https://example.org/4}
  confirmed: true
conflicts:
- id: glove-change
  asks: When are gloves changed?
  positions:
  - {jurisdiction: US-UT, fact: ut-gloves}
  - {jurisdiction: US-CA, fact: ca-gloves}
"""


def plain(code: str = "gloves_worn", kind: str = "compliance", **more: object) -> dict[str, Any]:
    """Return one item as a file holds it; `is_` and the like lose their underscore."""
    needed: Mapping[str, dict[str, object]] = {
        "choice": {"options": [{"code": "good", "label": "Good", "share": "1"},
                               {"code": "fair", "label": "Fair", "share": "0.5"},
                               {"code": "poor", "label": "Poor", "share": "0"}]},
        "number": {"unit": "°C"},
        "tally": {"opportunity": "before touching skin"},
        "cycle": {"celsius": "121", "minutes": "30"},
        "calculated": {"calculate": "rate", "of": ["glove_changes"], "unit": "%"},
        "signature": {"statement": "I have read this."},
        "parent": {"items": [{"code": f"{code}_a", "kind": "compliance", "prompt": "One?"}]},
    }  # fmt: skip
    return {
        "code": code,
        "kind": kind,
        "prompt": "Are gloves worn?",
        **needed.get(kind, {}),
        **more,
    }


def item(kind: str = "compliance", **more: object) -> Any:
    """Return one item of `kind`."""
    return _ENTRY.validate_python(plain(**{"kind": kind, **more}))


def part(*items: Mapping[str, object], code: str = "gloves", **more: object) -> dict[str, Any]:
    """Return one section as a file holds it."""
    return {"code": code, "title": "Gloves", "items": list(items) or [plain()], **more}


def checklist(*sections: Mapping[str, object], **more: object) -> Checklist:
    """Return a checklist of `sections`."""
    shell = {"code": "glove-use", "version": 1, "edition": "2026-11", "title": "Gloves"}
    return Checklist.model_validate(
        {**shell, "topic": "glove-use", "sections": list(sections) or [part()], **more}
    )


def pack(**more: object) -> Pack:
    """Return a pack for Utah."""
    shell = {"code": "us-ut", "version": 1, "edition": "2026-11", "title": "Utah", "kind": "pack"}
    places = {"jurisdiction": "US-UT", "jurisdictions": ["US-UT", "US"]}
    return Pack.model_validate({**shell, **places, **more})


def ask(
    of: Checklist,
    given: Given | None = None,
    *,
    services: frozenset[Service] = frozenset(),
    repeats: Repeats | None = None,
) -> tuple[Asked, ...]:
    """Return what is asked of a site with `services` and `repeats`."""
    return asked(of, situation(services, repeats or {}, given or {}), repeats or {})


def yes(**more: Any) -> Response:
    """Return a yes."""
    return Response(parts={"value": "yes"}, **more)


def no(**more: Any) -> Response:
    """Return a no."""
    return Response(parts={"value": "no"}, **more)


def write_library(folder: Path, files: Mapping[str, str]) -> Path:
    """Write `files` into `folder` beside the facts; a file's name gives it code and version."""
    (folder / "facts.yaml").write_text(FACTS, encoding="utf-8")
    for name, body in files.items():
        path = folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        code, _, version = name.partition("/")
        head = f"code: {code}\nversion: {version}\nedition: 2026-11\ntitle: {code}\n"
        path.write_text(head + body, encoding="utf-8")
    return folder


def come_to(
    of: Checklist,
    given: Mapping[str, Response],
    *,
    rule: OutcomeRule | None = None,
    repeats: Repeats | None = None,
) -> Score:
    """Return the score of `given`, on the day of these tests."""
    return score(ask(of, given, repeats=repeats), given, on=TODAY, rule=rule)
