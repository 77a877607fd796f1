"""What this repository is made of, by kind of file."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("audit", "reports")
_NOT_OURS = frozenset({"vendor", "__pycache__", "node_modules"})


def files(suffix: str, folders: Iterable[str]) -> list[Path]:
    """Return our files that end so, without what others wrote."""
    found = (path for folder in folders for path in (ROOT / folder).rglob(f"*{suffix}"))
    return sorted(path for path in found if not _NOT_OURS & set(path.parts))


def name_of(path: Path) -> str:
    """Return how a test calls a file."""
    return str(path.relative_to(ROOT))


def tree_of(path: Path) -> ast.Module:
    """Return the parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


CODE = files(".py", [*PACKAGES, "bench", "deploy"])
TESTS = files(".py", ["tests"])
MODULES = [*CODE, *TESTS]
TEMPLATES = files(".html", ["templates"])
SCRIPTS = files(".js", ["audit/static/js", "tests"])
