"""Checkpoints: signed words that say how long a journal is and what its root is.

The form is the C2SP one for transparency logs (tlog-checkpoint in a signed note, Ed25519), so that
programs of others read them too. A checkpoint kept outside this house is what makes a journal
proof: nothing before it can be changed without contradicting it.
"""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

_ED25519 = b"\x01"
_DASH = "\u2014"
_LONGEST_NOTE = 4096


class CheckpointError(ValueError):
    """A text is no checkpoint of this log; the words say why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What a checkpoint says: of which log (`origin`), how many entries, and their root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The signed part of its note."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogKey:
    """The key that signs the checkpoints of one journal, and nothing else."""

    origin: str
    private: Ed25519PrivateKey

    @classmethod
    def make(cls, origin: str) -> "LogKey":
        """Return a new key for the log named `origin`."""
        return cls(origin=origin, private=Ed25519PrivateKey.generate())

    @classmethod
    def read(cls, origin: str, pem: bytes, passphrase: str) -> "LogKey":
        """Return a kept key; ValueError where it cannot be opened."""
        private = load_pem_private_key(pem, passphrase.encode() or None)
        if not isinstance(private, Ed25519PrivateKey):
            raise ValueError("The key of the journal is of another kind.")  # noqa: TRY004 - a file, not a type
        return cls(origin=origin, private=private)

    def to_pem(self, passphrase: str) -> bytes:
        """Return the key for keeping, encrypted under `passphrase` if there is one."""
        locked = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
        return self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked)

    @property
    def public(self) -> str:
        """What others check its checkpoints with, in the form of signed notes: name+id+key."""
        key = _ED25519 + self.private.public_key().public_bytes_raw()
        return f"{self.origin}+{_key_id(self.origin, key).hex()}+{b64encode(key).decode()}"

    def sign(self, size: int, root: bytes) -> str:
        """Return the checkpoint over `size` entries as a signed note."""
        said = Checkpoint(origin=self.origin, size=size, root=root).text
        key = _ED25519 + self.private.public_key().public_bytes_raw()
        signature = _key_id(self.origin, key) + self.private.sign(said.encode())
        return f"{said}\n{_DASH} {self.origin} {b64encode(signature).decode()}\n"


def read_checkpoint(note: str, public: str) -> Checkpoint:
    """Return what `note` says once the key `public` is found to have signed it."""
    if len(note) > _LONGEST_NOTE:
        raise CheckpointError("This is too long for a checkpoint.")
    said, _, signatures = note.partition("\n\n")
    lines = said.split("\n")
    try:
        origin, size, root = lines[0], int(lines[1]), b64decode(lines[2], validate=True)
    except (IndexError, ValueError) as error:
        raise CheckpointError("This is no checkpoint.") from error
    found = Checkpoint(origin=origin, size=size, root=root)
    name, key_id, key = _read_public(public)
    if found.text != f"{said}\n" or origin != name or size < 0:
        raise CheckpointError("This is no checkpoint of this journal.")
    for line in signatures.split("\n"):
        if _holds(line, found, name, key_id, key):
            return found
    raise CheckpointError("Nobody known here has signed this checkpoint.")


def _holds(line: str, said: Checkpoint, name: str, key_id: bytes, key: bytes) -> bool:
    dash, _, rest = line.partition(" ")
    signer, _, encoded = rest.partition(" ")
    try:
        signature = b64decode(encoded, validate=True)
        if dash != _DASH or signer != name or signature[:4] != key_id:
            return False
        Ed25519PublicKey.from_public_bytes(key).verify(signature[4:], said.text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _read_public(public: str) -> tuple[str, bytes, bytes]:
    name, _, rest = public.partition("+")
    key_id, _, encoded = rest.partition("+")
    try:
        found, key = bytes.fromhex(key_id), b64decode(encoded, validate=True)
    except ValueError as error:
        raise CheckpointError("This is no key of a journal.") from error
    if key[:1] != _ED25519 or found != _key_id(name, key):
        raise CheckpointError("This is no key of a journal.")
    return name, found, key[1:]


def _key_id(name: str, key: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + key).digest()[:4]
