"""`hygiene-audit demo`: a made-up year of audits, or one made-up report."""

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

import click

from audit.app import key_store, open_database
from audit.cli.paper import insist_writable, write_whole
from audit.cli.reports import desk_of
from audit.cli.terminal import plainly, settings_here, tell
from audit.services.acting import Shelf
from audit.services.demo import carry_out, dress_reports, found_demo, plan_year, put_right
from audit.services.demo_report import make_demo_report
from audit.services.library import shipped_catalogue
from audit.services.people import hash_password
from audit.services.reports import Press
from audit.settings import Settings
from audit.store.blobs import Blobs
from audit.store.people import count_organisations
from audit.store.scope import acting_for, platform_scope

DEMO_LOGINS = "demo-logins"


@click.command()
@click.option(
    "--report",
    "out",
    metavar="PDF",
    type=click.Path(path_type=Path),
    help="Only write one made-up sealed report to this file; no organisation is added.",
)
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Where `serve` will be: the address printed in its reports, unless AUDIT_BASE_URL is set.",
)
@plainly
def demo(out: Path | None, port: int) -> None:
    """Fill an empty installation with a made-up organisation: three sites, a year of audits.

    It takes about half a minute and happens whole or not at all. An installation in use is left as
    it is. All that is made up is marked so, on every page and in every report.
    """
    if out is None:
        _fill(settings_here(host="127.0.0.1", port=port))
        return
    insist_writable(out)
    made = make_demo_report(
        shipped_catalogue(), desk=desk_of(settings_here()), now=datetime.now(UTC)
    )
    write_whole(out, made.sealed)
    click.echo(f"{out}: the demo's report {made.snapshot.code}. Its data are made up.")


def _fill(settings: Settings) -> None:
    """Found the demo and do its audits in one transaction: interrupted, nothing of it stays."""
    now = datetime.now(UTC)
    shelf = Shelf(catalogue=shipped_catalogue(), blobs=Blobs(settings.evidence_dir))
    press = Press(blobs=shelf.blobs, keys=key_store(settings), base_url=settings.base_url)
    password = "-".join(secrets.token_hex(2) for _ in range(3))
    hashed = hash_password(password)
    with open_database(settings).transaction(platform_scope("the demo is made up")) as session:
        if count_organisations(session) > 0:
            tell("This installation is in use already; no demo was added.")
            return
        house = found_demo(session, password_hash=hashed, now=now)
        visits = plan_year(house, now)
        with acting_for(session, house.organisation_id):
            dress_reports(session, house, press=press, now=visits[0].at)
            for done, visit in enumerate(visits):
                tell("Making up a year of audits", done, len(visits))
                carry_out(session, visit, house, press=press, shelf=shelf)
                put_right(session, house, until=visit.at)
            put_right(session, house, until=now)
        tell("Making up a year of audits", len(visits), len(visits))
        _keep_password(settings.data_dir / DEMO_LOGINS, password)


def _keep_password(path: Path, password: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(password)
