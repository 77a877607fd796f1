import re

import pytest
from pypdf import PdfReader

from tests.cli.conftest import Bench
from tests.cli.small_files import ABSENT, CHECKLIST, FIRST, GOOD, HEAD, write
from tests.cli.spoiled_photos import HTML, huge_picture

WORD = "x" * 300_000
# Each with the line it is on, counted from the first response, and what is said there.
REFUSED = {
    "not a number": ("  gloves_worn: yes\n  water_warm: NaN\n", 1, "water_warm: Write a number"),
    "beyond all numbers": (
        "  gloves_worn: yes\n  water_warm: 1e999\n",
        1,
        "water_warm: Write a number in °C, for example 36.5.",
    ),
    "two commas": ("  gloves_worn: yes\n  water_warm: 12,5,0\n", 1, "water_warm: Write a number"),
    "a word without an end": (GOOD + f"  remark: {WORD}\n", 2, "remark: Too long: at most"),
    "a control character": (GOOD + '  remark: "bell \\a"\n', 2, "cannot be printed"),
    "an unknown item": (GOOD + "  gloves_wron: yes\n", 2, "small-check has no item gloves_wron"),
    "a missing response": ("  gloves_worn: yes\n", -1, "water_warm: Not answered yet."),
    "an unknown word": ("  gloves_worn: maybe\n  water_warm: 41\n", 0, "gloves_worn: "),
    "an unknown name": (
        "  gloves_worn: {value: yes, coment: x}\n  water_warm: 41\n",
        0,
        "not coment",
    ),
    "a missing photo": (
        "  gloves_worn: {value: yes, photos: [none.jpg]}\n  water_warm: 41\n",
        0,
        "there is no photo none.jpg",
    ),
    "a photo elsewhere": (
        "  gloves_worn: {value: yes, photos: [../../etc/passwd]}\n  water_warm: 41\n",
        0,
        "lies outside the folder",
    ),
    "a key written twice": (GOOD + "  gloves_worn: no\n", 2, "gloves_worn"),
    "an anchor": ("  gloves_worn: &a yes\n  water_warm: 41\n", 0, "anchors (&name)"),
    "an alias": ("  gloves_worn: yes\n  water_warm: *a\n", 1, "aliases (*name)"),
}


def test_report_is_made_by_a_checklist_of_ones_own(bench: Bench) -> None:
    done = bench.make(GOOD)

    assert done.exit_code == 0
    assert done.stdout == (
        f"{bench.out}: Pass, 100.0 %. Everything that was judged was as it must be.\n"
    )
    assert bench.run("report", "verify", bench.out).exit_code == 0


def test_report_made_without_a_server_names_no_address(bench: Bench) -> None:
    bench.make(GOOD)

    pages = "\n".join(page.extract_text() for page in PdfReader(bench.out).pages)
    assert "http://" not in pages
    assert "Made without a server." in " ".join(pages.split())
    assert "hygiene-audit report verify report.pdf" in " ".join(pages.split())


def test_a_summary_names_the_report_that_the_same_responses_give(bench: Bench) -> None:
    checklist = write(bench.folder / "small.yaml", CHECKLIST)
    bench.report(HEAD + GOOD, checklist, "--layout", "summary")
    summary = PdfReader(bench.out).pages[0].extract_text()
    bench.report(HEAD + GOOD, checklist)

    whole = PdfReader(bench.out).pages[0].extract_text()
    [named] = re.findall(r"Taken from report ([0-9A-Z-]{14})", " ".join(summary.split()))
    assert named in whole


def test_report_names_the_address_that_was_set(bench: Bench) -> None:
    given = write(bench.folder / "responses.yaml", HEAD + GOOD)
    checklist = write(bench.folder / "small.yaml", CHECKLIST)

    bench.run(
        *("report", "make", "--checklist", checklist, "--responses", given, "--out", bench.out),
        AUDIT_BASE_URL="https://audits.example.org",
    )

    first = "".join(PdfReader(bench.out).pages[0].extract_text().split())
    assert "https://audits.example.org/v/" in first


def test_long_work_says_what_it_is_at(bench: Bench) -> None:
    done = bench.make(GOOD)

    said = done.stderr.splitlines()
    assert said[0] == "Reading responses and photos"
    assert "Printing 3 items and 0 photos" in said
    assert said[-1] == "Sealing"


@pytest.mark.parametrize("spoiled", REFUSED)
def test_what_cannot_be_used_is_named_with_its_line_and_nothing_is_left(
    bench: Bench, spoiled: str
) -> None:
    responses, line, reason = REFUSED[spoiled]

    done = bench.make(responses)

    assert done.exit_code == 3
    assert f"{bench.folder / 'responses.yaml'}:{FIRST + line}" in done.stderr
    assert reason in done.stderr
    assert {one.name for one in bench.folder.iterdir()} == {"responses.yaml", "small.yaml"}


def test_everything_wrong_is_said_at_once(bench: Bench) -> None:
    done = bench.make("  gloves_worn: maybe\n  water_warm: NaN\n  elsewhere: yes\n")

    assert [line.split(" ")[1] for line in done.stderr.splitlines()[1:]] == [
        "gloves_worn:",
        "water_warm:",
        "elsewhere:",
    ]


@pytest.mark.parametrize(
    ("photo", "reason"),
    [
        (HTML, "This is not a photo in JPEG, PNG or WebP form."),
        (b"", "This file is empty."),
        (huge_picture(13_000), "This picture has 13,000 x 13,000 points"),
    ],
    ids=["a page", "nothing", "a small file that unfolds to 169 million points"],
)
def test_photo_that_is_none_is_refused_by_its_name(bench: Bench, photo: bytes, reason: str) -> None:
    (bench.folder / "sink.png").write_bytes(photo)

    done = bench.make("  gloves_worn: {value: yes, photos: [sink.png]}\n  water_warm: 41\n")

    assert done.exit_code == 3
    assert f":{FIRST} gloves_worn: sink.png: {reason}" in done.stderr
    assert not bench.out.exists()


def test_audit_in_which_nothing_was_judged_is_refused(bench: Bench) -> None:
    done = bench.make(ABSENT)

    assert done.exit_code == 3
    assert "Nothing was judged: at least one item needs a yes, a no or a reading." in done.stderr
    assert not bench.out.exists()


def test_refusal_leaves_a_report_that_was_there_as_it_was(bench: Bench) -> None:
    bench.out.write_bytes(b"the report of last month")

    done = bench.make("  gloves_worn: maybe\n")

    assert done.exit_code == 3
    assert bench.out.read_bytes() == b"the report of last month"


def test_report_that_cannot_be_written_leaves_nothing_half_done(bench: Bench) -> None:
    bench.out.mkdir()

    done = bench.make(GOOD)

    assert done.exit_code == 3
    assert "is not a file; name the PDF to write." in done.stderr
    assert list(bench.out.iterdir()) == []


def test_folder_that_takes_no_file_is_named_after_the_work(bench: Bench) -> None:
    given = write(bench.folder / "responses.yaml", HEAD + GOOD)
    asked = write(bench.folder / "small.yaml", CHECKLIST)

    done = bench.run(
        *("report", "make", "--checklist", asked, "--responses", given, "--out", "/proc/out.pdf")
    )

    assert done.exit_code == 3
    assert done.stderr.splitlines()[-1].startswith("/proc/out.pdf cannot be written: ")


def test_report_never_takes_the_place_of_what_it_is_made_from(bench: Bench) -> None:
    given = write(bench.folder / "responses.yaml", HEAD + GOOD)
    asked = write(bench.folder / "small.yaml", CHECKLIST)

    done = bench.run(
        *("report", "make", "--checklist", asked, "--responses", given, "--out", given)
    )

    assert done.exit_code == 3
    assert given.read_text(encoding="utf-8") == HEAD + GOOD


def test_mark_up_in_a_name_is_printed_as_it_was_written(bench: Bench) -> None:
    name = "<b>Spa</b> & <font color='red'>Sons"

    done = bench.make(GOOD, head=HEAD.replace("Lumen Skin Studio", f'"{name}"'))

    assert done.exit_code == 0
    assert name in " ".join(PdfReader(bench.out).pages[0].extract_text().split())


def test_control_character_in_a_name_is_refused_with_its_line(bench: Bench) -> None:
    done = bench.make(GOOD, head=HEAD.replace("Lumen Skin Studio", '"Spa \\x1b[2J"'))

    assert done.exit_code == 3
    assert (
        f"{bench.folder / 'responses.yaml'}:1: name: A character in this text cannot be printed."
        in done.stderr
    )
    assert "\x1b" not in done.stderr
    assert not bench.out.exists()


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ("no-such-check", "There is no checklist called no-such-check"),
        ("glove-use/99", "There is no checklist called glove-use, version 99."),
        ("../../etc", "There is no file ../../etc, and no checklist of that name is shipped."),
    ],
)
def test_checklist_that_is_not_there_is_named(bench: Bench, asked: str, reason: str) -> None:
    done = bench.report(HEAD + GOOD, asked)

    assert done.exit_code == 3
    assert reason in done.stderr
