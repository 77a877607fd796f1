"""Authorities behind real HTTP that say what they revoked, and a seal key under them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from reports.seal import FileKey
from tests.reports.genuine import NOW

DAY = timedelta(days=1)
Signed = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


@dataclass(kw_only=True)
class Authorities:
    """A root that publishes a list, and an issuer below it that replies to OCSP requests.

    `clock` is their time; `revoked` holds serial numbers with the time from which on.
    """

    address: str
    clock: datetime = NOW + timedelta(hours=1)
    revoked: dict[int, datetime] = field(default_factory=dict)
    silent: bool = False
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.root = self._made("Test Root", None, years=30)
        self.issuer = self._made("Test Issuer", self.root, years=10)
        self.seal = self._made("Test Seal", self.issuer, years=2)

    @property
    def key(self) -> FileKey:
        """Return a seal key under these authorities."""
        certificate, private = self.seal
        return FileKey(certificate=certificate, key=private, chain=(self.issuer[0], self.root[0]))

    def list_of(self, by: Signed) -> bytes:
        """Return the revocation list that an authority publishes."""
        certificate, private = by
        made = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(certificate.subject)
            .last_update(self.clock)
            .next_update(self.clock + 30 * DAY)
            .add_extension(_key_of(certificate), critical=False)
            .add_extension(x509.CRLNumber(7), critical=False)
        )
        for serial, since in self.revoked.items():
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since)
            made = made.add_revoked_certificate(entry.build())
        return made.sign(private, hashes.SHA256()).public_bytes(Encoding.DER)

    def reply_to(self, request: bytes) -> bytes:
        """Return what the issuer replies to an OCSP request."""
        asked = ocsp.load_der_ocsp_request(request)
        certificate, private = self.issuer
        since = self.revoked.get(asked.serial_number)
        made = ocsp.OCSPResponseBuilder().add_response(
            cert=self.seal[0],
            issuer=certificate,
            algorithm=asked.hash_algorithm,
            cert_status=ocsp.OCSPCertStatus.REVOKED if since else ocsp.OCSPCertStatus.GOOD,
            this_update=self.clock,
            next_update=self.clock + DAY,
            revocation_time=since,
            revocation_reason=x509.ReasonFlags.key_compromise if since else None,
        )
        nonces = [one for one in asked.extensions if isinstance(one.value, x509.OCSPNonce)]
        for nonce in nonces:
            made = made.add_extension(nonce.value, critical=False)
        signed = made.responder_id(ocsp.OCSPResponderEncoding.HASH, certificate).sign(
            private, hashes.SHA256()
        )
        return signed.public_bytes(Encoding.DER)

    def _made(self, name: str, by: Signed | None, years: int) -> Signed:
        private = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        issuing, signing = by or (None, private)
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuing.subject if issuing else subject)
            .public_key(private.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - DAY)
            .not_valid_after(NOW + years * 365 * DAY)
        )
        authority = years > 2  # the shortest is the seal itself
        made = made.add_extension(_usage(authority=authority), critical=True).add_extension(
            x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False
        )
        basic = x509.BasicConstraints(ca=authority, path_length=None)
        made = made.add_extension(basic, critical=True)
        if issuing:
            made = made.add_extension(_key_of(issuing), critical=False)
            made = made.add_extension(*self._where(issuing is self.root[0]))
        if not authority:
            purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
            made = made.add_extension(purpose, critical=False)
        return made.sign(signing, hashes.SHA256()), private

    def _where(self, by_list: bool) -> tuple[x509.ExtensionType, bool]:  # one caller
        if by_list:
            place = x509.UniformResourceIdentifier(f"{self.address}/root.crl")
            point = x509.DistributionPoint([place], None, None, None)
            return x509.CRLDistributionPoints([point]), False
        desk = x509.UniformResourceIdentifier(f"{self.address}/ocsp")
        found = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, desk)
        return x509.AuthorityInformationAccess([found]), False


@contextmanager
def authorities() -> Iterator[Authorities]:
    """Serve authorities for a while."""

    class Desk(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send("application/pkix-crl", known.list_of(known.root))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._send("application/ocsp-response", known.reply_to(body))

        def _send(self, kind: str, data: bytes) -> None:
            known.asked.append(self.path)
            self.send_response(503 if known.silent else 200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(b"" if known.silent else data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    known = Authorities(address=f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _key_of(certificate: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    known = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(known)


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
