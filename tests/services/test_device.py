"""Changes from tablets on both databases: in any order, any number of times, many at once."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from audit.errors import Conflict, NotFound
from audit.services.acting import Member
from audit.services.batches import Batch, Change, Opening, put_right
from audit.services.decisions import Choice, settle_conflict
from audit.services.device import Taken, take_changes
from audit.store.audits import Audit, AuditKind, changes_of, current_changes, get_audit
from audit.store.base import new_id
from audit.store.device import Outcome, ReceivedChange, Standing, open_conflicts, received_of
from audit.store.journal import entries
from audit.store.people import Role
from audit.store.scope import organisation_scope, platform_scope
from audit.store.session import transaction
from audit.store.uploads import Uploads, WrongOffset
from tests.factories import NOW, make_organisation, make_person, make_site
from tests.services.conftest import Desk

KEY = "gloves_worn"
ANY_DATABASE = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def made(value: str | None, parent: Change | None = None, key: str = KEY) -> Change:
    raw = None if value is None else {"value": value, "comment": value}
    return Change(
        id=new_id(),
        key=key,
        raw=json.dumps(raw),
        parent=parent.id if parent else None,
        at=NOW,
        via="tap",
    )


def batch_of(desk: Desk, audit_id: UUID, changes: Iterable[Change], **more: Any) -> Batch:
    usual: dict[str, Any] = {
        "author": desk.by,
        "by": desk.by,
        "may_record": True,
        "device": "tablet",
        "clock": NOW,
    }
    return Batch(audit_id=audit_id, changes=tuple(changes), **(usual | more))


def take(desk: Desk, audit_id: UUID, *changes: Change, **more: Any) -> list[str]:
    """Take in one batch; return the statuses."""
    batch = batch_of(desk, audit_id, changes, **more)
    with desk.scoped() as session:
        taken = take_changes(session, batch, shelf=desk.shelf, now=NOW)
        return [one.status for one in taken.results]


def opening(desk: Desk, **more: Any) -> Opening:
    usual: dict[str, Any] = {
        "site_id": desk.site_id,
        "kind": AuditKind.SELF_AUDIT,
        "code": "small-check",
        "version": 1,
        "pack": ("us-ut", 1),
        "digest": desk.catalogue.get("small-check", 1, ("us-ut", 1)).digest,
        "started_at": NOW,
        "raw": "{}",
    }
    return Opening(**(usual | more))


def stands(desk: Desk, audit_id: UUID) -> tuple[dict[str, UUID], set[UUID]]:
    """Return what is current by key, and what waits for a choice."""
    with desk.scoped() as session:
        current = {key: one.change_id for key, one in current_changes(session, audit_id).items()}
        return current, {one.change_id for one in open_conflicts(session, audit_id)}


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("values", [("yes", "no", "na"), ("yes", "no", "yes")])
def test_line_of_changes_ends_the_same_in_any_order(
    desk: Desk, order: tuple[int, ...], values: tuple[str, ...]
) -> None:
    audit_id, key = desk.start(), "room_clean@1"
    line = [made(values[0], key=key)]
    for value in values[1:]:
        line.append(made(value, line[-1], key=key))

    for place in order:
        take(desk, audit_id, line[place])

    current, waiting = stands(desk, audit_id)
    assert current[key] == line[-1].id
    assert waiting == set()


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_line_of_changes_in_one_batch_is_put_in_order(desk: Desk, order: tuple[int, ...]) -> None:
    audit_id = desk.start()
    first = made("yes")
    second = made("no", first)
    line = [first, second, made("yes", second)]

    statuses = take(desk, audit_id, *(line[place] for place in order))

    assert statuses == ["applied"] * 3
    assert stands(desk, audit_id)[0][KEY] == line[-1].id


def test_changes_that_name_each_other_as_parents_are_taken_once(desk: Desk) -> None:
    audit_id = desk.start()
    one, other = made("yes"), made("no")
    ring = (replace(one, parent=other.id), replace(other, parent=one.id))

    statuses = take(desk, audit_id, *ring, replace(one, parent=one.id))

    assert sorted(statuses) == ["applied", "applied", "id_reused"]


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Change], list[list[int]]]:
    """Changes of two people over two keys, and batches that bring each at least once."""
    story: list[Change] = []
    for _ in range(draw(st.integers(1, 7))):
        key = draw(st.sampled_from([KEY, "room_clean@1"]))
        before = [one for one in story if one.key == key]
        parent = draw(st.sampled_from([None, *before]))
        story.append(made(draw(st.sampled_from(["yes", "no", None])), parent, key=key))
    order = draw(st.permutations(range(len(story))))
    again = draw(st.lists(st.sampled_from(range(len(story))), max_size=5))
    places = [*order, *again]
    cuts = sorted(draw(st.sets(st.integers(1, len(places)), max_size=4)))
    batches = [places[a:b] for a, b in zip([0, *cuts], [*cuts, len(places)], strict=True)]
    return story, [one for one in batches if one]


@ANY_DATABASE
@given(story=stories())
def test_nothing_is_lost_or_doubled_however_it_arrives(
    desk: Desk, story: tuple[list[Change], list[list[int]]]
) -> None:
    changes, batches = story
    audit_id = desk.start()

    for batch in batches:
        take(desk, audit_id, *(changes[place] for place in batch))

    with desk.scoped() as session:
        received = {one.change_id: one for one in received_of(session, audit_id)}
        written = [one.change_id for one in changes_of(session, audit_id)]
        current = current_changes(session, audit_id)
        given_now = dict(get_audit(session, audit_id).given)
    assert received.keys() == {one.id for one in changes}
    assert len(set(written)) == len(written)
    for key in {one.key for one in changes}:
        assert given_now.get(key) == current[key].after
    for one in received.values():
        known = one.change_id in written
        kept = one.outcome in (Outcome.MERGED, Outcome.CONFLICT, Outcome.REFUSED)
        assert known or kept


def test_same_batch_at_once_from_many_is_taken_once(desk: Desk) -> None:
    audit_id = new_id()
    changes = [made("yes"), *(made("no", key=f"room_clean@{room}") for room in range(5))]
    batch = batch_of(desk, audit_id, changes, opening=opening(desk))

    def send(_: int) -> Taken:
        with desk.scoped() as session:
            return take_changes(session, batch, shelf=desk.shelf, now=NOW)

    with ThreadPoolExecutor(max_workers=6) as together:
        taken = list(together.map(send, range(6)))

    with desk.scoped() as session:
        audits = session.scalars(select(Audit)).all()
        written = changes_of(session, audit_id)
        received = received_of(session, audit_id)
        numbers = [one.number for one in entries(session)]
    statuses = [one.status for each in taken for one in each.results]
    assert len(audits) == 1
    assert len(written) == len(received) == len(changes)
    assert statuses.count("applied") == len(changes)
    assert statuses.count("duplicate") == 5 * len(changes)
    assert numbers == list(range(len(numbers), 0, -1))


def test_different_batches_at_once_are_all_taken(desk: Desk) -> None:
    audit_id = desk.start()

    def send(room: int) -> list[str]:
        return take(desk, audit_id, made("yes", key=f"room_clean@{room}"), made("no"))

    with ThreadPoolExecutor(max_workers=6) as together:
        statuses = [one for each in together.map(send, range(12)) for one in each]

    with desk.scoped() as session:
        sequences = [one.sequence for one in changes_of(session, audit_id)]
    assert statuses.count("applied") + statuses.count("merged") == 24
    assert sequences == list(range(1, len(sequences) + 1))


def test_new_audits_at_once_are_numbered_without_a_gap(desk: Desk) -> None:
    def send(_: int) -> list[str]:
        return take(desk, new_id(), made("yes"), opening=opening(desk))

    with ThreadPoolExecutor(max_workers=6) as together:
        list(together.map(send, range(10)))

    with desk.scoped() as session:
        numbers = sorted(one.number for one in session.scalars(select(Audit)))
    assert numbers == list(range(1, 11))


def test_id_of_another_organisation_is_refused_and_nothing_of_it_seen(
    engine: Engine, desk: Desk
) -> None:
    audit_id = new_id()
    take(desk, audit_id, made("yes"), opening=opening(desk))
    with transaction(engine, platform_scope("another organisation")) as session:
        other_id = make_organisation(session, name="Other").id
    scope = organisation_scope(other_id)
    with transaction(engine, scope) as session:
        person, site_id = make_person(session), make_site(session).id
        by = Member(id=person.id, name=person.name)
    theirs = {"author": by, "by": by}

    def send(**more: Any) -> None:
        with transaction(engine, scope) as session:
            batch = batch_of(desk, audit_id, [made("no")], **theirs, **more)
            take_changes(session, batch, shelf=desk.shelf, now=NOW)

    with pytest.raises(Conflict) as taken:
        send(opening=opening(desk, site_id=site_id))
    with pytest.raises(NotFound):
        send()

    assert taken.value.code == "id_taken"
    with transaction(engine, scope) as session:
        assert received_of(session, audit_id) == []
        assert session.scalars(select(Audit)).all() == []


def test_conflict_of_two_people_is_settled_once(desk: Desk) -> None:
    audit_id = desk.start()
    first, second = made("yes"), made("no")
    take(desk, audit_id, first)
    with desk.scoped() as session:
        other = make_person(session, name="Bo Lind", role=Role.MANAGER)
        bo = Member(id=other.id, name=other.name)
    statuses = take(desk, audit_id, second, author=bo, by=bo)
    choice = Choice(audit_id=audit_id, key=KEY, chosen=second.id)

    with desk.scoped() as session:
        settle_conflict(session, choice, shelf=desk.shelf, by=desk.by, now=NOW)
    with pytest.raises(Conflict), desk.scoped() as session:
        settle_conflict(session, choice, shelf=desk.shelf, by=desk.by, now=NOW)

    with desk.scoped() as session:
        [row] = [one for one in received_of(session, audit_id) if one.change_id == second.id]
        assert row.stands is Standing.SETTLED
        assert get_audit(session, audit_id).given[KEY]["value"] == "no"
    assert statuses == ["conflict"]


def test_own_conflict_chosen_again_takes_the_place_of_the_first(desk: Desk) -> None:
    audit_id = desk.start()
    current = made("yes")
    newer = made("no", current)
    take(desk, audit_id, current)
    beside = made("no")
    take(desk, audit_id, beside)
    take(desk, audit_id, replace(newer, raw=json.dumps({"value": "not_observed"})))

    chosen = replace(made("no", current), settles=(beside.id,))
    statuses = take(desk, audit_id, chosen)

    assert statuses == ["conflict"]
    assert stands(desk, audit_id)[1] == {chosen.id}


def test_planned_audit_begins_with_its_first_change(desk: Desk) -> None:
    audit_id = desk.start()
    with desk.scoped() as session:
        began = get_audit(session, audit_id)
        planned = new_id()
        given_to = {
            column: getattr(began, column)
            for column in (
                "site_id",
                "kind",
                "inspector_id",
                "inspector_name",
                "checklist_code",
                "checklist_version",
                "checklist_digest",
                "zone",
                "created_at",
                "pack_code",
                "pack_version",
            )
        }
        session.add(Audit(id=planned, number=99, **given_to))

    statuses = take(desk, planned, made("yes"))

    with desk.scoped() as session:
        assert get_audit(session, planned).state == "in_progress"
    assert statuses == ["applied"]


@pytest.mark.parametrize(
    ("ago", "off", "right"), [(30, 0, 30), (30, -10_000_000, 30), (-30, 0, 0), (0, 10_000_000, 0)]
)
def test_time_is_put_right_by_the_clock_it_came_with(ago: int, off: int, right: int) -> None:
    clock = NOW + timedelta(minutes=off)
    claimed = clock - timedelta(minutes=ago)

    assert put_right(claimed, clock, now=NOW) == NOW - timedelta(minutes=right)


def test_without_a_clock_a_claim_is_believed_up_to_now() -> None:
    assert put_right(NOW + timedelta(days=1), None, now=NOW) == NOW
    assert put_right(NOW - timedelta(days=1), None, now=NOW) == NOW - timedelta(days=1)


SENDER = """
import sys
from pathlib import Path
from uuid import UUID

from audit.store.uploads import Uploads

folder, whose, photo = sys.argv[1:]
uploads = Uploads(Path(folder))
offset = 0
while True:
    piece = bytes([offset % 251]) * 10_000
    offset = uploads.append(UUID(whose), UUID(photo), offset=offset, data=piece)
    print(offset, flush=True)
"""


@pytest.mark.parametrize("pieces", [1, 7, 60])
def test_pieces_acknowledged_before_a_kill_are_there(tmp_path: Path, pieces: int) -> None:
    whose, photo = new_id(), new_id()
    command = [sys.executable, "-c", SENDER, str(tmp_path), str(whose), str(photo)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": "."}
    ) as sender:
        assert sender.stdout is not None
        said = [int(sender.stdout.readline()) for _ in range(pieces)]
        sender.send_signal(signal.SIGKILL)
        said += [int(line) for line in sender.stdout if line.endswith("\n")]
    uploads = Uploads(tmp_path)

    length = uploads.length(whose, photo)
    on = uploads.append(whose, photo, offset=length, data=b"on")

    assert said[-1] <= length <= said[-1] + 10_000
    assert on == length + 2


def test_same_piece_at_once_from_many_is_added_once(tmp_path: Path) -> None:
    uploads, whose, photo = Uploads(tmp_path), new_id(), new_id()

    def send(_: int) -> bool:
        try:
            uploads.append(whose, photo, offset=0, data=b"x" * 100_000)
        except WrongOffset as refusal:
            return refusal.offset == 100_000
        return True

    with ThreadPoolExecutor(max_workers=8) as together:
        assert all(together.map(send, range(8)))

    assert uploads.length(whose, photo) == 100_000


def test_rows_of_tablets_are_final_for_everyone(desk: Desk, engine: Engine) -> None:
    audit_id = desk.start()
    take(desk, audit_id, made("yes"))
    tried: Mapping[str, str] = {
        "received_change": "UPDATE received_change SET raw = 'null'",
        "settled": "UPDATE received_change SET stands = 'left_out'",
        "gone": "DELETE FROM received_change",
        "renamed": "UPDATE response_change SET change_id = NULL",
    }

    for statement in tried.values():
        with pytest.raises(Exception, match="final"), engine.begin() as connection:
            connection.exec_driver_sql(statement)

    with desk.scoped() as session:
        assert len(session.scalars(select(ReceivedChange)).all()) == 1
