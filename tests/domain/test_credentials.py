"""Where a credential stands on a day."""

from datetime import date

import pytest

from audit.domain.credentials import standing_of

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("expires_on", "standing"),
    [
        (None, "no_expiry"),
        (date(2026, 11, 22), "expired"),
        (date(2026, 11, 23), "expires_soon"),
        (date(2027, 1, 22), "expires_soon"),
        (date(2027, 1, 23), "valid"),
    ],
)
def test_credential_is_good_through_its_last_day(expires_on: date | None, standing: str) -> None:
    assert standing_of(expires_on, on=TODAY) == standing
