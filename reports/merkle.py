"""The tree over a journal, as RFC 6962 draws it: one root stands for all entries and their order.

Whoever keeps an older root can tell later whether what it stood for is still what is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

_LEAF, _NODE = b"\x00", b"\x01"


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of one entry; the prefix keeps it from passing for an inner node."""
    return sha256(_LEAF + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees side by side."""
    return sha256(_NODE + left + right).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """A tree's right edge: all that is needed to grow it, and its root.

    `peaks` are the roots of its whole subtrees, the largest first, one for each bit of `size`.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def grown(self, leaf: bytes) -> "Frontier":
        """Return the tree with one more entry."""
        peaks, last, full = list(self.peaks), leaf_hash(leaf), self.size
        while full & 1:
            last, full = node_hash(peaks.pop(), last), full >> 1
        return Frontier(size=self.size + 1, peaks=(*peaks, last))

    @property
    def root(self) -> bytes:
        """The root; of an empty tree, the hash of nothing."""
        if not self.peaks:
            return sha256(b"").digest()
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def inclusion(hashes: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Return what leads from the leaf at `index` to the root over all `hashes` of leaves."""
    if not 0 <= index < len(hashes):
        raise ValueError("There is no such entry in this tree.")
    path: list[bytes] = []
    while len(hashes) > 1:
        split = _split(len(hashes))
        left, right = hashes[:split], hashes[split:]
        path.append(_root(right if index < split else left))
        hashes, index = (left, index) if index < split else (right, index - split)
    return tuple(reversed(path))


def includes(root: bytes, size: int, *, leaf: bytes, index: int, path: Sequence[bytes]) -> bool:
    """Say whether `leaf` is entry number `index`, from 0, of the tree with this root and size."""
    if not 0 <= index < size:
        return False
    found, at, last, steps = leaf_hash(leaf), index, size - 1, list(path)
    while last and steps:
        # Where there is nothing to the right, the node is carried up as it is.
        if at & 1:
            found = node_hash(steps.pop(0), found)
        elif at < last:
            found = node_hash(found, steps.pop(0))
        at, last = at >> 1, last >> 1
    return last == 0 and not steps and found == root


def _root(hashes: Sequence[bytes]) -> bytes:
    if len(hashes) == 1:
        return hashes[0]
    split = _split(len(hashes))
    return node_hash(_root(hashes[:split]), _root(hashes[split:]))


def _split(size: int) -> int:
    """Return the largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
