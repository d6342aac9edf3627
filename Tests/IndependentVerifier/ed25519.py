"""Ed25519 signatures (RFC 8032 section 5.1.7) by the rule of docs/wire-format.md, Keys: no cofactor, S below the group
order, R compared by its bytes; public keys of small order and in a non-canonical encoding are refused.

By the package `cryptography` where it is installed, and by the RFC's own arithmetic where it is not. Both give the same
answer; selftest.py holds both against the same vectors.
"""

import functools
import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)


def _recover_x(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    return P - x if (x & 1) != sign else x


def _add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _double(p):
    a, b, c = p[0] * p[0] % P, p[1] * p[1] % P, 2 * p[2] * p[2] % P
    h = a + b
    e = h - (p[0] + p[1]) * (p[0] + p[1])
    g = a - b
    f = c + g
    return e * f % P, g * h % P, f * g % P, e * h % P


def _point(encoded):
    number = int.from_bytes(encoded, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    x = _recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def _encoded(p):
    inverse = pow(p[2], P - 2, P)
    x, y = p[0] * inverse % P, p[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = _point(bytes([0x58]) + bytes([0x66]) * 31)


def _sum_of_multiples(s, p, k, q):
    """s P + k Q, both scalars walked through together."""
    both, result = _add(p, q), NEUTRAL
    for bit in range(max(s.bit_length(), k.bit_length()) - 1, -1, -1):
        result = _double(result)
        chosen = (s >> bit & 1) | (k >> bit & 1) << 1
        if chosen:
            result = _add(result, (p, q, both)[chosen - 1])
    return result


@functools.lru_cache(maxsize=4096)
def is_acceptable_key(key):
    """Whether a public key is a point in its one encoding, and not of small order."""
    point = _point(key) if len(key) == 32 else None
    if point is None:
        return False
    eightfold = _double(_double(_double(point)))
    return (eightfold[0] % P, (eightfold[1] - eightfold[2]) % P) != (0, 0)


def verify_by_arithmetic(key, text, signature):
    """RFC 8032 section 5.1.7, without the cofactor: [S]B = R + [k]A, R compared by its bytes."""
    s = int.from_bytes(signature[32:], "little")
    if s >= L:
        return False
    x, y, z, t = _point(key)
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % L
    return _encoded(_sum_of_multiples(s, BASE, k, (-x % P, y, z, -t % P))) == signature[:32]


def verify_by_package(key, text, signature):
    """The same by the package `cryptography`."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, text)
        return True
    except (InvalidSignature, ValueError):
        return False


def has_package():
    """Whether the package `cryptography` is installed."""
    try:
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: F401

        return True
    except Exception:  # a broken installation is none
        return False


_verify = None


def choose(name):
    """`package`, `arithmetic`, or `auto`: the package where it is installed."""
    global _verify
    if name == "auto":
        name = "package" if has_package() else "arithmetic"
    _verify = {"package": verify_by_package, "arithmetic": verify_by_arithmetic}[name]
    is_valid.cache_clear()


@functools.lru_cache(maxsize=1 << 20)
def is_valid(key, text, signature):
    """Whether the signature over the text is by the key."""
    if _verify is None:
        choose("auto")
    return len(signature) == 64 and is_acceptable_key(key) and _verify(key, text, signature)
