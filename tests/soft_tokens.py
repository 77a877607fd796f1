"""Real tokens without hardware: SoftHSM, in a drawer of the test's own that can be taken away."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from asn1crypto.core import PrintableString
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from pkcs11 import Attribute, CertificateType, KeyType, Mechanism, ObjectClass, Session
from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters
from pkcs11.util.rsa import encode_rsa_public_key

from reports.tokens import Token, read_token_address

PIN = "right-pin"


def soft_module() -> Path:
    found = sorted(Path("/usr/lib").glob("**/softhsm/libsofthsm2.so"))
    if not found:
        pytest.fail("These tests need SoftHSM: apt-get install softhsm2")
    return found[0]


@dataclass(frozen=True)
class SoftTokens:
    """A drawer of tokens; `token` opens the key called "seal" on the one called "Clinic"."""

    folder: Path
    module: Path

    @property
    def drawer(self) -> Path:
        return self.folder / "tokens"

    def prepare(self) -> Path:
        """Return the settings file of an empty drawer."""
        self.drawer.mkdir()
        settings = self.folder / "softhsm2.conf"
        settings.write_text(f"directories.tokendir = {self.drawer}\nlog.level = ERROR\n", "ascii")
        return settings

    def add(self, label: str = "Clinic") -> None:
        subprocess.run(
            [
                *("softhsm2-util", "--init-token", "--free", "--label", label),
                *("--pin", PIN, "--so-pin", "only-for-tests"),
            ],
            check=True,
            capture_output=True,
        )

    def take_away(self) -> None:
        self.drawer.rename(self.folder / "away")
        self.drawer.mkdir()

    def put_back(self) -> None:
        self.drawer.rmdir()
        (self.folder / "away").rename(self.drawer)

    def address(self, key: str = "object=seal", on: str = "token=Clinic") -> str:
        return f"pkcs11:{on};{key}?module-path={self.module}"

    def token(self, key: str = "object=seal", on: str = "token=Clinic", pin: str = PIN) -> Token:
        return Token(read_token_address(self.address(key, on)), pin)

    @contextmanager
    def open(self, label: str = "Clinic") -> Iterator[Session]:
        module = pkcs11.lib(str(self.module))
        try:
            with module.get_token(token_label=label).open(rw=True, user_pin=PIN) as session:
                yield session
        finally:
            module.finalize()

    def make_key(
        self, kind: str = "secp256r1", *, label: str = "seal", number: int = 1, **more: Any
    ) -> CertificatePublicKeyTypes:
        """Make a key that stays on the token: on a named curve, or RSA of so many bits."""
        with self.open() as session:
            given = {"store": True, "label": label, "id": bytes([number]), **more}
            if kind.isdecimal():
                public, _ = session.generate_keypair(KeyType.RSA, int(kind), **given)
                return load_der_public_key(encode_rsa_public_key(public))
            curve = {Attribute.EC_PARAMS: encode_named_curve_parameters(kind)}
            domain = session.create_domain_parameters(KeyType.EC, curve, local=True)
            public, _ = domain.generate_keypair(mechanism=Mechanism.EC_KEY_PAIR_GEN, **given)
            return load_der_public_key(encode_ec_public_key(public))

    def make_edwards_key(self, *, label: str = "seal", number: int = 1) -> None:
        """Make a key of a kind that seals nothing."""
        curve = {Attribute.EC_PARAMS: PrintableString("edwards25519").dump()}
        made = Mechanism.EC_EDWARDS_KEY_PAIR_GEN
        with self.open() as session:
            domain = session.create_domain_parameters(KeyType.EC_EDWARDS, curve, local=True)
            domain.generate_keypair(mechanism=made, store=True, label=label, id=bytes([number]))

    def store(
        self, certificate: x509.Certificate, *, label: str = "seal", number: int = 1
    ) -> x509.Certificate:
        self.store_bytes(certificate.public_bytes(Encoding.DER), label=label, number=number)
        return certificate

    def store_bytes(self, value: bytes, *, label: str = "seal", number: int = 1) -> None:
        with self.open() as session:
            session.create_object(
                {
                    Attribute.CLASS: ObjectClass.CERTIFICATE,
                    Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
                    Attribute.TOKEN: True,
                    Attribute.LABEL: label,
                    Attribute.ID: bytes([number]),
                    Attribute.SUBJECT: b"",
                    Attribute.VALUE: value,
                }
            )
