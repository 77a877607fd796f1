"""What stands behind the result: people, cycles, rates, signatures, rules, and how to check."""

from hashlib import sha256
from typing import Any

from reportlab.platypus import Spacer

from reports.drawings import Bar, Curve, Field, Strokes
from reports.grids import CLOSE, LIST, figures, grid, pairs
from reports.layout import (
    COLUMN,
    FINE,
    FINE_STRONG,
    LABEL,
    SECTION,
    SMALL,
    STRONG,
    cell,
    chapter,
    heading,
    led,
    notes,
    opened,
    prose,
)
from reports.material import Material
from reports.paper import MANAGER_FIELD, SEAL_FIELD
from reports.signs import Shape
from reports.snapshot import Clause, Cycle, Rate, Signature
from reports.words import (
    CREDENTIAL_STANDINGS,
    DASH,
    DATA,
    TABLE,
    day,
    grouped,
    moment,
    percent,
    source,
    started,
)


def practitioners(material: Material) -> list[Any]:
    """Return who practises here with the credentials as they stood on the day."""
    people = material.record.practitioners
    if not people:
        return []
    rows: list[list[Any]] = [
        ["Practitioner", "Credential", "Number, issuer", "Expires", "That day"]
    ]
    for person in people:
        rows += _held(person.name, person.credentials)
    widths = [112, 118, COLUMN - 112 - 118 - 82 - 84, 82, 84]
    return chapter("Practitioners", [grid(rows, widths, head=1)])


def _held(name: str, credentials: tuple[Any, ...]) -> list[list[Any]]:
    if not credentials:
        return [[prose(name, STRONG), prose("No credential on record"), "", "", ""]]
    rows = []
    for at, one in enumerate(credentials):
        expires = day(one.expires_on) if one.expires_on else DASH
        rows.append(
            [
                prose(name, STRONG) if not at else "",
                prose(one.kind),
                prose(", ".join(part for part in (one.number, one.issuer) if part)),
                prose(expires),
                Shape(one.standing, CREDENTIAL_STANDINGS[one.standing]),
            ]
        )
    return rows


def cycles(material: Material) -> list[Any]:
    """Return the sterilizer cycles with their curves."""
    run = material.record.cycles
    if not run:
        return []
    return chapter("Sterilizer cycles", [_cycle(one) for one in run])


def _cycle(one: Cycle) -> Any:
    facts = pairs(
        (
            ("Cycle", f"{one.cycle}, {one.number}"),
            ("Started", started(one.started_at)),
            ("Reached", f"{one.celsius} °C for {one.minutes} min"),
            ("Held against", one.minimum),
        ),
        COLUMN / 2 - 12,
        label=70,
    )
    verdict = Shape("met", "Reached what it must") if one.met else Shape("not_met", "Fell short")
    left = [prose(one.sterilizer, STRONG), Spacer(0, 2), facts, Spacer(0, 2), verdict]
    drawn: Any = prose("No curve was recorded.", SMALL)
    if one.points:
        pressed = all(point.kilopascal is not None for point in one.points)
        legend = "Line: temperature. Dashes: pressure." if pressed else "Line: temperature."
        reached = f"Curve of the cycle, which reached {one.celsius} °C for {one.minutes} min"
        drawn = [Curve(one.points, (COLUMN / 2, 92), reached), prose(legend, LABEL)]
    return grid([[left, drawn]], [COLUMN / 2, COLUMN / 2])


def rates(material: Material) -> list[Any]:
    """Return the tallies with the interval each count allows."""
    counted = material.record.rates
    if not counted:
        return []
    rows: list[list[Any]] = [["", "Observed", "Done", "", "Percent", "95 % interval"]]
    rows += [_rate(one) for one in counted]
    widths = [36, COLUMN - 36 - 56 - 94 - 54 - 84, 56, 94, 54, 84]
    note = (
        "Few observations say little: the interval (Wilson, 95 %) shows from where to where"
        " the true rate may lie."
    )
    table = grid(rows, widths, figures(4), figures(5), head=1)
    return chapter("Rates observed", [table, Spacer(0, 5), prose(note, SMALL)])


def _rate(one: Rate) -> list[Any]:
    span = DASH if one.low is None or one.high is None else f"{one.low} {DASH} {percent(one.high)}"
    return [
        cell(one.number),
        prose(one.label),
        f"{one.done} of {one.opportunities}",
        Bar(one.percent, (one.low, one.high), width=84, height=4),
        percent(one.percent),
        span,
    ]


def not_seen(material: Material) -> list[Any]:
    """Return what the audit did not see, so that nobody reads it as found good."""
    unseen = material.record.not_seen
    if not unseen:
        return []
    return chapter("What was not seen", [part for one in unseen for part in notes(DASH, one)])


def signatures(material: Material) -> list[Any]:
    """Return who was there, who signed or refused, and the places for seal and countersignature."""
    record = material.record
    there = (("Person in charge", record.person_in_charge), ("Present", ", ".join(record.present)))
    named = any(names for _, names in there)
    present = pairs(there, COLUMN) if named else prose("Nobody else was named as present.")
    # Who was there stays with the first who signed.
    lead = [heading("Received and signed"), present, Spacer(0, 6)]
    story: list[Any] = []
    if not material.snapshot.signatures:
        story.append(prose("Nobody has signed this report."))
    story += [_signature(one) for one in material.snapshot.signatures]
    digest = f"Whoever signed, signed the record with the digest {material.digest}."
    story += [Spacer(0, 6), *notes("", digest, SMALL), Spacer(0, 10), _places(material)]
    return led(lead, story)


def _signature(one: Signature) -> Any:
    who = " · ".join(part for part in (one.role, one.credential) if part)
    when = "Refused" if one.refused else "Signed"
    said: list[Any] = [
        prose(one.name, STRONG),
        prose(who, LABEL),
        Spacer(0, 2),
        # Whoever refused has declared nothing.
        *([] if one.refused else notes("", one.meaning)),
        *notes("Comment", one.comment),
        *notes("Reason", one.reason),
        prose(f"{when} {moment(one.signed_at)}  ·  over record {grouped(one.digest)}", SMALL),
    ]
    return grid([[_mark(one), said]], [172, COLUMN - 172])


def _mark(one: Signature) -> list[Any]:
    if one.refused:
        return [Shape("not_met", "Refused to sign")]
    if one.strokes:
        return [Strokes(one.strokes, (156, 52), f"Signature drawn by {one.name}")]
    return [prose("Signed by typing the name", LABEL), Spacer(0, 2), *notes("", one.name)]


def _places(material: Material) -> Any:
    """Return the two boxes, empty on paper; a reader program shows what is in them."""
    half = (COLUMN - 18) / 2
    name = material.record.organisation.name
    boxes = [
        [
            [
                prose("Digital seal of the organisation", LABEL),
                Spacer(0, 3),
                Field(SEAL_FIELD, half, 40),
                Spacer(0, 3),
                prose(f"{name}. A PDF reader shows the seal and checks it.", SMALL),
            ],
            [
                prose("Countersignature of a reviewing manager, if any", LABEL),
                Spacer(0, 3),
                Field(MANAGER_FIELD, half, 40),
                Spacer(0, 3),
                prose("Left open; signing here closes the file.", SMALL),
            ],
        ]
    ]
    return grid(boxes, [half + 18, half], lines=False)


def rules(material: Material) -> list[Any]:
    """Return the rules cited; law and guidance are told apart on every line."""
    if not material.rule_numbers:
        return []
    rows: list[list[Any]] = [["", "", "Source", "Checked"]]
    for clause, number in material.rule_numbers.items():
        rows.append([str(number), _weight(clause), _where(clause), _checked(clause)])
    note = "Law binds. Guidance advises, and is also used here where a rule could not be confirmed."
    table = grid(rows, [24, 58, COLUMN - 24 - 58 - 50, 50], head=1, space=CLOSE)
    return led([heading("Rules cited"), prose(note, SMALL), Spacer(0, 4)], [table])


def _weight(clause: Clause) -> Any:
    return prose("Law", FINE_STRONG) if clause.law else prose("Guidance", FINE)


def _where(clause: Clause) -> list[Any]:
    lines: list[Any] = notes("", source(clause), FINE)
    return [*lines, *notes("", clause.url, SMALL)]


def _checked(clause: Clause) -> Any:
    return prose(clause.checked or DASH, SMALL)


def checks(material: Material) -> list[Any]:
    """Return how anyone can check the report."""
    return chapter("How to check this report", _steps(material))


def about(material: Material) -> list[Any]:
    """Return what the report was made from and how anyone can check it."""
    snapshot, record = material.snapshot, material.record
    others = [one for one in record.editions if one != record.checklist]
    editions = [("Checklist", record.checklist), *(("With", one) for one in others)]
    if record.pack is not None:
        editions.append(("Jurisdiction pack", record.pack))
    facts = [
        (word, f"{one.title} ({one.code}), version {one.version}, digest {grouped(one.digest)}")
        for word, one in editions
    ]
    owner = ", ".join(
        part for part in (record.organisation.name, record.organisation.address) if part
    )
    facts += [
        ("Organisation", owner),
        ("Audit", record.audit),
        (
            "Report",
            f"{snapshot.code}, layout {snapshot.renderer}, issued {moment(snapshot.issued_at)}",
        ),
        ("Language", record.language),
        ("Digest of the record", material.digest),
        ("Digest of the data", sha256(material.data).hexdigest()),
    ]
    made_from = heading("What it was made from", SECTION, level=1)
    return [
        *checks(material),
        Spacer(0, 10),
        *led([made_from, Spacer(0, 3)], [pairs(facts, COLUMN, label=110)]),
    ]


def _steps(material: Material) -> list[Any]:
    snapshot = material.snapshot
    name = material.record.organisation.name
    if not snapshot.verify_url:
        standing = (
            f"This report was made without a server, so no address tells it. Ask {name} whether"
            f" report {snapshot.code} is current, replaced or withdrawn."
        )
        file = (
            "Give the PDF to the program: hygiene-audit report verify report.pdf. It checks the"
            " seal, and prints the pages afresh to compare them."
        )
        return _numbered(standing, file, name)
    standing = (
        f"Open {snapshot.verify_url} or scan the code on page 1: it says whether report"
        f" {snapshot.code} is current, replaced or withdrawn."
    )
    file = (
        "Give the PDF to the verification page of the same address. It compares the file with"
        " those issued, checks the seal, and prints the pages afresh to compare them."
    )
    return _numbered(standing, file, name)


def _numbered(standing: str, file: str, name: str) -> list[Any]:
    alone = (
        "Open the PDF in a reader that shows signatures: one seal, nothing changed since."
        f" Compare the fingerprint of its certificate with the one {name} publishes."
    )
    data = (
        f"The file carries all that is printed here as {DATA}, and every response as"
        f" {TABLE} for spreadsheets."
    )
    steps = (
        ("Ask for its standing. ", standing),
        ("Check the file. ", file),
        ("Check it without us. ", alone),
        ("Read the data. ", data),
    )
    rows = [[str(at), opened(first, rest)] for at, (first, rest) in enumerate(steps, 1)]
    return [grid(rows, [18, COLUMN - 18], lines=False, space=CLOSE, kind=LIST)]
