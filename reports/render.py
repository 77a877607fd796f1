"""Prints a snapshot: the same snapshot and photos give the same bytes, anywhere and at any time."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from io import BytesIO
from typing import Any

from reports.annexes import about, checks, cycles, not_seen, practitioners, rates, rules, signatures
from reports.corrections import corrections
from reports.findings import actions, findings
from reports.front import front
from reports.layout import document
from reports.material import Material, gather
from reports.paper import Attachment, Paper, Particulars
from reports.phrases import frames, results
from reports.responses import table
from reports.sections import scoring, sections
from reports.snapshot import Layout, Snapshot, image_digests
from reports.typefaces import load, shown
from reports.words import DATA, TABLE

# Goes up with every change that moves a single byte of a printed report, libraries included.
RENDERER = 7

_PARTS: Mapping[Layout, tuple[Callable[[Material], list[Any]], ...]] = {
    "full": (
        front,
        corrections,
        findings,
        actions,
        sections,
        scoring,
        practitioners,
        cycles,
        rates,
        not_seen,
        signatures,
        rules,
        about,
    ),
    "summary": (front, signatures, checks),
    "findings": (front, corrections, findings, actions, signatures, rules, about),
}


def steps(snapshot: Snapshot) -> int:
    """Return the last number `render` tells its progress: findings and sections together."""
    return len(snapshot.record.findings) + len(snapshot.record.sections)


def render(
    snapshot: Snapshot,
    photos: Mapping[str, bytes],
    progress: Callable[[int], None] | None = None,
) -> bytes:
    """Return the report as PDF; `photos` are JPEGs by digest and enter it byte for byte.

    `progress` hears the number of findings and sections printed so far. ValueError when the
    snapshot is meant for another renderer, or a photo is missing, altered or no plain JPEG.
    """
    if snapshot.renderer != RENDERER:
        raise ValueError(f"this program prints layout {RENDERER}, not {snapshot.renderer}")
    _check(snapshot, photos)
    material = gather(snapshot, photos, progress or _unheard)
    target = BytesIO()
    particulars = _particulars(material)

    def paper(_name: object, **_given: object) -> Paper:
        return Paper(target, particulars)

    load()
    story = [piece for part in _PARTS[snapshot.layout] for piece in part(material)]
    document(target, snapshot, material.digest).build(story, canvasmaker=paper)
    return target.getvalue()


def _unheard(_step: int) -> None:
    """Serve where nobody follows the progress."""


def _check(snapshot: Snapshot, photos: Mapping[str, bytes]) -> None:
    for digest in image_digests(snapshot):
        if digest not in photos:
            raise ValueError(f"photo {digest} is missing")
        if sha256(photos[digest]).hexdigest() != digest:
            raise ValueError(f"photo {digest} is not the one that was kept")


def _particulars(material: Material) -> Particulars:
    snapshot, record, say = material.snapshot, material.record, material.words
    kind, outcome = results.KINDS[record.kind], results.OUTCOMES[record.scoring.outcome]
    visit = {"site": record.site.name, "day": say.day(record.started_at[:10])}
    return Particulars(
        title=shown(say(frames.TITLE, kind=say(kind), **visit)),
        author=shown(record.organisation.name),
        subject=say(frames.SUBJECT, code=snapshot.code, outcome=say(outcome)),
        language=record.spoken_in,
        fields=(say(frames.SEAL_FIELD), say(frames.MANAGER_FIELD)),
        issued_at=snapshot.issued_at,
        accent=snapshot.branding.accent if snapshot.branding else None,
        attachments=_attachments(material),
    )


def _attachments(material: Material) -> tuple[Attachment, ...]:
    """Return the data and the table, in the order of their names, which readers search by."""
    return (
        Attachment(
            name=TABLE,
            kind="text/csv",
            relation="Alternative",
            about=material.words(frames.ABOUT_TABLE),
            data=table(material.record),
        ),
        Attachment(
            name=DATA,
            kind="application/json",
            relation="Source",
            about=material.words(frames.ABOUT_DATA),
            data=material.data,
        ),
    )
