"""Takes out all that one organisation owns, readable without this program and checkable by anyone.

The journal leads: it names every file and every table by digest, and the checkpoint signed over it
covers the act of exporting too.
"""

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy.orm import Session

from audit.errors import Invalid
from audit.services.journal import make_checkpoint
from audit.store.blobs import Blobs
from audit.store.journal import Actor, checkpoints, one_line, walk, write_entry
from audit.store.keys import KeyStore
from audit.store.rows import rows_of, tables
from audit.store.scope import organisation_of
from reports import verifier

FORM = verifier.FORM
_BY = Actor(person_id=None, name="Hygiene Audit")
_READ_ME = """This folder holds everything one organisation owns in Hygiene Audit.

journal.jsonl    who did what, in order; each line carries the leaf that is proven
checkpoints/     what was signed over the journal, by the key in log.public
files/           photos, records (JSON) and sealed reports (PDF), named by their SHA-256
rows.json        which file holds the rows of which table, one JSON object a line

To check that nothing was changed:

    python verify_journal.py . --checkpoint SIZE:ROOT

The two figures stand under "Journal" at the end of each printed report, and in the receipt a tablet
keeps. Without one from outside, the export can only be held against itself.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """How many entries and files went out, and digests of files that could not be read."""

    entries: int
    files: int
    missing: tuple[str, ...]


def export_organisation(
    session: Session, folder: Path, *, blobs: Blobs, keys: KeyStore, now: datetime
) -> Exported:
    """Write all that the session's organisation owns into an empty or new `folder`.

    Invalid for a folder that holds something. A file that is lost is told, and is missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        words = f"{folder} holds something already. Name a new or empty folder."
        raise Invalid(words, code="folder_in_use")
    files = folder / "files"
    files.mkdir()
    rows = {table: _write_rows(session, table, files) for table in tables()}
    organisation = organisation_of(session)
    write_entry(
        session,
        act="export",
        by=_BY,
        subject=("organisation", organisation),
        at=now,
        details={"rows": rows},
    )
    make_checkpoint(session, keys, now=now)
    said = one_line({"organisation": str(organisation), "v": FORM})
    (folder / "export.json").write_text(said, encoding="utf-8")
    (folder / "rows.json").write_text(json.dumps(rows, indent=1), encoding="utf-8")
    (folder / "log.public").write_text(f"{keys.log_key(str(organisation)).public}\n", "ascii")
    (folder / "README.txt").write_text(_READ_ME, encoding="utf-8")
    shutil.copy(verifier.__file__, folder / "verify_journal.py")
    _write_checkpoints(session, folder / "checkpoints")
    named, count = _write_journal(session, folder / "journal.jsonl")
    there = {path.name for path in files.iterdir()}
    missing = _copy(sorted(named - there), blobs, files)
    return Exported(entries=count, files=len(named) - len(missing), missing=missing)


def _write_rows(session: Session, table: str, files: Path) -> str:
    """Write the rows of a table under their digest, and return it."""
    fresh, digest = files / f".{table}", sha256()
    with fresh.open("wb") as file:
        for row in rows_of(session, table):
            line = f"{one_line(row)}\n".encode()
            digest.update(line)
            file.write(line)
    fresh.rename(files / digest.hexdigest())
    return digest.hexdigest()


def _write_checkpoints(session: Session, folder: Path) -> None:
    folder.mkdir()
    for one in checkpoints(session):
        (folder / f"{one.size}.txt").write_text(one.note, encoding="utf-8")


def _write_journal(session: Session, path: Path) -> tuple[set[str], int]:
    """Write all entries; return the digests of the files they name, and how many they are."""
    named: set[str] = set()
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for entry in walk(session):
            said = {"leaf": entry.leaf, "payload": entry.payload, "salt": entry.salt}
            file.write(f"{one_line(said)}\n")
            named.update(verifier.files_in(json.loads(entry.payload)))
            named.update(json.loads(entry.leaf).get("files", ()))
            count += 1
    return named, count


def _copy(digests: Iterable[str], blobs: Blobs, files: Path) -> tuple[str, ...]:
    missing = []
    for digest in digests:
        if digest in blobs:
            shutil.copyfile(blobs.path(digest), files / digest)
        else:
            missing.append(digest)
    return tuple(missing)
