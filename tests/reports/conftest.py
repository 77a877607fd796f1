"""The sample report, printed once."""

import pytest

from reports.render import render
from tests.reports.samples import (
    sample_photos,
    sample_snapshot,
)


@pytest.fixture(scope="session")
def report() -> bytes:
    return render(sample_snapshot(), sample_photos())
