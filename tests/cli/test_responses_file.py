from random import Random

import pytest
from pypdf import PdfReader

from audit.store.photos import draw_sign, draw_stand_in
from reports.reprint import read_snapshot, take_apart
from tests.cli.conftest import Bench
from tests.cli.small_files import CHECKLIST, FIRST, GOOD, HEAD, write

ROOMS = """\
- code: rooms
  title: Rooms
  repeat_over: rooms
  items:
  - code: room_clean
    kind: compliance
    prompt: Is the room clean?
- code: needles
  title: Needles
  when: {service: microneedling}
  items:
  - code: needles_new
    kind: compliance
    prompt: Are needles new for each client?
"""
REPEATS = "repeats: {rooms: [One, Two]}\n"
BOTH = GOOD + "  room_clean@One: yes\n  room_clean@Two: no\n"
# The head of the file with one line changed; the line it is on, and what is said.
HEADS = {
    "zone: America/Denver": ("zone: Denver", 3, "write a time zone such as America/Toronto"),
    "inspector: Ana Ruiz": ("inspector: ''", 4, "inspector: this must not be empty"),
    "started_at: 2026-11-20 09:00": ("started_at: noon", 5, "started_at: Write date and time"),
    "completed_at: 2026-11-20 09:40": (
        "completed_at: 2026-11-20 08:40",
        1,
        "completed_at lies before started_at",
    ),
    "organisation: {name: Lumen Skin Studio}": (
        f"organisation: {{name: {'L' * 201}}}",
        1,
        "name: Too long: at most 200 characters, this has 201.",
    ),
}


@pytest.mark.parametrize("line", HEADS)
def test_fault_in_the_head_is_named_with_its_line(bench: Bench, line: str) -> None:
    changed, number, reason = HEADS[line]

    done = bench.make(GOOD, head=HEAD.replace(line, changed))

    assert done.exit_code == 3
    assert f"responses.yaml:{number}: " in done.stderr
    assert reason in done.stderr


def test_visit_that_has_not_begun_cannot_have_ended(bench: Bench) -> None:
    head = HEAD.replace("2026-11-20 09:00", "2099-01-01 09:00")

    done = bench.make(GOOD, head=head.replace("completed_at: 2026-11-20 09:40\n", ""))

    assert done.exit_code == 3
    assert "responses.yaml:5: started_at has not come yet; give completed_at as well" in done.stderr


@pytest.mark.parametrize("empty", ["null", "''", "{}", "{value: null}", "[]"])
def test_response_left_empty_is_missing(bench: Bench, empty: str) -> None:
    done = bench.make(f"  gloves_worn: {empty}\n  water_warm: 41\n")

    assert done.exit_code == 3
    assert f":{FIRST} gloves_worn: Not answered yet." in done.stderr
    assert not bench.out.exists()


def test_every_room_has_its_response(bench: Bench) -> None:
    done = bench.make(BOTH, head=REPEATS + HEAD, more=ROOMS)

    assert done.exit_code == 0
    assert "1 finding is left." in done.stdout


@pytest.mark.parametrize(
    ("responses", "reason"),
    [
        ("  room_clean: yes\n", "room_clean: say for which of the rooms, behind “@”"),
        ("  room_clean@Attic: yes\n", "“Attic” is not among the rooms under repeats"),
        ("  room_clean@One: yes\n", "room_clean@Two: Not answered yet."),
        (BOTH.removeprefix(GOOD) + "  remark@One: x\n", "remark@One: this is asked only once"),
        (
            BOTH.removeprefix(GOOD) + "  room_clean@ One: yes\n",
            "room_clean@ One: this stands here twice",
        ),
        (
            BOTH.removeprefix(GOOD) + "  needles_new: yes\n",
            "needles_new: this is not asked here: look at its condition, and at services",
        ),
    ],
)
def test_response_for_the_wrong_place_is_refused(bench: Bench, responses: str, reason: str) -> None:
    done = bench.make(GOOD + responses, head=REPEATS + HEAD, more=ROOMS)

    assert done.exit_code == 3
    assert reason in done.stderr


def test_rooms_are_named_or_said_to_be_none(bench: Bench) -> None:
    unnamed = bench.make(GOOD, more=ROOMS)
    none = bench.make(GOOD, head="repeats: {rooms: []}\n" + HEAD, more=ROOMS)

    assert unnamed.exit_code == 3
    assert "rooms: Name the rooms you looked at, or say there are none." in unnamed.stderr
    assert none.exit_code == 0


def test_room_named_twice_is_refused(bench: Bench) -> None:
    done = bench.make(BOTH, head="repeats: {rooms: [One, One]}\n" + HEAD, more=ROOMS)

    assert done.exit_code == 3
    assert "responses.yaml:1: repeats: one of the rooms is named twice" in done.stderr


def test_photo_is_printed(bench: Bench) -> None:
    (bench.folder / "sink.jpg").write_bytes(draw_stand_in(Random(1)))  # noqa: S311 - a drawing

    done = bench.make("  gloves_worn: {value: yes, photos: [sink.jpg]}\n  water_warm: 41\n")

    assert done.exit_code == 0
    assert "Printing 3 items and 1 photos" in done.stderr
    assert b"/DCTDecode" in bench.out.read_bytes()


@pytest.mark.parametrize(
    ("photos", "reason"),
    [
        ("sink.jpg", "photos is a list of file names"),
        ("[1]", "photos is a list of file names"),
        (f"[{', '.join(['sink.jpg'] * 21)}]", "an item takes at most 20 photos"),
        ('["a\\0b"]', "A character in this text cannot be printed."),
        (f"[{'é' * 200}]", "File name too long"),
    ],
    ids=["no list", "a number", "too many", "a hidden end", "too long a name"],
)
def test_photos_that_cannot_be_looked_up_are_refused(
    bench: Bench, photos: str, reason: str
) -> None:
    done = bench.make(f"  gloves_worn: {{value: yes, photos: {photos}}}\n  water_warm: 41\n")

    assert done.exit_code == 3
    assert f":{FIRST} gloves_worn: " in done.stderr
    assert reason in done.stderr


def test_place_without_a_pack_is_said(bench: Bench) -> None:
    done = bench.make(GOOD, head="jurisdiction: US-NV\n" + HEAD)

    assert done.exit_code == 0
    assert "No pack is shipped for US-NV; none of its law is added.\n" in done.stderr


def test_a_look_in_the_file_is_printed(bench: Bench) -> None:
    (bench.folder / "logo.png").write_bytes(draw_sign(("Lumen", "Skin"), "#7A1F5C"))
    look = "branding: {logo: logo.png, accent: '#7A1F5C', web: lumen.example}\n"

    done = bench.make(GOOD, head=look + HEAD)

    assert done.exit_code == 0
    first = PdfReader(bench.out).pages[0]
    assert "lumen.example" in first.extract_text()
    assert len(first.images) == 1


@pytest.mark.parametrize(
    ("head", "asked", "size"),
    [
        ("", (), None),
        ("", ("--photos", "small"), None),
        ("", ("--photos", "large"), "large"),
        ("branding: {photos: large}\n", (), "large"),
        ("branding: {photos: large, web: lumen.example}\n", ("--photos", "small"), "small"),
    ],
)
def test_the_command_decides_how_large_photos_are_before_the_file_does(
    bench: Bench, head: str, asked: tuple[str, ...], size: str | None
) -> None:
    checklist = write(bench.folder / "small.yaml", CHECKLIST)

    done = bench.report(head + HEAD + GOOD, checklist, *asked)

    assert done.exit_code == 0
    look = read_snapshot(take_apart(bench.out.read_bytes()).snapshot()).branding
    assert (look.photos if look else None) == size
    assert bench.run("report", "verify", bench.out).exit_code == 0


@pytest.mark.parametrize(
    ("look", "reason"),
    [
        ("{logo: none.png}", "there is no photo none.png"),
        ("{logo: ../secret.png}", "lies outside the folder of this file"),
        ("{accent: '#FFEE00'}", "too pale to read on white paper"),
        ("{photos: huge}", "photos"),
        ("{color: red}", "nothing is called this here"),
    ],
)
def test_a_look_that_cannot_be_used_is_named_with_its_line(
    bench: Bench, look: str, reason: str
) -> None:
    done = bench.make(GOOD, head=f"branding: {look}\n{HEAD}")

    assert done.exit_code == 3
    assert "responses.yaml:1: " in done.stderr
    assert reason in done.stderr
