"""Reads what was typed into a form, field by field, and says everything that is wrong at once."""

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from audit.domain.definitions import Service
from audit.domain.responses import read_text
from audit.errors import Invalid

Value = TypeVar("Value")
LONGEST_NAME = 120
LONGEST_LINE = 300
EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f]{1,64}@[^@\s\x00-\x1f\x7f]{1,190}")


class Entries:
    """Collects refusals by field, until `check` raises them together."""

    def __init__(self) -> None:
        self._places: dict[str, str] = {}

    def text(self, field: str, typed: str, *, needed: str = "", longest: int = LONGEST_NAME) -> str:
        """Return clean text; `needed` is what is said when there is none."""
        clean = self.read(field, lambda: read_text(typed, longest=longest), "")
        if needed and not clean:
            self._places.setdefault(field, needed)
        return clean

    def services(self, field: str, codes: Iterable[str]) -> list[str]:
        """Return the service codes in the order of the list, each once."""
        wanted = set(codes)
        if wanted - {service.value for service in Service}:
            self.refuse(field, "Choose from the list.")
        return [service.value for service in Service if service.value in wanted]

    def read(self, field: str, reader: Callable[[], Value], otherwise: Value) -> Value:
        """Return what `reader` reads, or `otherwise` when it refuses, which is remembered."""
        try:
            return reader()
        except Invalid as error:
            self.refuse(field, error.places.get(field, error.message))
            return otherwise

    def refuse(self, field: str, words: str) -> None:
        """Remember that `field` cannot stay as it is; the first reason counts."""
        self._places.setdefault(field, words)

    def check(self) -> None:
        """Raise Invalid with every field that was refused."""
        if self._places:
            raise Invalid("Some fields need a change.", code="bad_entry", places=self._places)


def read_email(typed: str) -> str:
    """Return an email address as it is kept; Invalid where nobody could be written to."""
    email = typed.strip().lower()
    if not EMAIL.fullmatch(email):
        raise Invalid("Write an email address, such as ana@example.org.", code="bad_email")
    return email
