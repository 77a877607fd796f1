"""Strangers' YAML: what passes, what is refused, and on which line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain.checklist import Checklist
from audit.domain.documents import DEEPEST, LONGEST, MOST_NODES, BadDocument, parse, parse_file
from audit.domain.facts import Facts
from tests.domain.samples import FACTS

GOOD = """\
code: glove-use
version: 1
edition: 2026-11
title: Gloves
topic: glove-use
sections:
- code: gloves
  title: Gloves
  items:
  - code: gloves_worn
    kind: compliance
    prompt: Are gloves worn?
"""


def read_fault(text: str) -> dict[str, str]:
    with pytest.raises(BadDocument) as refused:
        parse(text, name="f.yaml").read_as(Checklist)
    return refused.value.places


def test_bare_words_stay_what_was_written() -> None:
    text = "met_when: no\nnorway: NO\nlimit: 1.10\nday: 2026-11-23\ntime: 12:30\nid: 007\n"

    value = parse(text, name="f.yaml").value

    assert value == {
        "met_when": "no",
        "norway": "NO",
        "limit": "1.10",
        "day": "2026-11-23",
        "time": "12:30",
        "id": "007",
    }


def test_true_false_null_and_whole_numbers_are_themselves() -> None:
    value = parse("[true, false, null, ~, 12, -3, '12', \"true\", 1e3]", name="f.yaml").value

    assert value == [True, False, None, None, 12, -3, "12", "true", "1e3"]


def test_name_without_value_holds_nothing() -> None:
    assert parse("a:\nb: ''\n", name="f.yaml").value == {"a": None, "b": ""}


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("a: 1\nb: *a\n", "f.yaml:2", "aliases"),
        ("a: 1\n*a : 2\n", "f.yaml:2", "aliases"),
        ("a: &x 1\n", "f.yaml:1", "anchors"),
        ("a:\n  &x b: 1\n", "f.yaml:2", "anchors"),
        ("a: !!python/object/apply:os.system [ls]\n", "f.yaml:1", "tags"),
        ("b: 1\na: !thing {}\n", "f.yaml:2", "tags"),
        ("b: 1\n!!str a: 1\n", "f.yaml:2", "tags"),
        ("a: 1\nb: 2\na: 3\n", "f.yaml:3", "'a' stands here twice"),
        ("a: 1\n'a': 3\n", "f.yaml:2", "'a' stands here twice"),
        ("? [a]\n: 1\n", "f.yaml:1", "a name must be plain text"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2", "one document"),
        ("a: 1\nb: [2\n", "f.yaml:3", "expected"),
        ("a: 1\nb: \x07\n", "f.yaml:2", "a character YAML does not allow"),
        ("a: 1\nb: \ud800\n", "f.yaml:2", "a character YAML does not allow"),
        ('a: 1\nb: "\\ud800"\n', "f.yaml:2", "escape"),
    ],
)
def test_what_a_checklist_has_no_use_for_is_refused_on_its_line(
    text: str, place: str, reason: str
) -> None:
    with pytest.raises(BadDocument) as refused:
        parse(text, name="f.yaml")

    assert list(refused.value.places) == [place]
    assert reason in refused.value.places[place]
    assert refused.value.code == "bad_document"


def test_deep_nesting_is_refused() -> None:
    deep = "[" * (DEEPEST + 2) + "]" * (DEEPEST + 2)

    with pytest.raises(BadDocument, match="nested deeper than 20"):
        parse(deep, name="f.yaml")


def test_very_deep_nesting_is_refused_as_well() -> None:
    with pytest.raises(BadDocument, match="nested deeper than 20"):
        parse("{a: " * 100_000, name="f.yaml")


def test_too_many_values_are_refused() -> None:
    with pytest.raises(BadDocument, match="more than 40,000 values"):
        parse("[" + "1," * (MOST_NODES + 1) + "]", name="f.yaml")


def test_too_long_a_text_is_refused() -> None:
    with pytest.raises(BadDocument, match=r"f\.yaml:1: larger than 1,000,000 characters"):
        parse("a" * (LONGEST + 1), name="f.yaml")


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    try:
        document = parse(text, name="f.yaml")
    except BadDocument as refused:
        places = refused.places
    else:
        places = {document.place(()): "read"}

    assert all(place.startswith("f.yaml:") for place in places)


def test_file_that_is_missing_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadDocument, match=r"none\.yaml: there is no such file"):
        parse_file(tmp_path / "none.yaml")


def test_file_that_is_too_large_is_not_read_whole() -> None:
    with pytest.raises(BadDocument, match="larger than 1,000,000 bytes"):
        parse_file(Path("/dev/zero"))


def test_file_that_is_not_utf8_says_so(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes("a: é".encode("latin-1"))

    with pytest.raises(BadDocument, match=r"latin\.yaml:1: not UTF-8 text"):
        parse_file(path)


def test_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "marked.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1")

    assert parse_file(path).value == {"a": 1}


def test_good_document_reads() -> None:
    read = parse(GOOD, name="f.yaml").read_as(Checklist)

    assert list(read.items) == ["gloves_worn"]


def test_empty_document_is_refused() -> None:
    assert list(read_fault("")) == ["f.yaml:1"]


def test_fault_names_the_line_of_its_value_and_the_field() -> None:
    places = read_fault(GOOD.replace("kind: compliance", "kind: compliance\n    weight: 101"))

    assert places == {"f.yaml:12": "weight: write 100 or less"}


def test_missing_field_names_the_line_of_what_lacks_it() -> None:
    places = read_fault(GOOD.replace("    prompt: Are gloves worn?\n", ""))

    assert places == {"f.yaml:10": "prompt: is missing; add it here"}


def test_failed_item_is_not_reported_again_by_its_section() -> None:
    places = read_fault(GOOD.replace("kind: compliance", "kind: complience"))

    assert list(places) == ["f.yaml:11"]
    assert "should have at least 1 item" not in str(places)


def test_each_fault_of_a_line_is_said() -> None:
    places = read_fault(
        GOOD.replace("    prompt: Are gloves worn?\n", "    colour: red\n    when: {}\n")
    )

    assert places["f.yaml:10"] == "prompt: is missing; add it here"
    assert places["f.yaml:12"] == "colour: nothing is called this here; leave it out, or mend it"
    assert "a condition says one of" in places["f.yaml:13"]


@pytest.mark.parametrize(
    ("clause", "reason"),
    [
        ("[Not An Id]", "write the id of a fact"),
        ("[{publisher: WHO}]", "title: is missing; add it here"),
        ("[7]", "write names with values here"),
    ],
)
def test_clause_that_is_neither_fact_nor_clause_is_said_once(clause: str, reason: str) -> None:
    places = read_fault(GOOD + f"    clauses: {clause}\n")

    assert list(places) == ["f.yaml:13"]
    assert reason in places["f.yaml:13"]


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("kind: compliance", "kind: maybe", "f.yaml:11", "there is no 'kind' maybe; write one of"),
        ("kind: compliance", "kind: compliance\n    severity: grave", "f.yaml:12", "write 'crit"),
        ("title: Gloves\ntopic", "title: ''\ntopic", "f.yaml:4", "title: nothing stands here"),
        ("version: 1", "version: one", "f.yaml:2", "version: write a whole number, such as 2"),
        ("edition: 2026-11", "edition: soon", "f.yaml:3", "such as 2026-11"),
        ("code: gloves_worn", "code: Gloves worn", "f.yaml:10", "such as gloves_worn"),
        ("sections:\n", "summary: [a]\nsections:\n", "f.yaml:6", "summary: write text here"),
        ("  items:\n", "  when: soon\n  items:\n", "f.yaml:9", "when: write names with values"),
        ("kind: compliance", "kind: compliance\n    when: 7", "f.yaml:12", "when: write names"),
    ],
)
def test_fault_says_what_to_write_instead(old: str, new: str, place: str, words: str) -> None:
    places = read_fault(GOOD.replace(old, new, 1))

    assert list(places) == [place]
    assert words in places[place]
    assert "nput should" not in places[place]


def test_code_written_twice_names_the_line_of_the_second() -> None:
    twice = "  - code: gloves_worn\n    kind: text\n    prompt: Anything else?\n"

    places = read_fault(GOOD + twice)

    assert places == {"f.yaml:13": "the code 'gloves_worn' stands here twice"}


def test_condition_that_cannot_hold_names_the_line_of_its_item() -> None:
    later = (
        "  - code: later\n    kind: text\n    prompt: W\n    when: {response: nobody, is: [yes]}\n"
    )

    places = read_fault(GOOD + later)

    assert places == {"f.yaml:13": "later looks at nobody, which is not asked before it"}


def test_a_text_that_is_no_checklist_says_how_one_begins() -> None:
    assert "title: Gloves" in read_fault("just words\n")["f.yaml:1"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a:\n\tb: 1\n", "indent with spaces"),
        ("a: @b\n", "in quotes"),
        ("a: b: c\n", "a colon stands where no name can be"),
        ("a:\n  b: 1\n c: 2\n", "mend the indentation"),
        ('a: "b\n', "a quote is not closed"),
        ("a: [b\nc: d\n", "bracket is not closed"),
    ],
)
def test_what_is_no_yaml_says_what_to_mend(text: str, words: str) -> None:
    with pytest.raises(BadDocument) as refused:
        parse(text, name="f.yaml")

    assert words in str(refused.value)


@pytest.mark.parametrize("value", ["1e-999999999", "1e999999999", "NaN", "Infinity", "0x10"])
def test_amount_that_could_never_be_worked_with_is_refused(value: str) -> None:
    places = read_fault(GOOD + f"    weight: '{value}'\n")

    assert list(places) == ["f.yaml:13"]


def test_repeated_fact_id_is_refused() -> None:
    twice = FACTS.replace("id: ca-gloves", "id: ut-gloves")

    with pytest.raises(BadDocument, match="a fact id stands here twice"):
        parse(twice, name="facts.yaml").read_as(Facts)


def test_conflict_over_an_unknown_fact_is_refused() -> None:
    unknown = FACTS.replace("fact: ca-gloves", "fact: nv-gloves")

    with pytest.raises(BadDocument, match="glove-change names the unknown fact nv-gloves"):
        parse(unknown, name="facts.yaml").read_as(Facts)
