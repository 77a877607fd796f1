"""Ways to alter an export: by someone who cannot sign, and by one who holds the very key."""

import json
import secrets
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from reports.merkle import Frontier
from tests.alterations.house import Exported

Line = dict[str, Any]
_PROVEN = ("export.json", "log.public", "journal.jsonl")


def alter_as_stranger(export: Exported, chance: Random) -> str:
    """Change, remove or add something that is proven; return what was done."""
    way = chance.choice((_flip, _cut, _lose, _put_in, _exchange_lines, _edit_line))
    return way(export.folder, chance)


def alter_as_insider(export: Exported, chance: Random, first: int, last: int) -> str:
    """Rewrite one of the entries `first` to `last`, from 0, and sign everything anew."""
    lines = [json.loads(line) for line in _journal(export.folder).read_text().splitlines()]
    at = chance.randrange(first, last)
    way: Callable[[list[Line], int], None] = chance.choice((_rewrite, _redate, _remove, _invent))
    way(lines, at)
    _renumber(lines)
    _write_journal(export, lines)
    _drop_unnamed(export.folder, lines)
    return f"{way.__name__} at {at}"


def _flip(folder: Path, chance: Random) -> str:
    path = chance.choice(_proven(folder))
    data = bytearray(path.read_bytes())
    if not data:
        return _put_in(folder, chance)
    place = chance.randrange(len(data))
    data[place] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    return f"flip {path.name} at {place}"


def _cut(folder: Path, chance: Random) -> str:
    path = chance.choice([one for one in _proven(folder) if one.stat().st_size])
    data = path.read_bytes()
    path.write_bytes(data[: chance.randrange(len(data))])
    return f"cut {path.name}"


def _lose(folder: Path, chance: Random) -> str:
    path = chance.choice([*(folder / "files").iterdir(), _last_note(folder), _journal(folder)])
    path.unlink()
    return f"lose {path.name}"


def _put_in(folder: Path, chance: Random) -> str:
    data = secrets.token_bytes(chance.randrange(1, 60))
    (folder / "files" / sha256(data).hexdigest()).write_bytes(data)
    return "put in a file"


def _exchange_lines(folder: Path, chance: Random) -> str:
    lines = _journal(folder).read_text().splitlines(keepends=True)
    one, two = chance.sample(range(len(lines)), 2)
    way = chance.choice(("exchange", "remove", "double"))
    if way == "exchange":
        lines[one], lines[two] = lines[two], lines[one]
    elif way == "remove":
        del lines[one]
    else:
        lines.insert(two, lines[one])
    _journal(folder).write_text("".join(lines))
    return f"{way} lines {one} {two}"


def _edit_line(folder: Path, chance: Random) -> str:
    lines = [json.loads(line) for line in _journal(folder).read_text().splitlines()]
    at = chance.randrange(len(lines))
    chance.choice((_rewrite, _redate))(lines, at)
    _renumber(lines)
    _journal(folder).write_text("".join(f"{_canonical(one)}\n" for one in lines))
    return f"edit line {at}"


def _rewrite(lines: list[Line], at: int) -> None:
    payload = json.loads(lines[at]["payload"])
    payload["person"] = f"{payload['person']} the other"
    lines[at]["payload"] = _canonical(payload)


def _redate(lines: list[Line], at: int) -> None:
    leaf = json.loads(lines[at]["leaf"])
    leaf["at"] = "2020-01-01T00:00:00.000000Z"
    lines[at]["leaf"] = _canonical(leaf)


def _remove(lines: list[Line], at: int) -> None:
    del lines[at]


def _invent(lines: list[Line], at: int) -> None:
    lines.insert(at, {**lines[at], "salt": secrets.token_hex(32)})


def _renumber(lines: list[Line]) -> None:
    """Make every line fit its place and its commitment again, as a careful forger would."""
    times: dict[str, int] = {}
    for index, line in enumerate(lines):
        leaf = json.loads(line["leaf"])
        times[leaf["subject"]] = leaf["nth"] = times.get(leaf["subject"], 0) + 1
        leaf["index"] = index
        committed = bytes.fromhex(line["salt"]) + line["payload"].encode()
        leaf["commit"] = sha256(committed).hexdigest()
        line["leaf"] = _canonical(leaf)


def _write_journal(export: Exported, lines: list[Line]) -> None:
    _journal(export.folder).write_text("".join(f"{_canonical(one)}\n" for one in lines))
    tree = Frontier()
    for line in lines:
        tree = tree.grown(line["leaf"].encode())
    shutil.rmtree(export.folder / "checkpoints")
    (export.folder / "checkpoints").mkdir()
    note = export.key.sign(tree.size, tree.root)
    (export.folder / "checkpoints" / f"{tree.size}.txt").write_text(note)


def _drop_unnamed(folder: Path, lines: list[Line]) -> None:
    everything = "".join(one["payload"] + one["leaf"] for one in lines)
    for path in (folder / "files").iterdir():
        if path.name not in everything:
            path.unlink()


def _proven(folder: Path) -> list[Path]:
    files = [*(folder / "files").iterdir(), *(folder / "checkpoints").iterdir()]
    return [*sorted(files), *(folder / name for name in _PROVEN)]


def _last_note(folder: Path) -> Path:
    return max((folder / "checkpoints").iterdir(), key=lambda path: int(path.stem))


def _journal(folder: Path) -> Path:
    return folder / "journal.jsonl"


def _canonical(said: object) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
