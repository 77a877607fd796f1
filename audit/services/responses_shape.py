"""The shape of a file of responses: what may stand where, and how it is written."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, field_validator, model_validator

from audit.domain.checklist import Repeats, Subject
from audit.domain.definitions import Definition, RepeatGroup, Service
from audit.domain.facts import Jurisdiction
from audit.domain.responses import read_moment, read_text
from audit.errors import Invalid
from reports import snapshot as frozen


def _line(longest: int) -> AfterValidator:
    """Return a check that text can be printed and is no longer; it says so in our words."""

    def read(text: str) -> str:
        try:
            return read_text(text, longest=longest)
        except Invalid as error:
            raise ValueError(error.message) from error

    return AfterValidator(read)


def _filled(text: str) -> str:
    if not text:
        raise ValueError("this must not be empty")
    return text


Name = Annotated[str, _line(200), AfterValidator(_filled)]


class Place(Definition):
    """A name with an address."""

    name: Name
    address: Annotated[str, _line(400)] = ""


class Look(Definition):
    """How the report looks: a picture beside the file, a colour, how to reach people, photos."""

    logo: str = ""
    accent: frozen.Accent | None = None
    address: Annotated[str, _line(120)] = ""
    phone: Annotated[str, _line(120)] = ""
    email: Annotated[str, _line(120)] = ""
    web: Annotated[str, _line(120)] = ""
    photos: frozen.PhotoSize = "small"


class CredentialEntry(Definition):
    """A credential as written in the file."""

    kind: Name
    number: Annotated[str, _line(80)] = ""
    issuer: Annotated[str, _line(200)] = ""
    expires_on: date | None = None


class PractitionerEntry(Definition):
    """A practitioner with credentials."""

    name: Name
    credentials: tuple[CredentialEntry, ...] = ()


class SignatureEntry(Definition):
    """Someone who signs by the typed name."""

    name: Name
    role: Name
    meaning: Annotated[str, _line(400), AfterValidator(_filled)]
    comment: Annotated[str, _line(1000)] = ""


class ResponsesFile(Definition):
    """The whole file; `responses` goes by item code.

    "@" and a name of `repeats` behind the code say for whom or what.
    """

    organisation: Place
    site: Place
    zone: str
    jurisdiction: Jurisdiction | None = None
    kind: Literal["self_audit", "inspection"] = "self_audit"
    services: frozenset[Service] = frozenset()
    inspector: Name
    person_in_charge: Annotated[str, _line(200)] = ""
    present: tuple[Name, ...] = ()
    started_at: str
    completed_at: str | None = None
    repeats: Mapping[RepeatGroup, tuple[Name, ...]] = Field(default_factory=dict)
    practitioners: tuple[PractitionerEntry, ...] = ()
    responses: Mapping[str, object]
    signatures: tuple[SignatureEntry, ...] = ()
    branding: Look | None = None

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone not in available_timezones():
            raise ValueError("write a time zone such as America/Toronto")
        return zone

    @field_validator("started_at", "completed_at")
    @classmethod
    def _moment(cls, text: str | None) -> str | None:
        try:
            return None if text is None else read_moment(text)
        except Invalid as error:
            raise ValueError(error.message) from error

    @field_validator("repeats")
    @classmethod
    def _named_once(
        cls, repeats: Mapping[RepeatGroup, tuple[str, ...]]
    ) -> Mapping[RepeatGroup, tuple[str, ...]]:
        for group, labels in repeats.items():
            if len(set(labels)) < len(labels):
                raise ValueError(f"one of the {group.value} is named twice")
        return repeats

    @model_validator(mode="after")
    def _end_after_start(self) -> Self:
        # Both are of one form, which sorts by time.
        if self.completed_at is not None and self.completed_at < self.started_at:
            raise ValueError("completed_at lies before started_at")
        return self

    def at(self, moment: str) -> datetime:
        """Return a time of the file with the zone of the site."""
        return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)

    def day(self, moment: datetime) -> date:
        """Return the day it was at the site."""
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def subjects(self) -> Repeats:
        """Return what is repeated, numbered: a name may be in any script, an id is plain."""
        return {
            group: tuple(Subject(id=str(n), label=label) for n, label in enumerate(labels, start=1))
            for group, labels in self.repeats.items()
        }
