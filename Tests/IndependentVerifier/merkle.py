"""Merkle trees of RFC 6962 section 2.1 with SHA-256, and proofs (RFC 9162 sections 2.1.3.2 and 2.1.4.2)."""

import hashlib

EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(entry):
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """All complete subtrees of a growing tree, so that the root of every earlier size is at hand."""

    def __init__(self):
        self._levels = [[]]

    def __len__(self):
        return len(self._levels[0])

    def copy(self):
        other = Tree()
        other._levels = [list(level) for level in self._levels]
        return other

    def append(self, leaf):
        level, node = 0, leaf
        self._levels[0].append(node)
        while len(self._levels[level]) % 2 == 0:
            node = node_hash(self._levels[level][-2], self._levels[level][-1])
            level += 1
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level].append(node)

    def root(self, size=None):
        """The root when the tree had this size; None beyond its end."""
        size = len(self) if size is None else size
        if size > len(self):
            return None
        root, end = None, size
        for level in range(size.bit_length()):
            if size >> level & 1:
                end_here = (end >> level) - 1
                node = self._levels[level][end_here]
                root = node if root is None else node_hash(node, root)
                end -= 1 << level
        return EMPTY if root is None else root


def root_of_proof(leaf, index, size, path):
    """The root that an inclusion proof leads to; None when it is no proof of that shape."""
    if index >= size:
        return None
    at, last, node = index, size - 1, leaf
    for other in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            node = node_hash(other, node)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            node = node_hash(node, other)
        at, last = at >> 1, last >> 1
    return node if last == 0 else None


def is_consistent(older, older_root, newer, newer_root, proof):
    """Whether a consistency proof joins two trees, of which the older is not empty (RFC 9162 section 2.1.4.2)."""
    if older == 0 or older > newer:
        return False
    if older == newer:
        return not proof and older_root == newer_root
    path = list(proof)
    if older & (older - 1) == 0:
        path.insert(0, older_root)
    if not path:
        return False
    at, last = older - 1, newer - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = path[0]
    for other in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = node_hash(other, first), node_hash(other, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, other)
        at, last = at >> 1, last >> 1
    return last == 0 and first == older_root and second == newer_root
