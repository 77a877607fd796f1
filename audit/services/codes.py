"""Report codes: short enough to type, too many to guess."""

import secrets

# Without what is misread: 0 and O, 1 and I, L, U and V. Twelve of the rest are 58 bits.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTWXYZ"


def make_code() -> str:
    """Return a new report code such as "7Q4M-K2XD-9FHT"."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(12))
    return "-".join(letters[at : at + 4] for at in (0, 4, 8))
