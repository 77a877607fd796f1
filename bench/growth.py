"""Measures how printing grows: time with the items, memory with the photos.

Each figure comes from a fresh process. A report ten times as long should take ten times as long,
and each further photo as much memory as the one before.
"""

import gc
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

from bench.memory import peak_megabytes

ITEMS = (100, 300, 1_000, 3_000, 10_000)
PHOTOS = (0, 250, 500, 1_000)
IN_A_SECTION = 25
# The owner's targets: milliseconds of CPU per item, and how straight the line is.
PER_ITEM_MS, STRAIGHT = 0.9, 0.99
# A later photo may cost this much more memory than an earlier one.
FLAT = 1.15


def main() -> tuple[dict[str, dict[str, float]], bool]:
    """Measure and print growth; return the figures, and whether a target was missed."""
    items = {count: measured(count, 0) for count in ITEMS}
    photos = {count: measured(max(ITEMS[0], count), count) for count in PHOTOS}
    plain = {count: measured(max(ITEMS[0], count), 0) for count in PHOTOS}
    missed = _grown(items) | _held(photos, plain)
    return {
        **{f"{count} items": figure for count, figure in items.items()},
        **{f"{count} photos": figure for count, figure in photos.items()},
    }, missed


def measured(items: int, photos: int) -> dict[str, float]:
    """Return seconds of CPU, peak megabytes and size of one report, printed in its own process."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.growth", str(items), str(photos)],
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout))


def _grown(figures: dict[int, dict[str, float]]) -> bool:
    print("growth with items")
    for count, figure in figures.items():
        each = 1000 * figure["seconds"] / count
        print(
            f"  {count:6} items {figure['seconds'] * 1000:9.0f} ms {each:6.2f} ms each"
            f" {figure['megabytes']:6.0f} MB peak {figure['kilobytes']:8.0f} kB"
        )
    counts = list(figures)
    slope, fit = _line(counts, [figures[count]["seconds"] for count in counts])
    late = 1000 * slope > PER_ITEM_MS or fit < STRAIGHT
    print(
        f"  a further item costs {1000 * slope:.2f} ms (<= {PER_ITEM_MS}); a line fits with R2 "
        f"{fit:.4f} (> {STRAIGHT}){'  MISSED' if late else ''}"
    )
    return late


def _held(figures: dict[int, dict[str, float]], plain: dict[int, dict[str, float]]) -> bool:
    """Print what photos hold, above the same report without them."""
    print("memory with photos")
    above = {
        count: figure["megabytes"] - plain[count]["megabytes"] for count, figure in figures.items()
    }
    for count, held in above.items():
        if count:
            print(
                f"  {count:6} photos {held:6.0f} MB above none, {1000 * held / count:6.1f} kB each"
            )
    first, last = PHOTOS[1], PHOTOS[-1]
    ratio = (above[last] / last) / (above[first] / first)
    late = ratio > FLAT
    print(
        f"  each of {last} / each of {first}: {ratio:.2f} (<= {FLAT}){'  MISSED' if late else ''}"
    )
    return late


def _line(counts: Sequence[int], seconds: Sequence[float]) -> tuple[float, float]:
    """Return the slope of the line through the points, and how well it fits (R2)."""
    slope, _ = statistics.linear_regression(counts, seconds)
    return slope, statistics.correlation(counts, seconds) ** 2


def child(items: int, photos: int) -> None:
    """Measure one report in this process and print it as JSON."""
    from reports.render import render  # noqa: PLC0415 - not needed by the process that only waits
    from tests.reports.samples import (  # noqa: PLC0415 - as above
        sample_photos,
        sample_record,
        sample_snapshot,
    )

    small = sample_snapshot(sample_record(topics=1, lines=2, photos=0))
    render(small, {})  # imports and fonts are paid once per process, not per report
    record = sample_record(topics=items // IN_A_SECTION, lines=IN_A_SECTION, photos=photos)
    snapshot, pictures = sample_snapshot(record), sample_photos(photos)
    gc.freeze()  # as the server does
    before = time.process_time()
    printed = render(snapshot, pictures)
    spent = time.process_time() - before
    figures = {
        "seconds": spent,
        "megabytes": peak_megabytes(),
        "kilobytes": len(printed) / 1000,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    child(*map(int, sys.argv[1:]))
