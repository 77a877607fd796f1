"""Makes a sealed report from a checklist and a file of responses: no server, no database."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from audit.domain.catalogue import Catalogue, load_own
from audit.domain.checklist import Checklist
from audit.domain.documents import BadDocument
from audit.domain.packs import apply_pack
from audit.errors import NotFound
from audit.services.codes import code_of
from audit.services.record import Basis, find_basis, judge, local, make_record
from audit.services.responses_file import Handed, Progress, Source, read_responses
from audit.store.keys import KeyStore
from reports.claims import signers
from reports.render import RENDERER, render, steps
from reports.snapshot import (
    Branding,
    Language,
    Layout,
    PhotoSize,
    Record,
    Signature,
    Snapshot,
)

_SHIPPED = re.compile(r"([a-z][a-z0-9-]*)(?:/([1-9][0-9]{0,5}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeReport:
    """A sealed report and what it says."""

    sealed: bytes
    snapshot: Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What making a report needs from outside: keys, the address it points to, who hears of it.

    `base_url` is empty where nobody serves pages; the report then names no address.
    `keys` is only called for a report that will be made: opening a key store may make it.
    """

    keys: Callable[[], KeyStore]
    base_url: str
    progress: Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """How much is printed, in which language, and how large photos are if not as the file says."""

    layout: Layout = "full"
    language: Language = "en"
    photos: PhotoSize | None = None


AS_USUAL = Printing()


def make_report(
    catalogue: Catalogue,
    *,
    checklist: str,
    source: Source,
    desk: Desk,
    now: datetime,
    printing: Printing = AS_USUAL,
) -> MadeReport:
    """Score the responses of `source` by a checklist, shipped or a file, and seal the report."""
    basis = choose_basis(catalogue, checklist, source.file.jurisdiction)
    if source.file.jurisdiction and not basis.pack:
        desk.progress(
            f"No pack is shipped for {source.file.jurisdiction}; none of its law is added."
        )
    handed = read_responses(source, basis.checklist, now=now, progress=desk.progress)
    return press_report(handed, basis, desk=desk, now=now, printing=printing)


def press_report(
    handed: Handed, basis: Basis, *, desk: Desk, now: datetime, printing: Printing = AS_USUAL
) -> MadeReport:
    """Judge, freeze, print and seal what was handed in."""
    visit = replace(handed.visit, language=printing.language)
    ended = handed.completed_at
    record = make_record(visit, basis, judge(visit, basis, now=ended), now=ended)
    # Asked for before the long work: a key that cannot be used is better known at once.
    keys, name = desk.keys(), record.organisation.name
    key = keys.key_for(_owner(name), name=name, now=now)
    # A summary names the report that it is taken from: the same responses give the same code.
    code = code_of(record.digest())
    snapshot = Snapshot(
        renderer=RENDERER,
        code=code,
        issued_at=local(now, record.zone),
        verify_url=f"{desk.base_url}/v/{code}" if desk.base_url else "",
        record=record,
        signatures=tuple(_signatures(handed, record, now)),
        layout=printing.layout,
        branding=_look(handed.branding, printing.photos),
    )
    rendered = _print(snapshot, handed.photos, desk.progress)
    desk.progress("Sealing")
    return MadeReport(sealed=keys.seal(rendered, key, now, signers(snapshot)), snapshot=snapshot)


def _look(look: Branding | None, photos: PhotoSize | None) -> Branding | None:
    """Return the look with photos of the size asked for; None for the look of the house."""
    if photos is None:
        return look
    sized = (look or Branding()).model_copy(update={"photos": photos})
    return None if sized == Branding() else sized


def _owner(organisation: str) -> str:
    """Return whose key it is: nobody here has an account, and two names must not share one."""
    return f"local-{sha256(organisation.encode()).hexdigest()[:16]}"


def _print(snapshot: Snapshot, photos: Mapping[str, bytes], progress: Progress) -> bytes:
    items = sum(len(section.lines) for section in snapshot.record.sections)
    words, whole = f"Printing {items} items and {len(photos)} photos", steps(snapshot)
    progress(words, 0, whole)
    return render(snapshot, photos, lambda done: progress(words, done, whole))


def choose_basis(catalogue: Catalogue, name: str, jurisdiction: str | None) -> Basis:
    """Return the basis for a checklist file, or a shipped "code" or "code/version"."""
    pack = catalogue.pack_for(jurisdiction) if jurisdiction else None
    if not Path(name).is_file():
        code, version = shipped_name(catalogue, name)
        under = (pack.code, pack.version) if pack else None
        return find_basis(catalogue, code=code, version=version, pack=under)
    own = own_checklist(Path(name), catalogue)
    asked = apply_pack(own, pack, whole=False) if pack else own
    return Basis(checklist=asked, editions=(own,), pack=pack, facts=catalogue.facts)


def own_checklist(path: Path, catalogue: Catalogue) -> Checklist:
    """Return the checklist in a file from anywhere; BadDocument when it is none."""
    found = load_own(path, catalogue)
    if not isinstance(found, Checklist):
        raise BadDocument({f"{path}:1": "this is a pack or a programme; give a checklist"})
    return found


def shipped_name(catalogue: Catalogue, name: str) -> tuple[str, int]:
    """Return code and version for "code", then the newest, or "code/version"."""
    read = _SHIPPED.fullmatch(name)
    if read is None:
        words = f"There is no file {name}, and no checklist of that name is shipped."
        raise NotFound(words, code="no_such_checklist")
    return read[1], int(read[2]) if read[2] else catalogue.newest(read[1])


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
