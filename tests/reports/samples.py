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
    Clause,
    Credential,
    Cycle,
    CyclePoint,
    Edition,
    Finding,
    Line,
    Party,
    Photo,
    Practitioner,
    Rate,
    Record,
    Scoring,
    Section,
    Signature,
    Snapshot,
)

_DIGEST = sha256(b"edition").hexdigest()

CLAUSES = (
    Clause(
        fact="on-reprocess-semi-critical",
        law=True,
        publisher="Ontario",
        title="Personal Service Settings regulation",
        clause="O. Reg. 136/18, s. 12 (1)",
        year="2018",
        url="https://www.ontario.ca/laws/regulation/180136",
        checked="2026-01-20",
    ),
    Clause(
        fact="cdc-hand-hygiene",
        law=False,
        publisher="CDC",
        title="Guideline for Hand Hygiene in Health-Care Settings",
        clause="Part II, recommendation 1",
        year="2002",
        url="https://www.cdc.gov/infection-control/hcp/hand-hygiene/",
        checked="2026-01-21",
    ),
    Clause(
        fact="ut-extraction-gloves",
        law=True,
        publisher="Utah",
        title="Cosmetology and Associated Professions Licensing Act Rule",
        clause="R156-11a-706 (4)",
        year="2024",
        checked="2026-02-02",
    ),
    Clause(
        fact="dir-aftercare-48h",
        law=False,
        publisher="Spa guidance",
        title="Care of the skin after extraction",
        clause="p. 3",
    ),
)

TOPICS = (
    (
        "Practitioner credentials",
        (
            "Does each practitioner who extracts hold a credential valid today?",
            "Is the credential displayed where clients can read it?",
            "Has each practitioner completed blood-borne pathogen training in the last 365 days?",
        ),
    ),
    (
        "Hand hygiene",
        (
            "Is there a sink for hands only, with warm water, soap and paper towels?",
            "Are hands cleaned before gloves go on and after they come off?",
            "Is hand rub with at least 60 % alcohol within reach of every station?",
        ),
    ),
    (
        "Glove use",
        (
            "Are new single-use gloves worn for every extraction?",
            "Are gloves changed when torn, soiled, or between two clients?",
            "Are gloves of the right size in stock for everyone who works today?",
        ),
    ),
    (
        "Skin preparation",
        (
            "Is the skin looked at first, and inflamed or broken skin left alone?",
            "Is the area cleaned with an antiseptic and left to dry before the skin is opened?",
            "Is preparation product taken out without touching the container's opening?",
        ),
    ),
    (
        "Extraction and aftercare",
        (
            "Are pores chosen and pressed by someone trained to do so, never forced?",
            "Are used lancets dropped into a sharps container at the station?",
            "Does the client get written aftercare, and does someone follow up on breakouts?",
        ),
    ),
    (
        "Instrument sterilisation",
        (
            "Are instruments cleaned of all visible matter before they are sterilised?",
            "Does the steriliser reach its temperature for the full holding time?",
            "Was a spore test passed within the last month for this steriliser?",
        ),
    ),
    (
        "Single-use items and sharps",
        (
            "Are single-use items thrown away after one client?",
            "Is the sharps container upright, closed when moved, and under three quarters full?",
            "Are sharps collected by a licensed carrier, with receipts kept?",
        ),
    ),
    (
        "Surfaces and linens",
        (
            "Is the treatment bed wiped with a registered disinfectant between clients?",
            "Is the disinfectant's contact time kept by the clock?",
            "Is clean linen stored closed and away from used linen?",
        ),
    ),
)

ORDERS = {
    "critical": "Take the steriliser out of use now. Use sterile single-use instruments until a new"
    " spore test has passed, and recall packs back to the last passed test.",
    "major": "Put paper towels and liquid soap at the hand sink, and check them every morning.",
    "minor": "Print the credential afresh and hang it where a seated client can read it.",
}
DUE = {"critical": "2026-03-16", "major": "2026-03-28", "minor": "2026-04-13"}


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


STROKES = (
    tuple(
        value
        for at in range(60)
        for value in (40 + at * 14, 150 + round(90 * math.sin(at / 3.1) * math.cos(at / 9)))
    ),
    (520, 300, 640, 260, 760, 280, 900, 230),
)

RATES = (
    Rate(
        number="2.9",
        label="Hands cleaned before gloves go on",
        done=9,
        opportunities=10,
        percent="90.0",
        low="59.6",
        high="98.2",
    ),
    Rate(
        number="3.9",
        label="Gloves changed between clients",
        done=54,
        opportunities=60,
        percent="90.0",
        low="79.9",
        high="95.3",
    ),
    Rate(
        number="8.9",
        label="Bed wiped between clients",
        done=0,
        opportunities=0,
        percent=None,
        low=None,
        high=None,
    ),
)

PRACTITIONERS = (
    Practitioner(
        name="Zoë Nguyễn",
        credentials=(
            Credential(
                kind="Esthetician licence",
                number="E-20418",
                issuer="Ontario",
                expires_on="2027-06-30",
                standing="valid",
            ),
            Credential(
                kind="Blood-borne pathogen training",
                number="",
                issuer="Red Cross",
                expires_on="2026-03-30",
                standing="expires_soon",
            ),
        ),
    ),
    Practitioner(
        name="Piotr Żółkiewski",
        credentials=(
            Credential(
                kind="Extraction course",
                number="X-77",
                issuer="College of Esthetics",
                expires_on=None,
                standing="no_expiry",
            ),
        ),
    ),
    Practitioner(name="Ana Lima"),
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
        "scoring": _scoring(parts),
        "findings": found,
        "sections": parts,
        "rates": RATES,
        "practitioners": PRACTITIONERS,
        "cycles": (sample_cycle(),),
        "not_seen": (
            "Station 3 was closed; nothing was seen there.",
            "No extraction took place during the visit: glove use was judged by interview.",
        ),
    }
    return Record(**{**given, **changes})


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
