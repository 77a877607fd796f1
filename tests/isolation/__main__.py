"""Keeps organisations apart, and proves that it would be noticed if it did not.

`make isolation` ends with one line: `combinations=N leaks=0 mutants=M killed=M`.
"""

import logging
import sys
import tempfile
from pathlib import Path

from audit.store.migrate import upgrade
from audit.store.session import open_engine
from tests.isolation.matrix import Matrix
from tests.isolation.mutants import keys_cut, mutants
from tests.isolation.sweep import loose_keys, sweep
from tests.isolation.world import make_world


def main() -> int:
    """Run the matrix, the sweep and every mutant."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        engine = open_engine(f"sqlite:///{folder / 'migrated.sqlite3'}")
        upgrade(engine)
        engine.dispose()
        world = make_world(folder, folder / "migrated.sqlite3")
        matrix = Matrix(world)
        matrix.run()
        leaks = [*matrix.unlisted(), *matrix.leaks, *sweep(world)]
        leaks += loose_keys(str(folder / "kept.sqlite3"))
        sys.stderr.writelines(f"LEAK {one}\n" for one in leaks)
        # What breaks without its fence says so at length.
        logging.disable(logging.CRITICAL)
        tried = [(one.name, one.is_killed(world)) for one in mutants(world)]
        tried += keys_cut(world)
        world.database.engine.dispose()
    alive = [name for name, killed in tried if not killed]
    sys.stderr.writelines(f"ALIVE {one}\n" for one in alive)
    counts = f"combinations={matrix.combinations} leaks={len(leaks)}"
    sys.stdout.write(f"{counts} mutants={len(tried)} killed={len(tried) - len(alive)}\n")
    return 1 if leaks or alive else 0


if __name__ == "__main__":
    sys.exit(main())
