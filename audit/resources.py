"""Finds `templates` and `checklists`: inside an installed package, else beside it in a checkout."""

from pathlib import Path

from audit.errors import NotFound


def shipped(name: str) -> Path:
    """Return the folder called `name` that was shipped with this version."""
    package = Path(__file__).parent
    for place in (package / name, package.parent / name):
        if place.is_dir():
            return place
    raise NotFound(
        f"The folder “{name}” is missing from this installation.", code="resource_missing"
    )
