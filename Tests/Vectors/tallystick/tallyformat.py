"""A second implementation of wire format 1, for test vectors only.

It shares no code with the Swift sources: an encoder of its own, hashlib for hashes, and the package
`cryptography` for Ed25519, HKDF, HMAC, AES-GCM, AES key wrap, X25519 and ML-KEM. docs/wire-format.md is the
text it follows.
"""

import base64
import hashlib

from cryptography.hazmat.primitives import hashes, hmac, keywrap
from cryptography.hazmat.primitives.asymmetric import ed25519, mlkem, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

CONTENT_TYPE = "application/vnd.tallystick.statement+cbor"
TYPE = "application/scitt-statement+cose"
BUCKETS = [256, 1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20]
CONTROL = bytes(16)
# The order of the group of Ed25519 (RFC 8032 §5.1): adding it to S gives a second, forbidden spelling.
GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493


# Deterministic CBOR (RFC 8949 §4.2.1)

class Raw(bytes):
    """Bytes put into an encoding as they are, to build what a strict decoder must refuse."""


def head(major, value):
    if value < 24:
        return bytes([major << 5 | value])
    for code, width in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if value < 1 << 8 * width:
            return bytes([major << 5 | code]) + value.to_bytes(width, "big")
    raise ValueError("a CBOR argument has 64 bits")


def det(item):
    if isinstance(item, Raw):
        return bytes(item)
    if item is None:
        return b"\xf6"
    if isinstance(item, bool):
        return b"\xf5" if item else b"\xf4"
    if isinstance(item, int):
        return head(0, item) if item >= 0 else head(1, -1 - item)
    if isinstance(item, bytes):
        return head(2, len(item)) + item
    if isinstance(item, str):
        text = item.encode()
        return head(3, len(text)) + text
    if isinstance(item, list):
        return head(4, len(item)) + b"".join(det(part) for part in item)
    if isinstance(item, dict):
        pairs = sorted((det(key), det(value)) for key, value in item.items())
        return head(5, len(pairs)) + b"".join(key + value for key, value in pairs)
    raise TypeError(f"no encoding for {type(item)}")


# Hashes, identifiers, keys

def sha256(data):
    return hashlib.sha256(data).digest()


def some_hash(name):
    """A hash of nothing in particular."""
    return sha256(b"hash of " + name.encode())


def some_id(name):
    """An identifier that stands where a random one would."""
    return sha256(b"identifier of " + name.encode())[:16]


def seed(number):
    return bytes([number]) * 32


def signing_key(of):
    return ed25519.Ed25519PrivateKey.from_private_bytes(of)


def public(of):
    return signing_key(of).public_key().public_bytes_raw()


def key_id(public_key):
    """RFC 9679 thumbprint of the COSE_Key {1: 1, -1: 6, -2: x}."""
    return sha256(det({1: 1, -1: 6, -2: public_key}))


def sign(of, message):
    return signing_key(of).sign(message)


# Trees (RFC 6962 §2.1)

def leaf_hash(entry):
    return sha256(b"\x00" + entry)


def split(count):
    size = 1
    while size * 2 < count:
        size *= 2
    return size


def root(leaves):
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    at = split(len(leaves))
    return sha256(b"\x01" + root(leaves[:at]) + root(leaves[at:]))


def path(index, leaves):
    if len(leaves) == 1:
        return []
    at = split(len(leaves))
    if index < at:
        return path(index, leaves[:at]) + [root(leaves[at:])]
    return path(index - at, leaves[at:]) + [root(leaves[:at])]


# Signed statements (RFC 9052 §4.2, §4.4)

def signature_input(protected, payload):
    return det(["Signature1", protected, b"", payload])


def sign1(protected, payload, signature, unprotected=None):
    return b"\xd2" + det([protected, {} if unprotected is None else unprotected, payload, signature])


def header(kid, origin, stream, issued_at, event):
    claims = {1: origin, 2: stream.hex(), 6: issued_at, 7: event}
    return {1: -19, 3: CONTENT_TYPE, 4: kid, 15: claims, 16: TYPE}


def statement(payload, of, origin, stream, issued_at, event):
    protected = det(header(key_id(public(of)), origin, stream, issued_at, event))
    return sign1(protected, payload, sign(of, signature_input(protected, payload)))


# Compartments

def expand(key, info, length=32):
    return HKDFExpand(hashes.SHA256(), length, info).derive(key)


def salt(body_seed, field):
    return expand(body_seed, det(["tallystick/field/v1", field]), 16)


def field_leaves(body_seed, fields):
    """The leaves in bytewise order of the encoded codes: (code, salt, leaf hash)."""
    leaves = []
    for field in sorted(fields, key=det):
        own = salt(body_seed, field)
        leaves.append((field, own, leaf_hash(det([own, field, fields[field]]))))
    return leaves


def field_root(body_seed, fields):
    return root([leaf for _, _, leaf in field_leaves(body_seed, fields)])


def padded(body):
    used = 4 + len(body)
    bucket = next((size for size in BUCKETS if size >= used), None)
    return None if bucket is None else len(body).to_bytes(4, "big") + body + bytes(bucket - used)


def additional_data(origin, event, compartment, label, expires):
    return det(["tallystick/cmp/v1", origin, event, compartment, label, expires])


def seal(content_key, nonce, plaintext, bound):
    key = expand(content_key, b"tallystick/cmp/enc/v1")
    return det([1, 3, nonce, AESGCM(key).encrypt(nonce, plaintext, bound)])


def content_commitment(content_key):
    return expand(content_key, b"tallystick/cmp/com/v1")


def circle_commitment(circle_key):
    return expand(circle_key, b"tallystick/circle/com/v1")


def wrap_key(circle_key):
    return expand(circle_key, b"tallystick/circle/wrap/v1")


def key_wrap(circle_key, content_key, compartment, epoch):
    return det([1, compartment, epoch, keywrap.aes_key_wrap(wrap_key(circle_key), content_key)])


# Direct grants: HPKE base mode (RFC 9180 §5.1.1) over X-Wing, HKDF-SHA256 and AES-256-GCM

XWING, HKDF_SHA256, AES_256_GCM = 0x647A, 1, 2


class XWing:
    """The receiving side of draft-connolly-cfrg-xwing-kem."""

    def __init__(self, of):
        expanded = hashlib.shake_256(of).digest(96)
        self.mlkem = mlkem.MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
        self.x25519 = x25519.X25519PrivateKey.from_private_bytes(expanded[64:])
        self.x25519_public = self.x25519.public_key().public_bytes_raw()
        self.public = self.mlkem.public_key().public_bytes_raw() + self.x25519_public

    def decapsulate(self, encapsulation):
        first, second = encapsulation[:1088], encapsulation[1088:]
        shared = self.x25519.exchange(x25519.X25519PublicKey.from_public_bytes(second))
        parts = self.mlkem.decapsulate(first) + shared + second + self.x25519_public
        return hashlib.sha3_256(parts + b"\\.//^\\").digest()


def encapsulation(name):
    """An encapsulation without a random number.

    Its first part is a ciphertext nobody made, which ML-KEM answers with a key all the same (FIPS 203 §6.3,
    implicit rejection). Both sides derive it in one way, which is all that a vector of ours has to show.
    """
    ephemeral = x25519.X25519PrivateKey.from_private_bytes(sha256(b"ephemeral " + name.encode()))
    return hashlib.shake_256(name.encode()).digest(1088) + ephemeral.public_key().public_bytes_raw()


def hmac_sha256(key, data):
    mac = hmac.HMAC(key, hashes.SHA256())
    mac.update(data)
    return mac.finalize()


def hpke_seal(shared_secret, info, plaintext):
    suite = b"HPKE" + b"".join(number.to_bytes(2, "big") for number in (XWING, HKDF_SHA256, AES_256_GCM))

    def extract(salt_, label, material):
        return hmac_sha256(salt_ or bytes(32), b"HPKE-v1" + suite + label + material)

    def labeled(secret, label, context, length):
        return expand(secret, length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + context, length)

    context = b"\x00" + extract(b"", b"psk_id_hash", b"") + extract(b"", b"info_hash", info)
    secret = extract(shared_secret, b"secret", b"")
    key, nonce = labeled(secret, b"key", context, 32), labeled(secret, b"base_nonce", context, 12)
    return AESGCM(key).encrypt(nonce, plaintext, b"")


def kem_key_id(public_key):
    return sha256(det(["tallystick/kem/v1", XWING, public_key]))


# Boards, registers, notes

def board_bytes(origin, event, kind, act):
    return det(["tallystick/board/v1", origin, event, kind, act])


def receipt_header(origin, kid):
    return det({1: -19, 4: kid, 15: {1: origin, 2: origin}, 395: 1})


def receipt(of, origin, index, leaves):
    """A COSE receipt (RFC 9942) for one leaf of the tree over all leaves."""
    protected = receipt_header(origin, key_id(public(of)))
    proof = det([len(leaves), index, path(index, leaves)])
    return sign1(
        protected, None, sign(of, signature_input(protected, root(leaves))), {396: {-1: [proof]}})


def note(of, origin, size, root_hash):
    """A signed note over a tree head (c2sp.org/signed-note, c2sp.org/tlog-checkpoint)."""
    text = f"{origin}\n{size}\n{base64.b64encode(root_hash).decode()}\n".encode()
    short_id = sha256(origin.encode() + b"\n\x01" + public(of))[:4]
    line = base64.b64encode(short_id + sign(of, text)).decode()
    return text + f"\n\u2014 {origin} {line}\n".encode()


def bundle_hash(version, yaml, tables):
    return sha256(det([1, version, yaml, {name: sha256(table) for name, table in tables.items()}]))


def bundle_item(version, yaml, tables):
    return [1, version, yaml, tables]
