"""Statements: COSE_Sign1 (RFC 9052 section 4.2) with one profile (docs/wire-format.md, Statement)."""

import hashlib
from dataclasses import dataclass

import controls
import ed25519
import shapes
from merkle import leaf_hash
from shapes import need
from strictcbor import Map, Refused, Tag18, decode, encode

CONTENT_TYPE = "application/vnd.tallystick.statement+cbor"
TYPE = "application/scitt-statement+cose"
CONTROL_STREAM = bytes(16)
BUCKETS = (256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576)
HOME, POINTER, MATCH, PUBLIC = 0, 1, 2, 3


def key_identifier(key):
    """RFC 9679: the hash of the COSE_Key with its required members only."""
    return hashlib.sha256(encode(Map([(1, 1), (-1, 6), (-2, key)]))).digest()


def to_be_signed(protected, payload):
    """Sig_structure of RFC 9052 section 4.4."""
    return encode(["Signature1", protected, b"", payload])


@dataclass(frozen=True)
class Descriptor:
    """What a statement says of one compartment."""

    identifier: bytes
    label: str
    content_hash: bytes
    wrap_hash: object
    field_root: bytes
    reader: object
    expires: object


@dataclass(frozen=True)
class Statement:
    """A statement that reads; who signed it has not been asked."""

    encoded: bytes
    leaf: bytes
    hash: bytes
    key: bytes
    origin: str
    stream: bytes
    issued_at: int
    event: bytes
    sequence: int
    previous: object
    seen: object
    kind: int
    compartments: tuple
    control: object
    signed: bytes
    signature: bytes

    def is_signed_by(self, key):
        return ed25519.is_valid(key, self.signed, self.signature)


def read(encoded):
    """The statement that the bytes are; Refused when they are none of format 1."""
    item = decode(encoded, controls.STATEMENT_BYTES)
    need(type(item) is Tag18, "a COSE_Sign1")
    protected, unprotected, payload, signature = shapes.items(item.item, 4)
    need(unprotected == [] and type(unprotected) is Map, "an empty unprotected header")
    shapes.raw(payload), shapes.raw(signature, 64)
    header, body = _header(shapes.raw(protected)), _payload(payload)
    need(header["subject"] == body["stream"].hex(), "the stream as subject")
    del header["subject"]
    return Statement(
        encoded=encoded, leaf=leaf_hash(encoded), hash=hashlib.sha256(encoded).digest(),
        signed=to_be_signed(protected, payload), signature=signature, **header, **body,
    )


def read_or_none(encoded):
    try:
        return read(encoded)
    except Refused:
        return None


def _exactly(item, keys, words):
    need(type(item) is Map and item.keys() == list(keys), words)
    return item.values()


def _header(protected):
    labels = _exactly(decode(protected), (1, 3, 4, 15, 16), "the five header labels")
    algorithm, content_type, key, claims, kind = labels
    need(algorithm == -19 and content_type == CONTENT_TYPE and kind == TYPE, "the header of a statement")
    issuer, subject, issued_at, event = _exactly(claims, (1, 2, 6, 7), "the four claims")
    return {
        "key": shapes.digest(key), "origin": shapes.origin(issuer), "subject": shapes.text(subject),
        "issued_at": shapes.time(issued_at), "event": shapes.identifier(event),
    }


def _payload(payload):
    values = _exactly(decode(payload, controls.STATEMENT_BYTES), range(1, 11), "the ten keys of a payload")
    form, stream, sequence, previous, seen, kind, compartments, grants, decision, control = values
    need(type(form) is int and form == 1, "format 1")
    need(type(kind) is int and kind in controls.READERS, "a known kind")
    shapes.identifier(stream), shapes.unsigned(sequence)
    need(type(previous) is bytes and len(previous) == (32 if sequence else 0), "the hash of the previous statement")
    need((kind in controls.CONTROL_KINDS) == (stream == CONTROL_STREAM), "a kind that the stream may hold")
    described = tuple(_descriptor(part) for part in shapes.items(compartments, at_most=16))
    need(len({part.identifier for part in described}) == len(described), "each compartment once")
    hashes = [shapes.digest(grant) for grant in shapes.items(grants, at_most=64)]
    need(len(set(hashes)) == len(hashes), "each grant once")
    shapes.or_none(_decision, decision)
    return {
        "stream": stream, "sequence": sequence, "previous": previous or None, "seen": shapes.or_none(_seen, seen),
        "kind": kind, "compartments": described, "control": controls.READERS[kind](control),
    }


def _seen(item):
    shapes.items(item, 3)
    return shapes.origin(item[0]), shapes.unsigned(item[1]), shapes.digest(item[2])


def _decision(item):
    bundle, purpose, gateway, basis, condition = shapes.items(item, 5)
    shapes.code(purpose), shapes.code(gateway), shapes.code(basis), shapes.or_none(shapes.code, condition)
    shapes.or_none(shapes.digest, bundle)
    need(bundle is not None or gateway in ("emergency", "data-protection"), "a rules bundle")


def _descriptor(item):
    identifier, label, length, content, wrap, commitment, root, reader, caveats, expires = shapes.items(item, 10)
    is_epoch = type(reader) is bytes
    need(is_epoch and len(reader) == 16 or type(reader) is int and reader in (HOME, POINTER, MATCH, PUBLIC), "a reader")
    need(shapes.unsigned(length) <= BUCKETS[-1], "a length within its limit")
    is_sealed = is_epoch or reader == HOME
    need((wrap is not None) == is_epoch and (commitment is not None) == is_sealed, "wrap and commitment of its reader")
    need(not is_sealed or length in BUCKETS, "a length of the list")
    shapes.or_none(shapes.digest, commitment)
    for caveat in shapes.items(caveats, at_most=8):
        shapes.code(caveat)
    return Descriptor(
        identifier=shapes.identifier(identifier), label=shapes.code(label), content_hash=shapes.digest(content),
        wrap_hash=shapes.or_none(shapes.digest, wrap), field_root=shapes.digest(root), reader=reader,
        expires=shapes.or_none(shapes.time, expires),
    )
