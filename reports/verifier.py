"""Checks an exported journal, with nothing but this one file and Python 3.11 or later.

    python verify_journal.py FOLDER [--checkpoint FILE-OR-SIZE:ROOT]... [--key KEY]

A checkpoint kept outside the house that made the export is what makes this a proof: the receipt a
tablet keeps, or the two figures under "Journal" at the end of a printed report. The verdict is
VERIFIED (exit 0), NOT VERIFIED (1) or INDETERMINATE (2), with reasons.

Proven is that no entry before the longest outside checkpoint was changed, removed, put in or moved,
and that every file they name is the one they name. Not proven: that what was written is true,
anything that came after that checkpoint, and that nothing was kept back before it was entered.
"""

import argparse
import base64
import binascii
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

FORM = 1
ERASED = "erase_photo"
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_NAMES_A_FILE = ("digest", "record", "rows")
_DASH = "\u2014"
_NOTES = "checkpoints"
_SALT, _KEY, _SIGNATURE = 32, 32, 64
_LINES_OF_NOTE = _WORDS_OF_SIGNATURE = 3

# The curve of Ed25519 (RFC 8032): its prime, order, constant and base point.
_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P


class WrongError(Exception):
    """The export is not what it says it is."""


class Checkpoint(NamedTuple):
    """How long a journal was, and what its root was then."""

    size: int
    root: bytes


class Tree:
    """The tree of RFC 6962, grown leaf by leaf."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Add one entry."""
        node, full = _hash(b"\x00", leaf), self.size
        while full & 1:
            node, full = _hash(b"\x01", self._peaks.pop(), node), full >> 1
        self._peaks.append(node)
        self.size += 1

    def root(self) -> bytes:
        """Return the root over what is there."""
        node = self._peaks[-1] if self._peaks else _hash()
        for peak in reversed(self._peaks[:-1]):
            node = _hash(b"\x01", peak, node)
        return node


class Journal:
    """The entries read so far; each must be in its one form and place, and keep its commitment."""

    def __init__(self, organisation: str, wanted: set[int]) -> None:
        self.organisation, self.wanted = organisation, wanted
        self.tree = Tree()
        self.roots: dict[int, bytes] = {}
        self.named: set[str] = set()
        self.erased: set[str] = set()
        self._times: dict[str, int] = {}

    def add(self, line: str) -> None:
        """Read one more entry."""
        where = f"Entry {self.tree.size + 1}"
        entry = _in_form(line, where)
        leaf, payload = _in_form(entry["leaf"], where), _in_form(entry["payload"], where)
        if set(entry) != {"leaf", "payload", "salt"}:
            raise WrongError(f"{where} is not in its form.")
        nth = self._times[leaf["subject"]] = self._times.get(leaf["subject"], 0) + 1
        place = (leaf["index"], leaf["nth"], leaf["organisation"], leaf["v"])
        if place != (self.tree.size, nth, self.organisation, FORM):
            raise WrongError(f"{where} is not in its place.")
        salt = bytes.fromhex(entry["salt"])
        if len(salt) != _SALT or salt.hex() != entry["salt"]:
            raise WrongError(f"{where} has no salt in its form.")
        if _hash(salt, entry["payload"].encode()).hex() != leaf["commit"]:
            raise WrongError(f"{where} does not say what it said.")
        self.tree.add(entry["leaf"].encode())
        self.named.update(leaf.get("files", ()), files_in(payload))
        if leaf["act"] == ERASED:
            self.erased.update(files_in(payload))
        if self.tree.size in self.wanted:
            self.roots[self.tree.size] = self.tree.root()


def verify(folder: Path, outside: list[str], key: str = "") -> tuple[int, list[str]]:
    """Return 0, 1 or 2 for VERIFIED, NOT VERIFIED or INDETERMINATE, and the reasons."""
    try:
        return _verify(folder, outside, key)
    except WrongError as wrong:
        return 1, [str(wrong)]
    except Exception as error:  # noqa: BLE001 - whatever breaks the reading, it is not verified
        return 1, [f"The export cannot be read: {type(error).__name__}: {error}"]


def _verify(folder: Path, outside: list[str], key: str) -> tuple[int, list[str]]:
    about = _object(_text(folder / "export.json"))
    if about != {"v": FORM, "organisation": str(about.get("organisation"))}:
        raise WrongError("This is no export that this program knows.")
    public = _line(folder / "log.public")
    if key and key != public:
        raise WrongError("The export names another key than the one you gave.")
    kept = [signed(_text(path), public) for path in sorted((folder / _NOTES).iterdir())]
    given = [_outside(one, public) for one in outside]
    found = _read(folder, about["organisation"], {one.size for one in kept + given})
    size = found.tree.size
    if not any(one.size == size for one in kept):
        raise WrongError(f"Nobody signed that the journal has {size} entries.")
    for one in kept + given:
        if found.roots.get(one.size) != one.root:
            raise WrongError(f"The first {one.size} entries are not those of the checkpoint.")
    _hold_files(folder, found)
    reasons = [f"{size} entries, {len(kept)} checkpoints and all files agree."]
    if not given:
        words = "Nobody outside vouches for it: give a checkpoint that was kept elsewhere."
        return 2, [*reasons, words]
    vouched = max(one.size for one in given)
    reasons.append(f"The first {vouched} entries are as they were when the checkpoint left.")
    if vouched < size:
        reasons.append(f"For the {size - vouched} after it, nobody outside vouches.")
    return 0, reasons


def _read(folder: Path, organisation: str, wanted: set[int]) -> Journal:
    journal = Journal(organisation, wanted)
    for line in _lines(folder / "journal.jsonl"):
        journal.add(line)
    return journal


def files_in(said: Any) -> Iterator[str]:
    """Yield the digests of the files that a payload names, at any depth."""
    if isinstance(said, dict):
        for name, one in said.items():
            if name in _NAMES_A_FILE:
                every = one.values() if isinstance(one, dict) else [one]
                yield from (a for a in every if isinstance(a, str) and _DIGEST.match(a))
            yield from files_in(one)
    elif isinstance(said, list):
        for one in said:
            yield from files_in(one)


def _hold_files(folder: Path, found: Journal) -> None:
    there = set()
    for path in sorted((folder / "files").iterdir()):
        there.add(path.name)
        if path.name not in found.named:
            raise WrongError(f"No entry names the file {path.name}.")
        digest = hashlib.sha256()
        with path.open("rb") as file:
            for piece in iter(lambda: file.read(1 << 20), b""):
                digest.update(piece)
        if digest.hexdigest() != path.name:
            raise WrongError(f"The file {path.name} was changed.")
    missing = found.named - there - found.erased
    if missing:
        raise WrongError(f"{len(missing)} files are missing, among them {min(missing)}.")


def _outside(given: str, public: str) -> Checkpoint:
    """Return a checkpoint from a file of someone else, or from the figures SIZE:ROOT."""
    size, colon, root = given.partition(":")
    if colon and size.strip().isdigit():
        return Checkpoint(int(size), _base64(root.strip()))
    return signed(_text(Path(given)), public)


def signed(note: str, public: str) -> Checkpoint:
    """Return what a signed note says; its signature must be that of `public`, and the only one."""
    name, key_id, encoded = public.split("+", 2)
    key = _base64(encoded)
    said, blank, signature = note.partition("\n\n")
    lines, words = said.split("\n"), signature.split(" ")
    parts = (len(lines), len(words), signature.endswith("\n"), bool(blank))
    if parts != (_LINES_OF_NOTE, _WORDS_OF_SIGNATURE, True, True):
        raise WrongError("A checkpoint is not in its form.")
    found = Checkpoint(int(lines[1]), _base64(lines[2]))
    proof = _base64(words[2][:-1])
    marked = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    whose = (words[0], words[1], lines[0], key[:1], proof[:4], key_id)
    if whose != (_DASH, name, name, b"\x01", marked, marked.hex()) or lines[1] != str(found.size):
        raise WrongError("A checkpoint is not of this journal.")
    if not _ed25519(key[1:], f"{said}\n".encode(), proof[4:]):
        raise WrongError(f"The checkpoint over {found.size} entries was not signed by its key.")
    return found


def _ed25519(key: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether a signature holds (RFC 8032, 5.1.7)."""
    point, start = _point(key), _point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if point is None or start is None or len(signature) != _SIGNATURE or scalar >= _L:
        return False
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    base = _point(bytes.fromhex("58" + "66" * 31))
    left = _times(scalar, base)
    right = _plus(start, _times(int.from_bytes(digest, "little") % _L, point))
    return _same(left, right)


def _point(encoded: bytes) -> tuple[int, int, int, int] | None:
    if len(encoded) != _KEY:
        return None
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    x = _P - x if x & 1 != sign else x
    return x, y, 1, x * y % _P


def _plus(one: Any, two: Any) -> tuple[int, int, int, int]:
    a, b = (one[1] - one[0]) * (two[1] - two[0]), (one[1] + one[0]) * (two[1] + two[0])
    c, d = 2 * one[3] * two[3] * _D, 2 * one[2] * two[2]
    e, f, g, h = (b - a) % _P, (d - c) % _P, (d + c) % _P, (b + a) % _P
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(scalar: int, point: Any) -> tuple[int, int, int, int]:
    found = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            found = _plus(found, point)
        point, scalar = _plus(point, point), scalar >> 1
    return found


def _same(one: Any, two: Any) -> bool:
    pairs = (((one[at] * two[2] - two[at] * one[2]) % _P) for at in (0, 1))
    return not any(pairs)


def _hash(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def _canonical(said: Any) -> str:
    return json.dumps(
        said, allow_nan=False, ensure_ascii=False, separators=(",", ":"), sort_keys=True
    )


def _in_form(text: str, where: str) -> dict[str, Any]:
    found = _object(text)
    if _canonical(found) != text:
        raise WrongError(f"{where} is not in its form.")
    return found


def _object(text: str) -> dict[str, Any]:
    found = json.loads(text)
    if not isinstance(found, dict):
        raise WrongError("Something in the export is not in its form.")
    return found


def _base64(text: str) -> bytes:
    try:
        found = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise WrongError("A key or checkpoint is not in its form.") from error
    if base64.b64encode(found).decode() != text:
        raise WrongError("A key or checkpoint is not in its form.")
    return found


def _text(path: Path) -> str:
    return path.read_bytes().decode()


def _line(path: Path) -> str:
    [line] = _lines(path)
    return line


def _lines(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                raise WrongError("The journal is cut off.")
            yield line[:-1].decode()


def main() -> int:
    """Check the export that the command line names."""
    parser = argparse.ArgumentParser(description="Check an exported journal.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--checkpoint", action="append", default=[], metavar="FILE or SIZE:ROOT")
    parser.add_argument("--key", default="", help="what you know the journal's key to be")
    given = parser.parse_args()
    verdict, reasons = verify(given.folder, given.checkpoint, given.key)
    sys.stdout.write(("VERIFIED", "NOT VERIFIED", "INDETERMINATE")[verdict] + "\n")
    sys.stdout.writelines(f"  {reason}\n" for reason in reasons)
    return verdict


if __name__ == "__main__":
    sys.exit(main())
