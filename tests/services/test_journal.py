"""The journal is signed as it grows, and every change behind its back is found."""

import json
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from audit.errors import Invalid
from audit.services.exporting import export_organisation
from audit.services.journal import (
    JournalBrokenError,
    check_journal,
    make_checkpoint,
    prove_entry,
)
from audit.store.journal import Actor, entries, last_number, write_entry
from audit.store.keys import KeyStore
from audit.store.people import list_members
from audit.store.scope import organisation_of
from reports.checkpoint import read_checkpoint
from reports.merkle import includes
from reports.verifier import verify
from tests.alterations.__main__ import Trial
from tests.conftest import Scoped
from tests.factories import NOW
from tests.services.conftest import Desk

GUARDS = ("journal_entry_refuse_change", "journal_entry_refuse_rewrite")


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    return KeyStore(folder=tmp_path / "log-keys", passphrase="for tests only")


def act(scoped: Scoped, count: int = 1) -> None:
    with scoped() as session:
        for number in range(count):
            write_entry(
                session,
                act="look",
                by=Actor(person_id=None, name="Zoë", role="inspector", device="stay/1"),
                subject=("organisation", organisation_of(session)),
                at=NOW,
                details={"number": number},
            )


def test_a_checkpoint_covers_what_its_own_transaction_wrote(scoped: Scoped, keys: KeyStore) -> None:
    act(scoped, 3)
    with scoped() as session:
        write_entry(
            session,
            act="look",
            by=Actor(person_id=None, name="Ana"),
            subject=("organisation", organisation_of(session)),
            at=NOW,
        )
        made = make_checkpoint(session, keys, now=NOW)
        assert made is not None
        said = read_checkpoint(made.note, keys.log_key(str(organisation_of(session))).public)

    assert (said.size, said.root.hex()) == (4, made.root)


def test_the_same_length_is_signed_once_and_nothing_is_signed_of_nothing(
    scoped: Scoped, keys: KeyStore
) -> None:
    with scoped() as session:
        assert make_checkpoint(session, keys, now=NOW) is None
    act(scoped)
    with scoped() as session:
        first = make_checkpoint(session, keys, now=NOW)
        again = make_checkpoint(session, keys, now=NOW)

    assert first is again


def test_a_journal_in_order_is_whole_however_often_it_was_signed(
    scoped: Scoped, keys: KeyStore
) -> None:
    for count in (1, 2, 600, 3):
        act(scoped, count)
        with scoped() as session:
            make_checkpoint(session, keys, now=NOW)

    with scoped() as session:
        check = check_journal(session, keys)

    assert (check.entries, check.checkpoints, check.wrong) == (606, 4, ())


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ("UPDATE journal_entry SET person_name = 'Bo' WHERE number = 2", "Entry 2 was changed."),
        ("UPDATE journal_entry SET role = 'owner' WHERE number = 2", "Entry 2 was changed."),
        ("UPDATE journal_entry SET leaf = '{}' WHERE number = 2", "Entry 2 was changed."),
        ("UPDATE journal_entry SET nth = 9 WHERE number = 2", "Entry 2 is not number 9"),
        ("UPDATE journal_checkpoint SET size = 9", "once 9 entries long"),
    ],
)
def test_whoever_holds_the_database_cannot_change_it_unseen(
    scoped: Scoped, keys: KeyStore, engine: Engine, change: str, wrong: str
) -> None:
    act(scoped, 4)
    with scoped() as session:
        make_checkpoint(session, keys, now=NOW)
    behind_its_back(engine, change)

    with scoped() as session:
        check = check_journal(session, keys)

    assert any(wrong in one for one in check.wrong)


def behind_its_back(engine: Engine, change: str) -> None:
    """Take the guards away, as whoever owns the database can, and run `change`."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = replica"))
            connection.execute(text(change))
            connection.execute(text("SET session_replication_role = DEFAULT"))
            return
        for guard in (*GUARDS, "journal_checkpoint_refuse_update", "journal_entry_refuse_delete"):
            connection.execute(text(f"DROP TRIGGER {guard}"))
        connection.execute(text(change))


def test_a_journal_with_a_hole_is_never_signed(
    scoped: Scoped, keys: KeyStore, engine: Engine
) -> None:
    act(scoped, 4)
    behind_its_back(engine, "DELETE FROM journal_entry WHERE number = 3")

    with scoped() as session, pytest.raises(JournalBrokenError, match="Entry 3"):
        make_checkpoint(session, keys, now=NOW)
    with scoped() as session:
        assert check_journal(session, keys).wrong == ("Entry 3 is missing.",)


def test_an_entry_is_proven_by_a_short_path_to_a_signed_root(
    scoped: Scoped, keys: KeyStore
) -> None:
    act(scoped, 9)
    with scoped() as session:
        proof = prove_entry(session, keys, 4, now=NOW)
    act(scoped, 3)

    said = read_checkpoint(proof["checkpoint"], proof["key"])
    path = [bytes.fromhex(one) for one in proof["path"]]
    leaf = proof["leaf"].encode()
    assert json.loads(leaf)["index"] == 3
    assert includes(said.root, said.size, leaf=leaf, index=3, path=path)


def test_responses_are_in_the_journal_with_what_they_were_before(desk: Desk) -> None:
    audit_id = desk.start()
    desk.record(audit_id, gloves_worn={"value": "yes"})
    desk.record(audit_id, gloves_worn={"value": "no"})

    with desk.scoped() as session:
        newest = entries(session, audit_id, act="record_responses")[0]

    assert newest.details["changes"] == [
        {"key": "gloves_worn", "before": {"value": "yes"}, "after": {"value": "no"}}
    ]


def test_an_export_is_verified_by_the_file_inside_it(desk: Desk, tmp_path: Path) -> None:
    audit_id = desk.start()
    desk.record(audit_id, gloves_worn={"value": "yes"})
    folder, keys, outside = tmp_path / "out", desk.press.keys, tmp_path / "note"
    with desk.scoped() as session:
        made = make_checkpoint(session, keys, now=NOW)
        assert made is not None
        outside.write_text(made.note)
        people = [person.name for _, person in list_members(session)]
    with desk.scoped() as session:
        done = export_organisation(session, folder, blobs=desk.press.blobs, keys=keys, now=NOW)
        count = last_number(session)

    assert (done.entries, done.missing) == (count, ())
    assert verify(folder, [])[0] == 2
    assert verify(folder, [str(outside)])[0] == 0
    everything = "".join(path.read_text() for path in (folder / "files").iterdir())
    assert people[0] in everything
    assert "password_hash" not in everything


def test_an_export_never_mixes_with_what_is_there(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("mine")

    with desk.scoped() as session, pytest.raises(Invalid, match="holds something already"):
        export_organisation(
            session, tmp_path / "out", blobs=desk.press.blobs, keys=desk.press.keys, now=NOW
        )


def test_alterations_before_a_checkpoint_that_left_are_all_found(tmp_path: Path) -> None:
    trial = Trial(tmp_path, seed=time.time_ns())
    trial.fresh()
    assert trial.answer() == 0

    strangers = [trial.stranger() for _ in range(60)]
    insiders = [trial.insider(vouched=True) for _ in range(20)]
    late = [trial.insider(vouched=False) for _ in range(5)]

    assert [how for how, found in (*strangers, *insiders) if not found] == []
    # Said plainly: after that checkpoint, whoever holds the key is not found out.
    assert not any(found for _, found in late)
