"""What a person gives to an item, read strictly: ASCII numbers, real dates, bounded clean text."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NoReturn, Self

from audit.domain.definitions import Method
from audit.errors import Invalid

LONGEST_TEXT = 4000
Parts = Mapping[str, str]
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(?:[.,][0-9]{1,6})?")
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_COUNT = re.compile(r"[0-9]{1,5}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?")
# Zero width non-joiner and joiner.
_JOINERS = "\u200c\u200d"
_UNPRINTABLE = "A character in this text cannot be printed. Type the text again to be rid of it."
_YES = ("true", "yes", "on", "1", "y")
_NO = ("", "false", "no", "off", "0", "n")


class Absent(StrEnum):
    """Why there is no response: the item does not apply, or could not be seen that day."""

    NOT_APPLICABLE = "na"
    NOT_OBSERVED = "not_observed"


class Standing(StrEnum):
    """Where an item stands after its response was held against the requirement."""

    MET = "met"
    PARTLY_MET = "partly_met"
    NOT_MET = "not_met"
    CORRECTED = "corrected"
    NOT_APPLICABLE = "not_applicable"
    NOT_OBSERVED = "not_observed"
    UNSCORED = "unscored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A standing and the share of the points it earns."""

    standing: Standing
    share: Fraction

    @classmethod
    def of(cls, *, met: bool, share: Fraction | None = None) -> Self:
        """Return met or not met; without `share` that is all of the points or none."""
        standing = Standing.MET if met else Standing.NOT_MET
        return cls(standing=standing, share=Fraction(int(met)) if share is None else share)

    @classmethod
    def share_of(cls, share: Fraction) -> Self:
        """Return met at 1, not met at 0, partly met between."""
        if share in (0, 1):
            return cls.of(met=share == 1)
        return cls(standing=Standing.PARTLY_MET, share=share)

    @classmethod
    def unscored(cls) -> Self:
        """Return that there was nothing to judge."""
        return cls(standing=Standing.UNSCORED, share=Fraction(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One response as kept: its parts, or why there are none, and what was said beside it."""

    parts: Parts = field(default_factory=dict)
    absent: Absent | None = None
    reason: str = ""
    comment: str = ""
    method: Method | None = None
    corrected: bool = False

    @classmethod
    def read(
        cls, raw: Mapping[str, object], *, names: tuple[str, ...], check: Callable[[Parts], Parts]
    ) -> Self | None:
        """Read what a form, tablet or file holds under `names` and the common names beside them.

        None when neither a part nor an absence was given: the item is then unanswered, whatever
        was written beside it.
        """
        texts = {name: _plain(raw.get(name, "")) for name in (*names, *_BESIDE)}
        absent = _absent(texts)
        given = {name: texts[name] for name in names if texts[name]}
        if absent is None and not given:
            return None
        if absent is None and "value" in names and "value" not in given:
            refuse("Fill in the response.", "value_missing")
        return cls(
            parts={} if absent else check(given),
            absent=absent,
            reason=read_text(texts["reason"], longest=1000),
            comment=read_text(texts["comment"]),
            method=_method(texts["method"]),
            corrected=_corrected(texts["corrected"]),
        )

    def stored(self) -> dict[str, object]:
        """Return the JSON form; `read` takes it back unchanged."""
        kept: dict[str, object] = {**self.parts}
        beside = {
            "absent": self.absent.value if self.absent else "",
            "reason": self.reason,
            "comment": self.comment,
            "method": self.method.value if self.method else "",
        }
        kept.update({name: text for name, text in beside.items() if text})
        return {**kept, "corrected": True} if self.corrected else kept


Given = Mapping[str, Response]
_BESIDE = ("absent", "reason", "comment", "method", "corrected")


def _absent(texts: Parts) -> Absent | None:
    # A compliance item offers its absences as buttons beside yes and no, under the same name.
    for name in ("absent", "value"):
        if texts.get(name) in ("na", "not_observed"):
            return Absent(texts[name])
    if texts["absent"]:
        refuse("Choose not applicable or not observed.", "not_a_choice")
    return None


def _method(text: str) -> Method | None:
    if not text:
        return None
    if text not in set(Method):
        refuse("Choose how this was seen from the list.", "not_a_method")
    return Method(text)


def _corrected(text: str) -> bool:
    if text not in (*_YES, *_NO):
        refuse("Say yes or no to “corrected during the visit”.", "not_a_choice")
    return text in _YES


def _plain(raw: object) -> str:
    if isinstance(raw, list | tuple):
        return " ".join(_plain_one(one) for one in raw)
    return _plain_one(raw)


def _plain_one(raw: object) -> str:
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if raw is None:
        return ""
    if not isinstance(raw, str | int | Decimal):
        refuse("This must be text.", "not_text")
    return _visible(str(raw)).strip()


def _visible(text: str) -> str:
    """Take out what is invisible, save the two that join letters for scripts that need them.

    Some turn the reading direction, so that a signed text would read otherwise than it is.
    """
    return "".join(one for one in text if one in _JOINERS or unicodedata.category(one) != "Cf")


def refuse(words: str, code: str) -> NoReturn:
    """Refuse a response with `words` for the person who gave it."""
    raise Invalid(words, code=code)


def read_text(text: str, *, longest: int = LONGEST_TEXT) -> str:
    """Return what is visible of `text` in NFC with plain line ends.

    Refuses control characters and undue length.
    """
    shown = _visible(text.replace("\r\n", "\n").replace("\r", "\n"))
    clean = unicodedata.normalize("NFC", shown).strip()
    if len(clean) > longest:
        refuse(f"Too long: at most {longest:,} characters, this has {len(clean):,}.", "too_long")
    if any(unicodedata.category(one) in ("Cc", "Cs") and one not in "\n\t" for one in clean):
        refuse(_UNPRINTABLE, "control_character")
    return clean


def read_number(text: str, *, unit: str) -> Decimal:
    """Return a plain decimal; a comma counts as a point, NaN and exponents are refused."""
    if not _NUMBER.fullmatch(text):
        digits = re.fullmatch(r"[+-]?[0-9]+(?:[.,][0-9]+)?", text)
        many = "Too many digits: at most 12 before the point and 6 after it."
        refuse(many if digits else f"Write a number in {unit}, for example 36.5.", "not_a_number")
    number = Decimal(text.replace(",", "."))
    return number or abs(number)  # nobody reads -0 as anything but 0


def read_count(text: str) -> int:
    """Return a whole count from 0 to 99,999; nothing counts as none."""
    if text and not _COUNT.fullmatch(text):
        large = re.fullmatch("[0-9]+", text)
        plain = "Write a whole number, for example 4."
        refuse("Too large: a count is at most 99,999." if large else plain, "not_a_count")
    return int(text or 0)


def read_date(text: str) -> date:
    """Return a day written as 2026-11-23, between 1900 and 2200."""
    if not _DAY.fullmatch(text):
        refuse("Write the date as year-month-day, for example 2026-11-23.", "not_a_date")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        refuse(f"There is no day {text}. Look at year, month and day again.", "not_a_date")
    if not date(1900, 1, 1) <= day <= date(2200, 1, 1):
        refuse("Look at the year again: it must lie between 1900 and 2200.", "not_a_date")
    return day


def read_moment(text: str) -> str:
    """Return a day and time as 2026-11-23T14:05, local at the site; seconds are dropped."""
    if not _MOMENT.fullmatch(text):
        refuse("Write date and time, for example 2026-11-23 14:05.", "not_a_moment")
    read_date(text[:10])
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        refuse(f"There is no time {text[11:]}. Times go from 00:00 to 23:59.", "not_a_moment")
    return moment.strftime("%Y-%m-%dT%H:%M")


def spoken_day(day: date) -> str:
    """Return a day in words, such as "3 March 2026", whatever the machine's language."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
