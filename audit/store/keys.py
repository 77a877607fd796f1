"""Where seal keys are kept: one encrypted PKCS#12 per organisation, made at first need."""

import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from audit.errors import Invalid
from reports.seal import SealKey, UnusableKeyError, load_seal_key, make_seal_key


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyStore:
    """A folder of seal keys; with `given`, the owner's own key seals for everyone instead."""

    folder: Path
    passphrase: str
    given: Path | None = None
    given_passphrase: str = ""

    def key_for(self, owner: str, *, name: str, now: datetime) -> SealKey:
        """Return the key of `owner`, a plain identifier; `name` goes into a new certificate.

        A key lost later cannot be made again: reports already sealed stay verifiable, because
        they carry the certificate, but new ones would be sealed by another.
        """
        if self.given is not None:
            return _load(self.given, self.given_passphrase)
        path = self.folder / f"{owner}.p12"
        if not path.exists():
            self._keep(path, make_seal_key(name, now).to_pkcs12(self.passphrase))
        return _load(path, self.passphrase)

    def pinned(self) -> tuple[bytes, ...]:
        """Return the authority certificate (PEM) of every key kept here."""
        kept = [_load(path, self.passphrase) for path in sorted(self.folder.glob("*.p12"))]
        given = [_load(self.given, self.given_passphrase)] if self.given else []
        return tuple(key.ca_certificate_pem for key in (*kept, *given))

    def _keep(self, path: Path, data: bytes) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self.folder / f".{secrets.token_hex(8)}"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        try:
            # A link fails where a file exists: of two first needs at once, one key wins for both.
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
        folder = os.open(self.folder, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def _load(path: Path, passphrase: str) -> SealKey:
    try:
        return load_seal_key(path.read_bytes(), passphrase)
    except (UnusableKeyError, OSError) as error:
        raise Invalid(
            f"The seal key {path} cannot be used: {error}", code="bad_seal_key"
        ) from error
