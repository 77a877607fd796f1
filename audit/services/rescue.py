"""The key to what a person keeps on a tablet, worked out anew from the installation's secret."""

from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_PURPOSE = b"hygiene-audit: what a person keeps on a tablet, 1"


def device_key(secret: bytes, *, organisation_id: UUID, person_id: UUID) -> bytes:
    """Return the key of one person in one organisation; another secret gives another key."""
    whose = organisation_id.bytes + person_id.bytes
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=_PURPOSE, info=whose).derive(secret)
