"""A catalogue small enough to read at a glance, for tests of what people do with it."""

from pathlib import Path

from audit.domain.catalogue import Catalogue, load_catalogue, pin

FACTS = """
checked: 2026-11
facts:
- id: gloves-law
  topic: glove-use
  severity: critical
  authority: law
  jurisdiction: US-UT
  source: {publisher: State, title: Code, clause: 1.2, year: 2024, url: 'https://example.test'}
  confirmed: true
- id: gloves-elsewhere
  topic: glove-use
  severity: major
  authority: law
  jurisdiction: CA-ON
  source: {publisher: Province, title: Act, clause: s 9, year: null, url: ''}
  confirmed: true
conflicts: []
"""
CHECKLIST = """
code: small-check
version: 1
edition: 2026-11
title: Small check
topic: glove-use
sections:
- code: hands
  title: Hands and gloves
  items:
  - code: gloves_worn
    kind: compliance
    prompt: Are gloves worn for every extraction?
    order: Stop until gloves are worn.
    severity: critical
    weight: 3
    na: forbidden
    clauses: [gloves-law, gloves-elsewhere]
    evidence: {comment: on_failure}
  - code: water_warm
    kind: number
    prompt: How warm is the water?
    unit: °C
    lowest: 0
    highest: 100
    limits: [{comparator: '>=', value: 38, unit: °C}]
    evidence: {photo: on_failure}
  - code: glove_changes
    kind: tally
    prompt: Are gloves changed between clients?
    opportunity: a new client
    target: 90
- code: rooms
  title: Rooms
  repeat_over: rooms
  items:
  - code: room_clean
    kind: compliance
    prompt: Is the room clean?
    severity: minor
"""
PACK = """
kind: pack
code: us-ut
version: 1
edition: 2026-11
title: Utah
jurisdiction: US-UT
jurisdictions: [US-UT, US]
deadlines: {critical: 1, major: 10, minor: 20}
"""


def small_library(folder: Path) -> Catalogue:
    """Write the files into `folder` and load them."""
    for name, text in (("small-check/1.yaml", CHECKLIST), ("us-ut/1.yaml", PACK)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "facts.yaml").write_text(FACTS, encoding="utf-8")
    pin(folder)
    return load_catalogue(folder)
