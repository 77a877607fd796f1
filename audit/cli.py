"""The `hygiene-audit` command."""

import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from audit.domain.catalogue import (
    Catalogue,
    Published,
    load_catalogue,
    load_published,
    pin,
)
from audit.domain.checklist import Checklist
from audit.domain.difference import compare
from audit.domain.documents import BadDocument, parse_file
from audit.domain.packs import Pack, Programme
from audit.errors import Refusal
from audit.resources import shipped
from audit.services.made_reports import Desk, make_report
from audit.settings import Settings, load_settings
from audit.store.keys import KeyStore
from reports.verify import verify

P = ParamSpec("P")
T = TypeVar("T")
_EXITS = {"PASSED": 0, "FAILED": 1, "INDETERMINATE": 2}
_REFUSED = 3


def _plainly(command: Callable[P, T]) -> Callable[P, T]:
    """Turn a refusal into words and exit code 3; anything else is a bug and shows as one."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except Refusal as refusal:
            click.echo(refusal.message, err=True)
            sys.exit(_REFUSED)

    return run


def _settings() -> Settings:
    return load_settings(os.environ)


def _key_store(settings: Settings) -> KeyStore:
    given = settings.seal_passphrase
    return KeyStore(
        folder=settings.data_dir / "keys",
        passphrase=settings.secret_key.get_secret_value(),
        given=settings.seal_key,
        given_passphrase=given.get_secret_value() if given else "",
    )


def _catalogue() -> Catalogue:
    return load_catalogue(shipped("checklists"))


@click.group()
@click.version_option(package_name="hygiene-audit")
def main() -> None:
    """Hygiene audits for clinics and spas, ending in a signed PDF report anyone can check."""


@main.group()
def checklist() -> None:
    """What is shipped, whether a file is right, and what changed."""


@checklist.command("list")
@_plainly
def list_checklists() -> None:
    """List every checklist, programme and pack."""
    for published in _catalogue().current():
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
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--pin", "pinning", is_flag=True, help="Record the digests of new versions.")
@_plainly
def check_checklists(paths: tuple[Path, ...], *, pinning: bool) -> None:
    """Check files, or whole folders laid out like the shipped one; name file, line and reason."""
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
@_plainly
def diff_checklists(old: str, new: str) -> None:
    """Show what changed from OLD to NEW (files, or shipped "code/version")."""
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
    if Path(name).is_file():
        published = load_published(Path(name))
        if isinstance(published, Checklist):
            return published
        raise BadDocument({name: "this is a pack or programme; compare checklists"})
    catalogue = _catalogue()
    code, _, version = name.partition("/")
    return catalogue.get(code, int(version) if version.isdecimal() else catalogue.newest(code))


@main.group()
def report() -> None:
    """Make and verify sealed reports without a server."""


@report.command("make")
@click.option("--checklist", "checklist_name", required=True, help="A shipped code, or a file.")
@click.option("--responses", required=True, type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
@_plainly
def make(checklist_name: str, responses: Path, out: Path) -> None:
    """Score the responses and write the sealed PDF report."""
    settings = _settings()
    made = make_report(
        _catalogue(),
        checklist_name=checklist_name,
        document=parse_file(responses),
        folder=responses.parent,
        desk=Desk(
            keys=_key_store(settings),
            base_url=settings.base_url,
            progress=lambda words: click.echo(words, err=True),
        ),
        now=datetime.now(UTC),
    )
    out.write_bytes(made.sealed)
    scoring = made.snapshot.record.scoring
    percent = f"{scoring.percent} %" if scoring.percent else "nothing scored"
    click.echo(f"{out}: {scoring.outcome.replace('_', ' ')}, {percent}. {scoring.because}")


@report.command("verify")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
@_plainly
def verify_report(path: Path, *, as_json: bool) -> None:
    """Check a report: PASSED exits 0, FAILED 1, INDETERMINATE 2."""
