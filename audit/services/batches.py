"""What a tablet sends at once for one audit, as services take it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from audit.services.acting import Member
from audit.store.audits import AuditKind
from audit.store.base import Document, write_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One edit as the tablet made it; `raw` is JSON in ASCII, as it is kept."""

    id: UUID
    key: str
    raw: str
    parent: UUID | None
    at: datetime
    via: str
    settles: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How an audit began on a tablet; `raw` is the same as it came.

    Without `subjects`, those known at the site now are taken.
    """

    site_id: UUID
    kind: AuditKind
    code: str
    version: int
    digest: str
    started_at: datetime
    raw: str
    pack: tuple[str, int] | None = None
    person_in_charge: str = ""
    present: tuple[str, ...] = ()
    subjects: Mapping[str, Sequence[Document]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """When a planned audit was begun on a tablet, and over what it repeats there."""

    started_at: datetime
    subjects: Mapping[str, Sequence[Document]] | None = None


def opening_of(raw: str) -> Opening:
    """Return an opening from its `raw`, as it was kept."""
    said = json.loads(raw)
    pack = (said["pack"], said["pack_version"]) if said["pack"] and said["pack_version"] else None
    return Opening(
        site_id=UUID(said["site"]),
        kind=AuditKind(said["kind"]),
        code=said["code"],
        version=said["version"],
        digest=said["digest"],
        started_at=datetime.fromisoformat(said["started_at"]),
        raw=raw,
        pack=pack,
        person_in_charge=said["person_in_charge"],
        present=tuple(said["present"]),
        subjects=said["subjects"],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Changes of one audit, and whose they are.

    `author` made them and `by` brought them: two people only where a rescue file was handed in.
    `clock` is the tablet's time as it sent, none where nobody knows it any more.
    """

    audit_id: UUID
    changes: tuple[Change, ...]
    author: Member
    by: Member
    may_record: bool
    device: str
    clock: datetime | None
    opening: Opening | None = None
    begin: Begin | None = None

    def digest_of(self, change: Change) -> str:
        """Return the digest over all that was said, and by whom; not over who brought it."""
        said = [
            str(self.audit_id),
            str(self.author.id),
            change.key,
            change.raw,
            str(change.parent),
            change.at.isoformat(),
            change.via,
            sorted(str(one) for one in change.settles),
        ]
        return sha256(write_json(said).encode()).hexdigest()

    def parents_first(self) -> list[int]:
        """Return the places of the changes in their order, each after the one it was made from."""
        places = {one.id: place for place, one in reversed(list(enumerate(self.changes)))}
        found: dict[int, None] = {}
        for place in range(len(self.changes)):
            line: dict[int, None] = {}
            here: int | None = place
            while here is not None and here not in line and here not in found:
                line[here] = None
                parent = self.changes[here].parent
                here = places.get(parent) if parent else None
            found.update(dict.fromkeys(reversed(line)))
        return list(found)


def put_right(claimed: datetime, clock: datetime | None, *, now: datetime) -> datetime:
    """Return when something was by the server's clock; nothing was later than now.

    Where it is not known how far the tablet is off, its word is taken.
    """
    if clock is None:
        return min(claimed, now)
    # As a length of time first: a clock may be so far off that the sum has no date.
    return min(now - max(clock - claimed, now - now), now)
