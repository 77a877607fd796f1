import pytest

from tests.vectors.cases import Group, Plain, come_to, read_case, reading_cases, situations

READING = reading_cases()
SITUATIONS = [(group, case) for group in situations() for case in group.cases]
NAMES = [f"{group.name}: {case['shows']}" for group, case in SITUATIONS]


@pytest.mark.parametrize("case", READING.cases, ids=[case["shows"] for case in READING.cases])
def test_response_is_read_as_the_vector_says(case: Plain) -> None:
    come = read_case(READING.checklist, case)

    assert come == {name: case[name] for name in case.keys() - {"shows", "item", "raw", "services"}}


@pytest.mark.parametrize(("group", "case"), SITUATIONS, ids=NAMES)
def test_situation_comes_to_what_the_vector_says(group: Group, case: Plain) -> None:
    come = come_to(group, case)
    keys = {key for key, _ in come["asked"]}

    assert come["refused"] == case.get("refused", {})
    assert come == come | {name: case[name] for name in come.keys() & case.keys()}
    assert set(case.get("asks", ())) <= keys
    assert not set(case.get("does_not_ask", ())) & keys


def test_every_vector_has_its_own_name() -> None:
    assert len(set(NAMES)) == len(NAMES)


def test_every_kind_of_item_is_read() -> None:
    without = {"parent", "instruction", "calculated"}

    kinds = {item.kind for item in READING.checklist.items.values()}

    assert kinds | without == kinds_there_are()


def kinds_there_are() -> set[str]:
    schema = type(READING.checklist).model_json_schema()
    return set(
        schema["$defs"]["Section"]["properties"]["items"]["items"]["discriminator"]["mapping"]
    )
