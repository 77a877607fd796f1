import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pkcs11
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding
from pkcs11 import Attribute, KeyType, MechanismFlag, ObjectClass, Session, TokenFlag
from pkcs11.util.ec import encode_named_curve_parameters

from reports.examination import examine
from reports.seal import SealKey, UnusableKeyError, seal
from reports.stamps import stamp
from reports.tokens import Token, read_token_address
from tests.reports.genuine import NOW, rendered
from tests.reports.test_seal import YEAR, certificate, usage
from tests.reports.timekeeping import asking, clock_pem
from tests.soft_tokens import PIN, SoftTokens

ISSUER = ec.generate_private_key(ec.SECP256R1())


def issued(
    public: CertificatePublicKeyTypes,
    name: str = "Clinic Seal",
    *,
    signing: bool = True,
    begins: datetime = NOW - YEAR,
) -> x509.Certificate:
    may = usage(signing=signing)
    return certificate(public, issuer="Issuer", by=ISSUER, name=name, usage=may, begins=begins)


def elsewhere() -> x509.Certificate:
    """Return a certificate for a key that is on no token here."""
    return issued(ec.generate_private_key(ec.SECP256R1()).public_key(), "Elsewhere")


def own_pem(key: SealKey) -> bytes:
    return key.certificate.public_bytes(Encoding.PEM)


@pytest.fixture
def stocked(drawer: SoftTokens) -> SoftTokens:
    """The drawer, its token holding a key and the certificate for it."""
    drawer.store(issued(drawer.make_key()))
    return drawer


@pytest.mark.parametrize("kind", ["secp256r1", "secp384r1", "3072"])
def test_a_key_on_a_token_seals_reports_that_every_reader_accepts(
    drawer: SoftTokens, tmp_path: Path, kind: str
) -> None:
    drawer.store(issued(drawer.make_key(kind)))
    key = drawer.token().load(NOW)
    report, pem = tmp_path / "report.pdf", tmp_path / "own.pem"

    report.write_bytes(seal(rendered(), key, NOW))

    pem.write_bytes(own_pem(key))
    told = subprocess.run(["pdfsig", report], capture_output=True, text=True, check=False)
    checked = subprocess.run(
        [sys.executable, "-m", "reports", "--trust", pem, report],
        capture_output=True,
        text=True,
        check=False,
    )
    assert key.name == "Clinic Seal"
    assert report.read_bytes().startswith(rendered())
    assert "Signature Validation: Signature is Valid." in told.stdout
    assert "Total document signed" in told.stdout
    assert (checked.returncode, checked.stdout[:6]) == (0, "PASSED")


def test_the_key_cannot_be_taken_off_the_token(stocked: SoftTokens) -> None:
    with stocked.open() as session:
        key = session.get_key(object_class=ObjectClass.PRIVATE_KEY, label="seal")

        assert not key[Attribute.EXTRACTABLE]
        assert key[Attribute.SENSITIVE]


def test_a_token_does_not_show_its_pin(stocked: SoftTokens) -> None:
    key = stocked.token().load(NOW)

    assert PIN not in repr(key) + repr(key.token) + str(key.token.address)


def test_the_chain_is_taken_from_the_token(drawer: SoftTokens) -> None:
    root, issuer = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    may, signing = usage(signing=True, authority=True), usage(signing=True)
    top = certificate(root.public_key(), issuer="Root", by=root, name="Root", usage=may)
    middle = certificate(issuer.public_key(), issuer="Root", by=root, name="Mid", usage=may)
    own = certificate(drawer.make_key(), issuer="Mid", by=issuer, usage=signing)
    for number, one in enumerate((top, own, middle), start=8):
        drawer.store(one, label="seal" if one is own else "authority", number=number)

    key = drawer.token().load(NOW)

    assert key.certificate == own
    assert key.chain == (middle, top)
    sealed = seal(rendered(), key, NOW)
    assert examine(sealed, (key.ca_certificate_pem,)).standing == "PASSED"


@pytest.mark.parametrize("key", ["id=%02", "object=other", "object=other;id=%02;type=private"])
def test_a_key_is_found_by_its_id_or_label(stocked: SoftTokens, key: str) -> None:
    other = stocked.store(
        issued(stocked.make_key(label="other", number=2), "Other"), label="other", number=2
    )

    found = stocked.token(key).load(NOW)

    assert found.certificate == other


def test_of_two_tokens_of_one_name_the_serial_tells(stocked: SoftTokens) -> None:
    with stocked.open() as session:
        serial = session.token.serial.decode()
    stocked.add()

    with pytest.raises(UnusableKeyError, match="Several tokens"):
        stocked.token().load(NOW)

    told = stocked.token(on=f"token=Clinic;serial={serial};manufacturer=SoftHSM%20project")
    assert told.load(NOW).name == "Clinic Seal"


def test_a_renewed_certificate_is_used_once_it_is_valid(drawer: SoftTokens) -> None:
    public = drawer.make_key()
    old, new = (
        issued(public, name, begins=begins)
        for name, begins in (("Old", NOW - YEAR), ("New", NOW + YEAR / 2))
    )
    drawer.store(new)
    drawer.store(old)
    token = drawer.token()

    names = [token.load(moment).name for moment in (NOW, NOW + YEAR * 3 / 4, NOW + 5 * YEAR)]

    assert names == ["Old", "New", "New"]


def test_a_certificate_for_another_key_beside_the_right_one_is_passed_over(
    stocked: SoftTokens,
) -> None:
    stocked.store(elsewhere())

    assert stocked.token().load(NOW).name == "Clinic Seal"


def test_what_cannot_be_read_beside_the_right_certificate_is_passed_over(
    stocked: SoftTokens,
) -> None:
    stocked.store_bytes(b"no certificate")

    assert stocked.token().load(NOW).name == "Clinic Seal"


def test_a_key_that_wants_its_pin_for_each_signature_gets_it(drawer: SoftTokens) -> None:
    public = drawer.make_key(private_template={Attribute.ALWAYS_AUTHENTICATE: True})
    drawer.store(issued(public))

    key = drawer.token().load(NOW)

    assert examine(seal(rendered(), key, NOW), (own_pem(key),)).standing == "PASSED"


def test_a_report_sealed_by_a_token_takes_a_time_stamp(stocked: SoftTokens) -> None:
    key, clock = stocked.token().load(NOW), ("Time Authority", NOW - YEAR)
    sealed = seal(rendered(), key, NOW)

    stamped = stamp(sealed, asking(NOW + timedelta(hours=1), *clock))

    verdict = examine(stamped, (own_pem(key),), (clock_pem(*clock),))
    assert (verdict.standing, verdict.stamped_by) == ("PASSED", "Time Authority")


def test_several_threads_seal_at_once(stocked: SoftTokens) -> None:
    tokens = [stocked.token() for _ in range(2)]

    def sealed(number: int) -> bytes:
        return seal(rendered(), tokens[number % 2].load(NOW), NOW)

    with ThreadPoolExecutor(6) as threads:
        made = list(threads.map(sealed, range(12)))

    pem = own_pem(tokens[0].load(NOW))
    assert len(set(made)) == 12
    assert {examine(one, (pem,)).standing for one in made} == {"PASSED"}


# What is wrong, and what is said.


def test_a_missing_module_is_named() -> None:
    address = read_token_address("pkcs11:token=Clinic;object=seal?module-path=/no/module.so")

    with pytest.raises(UnusableKeyError, match=r"no module /no/module\.so: install"):
        Token(address, PIN).load(NOW)


def test_what_is_no_module_is_said_to_be_none(tmp_path: Path) -> None:
    other = tmp_path / "module.so"
    other.write_bytes(b"nothing of the kind")
    address = read_token_address(f"pkcs11:token=Clinic;object=seal?module-path={other}")

    with pytest.raises(UnusableKeyError, match=r"module\.so does not start"):
        Token(address, PIN).load(NOW)


def test_a_module_that_is_not_set_up_is_said_not_to_start(
    stocked: SoftTokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = stocked.token()
    monkeypatch.setenv("SOFTHSM2_CONF", str(stocked.folder / "nothing.conf"))

    with pytest.raises(UnusableKeyError, match=r"does not start \(GeneralError\): see that"):
        token.load(NOW)


@pytest.mark.parametrize("token", ["token=Spa", "token=Clinic;serial=0", "model=card;slot-id=9"])
def test_a_missing_token_is_said_to_be_missing(stocked: SoftTokens, token: str) -> None:
    with pytest.raises(UnusableKeyError, match="no such token: plug it in"):
        stocked.token(on=token).load(NOW)


@pytest.mark.parametrize("key", ["object=other", "id=%09", "object=seal;id=%02"])
def test_a_missing_key_is_said_to_be_missing(stocked: SoftTokens, key: str) -> None:
    with pytest.raises(UnusableKeyError, match="holds no such private key"):
        stocked.token(key).load(NOW)


def test_a_key_that_may_not_sign_counts_as_missing(drawer: SoftTokens) -> None:
    drawer.store(issued(drawer.make_key("2048", capabilities=MechanismFlag.DECRYPT)))

    with pytest.raises(UnusableKeyError, match="no such private key to sign with"):
        drawer.token().load(NOW)


def test_two_keys_of_one_name_are_told_apart_by_their_id(stocked: SoftTokens) -> None:
    stocked.make_key(number=2)

    with pytest.raises(UnusableKeyError, match="several such keys: add id="):
        stocked.token().load(NOW)

    assert stocked.token("object=seal;id=%01").load(NOW).name == "Clinic Seal"


def test_a_key_without_a_certificate_is_refused(drawer: SoftTokens) -> None:
    drawer.make_key()
    drawer.store(elsewhere(), label="other", number=9)

    with pytest.raises(UnusableKeyError, match="but no certificate for it: store"):
        drawer.token().load(NOW)


@pytest.mark.parametrize("kind", ["secp256r1", "2048"])
def test_a_certificate_for_another_key_is_refused(drawer: SoftTokens, kind: str) -> None:
    drawer.make_key(kind)
    drawer.store(elsewhere())

    with pytest.raises(UnusableKeyError, match="issued for another key: store"):
        drawer.token().load(NOW)


def test_a_certificate_of_another_kind_than_the_key_is_refused(drawer: SoftTokens) -> None:
    drawer.make_key()
    drawer.store(issued(ed25519.Ed25519PrivateKey.generate().public_key()))

    with pytest.raises(UnusableKeyError, match="issued for another key: store"):
        drawer.token().load(NOW)


def test_a_key_exchanged_since_it_was_read_seals_nothing(stocked: SoftTokens) -> None:
    key = stocked.token().load(NOW)
    with stocked.open() as session:
        session.get_key(object_class=ObjectClass.PRIVATE_KEY, label="seal").destroy()
    stocked.make_key()

    with pytest.raises(UnusableKeyError, match="issued for another key: store"):
        seal(rendered(), key, NOW)


def test_a_weak_key_is_refused_as_one_in_a_file_is(drawer: SoftTokens) -> None:
    drawer.store(issued(drawer.make_key("1024")))

    with pytest.raises(UnusableKeyError, match="elliptic-curve key, or RSA"):
        drawer.token().load(NOW)


def test_another_kind_of_key_is_refused_as_one_in_a_file_is(drawer: SoftTokens) -> None:
    drawer.make_edwards_key()
    drawer.store(elsewhere())

    with pytest.raises(UnusableKeyError, match="elliptic-curve key, or RSA"):
        drawer.token().load(NOW)


def test_a_certificate_for_something_else_is_refused_as_in_a_file(drawer: SoftTokens) -> None:
    drawer.store(issued(drawer.make_key(), signing=False))

    with pytest.raises(UnusableKeyError, match="not meant for signing"):
        drawer.token().load(NOW)


def test_a_certificate_that_has_run_out_does_not_seal(stocked: SoftTokens) -> None:
    key = stocked.token().load(NOW + 2 * YEAR)

    with pytest.raises(UnusableKeyError, match="valid only from"):
        seal(rendered(), key, NOW + 2 * YEAR)


# The PIN.


@pytest.mark.parametrize("pin", ["wrong-pin", "1", ""])
def test_a_wrong_pin_is_tried_once(stocked: SoftTokens, pin: str) -> None:
    token = stocked.token(pin=pin)

    with pytest.raises(UnusableKeyError, match="PIN is wrong"):
        token.load(NOW)

    # Without any token, only one who does not even look still speaks of the PIN.
    stocked.take_away()
    with pytest.raises(UnusableKeyError, match="PIN is wrong"):
        token.load(NOW)


def test_the_right_pin_opens_after_a_wrong_one(stocked: SoftTokens) -> None:
    with pytest.raises(UnusableKeyError, match="PIN is wrong"):
        stocked.token(pin="wrong-pin").load(NOW)

    assert stocked.token().load(NOW).name == "Clinic Seal"


@pytest.mark.parametrize("pin", [PIN, "wrong-pin"])
def test_a_pin_whose_next_failure_would_lock_the_token_is_not_tried(
    stocked: SoftTokens, pin: str
) -> None:
    warn_of_the_last_try(stocked)

    with pytest.raises(UnusableKeyError, match="One more wrong PIN would lock the token"):
        stocked.token(pin=pin).load(NOW)

    with stocked.open() as session:
        assert TokenFlag.USER_PIN_FINAL_TRY in session.token.flags


def warn_of_the_last_try(tokens: SoftTokens) -> None:
    """Set the flag in the token's own file, where SoftHSM, which never locks, keeps it."""
    with tokens.open() as session:
        flags = session.token.flags
    kept, warned = (struct.pack(">Q", one) for one in (flags, flags | TokenFlag.USER_PIN_FINAL_TRY))
    (path,) = tokens.drawer.glob("*/token.object")
    before = path.read_bytes()
    assert before.count(kept) == 1
    path.write_bytes(before.replace(kept, warned))


def test_a_token_that_does_not_open_is_not_given_the_pin_again(stocked: SoftTokens) -> None:
    token = stocked.token()
    module = pkcs11.lib(str(stocked.module))
    try:
        found = token._found(module)
        stocked.take_away()

        with pytest.raises(UnusableKeyError, match=r"token fails \(GeneralError\): see that it"):
            token._opened(found)
    finally:
        module.finalize()


# Taken away, and put back.


def test_a_token_taken_away_is_missed_and_found_again_when_put_back(stocked: SoftTokens) -> None:
    token = stocked.token()
    key = token.load(NOW)
    stocked.take_away()

    with pytest.raises(UnusableKeyError, match="no such token: plug it in"):
        seal(rendered(), key, NOW)

    stocked.put_back()
    assert examine(seal(rendered(), key, NOW), (own_pem(key),)).standing == "PASSED"


def test_a_token_that_fails_is_tried_once_more_from_the_start(stocked: SoftTokens) -> None:
    tries = []

    def wiggle(session: Session) -> bytes:
        """Find the key; the first time the token is out for a moment just then."""
        (key,) = session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})
        tries.append(key)
        if len(tries) == 1:
            stocked.take_away()
        try:
            return bytes(key[Attribute.ID])
        finally:
            if len(tries) == 1:
                stocked.put_back()

    found = stocked.token()._use(wiggle)

    assert found == b"\1"
    assert len(tries) == 2


def test_a_token_that_keeps_failing_is_said_to_fail(stocked: SoftTokens) -> None:
    tries = []

    def ask_too_much(session: Session) -> None:
        tries.append(session)
        curve = {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
        session.create_domain_parameters(KeyType.EC, curve, local=True).generate_keypair(store=True)

    with pytest.raises(UnusableKeyError, match=r"token fails \(SessionReadOnly\): see that it"):
        stocked.token()._use(ask_too_much)

    assert len(tries) == 2


# The address.


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("pkcs11:", "whole path"),
        ("pkcs11:token=a;object=b?module-path=module.so", "whole path"),
        ("pkcs11:object=b?module-path=/m.so", "name the token"),
        ("pkcs11:token=a?module-path=/m.so", "name the key"),
        ("pkcs11:token=a;object=b;type=cert?module-path=/m.so", "type=private"),
        ("pkcs11:token=a;object=b?module-path=/m.so&pin-value=1234", "leave the PIN out"),
        ("pkcs11:token=a;object=b?module-path=/m.so&pin-source=file:/pin", "leave the PIN out"),
        ("pkcs11:token=a;object=b;colour=red?module-path=/m.so", "“colour” is not understood"),
        ("pkcs11:token=a;object=b;id?module-path=/m.so", "“id” is not understood"),
        ("pkcs11:token=a;object=b;token=c?module-path=/m.so", "token is given twice"),
    ],
)
def test_an_address_that_names_no_key_says_what_to_mend(written: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_token_address(written)


def test_an_address_is_read_with_its_escapes() -> None:
    read = read_token_address("pkcs11:token=The%20clinic%3B;id=%00%ff?module-path=/lib/m.so")

    assert read.token == (("token", "The clinic;"),)
    assert (read.label, read.id, read.module) == (None, b"\x00\xff", "/lib/m.so")
