"""Makes the journal a proof for outsiders: checkpoints that leave the house, and a full check."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from audit.errors import NotFound
from audit.store.base import Document
from audit.store.journal import (
    JournalCheckpoint,
    JournalEntry,
    checkpoints,
    entry_numbered,
    leaf_of,
    leaves,
    newest_checkpoint,
    walk,
)
from audit.store.keys import KeyStore
from audit.store.scope import organisation_of, the_organisation
from reports.checkpoint import CheckpointError, read_checkpoint
from reports.merkle import Frontier, inclusion, leaf_hash


class JournalBrokenError(RuntimeError):
    """The journal contradicts itself or what was signed before: nothing more may be signed."""


def make_checkpoint(session: Session, keys: KeyStore, *, now: datetime) -> JournalCheckpoint | None:
    """Sign how the journal stands, all that was written in this transaction included.

    The same length is signed once; None while there is no entry. JournalBrokenError where a number
    is missing: a journal with a hole is never signed.
    """
    the_organisation(session, hold=True)
    session.flush()
    before = newest_checkpoint(session)
    start = _frontier(before)
    end = start
    for entry in walk(session, start.size + 1):
        if entry.number != end.size + 1:
            raise JournalBrokenError(f"Entry {end.size + 1} of the journal is missing.")
        end = end.grown(entry.leaf.encode())
    if end.size == start.size:
        return before
    key = keys.log_key(str(organisation_of(session)))
    made = JournalCheckpoint(
        size=end.size,
        root=end.root.hex(),
        peaks=[one.hex() for one in end.peaks],
        note=key.sign(end.size, end.root),
        made_at=now,
    )
    session.add(made)
    session.flush()
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What came of reading a whole journal: its length, the checkpoints held, and what is wrong."""

    entries: int
    checkpoints: int
    wrong: tuple[str, ...]


def check_journal(session: Session, keys: KeyStore) -> Check:
    """Read the whole journal of the session's organisation and hold it against all it signed."""
    wrong: list[str] = []
    due = {one.size: one for one in checkpoints(session)}
    public = keys.log_key(str(organisation_of(session))).public if due else ""
    tree, times, held = Frontier(), dict[object, int](), 0
    for entry in walk(session):
        if entry.number != tree.size + 1:
            wrong.append(f"Entry {tree.size + 1} is missing.")
            break
        wrong.extend(_faults(session, entry, times))
        tree = tree.grown(entry.leaf.encode())
        signed = due.pop(tree.size, None)
        if signed is not None:
            fault = _contradiction(signed, tree, public)
            wrong.extend([fault] if fault else [])
            held += not fault
    wrong.extend(f"The journal was once {size} entries long." for size in sorted(due))
    return Check(entries=tree.size, checkpoints=held, wrong=tuple(wrong))


def _faults(session: Session, entry: JournalEntry, times: dict[object, int]) -> Iterator[str]:
    times[entry.subject_id] = times.get(entry.subject_id, 0) + 1
    if entry.nth != times[entry.subject_id]:
        yield f"Entry {entry.number} is not number {entry.nth} about its subject."
    try:
        files = json.loads(entry.leaf).get("files", ())
        same = leaf_of(entry, organisation_of(session), files) == entry.leaf
    except (ValueError, TypeError, AttributeError):
        same = False
    if not same:
        yield f"Entry {entry.number} was changed."


def _contradiction(signed: JournalCheckpoint, tree: Frontier, public: str) -> str:
    try:
        said = read_checkpoint(signed.note, public)
    except CheckpointError as error:
        return f"The checkpoint over {signed.size} entries does not hold: {error}"
    if (said.size, said.root) != (tree.size, tree.root) or signed.root != tree.root.hex():
        return f"The first {signed.size} entries are not those that were signed."
    return ""


def _frontier(before: JournalCheckpoint | None) -> Frontier:
    if before is None:
        return Frontier()
    peaks = tuple(bytes.fromhex(one) for one in before.peaks)
    found = Frontier(size=before.size, peaks=peaks)
    if found.root.hex() != before.root or len(peaks) != before.size.bit_count():
        raise JournalBrokenError("The last checkpoint of the journal contradicts itself.")
    return found


def prove_entry(session: Session, keys: KeyStore, number: int, *, now: datetime) -> Document:
    """Return what shows to whoever keeps it that entry `number` is in the journal, and stays.

    The leaf commits to salt and payload, and leads along `path` (hex) to the root of the
    checkpoint, signed by `key`.
    """
    signed = make_checkpoint(session, keys, now=now)
    found = entry_numbered(session, number)
    if signed is None or found is None:
        raise NotFound("There is no such entry in the journal.", code="entry_unknown")
    hashes = [leaf_hash(one.encode()) for one in leaves(session)]
    return {
        "entry": number,
        "leaf": found.leaf,
        "payload": found.payload,
        "salt": found.salt,
        "path": [one.hex() for one in inclusion(hashes, number - 1)],
        "checkpoint": signed.note,
        "key": keys.log_key(str(organisation_of(session))).public,
    }
