"""What is installed is pinned and hashed, and comes from wherever the machine is told to look."""

import re
from pathlib import Path

import pytest

from tests.house.sources import ROOT

LOCKS = sorted(ROOT.glob("requirements*.txt"))
INSTALLERS = [
    *(ROOT / name for name in ("Makefile", "pyproject.toml", ".ci/run")),
    *sorted((ROOT / "deploy").glob("*.*")),
    *sorted(ROOT.glob("package*.json")),
]
_PIN = re.compile(r"^[A-Za-z0-9._\[\],-]+==\S+", re.MULTILINE)
_INDEX = re.compile(r"://|--(?:extra-)?index-url|--find-links|--trusted-host", re.IGNORECASE)
_HOST = re.compile(r"\b(?:files\.)?pythonhosted\.org|\bpypi\.(?:org|python)|registry\.npmjs")


def test_there_are_locks_for_running_and_for_testing() -> None:
    assert {path.name for path in LOCKS} >= {"requirements.txt", "requirements-dev.txt"}


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_lock_names_no_registry(path: Path) -> None:
    assert _INDEX.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_pinned_version_has_its_hashes(path: Path) -> None:
    blocks = re.split(r"\n(?=[A-Za-z0-9])", path.read_text(encoding="utf-8").strip())

    assert [
        block for block in blocks if not _PIN.match(block) or "--hash=sha256:" not in block
    ] == []


@pytest.mark.parametrize("path", INSTALLERS, ids=lambda path: path.name)
def test_what_installs_names_no_registry(path: Path) -> None:
    assert _HOST.findall(path.read_text(encoding="utf-8")) == []
