"""Pages of the feed, register leaves, heads, the partnership file, receipts and clear compartments
(docs/wire-format.md, HTTP bodies, Register, Files, Trees, Rules bundle)."""

import hashlib
import hmac
from dataclasses import dataclass

import shapes
import statements
from merkle import EMPTY, Tree, leaf_hash
from shapes import need
from strictcbor import Map, Refused, Tag18, decode, encode

RECEIPTS_OF_A_PART = 4_096
PAGE_BYTES, PART_BYTES, LEAF_BYTES, NOTE_BYTES = 64 << 20, 16 << 20, 1024, 65_536
PARTNERSHIP = "tallystick/partnership/v1"


@dataclass(frozen=True)
class Carried:
    """A compartment as it travels."""

    identifier: bytes
    content: bytes
    wrap: object

    def fault(self, descriptor):
        """The first part that is not what the descriptor says, or None."""
        if hashlib.sha256(self.content).digest() != descriptor.content_hash:
            return "compartment-content"
        hashed = None if self.wrap is None else hashlib.sha256(self.wrap).digest()
        return None if hashed == descriptor.wrap_hash else "wrap"


@dataclass(frozen=True)
class Entry:
    """A statement in a page."""

    position: int
    statement_position: int
    index: int
    statement: bytes
    compartments: tuple


@dataclass(frozen=True)
class Page:
    start: int
    leaves: tuple
    note: bytes
    entries: tuple


@dataclass(frozen=True)
class Verdict:
    """A register leaf of form 1. The reason is None for an accepted statement."""

    origin: str
    index: int
    leaf: bytes
    reason: object
    at: int


@dataclass(frozen=True)
class LookUp:
    """A register leaf of form 2."""

    asker: str


def _carried(item):
    statement, compartments, grants = shapes.items(item, 3)
    need(len(shapes.raw(statement)) <= 16_384, "a statement within its limit")
    parts = []
    for part in shapes.items(compartments, at_most=128):
        identifier, content, wrap = shapes.items(part, 3)
        need(len(shapes.raw(content)) <= 1_048_832, "a compartment within its limit")
        need(wrap is None or len(shapes.raw(wrap)) <= 256, "a wrap within its limit")
        parts.append(Carried(shapes.identifier(identifier), content, wrap))
    for grant in shapes.items(grants, at_most=64):
        need(len(shapes.raw(grant)) <= 65_536, "a grant within its limit")
    return statement, tuple(parts), len(grants)


def page(encoded):
    start, leaves, note, entries = shapes.items(decode(encoded, PAGE_BYTES), 4)
    read = []
    for entry in shapes.items(entries, at_most=512):
        position, own, index, carried = shapes.items(entry, 4)
        statement, compartments, _ = _carried(carried)
        read.append(
            Entry(shapes.unsigned(position), shapes.unsigned(own), shapes.unsigned(index), statement, compartments)
        )
    leaves = tuple(shapes.raw(leaf) for leaf in shapes.items(leaves, at_most=4_096))
    return Page(shapes.unsigned(start), leaves, shapes.raw(note), tuple(read))


def register_leaf(encoded):
    """A statement of the broker, a verdict or a look-up; None for a leaf that does not read."""
    try:
        if encoded[:1] == b"\xd2":
            return statements.read(encoded)
        item = shapes.items(decode(encoded, LEAF_BYTES))
        if len(item) == 4 and type(item[0]) is int and item[0] == 2:
            shapes.digest(item[2]), shapes.time(item[3])
            return LookUp(shapes.code(item[1]))
        form, origin, index, leaf, verdict, reason, at = shapes.items(item, 7)
        need(type(form) is int and form == 1 and type(verdict) is int and verdict in (0, 1), "a verdict")
        need((reason is None) == (verdict == 0), "a reason with a refusal, and none without")
        shapes.or_none(shapes.code, reason)
        return Verdict(shapes.origin(origin), shapes.unsigned(index), shapes.digest(leaf), reason, shapes.time(at))
    except Refused:
        return None


def heads(encoded):
    """The newest head note of each log."""
    item = decode(encoded)
    need(type(item) is Map, "a map of heads")
    return {shapes.origin(origin): shapes.raw(note) for origin, note in item}


def cosigned(encoded):
    """The final head note of each log, and the evidence files that came with them."""
    item = shapes.items(decode(encoded), 3)
    need(type(item[0]) is Map, "a map of heads")
    for proof in shapes.items(item[1], at_most=63):
        shapes.digest(proof)
    notes = {shapes.origin(origin): shapes.raw(note) for origin, note in item[0]}
    return notes, [shapes.raw(file) for file in shapes.items(item[2], at_most=1024)]


def partnership(encoded):
    """The board's statements as (bytes, compartments), and its head note."""
    item = shapes.items(decode(encoded, PART_BYTES + (1 << 20)), at_least=2)
    need(type(item[0]) is str and item[0] == PARTNERSHIP, "a partnership file")
    found, note = [], None
    for part in item[1:]:
        origin, first, carried, head = shapes.items(decode(shapes.raw(part), PART_BYTES), 4)
        need(type(origin) is str and origin == "board" and len(found) % 512 == 0, "a part of the board's log")
        need(shapes.unsigned(first) == len(found), "the part that comes next")
        need(len(shapes.raw(head)) <= NOTE_BYTES and note in (None, head), "one head for all parts")
        for entry in shapes.items(carried, at_least=1, at_most=512):
            statement, compartments, grants = _carried(entry)
            need(grants == 0, "no grants in the board's log")
            found.append((statement, compartments))
        note = head
    return found, note


def receipt_part(encoded):
    """The admission proofs of one file of receipts."""
    return [shapes.raw(proof) for proof in shapes.items(decode(encoded, PAGE_BYTES), at_most=RECEIPTS_OF_A_PART)]


@dataclass(frozen=True)
class Receipt:
    """A receipt of RFC 9942: what the proof claims, and what was signed."""

    key: bytes
    issuer: str
    size: int
    index: int
    path: tuple
    protected: bytes
    signature: bytes


def admission_proof(encoded):
    """The register leaf and the receipt of an admission proof, both as bytes."""
    leaf, receipt = shapes.items(decode(encoded, 16_384), 2)
    return shapes.raw(leaf), shapes.raw(receipt)


def receipt(encoded):
    """A receipt of the one form that a register makes."""
    item = decode(encoded)
    need(type(item) is Tag18, "a COSE_Sign1")
    protected, unprotected, payload, signature = shapes.items(item.item, 4)
    header = decode(shapes.raw(protected))
    need(type(header) is Map and header.keys() == [1, 4, 15, 395], "the labels of a receipt")
    algorithm, key, claims, structure = header.values()
    need(algorithm == -19 and structure == 1 and type(structure) is int, "Ed25519 over RFC9162_SHA256")
    need(type(claims) is Map and claims.keys() == [1, 2], "issuer and subject")
    need(claims.get(1) == claims.get(2) and payload is None, "one log, and a detached payload")
    need(type(unprotected) is Map and unprotected.keys() == [396], "proofs only")
    proofs = unprotected.get(396)
    need(type(proofs) is Map and proofs.keys() == [-1], "an inclusion proof")
    proof = decode(shapes.raw(shapes.items(proofs.get(-1), 1)[0]))
    size, index, path = shapes.items(proof, 3)
    return Receipt(
        shapes.digest(key), shapes.origin(claims.get(1)), shapes.unsigned(size), shapes.unsigned(index),
        tuple(shapes.digest(node) for node in shapes.items(path, at_least=1, at_most=64)), protected,
        shapes.raw(signature, 64),
    )


def field_root(body):
    """The root over the fields of a clear compartment's body (RFC 6962 section 2.1; RFC 5869 section 2.3 for salts)."""
    seed, fields = shapes.items(decode(body), 2)
    shapes.digest(seed)
    need(type(fields) is Map, "a map of fields")
    tree = Tree()
    for name, value in fields:
        info = encode(["tallystick/field/v1", shapes.code(name)])
        salt = hmac.new(seed, info + b"\x01", hashlib.sha256).digest()[:16]
        tree.append(leaf_hash(encode([salt, name, value])))
    return tree.root() if len(tree) else EMPTY, fields


def published_bundle_hash(content):
    """The field root of a published bundle's compartment, and the hash of the rules bundle in it."""
    zero, body = shapes.items(decode(content), 2)
    need(type(zero) is int and zero == 0, "a clear compartment")
    root, fields = field_root(shapes.raw(body))
    bundle = shapes.items(fields.get("bundle"), at_least=1)
    if type(bundle[0]) is int and bundle[0] != 1:
        return root, None  # of a format that only a later program can tell the hash of
    form, function, source, tables = shapes.items(bundle, 4)
    need(type(form) is int and form == 1 and type(tables) is Map, "a rules bundle of format 1")
    hashed = Map([(shapes.text(name), hashlib.sha256(shapes.raw(table)).digest()) for name, table in tables])
    item = [1, shapes.unsigned(function), shapes.raw(source), hashed]
    return root, hashlib.sha256(encode(item)).digest()
