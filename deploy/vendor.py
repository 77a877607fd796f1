"""Copies the browser libraries named in WANTED from node_modules, or checks what was copied.

Run `npm ci --ignore-scripts` before copying; Node is needed for nothing else. Checking needs only
the repository, and fails on a changed, missing or extra file, or one of another version.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
VENDOR = ROOT / "audit" / "static" / "vendor"
WANTED = {
    "idb": {"build/index.js": "idb.js", "LICENSE": "LICENSE"},
    "signature_pad": {"dist/signature_pad.min.js": "signature_pad.js", "LICENSE": "LICENSE"},
}
RECORD = "VENDOR.json"
_SOURCE_MAP = re.compile(rb"\n?//# sourceMappingURL=\S+\s*$")


def copy() -> None:
    """Copy what is wanted, and write down what it is."""
    for package, names in WANTED.items():
        folder = VENDOR / package
        folder.mkdir(parents=True, exist_ok=True)
        files = {}
        for source, name in names.items():
            data = (ROOT / "node_modules" / package / source).read_bytes()
            # The map is not shipped; browsers would ask for it in vain.
            plain = _SOURCE_MAP.sub(b"\n", data)
            (folder / name).write_bytes(plain)
            files[name] = sha256(plain).hexdigest()
        record = {"package": package, **_locked(package), "files": files}
        (folder / RECORD).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def check() -> list[str]:
    """Return what is wrong with the copies."""
    known = {str(Path(package) / RECORD) for package in WANTED}
    faults: list[str] = []
    for package in WANTED:
        record = _read(VENDOR / package / RECORD)
        known |= {str(Path(package) / name) for name in record.get("files", {})}
        faults.extend(_compare(package, record))
    present = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}
    faults.extend(f"{name}: not from any package" for name in sorted(present - known))
    return faults


def _compare(package: str, record: dict[str, Any]) -> Iterator[str]:
    if {name: record.get(name) for name in _locked(package)} != _locked(package):
        yield f"{package}: not the version in package-lock.json"
    if set(record.get("files", {})) != set(WANTED[package].values()):
        yield f"{package}: not the files that are wanted"
    for name, digest in record.get("files", {}).items():
        path = VENDOR / package / name
        if not path.is_file():
            yield f"{package}/{name}: missing"
        elif sha256(path.read_bytes()).hexdigest() != digest:
            yield f"{package}/{name}: changed"


def _locked(package: str) -> dict[str, str]:
    entry = _read(ROOT / "package-lock.json")["packages"][f"node_modules/{package}"]
    return {name: entry[name] for name in ("version", "integrity", "license")}


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found


def main() -> int:
    """Copy, or with --check only compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, and change nothing")
    if not parser.parse_args().check:
        copy()
    faults = check()
    sys.stderr.writelines(f"{fault}\n" for fault in faults)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
