"""Signed heads: C2SP signed notes over checkpoints (c2sp.org/signed-note, c2sp.org/tlog-checkpoint), and
docs/wire-format.md, Trees, heads and receipts."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

import ed25519
from merkle import EMPTY

NOTE_BYTES, NOTE_SIGNATURES = 65_536, 64
LOG_KEY = b"\x01"


@dataclass(frozen=True)
class Head:
    """What a note claims: origin, size, root."""

    origin: str
    size: int
    root: bytes


def base64_bytes(text):
    """The bytes, if this is the one canonical base64 with padding of them."""
    try:
        decoded = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return decoded if base64.b64encode(decoded).decode() == text else None


def _parts(note):
    """The text with its last line feed, and the signatures as (name, key id, signature); None for no note."""
    if len(note) > NOTE_BYTES:
        return None
    try:
        text = note.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if any(character < " " and character != "\n" for character in text):
        return None
    body, blank, below = text.rpartition("\n\n")
    if not blank or not body or not below.endswith("\n"):
        return None
    lines = below[:-1].split("\n")
    if not 1 <= len(lines) <= NOTE_SIGNATURES:
        return None
    signatures = []
    for line in lines:
        match = re.fullmatch(r"\u2014 ([^\s+]+) (\S+)", line)
        blob = base64_bytes(match[2]) if match else None
        if blob is None or len(blob) < 5:
            return None
        signatures.append((match[1], blob[:4], blob[4:]))
    return body + "\n", signatures


def claimed(note):
    """The head that a note claims, whoever signed it; None when the text is no checkpoint."""
    parts = _parts(note)
    lines = parts[0][:-1].split("\n") if parts else []
    if len(lines) < 3 or "" in lines:
        return None
    origin, size, root = lines[0], lines[1], base64_bytes(lines[2])
    is_origin = re.fullmatch(r"[\x21-\x2a\x2c-\x7e]{1,200}", origin)
    is_size = re.fullmatch(r"0|[1-9][0-9]{0,19}", size) and int(size) < 1 << 64
    if not is_origin or not is_size or root is None or len(root) != 32:
        return None
    return Head(origin, int(size), root)


def verified(note, origin, keys):
    """The head of this log, if one of the keys signed it. A line by such a key that does not verify spoils the note."""
    head, parts = claimed(note), _parts(note)
    if head is None or head.origin != origin or (head.size == 0 and head.root != EMPTY):
        return None
    text, signatures = parts
    for key in sorted(keys):
        identifier = hashlib.sha256(origin.encode() + b"\n" + LOG_KEY + key).digest()[:4]
        mine = [signature for name, known, signature in signatures if (name, known) == (origin, identifier)]
        if mine and all(ed25519.is_valid(key, text.encode(), signature) for signature in mine):
            return head
    return None


COSIGNATURE_KEY = b"\x04"


def operators(note, witnesses):
    """The operators of whom the note has a valid cosignature (c2sp.org/tlog-cosignature), by the board's list of
    (verifier key, operator). A key counts once; a line in a key's name that does not verify spoils that key."""
    text, signatures = _parts(note)
    found, counted = set(), set()
    for verifier, operator in witnesses:
        parsed = _verifier_key(verifier)
        if parsed is None:
            continue
        name, identifier, key = parsed
        mine = [signature for known, number, signature in signatures if (known, number) == (name, identifier)]
        if mine and all(_cosigns(key, text, signature) for signature in mine) and key not in counted:
            counted.add(key)
            found.add(operator)
    return found


def _cosigns(key, text, signature):
    if len(signature) != 72 or signature[0] > 127:
        return False
    signed = f"cosignature/v1\ntime {int.from_bytes(signature[:8], 'big')}\n{text}"
    return ed25519.is_valid(key, signed.encode(), signature[8:])


def _verifier_key(text):
    """Name, key id and key of a verifier key for cosignatures; None for anything else."""
    match = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+(\S+)", text)
    body = base64_bytes(match[3]) if match else None
    if body is None or len(body) != 33 or body[:1] != COSIGNATURE_KEY or not ed25519.is_acceptable_key(body[1:]):
        return None
    identifier = hashlib.sha256(match[1].encode() + b"\n" + body).digest()[:4]
    return (match[1], identifier, body[1:]) if identifier.hex() == match[2] else None
