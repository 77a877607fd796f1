"""A time-stamp authority of our own, with a clock that shows what a test wants."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache

from asn1crypto import cms, keys, tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from reports.seal import asn1_certificate
from reports.stamps import stamp
from tests.reports.genuine import NOW, genuine

LATER = NOW + timedelta(minutes=20)
SINCE = NOW - timedelta(days=365)


@cache
def authority(
    name: str = "Time Authority", since: datetime = SINCE
) -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    """Return the authority's certificate, valid for ten years `since` then, and its key."""
    private = rsa.generate_private_key(65537, 2048)
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    made = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=10 * 365))
        .add_extension(purpose, critical=True)
        .sign(private, hashes.SHA256())
    )
    return made, private


def authority_ends() -> datetime:
    return SINCE + timedelta(days=10 * 365)


def clock_pem(name: str = "Time Authority", since: datetime = SINCE) -> bytes:
    return authority(name, since)[0].public_bytes(Encoding.PEM)


def _keeper(at: datetime, name: str, since: datetime = SINCE) -> DummyTimeStamper:
    certificate, private = authority(name, since)
    encoded = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return DummyTimeStamper(
        asn1_certificate(certificate), keys.PrivateKeyInfo.load(encoded), fixed_dt=at
    )


def replying(
    request: tsp.TimeStampReq, at: datetime, name: str, since: datetime = SINCE
) -> tsp.TimeStampResp:
    """Return what the authority replies, whose clock shows `at`."""
    reply: tsp.TimeStampResp = _keeper(at, name, since).request_tsa_response(request)
    return reply


def asking(
    at: datetime = LATER, name: str = "Time Authority", since: datetime = SINCE
) -> Callable[[bytes], cms.ContentInfo]:
    """Return what asks the authority, whose clock shows `at`."""

    def ask(digest: bytes) -> cms.ContentInfo:
        _, request = _keeper(at, name, since).request_cms(digest, "sha256")
        return replying(request, at, name, since)["time_stamp_token"]

    return ask


@cache
def stamped() -> bytes:
    return stamp(genuine(), asking())
