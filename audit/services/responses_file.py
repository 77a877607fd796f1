"""Reads a file of responses into a visit, for reports made without a server.

Every fault is collected with its line before anything is refused, so that a file is mended in one
go. The README shows an example.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator

from audit.domain.checklist import Asked, Checklist, Repeats, Subject, asked, key_of, situation
from audit.domain.completeness import Lack, allow_absence, lacking
from audit.domain.credentials import standing_of
from audit.domain.definitions import Definition, RepeatGroup, Service, Words
from audit.domain.documents import BadDocument, Document
from audit.domain.facts import Jurisdiction
from audit.domain.responses import Given, Response, read_moment
from audit.errors import Invalid
from audit.services.record import Visit
from audit.store.photos import PlainPhoto, make_plain
from reports import snapshot as frozen

Name = Annotated[str, Field(min_length=1, max_length=200)]


class Place(Definition):
    """A name with an address."""

    name: Name
    address: str = Field(default="", max_length=400)


class CredentialEntry(Definition):
    """A credential as written in the file."""

    kind: Name
    number: str = Field(default="", max_length=80)
    issuer: str = Field(default="", max_length=200)
    expires_on: date | None = None


class PractitionerEntry(Definition):
    """A practitioner with credentials."""

    name: Name
    credentials: tuple[CredentialEntry, ...] = ()


class SignatureEntry(Definition):
    """Someone who signs by the typed name."""

    name: Name
    role: Name
    meaning: Words
    comment: str = Field(default="", max_length=1000)


class ResponsesFile(Definition):
    """The whole file; `responses` goes by item code, with "@" and the repeat's label behind it."""

    organisation: Place
    site: Place
    zone: str
    jurisdiction: Jurisdiction | None = None
    kind: Literal["self_audit", "inspection"] = "self_audit"
    services: frozenset[Service] = frozenset()
    inspector: Name
    person_in_charge: str = Field(default="", max_length=200)
    present: tuple[Name, ...] = ()
    started_at: str
    completed_at: str | None = None
    repeats: Mapping[RepeatGroup, tuple[Name, ...]] = Field(default_factory=dict)
    practitioners: tuple[PractitionerEntry, ...] = ()
    responses: Mapping[str, object]
    signatures: tuple[SignatureEntry, ...] = ()

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

    def at(self, moment: str) -> datetime:
        """Return a time of the file with the zone of the site."""
        return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)

    def subjects(self) -> Repeats:
        """Return what is repeated, each with an id made from its label."""
        return {
            group: tuple(Subject(id=slug(label), label=label) for label in labels)
            for group, labels in self.repeats.items()
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A file read whole: the visit, its photos by digest, when it ended, who signs."""

    visit: Visit
    photos: Mapping[str, bytes]
    completed_at: datetime | None
    signatures: tuple[SignatureEntry, ...]


def slug(label: str) -> str:
    """Return the id of a repeat by its label: lower case, other characters as one hyphen."""
    return re.sub(r"[^a-z0-9]+", "-", label.casefold()).strip("-") or "one"


def read_responses_file(
    document: Document, checklist: Checklist, *, folder: Path, demo: bool = False
) -> Handed:
    """Read `document` for `checklist`; photo names are looked up in `folder`.

    BadDocument names every response that is refused, missing, or not asked for, with its line.
    """
    file = document.read_as(ResponsesFile)
    reader = _Reader(document=document, checklist=checklist, folder=folder, places={})
    given, photos = reader.read(file)
    visit = Visit(
        audit="made-without-a-server",
        kind=file.kind,
        demo=demo,
        organisation=frozen.Party(name=file.organisation.name, address=file.organisation.address),
        site=frozen.Party(name=file.site.name, address=file.site.address),
        jurisdiction=file.jurisdiction or "",
        zone=file.zone,
        services=file.services,
        repeats=file.subjects(),
        given=given,
        inspector=file.inspector,
        person_in_charge=file.person_in_charge,
        started_at=file.at(file.started_at),
        present=file.present,
        photos={key: tuple(_photo(one) for one in found) for key, found in photos.items()},
        practitioners=_practitioners(file),
    )
    kept = {_digest(one): one.data for found in photos.values() for one in found}
    ended = file.at(file.completed_at) if file.completed_at else None
    return Handed(visit=visit, photos=kept, completed_at=ended, signatures=file.signatures)


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Reads the responses of one file, collecting what is wrong by place."""

    document: Document
    checklist: Checklist
    folder: Path
    places: dict[str, str]

    def read(self, file: ResponsesFile) -> tuple[Given, Mapping[str, list[PlainPhoto]]]:
        """Return responses and photos by key; BadDocument when any cannot be used."""
        repeats = file.subjects()
        given: dict[str, Response] = {}
        photos: dict[str, list[PlainPhoto]] = {}
        for name, raw in file.responses.items():
            code, _, label = name.partition("@")
            key = key_of(code, slug(label) if label else "")
            entry = raw if isinstance(raw, Mapping) else {"value": raw}
            with self._place(name):
                response = self._response(code, entry, file.services)
                if response is not None:
                    given[key] = response
                photos[key] = self._photos(entry)
        every = asked(self.checklist, situation(file.services, repeats, given), repeats)
        self._compare(every, file, given)
        counts = {key: len(found) for key, found in photos.items()}
        day = file.at(file.started_at).date()
        self._complete(lacking(every, given, counts, on=day))
        if self.places:
            raise BadDocument(self.places)
        return given, {key: found for key, found in photos.items() if found}

    def _response(
        self, code: str, entry: Mapping[str, object], services: frozenset[Service]
    ) -> Response | None:
        item = self.checklist.items.get(code)
        if item is None or not item.answerable:
            raise Invalid(f"{self.checklist.code} has no item {code} to answer", code="no_item")
        response = item.read({name: one for name, one in entry.items() if name != "photos"})
        if response is not None:
            allow_absence(item, response, services)
        return response

    def _photos(self, entry: Mapping[str, object]) -> list[PlainPhoto]:
        names = entry.get("photos", ())
        if not isinstance(names, list | tuple):
            raise Invalid("photos must be a list of file names", code="bad_photos")
        found = []
        for name in names:
            path = self.folder / str(name)
            if not path.is_file():
                raise Invalid(f"there is no photo {name}", code="no_photo")
            found.append(make_plain(path.read_bytes()))
        return found

    def _compare(self, every: tuple[Asked, ...], file: ResponsesFile, given: Given) -> None:
        """Refuse responses to what this audit does not ask, such as an unknown repeat."""
        keys = {one.key for one in every}
        for name in file.responses:
            code, _, label = name.partition("@")
            key = key_of(code, slug(label) if label else "")
            if key in given and key not in keys:
                words = "this is not asked here: look at services, repeats and conditions"
                self.places[self.document.place(("responses", name))] = f"{name}: {words}"

    def _complete(self, lacks: Iterable[Lack]) -> None:
        for lack in lacks:
            if lack.asked is not None:
                place = f"{self.document.place(('responses',))} {lack.asked.key}"
                self.places[place] = f"{lack.words} ({lack.asked.item.prompt})"

    @contextmanager
    def _place(self, name: str) -> Iterator[None]:
        try:
            yield
        except Invalid as error:
            self.places[self.document.place(("responses", name))] = f"{name}: {error.message}"


def _digest(photo: PlainPhoto) -> str:
    return sha256(photo.data).hexdigest()


def _photo(photo: PlainPhoto) -> frozen.Photo:
    return frozen.Photo(digest=_digest(photo), width=photo.width, height=photo.height)


def _practitioners(file: ResponsesFile) -> tuple[frozen.Practitioner, ...]:
    day = file.at(file.started_at).date()
    return tuple(
        frozen.Practitioner(
            name=one.name,
            credentials=tuple(
                frozen.Credential(
                    kind=credential.kind,
                    number=credential.number,
                    issuer=credential.issuer,
                    expires_on=credential.expires_on.isoformat() if credential.expires_on else None,
                    standing=standing_of(credential.expires_on, on=day),
                )
                for credential in one.credentials
            ),
        )
        for one in file.practitioners
    )
