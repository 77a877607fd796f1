"""One change of one key: reading what was handed in, and writing it into the history.

A key is that of a response, or "subjects:<group>" for what an audit repeats over, or
"photo:<id>" for a photo taken away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy.orm import Session

from audit.domain.checklist import Checklist
from audit.domain.completeness import allow_absence
from audit.domain.definitions import RepeatGroup, Service
from audit.domain.responses import LONGEST_TEXT, read_text
from audit.errors import Invalid
from audit.store.audits import Audit, ResponseChange, current_changes, next_sequence
from audit.store.base import Document, new_id, write_json

MOST_SUBJECTS = 60
MOST_KNOWN = 1000
LONGEST_ID = 80
LONGEST_LABEL = 80
SUBJECTS = "subjects:"
PHOTO = "photo:"
REMOVED: Document = {"removed": True}


def read_change(audit: Audit, checklist: Checklist, key: str, raw: object) -> Document | None:
    """Return `raw` as it is kept under `key`, None to take it back; Invalid says why it cannot.

    A subject of a repeat need not be known yet: what names it may arrive later.
    """
    if key.startswith(SUBJECTS):
        return _read_subjects(key.removeprefix(SUBJECTS), raw)
    if key.startswith(PHOTO):
        if raw != REMOVED:
            raise Invalid("A photo can only be taken away.", code="not_a_removal")
        return REMOVED
    return read_response(audit, checklist, key, raw)


def read_response(audit: Audit, checklist: Checklist, key: str, raw: object) -> Document | None:
    """Return the response in `raw` as it is kept, None where there is none."""
    code, at, repeat = key.partition("@")
    item = checklist.items.get(code)
    if item is None or not item.answerable or bool(at) != bool(repeat):
        raise Invalid("This audit does not ask that.", code="not_asked")
    if raw is None:
        return None
    if not isinstance(raw, Mapping):
        raise Invalid("This is no response.", code="not_a_response")
    response = item.read(raw)
    if response is None:
        return None
    allow_absence(item, response, frozenset(Service(code) for code in audit.services))
    return response.stored()


def require_named(audit: Audit, key: str) -> None:
    """Refuse a key whose room, load … this audit has not named."""
    named = {one["id"] for subjects in audit.repeats.values() for one in subjects}
    repeat = key.partition("@")[2]
    if repeat and repeat not in named:
        raise Invalid("This audit does not ask that.", code="not_asked")


def read_opening_subjects(named: Mapping[str, object]) -> dict[str, list[Document]]:
    """Return what an audit repeats over from its start, by group; Invalid says what is wrong.

    A site's own practitioners and sterilizers may be more, with longer names, than people name.
    """
    return {
        group: _read_subjects(group, {"subjects": one}, most=MOST_KNOWN, longest=LONGEST_TEXT)[
            "subjects"
        ]
        for group, one in named.items()
    }


def _read_subjects(
    group: str, raw: object, *, most: int = MOST_SUBJECTS, longest: int = LONGEST_LABEL
) -> Document:
    if group not in set(RepeatGroup):
        raise Invalid("This audit does not ask that.", code="not_asked")
    named = raw.get("subjects") if isinstance(raw, Mapping) else None
    if not isinstance(named, list) or len(named) > most:
        raise Invalid(f"Name at most {most}.", code="too_many_subjects")
    subjects = [_read_subject(one, longest) for one in named]
    if len({one["id"] for one in subjects}) < len(subjects):
        raise Invalid("Two of these have the same id.", code="subject_twice")
    return {"subjects": subjects}


def _read_subject(one: object, longest: int) -> Document:
    known = one if isinstance(one, Mapping) else {}
    subject_id, label = known.get("id"), known.get("label")
    if not isinstance(subject_id, str) or not isinstance(label, str):
        raise Invalid("Each needs an id and a name.", code="not_a_subject")
    clean, known_as = read_text(label, longest=longest), read_text(subject_id, longest=LONGEST_ID)
    if not clean or not known_as or "@" in known_as:
        raise Invalid("Each needs an id and a name.", code="not_a_subject")
    return {"id": known_as, "label": clean}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A change as it will be kept: what is current for `key` from now on."""

    key: str
    after: Document | None
    person_id: UUID
    via: str
    claimed_at: datetime | None = None
    change_id: UUID = field(default_factory=new_id)


class History:
    """An audit's history, open for writing; hold the audit first."""

    def __init__(self, session: Session, audit: Audit) -> None:
        """Read what is current."""
        self._session = session
        self.audit = audit
        self.current = current_changes(session, audit.id)
        self._next = next_sequence(session, audit.id)
        # What was written here, old values beside the new, as the journal tells it.
        self.told: list[Document] = []

    def write(self, edit: Edit, *, now: datetime) -> ResponseChange:
        """Make `edit` current, and let the audit's responses and subjects follow."""
        before = self.current.get(edit.key)
        row = ResponseChange(
            audit_id=self.audit.id,
            sequence=self._next,
            key=edit.key,
            before=before.after if before else self._unwritten(edit.key),
            after=edit.after,
            person_id=edit.person_id,
            at=now,
            via=edit.via,
            claimed_at=edit.claimed_at,
            change_id=edit.change_id,
        )
        self._session.add(row)
        self.told.append({"key": row.key, "before": row.before, "after": row.after})
        self.current[edit.key] = row
        self.audit.given_revision = self._next
        self._next += 1
        self._follow(edit.key, edit.after)
        return row

    def _unwritten(self, key: str) -> Document | None:
        """Return what a key holds that nobody has changed: the subjects known at the start."""
        if not key.startswith(SUBJECTS):
            return self.audit.given.get(key)
        named = self.audit.repeats.get(key.removeprefix(SUBJECTS))
        return None if named is None else {"subjects": list(named)}

    def _follow(self, key: str, after: Document | None) -> None:
        if key.startswith(SUBJECTS):
            named: Sequence[Document] = after["subjects"] if after else []
            self.audit.repeats = {**self.audit.repeats, key.removeprefix(SUBJECTS): named}
        elif not key.startswith(PHOTO):
            given = {**self.audit.given, key: after}
            self.audit.given = {one: kept for one, kept in given.items() if kept is not None}


def state_of(current: Mapping[str, ResponseChange]) -> str:
    """Return the digest by which a tablet and the server know that they hold the same."""
    pairs = [[key, str(current[key].change_id)] for key in sorted(current)]
    return sha256(write_json(pairs).encode()).hexdigest()
