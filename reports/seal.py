"""The organisation's seal over a finished report: its key, and the certifying signature.

Sealing only appends: a sealed file begins with exactly the rendered bytes, and the seal covers all
of it. Later changes are limited to filling the empty field that waits for a countersignature.
"""

import asyncio
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Self

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PublicFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier
from pyhanko.pdf_utils.generic import ByteStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import Signer
from pyhanko.sign.signers.cms_embedder import (
    PdfCMSEmbedder,
    SigIOSetup,
    SigMDPSetup,
    SigObjSetup,
)
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from reports.chains import chain_above
from reports.paper import SEAL_FIELD

_REASON = "Seal of a hygiene audit report"
_SIGNED_BY = ", signed by "
_AUTHORITY = ". Fingerprint (SHA-256) of the sealing authority: "

_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
_AUTHORITY_LASTS = timedelta(days=20 * 365 + 5)
_SEAL_LASTS = timedelta(days=3 * 365 + 1)
# A reader whose clock is a little behind still accepts a seal made in the first minutes.
_CLOCKS_DIFFER = timedelta(minutes=5)
_LONGEST_NAME = 64  # bytes; X.509 allows no longer organisation or common name.
_SMALLEST_RSA = 2048
# What a seal holds beside its certificates; RSA of 4096 bits needs 512 bytes of it.
_ROOM_BESIDE_CERTIFICATES = 2048

WRONG_KIND = "A seal key is an elliptic-curve key, or RSA of at least 2048 bits."

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class UnusableKeyError(ValueError):
    """A key that cannot seal; the message says why, in words for its owner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealer:
    """Who seals: a certificate and the chain above it, whose last one is the authority."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    @property
    def authority(self) -> x509.Certificate:
        """Return the certificate that readers of reports trust or compare."""
        return self.chain[-1] if self.chain else self.certificate

    @property
    def ca_certificate_pem(self) -> bytes:
        """Return the authority's certificate, to pin, publish and import in PDF readers."""
        return self.authority.public_bytes(Encoding.PEM)

    @property
    def fingerprint(self) -> str:
        """Return the SHA-256 of the authority's certificate, as hex."""
        return self.authority.fingerprint(hashes.SHA256()).hex()

    @property
    def name(self) -> str:
        """Return the name in the certificate."""
        return _readable(self.certificate.subject)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealKey(Sealer, ABC):
    """A sealer whose private key can be used, wherever it lies."""

    @abstractmethod
    def sign(self, data: bytes) -> bytes:
        """Return the signature over `data`: ECDSA or RSA (PKCS #1 v1.5), with SHA-256."""

    def ensure_valid(self, now: datetime) -> Self:
        """Return the key itself; UnusableKeyError when a certificate is not valid `now`."""
        for certificate in (self.certificate, *self.chain):
            first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
            if not first <= now <= last:
                raise UnusableKeyError(
                    f"The certificate of {_readable(certificate.subject)} is valid only from "
                    f"{first:%Y-%m-%d} to {last:%Y-%m-%d}; a report cannot be sealed with it."
                )
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKey(SealKey):
    """A seal key that lies in a file, its private key in our hands.

    `revocation_list` (DER) is the only one its authority ever signs; a key that is read has none.
    """

    key: PrivateKey = field(repr=False)
    revocation_list: bytes = field(default=b"", repr=False)

    def __post_init__(self) -> None:
        if _public(self.key.public_key()) != _public(self.certificate.public_key()):
            raise UnusableKeyError("The private key and the certificate do not belong together.")

    def sign(self, data: bytes) -> bytes:
        """Sign here."""
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self.key.sign(data, ec.ECDSA(hashes.SHA256()))

    def to_pkcs12(self, passphrase: str) -> bytes:
        """Return the key and its certificates, encrypted with `passphrase`."""
        return pkcs12.serialize_key_and_certificates(
            name=b"report seal",
            key=self.key,
            cert=self.certificate,
            cas=self.chain or None,
            encryption_algorithm=_encryption(passphrase),
        )


def make_seal_key(organisation_name: str, now: datetime) -> FileKey:
    """Return a new seal key under a new authority of the organisation.

    The authority's own key is forgotten at once, so nobody can ever issue a second seal in its
    name, or revoke this one; it signs once for all that nothing is revoked. When the seal has run
    out, a new authority is made and published.
    """
    name = " ".join(organisation_name.split())
    if not name or not name.isprintable():
        raise UnusableKeyError("A seal needs the organisation's name, in printable characters.")
    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority_name = _name(name, "Report sealing authority")
    authority = (
        _certificate(authority_name, authority_name, authority_key.public_key(), now)
        .not_valid_after(now + _AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    key = ec.generate_private_key(ec.SECP256R1())
    # Readers built on NSS refuse a certificate for document signing alone.
    purposes = [_DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]
    own_name = _name(name, f"{_cut(name, 50)} report seal")
    certificate = (
        _certificate(own_name, authority_name, key.public_key(), now)
        .not_valid_after(now + _SEAL_LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        .add_extension(_issuer(authority_key), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    return FileKey(
        certificate=certificate,
        key=key,
        chain=(authority,),
        revocation_list=_nothing_revoked(authority_name, authority_key, now),
    )


def load_seal_key(pkcs12_bytes: bytes, passphrase: str) -> FileKey:
    """Read a seal key of ours or the owner's own; UnusableKeyError says what is wrong with it."""
    try:
        found = pkcs12.load_pkcs12(pkcs12_bytes, passphrase.encode() or None)
    except ValueError as error:
        raise UnusableKeyError(
            "The key file cannot be opened: the passphrase is wrong, or it is not PKCS#12."
        ) from error
    if found.key is None or found.cert is None:
        raise UnusableKeyError("The key file holds no private key with its certificate.")
    if not isinstance(found.key, PrivateKey):
        raise UnusableKeyError(WRONG_KIND)
    certificate = ensure_usable(found.cert.certificate)
    others = [one.certificate for one in found.additional_certs]
    return FileKey(certificate=certificate, key=found.key, chain=chain_above(certificate, others))


def ensure_usable(certificate: x509.Certificate) -> x509.Certificate:
    """Return the certificate itself; UnusableKeyError when no seal may be made with its key."""
    public = certificate.public_key()
    strong = isinstance(public, rsa.RSAPublicKey) and public.key_size >= _SMALLEST_RSA
    if not strong and not isinstance(public, ec.EllipticCurvePublicKey):
        raise UnusableKeyError(WRONG_KIND)
    if not _may_sign(certificate):
        raise UnusableKeyError("The certificate of the key is not meant for signing.")
    return certificate


def seal(rendered: bytes, key: SealKey, now: datetime, signed_by: str = "") -> bytes:
    """Return `rendered` with the organisation's certifying signature appended (PAdES B-B).

    The time in the seal is `now`, our own clock's claim; PDF readers show whom it names as signers.
    UnusableKeyError when a certificate of the key is not valid then, or the key cannot be used.
    """
    key.ensure_valid(now)
    signer = _Signer(key)
    writer = Appending(rendered)
    steps = PdfCMSEmbedder().write_cms(SEAL_FIELD, writer, existing_fields_only=True)
    next(steps)
    placeholder = SignatureObject(
        timestamp=now,
        subfilter=SigSeedSubFilter.PADES,
        bytes_reserved=2 * _room(key),
        name=key.name,
        reason=_reason(key, signed_by),
    )
    certifying = SigMDPSetup(md_algorithm="sha256", certify=True, docmdp_perms=MDPPerm.FILL_FORMS)
    steps.send(SigObjSetup(sig_placeholder=placeholder, mdp_setup=certifying))
    prepared, output = steps.send(SigIOSetup(md_algorithm="sha256", in_place=True))
    signing = signer.async_sign(prepared.document_digest, "sha256", use_pades=True)
    steps.send(asyncio.run(signing))
    sealed: bytes = output.getvalue()
    return sealed


def named_in(reason: str, by: Sealer) -> str | None:
    """Return whom the reason of a seal by `by` names as signers; None when it is none of ours."""
    end = _AUTHORITY + by.fingerprint
    if not (reason.startswith(_REASON) and reason.endswith(end)):
        return None
    between = reason[len(_REASON) : -len(end)]
    named = between.removeprefix(_SIGNED_BY)
    return named if bool(named) == between.startswith(_SIGNED_BY) else None


def _reason(key: SealKey, signed_by: str) -> str:
    """Return what PDF readers show beside the seal."""
    named = _SIGNED_BY + signed_by if signed_by else ""
    return _REASON + named + _AUTHORITY + key.fingerprint


class _Signer(Signer):
    """Hands the library's one request for a signature to the key."""

    def __init__(self, key: SealKey) -> None:
        super().__init__(signing_cert=asn1_certificate(key.certificate))
        self.cert_registry.register_multiple(asn1_certificate(one) for one in key.chain)
        self._key = key

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, *_: bool, **__: bool
    ) -> bytes:
        """Return the key's signature; only SHA-256 is ever asked for."""
        del digest_algorithm
        return self._key.sign(data)


class Appending(IncrementalPdfFileWriter):
    """Adds to a file without touching what it says of itself: its XMP stays as it was issued."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__(BytesIO(pdf))
        # The half of the name that changes is by custom left to chance; this one can be made again.
        self._document_id[1] = ByteStringObject(sha256(pdf).digest()[:16])

    def _update_meta(self) -> None:
        """Leave producer and dates alone; the seal has its own."""


def _readable(name: x509.Name) -> str:
    """Return the common name, or the whole name where there is none."""
    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common[0].value) if common else name.rfc4514_string()


def _encryption(passphrase: str) -> KeySerializationEncryption:
    return BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()


def _name(organisation: str, common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _cut(organisation, _LONGEST_NAME)),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _cut(name: str, size: int) -> str:
    """Return as much of `name` as fits in `size` bytes."""
    return name.encode()[:size].decode(errors="ignore")


def _certificate(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCKS_DIFFER)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _issuer(key: ec.EllipticCurvePrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _nothing_revoked(name: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime) -> bytes:
    """Return the only revocation list of an authority, for as long as its seal lasts."""
    signed = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(name)
        .last_update(now - _CLOCKS_DIFFER)
        .next_update(now + _SEAL_LASTS)
        .add_extension(_issuer(key), critical=False)
        .add_extension(x509.CRLNumber(1), critical=False)
        .sign(key, hashes.SHA256())
    )
    return signed.public_bytes(Encoding.DER)


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment


def _public(key: object) -> bytes:
    encoded: bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)  # type: ignore[attr-defined]  # every public key of the library has it, no common type does
    return encoded


def _room(key: SealKey) -> int:
    certificates = (key.certificate, *key.chain)
    encoded = sum(len(one.public_bytes(Encoding.DER)) for one in certificates)
    return encoded + _ROOM_BESIDE_CERTIFICATES


def asn1_certificate(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """Return the same certificate as the signing library holds it."""
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
