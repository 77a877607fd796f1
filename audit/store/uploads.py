"""Photos arriving piece by piece: one file each, on the disk before a piece is acknowledged.

The length of the file is the only truth about how much is there, so a program killed between two
pieces goes on where the file ends. Whether the bytes are the right ones, their digest decides.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from audit.errors import Conflict


class WrongOffset(Conflict):
    """A piece does not begin where the file ends; `offset` is where that is."""

    def __init__(self, offset: int) -> None:
        """Say where to go on."""
        super().__init__(f"The next piece begins at {offset}.", code="wrong_offset")
        self.offset = offset


class Uploads:
    """A folder of photos that are not complete yet, apart by organisation."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def length(self, whose: UUID, evidence_id: UUID) -> int:
        """Return how many bytes are there."""
        path = self._place(whose, evidence_id)
        return path.stat().st_size if path.exists() else 0

    def append(self, whose: UUID, evidence_id: UUID, *, offset: int, data: bytes) -> int:
        """Add a piece and return the new length, once it is safely on the disk."""
        with self._held(whose, evidence_id) as descriptor:
            length = os.fstat(descriptor).st_size
            if length != offset:
                raise WrongOffset(length)
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            os.fsync(descriptor)
            return length + len(data)

    def read(self, whose: UUID, evidence_id: UUID, *, digest: str) -> bytes | None:
        """Return the bytes if `digest` is theirs; else none, and the photo begins anew."""
        with self._held(whose, evidence_id) as descriptor:
            data = os.pread(descriptor, os.fstat(descriptor).st_size, 0)
            if sha256(data).hexdigest() == digest:
                return data
            os.ftruncate(descriptor, 0)
            os.fsync(descriptor)
            return None

    def forget(self, whose: UUID, evidence_id: UUID) -> None:
        """Remove the file of a photo that was kept elsewhere."""
        self._place(whose, evidence_id).unlink(missing_ok=True)

    @contextmanager
    def _held(self, whose: UUID, evidence_id: UUID) -> Iterator[int]:
        """Open the file for one program at a time: the same piece may be sent twice at once."""
        path = self._place(whose, evidence_id)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = not path.exists()
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if fresh:
                _sync(path.parent)
            yield descriptor
        finally:
            os.close(descriptor)

    def _place(self, whose: UUID, evidence_id: UUID) -> Path:
        return self._folder / whose.hex / f"{evidence_id.hex}.part"


def _sync(folder: Path) -> None:
    # The folder's own entry too: it may have been made just before.
    for each in (folder, folder.parent):
        descriptor = os.open(each, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
