import subprocess
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from reports.examination import examine
from reports.seal import FileKey, UnusableKeyError, load_seal_key, make_seal_key, seal
from tests.reports.genuine import NAME, NOW, genuine, key, rendered

Private = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
YEAR = timedelta(days=365)


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def certificate(
    public: CertificatePublicKeyTypes,
    *,
    issuer: str,
    by: Private,
    name: str = "Owner",
    usage: x509.KeyUsage | None = None,
    begins: datetime = NOW - YEAR,
) -> x509.Certificate:
    """Return a certificate of two years."""
    made = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(issuer))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + 2 * YEAR)
        .add_extension(
            x509.BasicConstraints(ca=bool(usage and usage.key_cert_sign), path_length=None),
            critical=True,
        )
    )
    if usage:
        made = made.add_extension(usage, critical=True)
    return made.sign(by, hashes.SHA256())


def usage(*, signing: bool, authority: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signing,
        content_commitment=False,
        key_encipherment=not signing,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def packed(
    private: pkcs12.PKCS12PrivateKeyTypes,
    cert: x509.Certificate,
    others: list[x509.Certificate] | None = None,
) -> bytes:
    """Return a PKCS#12 file that opens with "word"."""
    return pkcs12.serialize_key_and_certificates(
        b"own", private, cert, others, BestAvailableEncryption(b"word")
    )


def own_pkcs12(private: Private, usage: x509.KeyUsage | None = None) -> bytes:
    return packed(
        private, certificate(private.public_key(), issuer="Owner", by=private, usage=usage)
    )


@pytest.fixture
def sealed_file(tmp_path: Path) -> Path:
    path = tmp_path / "report.pdf"
    path.write_bytes(genuine())
    return path


def test_sealing_leaves_the_printed_bytes_in_front() -> None:
    assert genuine().startswith(rendered())


def test_poppler_calls_the_seal_valid_and_the_whole_file_signed(sealed_file: Path) -> None:
    told = subprocess.run(
        ["pdfsig", sealed_file], capture_output=True, text=True, check=False
    ).stdout

    assert "Signature Validation: Signature is Valid." in told
    assert "Total document signed" in told
    assert "ETSI.CAdES.detached" in told


def test_qpdf_finds_nothing_wrong(sealed_file: Path) -> None:
    told = subprocess.run(["qpdf", "--check", sealed_file], capture_output=True, check=False)

    assert told.returncode == 0
    assert told.stderr == b""


def test_the_seal_allows_nothing_later_but_filling_the_free_field() -> None:
    with pikepdf.open(BytesIO(genuine())) as pdf:
        held = pdf.Root.Perms.DocMDP
        fields = {str(field.T): field for field in pdf.Root.AcroForm.Fields}

        assert held.Reference[0].TransformParams.P == 2
        assert held.SubFilter == "/ETSI.CAdES.detached"
        assert held == fields["Seal"].V
        assert "/V" not in fields["Manager"]


def test_the_seal_names_the_authority_and_the_time_it_was_given() -> None:
    with pikepdf.open(BytesIO(genuine())) as pdf:
        held = pdf.Root.Perms.DocMDP

        assert str(held.Reason).endswith(key().fingerprint)
        assert str(held.M) == "D:20260314161005Z"


def test_a_made_key_has_an_authority_of_twenty_years_that_can_only_issue_seals() -> None:
    authority = key().authority
    basic = authority.extensions.get_extension_for_class(x509.BasicConstraints).value

    assert (basic.ca, basic.path_length) == (True, 0)
    assert authority.not_valid_after_utc.year == NOW.year + 20
    assert x509.load_pem_x509_certificate(key().ca_certificate_pem) == authority


def test_a_made_seal_lasts_three_years_and_is_for_documents_and_mail() -> None:
    held = key().certificate
    purposes = held.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    may = held.extensions.get_extension_for_class(x509.KeyUsage).value

    assert held.not_valid_after_utc.year == NOW.year + 3
    assert ExtendedKeyUsageOID.EMAIL_PROTECTION in purposes
    assert x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36") in purposes
    assert may.digital_signature
    assert may.content_commitment
    assert not may.key_cert_sign


def test_a_key_survives_its_encrypted_file() -> None:
    again = load_seal_key(key().to_pkcs12("correct horse"), "correct horse")

    assert again.fingerprint == key().fingerprint
    assert again.certificate == key().certificate
    assert examine(seal(rendered(), again, NOW), (key().ca_certificate_pem,)).standing == "PASSED"


def test_a_key_file_shows_no_private_key() -> None:
    shown = repr(key())

    assert "PrivateKey" not in shown


@pytest.mark.parametrize("name", ["", "   ", "Clinic\N{BELL}x\0"])
def test_a_seal_needs_a_printable_name(name: str) -> None:
    with pytest.raises(UnusableKeyError, match="name"):
        make_seal_key(name, NOW)


@pytest.mark.parametrize("name", ["A", "Ω" * 300, "  Spa\n and \t Skin ", "张伟诊所"])
def test_a_seal_takes_any_printable_name(name: str) -> None:
    made = make_seal_key(name, NOW)

    assert examine(seal(rendered(), made, NOW), (made.ca_certificate_pem,)).standing == "PASSED"


def test_a_wrong_passphrase_is_said_to_be_one() -> None:
    with pytest.raises(UnusableKeyError, match="passphrase is wrong"):
        load_seal_key(key().to_pkcs12("right"), "wrong")


@pytest.mark.parametrize("data", [b"", b"not a key file", b"0\x82\x01"])
def test_what_is_no_key_file_is_refused(data: bytes) -> None:
    with pytest.raises(UnusableKeyError, match="cannot be opened"):
        load_seal_key(data, "word")


def test_a_key_file_without_a_key_is_refused() -> None:
    data = pkcs12.serialize_key_and_certificates(
        b"own", None, key().certificate, None, BestAvailableEncryption(b"word")
    )

    with pytest.raises(UnusableKeyError, match="no private key"):
        load_seal_key(data, "word")


WEAK = rsa.generate_private_key(65537, 1024)  # noqa: S505  # to be refused


@pytest.mark.parametrize("private", [ed25519.Ed25519PrivateKey.generate(), WEAK])
def test_other_kinds_of_key_are_refused(
    private: ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey,
) -> None:
    public = private.public_key()
    maker = ec.generate_private_key(ec.SECP256R1())
    data = packed(private, certificate(public, issuer="Owner", by=maker))

    with pytest.raises(UnusableKeyError, match="elliptic-curve"):
        load_seal_key(data, "word")


def test_a_certificate_for_something_else_is_refused() -> None:
    data = own_pkcs12(ec.generate_private_key(ec.SECP256R1()), usage=usage(signing=False))

    with pytest.raises(UnusableKeyError, match="not meant for signing"):
        load_seal_key(data, "word")


def test_a_key_beside_somebody_else_s_certificate_is_refused() -> None:
    private = ec.generate_private_key(ec.SECP256R1())

    with pytest.raises(UnusableKeyError, match="belong together"):
        FileKey(certificate=key().certificate, key=private, chain=())


def test_an_owner_s_rsa_key_with_its_chain_seals_reports() -> None:
    root, issuer = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    private = rsa.generate_private_key(65537, 3072)
    authority = usage(signing=True, authority=True)
    top = certificate(root.public_key(), issuer="Root", by=root, name="Root", usage=authority)
    middle = certificate(issuer.public_key(), issuer="Root", by=root, name="Mid", usage=authority)
    own = certificate(private.public_key(), issuer="Mid", by=issuer, usage=usage(signing=True))

    loaded = load_seal_key(packed(private, own, [top, middle]), "word")
    sealed = seal(rendered(), loaded, NOW)

    assert loaded.chain == (middle, top)
    assert examine(sealed, (loaded.ca_certificate_pem,)).standing == "PASSED"


def test_a_pinned_seal_does_not_vouch_for_others_under_the_same_public_authority() -> None:
    public = ec.generate_private_key(ec.SECP256R1())
    signing, authority = usage(signing=True), usage(signing=True, authority=True)
    top = certificate(public.public_key(), issuer="Root", by=public, name="Root", usage=authority)
    ours, theirs = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    certificates = (
        certificate(one.public_key(), issuer="Root", by=public, name=name, usage=signing)
        for one, name in ((ours, "Stillwater"), (theirs, "Somebody"))
    )
    own, foreign = (
        load_seal_key(packed(private, made, [top]), "word")
        for private, made in zip((ours, theirs), certificates, strict=True)
    )
    pinned = (own.certificate.public_bytes(Encoding.PEM),)

    verdicts = [examine(seal(rendered(), one, NOW), pinned) for one in (own, foreign)]

    assert [one.standing for one in verdicts] == ["PASSED", "INDETERMINATE"]


def test_an_owner_s_self_signed_certificate_is_its_own_authority() -> None:
    private = ec.generate_private_key(ec.SECP384R1())
    loaded = load_seal_key(own_pkcs12(private), "word")

    sealed = seal(rendered(), loaded, NOW)

    assert loaded.authority == loaded.certificate
    assert examine(sealed, (loaded.ca_certificate_pem,)).standing == "PASSED"
    assert examine(sealed, ()).standing == "INDETERMINATE"


def test_an_owner_s_certificate_from_an_unknown_issuer_is_pinned_itself() -> None:
    private, elsewhere = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    own = certificate(private.public_key(), issuer="Elsewhere", by=elsewhere)
    loaded = load_seal_key(packed(private, own), "word")

    sealed = seal(rendered(), loaded, NOW)

    assert examine(sealed, (loaded.ca_certificate_pem,)).standing == "PASSED"


@pytest.mark.parametrize(
    "moment", [NOW - timedelta(days=1), NOW + timedelta(days=3 * 366), NOW + timedelta(days=9999)]
)
def test_a_certificate_that_is_not_valid_now_does_not_seal(moment: datetime) -> None:
    with pytest.raises(UnusableKeyError, match="valid only from 2026-03-14 to 2029-03-14"):
        seal(rendered(), key(), moment)


def test_a_key_may_be_kept_without_a_passphrase() -> None:
    again = load_seal_key(key().to_pkcs12(""), "")

    assert again.fingerprint == key().fingerprint


def test_two_organisations_of_one_name_have_different_fingerprints() -> None:
    made = [make_seal_key(NAME, NOW.astimezone(UTC)) for _ in range(2)]

    assert made[0].fingerprint != made[1].fingerprint
    assert all(isinstance(one, FileKey) for one in made)
