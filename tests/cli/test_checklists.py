import re
from pathlib import Path
from shutil import copytree

import pytest

from audit.services.library import shipped_catalogue
from tests.cli.conftest import ROOT, Bench, hygiene
from tests.cli.small_files import CHECKLIST, write
from tests.services.small_library import small_library

CHANGED = CHECKLIST.replace("version: 1", "version: 2").replace("value: 38", "value: 40")
# Each with the line it is on and what is said there.
MALFORMED = {
    "an unknown word": (CHECKLIST.replace("critical", "terrible"), 14, "severity"),
    "an unknown name": (CHECKLIST.replace("    order:", "    ordr:"), 13, "ordr"),
    "a key written twice": (CHECKLIST + "topic: glove-use\n", 28, "'topic' stands here twice"),
    "text after the end": (CHECKLIST + "--- {}\n", 28, "one file holds one document"),
    "a code used twice": (CHECKLIST.replace("water_warm", "gloves_worn"), 16, "gloves_worn"),
    "no YAML": ("sections: [\n", 2, ""),
}


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A folder laid out like the shipped one, pinned."""
    folder = tmp_path / "library"
    folder.mkdir()
    small_library(folder)
    return folder


def test_everything_shipped_is_listed() -> None:
    done = hygiene("checklist", "list", data=Path("nowhere"))

    listed = {line.split("/")[0] for line in done.stdout.splitlines()}
    assert done.returncode == 0
    assert listed == {path.name for path in (ROOT / "checklists").iterdir() if path.is_dir()}
    assert not (ROOT / "nowhere").exists()


def test_the_list_stands_in_columns_and_counts_what_is_answered(bench: Bench) -> None:
    lines = bench.run("checklist", "list").stdout.splitlines()

    assert len({line.index(re.split(r"\s{2,}", line)[2], 30) for line in lines}) == 1
    counted = {line.split("/")[0]: re.findall(r"(\d+) items", line) for line in lines}
    items = shipped_catalogue().get("glove-use", shipped_catalogue().newest("glove-use")).items
    assert counted["glove-use"] == [str(sum(one.answerable for one in items.values()))]


def test_a_citation_that_does_not_exist_is_refused_as_a_report_would(bench: Bench) -> None:
    citing = CHECKLIST.replace("    order:", "    clauses: [no-such-fact]\n    order:", 1)

    done = bench.run("checklist", "check", write(bench.folder / "citing.yaml", citing))

    assert done.exit_code == 3
    assert "cites the unknown fact no-such-fact" in done.stderr


def test_shipped_folder_is_right(bench: Bench) -> None:
    done = bench.run("checklist", "check", ROOT / "checklists")

    assert done.exit_code == 0
    assert ": right. " in done.stdout


def test_file_of_ones_own_is_right(bench: Bench) -> None:
    path = write(bench.folder / "small.yaml", CHECKLIST)

    done = bench.run("checklist", "check", path)

    assert done.exit_code == 0
    assert done.stdout.startswith(f"{path}: right. Small check, digest ")


@pytest.mark.parametrize("malformed", MALFORMED)
def test_fault_is_named_with_file_line_and_reason(bench: Bench, malformed: str) -> None:
    text, line, reason = MALFORMED[malformed]
    path = write(bench.folder / "small.yaml", text)

    done = bench.run("checklist", "check", path)

    assert done.exit_code == 3
    assert done.stderr.startswith(f"{path}:{line}: ")
    assert reason in done.stderr


def test_malformed_file_shows_no_traceback(bench: Bench) -> None:
    path = write(bench.folder / "small.yaml", MALFORMED["an unknown word"][0])

    done = hygiene("checklist", "check", path, data=bench.data)

    assert done.returncode == 3
    assert "Traceback" not in done.stderr


def test_every_file_is_checked_before_any_fault_is_said(bench: Bench) -> None:
    good = write(bench.folder / "good.yaml", CHECKLIST)
    bad = [
        write(bench.folder / f"bad{number}.yaml", MALFORMED["an unknown word"][0])
        for number in (1, 2)
    ]

    done = bench.run("checklist", "check", bad[0], good, bad[1], bench.folder / "none.yaml")

    assert done.exit_code == 3
    assert f"{good}: right." in done.stdout
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == [
        *(str(path) for path in bad),
        str(bench.folder / "none.yaml"),
    ]


def test_published_version_that_was_edited_is_refused(bench: Bench, library: Path) -> None:
    published = library / "small-check" / "1.yaml"
    write(published, published.read_text(encoding="utf-8").replace("the water", "this water"))

    done = bench.run("checklist", "check", library)

    assert done.exit_code == 3
    assert str(published) in done.stderr


def test_new_version_is_right_once_it_is_pinned(bench: Bench, library: Path) -> None:
    folder = library / "small-check"
    following = (folder / "1.yaml").read_text(encoding="utf-8").replace("version: 1", "version: 2")
    write(folder / "2.yaml", following)

    before = bench.run("checklist", "check", library)
    pinned = bench.run("checklist", "check", "--pin", library)
    after = bench.run("checklist", "check", library)

    assert [done.exit_code for done in (before, pinned, after)] == [3, 0, 0]
    assert "not pinned" in before.stderr


def test_difference_says_what_changed_and_what_becomes_of_findings(bench: Bench) -> None:
    old = write(bench.folder / "old.yaml", CHECKLIST)
    new = write(bench.folder / "new.yaml", CHANGED)

    done = bench.run("checklist", "diff", old, new)

    assert done.exit_code == 0
    assert done.stdout.startswith("small-check/1 → small-check/2\n")
    assert "water_warm  How warm is the water?" in done.stdout
    assert "an old finding here: " in done.stdout
    assert "gloves_worn" not in done.stdout


def test_no_difference_is_said(bench: Bench) -> None:
    done = bench.run("checklist", "diff", "glove-use/1", "glove-use/1")

    assert done.stdout == "glove-use/1 → glove-use/1\nNo difference.\n"


def test_difference_to_what_is_no_checklist_is_refused(bench: Bench, library: Path) -> None:
    copytree(library, bench.folder / "copy")
    pack = bench.folder / "copy" / "us-ut" / "1.yaml"

    done = bench.run("checklist", "diff", pack, "glove-use")

    assert done.exit_code == 3
    assert str(pack) in done.stderr


def test_a_file_of_ones_own_is_printed_to_be_filled_in_by_hand(bench: Bench) -> None:
    path, form = write(bench.folder / "small.yaml", CHECKLIST), bench.folder / "form.pdf"

    done = bench.run("checklist", "print", path, "--out", form)

    assert done.exit_code == 0
    assert form.read_bytes().startswith(b"%PDF-1.7")
