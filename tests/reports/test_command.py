import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from reports import __main__ as command
from reports.render import render
from reports.seal import seal
from tests.reports.genuine import NOW, genuine, key, photos, snapshot
from tests.reports.samples import sample_snapshot

ROOT = Path(__file__).parents[2]


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "reports", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "good.pdf").write_bytes(genuine())
    (tmp_path / "bad.pdf").write_bytes(genuine() + b"\n")
    (tmp_path / "ca.pem").write_bytes(key().ca_certificate_pem)
    return tmp_path


def test_the_command_says_passed_and_ends_with_0(files: Path) -> None:
    done = run(files / "good.pdf", "--trust", files / "ca.pem")

    assert done.returncode == 0
    assert done.stdout.startswith("PASSED\n")
    assert snapshot().record.site.name in done.stdout


def test_the_command_says_failed_and_ends_with_1(files: Path) -> None:
    done = run(files / "bad.pdf")

    assert done.returncode == 1
    assert done.stdout.startswith("FAILED\n  Its end is missing")


def test_the_command_alone_cannot_know_the_key_and_ends_with_2(files: Path) -> None:
    done = run(files / "good.pdf", "--json")

    told = json.loads(done.stdout)
    assert done.returncode == 2
    assert told["standing"] == "INDETERMINATE"
    assert told["report"] == snapshot().code


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.pdf"], "none.pdf: No such file or directory"),
        (["good.pdf", "--trust", "none.pem"], "none.pem: No such file or directory"),
        (["good.pdf", "--trust", "good.pdf"], "good.pdf: not a certificate in PEM form"),
    ],
)
def test_the_command_says_which_file_it_cannot_use(
    files: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(files)
    monkeypatch.setattr(sys, "argv", ["reports", *arguments])

    code = command.main()

    assert code == 1
    assert capsys.readouterr().err == f"{said}\n"


def test_the_command_claims_nothing_for_what_is_no_report(
    files: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["reports", str(files / "ca.pem")])

    command.main()

    assert "The file says" not in capsys.readouterr().out


def test_a_name_cannot_command_the_terminal(
    files: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    record = snapshot().record.model_copy(
        update={"site": snapshot().record.site.model_copy(update={"name": "Spa \x1b[2J \u202e"})}
    )
    tricky = sample_snapshot(record, signatures=())
    (files / "tricky.pdf").write_bytes(seal(render(tricky, photos()), key(), NOW))
    monkeypatch.setattr(sys, "argv", ["reports", str(files / "tricky.pdf")])

    command.main()

    told = capsys.readouterr().out
    assert "Site: Spa \N{REPLACEMENT CHARACTER}[2J" in told
    assert "\x1b" not in told
    assert "\u202e" not in told


def test_a_verdict_left_open_says_how_to_name_the_certificate(files: Path) -> None:
    assert "--trust CA.PEM" in run(files / "good.pdf").stdout


def test_missing_libraries_are_named_instead_of_a_traceback(files: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-S", "-m", "reports", files / "good.pdf"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 3
    assert "reportlab" in done.stderr
    assert "pip install -r requirements.txt" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_there_is_told_to_programs_as_json(files: Path) -> None:
    done = run(files / "none.pdf", "--json")

    assert done.returncode == 1
    assert json.loads(done.stdout)["standing"] == "FAILED"


def test_a_misspelt_option_does_not_end_like_a_verdict(files: Path) -> None:
    assert run(files / "good.pdf", "--jason").returncode == 64
