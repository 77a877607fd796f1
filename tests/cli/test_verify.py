import json
from pathlib import Path

import pytest

from tests.cli.conftest import Bench, hygiene


@pytest.fixture
def stranger(tmp_path: Path) -> Bench:
    """Someone who never made a report: nothing is kept, no key is known."""
    return Bench(tmp_path)


def test_own_report_passes_and_ends_with_0(small_report: Bench) -> None:
    done = small_report.run("report", "verify", small_report.out)

    assert done.exit_code == 0
    assert done.stdout.startswith("PASSED\n")


def test_changed_report_fails_and_ends_with_1(small_report: Bench, stranger: Bench) -> None:
    sealed = small_report.out.read_bytes()
    middle = len(sealed) // 3
    changed = stranger.folder / "changed.pdf"
    changed.write_bytes(
        sealed[:middle] + bytes([sealed[middle] ^ 1]) + sealed[middle + 1 :],
    )

    done = hygiene("report", "verify", changed, data=small_report.data)

    assert done.returncode == 1
    assert done.stdout.startswith("FAILED\n")
    assert "Traceback" not in done.stderr


def test_report_of_an_unknown_key_stays_open_and_ends_with_2(
    small_report: Bench, stranger: Bench
) -> None:
    done = stranger.run("report", "verify", small_report.out)

    assert done.exit_code == 2
    assert done.stdout.startswith("INDETERMINATE\n")


@pytest.mark.parametrize(
    "content",
    [b"", b"no report\n", b"%PDF-1.7\n%%EOF\n", b"<!doctype html>"],
    ids=["nothing", "text", "a bare head", "a page"],
)
def test_what_is_no_report_fails_and_ends_with_1(stranger: Bench, content: bytes) -> None:
    path = stranger.folder / "report.pdf"
    path.write_bytes(content)

    done = stranger.run("report", "verify", path)

    assert done.exit_code == 1
    assert done.stdout.startswith("FAILED\n")
    assert "The file says" not in done.stdout


def test_file_that_is_not_there_is_named_and_ends_with_1(stranger: Bench) -> None:
    path = stranger.folder / "none.pdf"

    done = stranger.run("report", "verify", path)

    assert done.exit_code == 1
    assert done.stderr == f"{path} cannot be read: No such file or directory.\n"
    assert done.stdout == ""


def test_verdict_is_there_for_programs(small_report: Bench) -> None:
    done = small_report.run("report", "verify", small_report.out, "--json")

    told = json.loads(done.stdout)
    assert told["standing"] == "PASSED"
    assert told["organisation"] == "Lumen Skin Studio"


def test_looking_at_a_report_leaves_nothing_behind(small_report: Bench, stranger: Bench) -> None:
    stranger.run("report", "verify", small_report.out)

    assert list(stranger.folder.iterdir()) == []


def test_register_of_another_version_is_left_alone(small_report: Bench, stranger: Bench) -> None:
    stranger.data.mkdir()
    register = stranger.data / "audit.sqlite3"
    register.touch()

    done = stranger.run("report", "verify", small_report.out)

    assert done.exit_code == 2
    assert "The register was not asked" in done.stderr
    assert register.read_bytes() == b""


def test_a_file_that_is_not_there_is_told_to_programs_as_json(stranger: Bench) -> None:
    done = stranger.run("report", "verify", "--json", stranger.folder / "none.pdf")

    told = json.loads(done.stdout)
    assert done.exit_code == 1
    assert told["standing"] == "FAILED"
    assert "No such file" in told["reasons"][0]


def test_a_misspelt_option_does_not_end_like_a_verdict(stranger: Bench) -> None:
    done = stranger.run("report", "verify", "--jason", "report.pdf")

    assert done.exit_code == 64
