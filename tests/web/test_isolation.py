"""People are kept to what is theirs at every address, and it would be noticed if they were not."""

from pathlib import Path
from random import Random

import pytest

from tests.isolation.matrix import Matrix
from tests.isolation.mutants import keys_cut, mutants
from tests.isolation.sweep import loose_keys, sweep
from tests.isolation.world import World, make_world

TRIED = 12


@pytest.fixture(scope="module")
def world(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(tmp_path_factory.mktemp("isolation"), migrated_file)


def test_nobody_reaches_beyond_what_is_theirs(world: World) -> None:
    matrix = Matrix(world)

    matrix.run()

    assert matrix.unlisted() == []
    assert matrix.leaks == []
    assert matrix.combinations > 2000


def test_no_session_reaches_beyond_its_scope(world: World) -> None:
    assert list(sweep(world)) == []
    assert list(loose_keys(str(world.folder / "kept.sqlite3"))) == []


def test_a_fence_taken_away_is_missed(world: World) -> None:
    chance = Random(0)  # noqa: S311 - `make isolation` tries them all

    alive = [
        one.name for one in chance.sample(list(mutants(world)), TRIED) if not one.is_killed(world)
    ]

    assert alive == []


def test_a_key_cut_out_of_the_database_is_missed(world: World) -> None:
    assert [name for name, killed in keys_cut(world) if not killed] == []
