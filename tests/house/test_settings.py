"""Every setting is written down, and nothing is written down that is not one."""

import re

import pytest

from audit.settings import PREFIX, Settings
from tests.house.sources import ROOT

DOCUMENT = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
NAMES = sorted(
    PREFIX + (field.alias or name).upper() for name, field in Settings.model_fields.items()
)


@pytest.mark.parametrize("name", NAMES)
def test_setting_has_its_row(name: str) -> None:
    assert re.search(rf"^\| `{name}` \|", DOCUMENT, re.MULTILINE)


def test_every_row_is_a_setting() -> None:
    assert sorted(set(re.findall(rf"`({PREFIX}[A-Z_]+)`", DOCUMENT))) == NAMES


def test_readme_leads_to_the_settings() -> None:
    assert "docs/settings.md" in (ROOT / "README.md").read_text(encoding="utf-8")
