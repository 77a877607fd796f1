"""The journal: who did what, numbered without a gap for each organisation, never rewritten.

Each entry is a leaf of a tree (RFC 6962). The leaf names nobody: who and what stand beside it, and
the leaf holds a salted digest of them. So a whole journal can be proven without being shown.
"""

import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from audit.store.base import Base, Document, Identified, Kept
from audit.store.people import member_key
from audit.store.scope import Owned, organisation_of, the_organisation

LEAF_VERSION = 1
_SALT_BYTES = 32
_AT_ONCE = 500


class JournalEntry(Kept, Identified, Owned, Base):
    """One act; `person_name` stays readable, whatever becomes of the account.

    `nth` counts the acts on this subject, from 1. `leaf` is the text that went into the tree.
    """

    __tablename__ = "journal_entry"
    __table_args__ = (
        UniqueConstraint("organisation_id", "number"),
        member_key("person_id"),
        CheckConstraint("number > 0", name="number_positive"),
        Index(None, "organisation_id", "subject_id"),
    )

    number: Mapped[int]
    at: Mapped[datetime]
    person_name: Mapped[str]
    act: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    role: Mapped[str] = mapped_column(server_default="")
    device: Mapped[str] = mapped_column(server_default="")
    nth: Mapped[int] = mapped_column(server_default="0")
    salt: Mapped[str] = mapped_column(server_default="", repr=False)
    leaf: Mapped[str] = mapped_column(server_default="", repr=False)
    details: Mapped[Document] = mapped_column(default_factory=dict)
    person_id: Mapped[UUID | None] = mapped_column(default=None)
    claimed_at: Mapped[datetime | None] = mapped_column(default=None)

    @property
    def payload(self) -> str:
        """What the leaf commits to and does not show, as canonical JSON."""
        return one_line({"details": self.details, "person": self.person_name, "role": self.role})


class JournalCheckpoint(Kept, Identified, Owned, Base):
    """A signed statement of how long the journal was and what its root was.

    `peaks` is the tree's right edge then (hex), so that the next one need not read it all again.
    """

    __tablename__ = "journal_checkpoint"
    __table_args__ = (
        UniqueConstraint("organisation_id", "size"),
        CheckConstraint("size > 0", name="size_positive"),
    )

    size: Mapped[int]
    root: Mapped[str]
    peaks: Mapped[Sequence[str]]
    note: Mapped[str]
    made_at: Mapped[datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: a member, or the installation itself, which has a name and no id.

    `device` names the stay or the tablet they act through.
    """

    person_id: UUID | None
    name: str
    role: str = ""
    device: str = ""


def write_entry(  # noqa: PLR0913 - an entry says who, what, on what, when: each is named
    session: Session,
    *,
    act: str,
    by: Actor,
    subject: tuple[str, UUID],
    at: datetime,
    details: Document | None = None,
    claimed_at: datetime | None = None,
    files: Sequence[str] = (),
) -> JournalEntry:
    """Add the next entry; other writers of this organisation wait until it is committed.

    `files` are digests of what may be shown to strangers, such as an issued report: the leaf
    itself names them, so that whoever holds the file alone can be shown its place.
    """
    the_organisation(session, hold=True)
    last = session.scalar(select(func.max(JournalEntry.number))) or 0
    on_it = select(func.max(JournalEntry.nth)).where(JournalEntry.subject_id == subject[1])
    entry = JournalEntry(
        number=last + 1,
        at=at,
        person_id=by.person_id,
        person_name=by.name,
        role=by.role,
        device=by.device,
        act=act,
        subject_kind=subject[0],
        subject_id=subject[1],
        details=json.loads(one_line(details or {})),
        claimed_at=claimed_at,
        nth=(session.scalar(on_it) or 0) + 1,
        salt=secrets.token_hex(_SALT_BYTES),
        leaf="",
    )
    entry.leaf = leaf_of(entry, organisation_of(session), files)
    session.add(entry)
    return entry


def leaf_of(entry: JournalEntry, organisation_id: UUID, files: Sequence[str]) -> str:
    """Return the text of an entry that goes into the tree."""
    commitment = sha256(bytes.fromhex(entry.salt) + entry.payload.encode()).hexdigest()
    said: dict[str, Any] = {
        "act": entry.act,
        "at": _moment(entry.at),
        "commit": commitment,
        "index": entry.number - 1,
        "nth": entry.nth,
        "organisation": str(organisation_id),
        "subject": f"{entry.subject_kind}/{entry.subject_id}",
        "v": LEAF_VERSION,
    }
    maybe: dict[str, Any] = {
        "by": str(entry.person_id) if entry.person_id else "",
        "claimed": _moment(entry.claimed_at) if entry.claimed_at else "",
        "device": entry.device,
        "files": sorted(files),
    }
    return one_line(said | {name: one for name, one in maybe.items() if one})


def one_line(said: object) -> str:
    """Return JSON with one form only: sorted, without spaces, of text, whole numbers and flags."""
    return json.dumps(
        said, allow_nan=False, ensure_ascii=False, separators=(",", ":"), sort_keys=True
    )


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def entries(
    session: Session, subject_id: UUID | None = None, act: str | None = None, limit: int = 200
) -> list[JournalEntry]:
    """Return entries, newest first, of all or about one thing, of all acts or one."""
    wanted = select(JournalEntry).order_by(JournalEntry.number.desc()).limit(limit)
    if subject_id is not None:
        wanted = wanted.where(JournalEntry.subject_id == subject_id)
    if act is not None:
        wanted = wanted.where(JournalEntry.act == act)
    return list(session.scalars(wanted))


def walk(session: Session, number: int = 1) -> Iterator[JournalEntry]:
    """Yield the entries in their order, beginning with `number`, a page at a time."""
    wanted = select(JournalEntry).order_by(JournalEntry.number).limit(_AT_ONCE)
    while page := session.scalars(wanted.where(JournalEntry.number >= number)).all():
        yield from page
        number = page[-1].number + 1


def entry_numbered(session: Session, number: int) -> JournalEntry | None:
    """Find one entry by its number."""
    return session.scalars(select(JournalEntry).where(JournalEntry.number == number)).one_or_none()


def leaves(session: Session) -> Iterator[str]:
    """Yield the leaves alone, in their order."""
    yield from session.scalars(select(JournalEntry.leaf).order_by(JournalEntry.number))


def last_number(session: Session) -> int:
    """Return the number of the newest entry, 0 where there is none."""
    return session.scalar(select(func.max(JournalEntry.number))) or 0


def newest_checkpoint(session: Session) -> JournalCheckpoint | None:
    """Return the longest checkpoint, None before the first."""
    wanted = select(JournalCheckpoint).order_by(JournalCheckpoint.size.desc()).limit(1)
    return session.scalars(wanted).one_or_none()


def checkpoints(session: Session) -> list[JournalCheckpoint]:
    """Return all checkpoints, the shortest first."""
    return list(session.scalars(select(JournalCheckpoint).order_by(JournalCheckpoint.size)))
