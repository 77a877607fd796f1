"""Rescue files: what a person keeps on a tablet, sealed as it lay there, opened by the server.

The key is worked out anew from the installation's secret, so the file opens also when its author
is gone. One row that does not open keeps none of the others out.
"""

import base64
import binascii
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import IO, Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy.orm import Session

from audit.errors import Invalid
from audit.services.acting import Member
from audit.services.handing_in import keep_once
from audit.store.base import new_id
from audit.store.device import CLOSING, Outcome, ReceivedChange, Standing
from audit.store.journal import write_entry

KEY_BYTES = 32
_PURPOSE = b"hygiene-audit: what a person keeps on a tablet, 1"
_LONGEST_HEAD = 30_000_000
_LARGEST_VALUE = 20_000_000


def device_key(secret: bytes, *, organisation_id: UUID, person_id: UUID) -> bytes:
    """Return the key of one person in one organisation; another secret gives another key."""
    whose = organisation_id.bytes + person_id.bytes
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=_PURPOSE, info=whose).derive(secret)


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    store: str
    id: str
    iv: str
    size: int = Field(ge=0, le=_LARGEST_VALUE)


class _Head(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    format: str = Field(pattern="^hygiene-audit-rescue$")
    v: int = Field(ge=1, le=1)
    person: UUID
    device: str = Field(default="", max_length=200)
    made_at: str = Field(max_length=60)
    entries: tuple[_Entry, ...]


@dataclass(slots=True, kw_only=True)
class RescueFile:
    """An open rescue file; `unreadable` counts what did not open with `key` so far."""

    head: _Head
    key: bytes = b""
    unreadable: int = field(default=0, init=False)
    _file: IO[bytes]
    _places: dict[tuple[str, str], tuple[int, _Entry]]

    def rows(self, store: str) -> Iterator[dict[str, Any]]:
        """Yield the rows of one store of the tablet, without those that do not open."""
        for named, row_id in self._places:
            if named == store and (plain := self.value(store, row_id)) is not None:
                try:
                    row = json.loads(plain)
                except ValueError:
                    row = None
                if isinstance(row, dict):
                    yield row
                else:
                    self.unreadable += 1

    def value(self, store: str, row_id: str) -> bytes | None:
        """Return one value as it was before it was sealed; none where it is not there."""
        place = self._places.get((store, row_id))
        if place is None:
            return None
        start, entry = place
        self._file.seek(start)
        sealed = self._file.read(entry.size)
        try:
            iv = base64.b64decode(entry.iv, validate=True)
            return AESGCM(self.key).decrypt(iv, sealed, f"{store}:{row_id}".encode())
        except (InvalidTag, ValueError, binascii.Error):
            self.unreadable += 1
            return None


def open_rescue_file(file: IO[bytes]) -> RescueFile:
    """Read where things lie in a rescue file; Invalid where it is none, or cut off."""
    line = file.readline(_LONGEST_HEAD)
    try:
        head = _Head.model_validate_json(line)
    except ValidationError as error:
        words = "This is not a rescue file of a tablet. Choose the file that the tablet saved."
        raise Invalid(words, code="no_rescue_file", places={"file": words}) from error
    start, places = len(line), {}
    for entry in head.entries:
        places[entry.store, entry.id] = (start, entry)
        start += entry.size
    if file.seek(0, os.SEEK_END) < start:
        words = "This rescue file is not whole. Save it again on the tablet."
        raise Invalid(words, code="rescue_file_cut", places={"file": words})
    return RescueFile(head=head, _file=file, _places=places)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescue:
    """Whose work a rescue file holds, and who brings it."""

    author: Member
    by: Member
    device: str


def keep_closing(
    session: Session, rescue: Rescue, audit_id: UUID, *, raw: str, at: datetime, now: datetime
) -> bool:
    """Keep signatures from a rescue file for a manager: only their inspector can hand them in."""
    closing = ReceivedChange(
        change_id=new_id(),
        audit_id=audit_id,
        key=CLOSING,
        raw=raw,
        parent=None,
        at=at,
        via="rescue",
        digest=sha256(f"{rescue.author.id}{raw}".encode()).hexdigest(),
        person_id=rescue.author.id,
        brought_by=rescue.by.id,
        device=rescue.device,
        received_at=now,
        outcome=Outcome.QUARANTINED,
        stands=Standing.QUARANTINED,
    )
    return keep_once(session, closing)


def enter_rescue(
    session: Session, rescue: Rescue, *, details: dict[str, object], now: datetime
) -> None:
    """Write down that a rescue file was handed in, and what came of it."""
    write_entry(
        session,
        act="hand_in_rescue_file",
        by=rescue.by.actor,
        subject=("person", rescue.author.id),
        at=now,
        details={"author": rescue.author.name, "device": rescue.device, **details},
    )
