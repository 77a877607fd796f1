"""Reads YAML files of others without trusting them, and remembers on which line each value stood.

Only plain documents pass: no aliases, anchors, tags, duplicate keys or second documents, and
bounded in size, nodes and depth. Bare `true`, `false`, `null` and whole numbers are what they look
like; everything else is text, so that `no` stays a response and `1.10` keeps its last digit.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from audit.errors import Invalid

LONGEST = 1_000_000
MOST_NODES = 40_000
DEEPEST = 20

Path_ = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)

_WORDS: Mapping[str, bool | None] = {
    "true": True,
    "false": False,
    "null": None,
    "~": None,
    "": None,
}
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")
# libyaml's parser where the wheel has it: same events, ten times faster.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class BadDocument(Invalid):
    """A file that cannot be used; `places` maps "file:line" to the reason."""

    def __init__(self, places: Mapping[str, str]) -> None:
        """Say every place at once, so that a file is mended in one go."""
        words = "\n".join(f"{place}: {reason}" for place, reason in places.items())
        super().__init__(words, code="bad_document", places=places)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A parsed file: plain values, and the line of each by its path."""

    name: str
    value: object
    lines: Mapping[Path_, int]

    def place(self, path: Path_) -> str:
        """Return "file:line" for `path`, or for the nearest value around it.

        Parts of the path that the file does not hold are passed over: a pydantic path also
        names the member of a union that was tried.
        """
        known: Path_ = ()
        for part in path:
            if (*known, part) in self.lines:
                known = (*known, part)
        return f"{self.name}:{self.lines.get(known, 1)}"

    def read_as(self, model: type[Model]) -> Model:
        """Return the document as `model`; BadDocument names the line of each fault."""
        try:
            return model.model_validate(self.value)
        except ValidationError as error:
            places: dict[str, str] = {}
            for fault in error.errors(include_url=False, include_context=False):
                place, reason = self.place(fault["loc"]), _words(fault["loc"], fault["msg"])
                places[place] = f"{places[place]}; {reason}" if place in places else reason
            raise BadDocument(places) from error


def _words(path: Path_, message: str) -> str:
    names = [part for part in path if isinstance(part, str)]
    reason = message.removeprefix("Value error, ")
    return f"{names[-1]}: {reason}" if names else reason


def parse_file(path: Path) -> Document:
    """Parse the YAML file at `path`; BadDocument says what to mend and where."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadDocument({str(path): f"cannot be read ({error.strerror})"}) from error
    if len(data) > LONGEST:
        raise BadDocument({str(path): f"larger than {LONGEST:,} bytes"})
    try:
        return parse(data.decode("utf-8-sig"), name=str(path))
    except UnicodeDecodeError as error:
        raise BadDocument({f"{path}:1": "not UTF-8 text"}) from error


def parse(text: str, *, name: str) -> Document:
    """Parse YAML `text`; `name` is how errors call it."""
    if len(text) > LONGEST:
        raise BadDocument({name: f"larger than {LONGEST:,} characters"})
    builder = _Builder(name=name, events=yaml.parse(text, Loader=_LOADER))
    try:
        value = builder.document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "contains a character YAML does not allow"
        line = mark.line + 1 if mark else 1
        raise BadDocument({f"{name}:{line}": reason}) from error
    return Document(name=name, value=value, lines=builder.lines)


@dataclass(slots=True)
class _Builder:
    """Turns YAML events into values, refusing what a checklist has no use for."""

    name: str
    events: Iterator[yaml.Event]
    lines: dict[Path_, int] = field(default_factory=dict)

    def document(self) -> object:
        value: object = None
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                self._insist(documents == 1, event, "one file holds one document")
            elif isinstance(event, yaml.NodeEvent):
                value = self._value(event, ())
        return value

    def _value(self, event: yaml.Event, path: Path_) -> object:
        self._insist(
            not isinstance(event, yaml.AliasEvent), event, "aliases (*name) are not allowed"
        )
        self._insist(
            getattr(event, "anchor", None) is None, event, "anchors (&name) are not allowed"
        )
        self._insist(getattr(event, "tag", None) is None, event, "tags (!name) are not allowed")
        self._insist(len(path) <= DEEPEST, event, f"nested deeper than {DEEPEST}")
        self._insist(len(self.lines) < MOST_NODES, event, f"more than {MOST_NODES:,} values")
        self.lines.setdefault(path, _line(event))
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return _scalar(event) if isinstance(event, yaml.ScalarEvent) else None

    def _mapping(self, path: Path_) -> dict[str, object]:
        found: dict[str, object] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise BadDocument({f"{self.name}:{_line(event)}": "a name must be plain text"})
            key = str(event.value)
            self._insist(key not in found, event, f"{key!r} stands here twice")
            self.lines[(*path, key)] = _line(event)
            found[key] = self._value(next(self.events), (*path, key))
        return found

    def _sequence(self, path: Path_) -> list[object]:
        found: list[object] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            found.append(self._value(event, (*path, len(found))))
        return found

    def _insist(self, held: object, event: yaml.Event, reason: str) -> None:
        if not held:
            raise BadDocument({f"{self.name}:{_line(event)}": reason})


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return mark.line + 1 if mark else 1


def _scalar(event: yaml.ScalarEvent) -> str | int | bool | None:
    text = str(event.value)
    if not event.implicit[0]:
        return text
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _WHOLE.fullmatch(text) else text
