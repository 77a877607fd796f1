"""What a tablet is told before it forgets an audit that was closed elsewhere, on both databases."""

import json
from uuid import UUID

import pytest

from audit.errors import Conflict
from audit.services.acting import Member
from audit.services.audits import complete_audit
from audit.services.batches import Batch, Change
from audit.services.device import take_changes
from audit.services.keeping import what_is_kept
from audit.services.rescue import Rescue, keep_closing
from audit.store.audits import get_audit
from audit.store.base import Document, new_id
from tests.factories import NOW, make_person
from tests.services.conftest import GIVEN, Desk

RAW = {"value": "no", "comment": "Two gloves \u2013 both torn."}


def close_elsewhere(desk: Desk) -> UUID:
    audit_id = desk.start()
    desk.record(audit_id, **GIVEN)
    with desk.scoped() as session:
        complete_audit(session, audit_id, shelf=desk.shelf, by=desk.by, now=desk.later)
    return audit_id


@pytest.fixture
def colleague(desk: Desk) -> Member:
    with desk.scoped() as session:
        person = make_person(session, email="colleague@example.test", name="Col League")
        return Member(id=person.id, name=person.name)


def bring(desk: Desk, audit_id: UUID, *, author: Member, by: Member, may_record: bool) -> Change:
    """Bring one late response of `author`."""
    late = Change(
        id=new_id(), key="gloves_worn", raw=json.dumps(RAW), parent=None, at=NOW, via="tap"
    )
    batch = Batch(
        audit_id=audit_id,
        changes=(late,),
        author=author,
        by=by,
        may_record=may_record,
        device="tablet",
        clock=NOW,
    )
    with desk.scoped() as session:
        take_changes(session, batch, shelf=desk.shelf, now=NOW)
    return late


def told(desk: Desk, audit_id: UUID, by: Member) -> Document:
    with desk.scoped() as session:
        return what_is_kept(session, get_audit(session, audit_id), by=by, now=NOW)


@pytest.mark.parametrize("may_record", [True, False], ids=["too late", "without the right"])
def test_what_was_set_aside_is_told_its_author_word_for_word(
    desk: Desk, colleague: Member, *, may_record: bool
) -> None:
    audit_id = close_elsewhere(desk)
    late = bring(desk, audit_id, author=colleague, by=colleague, may_record=may_record)

    kept = told(desk, audit_id, colleague)

    assert kept["changes"] == [{"id": str(late.id), "key": late.key, "raw": RAW}]
    assert dict(kept["cells"]).keys() >= GIVEN.keys()
    assert str(late.id) not in dict(kept["cells"]).values()
    assert kept["receipt"]["audit"] == str(audit_id)


def test_who_brings_a_rescue_file_is_not_told_what_stands_in_it(
    desk: Desk, colleague: Member
) -> None:
    audit_id = close_elsewhere(desk)
    bring(desk, audit_id, author=colleague, by=desk.by, may_record=False)
    signed = json.dumps({"signatures": [{"name": "Col League"}]})
    keep_aside(desk, audit_id, colleague, signed)

    kept = told(desk, audit_id, desk.by)

    assert (kept["changes"], kept["signatures"]) == ([], [])
    assert told(desk, audit_id, colleague)["signatures"] == [{"name": "Col League"}]


def keep_aside(desk: Desk, audit_id: UUID, author: Member, raw: str) -> None:
    """Keep a closing from a rescue file that another person brings."""
    rescue = Rescue(author=author, by=desk.by, device="tablet")
    with desk.scoped() as session:
        keep_closing(session, rescue, audit_id, raw=raw, at=NOW, now=NOW)


@pytest.mark.parametrize("raw", ["{}", '{"signatures": null}'])
def test_closing_of_a_rescue_file_without_signatures_tells_of_none(
    desk: Desk, colleague: Member, raw: str
) -> None:
    audit_id = close_elsewhere(desk)
    keep_aside(desk, audit_id, colleague, raw)

    assert told(desk, audit_id, colleague)["signatures"] == []


def test_nothing_is_told_of_an_audit_that_is_open(desk: Desk) -> None:
    audit_id = desk.start()

    with pytest.raises(Conflict) as refused:
        told(desk, audit_id, desk.by)

    assert refused.value.code == "audit_open"
