import json
from typing import Any

import pytest
from pydantic import ValidationError

from reports.snapshot import Snapshot, canonical, photo_digests
from tests.reports.samples import photo, sample_finding, sample_line, sample_record, sample_snapshot


def test_the_canonical_form_reads_back_to_the_same_snapshot() -> None:
    snapshot = sample_snapshot()

    again = Snapshot.read(canonical(snapshot))

    assert again == snapshot
    assert canonical(again) == canonical(snapshot)
    assert again.digest() == snapshot.digest()


def test_the_canonical_form_sorts_its_keys_and_wastes_no_space() -> None:
    data = canonical(sample_snapshot())

    plain = json.loads(data)

    assert (
        data
        == json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    )


def test_people_sign_the_record_whatever_becomes_of_the_report() -> None:
    record = sample_record()

    one = sample_snapshot(record, code="ONE")
    two = sample_snapshot(record, code="TWO")

    assert one.record.digest() == two.record.digest() == one.signatures[0].digest
    assert one.digest() != two.digest()


@pytest.mark.parametrize(
    "change",
    [
        {"surprise": 1},
        {"version": 2},
        {"issued_at": "yesterday"},
        {"issued_at": "2026-99-99T99:99:99Z"},
        {"issued_at": "2026-03-14T09:30:00+99:99"},
        {"issued_at": "٢٠٢٦-03-14T09:30:00Z"},
        {"renderer": "1"},
        {"renderer": 1.0},
    ],
)
def test_what_is_unknown_is_refused(change: dict[str, Any]) -> None:
    plain = json.loads(canonical(sample_snapshot()))

    with pytest.raises(ValidationError):
        Snapshot.read(json.dumps({**plain, **change}).encode())


def test_each_photo_is_named_once_in_the_order_it_is_met() -> None:
    line = sample_line(0, 5, photos=(photo(2), photo(1)))
    finding = sample_finding(line, photos=(photo(1),))
    record = sample_record(1, 1, 0, findings=(finding, finding))

    assert photo_digests(record) == (photo(1).digest,)
