"""`hygiene-audit serve` and `db`: running an installation."""

import os
import socket
from functools import partial
from threading import Event

import click
from flask import Flask

from audit.app import create_app, open_database
from audit.cli.demo import DEMO_LOGINS
from audit.cli.terminal import plainly, settings_here
from audit.errors import Invalid
from audit.services.demo import PEOPLE
from audit.services.stamping import keep_stamping
from audit.settings import Settings
from audit.store.people import count_organisations
from audit.store.scope import platform_scope
from audit.web.request import installation
from audit.web.serving import serve_forever
from reports.seal import UnusableKeyError


@click.command()
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="The address of this machine to listen at; 127.0.0.1 is for this machine alone.",
)
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="The port to listen at.",
)
@click.option(
    "--threads",
    default=8,
    show_default=True,
    type=click.IntRange(1, 64),
    help="How many requests are worked on at once.",
)
@plainly
def serve(host: str, port: int, threads: int) -> None:
    """Serve the pages until stopped, bringing the database up to date first."""
    settings = settings_here(host=host, port=port)
    _insist_free(host, port)
    app = create_app(settings)
    _try_given_key(app)
    click.echo(f"Hygiene Audit is at {settings.base_url}")
    if _is_empty(settings):
        click.echo(f"Nobody has an account yet. Open {settings.base_url}/setup to make the first.")
    password = settings.data_dir / DEMO_LOGINS
    if password.exists():
        click.echo("This holds made-up data. Sign in with any of these:")
        for email, name, _ in PEOPLE:
            click.echo(f"  {email:22} {name}")
        click.echo(f"  password: {password.read_text(encoding='ascii')}")
    serve_forever(app, host=host, port=port, threads=threads, beside=partial(_stamp, app))


def _stamp(app: Flask) -> None:
    """Have reports time-stamped, where an authority is set, until the process ends."""
    with app.app_context():
        known = installation()
    if known.time.url:
        keep_stamping(known.database, known.press, known.time, known.clock, Event())


def _try_given_key(app: Flask) -> None:
    """Refuse a seal key that nobody could issue a report with; one that has run out is told."""
    with app.app_context():
        known = installation()
    now = known.clock()
    key = known.press.keys.given_key(now)
    try:
        if key:
            key.ensure_valid(now)
    except UnusableKeyError as error:
        click.echo(f"No report can be issued: {error}")


def _is_empty(settings: Settings) -> bool:
    with open_database(settings).transaction(
        platform_scope("nobody can sign in yet"), writing=False
    ) as session:
        return count_organisations(session) == 0


def _insist_free(host: str, port: int) -> None:
    """Refuse a port in use before an address is printed that someone else answers at."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        # What Python adds to the system's words repeats the address.
        reason = os.strerror(error.errno) if error.errno else error
        words = f"{host}:{port} cannot be served at: {reason}. Choose another --port."
        raise Invalid(words, code="port_in_use") from error


@click.group()
def db() -> None:
    """Look after the database of this installation."""


@db.command("upgrade")
@plainly
def upgrade_database() -> None:
    """Bring the database to this version's schema, all of it or none."""
    state = open_database(settings_here()).state()
    click.echo(f"The database is at {state.current}.")
