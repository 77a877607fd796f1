"""Reads YAML files of others without trusting them, and remembers on which line each value stood.

Only plain documents pass: no aliases, anchors, tags, duplicate keys or second documents, and
bounded in size, nodes and depth. Bare `true`, `false`, `null` and whole numbers are what they look
like; everything else is text, so that `no` stays a response and `1.10` keeps its last digit.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from audit.domain.definitions import FaultError
from audit.domain.faults import say_fault, say_problem
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
# What YAML calls printable; looked for first, since libyaml names no line for the others.
_UNPRINTABLE = re.compile("[^\\t\\n\\r -~\\x85\\xa0-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")


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
            raise BadDocument(self._places(error)) from error

    def _places(self, error: ValidationError) -> Mapping[str, str]:
        faults = error.errors(include_url=False)
        # A part that failed leaves the whole incomplete; only the part is worth saying.
        wholes = {fault["loc"][:end] for fault in faults for end in range(len(fault["loc"]))}
        reasons: dict[str, list[str]] = {}
        for fault in faults:
            if fault["loc"] not in wholes:
                reasons.setdefault(self._place_of(fault), []).append(say_fault(fault))
        return {place: "; ".join(said) for place, said in reasons.items()}

    def _place_of(self, fault: ErrorDetails) -> str:
        cause = fault.get("ctx", {}).get("error")
        if isinstance(cause, FaultError):
            # Of a code written twice, the later one is to be mended.
            found = [path for path in self.lines if self._is_code(path, cause.code)]
            return self.place(found[-1] if found else fault["loc"])
        if fault["type"] == "union_tag_invalid":
            return self.place((*fault["loc"], "kind"))
        return self.place(fault["loc"])

    def _is_code(self, path: Path_, code: str) -> bool:
        if path[-1:] != ("code",):
            return False
        value: Any = self.value
        for part in path:
            value = value[part]
        return bool(value == code)


def reasons(error: ValidationError) -> str:
    """Return the faults of a value that was put together and stands on no line."""
    return "; ".join(map(say_fault, error.errors(include_url=False)))


def parse_file(path: Path) -> Document:
    """Parse the YAML file at `path`; BadDocument says what to mend and where."""
    try:
        with path.open("rb") as file:
            data = file.read(LONGEST + 1)
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        reason = "there is no such file" if missing else f"cannot be read ({error.strerror})"
        raise BadDocument({str(path): reason}) from error
    if len(data) > LONGEST:
        raise BadDocument({f"{path}:1": f"larger than {LONGEST:,} bytes"})
    try:
        return parse(data.decode("utf-8-sig"), name=str(path))
    except UnicodeDecodeError as error:
        raise BadDocument({f"{path}:1": "not UTF-8 text"}) from error


def parse(text: str, *, name: str) -> Document:
    """Parse YAML `text`; `name` is how errors call it."""
    if len(text) > LONGEST:
        raise BadDocument({f"{name}:1": f"larger than {LONGEST:,} characters"})
    if strange := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, strange.start()) + 1
        raise BadDocument({f"{name}:{line}": "contains a character YAML does not allow"})
    builder = _Builder(name=name, events=yaml.parse(text, Loader=yaml.CSafeLoader))
    try:
        value = builder.document()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadDocument({f"{name}:{line}": say_problem(str(error.problem))}) from error
    return Document(name=name, value=value, lines=builder.lines)


@dataclass(slots=True)
class _Builder:
    """Turns YAML events into values, refusing what a checklist has no use for."""

    name: str
    events: Iterator[Any]  # the stubs know less of an event than libyaml gives
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

    def _value(self, event: Any, path: Path_) -> object:
        self._insist_plain(event)
        self._insist(len(path) <= DEEPEST, event, f"nested deeper than {DEEPEST}")
        self._insist(len(self.lines) < MOST_NODES, event, f"more than {MOST_NODES:,} values")
        self.lines.setdefault(path, _line(event))
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return _scalar(event)

    def _mapping(self, path: Path_) -> dict[str, object]:
        found: dict[str, object] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            self._insist_plain(event)
            self._insist(isinstance(event, yaml.ScalarEvent), event, "a name must be plain text")
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

    def _insist_plain(self, event: Any) -> None:
        alias = isinstance(event, yaml.AliasEvent)
        self._insist(not alias, event, "aliases (*name) are not allowed")
        self._insist(event.anchor is None, event, "anchors (&name) are not allowed")
        self._insist(event.tag is None, event, "tags (!name) are not allowed")

    def _insist(self, held: object, event: Any, reason: str) -> None:
        if not held:
            raise BadDocument({f"{self.name}:{_line(event)}": reason})


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _scalar(event: yaml.ScalarEvent) -> str | int | bool | None:
    text = str(event.value)
    if not event.implicit[0]:
        return text
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _WHOLE.fullmatch(text) else text
