"""`hygiene-audit checklist`: what is shipped, whether files are right, what changed."""

from pathlib import Path

import click

from audit.cli.terminal import plainly, shipped_catalogue
from audit.domain.catalogue import Published, load_catalogue, load_published, pin
from audit.domain.checklist import Checklist
from audit.domain.difference import compare
from audit.domain.documents import BadDocument
from audit.domain.packs import Pack, Programme
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
    for published in shipped_catalogue().current():
        click.echo(
            f"{published.code}/{published.version:<3} {_sort(published):<10} {published.title}"
        )


def _sort(published: Published) -> str:
    match published:
        case Pack():
            return "pack"
        case Programme():
            return "programme"
        case Checklist():
            count = sum(
                item.kind not in ("parent", "instruction") for item in published.items.values()
            )
            return f"{count} items"


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

    Every fault is named with file, line and reason; with any, the command exits 3.
    """
    faults: dict[str, str] = {}
    for path in paths:
        try:
            if not path.is_dir():
                published = load_published(path)
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


def _one_checklist(name: str) -> Checklist:
    catalogue = shipped_catalogue()
    if Path(name).is_file():
        return own_checklist(Path(name), catalogue)
    return catalogue.get(*shipped_name(catalogue, name))
