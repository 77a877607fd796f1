import io

import pytest
from PIL import Image

from audit.errors import Conflict, Invalid
from audit.services.audits import complete_audit
from audit.services.evidence import MOST_PHOTOS, Taken, add_photo, take_photo_away
from audit.store.evidence import evidence_of
from audit.store.photos import PlainPhoto
from tests.services.conftest import GIVEN, Desk


def plain(tone: int = 90) -> PlainPhoto:
    target = io.BytesIO()
    Image.new("RGB", (30, 20), (tone, 40, 40)).save(target, "JPEG")
    return PlainPhoto(data=target.getvalue(), width=30, height=20)


def add(desk: Desk, taken: Taken) -> None:
    with desk.scoped() as session:
        add_photo(session, taken, shelf=desk.shelf, by=desk.by, now=desk.later)


def test_a_photo_is_kept_with_its_response(desk: Desk) -> None:
    audit_id = desk.start()

    add(desk, Taken(audit_id=audit_id, key="water_warm", photo=plain()))

    with desk.scoped() as session:
        row = evidence_of(session, audit_id, "water_warm")[0]
    assert desk.shelf.blobs.get(row.digest) == plain().data


def test_the_same_photo_sent_twice_is_kept_once(desk: Desk) -> None:
    audit_id = desk.start()
    taken = Taken(audit_id=audit_id, key="water_warm", photo=plain())
    add(desk, taken)

    add(desk, taken)

    with desk.scoped() as session:
        assert len(evidence_of(session, audit_id)) == 1


def test_a_photo_for_an_unknown_item_is_refused(desk: Desk) -> None:
    audit_id = desk.start()

    with pytest.raises(Invalid):
        add(desk, Taken(audit_id=audit_id, key="no_such_item", photo=plain()))


def test_an_item_takes_so_many_photos_and_no_more(desk: Desk) -> None:
    audit_id = desk.start()
    for tone in range(MOST_PHOTOS):
        add(desk, Taken(audit_id=audit_id, key="water_warm", photo=plain(tone * 5)))

    with pytest.raises(Invalid):
        add(desk, Taken(audit_id=audit_id, key="water_warm", photo=plain(250)))


def test_a_photo_taken_away_stays_on_record(desk: Desk) -> None:
    audit_id = desk.start()
    add(desk, Taken(audit_id=audit_id, key="water_warm", photo=plain()))
    with desk.scoped() as session:
        evidence_id = evidence_of(session, audit_id)[0].id

    for _ in range(2):
        with desk.scoped() as session:
            take_photo_away(session, evidence_id, by=desk.by, now=desk.later)

    with desk.scoped() as session:
        assert evidence_of(session, audit_id) == []
        assert len(evidence_of(session, audit_id, removed=True)) == 1


def test_a_completed_audit_takes_no_photo(desk: Desk) -> None:
    audit_id = desk.start()
    desk.record(audit_id, **GIVEN)
    with desk.scoped() as session:
        complete_audit(session, audit_id, shelf=desk.shelf, by=desk.by, now=desk.later)

    with pytest.raises(Conflict):
        add(desk, Taken(audit_id=audit_id, key="water_warm", photo=plain()))
