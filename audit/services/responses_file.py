"""Reads a file of responses into a visit, for reports made without a server.

Every fault is collected with its line before anything is refused, so that a file is mended in one
go. The README shows an example.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from audit.domain.checklist import Checklist, asked, key_of, situation
from audit.domain.completeness import allow_absence, lacking, lacking_groups
from audit.domain.credentials import standing_of
from audit.domain.definitions import RepeatGroup
from audit.domain.documents import BadDocument, Document
from audit.domain.responses import Given, Response, refuse
from audit.errors import Invalid
from audit.services.beside import read_picture
from audit.services.branding import LONGEST_LOGO
from audit.services.record import Visit
from audit.services.responses_shape import ResponsesFile, SignatureEntry
from audit.store.photos import PlainPhoto
from reports import snapshot as frozen

MOST_PHOTOS = 20
_BESIDE = ("absent", "reason", "comment", "method", "corrected", "photos")


class Progress(Protocol):
    """Hears what is being done, and how much of it is done, where that can be counted."""

    def __call__(self, words: str, done: int = 0, of: int = 0) -> None:
        """Take note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A file read whole: the visit, its pictures by digest, when it ended, who signs."""

    visit: Visit
    photos: Mapping[str, bytes]
    completed_at: datetime
    signatures: tuple[SignatureEntry, ...]
    branding: frozen.Branding | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A parsed file of responses, and the folder its photos are looked up in."""

    document: Document
    file: ResponsesFile
    folder: Path


def open_source(document: Document, folder: Path) -> Source:
    """Read the shape of `document`; BadDocument names the line of each fault."""
    return Source(document=document, file=document.read_as(ResponsesFile), folder=folder)


def read_responses(
    source: Source, checklist: Checklist, *, now: datetime, progress: Progress
) -> Handed:
    """Read the responses of `source` for `checklist`; without an end the visit ends `now`.

    BadDocument names every response that is refused, missing, or not asked for, with its line.
    """
    file = source.file
    ended = file.at(file.completed_at) if file.completed_at else now
    if ended < file.at(file.started_at):
        place = source.document.place(("started_at",))
        raise BadDocument({place: "started_at has not come yet; give completed_at as well"})
    reader = _Reader(source=source, checklist=checklist, progress=progress)
    given, photos = reader.read(on=file.day(ended))
    branding, logos = _look(source)
    pictures = [*logos, *(one for found in photos.values() for one in found)]
    return Handed(
        visit=_visit(file, given, photos, on=file.day(ended)),
        photos={_digest(one): one.data for one in pictures},
        completed_at=ended,
        signatures=file.signatures,
        branding=branding,
    )


def _visit(
    file: ResponsesFile, given: Given, photos: Mapping[str, list[PlainPhoto]], *, on: date
) -> Visit:
    return Visit(
        audit="made-without-a-server",
        kind=file.kind,
        demo=False,
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
        practitioners=_practitioners(file, on=on),
    )


def _look(source: Source) -> tuple[frozen.Branding | None, list[PlainPhoto]]:
    """Return how the report looks, with its logo; BadDocument when that cannot be used."""
    look = source.file.branding
    if look is None:
        return None, []
    rest = look.model_dump(exclude={"logo"})
    if not look.logo:
        return frozen.Branding(**rest), []
    try:
        made = read_picture(source.folder, look.logo, LONGEST_LOGO)
    except Invalid as error:
        raise BadDocument({source.document.place(("branding", "logo")): error.message}) from error
    logo = frozen.Logo(digest=_digest(made), width=made.width, height=made.height)
    return frozen.Branding(logo=logo, **rest), [made]


@dataclass(kw_only=True)
class _Reader:
    """Reads the responses of one file, collecting what is wrong by place."""

    source: Source
    checklist: Checklist
    progress: Progress
    places: dict[str, str] = field(default_factory=dict)
    given: dict[str, Response] = field(default_factory=dict)
    photos: dict[str, list[PlainPhoto]] = field(default_factory=dict)
    # Each response key with its name in the file, refused ones too.
    names: dict[str, str] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)

    def read(self, *, on: date) -> tuple[Given, Mapping[str, list[PlainPhoto]]]:
        """Return responses and photos by key; BadDocument when any cannot be used."""
        responses = self.source.file.responses
        for done, (name, raw) in enumerate(responses.items()):
            self.progress("Reading responses and photos", done, len(responses))
            with self._place(name):
                self._take(name, raw)
        self._compare(on)
        if self.places:
            raise BadDocument(self.places)
        return self.given, {key: found for key, found in self.photos.items() if found}

    def _take(self, name: str, raw: object) -> None:
        code, _, label = name.partition("@")
        item = self.checklist.items.get(code)
        if item is None or not item.answerable:
            refuse(f"{self.checklist.code} has no item {code} to respond to", "no_item")
        key = key_of(code, self._subject(code, label.strip()))
        if key in self.names:
            refuse("this stands here twice", "twice")
        self.names[key] = name
        entry = raw if isinstance(raw, Mapping) else {"value": raw}
        known = (*(part.name for part in item.parts_of), *_BESIDE)
        if strange := [one for one in entry if one not in known]:
            refuse(f"write {', '.join(known)}; not {', '.join(strange)}", "unknown_name")
        response = item.read({one: value for one, value in entry.items() if one != "photos"})
        if response is not None:
            allow_absence(item, response, self.source.file.services)
            self.given[key] = response
        self.photos[key] = [read_picture(self.source.folder, one) for one in _photo_names(entry)]

    def _subject(self, code: str, label: str) -> str:
        """Return the id of the one called `label` that `code` is repeated for, or nothing."""
        group = self._groups.get(code)
        if group is None:
            if label:
                refuse("this is asked only once; leave out “@” and what follows", "not_repeated")
            return ""
        here = {one.label: one.id for one in self.source.file.subjects().get(group, ())}
        if not label:
            refuse(f"say for which of the {group.value}, behind “@”", "no_subject")
        if label not in here:
            refuse(f"“{label}” is not among the {group.value} under repeats", "no_subject")
        return here[label]

    @cached_property
    def _groups(self) -> Mapping[str, RepeatGroup | None]:
        """What each item is repeated over."""
        return {
            item.code: section.repeat_over or (parent or item).repeat_over
            for section in self.checklist.sections
            for item, parent in section.each()
        }

    def _compare(self, on: date) -> None:
        """Hold what was given against what is asked: nothing unasked, nothing missing."""
        file = self.source.file
        repeats = file.subjects()
        known = situation(file.services, repeats, self.given)
        every = asked(self.checklist, known, repeats)
        keys = {one.key for one in every}
        for key in self.given.keys() - keys:
            words = "this is not asked here: look at its condition, and at services"
            self._note(self.names[key], words)
        for lack in lacking_groups(self.checklist, known, repeats):
            self.places[f"{self.source.document.place(('repeats',))} {lack.group}"] = lack.words
        counts = {key: len(found) for key, found in self.photos.items()}
        for lack in lacking(every, self.given, counts, on=on):
            one = lack.asked
            # Of what was refused enough is said; what was left empty is missing all the same.
            if one and self.names.get(one.key) not in self.refused:
                name = f"{one.item.code}@{one.about}" if one.about else one.item.code
                self._note(name, f"{lack.words} ({one.item.prompt})")

    @contextmanager
    def _place(self, name: str) -> Iterator[None]:
        try:
            yield
        except Invalid as error:
            self.refused.add(name)
            self._note(name, error.message)

    def _note(self, name: str, words: str) -> None:
        place = f"{self.source.document.place(('responses', name))} {name}"
        self.places[place] = "; ".join(filter(None, (self.places.get(place), words)))


def _photo_names(entry: Mapping[str, object]) -> list[str]:
    names = entry.get("photos", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        refuse("photos is a list of file names", "bad_photos")
    if len(names) > MOST_PHOTOS:
        refuse(f"an item takes at most {MOST_PHOTOS} photos", "too_many_photos")
    return names


def _digest(photo: PlainPhoto) -> str:
    return sha256(photo.data).hexdigest()


def _photo(photo: PlainPhoto) -> frozen.Photo:
    return frozen.Photo(digest=_digest(photo), width=photo.width, height=photo.height)


def _practitioners(file: ResponsesFile, *, on: date) -> tuple[frozen.Practitioner, ...]:
    return tuple(
        frozen.Practitioner(
            name=one.name,
            credentials=tuple(
                frozen.Credential(
                    kind=credential.kind,
                    number=credential.number,
                    issuer=credential.issuer,
                    expires_on=credential.expires_on.isoformat() if credential.expires_on else None,
                    standing=standing_of(credential.expires_on, on=on),
                )
                for credential in one.credentials
            ),
        )
        for one in file.practitioners
    )
