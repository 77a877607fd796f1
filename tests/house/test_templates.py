"""Every page compiles, stands on the one base, and has a title."""

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes

from tests.house.sources import ROOT, TEMPLATES, name_of

FOLDER = ROOT / "templates"
_USED = re.compile(r"""{%-? *(?:extends|include|import|from) +["']([^"']+)["']""")
PARTS = {name for path in TEMPLATES for name in _USED.findall(path.read_text(encoding="utf-8"))}
# A page is what a view shows; the rest is what pages are made of.
# This one must show when nothing else works, so it leans on nothing.
ALONE = FOLDER / "refusals" / "bug.html"
PAGES = [path for path in TEMPLATES if str(path.relative_to(FOLDER)) not in PARTS and path != ALONE]


def parse(app: Flask, path: Path) -> nodes.Template:
    return app.jinja_env.parse(path.read_text(encoding="utf-8"), filename=str(path))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_compiles(app: Flask, path: Path) -> None:
    assert app.jinja_env.get_template(str(path.relative_to(FOLDER)))


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_page_stands_on_the_base(app: Flask, path: Path) -> None:
    bases = [one.template for one in parse(app, path).find_all(nodes.Extends)]

    assert [base.value for base in bases if isinstance(base, nodes.Const)] == ["base.html"]


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_page_has_a_title(app: Flask, path: Path) -> None:
    titles = [block for block in parse(app, path).find_all(nodes.Block) if block.name == "title"]

    assert len(titles) == 1
    assert titles[0].body


def test_page_for_a_fault_of_ours_leans_on_nothing_and_has_a_title(app: Flask) -> None:
    page = parse(app, ALONE)

    assert [*page.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport))] == []
    assert "<title>" in ALONE.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_holds_no_code_of_its_own(path: Path) -> None:
    text = path.read_text(encoding="utf-8").lower()

    assert "<style" not in text
    assert " style=" not in text
    assert " onclick=" not in text
    assert "|safe" not in text.replace(" ", "")
    # Data for scripts is no code: the browser never runs it.
    assert all(
        "src=" in part[:80] or part.startswith(' type="application/json"')
        for part in text.split("<script")[1:]
    )
