"""Measures making, sealing and verifying a report, next to a floor and to other engines.

Each figure comes from a fresh process; figures are CPU time, so that other work on the machine
matters little, and are printed as multiples of a floor U measured in the same run: a bare canvas
that draws as many lines of text in one font and saves.
"""

import gc
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from bench.memory import peak_megabytes

ROUNDS = 5
SIZES = {"A": (60, 0), "B": (250, 100)}
# Multiples of U from the owner's targets; a miss is printed, and is the end's exit code.
TARGETS = {
    ("render", "A"): 9,
    ("render and seal", "A"): 13,
    ("render", "B"): 26,
    ("render and seal", "B"): 32,
}


def main() -> tuple[dict[str, dict[str, float]], bool]:
    """Measure everything and print ratios; return the figures, and whether a target was missed."""
    figures: dict[str, dict[str, float]] = {}
    for size in SIZES:
        for phase in ("floor", "render", "seal", "verify", "fpdf2", "weasyprint", "typst"):
            figures[f"{phase} {size}"] = measured(phase, size)
    if not figures["floor A"]:
        return figures, True  # nothing can be compared without the floor; why was printed above
    return figures, _print(figures, figures["floor A"]["seconds"])


def measured(phase: str, size: str) -> dict[str, float]:
    """Return seconds of CPU and peak megabytes of `phase`, from a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.printing", phase, size],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        print(f"{phase} {size}: not measured: {done.stderr.strip().splitlines()[-1]}")
        return {}
    return dict(json.loads(done.stdout))


def _print(figures: dict[str, dict[str, float]], unit: float) -> bool:
    print(f"U = {unit * 1000:.1f} ms of CPU (bare canvas, the lines of A)")
    print(f"{'':22}{'ms':>9}{'in U':>8}{'peak MB':>9}{'target':>8}")
    missed = False
    for size, (items, photos) in SIZES.items():
        render, seal = figures[f"render {size}"], figures[f"seal {size}"]
        both = {"seconds": render["seconds"] + seal["seconds"], "megabytes": seal["megabytes"]}
        print(f"{size}: {items} items, {photos} photos")
        shown = {
            "render": render,
            "seal": seal,
            "render and seal": both,
            "verify": figures[f"verify {size}"],
            **{peer: figures[f"{peer} {size}"] for peer in ("fpdf2", "weasyprint", "typst")},
        }
        for phase, figure in shown.items():
            if figure:
                missed |= _line(phase, size, figure, unit)
    return missed


def _line(phase: str, size: str, figure: dict[str, float], unit: float) -> bool:
    target = TARGETS.get((phase, size))
    ratio = figure["seconds"] / unit
    words = "" if target is None else f"<= {target}"
    late = target is not None and ratio > target
    print(
        f"  {phase:20}{figure['seconds'] * 1000:9.1f}{ratio:8.1f}{figure['megabytes']:9.0f}"
        f"{words:>8}{'  MISSED' if late else ''}"
    )
    return late


def child(phase: str, size: str) -> None:
    """Measure one phase in this process and print it as JSON."""
    work = _work(phase, *SIZES[size])
    work()  # imports and fonts are paid once per process, not per report
    gc.freeze()  # as the server does
    spent = []
    for _ in range(ROUNDS):
        before = time.process_time() + _children()
        work()
        spent.append(time.process_time() + _children() - before)
    print(json.dumps({"seconds": statistics.median(spent), "megabytes": peak_megabytes()}))


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _work(phase: str, items: int, photos: int) -> Callable[[], object]:
    from bench import peers, work  # noqa: PLC0415 - not needed by the process that only waits

    snapshot, pictures = work.sample(items, photos)
    if phase in peers.PEERS:
        return lambda: peers.PEERS[phase](snapshot, pictures)
    return work.PHASES[phase](snapshot, pictures)


if __name__ == "__main__":
    child(*sys.argv[1:])
