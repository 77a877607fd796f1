"""Where seal keys are kept: encrypted PKCS#12 files per organisation, made when first needed.

A key that runs out is followed by a new one. Files are only ever added, and beside each key lies
its authority's certificate (PEM), which stays pinned for ever, so that old reports still verify,
and the only revocation list (DER) that this authority ever signed. The key of a journal is another
one, which seals nothing.
"""

import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from audit.errors import Invalid
from reports.checkpoint import LogKey
from reports.seal import (
    FileKey,
    SealKey,
    UnusableKeyError,
    load_seal_key,
    make_seal_key,
    seal,
)
from reports.tokens import Token

RENEWED_BEFORE = timedelta(days=30)
_LOG = "hygiene-audit"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyStore:
    """A folder of seal keys; with `given`, the owner's own key seals for everyone instead.

    That one lies in a file, or on a token, which knows its own PIN.
    """

    folder: Path
    passphrase: str
    given: Path | Token | None = None
    given_passphrase: str = ""

    def key_for(self, owner: str, *, name: str, now: datetime) -> SealKey:
        """Return the key of `owner`, a plain identifier; `name` goes into a new certificate.

        One within thirty days of its end is followed by a new one; a given one is its owner's to
        renew, and refused once it has run out. A key lost later cannot be made again: reports
        already sealed stay verifiable, but new ones would be sealed by another.
        """
        given = self.given_key(now)
        if given is not None:
            try:
                return given.ensure_valid(now)
            except UnusableKeyError as error:
                raise self._unusable(error) from error
        generation = 1
        while not _serves(key := self._kept(owner, generation, name, now), now):
            generation += 1
        return key

    def given_key(self, now: datetime) -> SealKey | None:
        """Return the owner's own key where one is given, even one that has run out, and pin it."""
        if self.given is None:
            return None
        try:
            key = self._load_given(self.given, now)
        except (UnusableKeyError, OSError) as error:
            raise self._unusable(error) from error
        # Its successor must not cost the reports under it their trust.
        beside = self.folder / f"given-{_fingerprint(key)}.pem"
        if not beside.exists():
            self._keep(beside, _pem(key))
        return key

    def log_key(self, owner: str) -> LogKey:
        """Return the key that signs the checkpoints of one organisation's journal, made if need be.

        It stays the same for ever, and what it is checked with lies beside it.
        """
        origin = f"{_LOG}/{owner}"
        path, beside = self.folder / f"{owner}.log", self.folder / f"{owner}.log.public"
        if not path.exists():
            self._keep(path, LogKey.make(origin).to_pem(self.passphrase))
        try:
            key = LogKey.read(origin, path.read_bytes(), self.passphrase)
        except (OSError, ValueError) as error:
            words = f"The key of the journal, {path}, cannot be used: {error}"
            raise Invalid(words, code="bad_log_key") from error
        if not beside.exists():
            self._keep(beside, f"{key.public}\n".encode())
        return key

    def seal(self, rendered: bytes, key: SealKey, now: datetime, signed_by: str = "") -> bytes:
        """Seal with a key from here; Invalid when it cannot be used now, its token taken away."""
        try:
            return seal(rendered, key, now, signed_by)
        except UnusableKeyError as error:
            raise self._unusable(error) from error

    def pinned(self) -> tuple[bytes, ...]:
        """Return what vouches (PEM) for every key ever used here.

        Of a given key it is the certificate itself: its authority may serve strangers too.
        No key is opened for it: reports verify even where the secret is lost, or a file or token
        of the owner's is away. What these held when they were used here lies beside the others.
        """
        kept = (path.read_bytes() for path in sorted(self.folder.glob("*.pem")))
        return tuple(dict.fromkeys(kept))

    def revocation_lists(self) -> tuple[bytes, ...]:
        """Return the revocation lists (DER) of all authorities made here."""
        return tuple(path.read_bytes() for path in sorted(self.folder.glob("*.crl")))

    def _load_given(self, given: Path | Token, now: datetime) -> SealKey:
        if isinstance(given, Token):
            return given.load(now)
        return load_seal_key(given.read_bytes(), self.given_passphrase)

    def _unusable(self, error: Exception) -> Invalid:
        given = self.given or self.folder
        return _refused(given.address if isinstance(given, Token) else given, error)

    def _kept(self, owner: str, generation: int, name: str, now: datetime) -> FileKey:
        """Return one key of `owner`, made if need be, its certificate put beside it."""
        stem = owner if generation == 1 else f"{owner}.{generation}"
        path, beside = self.folder / f"{stem}.p12", self.folder / f"{stem}.pem"
        if not path.exists():
            made = _make(name, now)
            # First, since nobody can sign it again; and under the name of this very authority.
            self._keep(self.folder / f"{made.fingerprint}.crl", made.revocation_list)
            self._keep(path, made.to_pkcs12(self.passphrase))
        key = _load(path, self.passphrase)
        # From the file, not from what was just made: another process may have been first.
        if not beside.exists():
            self._keep(beside, key.ca_certificate_pem)
        return key

    def _keep(self, path: Path, data: bytes) -> None:
        """Write a file whole, for the owner's eyes only; one that is there already wins."""
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


def _serves(key: SealKey, now: datetime) -> bool:
    """Say whether `key` seals at `now` and for a while to come."""
    certificate = key.certificate
    last = certificate.not_valid_after_utc - RENEWED_BEFORE
    return certificate.not_valid_before_utc <= now < last


def _pem(key: SealKey) -> bytes:
    return key.certificate.public_bytes(Encoding.PEM)


def _fingerprint(key: SealKey) -> str:
    return key.certificate.fingerprint(SHA256()).hex()


def _make(name: str, now: datetime) -> FileKey:
    try:
        return make_seal_key(name, now)
    except UnusableKeyError as error:
        raise Invalid(str(error), code="bad_seal_name") from error


def _load(path: Path, passphrase: str) -> FileKey:
    try:
        return load_seal_key(path.read_bytes(), passphrase)
    except (UnusableKeyError, OSError) as error:
        raise _refused(path, error) from error


def _refused(named: object, error: Exception) -> Invalid:
    return Invalid(f"The seal key {named} cannot be used: {error}", code="bad_seal_key")
