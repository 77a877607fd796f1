"""A checklist of one's own and a file of responses to it, small enough to spoil line by line."""

from pathlib import Path

CHECKLIST = """\
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
    na: allowed
  - code: water_warm
    kind: number
    prompt: How warm is the water?
    unit: °C
    lowest: 0
    highest: 100
    limits: [{comparator: '>=', value: 38, unit: °C}]
    na: allowed
  - code: remark
    kind: text
    prompt: Is there anything else to say?
    required: false
"""
HEAD = """\
organisation: {name: Lumen Skin Studio}
site: {name: Lumen on Third}
zone: America/Denver
inspector: Ana Ruiz
started_at: 2026-11-20 09:00
completed_at: 2026-11-20 09:40
responses:
"""
GOOD = """\
  gloves_worn: yes
  water_warm: 41,5
"""
ABSENT = """\
  gloves_worn: {value: na, reason: No extraction today.}
  water_warm: {value: na, reason: The water was shut off.}
"""
# Where the responses begin in a file of HEAD and more.
FIRST = HEAD.count("\n") + 1


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path
