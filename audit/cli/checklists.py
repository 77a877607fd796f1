"""`hygiene-audit checklist`: what is shipped, whether files are right, what changed."""

from datetime import UTC, datetime
from pathlib import Path

import click

from audit.cli.terminal import plainly
from audit.domain.catalogue import Published, load_catalogue, load_own, pin
from audit.domain.checklist import Checklist
from audit.domain.difference import compare
from audit.domain.documents import BadDocument
from audit.domain.packs import Pack, Programme
from audit.services.blank import blank_form
from audit.services.library import shipped_catalogue
from audit.services.made_reports import own_checklist, shipped_name


@click.group()
def checklist() -> None:
    """List what is shipped, check files of your own, show what changed."""


@checklist.command("list")
@plainly
def list_checklists() -> None:
    """List every checklist, programme and pack that is shipped, each in its newest version.

    A programme is several checklists in one audit; a pack says what one place adds to them.
    """
    rows = [
        (f"{one.code}/{one.version}", _sort(one), one.title)
        for one in shipped_catalogue().current()
    ]
    names, sorts = (max(len(row[column]) for row in rows) for column in (0, 1))
    for name, sort, title in rows:
        click.echo(f"{name:<{names}}  {sort:<{sorts}}  {title}")


def _sort(published: Published) -> str:
    match published:
        case Pack():
            return "pack"
        case Programme():
            return "programme"
        case Checklist():
            return f"{sum(item.answerable for item in published.items.values())} items"


@checklist.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--pin",
    "pinning",
    is_flag=True,
    help="Publish what is new in a folder: its digest is noted, and it must not change again.",
)
@plainly
def check_checklists(paths: tuple[Path, ...], *, pinning: bool) -> None:
    """Check files, or whole folders laid out like the shipped one.

    What a file cites or names must be shipped, as `report make` wants it; in a folder, be there.
    Every fault is named with file, line and reason; with any, the command exits 3.
    """
    faults: dict[str, str] = {}
    for path in paths:
        try:
            if not path.is_dir():
                published = load_own(path, shipped_catalogue())
                click.echo(f"{path}: right. {published.title}, digest {published.digest}")
                continue
            if pinning:
                pin(path)
            found = load_catalogue(path)
            click.echo(
                f"{path}: right. {len(found.published)} files, {len(found.facts.facts)} facts"
            )
        except BadDocument as error:
            faults.update(error.places)
    if faults:
        raise BadDocument(faults)


@checklist.command("diff")
@click.argument("old")
@click.argument("new")
@plainly
def diff_checklists(old: str, new: str) -> None:
    """Show what changed from OLD to NEW, and what becomes of findings made under OLD.

    Each is a file, or a shipped checklist: glove-use for its newest version, or glove-use/1.
    """
    before, after = _one_checklist(old), _one_checklist(new)
    differences = compare(before, after)
    click.echo(f"{before.code}/{before.version} → {after.code}/{after.version}")
    for one in differences:
        click.echo(f"\n{one.kind}: {one.code}  {one.prompt}")
        for detail in one.details:
            click.echo(f"    {detail}")
        if one.finding:
            click.echo(f"    an old finding here: {one.finding}")
    if not differences:
        click.echo("No difference.")


@checklist.command("print")
@click.argument("name")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Where the PDF is written."
)
@plainly
def print_checklist(name: str, out: Path) -> None:
    """Print a checklist as a form to fill in by hand.

    NAME is a file, or a shipped checklist: glove-use for its newest version, or glove-use/1.
    """
    out.write_bytes(blank_form(_one_checklist(name), datetime.now(UTC)))
    click.echo(f"Written to {out}.")


def _one_checklist(name: str) -> Checklist:
    catalogue = shipped_catalogue()
    if Path(name).is_file():
        return own_checklist(Path(name), catalogue)
    return catalogue.get(*shipped_name(catalogue, name))
