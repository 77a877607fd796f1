"""`hygiene-audit log` and `export`: the journal held against all it signed, and taken elsewhere."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from audit.app import key_store, open_database
from audit.cli.terminal import plainly, settings_here
from audit.errors import NotFound
from audit.services.exporting import export_organisation
from audit.services.journal import check_journal
from audit.store.blobs import Blobs
from audit.store.database import Database
from audit.store.scope import Organisation, list_organisations, organisation_scope, platform_scope

_BROKEN = 1


@click.group()
def log() -> None:
    """Look after the journal of who did what."""


@log.command("verify")
@plainly
def verify_log() -> None:
    """Read every journal whole, and hold it against all checkpoints that were ever signed.

    Ends with 1 where something does not hold.
    """
    settings = settings_here()
    database, keys = open_database(settings), key_store(settings)
    broken = 0
    for organisation in _organisations(database):
        scope = organisation_scope(organisation.id)
        with database.transaction(scope, writing=False) as session:
            check = check_journal(session, keys)
        said = f"{check.entries} entries, {check.checkpoints} checkpoints"
        click.echo(f"{organisation.name}: {said}: {'BROKEN' if check.wrong else 'whole'}")
        for one in check.wrong:
            click.echo(f"  {one}")
        broken += bool(check.wrong)
    if broken:
        sys.exit(_BROKEN)


@click.command()
@click.argument("organisation")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@plainly
def export(organisation: str, folder: Path) -> None:
    """Write all that ORGANISATION (its name or id) owns into FOLDER, for reading elsewhere.

    Ends with 1 where a file is lost. A program inside checks the whole without this one.
    """
    settings = settings_here()
    database, keys = open_database(settings), key_store(settings)
    found = _find(database, organisation)
    with database.transaction(organisation_scope(found.id)) as session:
        done = export_organisation(
            session, folder, blobs=Blobs(settings.evidence_dir), keys=keys, now=datetime.now(UTC)
        )
    click.echo(f"{found.name}: {done.entries} entries and {done.files} files are in {folder}.")
    for one in done.missing:
        click.echo(f"  lost: {one}", err=True)
    if done.missing:
        sys.exit(_BROKEN)


def _organisations(database: Database) -> list[Organisation]:
    why = platform_scope("whoever runs the installation looks after every journal")
    with database.transaction(why, writing=False) as session:
        return list_organisations(session)


def _find(database: Database, named: str) -> Organisation:
    known = _organisations(database)
    found = [one for one in known if named in (str(one.id), one.name)]
    if len(found) != 1:
        names = "".join(f"\n  {one.id}  {one.name}" for one in known) or " There is none."
        words = "There is no such organisation" if not found else "Several go by that name"
        raise NotFound(f"{words}; name one of these by its id:{names}", code="organisation_unknown")
    return found[0]
