"""Situations and texts nobody thought of, the same ones in every run of a seed."""

from collections.abc import Iterator
from random import Random
from typing import Any

from audit.domain.checklist import Checklist
from audit.domain.definitions import RepeatGroup, Service
from audit.domain.items import ItemBase, Part
from tests.vectors.cases import Plain

_ABSENCES = ["na", "not_observed"]
_NUMBERS = [
    "0",
    "-0",
    "1",
    "2,5",
    "15",
    "29.999999",
    "30",
    "38",
    "60",
    "61,5",
    "121",
    "132.0",
    "NaN",
]
_COUNTS = ["", "0", "1", "2", "3", "9", "10", "04", "1.5"]
_DAYS = ["2026-11-23", "2026-11-24", "2026-11-16", "2026-11-15", "2026-10-23", "2027-05-01", "soon"]
_LIKELY = {
    "number": _NUMBERS,
    "count": _COUNTS,
    "date": _DAYS,
    "moment": [f"{day} 14:05" for day in _DAYS],
    "text": ["Autoclave 4", "", "steam"],
    "long": [
        "Seen from\nthe door",
        "",
        *("\n".join(f"{n};20" for n in range(end)) for end in (2000, 2001)),
    ],
}
_PIECES = [
    *"0123456789.,;+-eETZ: \n\t/a\u00e9\u00c5",
    *("e\u0301", "A\u030a", "\u1112\u1161\u11ab", "\u0958", "\ufb1d", "\u212b"),
    *("\r\n", "\r", "\x0b", "\x1c", "\x1f", "\x85", "\xa0", "\u2028", "\u2003", "\u200b", "\ufeff"),
    *(
        "\x00",
        "\x7f",
        "\x9f",
        "\ud83d",
        "\ude42",
        "\U0001f642",
        "\u0663",
        "NaN",
        "1e999",
        "Infinity",
    ),
    *("yes", "no", "na", "not_observed", "2026-11-23", "T14:05", "0;20\n60;121.5;205", "0x1f", "_"),
]
_BESIDE = {
    "absent": ["", *_ABSENCES, "never"],
    "reason": ["", "closed", "r" * 1000, "r" * 1001],
    "comment": ["", "seen", "\U0001f642" * 4000, "e\u0301" * 4001],
    "method": ["", "observed", "record", "interview", "measured", "guess"],
    "corrected": [True, False, "y", "N", None],
}


def seeded(seed: int) -> Random:
    """Return chance that can be had again."""
    return Random(seed)  # noqa: S311 - repeatable is the point here


def chance_situation(checklist: Checklist, random: Random) -> Plain:
    """Return one situation of `checklist`, with responses to some of its items."""
    groups = random.sample(list(RepeatGroup), random.randint(0, len(RepeatGroup)))
    repeats = {
        group.value: {str(n): f"No. {n}" for n in range(1, random.randint(1, 4))}
        for group in groups
    }
    services = random.sample([one.value for one in Service], random.randint(0, 6))
    ids = ["", *sorted({one for subjects in repeats.values() for one in subjects})]
    fullness = random.choice([0.1, 0.5, 0.9, 1])
    given = {
        f"{item.code}@{one}" if one else item.code: _likely(item, random)
        for item in checklist.items.values()
        for one in ids
        if item.answerable and random.random() < fullness
    }
    photos = {key: random.randint(0, 2) for key in given if random.random() < 0.4}
    return {"services": services, "repeats": repeats, "given": given, "photos": photos}


def _likely(item: ItemBase, random: Random) -> Plain:
    raw = {part.name: _likely_part(part, random) for part in item.parts_of}
    if random.random() < 0.15:
        raw["absent"] = random.choice(_ABSENCES)
    if random.random() < 0.3:
        raw |= {"comment": "As seen.", "reason": "closed", "corrected": random.random() < 0.5}
    return raw


def _likely_part(part: Part, random: Random) -> Any:
    codes = [code for code, _ in part.options]
    if part.sort == "choices":
        return random.sample(codes, random.randint(0, len(codes)))
    if part.sort == "choice":
        return random.choice([*codes, *codes, *codes, "", *_ABSENCES])
    return random.choice(_LIKELY[part.sort])


def chance_reads(checklist: Checklist, random: Random, each: int) -> Iterator[Plain]:
    """Yield raw responses made of pieces that are hard to read, `each` to every item."""
    for item in checklist.items.values():
        for _ in range(each):
            raw: Plain = {part.name: _pieces(part, random) for part in item.parts_of}
            for name, known in _BESIDE.items():
                if random.random() < 0.1:
                    raw[name] = random.choice([*known, _joined(random)])
            yield {"item": item.code, "raw": raw, "services": ["chemical_peels"]}


def _pieces(part: Part, random: Random) -> Any:
    likely = _likely_part(part, random)
    return random.choice([likely, likely, likely, _joined(random), [_joined(random), 5], None, 7])


def _joined(random: Random) -> str:
    text = "".join(random.choices(_PIECES, k=random.randint(0, 6)))
    # Two halves that met have become one letter, as they would on the way to a server.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
