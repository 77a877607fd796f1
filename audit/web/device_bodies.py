"""The bodies that tablets send, read strictly where we decide by them, and mildly elsewhere.

What a newer tablet adds is passed over; a text that cannot be printed loses what cannot be, since a
tablet that is refused for it could never get rid of its work.
"""

import json
import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, NoReturn, TypeVar
from uuid import UUID

from flask import request
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)

from audit.errors import Conflict, Invalid
from audit.services.batches import Begin, Change, Opening, opening_of, put_right
from audit.services.device import MOST_CHANGES
from audit.services.handing_in import HandIn
from audit.services.signatures import MEANINGS, Signing
from audit.store.audits import AuditKind
from audit.store.signatures import Part
from audit.web.audit_forms import MOST_POINTS, MOST_STROKES, WIDEST
from audit.web.request import signed_in

VERSION = 1
LARGEST_BODY = 6_000_000
# Nobody goes back that often; a tablet brings the last of them.
MOST_DISCARDED = 20
_FIRST = datetime(1900, 1, 1, tzinfo=UTC)
_LAST = datetime(2200, 1, 1, tzinfo=UTC)
_LONGEST = 200
# Control characters and halves of letters.
_NEVER = ("Cc", "Cs")

Read = TypeVar("Read", bound=BaseModel)


def _in_reach(moment: datetime) -> datetime:
    """Return the time in UTC, within what every database and page can say."""
    return min(max(moment, _FIRST), _LAST).astimezone(UTC)


def _printable(text: object) -> object:
    if not isinstance(text, str):
        return text
    kept = "".join(one for one in text if unicodedata.category(one) not in _NEVER)
    return kept[:_LONGEST].strip()


def _printable_lines(text: object) -> object:
    if not isinstance(text, str):
        return text
    return "".join(one for one in text if one in "\n\t" or unicodedata.category(one) not in _NEVER)


Moment = Annotated[AwareDatetime, AfterValidator(_in_reach)]
Line = Annotated[str, BeforeValidator(_printable)]
Lines = Annotated[str, BeforeValidator(_printable_lines)]
Key = Annotated[
    str, Field(min_length=1, max_length=_LONGEST, pattern=r"^[\x21-\x7e\u00a1-\ud7ff]+$")
]
Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


def _whole(points: object) -> object:
    """Return points as whole numbers: a pen may come between two."""
    if not isinstance(points, list):
        return points
    return [round(one) if isinstance(one, float) else one for one in points]


def _in_pairs(points: tuple[int, ...]) -> tuple[int, ...]:
    if len(points) % 2:
        raise ValueError("points come in pairs")
    return points


Point = Annotated[int, Field(ge=-WIDEST, le=2 * WIDEST)]
Stroke = Annotated[
    tuple[Point, ...],
    Field(max_length=MOST_POINTS),
    BeforeValidator(_whole),
    AfterValidator(_in_pairs),
]


class Said(BaseModel):
    """Something a tablet says."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Body(Said):
    """What every writing body says: its version, and who captured this on which device, when."""

    v: int
    device: Line
    user: UUID
    clock: Moment


class Create(Said):
    """How an audit began on the tablet."""

    site: UUID
    kind: AuditKind
    code: Line
    version: int
    pack: Line | None = None
    pack_version: int | None = None
    digest: str
    person_in_charge: Line = ""
    present: tuple[Line, ...] = ()
    started_at: Moment
    subjects: dict[str, list[dict[str, Line]]] | None = None

    def opening(self) -> Opening:
        """Return the same as services take it."""
        return opening_of(ascii_json(self.model_dump(mode="json")))


class BeginBody(Said):
    """How a planned audit was begun on the tablet."""

    started_at: Moment
    subjects: dict[str, list[dict[str, Line]]] | None = None

    def begin(self) -> Begin:
        """Return the same as services take it."""
        return Begin(started_at=self.started_at, subjects=self.subjects)


class ChangeBody(Said):
    """One edit."""

    id: UUID
    key: Key
    raw: Any
    parent: UUID | None = None
    at: Moment
    via: Line = "tablet"
    settles: tuple[UUID, ...] = ()

    def change(self) -> Change:
        """Return the same as services take it."""
        return Change(
            id=self.id,
            key=self.key,
            raw=ascii_json(self.raw),
            parent=self.parent,
            at=self.at,
            via=self.via,
            settles=self.settles,
        )


class AnnounceBody(Body):
    """A photo before its bytes."""

    audit: UUID
    key: Key
    size: Annotated[int, Field(ge=1, le=2_000_000_000)]
    digest: Hex
    taken_at: Moment | None = None
    width: Annotated[int, Field(ge=0, le=100_000)]
    height: Annotated[int, Field(ge=0, le=100_000)]
    drawn_on: UUID | None = None


class SignatureBody(Said):
    """A signature, or the refusal of one."""

    # A manager reviews on a page, once the report's record lies here.
    part: Literal[Part.INSPECTOR, Part.PERSON_IN_CHARGE]
    name: Line
    role: Line = ""
    credential: Line = ""
    comment: Lines = ""
    refused: bool = False
    reason: Line = ""
    strokes: tuple[Stroke, ...] = Field(default=(), max_length=MOST_STROKES)
    signed_at: Moment

    def signing(self, clock: datetime, now: datetime) -> Signing:
        """Return the same as services take it, its time put right by how far the tablet is off."""
        return Signing(
            part=self.part,
            name=self.name,
            role=self.role,
            meaning=MEANINGS[self.part],
            strokes=() if self.refused else self.strokes,
            credential=self.credential,
            comment=self.comment,
            refused=self.refused,
            reason=self.reason,
            signed_at=put_right(self.signed_at, clock, now=now),
            claimed_at=self.signed_at,
        )


class DiscardedBody(Said):
    """What people had signed or refused before the audit was opened again on the tablet."""

    completed_at: Moment
    opened_at: Moment
    signatures: tuple[SignatureBody, ...] = Field(default=(), max_length=len(MEANINGS))

    def entered(self) -> dict[str, object]:
        """Return the same for the journal; the drawn lines stay with what came."""
        said = self.model_dump(mode="json")
        names = ("part", "name", "role", "refused", "reason", "comment", "signed_at")
        signed = [{name: one[name] for name in names} for one in said["signatures"]]
        return {**said, "signatures": signed}


class HandInBody(Body):
    """An audit as it was closed on the tablet."""

    id: UUID
    revision: int
    state: Hex
    evidence: tuple[tuple[str, str], ...] = ()
    completed_at: Moment
    password: str = Field(repr=False)
    signatures: tuple[SignatureBody, ...] = Field(default=(), max_length=len(MEANINGS))
    discarded: tuple[DiscardedBody, ...] = Field(default=(), max_length=MOST_DISCARDED)

    def handed(self, now: datetime) -> HandIn:
        """Return the same as services take it, without the password."""
        said = self.model_dump(mode="json", exclude={"password", "clock"})
        return HandIn(
            id=self.id,
            device=self.device,
            clock=self.clock,
            revision=self.revision,
            state=self.state,
            evidence=self.evidence,
            completed_at=self.completed_at,
            signings=tuple(one.signing(self.clock, now) for one in self.signatures),
            raw=ascii_json(said),
            discarded=tuple(one.entered() for one in self.discarded),
        )


class ChangesBody(Body):
    """A batch."""

    create: Create | None = None
    begin: BeginBody | None = None
    changes: tuple[ChangeBody, ...] = Field(max_length=MOST_CHANGES)


def ascii_json(value: object) -> str:
    """Return `value` as JSON in ASCII; the same value gives the same text."""
    return json.dumps(value, allow_nan=False, separators=(",", ":"), sort_keys=True)


def read_body(model: type[Read]) -> Read:
    """Return the request's body; refuses other versions, and who is not the author."""
    request.max_content_length = LARGEST_BODY
    document = parse(request.get_data())
    _check_version(document)
    body = read_as(model, document)
    if isinstance(body, Body) and body.user != signed_in().member.id:
        words = "Someone else is signed in here. Sign in as who did this work, then send it."
        raise Conflict(words, code="other_user")
    return body


def parse(data: bytes) -> object:
    """Return what JSON says; Invalid for what is none, and for numbers JSON does not know."""
    try:
        return json.loads(data, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Invalid("What the tablet sent is not JSON.", code="bad_request") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number in JSON")


def read_as(model: type[Read], document: object) -> Read:
    """Return `document` as `model`; Invalid names the places that do not fit."""
    try:
        return model.model_validate(document)
    except ValidationError as error:
        places = {".".join(map(str, one["loc"])): one["msg"] for one in error.errors()}
        words = "What the tablet sent cannot be read."
        raise Invalid(words, code="bad_request", places=places) from error


def _check_version(document: object) -> None:
    spoken = document.get("v") if isinstance(document, dict) else None
    if isinstance(spoken, int) and spoken < VERSION:
        words = "This page is too old to send its work. Load it again; nothing is lost."
        raise Invalid(words, code="outdated")
    if spoken != VERSION:
        raise Invalid("What the tablet sent cannot be read.", code="bad_request")
