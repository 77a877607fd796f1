"""Handing in a rescue file: what lies on a tablet whose author cannot hand it in.

Each audit has a transaction of its own, so that one that cannot be taken in keeps no other out.
"""

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from typing import IO, Any, TypeVar
from uuid import UUID

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, Field

from audit.errors import Invalid, Refusal
from audit.services.acting import Member
from audit.services.batches import Batch, Change, Opening
from audit.services.device import take_changes
from audit.services.rescue import (
    Rescue,
    RescueFile,
    device_key,
    enter_rescue,
    keep_closing,
    open_rescue_file,
)
from audit.services.uploads import Announced, announce
from audit.store.device import Standing
from audit.store.people import find_member
from audit.web.access import MAY, Permission, allow
from audit.web.device_bodies import (
    ChangeBody,
    Create,
    Hex,
    Key,
    Moment,
    Said,
    ascii_json,
    read_as,
)
from audit.web.device_photos import keep_or_refuse
from audit.web.refusals import asked_by_program
from audit.web.request import apart, installation, member, now, signed_in

pages = Blueprint("rescue", __name__, url_prefix="/device/rescue")
LARGEST_FILE = 1_000_000_000
Row = TypeVar("Row", bound=BaseModel)


class AuditRow(Said):
    """An audit as a tablet keeps it."""

    id: UUID
    create: Create | None = None


class ChangeRow(ChangeBody):
    """A change not confirmed yet."""

    audit: UUID


class FileRow(Said):
    """A photo as a tablet keeps it."""

    id: UUID
    audit: UUID
    key: Key
    size: int
    digest: Hex
    width: int = Field(ge=0, le=100_000)
    height: int = Field(ge=0, le=100_000)
    taken_at: Moment | None = Field(default=None, alias="takenAt")
    drawn_on: UUID | None = Field(default=None, alias="drawnOn")
    removed: bool = False


class ClosingRow(Said):
    """An audit completed and signed on the tablet; the signatures are kept as they are."""

    audit: UUID
    completed_at: Moment = Field(alias="completedAt")


@pages.url_value_preprocessor
def let_large_files_pass(*_: object) -> None:
    """Say how large a file may be before anything reads it."""
    request.max_content_length = LARGEST_FILE


@pages.get("")
@allow(Permission.HAND_IN)
def ask() -> str:
    """Ask for a rescue file."""
    return render_template("device/rescue.html", errors={}, found=None)


@pages.post("")
@allow(Permission.HAND_IN)
def take() -> ResponseReturnValue:
    """Take in a rescue file, from a form or as it is."""
    sent = request.files.get("file")
    if asked_by_program() and sent is None:
        return jsonify(**_take_in(BytesIO(request.get_data())))
    try:
        # Without a file chosen there is nothing in it, and it is said that this is none.
        found = _take_in(sent.stream if sent else BytesIO())
    except Invalid as refusal:
        errors = refusal.places or {"file": refusal.message}
        page = render_template("device/rescue.html", errors=errors, found=None)
        return page, 422
    return render_template("device/rescue.html", errors={}, found=found)


def _take_in(file: IO[bytes]) -> dict[str, Any]:
    """Take in all that opens; return what became of it, by kind and outcome."""
    opened = open_rescue_file(file)
    rescue, may_record = _whose(opened)
    changes: Counter[str] = Counter()
    for audit_id, (opening, rows) in _works(opened).items():
        batch = Batch(
            audit_id=audit_id,
            changes=tuple(rows),
            author=rescue.author,
            by=rescue.by,
            may_record=may_record,
            device=rescue.device,
            clock=None,
            opening=opening,
        )
        changes.update(_take_changes(batch))
    photos = Counter(
        _take_photo(opened, row, rescue, may_record=may_record)
        for row, _ in _read(opened, "files", FileRow)
        if not row.removed
    )
    closings = _keep_closings(opened, rescue)
    found = {
        "changes": dict(changes),
        "photos": dict(photos),
        "closings": closings,
        "unreadable": opened.unreadable,
    }
    with apart(signed_in().organisation_id) as writing:
        enter_rescue(writing, rescue, details=found, now=now())
    return {**found, "author": rescue.author.name}


def _whose(opened: RescueFile) -> tuple[Rescue, bool]:
    """Return whose work this is, and whether they may still record; only of this organisation."""
    whose = signed_in().organisation_id
    with apart(whose, writing=False) as reading:
        found = find_member(reading, opened.head.person)
    if found is None:
        words = "This file is not of someone who works here."
        raise Invalid(words, code="rescue_of_a_stranger", places={"file": words})
    membership, person = found
    opened.key = device_key(
        installation().secret, organisation_id=whose, person_id=opened.head.person
    )
    allowed = Permission.RECORD_RESPONSES in MAY[membership.role]
    author = Member(id=person.id, name=person.name, role=membership.role.value)
    rescue = Rescue(author=author, by=member(), device=opened.head.device)
    return rescue, allowed and membership.active and person.active


def _read(opened: RescueFile, store: str, model: type[Row]) -> Iterator[tuple[Row, dict[str, Any]]]:
    """Yield the rows of a store that can be read, each also as it was."""
    for plain in opened.rows(store):
        try:
            yield read_as(model, plain), plain
        except Invalid:
            opened.unreadable += 1


def _works(opened: RescueFile) -> dict[UUID, tuple[Opening | None, list[Change]]]:
    """Return how each audit began on the tablet, if it did, and its changes."""
    works: dict[UUID, tuple[Opening | None, list[Change]]] = {}
    for row, _ in _read(opened, "audits", AuditRow):
        works[row.id] = (row.create.opening() if row.create else None, [])
    for change, _ in _read(opened, "outbox", ChangeRow):
        works.setdefault(change.audit, (None, []))[1].append(change.change())
    return works


def _take_changes(batch: Batch) -> Counter[str]:
    if not batch.changes and batch.opening is None:
        return Counter()
    try:
        with apart(signed_in().organisation_id) as writing:
            taken = take_changes(writing, batch, shelf=installation().shelf, now=now())
    except Refusal as refusal:
        # The file stays with who brought it; what could not be taken in is told by its reason.
        return Counter({refusal.code: len(batch.changes)})
    return Counter(one.status for one in taken.results)


def _take_photo(opened: RescueFile, row: FileRow, rescue: Rescue, *, may_record: bool) -> str:
    """Take in one photo and return what became of it."""
    data = opened.value("bytes", str(row.id))
    if data is None:
        return "not_in_the_file"
    if sha256(data).hexdigest() != row.digest:
        return "wrong_digest"
    photo = Announced(
        id=row.id,
        audit_id=row.audit,
        key=row.key,
        size=row.size,
        digest=row.digest,
        width=row.width,
        height=row.height,
        taken_at=row.taken_at,
        drawn_on=row.drawn_on,
        author=rescue.author,
        by=rescue.by,
        device=rescue.device,
    )
    try:
        with apart(signed_in().organisation_id) as writing:
            kept = announce(writing, photo, shelf=installation().shelf, now=now())
    except Refusal as refusal:
        return refusal.code
    if kept.stands is Standing.RECEIVING:
        kept = keep_or_refuse(kept, data, may_record=may_record)
        installation().uploads.forget(signed_in().organisation_id, row.id)
    return kept.stands.value


def _keep_closings(opened: RescueFile, rescue: Rescue) -> int:
    kept = 0
    for row, plain in _read(opened, "closings", ClosingRow):
        with apart(signed_in().organisation_id) as writing:
            kept += keep_closing(
                writing,
                rescue,
                row.audit,
                raw=ascii_json(plain),
                at=row.completed_at,
                now=now(),
            )
    return kept
