"""Where a credential stands on a day."""

from datetime import date, timedelta
from typing import Literal

SOON = timedelta(days=60)

CredentialStanding = Literal["valid", "expires_soon", "expired", "no_expiry"]


def standing_of(expires_on: date | None, *, on: date) -> CredentialStanding:
    """Return where a credential stands on the day `on`; it is good through its last day."""
    if expires_on is None:
        return "no_expiry"
    if expires_on < on:
        return "expired"
    return "expires_soon" if expires_on - on <= SOON else "valid"
