"""The `hygiene-audit` command."""

import os
import secrets
import socket
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import click
from sqlalchemy.exc import DatabaseError, OperationalError

from audit.app import create_app, key_store, open_database
from audit.domain.catalogue import Catalogue, Published, load_catalogue, load_published, pin
from audit.domain.checklist import Checklist
from audit.domain.difference import compare
from audit.domain.documents import BadDocument, parse_file
from audit.domain.packs import Pack, Programme
from audit.errors import Invalid, Refusal
from audit.resources import shipped
from audit.services.acting import Shelf
from audit.services.demo import PEOPLE, carry_out, found_demo, plan_year
from audit.services.demo_report import make_demo_report
from audit.services.made_reports import Desk, make_report, own_checklist, shipped_name
from audit.services.people import hash_password
from audit.services.reports import Press
from audit.services.responses_file import open_source
from audit.settings import Settings, load_settings
from audit.store.blobs import Blobs
from audit.store.database import Database
from audit.store.people import count_organisations
from audit.store.reports import report_by_digest
from audit.store.scope import acting_for, platform_scope
from audit.store.session import open_engine
from audit.web.serving import serve_forever
from reports.__main__ import EXITS, told
from reports.verify import LARGEST, Trust, verify
from reports.words import OUTCOMES

P = ParamSpec("P")
T = TypeVar("T")
DEMO_LOGINS = "demo-logins"
_REFUSED = 3


def _plainly(command: Callable[P, T]) -> Callable[P, T]:
    """Turn a refusal, of ours or of the machine, into words and exit code 3.

    Anything else is a bug and shows as one.
    """

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except Refusal as refusal:
            words = refusal.message
        except OSError as error:
            words = f"{error.filename or 'The system refuses'}: {error.strerror}."
        except DatabaseError as error:
            # Its other kinds are statements of ours that should never have been made.
            if type(error) not in (DatabaseError, OperationalError):
                raise
            words = f"The database cannot be used: {error.orig}"
        click.echo(words, err=True)
        sys.exit(_REFUSED)

    return run


def _settings() -> Settings:
    return load_settings(os.environ)


def _catalogue() -> Catalogue:
    return load_catalogue(shipped("checklists"))


@click.group()
@click.version_option(package_name="hygiene-audit")
def main() -> None:
    """Hygiene audits for clinics and spas, ending in a signed PDF report anyone can check."""


@main.group()
def checklist() -> None:
    """List what is shipped, check files, show what changed."""


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
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
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
    catalogue = _catalogue()
    if Path(name).is_file():
        return own_checklist(Path(name), catalogue)
    return catalogue.get(*shipped_name(catalogue, name))


def _tell(words: str, done: int = 0, of: int = 0) -> None:
    """Show progress: a line that counts up on a terminal, elsewhere each step's words once."""
    if not sys.stderr.isatty():
        if done == 0:
            click.echo(words, err=True)
        return
    counted = f" {done}/{of}" if of else ""
    # Back to the start of the line, which is cleared to its end.
    click.echo(f"\r\x1b[K{words}{counted}", err=True, nl=not of or done == of)


@main.group()
def report() -> None:
    """Make and verify sealed reports without a server."""


@report.command("make")
@click.option("--checklist", required=True, help='A shipped "code" or "code/version", or a file.')
@click.option("--responses", required=True, type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path))
@_plainly
def make(checklist: str, responses: Path, out: Path) -> None:
    """Score the responses and write the sealed PDF report; exits 3, writing nothing, if refused."""
    _insist_writable(out, unlike=(Path(checklist), responses))
    source = open_source(parse_file(responses), responses.parent)
    desk = _desk(_settings())
    now = datetime.now(UTC)
    made = make_report(_catalogue(), checklist=checklist, source=source, desk=desk, now=now)
    _write_whole(out, made.sealed)
    scoring = made.snapshot.record.scoring
    percent = f"{scoring.percent} %" if scoring.percent else "nothing scored"
    outcome = OUTCOMES[scoring.outcome]
    click.echo(f"{out}: {outcome}, {percent}. {scoring.because}")


def _desk(settings: Settings) -> Desk:
    return Desk(keys=key_store(settings), base_url=settings.base_url, progress=_tell)


def _insist_writable(out: Path, *, unlike: tuple[Path, ...] = ()) -> None:
    """Refuse before the work what could not be written after it, or would destroy its source."""
    if out.exists() and not out.is_file():
        raise Invalid(f"{out} is not a file; name the PDF to write.", code="not_a_file")
    if not out.parent.is_dir():
        raise Invalid(f"There is no folder {out.parent} to write into.", code="no_folder")
    if any(out.exists() and one.exists() and out.samefile(one) for one in unlike):
        raise Invalid(f"{out} is read for this report; write it elsewhere.", code="same_file")


def _write_whole(out: Path, data: bytes) -> None:
    """Write the file whole or not at all: under another name first, then in its place."""
    fresh = out.with_name(f".{out.name[:100]}.{secrets.token_hex(4)}")
    try:
        with fresh.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(out)
    except OSError as error:
        raise Invalid(f"{out} cannot be written: {error.strerror}.", code="not_written") from error
    finally:
        fresh.unlink(missing_ok=True)


@report.command("verify")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
@_plainly
def verify_report(path: Path, *, as_json: bool) -> None:
    """Check a report: PASSED exits 0, FAILED 1, INDETERMINATE 2.

    Reports of this installation are looked up in its register, and its own keys are trusted. A
    file that cannot be read has not passed either: exit 1.
    """
    settings = _settings()
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        click.echo(f"{path} cannot be read: {error.strerror}.", err=True)
        sys.exit(EXITS["FAILED"])
    pinned = key_store(settings, sealing=False).pinned()
    verdict = verify(data, Trust(pinned=pinned, issued=_register(settings)))
    click.echo(verdict.as_json() if as_json else told(verdict), nl=as_json)
    sys.exit(EXITS[verdict.standing])


def _register(settings: Settings) -> Callable[[str], str | None] | None:
    """Return a look-up in the register of issued reports; None where there is no database yet.

    A look never changes the schema: of another version, it is left alone, and that is said.
    """
    url = settings.database_url
    if url.startswith("sqlite:") and not Path(url.removeprefix("sqlite:///")).exists():
        return None
    database = Database(engine=open_engine(url))
    if not database.state().up_to_date:
        _tell("The register was not asked: the database first needs `hygiene-audit db upgrade`.")
        return None

    def look_up(digest: str) -> str | None:
        reason = "anyone may ask whether exactly this file was issued"
        with database.transaction(platform_scope(reason), writing=False) as session:
            found = report_by_digest(session, digest)
            return found.code if found else None

    return look_up


@main.command()
@click.option("--report", "out", type=click.Path(path_type=Path))
@_plainly
def demo(out: Path | None) -> None:
    """Fill a demo organisation on first start; with --report only write its sealed report."""
    if out is None:
        _fill(_settings())
        return
    _insist_writable(out)
    made = make_demo_report(_catalogue(), desk=_desk(_settings()), now=datetime.now(UTC))
    _write_whole(out, made.sealed)
    click.echo(f"{out}: the demo's report {made.snapshot.code}. Its data are made up.")


def _fill(settings: Settings) -> None:
    """Found the demo and do its audits in one transaction: interrupted, nothing of it stays."""
    now = datetime.now(UTC)
    shelf = Shelf(catalogue=_catalogue(), blobs=Blobs(settings.evidence_dir))
    press = Press(blobs=shelf.blobs, keys=key_store(settings), base_url=settings.base_url)
    password = "-".join(secrets.token_hex(2) for _ in range(3))
    hashed = hash_password(password)
    with open_database(settings).transaction(platform_scope("the demo is made up")) as session:
        if count_organisations(session) > 0:
            _tell("This installation is in use already; no demo was added.")
            return
        house = found_demo(session, password_hash=hashed, now=now)
        visits = plan_year(house, now)
        with acting_for(session, house.organisation_id):
            for done, visit in enumerate(visits):
                _tell("Making up a year of audits", done, len(visits))
                carry_out(session, visit, house, press=press, shelf=shelf)
        _tell("Making up a year of audits", len(visits), len(visits))
        _keep_password(settings.data_dir / DEMO_LOGINS, password)


def _keep_password(path: Path, password: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(password)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 64))
@_plainly
def serve(host: str, port: int, threads: int) -> None:
    """Serve the pages until stopped."""
    # Reports made here point to this address, unless another was set.
    settings = load_settings({"AUDIT_BASE_URL": _address(host, port), **os.environ})
    _insist_free(host, port)
    app = create_app(settings)
    click.echo(f"Hygiene Audit is at {settings.base_url}")
    password = settings.data_dir / DEMO_LOGINS
    if password.exists():
        click.echo("This holds made-up data. Sign in with any of these:")
        for email, name, _ in PEOPLE:
            click.echo(f"  {email:22} {name}")
        click.echo(f"  password: {password.read_text(encoding='ascii')}")
    serve_forever(app, host=host, port=port, threads=threads)


def _address(host: str, port: int) -> str:
    """Return how a browser on this machine reaches the server."""
    name = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def _insist_free(host: str, port: int) -> None:
    """Refuse a port in use before an address is printed that someone else answers at."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        words = f"{host}:{port} cannot be served at: {error.strerror}. Choose another --port."
        raise Invalid(words, code="port_in_use") from error


@main.group()
def db() -> None:
    """Look after the database."""


@db.command("upgrade")
@_plainly
def upgrade_database() -> None:
    """Bring the database to this version's schema, all of it or none."""
    state = open_database(_settings()).state()
    click.echo(f"The database is at {state.current}.")
