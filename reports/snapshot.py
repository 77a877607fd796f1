"""What a report says, frozen: plain records with one canonical form and one digest.

A `Record` is everything found at one audit; people sign its digest. A `Snapshot` is that record
with the signatures and the report's own particulars; it is printed, sealed and travels in the file.
Records hold text, whole numbers, booleans and tuples only. Amounts are decimal text ("82.5"),
times ISO 8601 with offset, days ISO 8601; so there is one canonical form on every machine.
"""

import json
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from hashlib import sha256
from operator import eq
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from reports.contrast import legible


def _real_day(written: str) -> str:
    date.fromisoformat(written)
    return written


def _real_moment(written: str) -> str:
    datetime.fromisoformat(written)
    return written


def _as_ever(usual: object) -> Callable[[object], bool]:
    """Say when a field that came later is left out: records without it keep their digest."""
    return partial(eq, usual)


# The languages reports are printed in.
Language = Literal["en", "fr", "es", "vi", "zh-Hans"]
Severity = Literal["critical", "major", "minor"]
Standing = Literal[
    "met", "not_met", "corrected", "partly_met", "not_applicable", "not_observed", "unscored"
]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Day = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_real_day)]
Moment = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
        r"(\.[0-9]{1,6})?([+-][0-9]{2}:[0-9]{2}|Z)$"
    ),
    AfterValidator(_real_moment),
]
Pixels = Annotated[int, Field(ge=1)]
Amount = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$")]
# A checkpoint of the journal, as `checkpoint.py` signs it: origin, size, root, signature.
Note = Annotated[
    str,
    Field(
        pattern=r"^[!-~]{1,200}\n[0-9]{1,12}\n[A-Za-z0-9+/]{43}=\n\n"
        r"\u2014 [!-~]{1,200} [A-Za-z0-9+/]{80,200}={0,2}\n$"
    ),
]
Accent = Annotated[str, Field(pattern=r"^#[0-9A-F]{6}$"), AfterValidator(legible)]
Short = Annotated[str, Field(max_length=120)]


class Frozen(BaseModel):
    """A record that cannot change and refuses what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Clause(Frozen):
    """A rule behind an item. Only `law` may be printed as law; the rest is guidance."""

    fact: str
    law: bool
    publisher: str
    title: str
    clause: str
    year: str = ""
    url: str = ""
    checked: str = ""


class Photo(Frozen):
    """A stored JPEG, named by its digest; width and height in pixels as shown."""

    digest: Digest
    width: Pixels
    height: Pixels
    caption: str = ""
    taken_at: Moment | None = None


class Line(Frozen):
    """One item as it was asked and answered; `about` names the repeat ("Autoclave 1")."""

    code: str
    number: str
    prompt: str
    response: str
    standing: Standing
    about: str = ""
    severity: Severity | None = None
    limit: str = ""
    method: str = ""
    comment: str = ""
    reason: str = ""
    earned: Amount = "0"
    possible: Amount = "0"
    clauses: tuple[Clause, ...] = ()
    photos: tuple[Photo, ...] = ()


class Section(Frozen):
    """A section with its points; `percent` is None where nothing was scored, and prints a dash."""

    code: str
    number: str
    title: str
    lines: tuple[Line, ...]
    earned: Amount
    possible: Amount
    percent: Amount | None
    clauses: tuple[Clause, ...] = ()


class Finding(Frozen):
    """An item that was not met: what was seen, what to do, and by when."""

    number: str
    prompt: str
    severity: Severity
    corrected: bool
    response: str
    order: str
    due_on: Day | None
    about: str = ""
    comment: str = ""
    body_class: str = ""
    fine: str = ""
    clauses: tuple[Clause, ...] = ()
    photos: tuple[Photo, ...] = ()


class Rate(Frozen):
    """A tally: done of opportunities, with its Wilson 95 % interval in percent."""

    number: str
    label: str
    done: int
    opportunities: int
    percent: Amount | None
    low: Amount | None
    high: Amount | None


class Scoring(Frozen):
    """The outcome and the figures beside it; `excluded` lists numbers of lines left out."""

    outcome: Literal["pass", "pass_with_conditions", "fail", "closed"]
    because: str
    earned: Amount
    possible: Amount
    percent: Amount | None
    best: Amount | None
    worst: Amount | None
    excluded: tuple[str, ...] = ()


class Credential(Frozen):
    """A credential as it stood on the day of the audit."""

    kind: str
    number: str
    issuer: str
    expires_on: Day | None
    standing: Literal["valid", "expires_soon", "expired", "no_expiry"]


class Practitioner(Frozen):
    """A practitioner of the site with the credentials held that day."""

    name: str
    credentials: tuple[Credential, ...] = ()


class CyclePoint(Frozen):
    """One reading of a cycle: seconds since its start, degrees Celsius, kPa absolute."""

    second: int
    celsius: Amount
    kilopascal: Amount | None = None


class Cycle(Frozen):
    """One sterilizer cycle: `minimum` prints the limit it was held against."""

    number: str
    sterilizer: str
    cycle: str
    started_at: str
    celsius: Amount
    minutes: Amount
    minimum: str
    met: bool
    points: tuple[CyclePoint, ...] = ()


class Party(Frozen):
    """An organisation or site by name and address."""

    name: str
    address: str = ""


class Edition(Frozen):
    """A checklist or pack by code, version and content digest."""

    code: str
    version: int
    title: str
    digest: Digest


class Difference(Frozen):
    """One field of one item as the replaced report says it, and as it is said now.

    Empty text is nothing said; an item that only one of the two asks has no words in the other.
    """

    number: str
    prompt: str
    about: str
    field: Literal["response", "comment", "reason", "method", "photos"]
    before: str
    after: str


class Correction(Frozen):
    """Which report this one replaces, who says why, and all that differs."""

    report: str
    reason: str
    by: str
    at: Moment
    outcome: Literal["pass", "pass_with_conditions", "fail", "closed"]
    percent: Amount | None
    differences: tuple[Difference, ...]


class Record(Frozen):
    """Everything found at one audit. People sign the digest of this."""

    language: str
    demo: bool
    audit: str
    kind: Literal["self_audit", "inspection"]
    organisation: Party
    site: Party
    services: tuple[str, ...]
    jurisdiction: str
    checklist: Edition
    editions: tuple[Edition, ...]
    pack: Edition | None
    inspector: str
    person_in_charge: str
    present: tuple[str, ...]
    started_at: Moment
    completed_at: Moment
    zone: str
    scoring: Scoring
    findings: tuple[Finding, ...]
    sections: tuple[Section, ...]
    rates: tuple[Rate, ...] = ()
    practitioners: tuple[Practitioner, ...] = ()
    cycles: tuple[Cycle, ...] = ()
    not_seen: tuple[str, ...] = ()
    correction: Correction | None = Field(default=None, exclude_if=_as_ever(None))
    printed_in: Language = Field(default="en", exclude_if=_as_ever("en"))

    @property
    def spoken_in(self) -> str:
        """The language of the file: before reports had several, that of the checklist."""
        return self.language if self.printed_in == "en" else self.printed_in

    def digest(self) -> str:
        """Return the SHA-256 that each person signs, as hex."""
        return sha256(canonical(self)).hexdigest()

    @classmethod
    def read(cls, data: bytes) -> Self:
        """Read a canonical form back; ValueError when it is not one or anything is unknown."""
        return cls.model_validate_json(data)


class Signature(Frozen):
    """One person's act over the record's digest, or a refusal with its reason.

    `strokes` are the drawn lines as x, y pairs in thousandths of the box's width, y growing
    downwards; empty where the person signed by typing the name.
    """

    name: str
    role: str
    meaning: str
    signed_at: Moment
    digest: Digest
    strokes: tuple[tuple[int, ...], ...] = ()
    credential: str = ""
    comment: str = ""
    refused: bool = False
    reason: str = ""


# How much of a record is printed; the file carries all of it either way.
Layout = Literal["full", "summary", "findings"]


class Logo(Frozen):
    """The sign of an organisation: a stored JPEG, named by its digest."""

    digest: Digest
    width: Pixels
    height: Pixels


# Several photos across the page, or one.
PhotoSize = Literal["small", "large"]


class Branding(Frozen):
    """How an organisation's reports looked on the day of issue; empty text is not printed.

    The accent takes the place of the house colour; colours that carry an outcome never change.
    """

    logo: Logo | None = None
    accent: Accent | None = None
    address: Short = ""
    phone: Short = ""
    email: Short = ""
    web: Short = ""
    photos: PhotoSize = Field(default="small", exclude_if=_as_ever("small"))


class Snapshot(Frozen):
    """A record with its signatures and the report's particulars: all that is printed.

    `verify_url` is empty where the report was made without a server that knows of it; `checkpoint`
    is how the journal of the organisation stood just before.
    """

    version: Literal[1] = 1
    renderer: int
    code: str
    issued_at: Moment
    verify_url: str
    record: Record
    signatures: tuple[Signature, ...] = ()
    layout: Layout = Field(default="full", exclude_if=_as_ever("full"))
    branding: Branding | None = Field(default=None, exclude_if=_as_ever(None))
    checkpoint: Note | None = Field(default=None, exclude_if=_as_ever(None))

    def digest(self) -> str:
        """Return the SHA-256 of the canonical form, as hex."""
        return sha256(canonical(self)).hexdigest()

    @classmethod
    def read(cls, data: bytes) -> Self:
        """Read a canonical form back; ValueError when it is not one or anything is unknown."""
        return cls.model_validate_json(data)


def canonical(record: Frozen) -> bytes:
    """Return the one JSON form of `record`: keys sorted, no spaces, UTF-8."""
    plain = record.model_dump(mode="json")
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def image_digests(snapshot: Snapshot) -> tuple[str, ...]:
    """Return each image that printing `snapshot` needs, by its digest, once."""
    logo = snapshot.branding.logo if snapshot.branding else None
    photos = photo_digests(snapshot.record, snapshot.layout)
    return tuple(dict.fromkeys((logo.digest, *photos))) if logo else photos


def photo_digests(record: Record, layout: Layout = "full") -> tuple[str, ...]:
    """Return each photo a layout prints by its digest, once, in the order of first appearance."""
    if layout == "summary":
        return ()
    holders: list[Finding | Line] = [*record.findings]
    if layout == "full":
        holders += (line for section in record.sections for line in section.lines)
    return tuple(dict.fromkeys(photo.digest for one in holders for photo in one.photos))
