import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from cryptography import x509

from audit.errors import Invalid
from audit.store.keys import RENEWED_BEFORE, KeyStore
from reports.seal import make_seal_key

NOW = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    return KeyStore(folder=tmp_path / "keys", passphrase="for tests only")


def own_key(path: Path) -> Path:
    path.write_bytes(make_seal_key("Own House", NOW).to_pkcs12("theirs"))
    return path


def end_of(keys: KeyStore) -> datetime:
    return keys.key_for("a", name="Calm Skin", now=NOW).certificate.not_valid_after_utc


def test_the_same_owner_gets_the_same_key_again(keys: KeyStore) -> None:
    first = keys.key_for("a", name="Calm Skin", now=NOW)

    again = keys.key_for("a", name="Calm Skin", now=NOW + 300 * DAY)

    assert again.fingerprint == first.fingerprint
    assert again.name == "Calm Skin report seal"


def test_owners_have_keys_of_their_own(keys: KeyStore) -> None:
    one, other = (keys.key_for(owner, name="Calm Skin", now=NOW) for owner in ("a", "b"))

    assert one.fingerprint != other.fingerprint
    assert set(keys.pinned()) == {one.ca_certificate_pem, other.ca_certificate_pem}


def test_kept_files_are_for_the_owner_only_and_whole(keys: KeyStore) -> None:
    keys.key_for("a", name="Calm Skin", now=NOW)

    found = sorted(keys.folder.iterdir())
    assert [path.name for path in found] == ["a.p12", "a.pem"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in found} == {0o600}
    assert stat.S_IMODE(keys.folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("late", [-RENEWED_BEFORE, -DAY, DAY, 900 * DAY])
def test_a_key_at_its_end_is_followed_by_a_new_one(keys: KeyStore, late: timedelta) -> None:
    old = keys.key_for("a", name="Calm Skin", now=NOW)
    before = (keys.folder / "a.p12").read_bytes()
    now = old.certificate.not_valid_after_utc + late

    new = keys.key_for("a", name="Calm Skin", now=now)

    assert new.fingerprint != old.fingerprint
    assert new.ensure_valid(now + 1000 * DAY) is new
    assert keys.key_for("a", name="Calm Skin", now=now + DAY).fingerprint == new.fingerprint
    assert (keys.folder / "a.p12").read_bytes() == before
    assert stat.S_IMODE((keys.folder / "a.2.p12").stat().st_mode) == 0o600


def test_a_key_is_not_renewed_before_its_last_month(keys: KeyStore) -> None:
    last = end_of(keys) - RENEWED_BEFORE - timedelta(minutes=1)

    keys.key_for("a", name="Calm Skin", now=last)

    assert [path.name for path in keys.folder.glob("*.p12")] == ["a.p12"]


def test_every_key_ever_used_stays_pinned(keys: KeyStore) -> None:
    used = [
        keys.key_for("a", name="Calm Skin", now=NOW + years * 3 * 365 * DAY) for years in (0, 1, 2)
    ]

    assert set(keys.pinned()) == {key.ca_certificate_pem for key in used}
    assert len(set(keys.pinned())) == 3


def test_a_clock_set_back_makes_a_key_that_is_valid_then(keys: KeyStore) -> None:
    keys.key_for("a", name="Calm Skin", now=NOW + 400 * DAY)

    key = keys.key_for("a", name="Calm Skin", now=NOW)

    assert key.ensure_valid(NOW) is key


def test_first_needs_at_once_share_one_key(keys: KeyStore) -> None:
    start, found = Barrier(4), []

    def need() -> None:
        start.wait()
        found.append(keys.key_for("a", name="Calm Skin", now=NOW).fingerprint)

    threads = [Thread(target=need) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 4
    assert len(set(found)) == 1
    pinned = x509.load_pem_x509_certificate(keys.pinned()[0])
    assert keys.key_for("a", name="", now=NOW).authority == pinned
    assert len(list(keys.folder.iterdir())) == 2


def test_a_lost_secret_leaves_old_reports_verifiable(keys: KeyStore) -> None:
    pinned = keys.key_for("a", name="Calm Skin", now=NOW).ca_certificate_pem
    other = KeyStore(folder=keys.folder, passphrase="another")

    with pytest.raises(Invalid, match=r"a\.p12 cannot be used: .*passphrase is wrong"):
        other.key_for("a", name="Calm Skin", now=NOW)

    assert other.pinned() == (pinned,)


def test_a_lost_certificate_is_put_back_beside_its_key(keys: KeyStore) -> None:
    pinned = keys.key_for("a", name="Calm Skin", now=NOW).ca_certificate_pem
    (keys.folder / "a.pem").unlink()

    keys.key_for("a", name="Calm Skin", now=NOW)

    assert keys.pinned() == (pinned,)


def test_a_given_key_seals_for_everyone_and_is_pinned(tmp_path: Path) -> None:
    given = own_key(tmp_path / "own.p12")
    keys = KeyStore(
        folder=tmp_path / "keys", passphrase="unused", given=given, given_passphrase="theirs"
    )

    key = keys.key_for("a", name="Calm Skin", now=NOW)

    assert key.name == "Own House report seal"
    assert keys.pinned() == (key.ca_certificate_pem,)
    assert not keys.folder.exists()


def test_a_given_key_that_has_run_out_is_refused_in_words(tmp_path: Path) -> None:
    given = own_key(tmp_path / "own.p12")
    keys = KeyStore(
        folder=tmp_path / "keys", passphrase="unused", given=given, given_passphrase="theirs"
    )

    with pytest.raises(Invalid, match=r"own\.p12 cannot be used: .*valid only from") as refused:
        keys.key_for("a", name="Calm Skin", now=NOW + 4 * 365 * DAY)

    assert refused.value.code == "bad_seal_key"
    assert len(keys.pinned()) == 1


def test_a_name_that_cannot_stand_in_a_certificate_is_refused_in_words(keys: KeyStore) -> None:
    with pytest.raises(Invalid, match="printable") as refused:
        keys.key_for("a", name="\x07", now=NOW)

    assert refused.value.code == "bad_seal_name"
    assert not keys.folder.exists()
