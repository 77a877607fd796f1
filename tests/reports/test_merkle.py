"""The tree is that of RFC 6962: a root over all, and short proofs for one."""

from hashlib import sha256

import pytest

from reports.merkle import Frontier, includes, inclusion, leaf_hash

# The published example of RFC 6962 implementations: eight leaves, and the roots as they grow.
LEAVES = [
    bytes.fromhex(one)
    for one in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def grown(leaves: list[bytes]) -> Frontier:
    tree = Frontier()
    for leaf in leaves:
        tree = tree.grown(leaf)
    return tree


def test_an_empty_tree_has_the_hash_of_nothing() -> None:
    assert Frontier().root == sha256(b"").digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_the_published_ones(size: int) -> None:
    assert grown(LEAVES[:size]).root.hex() == ROOTS[size - 1]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 33, 64, 65])
def test_each_entry_is_proven_at_its_place_and_nowhere_else(size: int) -> None:
    leaves = [bytes([number]) for number in range(size)]
    hashes, root = [leaf_hash(one) for one in leaves], grown(leaves).root

    for index, leaf in enumerate(leaves):
        path = inclusion(hashes, index)
        believed = {
            at for at in range(size) if includes(root, size, leaf=leaf, index=at, path=path)
        }
        assert believed == {index}


def test_a_path_with_more_less_or_other_steps_proves_nothing() -> None:
    leaves = [bytes([number]) for number in range(11)]
    root, path = grown(leaves).root, inclusion([leaf_hash(one) for one in leaves], 4)

    other = (leaf_hash(b"other"), *path[1:])
    believed = [
        includes(root, 11, leaf=leaves[4], index=4, path=steps)
        for steps in ((*path, path[0]), path[:-1], other)
    ]

    assert believed == [False, False, False]


def test_an_inner_node_passes_for_no_entry() -> None:
    leaves = [b"one", b"two"]
    joined = leaf_hash(b"one") + leaf_hash(b"two")

    assert grown([joined]).root != grown(leaves).root


def test_a_place_that_is_not_there_has_no_proof() -> None:
    with pytest.raises(ValueError, match="no such entry"):
        inclusion([leaf_hash(b"one")], 1)
    assert not includes(grown([b"one"]).root, 1, leaf=b"one", index=1, path=())
