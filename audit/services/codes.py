"""Report codes: short enough to type, too many to guess."""

import secrets

# Without what is misread: 0 and O, 1 and I, L, U and V. Twelve of the rest are 58 bits.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTWXYZ"
_LONG = 12


def make_code() -> str:
    """Return a new report code such as "7Q4M-K2XD-9FHT"."""
    return code_of(secrets.token_hex(32))


def code_of(digest: str) -> str:
    """Return the code that belongs to a digest (hex), always the same."""
    rest, letters = int(digest, 16), ""
    for _ in range(_LONG):
        rest, place = divmod(rest, len(_LETTERS))
        letters += _LETTERS[place]
    return "-".join(letters[at : at + 4] for at in (0, 4, 8))


def read_code(typed: str) -> str:
    """Return a code as it is printed, however it was typed; empty where it can be none."""
    letters = "".join(
        one for one in typed.upper() if one not in "-\N{NON-BREAKING HYPHEN}" and not one.isspace()
    )
    if len(letters) != _LONG or not set(letters) <= set(_LETTERS):
        return ""
    return "-".join(letters[at : at + 4] for at in (0, 4, 8))
