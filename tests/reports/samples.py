"""Builds whole, plausible snapshots with photos; used by the tests and by the benchmarks."""

import math
import random
from functools import cache
from hashlib import sha256
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

from reports.render import RENDERER
from reports.snapshot import (
    Cycle,
    CyclePoint,
    Edition,
    Finding,
    Line,
    Party,
    Photo,
    Record,
    Scoring,
    Section,
    Signature,
    Snapshot,
)
from tests.reports.topics import CLAUSES, DUE, ORDERS, PRACTITIONERS, RATES, STROKES, TOPICS

_DIGEST = sha256(b"edition").hexdigest()


@cache
def jpeg(seed: int, width: int = 640, height: int = 480) -> bytes:
    """Return a photo-like JPEG that differs with its seed."""
    dice = random.Random(seed)  # noqa: S311  # a picture, no secret
    tone = tuple(dice.randrange(120, 210) for _ in range(3))
    picture = Image.new("RGB", (width, height), tone)
    pen = ImageDraw.Draw(picture)
    for _ in range(14):
        x, y = dice.randrange(width), dice.randrange(height)
        shade = tuple(dice.randrange(60, 240) for _ in range(3))
        pen.ellipse((x, y, x + dice.randrange(40, 220), y + dice.randrange(30, 160)), fill=shade)
    pen.rectangle((12, 12, width - 12, height - 12), outline=(250, 250, 250), width=3)
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=80)
    return kept.getvalue()


def photo(seed: int, caption: str = "", width: int = 640, height: int = 480) -> Photo:
    """Return the record of `jpeg` of the same seed and size."""
    digest = sha256(jpeg(seed, width, height)).hexdigest()
    taken = f"2026-03-14T10:{seed % 60:02d}:00-04:00"
    return Photo(digest=digest, width=width, height=height, caption=caption, taken_at=taken)


def _answered(turn: int) -> tuple[str, str]:
    if turn % 11 == 5:
        return "not_met", "No"
    if turn % 13 == 7:
        return "not_applicable", "Not applicable"
    if turn % 17 == 3:
        return "not_observed", "Not observed"
    if turn % 19 == 4:
        return "corrected", "No, corrected during the visit"
    return "met", "Yes"


def sample_line(section: int, at: int, **changes: Any) -> Line:
    """Return one line; about every tenth is not met, some are not applicable."""
    prompt = TOPICS[section % len(TOPICS)][1][at % 3]
    turn = section * 8 + at
    standing, response = _answered(turn)
    scored = standing in {"met", "not_met", "corrected"}
    given: dict[str, Any] = {
        "code": f"item_{section}_{at}",
        "number": f"{section + 1}.{at + 1}",
        "prompt": prompt,
        "response": response,
        "standing": standing,
        "severity": ("minor", "major", "critical")[turn % 3],
        "method": ("observed", "record", "interview", "measured")[turn % 4],
        "limit": "≥ 134 °C for 3 min" if "temperature" in prompt else "",
        "comment": "Seen at stations 1 and 2; station 3 was not in use." if turn % 9 == 0 else "",
        "reason": "This service is not offered here." if standing == "not_applicable" else "",
        "earned": "3" if standing == "met" else "0",
        "possible": "3" if scored else "0",
        "clauses": (CLAUSES[turn % 4],) if turn % 2 else (CLAUSES[0], CLAUSES[1]),
    }
    return Line(**{**given, **changes})


def sample_section(number: int, lines: tuple[Line, ...]) -> Section:
    """Return a section with its points added up."""
    earned = sum(float(line.earned) for line in lines)
    possible = sum(float(line.possible) for line in lines)
    return Section(
        code=f"section_{number}",
        number=str(number + 1),
        title=TOPICS[number % len(TOPICS)][0],
        lines=lines,
        earned=f"{earned:g}",
        possible=f"{possible:g}",
        percent=f"{100 * earned / possible:.1f}" if possible else None,
        clauses=(CLAUSES[2],) if number % 3 == 0 else (),
    )


def sample_finding(line: Line, **changes: Any) -> Finding:
    """Return the finding that follows from a line."""
    severity = str(line.severity)
    given: dict[str, Any] = {
        "number": line.number,
        "prompt": line.prompt,
        "severity": severity,
        "corrected": line.standing == "corrected",
        "response": line.response,
        "order": ORDERS[severity],
        "due_on": DUE[severity],
        "comment": line.comment,
        "body_class": "Crucial infraction" if severity == "critical" else "",
        "clauses": line.clauses,
        "photos": line.photos,
    }
    return Finding(**{**given, **changes})


def _heat(second: int) -> float:
    rise = 22 + 112.6 / (1 + math.exp(-(second - 420) / 70))
    return rise if second < 1000 else max(60.0, 134.6 - (second - 1000) * 0.14)


def sample_cycle(number: int = 1) -> Cycle:
    """Return a cycle that heats, holds and cools."""
    points = tuple(
        CyclePoint(
            second=second,
            celsius=f"{_heat(second):.1f}",
            kilopascal=f"{101 + max(0.0, _heat(second) - 100) * 6:.0f}",
        )
        for second in range(0, 1500, 30)
    )
    return Cycle(
        number=f"load {number}",
        sterilizer="Autoclave 1, Class B, serial 4471",
        cycle="134 °C wrapped",
        started_at="14 March 2026, 08:12",
        celsius="134.6",
        minutes="4.5",
        minimum="at least 134 °C for 3 min",
        met=True,
        points=points,
    )


def _scoring(sections: tuple[Section, ...]) -> Scoring:
    earned = sum(float(part.earned) for part in sections)
    possible = sum(float(part.possible) for part in sections)
    lines = [line for part in sections for line in part.lines]
    return Scoring(
        outcome="fail",
        because="Two critical findings were not corrected during the visit: 1.6 and 5.7.",
        earned=f"{earned:g}",
        possible=f"{possible:g}",
        percent=f"{100 * earned / possible:.1f}" if possible else None,
        best="91.2",
        worst="78.4",
        excluded=tuple(
            line.number for line in lines if line.standing in {"not_applicable", "not_observed"}
        ),
    )


def sample_record(topics: int = 8, lines: int = 8, photos: int = 4, **changes: Any) -> Record:
    """Return a record of `topics` times `lines` lines, its photos shared out over findings."""
    made = [tuple(sample_line(section, at) for at in range(lines)) for section in range(topics)]
    failed = [line for row in made for line in row if line.standing in {"not_met", "corrected"}]
    found = tuple(
        sample_finding(
            line,
            photos=tuple(
                photo(seed, "Hand sink in the back room" if seed % 2 else "")
                for seed in range(photos)
                if seed % len(failed) == at
            ),
        )
        for at, line in enumerate(failed)
    )
    parts = tuple(sample_section(number, row) for number, row in enumerate(made))
    given: dict[str, Any] = {
        **_setting(),
        "scoring": _scoring(parts),
        "findings": found,
        "sections": parts,
    }
    return Record(**{**given, **changes})


def _setting() -> dict[str, Any]:
    return {
        "language": "en",
        "demo": True,
        "audit": "A-2026-0042",
        "kind": "inspection",
        "organisation": Party(name="Lakeside Skin & Spa Group", address="1 Harbour Street"),
        "site": Party(name="Lakeside Skin Studio", address="210 Queen Street West, Toronto"),
        "services": ("Facial extraction", "Microneedling", "Manicure"),
        "jurisdiction": "Ontario, Canada",
        "checklist": Edition(code="core", version=3, title="Core hygiene", digest=_DIGEST),
        "editions": (
            Edition(code="gloves", version=2, title="Glove use", digest=_DIGEST),
            Edition(code="sterilisation", version=4, title="Sterilisation", digest=_DIGEST),
        ),
        "pack": Edition(code="ca-on", version=1, title="Ontario", digest=_DIGEST),
        "inspector": "Maya Okafor",
        "person_in_charge": "Zoë Nguyễn",
        "present": ("Zoë Nguyễn", "Piotr Żółkiewski"),
        "started_at": "2026-03-14T09:30:00-04:00",
        "completed_at": "2026-03-14T11:45:00-04:00",
        "zone": "America/Toronto",
        "rates": RATES,
        "practitioners": PRACTITIONERS,
        "cycles": (sample_cycle(),),
        "not_seen": (
            "Station 3 was closed; nothing was seen there.",
            "No extraction took place during the visit: glove use was judged by interview.",
        ),
    }


def sample_signatures(record: Record) -> tuple[Signature, ...]:
    """Return an inspector who drew, a person in charge who typed, and one who refused."""
    digest = record.digest()
    return (
        Signature(
            name="Maya Okafor",
            role="Inspector",
            meaning="I carried out this audit and recorded what I found.",
            signed_at="2026-03-14T11:52:00-04:00",
            digest=digest,
            strokes=STROKES,
            credential="Public health inspector, CPHI(C) 1203",
        ),
        Signature(
            name="Zoë Nguyễn",
            role="Person in charge",
            meaning="I received this report. I do not agree with all of it.",
            signed_at="2026-03-14T11:58:00-04:00",
            digest=digest,
            comment="The paper towels were delivered an hour later.",
        ),
        Signature(
            name="Piotr Żółkiewski",
            role="Practitioner",
            meaning="Asked to confirm receipt.",
            signed_at="2026-03-14T12:01:00-04:00",
            digest=digest,
            refused=True,
            reason="Wants to speak to the owner first.",
        ),
    )


def sample_snapshot(record: Record | None = None, **changes: Any) -> Snapshot:
    """Return a signed snapshot of `record`, or of the sample record."""
    record = record or sample_record()
    given: dict[str, Any] = {
        "renderer": RENDERER,
        "code": "HA-7Q4M-2XKD",
        "issued_at": "2026-03-14T12:10:00-04:00",
        "verify_url": "https://audits.example.org/v/HA-7Q4M-2XKD",
        "record": record,
        "signatures": sample_signatures(record),
    }
    return Snapshot(**{**given, **changes})


def sample_photos(count: int = 4) -> dict[str, bytes]:
    """Return the JPEGs of the first `count` seeds by digest."""
    return {sha256(jpeg(seed)).hexdigest(): jpeg(seed) for seed in range(count)}
