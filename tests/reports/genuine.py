"""One genuine sealed report, its key, and an impostor of the same name."""

from datetime import UTC, datetime
from functools import cache

from reports.render import render
from reports.seal import FileKey, make_seal_key, seal
from reports.snapshot import Snapshot
from tests.reports.samples import sample_photos, sample_record, sample_snapshot

NOW = datetime(2026, 3, 14, 16, 10, 5, tzinfo=UTC)
NAME = "Stillwater Skin & Spa"


@cache
def key() -> FileKey:
    return make_seal_key(NAME, NOW)


@cache
def impostor() -> FileKey:
    return make_seal_key(NAME, NOW)


@cache
def snapshot() -> Snapshot:
    return sample_snapshot(sample_record(topics=1, lines=8, photos=2))


def photos() -> dict[str, bytes]:
    return sample_photos(2)


@cache
def rendered() -> bytes:
    return render(snapshot(), photos())


@cache
def genuine() -> bytes:
    return seal(rendered(), key(), NOW)


@cache
def another() -> bytes:
    other = sample_snapshot(sample_record(topics=1, lines=2, photos=0), code="HA-OTHER")
    return seal(render(other, {}), key(), NOW)
