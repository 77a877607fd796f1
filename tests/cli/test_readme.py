import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.cli.conftest import ROOT, hygiene

README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLE = (ROOT / "docs" / "example-responses.yaml").read_text(encoding="utf-8")
MAKE, VERIFY = re.findall(r"^\.venv/bin/hygiene-audit (report .+)$", README, re.MULTILINE)


@dataclass(frozen=True)
class Made:
    data: Path
    report: Path
    said: str


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """What the first command of the README leaves, but for where."""
    folder = tmp_path_factory.mktemp("readme")
    report = folder / "report.pdf"
    arguments = [report if one == "report.pdf" else one for one in shlex.split(MAKE)]
    done = hygiene(*arguments, data=folder / "data")
    assert done.returncode == 0, done.stderr
    return Made(data=folder / "data", report=report, said=done.stdout)


def test_the_commands_of_the_readme_make_a_report_that_passes(made: Made) -> None:
    verify = [made.report if one == "report.pdf" else one for one in shlex.split(VERIFY)]

    done = hygiene(*verify, data=made.data)

    assert done.returncode == 0
    assert done.stdout.startswith("PASSED\n")
    assert "Organisation: Lumen Skin Studio" in done.stdout


def test_the_report_of_the_readme_is_a_sound_pdf_to_others(made: Made) -> None:
    sealed = subprocess.run(
        ["pdfsig", made.report], capture_output=True, text=True, check=False
    ).stdout
    checked = subprocess.run(
        ["qpdf", "--check", made.report], capture_output=True, text=True, check=False
    )

    assert "Signature Validation: Signature is Valid." in sealed
    assert "Total document signed" in sealed
    assert checked.returncode == 0
    assert "WARNING" not in checked.stdout + checked.stderr


def test_the_report_of_the_readme_says_what_the_example_says(made: Made) -> None:
    pages = "\n".join(page.extract_text() for page in PdfReader(made.report).pages)

    assert "No small ones left since Tuesday." in pages
    assert "Mei Tanaka" in pages
    assert made.said.startswith(f"{made.report}: ")
    assert " %. " in made.said


def test_the_excerpt_in_the_readme_stands_in_the_example() -> None:
    excerpt = re.findall(r"```yaml\n(.+?)```", README, re.DOTALL)[0]

    assert [line for line in excerpt.splitlines() if line not in EXAMPLE.splitlines()] == []


def test_the_example_is_for_the_checklist_of_the_readme() -> None:
    checklist = re.findall(r"--checklist (\S+)", MAKE)[0]

    assert f"--checklist {checklist}`" in EXAMPLE.splitlines()[0]
