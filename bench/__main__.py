"""`python -m bench [print] [growth] [capture]`: measures all when none is named, keeps the figures.

The end's exit code is 1 when a target of the printing or a floor of the capture page was missed.
"""

import json
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench import capture, growth, printing

RESULTS = Path(__file__).parent / "results"
PARTS = {"print": printing.main, "growth": growth.main, "capture": capture.main}


def main(wanted: list[str]) -> int:
    """Measure what is wanted, print it, write it down."""
    unknown = set(wanted) - PARTS.keys()
    if unknown:
        print(f"{', '.join(sorted(unknown))}: choose from {', '.join(PARTS)}")
        return 2
    told: dict[str, object] = {
        "machine": platform.platform(),
        "python": platform.python_version(),
    }
    missed = False
    for name in wanted or PARTS:
        told["figures" if name == "print" else name], short = PARTS[name]()
        missed |= short
    RESULTS.mkdir(exist_ok=True)
    target = RESULTS / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    target.write_text(json.dumps(told, indent=1), encoding="utf-8")
    print(f"written to {target}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
