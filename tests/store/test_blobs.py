"""Files are kept once, under their digest, and handed out only unharmed."""

import errno
import os
import stat
from hashlib import sha256
from pathlib import Path

import pytest

from audit.store.blobs import Blobs, DamagedError

DATA = b"a sealed report"
DIGEST = sha256(DATA).hexdigest()


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "data" / "evidence")


def test_what_was_put_is_read_back_under_its_digest(blobs: Blobs) -> None:
    digest = blobs.put(DATA)

    assert digest == DIGEST
    assert blobs.get(digest) == DATA
    assert blobs.path(digest).read_bytes() == DATA
    assert digest in blobs


def test_the_same_bytes_are_kept_once(blobs: Blobs, tmp_path: Path) -> None:
    blobs.put(DATA)
    again = Blobs(tmp_path / "data" / "evidence")

    again.put(DATA)

    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [DIGEST]


def test_files_and_folders_are_the_owners_alone(blobs: Blobs) -> None:
    path = blobs.path(blobs.put(DATA))

    modes = [stat.S_IMODE(one.stat().st_mode) for one in (path, *list(path.parents)[:3])]

    assert modes == [0o600, 0o700, 0o700, 0o700]
    assert path.parent.name == DIGEST[2:4]
    assert path.parent.parent.name == DIGEST[:2]


@pytest.mark.parametrize("name", ["", "../../etc/passwd", DIGEST.upper(), DIGEST + "0", "x" * 64])
def test_only_digests_name_files(blobs: Blobs, name: str) -> None:
    blobs.put(DATA)

    assert name not in blobs
    with pytest.raises(ValueError, match="64 hexadecimal"):
        blobs.get(name)


def test_a_changed_file_is_never_handed_out(blobs: Blobs) -> None:
    path = blobs.path(blobs.put(DATA))
    path.write_bytes(DATA.replace(b"s", b"S"))

    with pytest.raises(DamagedError, match="not what was kept"):
        blobs.get(DIGEST)
    with pytest.raises(DamagedError, match="not what was kept"):
        blobs.path(DIGEST)


def test_a_damaged_file_is_mended_by_the_bytes_it_should_hold(blobs: Blobs) -> None:
    blobs.path(blobs.put(DATA)).write_bytes(b"")

    blobs.put(DATA)

    assert blobs.get(DIGEST) == DATA


def test_what_a_killed_program_left_is_cleared_away(blobs: Blobs, tmp_path: Path) -> None:
    folder = blobs.path(blobs.put(DATA)).parent
    old, young = folder / ".aa.new", folder / ".bb.new"
    for left in (old, young):
        left.write_bytes(b"half a pho")
    os.utime(old, (0, 0))

    Blobs(tmp_path / "data" / "evidence").put(DATA)

    assert sorted(path.name for path in folder.iterdir()) == [".bb.new", DIGEST]


def test_a_missing_file_is_told_apart_from_none(blobs: Blobs) -> None:
    assert DIGEST not in blobs
    with pytest.raises(DamagedError, match="cannot be read"):
        blobs.get(DIGEST)
    with pytest.raises(DamagedError, match="cannot be read"):
        blobs.path(DIGEST)


def test_the_file_is_synced_then_named_then_the_folder_is_synced(
    blobs: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs.put(b"first, so that the folders are there")
    seen: list[str] = []
    sync, rename = os.fsync, Path.rename

    def noting_sync(descriptor: int) -> None:
        seen.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        sync(descriptor)

    def noting_rename(path: Path, target: Path) -> Path:
        seen.append("name")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", noting_sync)
    monkeypatch.setattr(Path, "rename", noting_rename)

    blobs.put(DATA)

    # Two new folders first, each made known to the one above; then the file.
    assert seen[-3:] == ["file", "name", "folder"]


@pytest.mark.parametrize("failure", [errno.EIO, errno.ENOSPC])
def test_a_failed_sync_leaves_no_file_and_is_not_tried_again(
    blobs: Blobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: int
) -> None:
    tried: list[int] = []
    sync = os.fsync

    def failing_sync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            sync(descriptor)
            return
        tried.append(descriptor)
        raise OSError(failure, os.strerror(failure))

    monkeypatch.setattr(os, "fsync", failing_sync)

    with pytest.raises(OSError, match=os.strerror(failure)):
        blobs.put(DATA)

    assert len(tried) == 1
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    monkeypatch.undo()
    assert blobs.get(blobs.put(DATA)) == DATA
