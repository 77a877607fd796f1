"""What people type, as it is kept or refused."""

from decimal import Decimal

import pytest

from audit.domain.responses import Absent, Response, read_count, read_date, read_moment, read_number
from audit.errors import Invalid
from tests.domain.samples import item


def refusal(kind: str, raw: dict[str, object], **more: object) -> Invalid:
    with pytest.raises(Invalid) as refused:
        item(kind, **more).read(raw)
    return refused.value


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("36.5", "36.5"),
        ("36,5", "36.5"),
        (" 36.50 ", "36.50"),
        ("+4", "4"),
        ("007", "7"),
        ("-18", "-18"),
        ("-0", "0"),
        ("-0,0", "0.0"),
        (12, "12"),
        (Decimal("36.5"), "36.5"),
    ],
)
def test_number_is_kept_as_a_plain_decimal(typed: object, kept: str) -> None:
    response = item("number").read({"value": typed})

    assert response.parts == {"value": kept}


@pytest.mark.parametrize(
    "typed",
    [
        "warm",
        "36.5.1",
        "12,5,0",
        "1,000.5",
        "NaN",
        "Infinity",
        "1e999",
        "1_000",
        "0x10",
        "\uff13\uff16",
        "٣٦",
        "--4",
        ".5",
        "5.",
        "3 6",
    ],
)
def test_what_is_no_plain_number_is_refused(typed: str) -> None:
    refused = refusal("number", {"value": typed})

    assert refused.code == "not_a_number"
    assert refused.message == "Write a number in °C, for example 36.5."


@pytest.mark.parametrize("typed", ["1" * 13, "0.1234567", "9" * 5000], ids=["13", "7", "5000"])
def test_number_with_too_many_digits_is_told_how_many_it_may_have(typed: str) -> None:
    refused = refusal("number", {"value": typed})

    assert refused.code == "not_a_number"
    assert refused.message == "Too many digits: at most 12 before the point and 6 after it."


@pytest.mark.parametrize("typed", [36.5, {"a": 1}, b"36", [["36"]], [{"a": 1}], object()])
def test_what_is_no_text_is_refused(typed: object) -> None:
    assert refusal("number", {"value": typed}).code == "not_text"


@pytest.mark.parametrize("typed", ["1.5", "-1", "four", "\uff14", "1e2"])
def test_what_is_no_count_is_refused(typed: str) -> None:
    with pytest.raises(Invalid, match="Write a whole number"):
        read_count(typed)


def test_count_that_is_too_large_is_told_how_large_it_may_be() -> None:
    with pytest.raises(Invalid, match="at most 99,999"):
        read_count("100000")


@pytest.mark.parametrize(
    "typed",
    [
        "23.11.2026",
        "20261123",
        "2026-W47-1",
        "2026-11-23T10:00",
        "today",
        "\uff12\uff10\uff12\uff16-11-23",
    ],
)
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(Invalid, match="year-month-day"):
        read_date(typed)


@pytest.mark.parametrize("typed", ["2026-13-01", "2026-02-30", "0000-11-23"])
def test_day_that_is_in_no_calendar_is_named(typed: str) -> None:
    with pytest.raises(Invalid, match=f"There is no day {typed}"):
        read_date(typed)


@pytest.mark.parametrize("typed", ["1899-12-31", "2200-01-02", "0001-01-01"])
def test_year_that_cannot_be_is_refused(typed: str) -> None:
    with pytest.raises(Invalid, match="between 1900 and 2200"):
        read_date(typed)


@pytest.mark.parametrize("typed", ["2026-11-23T14:05", "2026-11-23 14:05", "2026-11-23T14:05:59"])
def test_moment_is_kept_to_the_minute(typed: str) -> None:
    assert read_moment(typed) == "2026-11-23T14:05"


@pytest.mark.parametrize(
    "typed",
    ["2026-11-23", "2026-11-23T14:05Z", "2026-11-23T14:05+02:00", "14:05"],
)
def test_moment_without_a_time_or_with_an_offset_is_refused(typed: str) -> None:
    with pytest.raises(Invalid, match="Write date and time"):
        read_moment(typed)


@pytest.mark.parametrize("typed", ["25:00", "24:00", "14:60", "14:05:60"])
def test_time_that_no_clock_shows_is_named(typed: str) -> None:
    with pytest.raises(Invalid, match=f"There is no time {typed}"):
        read_moment(f"2026-11-23T{typed}")


def test_moment_in_a_year_that_cannot_be_is_refused() -> None:
    with pytest.raises(Invalid, match="between 1900 and 2200"):
        read_moment("1066-10-14T09:00")


def test_number_names_its_own_unit() -> None:
    with pytest.raises(Invalid, match="Write a number in minutes"):
        read_number("long", unit="minutes")


def test_text_of_5000_letters_is_refused_with_both_counts() -> None:
    refused = refusal("text", {"value": "a" * 5000})

    assert refused.code == "too_long"
    assert refused.message == "Too long: at most 4,000 characters, this has 5,000."


@pytest.mark.parametrize("strange", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\ud800"])
def test_characters_that_cannot_be_printed_are_refused(strange: str) -> None:
    assert refusal("text", {"value": f"a{strange}b"}).code == "control_character"
    assert refusal("text", {"value": "a", "comment": f"a{strange}b"}).code == "control_character"


def test_mark_up_is_only_text() -> None:
    typed = "<b>Ana & Söhne</b> 日本 👩‍⚕️"

    assert item("text").read({"value": typed}).parts == {"value": typed}


def test_text_is_kept_composed_with_plain_line_ends() -> None:
    response = item("text", long=True).read({"value": "e\u0301\r\nb\rc\td"})

    assert response.parts == {"value": "é\nb\nc\td"}


@pytest.mark.parametrize("raw", [{}, {"value": ""}, {"value": "  "}, {"value": None}])
def test_nothing_given_is_no_response(raw: dict[str, object]) -> None:
    assert item().read(raw | {"comment": "later"}) is None


def test_first_part_alone_may_not_be_missing() -> None:
    refused = refusal("number", {"instrument": "probe 3"}, instrument=True)

    assert refused.code == "value_missing"


@pytest.mark.parametrize(
    ("raw", "absent"),
    [
        ({"value": "na"}, Absent.NOT_APPLICABLE),
        ({"value": "not_observed"}, Absent.NOT_OBSERVED),
        ({"absent": "na"}, Absent.NOT_APPLICABLE),
        ({"absent": "not_observed", "value": "yes"}, Absent.NOT_OBSERVED),
    ],
)
def test_absence_stands_for_the_response(raw: dict[str, object], absent: Absent) -> None:
    response = item().read(raw | {"reason": "No lancets here."})

    assert response == Response(absent=absent, reason="No lancets here.")


def test_unknown_absence_is_refused() -> None:
    assert refusal("compliance", {"absent": "perhaps"}).code == "not_a_choice"


def test_method_is_one_of_the_four() -> None:
    assert item().read({"value": "yes", "method": "record"}).method == "record"
    assert refusal("compliance", {"value": "yes", "method": "hearsay"}).code == "not_a_method"


@pytest.mark.parametrize(
    ("said", "corrected"),
    [(True, True), ("on", True), ("1", True), (False, False), ("", False), ("no", False)],
)
def test_corrected_is_said_by_a_box_or_a_word(said: object, corrected: bool) -> None:
    assert item().read({"value": "no", "corrected": said}).corrected is corrected


def test_corrected_is_never_guessed() -> None:
    assert refusal("compliance", {"value": "no", "corrected": "perhaps"}).code == "not_a_choice"


def test_response_keeps_all_that_was_said_beside_it() -> None:
    raw = {"value": "no", "comment": "Empty.", "method": "observed", "corrected": True}

    assert item().read(raw).stored() == raw


def test_absence_keeps_its_reason() -> None:
    raw = {"absent": "na", "reason": "No lancets here."}

    assert item().read(raw).stored() == raw


def test_reason_is_bounded() -> None:
    assert refusal("compliance", {"value": "na", "reason": "a" * 1001}).code == "too_long"
