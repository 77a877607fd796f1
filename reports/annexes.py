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
from reports.phrases import findings as said
from reports.phrases import pages, proof, results
from reports.phrases import people as shown
from reports.signs import Shape
from reports.snapshot import Clause, Cycle, Edition, Rate, Signature
from reports.words import DASH, DATA, TABLE, Words, grouped, source


def practitioners(material: Material) -> list[Any]:
    """Return who practises here with the credentials as they stood on the day."""
    people, say = material.record.practitioners, material.words
    if not people:
        return []
    rows: list[list[Any]] = [
        [
            say(shown.PRACTITIONER),
            say(shown.CREDENTIAL),
            say(shown.NUMBER_ISSUER),
            say(shown.EXPIRES),
            say(shown.THAT_DAY),
        ]
    ]
    for person in people:
        rows += _held(person.name, person.credentials, say)
    widths = [112, 118, COLUMN - 112 - 118 - 82 - 84, 82, 84]
    return chapter(say(shown.PRACTITIONERS), [grid(rows, widths, head=1)])


def _held(name: str, credentials: tuple[Any, ...], say: Words) -> list[list[Any]]:
    if not credentials:
        return [[prose(name, STRONG), prose(say(shown.NO_CREDENTIAL)), "", "", ""]]
    rows = []
    for at, one in enumerate(credentials):
        expires = say.day(one.expires_on) if one.expires_on else DASH
        rows.append(
            [
                prose(name, STRONG) if not at else "",
                prose(one.kind),
                prose(say.listed((one.number, one.issuer))),
                prose(expires),
                Shape(one.standing, say(results.CREDENTIAL_STANDINGS[one.standing])),
            ]
        )
    return rows


def cycles(material: Material) -> list[Any]:
    """Return the sterilizer cycles with their curves."""
    run = material.record.cycles
    if not run:
        return []
    return chapter(material.words(shown.CYCLES), [_cycle(one, material.words) for one in run])


def _cycle(one: Cycle, say: Words) -> Any:
    figures = {"celsius": say.number(one.celsius), "minutes": say.number(one.minutes)}
    exposure = say(shown.EXPOSURE, **figures)
    facts = pairs(
        (
            (say(shown.CYCLE), say.listed((one.cycle, one.number))),
            (say(shown.STARTED), say.started(one.started_at)),
            (say(shown.REACHED), exposure),
            (say(shown.HELD_AGAINST), one.minimum),
        ),
        COLUMN / 2 - 12,
        label=70,
    )
    verdict = _verdict(one, say)
    left = [prose(one.sterilizer, STRONG), Spacer(0, 2), facts, Spacer(0, 2), verdict]
    drawn: Any = prose(say(shown.NO_CURVE), SMALL)
    if one.points:
        pressed = all(point.kilopascal is not None for point in one.points)
        legend = say(shown.LEGEND_BOTH if pressed else shown.LEGEND_HEAT)
        reached = say(shown.CURVE, exposure=exposure)
        drawn = [Curve(one.points, (COLUMN / 2, 92), reached), prose(legend, LABEL)]
    return grid([[left, drawn]], [COLUMN / 2, COLUMN / 2])


def _verdict(one: Cycle, say: Words) -> Shape:
    return Shape("met", say(shown.ENOUGH)) if one.met else Shape("not_met", say(shown.FELL_SHORT))


def rates(material: Material) -> list[Any]:
    """Return the tallies with the interval each count allows."""
    counted, say = material.record.rates, material.words
    if not counted:
        return []
    rows: list[list[Any]] = [
        [
            "",
            say(shown.OBSERVED),
            say(shown.DONE),
            "",
            say(shown.PERCENT),
            say(shown.INTERVAL),
        ]
    ]
    rows += [_rate(one, say) for one in counted]
    widths = [36, COLUMN - 36 - 56 - 94 - 54 - 84, 56, 94, 54, 84]
    table = grid(rows, widths, figures(4), figures(5), head=1)
    return chapter(say(shown.RATES), [table, Spacer(0, 5), prose(say(shown.FEW_SAY_LITTLE), SMALL)])


def _rate(one: Rate, say: Words) -> list[Any]:
    known = one.low is not None and one.high is not None
    span = f"{say.number(one.low or '')} {DASH} {say.percent(one.high)}" if known else DASH
    return [
        cell(one.number),
        prose(one.label),
        say(shown.DONE_OF, done=one.done, opportunities=one.opportunities),
        Bar(one.percent, (one.low, one.high), width=84, height=4),
        say.percent(one.percent),
        span,
    ]


def not_seen(material: Material) -> list[Any]:
    """Return what the audit did not see, so that nobody reads it as found good."""
    unseen = material.record.not_seen
    if not unseen:
        return []
    return chapter(
        material.words(shown.NOT_SEEN), [part for one in unseen for part in notes(DASH, one)]
    )


def signatures(material: Material) -> list[Any]:
    """Return who was there, who signed or refused, and the places for seal and countersignature."""
    record, say = material.record, material.words
    there = (
        (say(pages.IN_CHARGE), record.person_in_charge),
        (say(proof.PRESENT), say.listed(record.present)),
    )
    named = any(names for _, names in there)
    present = pairs(there, COLUMN) if named else prose(say(proof.NOBODY_PRESENT))
    # Who was there stays with the first who signed.
    lead = [heading(say(proof.RECEIVED)), present, Spacer(0, 6)]
    story: list[Any] = []
    if not material.snapshot.signatures:
        story.append(prose(say(proof.NOBODY_SIGNED)))
    story += [_signature(one, say) for one in material.snapshot.signatures]
    digest = say(proof.SIGNED_DIGEST, digest=material.digest)
    story += [Spacer(0, 6), *notes("", digest, SMALL), Spacer(0, 10), _places(material)]
    return led(lead, story)


def _signature(one: Signature, say: Words) -> Any:
    who = " · ".join(part for part in (one.role, one.credential) if part)
    when = proof.REFUSED_AT if one.refused else proof.SIGNED_AT
    act = say(when, moment=say.moment(one.signed_at), digest=grouped(one.digest))
    words: list[Any] = [
        prose(one.name, STRONG),
        prose(who, LABEL),
        Spacer(0, 2),
        # Whoever refused has declared nothing.
        *([] if one.refused else notes("", one.meaning)),
        *notes(say(said.COMMENT), one.comment),
        *notes(say(said.REASON), one.reason),
        prose(act, SMALL),
    ]
    return grid([[_mark(one, say), words]], [172, COLUMN - 172])


def _mark(one: Signature, say: Words) -> list[Any]:
    if one.refused:
        return [Shape("not_met", say(proof.REFUSED))]
    if one.strokes:
        return [Strokes(one.strokes, (156, 52), say(proof.DRAWN_BY, name=one.name))]
    return [prose(say(proof.TYPED), LABEL), Spacer(0, 2), *notes("", one.name)]


def _places(material: Material) -> Any:
    """Return the two boxes, empty on paper; a reader program shows what is in them."""
    half = (COLUMN - 18) / 2
    name, say = material.record.organisation.name, material.words
    boxes = [
        [
            [
                prose(say(proof.SEAL), LABEL),
                Spacer(0, 3),
                Field(SEAL_FIELD, half, 40),
                Spacer(0, 3),
                prose(say(proof.SEAL_SHOWN, name=name), SMALL),
            ],
            [
                prose(say(proof.COUNTERSIGNATURE), LABEL),
                Spacer(0, 3),
                Field(MANAGER_FIELD, half, 40),
                Spacer(0, 3),
                prose(say(proof.LEFT_OPEN), SMALL),
            ],
        ]
    ]
    return grid(boxes, [half + 18, half], lines=False)


def rules(material: Material) -> list[Any]:
    """Return the rules cited; law and guidance are told apart on every line."""
    if not material.rule_numbers:
        return []
    say = material.words
    rows: list[list[Any]] = [["", "", say(proof.SOURCE), say(proof.CHECKED)]]
    for clause, number in material.rule_numbers.items():
        rows.append([str(number), _weight(clause, say), _where(clause), _checked(clause)])
    table = grid(rows, [24, 58, COLUMN - 24 - 58 - 50, 50], head=1, space=CLOSE)
    return led(
        [heading(say(proof.RULES)), prose(say(proof.LAW_BINDS), SMALL), Spacer(0, 4)], [table]
    )


def _weight(clause: Clause, say: Words) -> Any:
    law = clause.law
    return prose(say(proof.LAW), FINE_STRONG) if law else prose(say(proof.GUIDANCE), FINE)


def _where(clause: Clause) -> list[Any]:
    lines: list[Any] = notes("", source(clause), FINE)
    return [*lines, *notes("", clause.url, SMALL)]


def _checked(clause: Clause) -> Any:
    return prose(clause.checked or DASH, SMALL)


def checks(material: Material) -> list[Any]:
    """Return how anyone can check the report."""
    return chapter(material.words(proof.HOW_TO_CHECK), _steps(material))


def about(material: Material) -> list[Any]:
    """Return what the report was made from and how anyone can check it."""
    snapshot, record, say = material.snapshot, material.record, material.words
    others = [one for one in record.editions if one != record.checklist]
    editions = [(pages.CHECKLIST, record.checklist), *((proof.WITH, one) for one in others)]
    if record.pack is not None:
        editions.append((proof.PACK, record.pack))
    facts = [(say(word), _edition(one, say)) for word, one in editions]
    owner = say.listed((record.organisation.name, record.organisation.address))
    issued = say.moment(snapshot.issued_at)
    facts += [
        (say(proof.ORGANISATION), owner),
        (say(proof.AUDIT), record.audit),
        (
            say(pages.REPORT_CODE),
            say(proof.PRINTED, code=snapshot.code, layout=snapshot.renderer, moment=issued),
        ),
        (say(proof.LANGUAGE), record.spoken_in),
        (say(proof.RECORD_DIGEST), material.digest),
        (say(proof.DATA_DIGEST), sha256(material.data).hexdigest()),
    ]
    if snapshot.checkpoint is not None:
        _, size, root, *_ = snapshot.checkpoint.split("\n")
        facts.append((say(proof.JOURNAL), say(proof.JOURNAL_STOOD, count=size, root=root)))
    made_from = heading(say(proof.MADE_FROM), SECTION, level=1)
    return [
        *checks(material),
        Spacer(0, 10),
        *led([made_from, Spacer(0, 3)], [pairs(facts, COLUMN, label=110)]),
    ]


def _edition(one: Edition, say: Words) -> str:
    known = {"title": one.title, "code": one.code, "version": one.version}
    return say(proof.EDITION, **known, digest=grouped(one.digest))


def _steps(material: Material) -> list[Any]:
    snapshot, say = material.snapshot, material.words
    known = {"name": material.record.organisation.name, "code": snapshot.code}
    if snapshot.verify_url:
        standing = say(proof.OPEN_ADDRESS, address=snapshot.verify_url, **known)
        file = say(proof.GIVE_PAGE)
    else:
        standing, file = say(proof.ASK_OWNER, **known), say(proof.GIVE_PROGRAM)
    steps = (
        (proof.STEP_STANDING, standing),
        (proof.STEP_FILE, file),
        (proof.STEP_ALONE, say(proof.ALONE, **known)),
        (proof.STEP_DATA, say(proof.CARRIES, data=DATA, table=TABLE)),
    )
    rows = [[str(at), opened(say(first), rest)] for at, (first, rest) in enumerate(steps, 1)]
    return [grid(rows, [18, COLUMN - 18], lines=False, space=CLOSE, kind=LIST)]
