import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from audit.errors import Invalid
from audit.store.keys import RENEWED_BEFORE, KeyStore
from reports.examination import examine
from reports.seal import load_seal_key, make_seal_key, seal
from tests.reports.genuine import rendered
from tests.reports.test_seal import YEAR, certificate, packed, usage
from tests.soft_tokens import SoftTokens

NOW = datetime(2026, 3, 20, 10, 30, tzinfo=UTC)
DAY = timedelta(days=1)
ROOT = ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    return KeyStore(folder=tmp_path / "keys", passphrase="for tests only")


def own_key(path: Path) -> Path:
    path.write_bytes(make_seal_key("Own House", NOW).to_pkcs12("theirs"))
    return path


def own_certificate(tokens: SoftTokens, name: str, number: int) -> None:
    """Put a key called "seal" and its certificate, from a public authority, on the token."""
    public = tokens.make_key(number=number)
    own = certificate(
        public, issuer="Root", by=ROOT, name=name, usage=usage(signing=True), begins=NOW - DAY
    )
    tokens.store(own, number=number)


def on_token(tokens: SoftTokens, number: int = 1) -> KeyStore:
    key = tokens.token(f"object=seal;id=%{number:02x}")
    return KeyStore(folder=tokens.folder / "keys", passphrase="unused", given=key)


def public_authority() -> tuple[Any, ...]:
    """Return an authority's certificate, and two keys with certificates it issued."""
    root = ec.generate_private_key(ec.SECP256R1())
    may = usage(signing=True, authority=True)
    top = certificate(root.public_key(), issuer="Root", by=root, name="Root", usage=may)
    issued = []
    for name in ("Ours", "Stranger"):
        private = ec.generate_private_key(ec.SECP256R1())
        public, signing = private.public_key(), usage(signing=True)
        own = certificate(public, issuer="Root", by=root, name=name, usage=signing)
        issued.append((private, own))
    return top, *issued


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
    key = keys.key_for("a", name="Calm Skin", now=NOW)

    found = list(keys.folder.iterdir())
    assert {path.name for path in found} == {"a.p12", "a.pem", f"{key.fingerprint}.crl"}
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
    assert {path.name for path in keys.folder.glob("a.*")} == {"a.p12", "a.pem"}
    assert (keys.folder / f"{found[0]}.crl").exists()


def test_an_authority_says_once_for_all_that_nothing_is_revoked(keys: KeyStore) -> None:
    key = keys.key_for("a", name="Calm Skin", now=NOW)

    found = x509.load_der_x509_crl(*keys.revocation_lists())

    assert found.is_signature_valid(key.authority.public_key())  # type: ignore[arg-type]  # ours is of one kind
    assert found.get_revoked_certificate_by_serial_number(key.certificate.serial_number) is None
    assert found.next_update_utc == key.certificate.not_valid_after_utc


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
    assert keys.pinned() == (key.certificate.public_bytes(Encoding.PEM),)
    assert not list(keys.folder.glob("*.p12"))


def test_reports_under_a_given_key_stay_passed_after_its_successor(tmp_path: Path) -> None:
    first, second = (
        KeyStore(
            folder=tmp_path / "keys",
            passphrase="unused",
            given=own_key(tmp_path / name),
            given_passphrase="theirs",
        )
        for name in ("first.p12", "second.p12")
    )
    sealed = [
        seal(rendered(), keys.key_for("a", name="", now=NOW), NOW) for keys in (first, second)
    ]

    verdicts = [examine(pdf, second.pinned()).standing for pdf in sealed]

    assert verdicts == ["PASSED", "PASSED"]


def test_reports_under_three_self_made_keys_stay_passed(keys: KeyStore) -> None:
    moments = [NOW + years * 3 * 365 * DAY for years in (0, 1, 2)]
    sealed = [
        seal(rendered(), keys.key_for("a", name="Calm Skin", now=now), now) for now in moments
    ]

    verdicts = [examine(pdf, keys.pinned()).standing for pdf in sealed]

    assert len(set(keys.pinned())) == 3
    assert verdicts == ["PASSED"] * 3


def test_a_given_key_does_not_vouch_for_strangers_under_its_public_authority(
    tmp_path: Path,
) -> None:
    top, *keys_under_it = public_authority()
    ours, stranger = (tmp_path / name for name in ("ours.p12", "stranger.p12"))
    for path, (private, own) in zip((ours, stranger), keys_under_it, strict=True):
        path.write_bytes(packed(private, own, [top]))
    keys = KeyStore(
        folder=tmp_path / "keys", passphrase="unused", given=ours, given_passphrase="word"
    )
    foreign = seal(rendered(), load_seal_key(stranger.read_bytes(), "word"), NOW)

    verdict = examine(foreign, keys.pinned())

    assert verdict.standing == "INDETERMINATE"


def test_a_given_key_that_has_run_out_is_refused_in_words(tmp_path: Path) -> None:
    given = own_key(tmp_path / "own.p12")
    keys = KeyStore(
        folder=tmp_path / "keys", passphrase="unused", given=given, given_passphrase="theirs"
    )

    with pytest.raises(Invalid, match=r"own\.p12 cannot be used: .*valid only from") as refused:
        keys.key_for("a", name="Calm Skin", now=NOW + 4 * 365 * DAY)

    assert refused.value.code == "bad_seal_key"
    assert len(keys.pinned()) == 1


def test_a_key_on_a_token_seals_for_everyone_and_is_pinned(drawer: SoftTokens) -> None:
    own_certificate(drawer, "Clinic Seal", 1)
    keys = on_token(drawer)

    found = [keys.key_for(owner, name="Calm Skin", now=NOW) for owner in ("a", "b")]

    assert {key.name for key in found} == {"Clinic Seal"}
    assert keys.pinned() == (found[0].certificate.public_bytes(Encoding.PEM),)
    assert [path.suffix for path in keys.folder.iterdir()] == [".pem"]


def test_reports_verify_while_the_token_is_away(drawer: SoftTokens) -> None:
    own_certificate(drawer, "Clinic Seal", 1)
    keys = on_token(drawer)
    sealed = keys.seal(rendered(), keys.key_for("a", name="", now=NOW), NOW)

    drawer.take_away()

    assert examine(sealed, on_token(drawer).pinned()).standing == "PASSED"


def test_reports_stay_passed_when_keys_follow_each_other_from_file_to_token_to_token(
    drawer: SoftTokens,
) -> None:
    for number, name in ((1, "First"), (2, "Second")):
        own_certificate(drawer, name, number)
    made_here = KeyStore(folder=drawer.folder / "keys", passphrase="for tests only")
    in_file = replace(
        made_here, given=own_key(drawer.folder / "own.p12"), given_passphrase="theirs"
    )
    stores = [made_here, in_file, on_token(drawer, 1), on_token(drawer, 2)]
    sealed = [one.seal(rendered(), one.key_for("a", name="Spa", now=NOW), NOW) for one in stores]
    drawer.take_away()

    verdicts = [[examine(pdf, keys.pinned()).standing for pdf in sealed] for keys in stores]

    assert len(set(stores[3].pinned())) == 4
    assert verdicts == [["PASSED"] * 4] * 4


def test_a_key_on_a_token_does_not_vouch_for_strangers_under_its_public_authority(
    drawer: SoftTokens,
) -> None:
    own_certificate(drawer, "Ours", 1)
    own_certificate(drawer, "Stranger", 2)
    keys = on_token(drawer)
    keys.key_for("a", name="", now=NOW)
    stranger = drawer.token("object=seal;id=%02").load(NOW)

    verdict = examine(seal(rendered(), stranger, NOW), keys.pinned())

    assert verdict.standing == "INDETERMINATE"


def test_a_key_on_a_token_that_has_run_out_is_refused_in_words_and_stays_pinned(
    drawer: SoftTokens,
) -> None:
    own_certificate(drawer, "Clinic Seal", 1)
    keys = on_token(drawer)
    sealed = keys.seal(rendered(), keys.key_for("a", name="", now=NOW), NOW)

    with pytest.raises(Invalid, match=r"seal key pkcs11:token=Clinic;.*valid only from") as refused:
        keys.key_for("a", name="", now=NOW + 3 * YEAR)

    assert refused.value.code == "bad_seal_key"
    assert examine(sealed, keys.pinned()).standing == "PASSED"


def test_a_token_that_does_not_open_is_a_refusal(drawer: SoftTokens) -> None:
    keys = KeyStore(folder=drawer.folder, passphrase="unused", given=drawer.token(pin="wrong-pin"))

    with pytest.raises(Invalid, match=r"seal key pkcs11:.* cannot be used: The PIN is wrong"):
        keys.key_for("a", name="", now=NOW)

    assert keys.pinned() == ()


def test_a_token_taken_away_while_a_report_is_printed_is_a_refusal(drawer: SoftTokens) -> None:
    own_certificate(drawer, "Clinic Seal", 1)
    keys = on_token(drawer)
    key = keys.key_for("a", name="", now=NOW)
    drawer.take_away()

    with pytest.raises(Invalid, match=r"seal key pkcs11:.* cannot be used: There is no such token"):
        keys.seal(rendered(), key, NOW)


def test_a_key_of_our_own_that_has_run_out_is_a_refusal_when_sealing(keys: KeyStore) -> None:
    key = keys.key_for("a", name="Calm Skin", now=NOW)

    with pytest.raises(Invalid, match=r"cannot be used: .*valid only from"):
        keys.seal(rendered(), key, NOW + 9 * YEAR)


def test_a_name_that_cannot_stand_in_a_certificate_is_refused_in_words(keys: KeyStore) -> None:
    with pytest.raises(Invalid, match="printable") as refused:
        keys.key_for("a", name="\x07", now=NOW)

    assert refused.value.code == "bad_seal_name"
    assert not keys.folder.exists()
