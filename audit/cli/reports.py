"""`hygiene-audit report`: sealed reports made and verified without a server."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import get_args

import click

from audit.app import key_store, time_authority
from audit.cli.paper import insist_writable, write_whole
from audit.cli.terminal import address_is_set, plainly, settings_here, tell
from audit.domain.documents import parse_file
from audit.services.library import shipped_catalogue
from audit.services.made_reports import Desk, Printing, make_report
from audit.services.reports import issued_as
from audit.services.responses_file import open_source
from audit.services.telling import LANGUAGES, read_language
from audit.settings import Settings
from audit.store.blobs import Blobs
from audit.store.database import Database
from audit.store.scope import platform_scope
from audit.store.session import open_engine
from reports.__main__ import EXITS, told
from reports.phrases.results import OUTCOMES
from reports.snapshot import Layout, PhotoSize
from reports.verify import LARGEST, Claims, Trust, Verdict, verify
from reports.words import Words


@click.group()
def report() -> None:
    """Make and verify sealed reports, without a server."""


@report.command("make")
@click.option(
    "--checklist",
    required=True,
    metavar="CODE|FILE",
    help="What was asked: a shipped checklist (see `checklist list`), such as glove-use or "
    "glove-use/1, or a file of your own.",
)
@click.option(
    "--responses",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="What was seen, in YAML, photos beside it; docs/example-responses.yaml shows how.",
)
@click.option(
    "--out",
    required=True,
    metavar="PDF",
    type=click.Path(path_type=Path),
    help="The file to write. One that is there is replaced, but only by a whole report.",
)
@click.option(
    "--layout",
    type=click.Choice(get_args(Layout)),
    default="full",
    show_default=True,
    help="How much is printed: all of it, a two-page summary, or the findings only.",
)
@click.option(
    "--language",
    default="en",
    show_default=True,
    metavar="|".join(LANGUAGES),
    help="The language of the report. What the checklist has no words for stays as it is written.",
)
@click.option(
    "--photos",
    type=click.Choice(get_args(PhotoSize)),
    help="How large photos are printed: several across a page, or one. Else as the file of "
    "responses says, and small where it says nothing.",
)
@plainly
def make(
    *,
    checklist: str,
    responses: Path,
    out: Path,
    layout: Layout,
    language: str,
    photos: PhotoSize | None,
) -> None:
    """Score the responses and write the sealed PDF report.

    What cannot be used is named with file, line and reason; then nothing is written and the command
    exits 3. The sealing key is made at first use and kept in the data directory.
    """
    printing = Printing(layout=layout, language=read_language(language), photos=photos)
    insist_writable(out, unlike=(Path(checklist), responses))
    source = open_source(parse_file(responses), responses.parent)
    desk = desk_of(settings_here())
    now = datetime.now(UTC)
    made = make_report(
        shipped_catalogue(),
        checklist=checklist,
        source=source,
        desk=desk,
        now=now,
        printing=printing,
    )
    write_whole(out, made.sealed)
    scoring = made.snapshot.record.scoring
    outcome = Words(printing.language)(OUTCOMES[scoring.outcome])
    click.echo(f"{out}: {outcome}, {scoring.percent} %. {scoring.because}")


def desk_of(settings: Settings) -> Desk:
    """Return what reports are made at here: this installation's keys, its address if one is set."""
    keys = partial(key_store, settings)
    base_url = settings.base_url if address_is_set() else ""
    return Desk(keys=keys, base_url=base_url, progress=tell)


@report.command("verify")
@click.argument("path", metavar="PDF", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON, for programs.")
@plainly
def verify_report(path: Path, *, as_json: bool) -> None:
    """Check a report: PASSED exits 0, FAILED 1, INDETERMINATE 2.

    Reports of this installation are looked up in its register, and its own keys are trusted. A
    file that cannot be read has not passed either: exit 1.
    """
    settings = settings_here()
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        _say_unreadable(f"{path} cannot be read: {error.strerror}.", as_json=as_json)
        sys.exit(EXITS["FAILED"])
    pinned = key_store(settings, sealing=False).pinned()
    clocks = time_authority(settings).certificates
    verdict = verify(data, Trust(pinned=pinned, clocks=clocks, issued=_register(settings)))
    click.echo(verdict.as_json() if as_json else told(verdict), nl=as_json)
    sys.exit(EXITS[verdict.standing])


def _say_unreadable(words: str, *, as_json: bool) -> None:
    """Say it as JSON to a program, which reads nothing else."""
    if as_json:
        click.echo(Verdict(standing="FAILED", reasons=(words,), digest="").as_json())
    else:
        click.echo(words, err=True)


def _register(settings: Settings) -> Callable[[str], Claims | None] | None:
    """Return a look-up in the register of issued reports; None where there is no database yet.

    A look never changes the schema: of another version, it is left alone, and that is said.
    """
    url = settings.database_url
    if url.startswith("sqlite:") and not Path(url.removeprefix("sqlite:///")).exists():
        return None
    database = Database(engine=open_engine(url))
    if not database.state().up_to_date:
        tell("The register was not asked: the database first needs `hygiene-audit db upgrade`.")
        return None

    blobs = Blobs(settings.evidence_dir)

    def look_up(digest: str) -> Claims | None:
        reason = "anyone may ask whether exactly this file was issued"
        with database.transaction(platform_scope(reason), writing=False) as session:
            return issued_as(session, digest, blobs)

    return look_up
