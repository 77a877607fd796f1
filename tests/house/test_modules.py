"""Every module says what it is; there is one way to import a name."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.sources import MODULES, PACKAGES, files, name_of, tree_of

# What a test file shows is said by the names of its tests.
NAMED = [path for path in MODULES if not path.name.startswith(("__init__", "test_", "conftest"))]
EXCUSE = re.compile(r"# (noqa|type: ignore|pragma: no)")
GIVEN_REASON = re.compile(r"# (noqa: [A-Z0-9, ]+|type: ignore\[[a-z, -]+\]) +[-#] \w")


@pytest.mark.parametrize("path", NAMED, ids=name_of)
def test_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(tree_of(path))


@pytest.mark.parametrize("path", files("__init__.py", PACKAGES), ids=name_of)
def test_package_file_is_empty(path: Path) -> None:
    assert not path.read_bytes()


@pytest.mark.parametrize("path", files(".py", PACKAGES), ids=name_of)
def test_check_that_is_switched_off_names_its_code_and_its_reason(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if EXCUSE.search(line) and not GIVEN_REASON.search(line)] == []
