"""Few and deep, but none too long: at a limit, look for the missing noun."""

from pathlib import Path

import pytest

from tests.house.sources import CODE, SCRIPTS, TEMPLATES, TESTS, functions, name_of, tree_of

LONGEST_FUNCTION = 40
# Tests that list every form of something may be longer than what they test.
LIMITS = [(CODE, 400), (TESTS, 600), (TEMPLATES, 120), (SCRIPTS, 250)]
EACH = [(path, limit) for paths, limit in LIMITS for path in paths]


@pytest.mark.parametrize(("path", "limit"), EACH, ids=[name_of(path) for path, _ in EACH])
def test_file_keeps_within_its_length(path: Path, limit: int) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= limit


@pytest.mark.parametrize("path", [*CODE, *TESTS], ids=name_of)
def test_functions_keep_within_their_length(path: Path) -> None:
    lengths = {
        function.name: (function.end_lineno or 0) - function.lineno + 1
        for function in functions(tree_of(path))
    }

    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}
