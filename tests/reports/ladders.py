"""A time-stamp authority as public ones are: a signer under an issuer under a root.

Its tokens carry the signer and the issuer, as is usual, and never the root. The root has a twin
that an older root has signed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from asn1crypto import cms, keys
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from reports.seal import asn1_certificate
from tests.reports.genuine import NOW
from tests.reports.timekeeping import LATER

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Ladder:
    """Its certificates, the revocation lists (DER) of root and issuer, and the signer's key."""

    root: x509.Certificate
    twin: x509.Certificate
    old: x509.Certificate
    issuer: x509.Certificate
    signer: x509.Certificate
    lists: tuple[bytes, bytes]
    private: rsa.RSAPrivateKey

    def asking(
        self, given: Sequence[x509.Certificate] = (), at: datetime = LATER
    ) -> Callable[[bytes], cms.ContentInfo]:
        """Return its clock, which puts `given` into each token beside the signer."""
        store = SimpleCertificateStore()
        for one in given or (self.issuer,):
            store.register(asn1_certificate(one))  # type: ignore[no-untyped-call]
        encoded = self.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        keeper = DummyTimeStamper(
            asn1_certificate(self.signer),
            keys.PrivateKeyInfo.load(encoded),
            certs_to_embed=store,
            fixed_dt=at,
        )

        def ask(digest: bytes) -> cms.ContentInfo:
            _, request = keeper.request_cms(digest, "sha256")
            token: cms.ContentInfo = keeper.request_tsa_response(request)["time_stamp_token"]
            return token

        return ask


@cache
def ladder() -> Ladder:
    """Return one, always the same in a run."""
    old, root, issuer, signer = (rsa.generate_private_key(65537, 2048) for _ in range(4))
    return Ladder(
        root=_certificate("Root", root, "Root", root, years=20),
        twin=_certificate("Root", root, "Old Root", old, years=8),
        old=_certificate("Old Root", old, "Old Root", old, years=20),
        issuer=_certificate("Issuer", issuer, "Root", root, years=12),
        signer=_certificate("Signer", signer, "Issuer", issuer, years=3, stamps=True),
        lists=(_revoked("Root", root), _revoked("Issuer", issuer)),
        private=signer,
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _certificate(
    name: str,
    own: rsa.RSAPrivateKey,
    by: str,
    maker: rsa.RSAPrivateKey,
    *,
    years: int,
    stamps: bool = False,
) -> x509.Certificate:
    public = own.public_key()
    made = (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(by))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - _DAY)
        .not_valid_after(NOW + years * 365 * _DAY)
        .add_extension(x509.BasicConstraints(ca=not stamps, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(_above(maker), critical=False)
        .add_extension(_allowed(stamps=stamps), critical=True)
    )
    if stamps:
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        made = made.add_extension(purpose, critical=True)
    return made.sign(maker, hashes.SHA256())


def _allowed(*, stamps: bool) -> x509.KeyUsage:
    others = (
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "encipher_only",
        "decipher_only",
    )
    unused = dict.fromkeys(others, False)
    return x509.KeyUsage(
        digital_signature=stamps, key_cert_sign=not stamps, crl_sign=not stamps, **unused
    )


def _above(maker: rsa.RSAPrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(maker.public_key())


def _revoked(name: str, key: rsa.RSAPrivateKey) -> bytes:
    """Return the list of an authority that has revoked nothing."""
    return (
        x509.CertificateRevocationListBuilder()
        .issuer_name(_named(name))
        .last_update(LATER)
        .next_update(LATER + 900 * _DAY)
        .add_extension(_above(key), critical=False)
        .add_extension(x509.CRLNumber(1), critical=False)
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.DER)
    )
