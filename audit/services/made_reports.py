"""Makes a sealed report from a checklist and a file of responses: no server, no database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from audit.domain.catalogue import Catalogue, load_published
from audit.domain.checklist import Checklist
from audit.domain.documents import BadDocument, Document
from audit.services.codes import make_code
from audit.services.record import Basis, find_basis, judge, local, make_record
from audit.services.responses_file import Handed, ResponsesFile, read_responses_file
from audit.store.keys import KeyStore
from reports.render import RENDERER, render
from reports.seal import seal
from reports.snapshot import Record, Signature, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeReport:
    """A sealed report and what it says."""

    sealed: bytes
    snapshot: Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What making a report needs from outside: keys, the address in the code, progress."""

    keys: KeyStore
    base_url: str
    progress: Callable[[str], None]


def make_report(
    catalogue: Catalogue,
    *,
    checklist_name: str,
    document: Document,
    folder: Path,
    desk: Desk,
    now: datetime,
) -> MadeReport:
    """Score `document` by the checklist and seal the report; photos are looked up in `folder`."""
    place = document.read_as(ResponsesFile).jurisdiction
    basis = choose_basis(catalogue, checklist_name, place)
    desk.progress("Reading the responses and photos")
    handed = read_responses_file(document, basis.checklist, folder=folder)
    return press_report(handed, basis, desk=desk, now=now)


def press_report(handed: Handed, basis: Basis, *, desk: Desk, now: datetime) -> MadeReport:
    """Judge, freeze, print and seal what was handed in."""
    ended = handed.completed_at or now
    judgement = judge(handed.visit, basis, now=ended)
    record = make_record(handed.visit, basis, judgement, now=ended)
    code = make_code()
    snapshot = Snapshot(
        renderer=RENDERER,
        code=code,
        issued_at=local(now, record.zone),
        verify_url=f"{desk.base_url}/v/{code}",
        record=record,
        signatures=tuple(_signatures(handed, record, now)),
    )
    pages = sum(len(section.lines) for section in record.sections)
    desk.progress(f"Printing {pages} items and {len(handed.photos)} photos")
    rendered = render(snapshot, handed.photos)
    desk.progress("Sealing")
    key = desk.keys.key_for("local", name=record.organisation.name, now=now)
    return MadeReport(sealed=seal(rendered, key, now), snapshot=snapshot)


def choose_basis(catalogue: Catalogue, name: str, jurisdiction: str | None) -> Basis:
    """Return the basis for a checklist file, or a shipped "code" or "code/version"."""
    pack = catalogue.pack_for(jurisdiction) if jurisdiction else None
    if not Path(name).is_file():
        code, _, version = name.partition("/")
        number = int(version) if version.isdecimal() else catalogue.newest(code)
        return find_basis(
            catalogue, code=code, version=number, pack=(pack.code, pack.version) if pack else None
        )
    own = load_published(Path(name))
    if not isinstance(own, Checklist):
        raise BadDocument({name: "this is a pack or a programme; give a checklist"})
    return Basis(checklist=own, editions=(own,), pack=None, facts=catalogue.facts)


def _signatures(handed: Handed, record: Record, now: datetime) -> list[Signature]:
    return [
        Signature(
            name=one.name,
            role=one.role,
            meaning=one.meaning,
            comment=one.comment,
            signed_at=local(now, record.zone),
            digest=record.digest(),
        )
        for one in handed.signatures
    ]
