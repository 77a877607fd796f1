"""One word for one thing, in the names that code gives."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.sources import (
    MODULES,
    PACKAGES,
    SCRIPTS,
    TEMPLATES,
    files,
    functions,
    name_of,
    tree_of,
)

# Each with the word to use instead, or what to do.
NAMES = {
    "tenant": "organisation",
    "tenants": "organisations",
    "question": "item",
    "questions": "items",
    "answer": "response",
    "answers": "responses",
}
FILES = NAMES | dict.fromkeys(("util", "utils", "helper", "helpers", "common"), "name its subject")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def words_of(name: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(name)}


def names_given(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.alias) and node.asname:
            yield node.asname
    yield from (function.name for function in functions(tree))


@pytest.mark.parametrize("path", files(".py", PACKAGES), ids=name_of)
def test_names_in_code_use_the_words_of_the_house(path: Path) -> None:
    found = {name: words_of(name) & NAMES.keys() for name in names_given(tree_of(path))}

    assert {name: NAMES[words.pop()] for name, words in found.items() if words} == {}


@pytest.mark.parametrize("path", [*MODULES, *TEMPLATES, *SCRIPTS], ids=name_of)
def test_files_and_folders_use_the_words_of_the_house(path: Path) -> None:
    assert words_of(name_of(path)) & FILES.keys() == set()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("read_answer", {"read", "answer"}),
        ("AnswerForm", {"answer", "form"}),
        ("HTTPAnswer", {"http", "answer"}),
        ("MOST_ANSWERS", {"most", "answers"}),
    ],
)
def test_words_are_seen_in_every_way_of_writing(name: str, words: set[str]) -> None:
    assert words_of(name) == words
