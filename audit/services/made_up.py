"""Made-up responses and photos for the demo: plausible, uneven, the same on each machine."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from audit.domain.checklist import Asked, Item, ParentItem
from audit.domain.definitions import NaPolicy, Need, Severity
from audit.domain.items import (
    ChoiceItem,
    ComplianceItem,
    DurationItem,
    MomentItem,
    NumberItem,
    PersonItem,
    ScanItem,
    TallyItem,
)
from audit.domain.record_items import (
    CycleItem,
    DocumentItem,
    PhotosItem,
    SignatureItem,
)
from audit.domain.responses import Standing

Raw = Mapping[str, object]

_SEEN = (
    "Seen at the second station; the practitioner knew the rule and put it down to a busy morning.",
    "Found at the start of the visit. Staff could say how it should be done.",
    "Two of the five looked at were not as they should be.",
    "The written procedure has it right; the practice today did not follow it.",
    "Noted at the last visit too.",
)
_ABSENT = ("Not used at this site.", "Nobody was treated in this way today.")
_NAMES = ("Mara Lindqvist", "Tomas Okafor", "Ines Duarte", "Jo Whitaker")
# How much less likely a lapse is where it weighs more: people watch what they fear.
_CARE = {Severity.CRITICAL: 0.05, Severity.MAJOR: 0.6, Severity.MINOR: 1.2}
_SOME = 0.05
_SAMPLE = (10, 24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How well a site does that day: the chance of a lapse, the day, and the dice."""

    lapse: float
    on: date
    chance: Random


def respond(one: Asked, manner: Manner) -> Raw:
    """Return a raw response to one item."""
    item, chance = one.item, manner.chance
    if isinstance(item, ParentItem) or not item.answerable:
        return {}
    if item.na is NaPolicy.ALLOWED and chance.random() < _SOME:
        return {"absent": "na", "reason": chance.choice(_ABSENT)}
    if item.scored and chance.random() < _SOME / 2:
        return {"absent": "not_observed", "reason": "No client was in during the visit."}
    lapsed = chance.random() < manner.lapse * _CARE[item.severity]
    raw: dict[str, object] = dict(_parts(item, manner, failed=lapsed))
    # What was made up is judged like any response: a near miss may still fail.
    failed = fails(item, raw, manner.on)
    if item.methods:
        raw["method"] = chance.choice(item.methods).value
    if failed:
        raw["comment"] = chance.choice(_SEEN)
        raw["corrected"] = chance.random() < 1 / 3
    elif item.evidence.comment is Need.REQUIRED:
        raw["comment"] = "As it should be."
    return raw


def fails(item: Item, raw: Raw, on: date) -> bool:
    """Say whether a raw response does not meet the requirement on the day `on`."""
    response = item.read(raw)
    if response is None or response.absent:
        return False
    return item.judge(response.parts, on=on).standing in (Standing.NOT_MET, Standing.PARTLY_MET)


def _parts(item: Item, manner: Manner, *, failed: bool) -> Raw:
    match item:
        case ComplianceItem():
            parts: Raw = {"value": _other(item.met_when) if failed else item.met_when}
        case ChoiceItem():
            parts = {"value": _choose(item, failed=failed)}
        case NumberItem() | DurationItem():
            parts = {"value": _reading(item, failed=failed), "instrument": "Thermometer T-04"}
        case MomentItem():
            parts = {"value": _moment(item, manner, failed=failed)}
        case TallyItem():
            parts = _tally(item, manner, failed=failed)
        case CycleItem():
            parts = _cycle(item, manner, failed=failed)
        case DocumentItem():
            parts = _document(manner, failed=failed)
        case _:
            parts = {"value": _words(item, manner, failed=failed)}
    return parts


def _other(response: str) -> str:
    return "no" if response == "yes" else "yes"


def _words(item: Item, manner: Manner, *, failed: bool) -> str:
    """Return what a label, a name or a note would say."""
    match item:
        case PhotosItem():
            return str(0 if failed else item.at_least)
        case PersonItem() | SignatureItem():
            return manner.chance.choice(_NAMES)
        case ScanItem():
            return f"LOT{manner.chance.randint(100_000, 999_999)}"
        case _:
            return "Talked through with the person in charge."


def _tally(item: TallyItem, manner: Manner, *, failed: bool) -> Raw:
    """Return what was counted; often one is missed where that is still good enough."""
    watched = manner.chance.randint(*_SAMPLE)
    enough = item.target is not None and item.target <= 100 * (1 - Decimal(1) / watched)
    missed = watched // 3 if failed else int(enough and manner.chance.random() < 1 / 2)
    return {"done": str(watched - missed), "missed": str(missed)}


def _document(manner: Manner, *, failed: bool) -> Raw:
    chance = manner.chance
    days = -chance.randint(5, 60) if failed else chance.randint(30, 500)
    number = f"{chance.choice('ABEL')}-{chance.randint(10_000, 99_999)}"
    return {"value": number, "expires_on": str(manner.on + timedelta(days=days))}


def _choose(item: ChoiceItem, *, failed: bool) -> str:
    """Return the best option, or the worst; of equal ones the first."""
    pick = min if failed else max
    return pick(item.options, key=lambda option: option.share or 0).code


def _reading(item: NumberItem | DurationItem, *, failed: bool) -> str:
    """Return a reading on the wanted side of the limits, within what is possible."""
    limits, lowest, highest = item.limits, item.lowest, item.highest
    if not limits:
        return str(max(lowest, min(highest, Decimal(20))))
    tried = [limit.value + step for limit in limits for step in (-5, -2, -1, 0, 1, 2, 5)]
    middle = sum((limit.value for limit in limits), Decimal(0)) / len(limits)
    possible = [number for number in (middle, *tried) if lowest <= number <= highest]
    fitting = [n for n in possible if all(limit.holds(n) for limit in limits) is not failed]
    return f"{round((fitting or possible)[0], 1)}"


def _moment(item: MomentItem, manner: Manner, *, failed: bool) -> str:
    span = item.within_days if item.within_days is not None else 20
    days = span + manner.chance.randint(2, 20) if failed else manner.chance.randint(0, span)
    day = manner.on - timedelta(days=days)
    return f"{day}T09:40" if item.time else str(day)


def _cycle(item: CycleItem, manner: Manner, *, failed: bool) -> Raw:
    """Return a cycle with its curve: warming up, holding, letting off."""
    hottest = item.celsius + (Decimal("-2.5") if failed else Decimal("0.8"))
    minutes = item.minutes + 1
    hold = int(minutes * 60)
    curve = [
        (0, Decimal(22)),
        (240, Decimal(98)),
        (480, hottest),
        *((480 + hold * part // 6, hottest + Decimal(part % 3) / 5) for part in range(1, 6)),
        (480 + hold, hottest),
        (480 + hold + 300, Decimal(84)),
    ]
    return {
        "number": str(manner.chance.randint(210, 980)),
        "started_at": f"{manner.on - timedelta(days=manner.chance.randint(0, 20))}T08:15",
        "celsius": str(hottest),
        "minutes": str(minutes),
        "points": "\n".join(f"{second};{celsius}" for second, celsius in curve),
    }
