import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Bench, surroundings


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package installed from its wheel, as on another machine."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-cache-dir"]
    subprocess.run(
        [
            *pip,
            "wheel",
            ROOT,
            "-w",
            folder,
            "--no-index",
            "--no-build-isolation",
            "--no-deps",
            "-q",
        ],
        check=True,
    )
    wheel = next(folder.glob("*.whl"))
    target = folder / "installed"
    subprocess.run(
        [*pip, "install", wheel, "--target", target, "--no-index", "--no-deps", "-q"], check=True
    )
    return target


def run(installed: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the installed program from a folder that holds nothing of ours."""
    return subprocess.run(
        [sys.executable, installed / "bin" / "hygiene-audit", *arguments],
        cwd=installed.parent,
        env={**surroundings(installed.parent / "data"), "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_installed_wheel_lists_the_checklists_it_brought(installed: Path) -> None:
    done = run(installed, "checklist", "list")

    here = Bench(installed.parent).run("checklist", "list")
    assert done.returncode == 0
    assert done.stdout == here.stdout
    assert (installed / "audit" / "checklists" / "digests.txt").is_file()


def test_installed_wheel_prints_and_seals_with_what_it_brought(installed: Path) -> None:
    report = installed.parent / "report.pdf"

    made = run(installed, "demo", "--report", report)

    assert made.returncode == 0, made.stderr
    assert Bench(installed.parent).run("report", "verify", report).exit_code == 0


def test_installed_wheel_brings_every_page_style_and_migration(installed: Path) -> None:
    brought = {
        str(path.relative_to(installed / "audit"))
        for folder in ("templates", "static", "store")
        for path in (installed / "audit" / folder).rglob("*")
        if path.suffix not in {".pyc", ""}
    }
    ours = {
        str(path.relative_to(base))
        for base, folder in (
            (ROOT, "templates"),
            (ROOT / "audit", "static"),
            (ROOT / "audit", "store"),
        )
        for path in (base / folder).rglob("*")
        if path.suffix not in {".pyc", ""}
    }

    assert ours - brought == set()


def test_installed_wheel_is_what_runs(installed: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import audit; print(audit.__file__)"],
        cwd=installed.parent,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert Path(done.stdout.strip()).is_relative_to(installed)
