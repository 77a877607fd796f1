import os
import socket
import subprocess
from collections.abc import Iterator
from importlib.metadata import version

import click
import pytest
from sqlalchemy.exc import ProgrammingError

from audit.cli.main import main
from audit.cli.terminal import plainly
from tests.cli.conftest import PROGRAM, Bench, surroundings
from tests.cli.small_files import CHECKLIST, GOOD, HEAD, write


def commands(
    one: click.Command, name: str = "hygiene-audit"
) -> Iterator[tuple[str, click.Command]]:
    yield name, one
    if isinstance(one, click.Group):
        for word, below in one.commands.items():
            yield from commands(below, f"{name} {word}")


EVERY = dict(commands(main))


def test_the_promised_commands_are_there() -> None:
    assert EVERY.keys() >= {
        "hygiene-audit serve",
        "hygiene-audit demo",
        "hygiene-audit db upgrade",
        "hygiene-audit checklist list",
        "hygiene-audit checklist check",
        "hygiene-audit checklist diff",
        "hygiene-audit report make",
        "hygiene-audit report verify",
    }


@pytest.mark.parametrize("name", EVERY)
def test_command_and_its_options_say_what_they_are_for(name: str) -> None:
    options = [one for one in EVERY[name].params if isinstance(one, click.Option)]

    assert EVERY[name].help
    assert [one.name for one in options if not one.help] == []


def test_version_is_that_of_the_package(bench: Bench) -> None:
    done = bench.run("--version")

    assert version("hygiene-audit") in done.stdout


def test_unknown_setting_is_named_and_the_near_one_with_it(bench: Bench) -> None:
    done = bench.run("db", "upgrade", AUDIT_DATABSE_URL="sqlite:///x")

    assert done.exit_code == 3
    assert "AUDIT_DATABSE_URL: there is no such setting; did you mean AUDIT_DATABASE_URL?" in (
        done.stderr
    )
    assert not bench.data.exists()


def test_database_is_brought_up_to_date_as_often_as_one_likes(bench: Bench) -> None:
    first = bench.run("db", "upgrade")
    second = bench.run("db", "upgrade")

    assert first.exit_code == second.exit_code == 0
    assert first.stdout == second.stdout
    assert first.stdout.startswith("The database is at ")


def test_file_that_is_no_database_is_refused_in_words(bench: Bench) -> None:
    bench.data.mkdir()
    (bench.data / "audit.sqlite3").write_bytes(b"this is a letter, not a database\n" * 200)

    done = bench.run("db", "upgrade")

    assert done.exit_code == 3
    assert done.stderr == "The database cannot be used: file is not a database\n"


def test_folder_that_cannot_be_made_is_named(bench: Bench) -> None:
    bench.data.write_text("a file where the folder would be")

    done = bench.run("db", "upgrade")

    assert done.exit_code == 3
    assert done.stderr == f"{bench.data}: File exists.\n"


def test_port_in_use_is_refused_before_an_address_is_printed(bench: Bench) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        done = bench.run("serve", "--port", str(port))

    assert done.exit_code == 3
    assert f"127.0.0.1:{port} cannot be served at: Address already in use." in done.stderr
    assert done.stdout == ""


def test_fault_of_ours_is_no_refusal() -> None:
    @plainly
    def ask_for_what_is_not_there() -> None:
        raise ProgrammingError("SELECT 1 FROM nowhere", None, Exception("no such table"))

    with pytest.raises(ProgrammingError):
        ask_for_what_is_not_there()


def test_progress_counts_up_on_one_line_of_a_terminal(bench: Bench) -> None:
    given = write(bench.folder / "responses.yaml", HEAD + GOOD)
    asked = write(bench.folder / "small.yaml", CHECKLIST)
    ours, theirs = os.openpty()

    subprocess.run(
        [
            *(PROGRAM, "report", "make", "--checklist", asked),
            *("--responses", given, "--out", bench.out),
        ],
        env=surroundings(bench.data),
        stderr=theirs,
        stdout=subprocess.DEVNULL,
        check=True,
    )

    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    os.close(theirs)
    assert "\r\x1b[KReading responses and photos 1/2\r\x1b[K" in shown
    assert shown.endswith("\r\x1b[KSealing\r\n")
