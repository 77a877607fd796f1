"""What is measured of ours: the floor, and the phases of a report."""

import io
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from reports.render import render
from reports.seal import make_seal_key, seal
from reports.snapshot import Snapshot
from reports.verify import Trust, verify
from tests.reports.samples import sample_photos, sample_record, sample_snapshot

Photos = Mapping[str, bytes]
NOW = datetime(2026, 3, 14, 16, tzinfo=UTC)
TOPICS = 10
LINES_OF_TEXT = 400
FONT = Path(__file__).parents[1] / "reports" / "fonts" / "NotoSans-Regular.ttf"


def sample(items: int, photos: int) -> tuple[Snapshot, Photos]:
    """Return a snapshot of about so many items and photos."""
    record = sample_record(topics=TOPICS, lines=items // TOPICS, photos=photos)
    return sample_snapshot(record), sample_photos(photos)


def floor(_: Snapshot, __: Photos) -> Callable[[], object]:
    """Draw the lines of text of report A on a bare canvas, in a font as ReportLab has it."""
    face = "Bare"
    pdfmetrics.registerFont(TTFont(face, str(FONT)))

    def draw() -> None:
        canvas = Canvas(io.BytesIO(), invariant=1, pageCompression=1)
        for at in range(LINES_OF_TEXT):
            if at % 60 == 0:
                canvas.showPage()
                canvas.setFont(face, 8)
            canvas.drawString(60, 780 - 12 * (at % 60), "Is the skin looked at first? Yes 2 of 2")
        canvas.save()

    return draw


def render_phase(snapshot: Snapshot, photos: Photos) -> Callable[[], object]:
    """Print."""
    return lambda: render(snapshot, photos)


def seal_phase(snapshot: Snapshot, photos: Photos) -> Callable[[], object]:
    """Seal what was printed."""
    rendered, key = render(snapshot, photos), make_seal_key("Bench", NOW)
    return lambda: seal(rendered, key, NOW)


def verify_phase(snapshot: Snapshot, photos: Photos) -> Callable[[], object]:
    """Verify what was sealed: seal, coverage, fresh print, signatures, in the limited child."""
    key = make_seal_key("Bench", NOW)
    sealed = seal(render(snapshot, photos), key, NOW)
    trust = Trust(pinned=(key.ca_certificate_pem,))
    return lambda: verify(sealed, trust)


PHASES = {"floor": floor, "render": render_phase, "seal": seal_phase, "verify": verify_phase}
