"""What a record says in the language of its report: responses, limits, reasons, services.

In English it says what pages and tablets say, which a test holds equal.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_args

from audit.domain.checklist import Asked, Checklist, Item, ParentItem
from audit.domain.definitions import Limit, RepeatGroup, Service
from audit.domain.responses import Absent, Parts
from audit.domain.scoring import Line, Why
from audit.domain.translations import Translated, translate
from audit.errors import Invalid
from reports.phrases import people, records, results
from reports.phrases.phrase import Counted
from reports.phrases.services import SERVICES
from reports.snapshot import Language
from reports.words import Words

_ABSENT = {
    Absent.NOT_APPLICABLE: results.NOT_APPLICABLE,
    Absent.NOT_OBSERVED: results.NOT_OBSERVED,
}
# Written from right to left: lines would be printed in the wrong order.
_LEFTWARD = {
    "ar": "Arabic",
    "dv": "Dhivehi",
    "fa": "Persian",
    "he": "Hebrew",
    "ps": "Pashto",
    "sd": "Sindhi",
    "ur": "Urdu",
    "yi": "Yiddish",
}
LANGUAGES: tuple[Language, ...] = get_args(Language)
_Saying = Callable[[Any, Parts, Words], str]


def read_language(typed: str) -> Language:
    """Return the language of a report; Invalid says why it cannot be that one."""
    insist_printable(typed)
    for language in LANGUAGES:
        if language == typed:
            return language
    words = f"Reports are printed in {', '.join(LANGUAGES)}; not in {typed}."
    raise Invalid(words, code="no_such_language")


def insist_printable(language: str) -> None:
    """Refuse a language whose lines would come out in the wrong order; Invalid says so."""
    name = _LEFTWARD.get(language.partition("-")[0])
    if name:
        words = (
            f"Nothing is printed in {name} yet: it runs from right to left, and its lines"
            " could come out in the wrong order. Choose another language."
        )
        raise Invalid(words, code="not_printed_right_to_left")


@dataclass(frozen=True)
class Telling:
    """Says in one language what was asked by a checklist and given."""

    checklist: Checklist
    language: Language

    @cached_property
    def words(self) -> Words:
        """What the report says of its own."""
        return Words(self.language)

    @cached_property
    def translated(self) -> Translated:
        """What the checklist says."""
        return translate(self.checklist, self.language)

    def title(self, edition: Checklist) -> str:
        """Return the title of one of the checklists that this one was put together from."""
        return translate(edition, self.language).title

    def item(self, one: Asked) -> Item | ParentItem:
        """Return what was asked, in words of the language where the checklist has them."""
        return self.translated.items[one.item.code]

    def response(self, line: Line) -> str:
        """Return the response of `line` in words."""
        response = line.response
        if response is None:
            return ""
        if response.absent:
            return self.words(_ABSENT[response.absent])
        return say_response(self.item(line.asked), response.parts, self.words)

    def requirement(self, item: Item | ParentItem) -> str:
        """Return the bound a response is held against, in words."""
        return say_requirement(item, self.words)

    def because(self, why: Why) -> str:
        """Return why an outcome is what it is."""
        phrase = records.REASONS[why.reason]
        if isinstance(phrase, Counted):
            return self.words.counted(phrase, why.number)
        return self.words(phrase)

    def services(self, offered: Iterable[Service]) -> tuple[str, ...]:
        """Return the names of services in order."""
        return tuple(sorted(self.words(SERVICES[one]) for one in offered))

    def unseen(self, group: RepeatGroup) -> str:
        """Return that nothing of a group was looked at."""
        return self.words(records.UNSEEN[group])


def say_response(item: Item | ParentItem, parts: Parts, words: Words) -> str:
    """Return the parts of a response to `item` in words."""
    said = _RESPONSES.get(item.kind)
    return said(item, parts, words) if said else item.say(parts)


def say_requirement(item: Item | ParentItem, words: Words) -> str:
    """Return the requirement of `item` in words; nothing where it has none."""
    said = _REQUIREMENTS.get(item.kind)
    return said(item, {}, words) if said and item.requirement else item.requirement


def _yes_or_no(_item: Any, parts: Parts, words: Words) -> str:
    return words(records.YES if parts["value"] == "yes" else records.NO)


def _choices(item: Any, parts: Parts, words: Words) -> str:
    chosen = parts["value"].split()
    return words.listed(option.label for option in item.options if option.code in chosen)


def _reading(item: Any, parts: Parts, words: Words) -> str:
    read = f"{words.number(parts['value'])} {item.unit}"
    return words.aside(read, parts.get("instrument", ""))


def _figure(item: Any, parts: Parts, words: Words) -> str:
    figure, _, unit = item.say(parts).partition(" ")
    return f"{words.number(figure)} {unit}"


def _moment(item: Any, parts: Parts, words: Words) -> str:
    return words.started(parts["value"]) if item.time else words.day(parts["value"])


def _tally(_item: Any, parts: Parts, words: Words) -> str:
    whole = int(parts["done"]) + int(parts["missed"])
    return words(records.DONE_OF, done=parts["done"], whole=whole)


def _cycle(_item: Any, parts: Parts, words: Words) -> str:
    exposure = _exposure(parts["celsius"], parts["minutes"], words)
    number = parts["number"]
    return words(records.NUMBERED_CYCLE, number=number, exposure=exposure) if number else exposure


def _exposure(celsius: object, minutes: object, words: Words) -> str:
    figures = {"celsius": words.number(str(celsius)), "minutes": words.number(str(minutes))}
    return words(people.EXPOSURE, **figures)


def _paper(_item: Any, parts: Parts, words: Words) -> str:
    last = parts.get("expires_on")
    if not last:
        return parts["value"]
    return words(records.GOOD_UNTIL, paper=parts["value"], day=words.day(last))


def _photos(_item: Any, parts: Parts, words: Words) -> str:
    return words.counted(records.PHOTOS, int(parts["value"]))


def _limits(item: Any, _parts: Parts, words: Words) -> str:
    return words(records.AND).join(_limit(one, words) for one in item.limits)


def _limit(limit: Limit, words: Words) -> str:
    value = f"{words.number(str(limit.value))} {limit.unit}"
    return words(records.LIMITS[limit.comparator], value=value)


def _recent(item: Any, _parts: Parts, words: Words) -> str:
    return words(records.WITHIN_DAYS, days=item.within_days)


def _share(item: Any, _parts: Parts, words: Words) -> str:
    return words(records.SHARE_DONE, target=words.number(str(item.target)))


def _heat(item: Any, _parts: Parts, words: Words) -> str:
    return _at_least(_exposure(item.celsius, item.minutes, words), words)


def _good(_item: Any, _parts: Parts, words: Words) -> str:
    return words(records.NOT_EXPIRED)


def _enough(item: Any, _parts: Parts, words: Words) -> str:
    return _at_least(str(item.at_least), words)


def _at_least(value: str, words: Words) -> str:
    return words(records.LIMITS[">="], value=value)


# By kind of item; of the others a person wrote the words.
_RESPONSES: Mapping[str, _Saying] = {
    "compliance": _yes_or_no,
    "choice": _choices,
    "number": _reading,
    "duration": _reading,
    "calculated": _figure,
    "moment": _moment,
    "tally": _tally,
    "cycle": _cycle,
    "document": _paper,
    "photos": _photos,
}
_REQUIREMENTS: Mapping[str, _Saying] = {
    "number": _limits,
    "duration": _limits,
    "calculated": _limits,
    "moment": _recent,
    "tally": _share,
    "cycle": _heat,
    "document": _good,
    "photos": _enough,
}
