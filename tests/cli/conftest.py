"""The command as people run it, one sealed report, and one demo for the whole run."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from audit.cli.main import main
from tests.cli.small_files import CHECKLIST, GOOD, HEAD, write

ROOT = Path(__file__).parents[2]
PROGRAM = Path(sys.executable).with_name("hygiene-audit")


def surroundings(data: Path, **more: str) -> Mapping[str, str]:
    """Return the environment without settings of this machine, but for the data directory."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("AUDIT_")}
    return {**plain, "AUDIT_DATA_DIR": str(data), **more}


def hygiene(
    *arguments: str | Path, data: Path, cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """Run the installed program."""
    return subprocess.run(
        [PROGRAM, *arguments],
        cwd=cwd,
        env=surroundings(data),
        capture_output=True,
        text=True,
        check=False,
    )


@dataclass(frozen=True)
class Bench:
    """A folder with a small checklist, and the command run in this process: what it is refused."""

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def out(self) -> Path:
        return self.folder / "out.pdf"

    def run(self, *arguments: str | Path, **settings: str) -> Result:
        """Run the command; a bug in it is raised here, not turned into an exit code."""
        wanted = surroundings(self.data, **settings)
        return CliRunner().invoke(
            main,
            [str(one) for one in arguments],
            env={**dict.fromkeys(os.environ.keys() - wanted.keys()), **wanted},
            catch_exceptions=False,
        )

    def make(self, responses: str, *, head: str = HEAD, more: str = "") -> Result:
        """Make a report of `responses` below `head`, by the small checklist and `more` of it."""
        return self.report(head + responses, write(self.folder / "small.yaml", CHECKLIST + more))

    def report(self, text: str, checklist: str | Path, *more: str) -> Result:
        """Make a report of a whole file of responses."""
        given = write(self.folder / "responses.yaml", text)
        return self.run(
            *("report", "make", "--checklist", checklist),
            *("--responses", given, "--out", self.out),
            *more,
        )


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.fixture(scope="session")
def small_report(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A folder in which one small report was made."""
    made = Bench(tmp_path_factory.mktemp("small"))
    assert made.make(GOOD).exit_code == 0
    return made


@dataclass(frozen=True)
class Demo:
    """The demo as the program made it: where, and what it said."""

    bench: Bench
    said: str

    @property
    def data(self) -> Path:
        return self.bench.data


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    bench = Bench(tmp_path_factory.mktemp("demo"))
    done = hygiene("demo", "--port", "8471", data=bench.data)
    assert done.returncode == 0, done.stderr
    return Demo(bench=bench, said=done.stderr)
