"""Write-once files, named by their SHA-256, on the disk before anyone refers to them."""

import os
import re
import secrets
import time
from contextlib import suppress
from hashlib import file_digest, sha256
from pathlib import Path

UNFINISHED_AFTER = 3600
_DIGEST = re.compile(r"[0-9a-f]{64}")


class DamagedError(Exception):
    """A kept file is missing or is not what was kept; it is never handed out."""


class Blobs:
    """A folder of files that never change; what `put` returned survives a power cut."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: set[Path] = set()

    def put(self, data: bytes) -> str:
        """Keep `data` and return its digest, once it is safely on the disk."""
        digest = sha256(data).hexdigest()
        path = self._place(digest)
        self._make_folders(path.parent)
        if not _is_whole(path, digest):
            # Also over a damaged file: these bytes are proven to be the ones its name promises.
            _write_through(path, data)
        # Also for a file found: whoever wrote it may have been cut off just before this.
        _sync_folder(path.parent)
        return digest

    def get(self, digest: str) -> bytes:
        """Return the bytes, after checking that they are the ones kept."""
        path = self._place(digest)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise DamagedError(f"The file {digest} cannot be read.") from error
        if sha256(data).hexdigest() != digest:
            raise DamagedError(f"The file {digest} is not what was kept.")
        return data

    def path(self, digest: str) -> Path:
        """Return where to stream the file from, after checking it as `get` does."""
        path = self._place(digest)
        if not path.is_file():
            raise DamagedError(f"The file {digest} cannot be read.")
        if not _is_whole(path, digest):
            raise DamagedError(f"The file {digest} is not what was kept.")
        return path

    def __contains__(self, digest: str) -> bool:
        return _DIGEST.fullmatch(digest) is not None and self._place(digest).is_file()

    def _place(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise ValueError("A digest is 64 hexadecimal digits.")
        return self._folder / digest[:2] / digest[2:4] / digest

    def _make_folders(self, folder: Path) -> None:
        for each in (self._folder, folder.parent, folder):
            if each not in self._known:
                each.mkdir(mode=0o700, parents=True, exist_ok=True)
                # Also when it was there: whoever made it may have been cut off just before this.
                _sync_folder(each.parent)
                self._known.add(each)
                _clear_unfinished(each)


def _is_whole(path: Path, digest: str) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest() == digest


def _clear_unfinished(folder: Path) -> None:
    """Remove what a program killed while writing has left; nothing alive writes for an hour."""
    for path in folder.glob(".*.new"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < time.time() - UNFINISHED_AFTER:
                path.unlink()


def _write_through(path: Path, data: bytes) -> None:
    fresh = path.with_name(f".{secrets.token_hex(16)}.new")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            # After a failed sync the kernel may forget what was not written: this file is lost,
            # and is never synced a second time.
            os.fsync(file.fileno())
        fresh.rename(path)
    finally:
        fresh.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
