"""Alters an exported journal in thousands of ways, and counts what the verifier finds.

`make alterations` ends with one line. What an insider alters after the last checkpoint that left
the house cannot be found, and is counted apart.
"""

import argparse
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from random import Random

from reports.verifier import verify
from tests.alterations.altering import alter_as_insider, alter_as_stranger
from tests.alterations.house import Exported, export_from


class Trial:
    """One export, altered again and again from its first state."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.export = export_from(folder)
        self.copy = folder / "copy"
        self.outside = folder / "outside.txt"
        self.outside.write_text(self.export.outside)
        self.chance = Random(seed)  # noqa: S311 - chooses what to alter, guards nothing

    def answer(self) -> int:
        """Return what the verifier says of the copy, given the checkpoint from outside."""
        return verify(self.copy, [str(self.outside)], self.export.key.public)[0]

    def fresh(self) -> Exported:
        """Return the export, copied anew."""
        shutil.rmtree(self.copy, ignore_errors=True)
        shutil.copytree(self.export.folder, self.copy)
        return replace(self.export, folder=self.copy)

    def stranger(self) -> tuple[str, bool]:
        """Alter as someone who cannot sign; return how, and whether it was found."""
        return alter_as_stranger(self.fresh(), self.chance), self.answer() == 1

    def insider(self, *, vouched: bool) -> tuple[str, bool]:
        """Alter as one who holds the key, before or after the checkpoint that left."""
        export = self.fresh()
        first, last = (0, export.vouched) if vouched else (export.vouched, export.vouched + 8)
        return alter_as_insider(export, self.chance, first, last), self.answer() == 1


def main() -> int:
    parser = argparse.ArgumentParser(description="Alter an exported journal.")
    parser.add_argument("--times", type=int, default=2400)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder), given.seed)
        trial.fresh()
        if trial.answer() != 0:
            sys.stderr.write("the export itself is not verified\n")
            return 1
        found = 0
        for number in range(given.times):
            how, seen = trial.insider(vouched=True) if number % 3 == 0 else trial.stranger()
            found += seen
            if not seen:
                sys.stderr.write(f"NOT FOUND {how}\n")
        late = [trial.insider(vouched=False)[1] for _ in range(100)]
    missed = given.times - found
    figures = f"alterations={given.times} detected={found} missed={missed}"
    after = f"after_last_outside_checkpoint={len(late)} detected_there={sum(late)}"
    sys.stdout.write(f"{figures} {after}\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
