"""The strict subset of deterministic CBOR: RFC 8949 section 4.2.1, and docs/wire-format.md, Conventions.

Items are int, bytes, str, list, None, bool, Map and Tag18. Nothing else occurs.
"""

from dataclasses import dataclass

DEPTH = 8


class Refused(Exception):
    """The bytes are not what their place calls for; the words say why."""


class Map(list):
    """The pairs of a map, in the order of their encoded keys."""

    def keys(self):
        return [key for key, _ in self]

    def values(self):
        return [value for _, value in self]

    def get(self, key):
        for known, value in self:
            if type(known) is type(key) and known == key:
                return value
        return None


@dataclass(frozen=True)
class Tag18:
    """The one tag there is: COSE_Sign1 (RFC 9052 section 4.2)."""

    item: object


def decode(data, limit=None):
    """The one item that the bytes are; anything else is refused."""
    if limit is not None and len(data) > limit:
        raise Refused("too-large")
    item, end = _item(data, 0, 1)
    if end != len(data):
        raise Refused("trailing-bytes")
    return item


def _item(data, at, depth):
    if depth > DEPTH:
        raise Refused("too-deep")
    if at >= len(data):
        raise Refused("truncated")
    initial = data[at]
    major, info = initial >> 5, initial & 31
    if major == 7:
        return _simple(info), at + 1
    number, at = _number(data, at + 1, info)
    if major == 0:
        return number, at
    if major == 1:
        return -1 - number, at
    if major in (2, 3):
        return _string(data, at, number, is_text=major == 3)
    if major == 4:
        return _array(data, at, number, depth)
    if major == 5:
        return _map(data, at, number, depth)
    if number != 18:
        raise Refused("unsupported")
    item, at = _item(data, at, depth + 1)
    return Tag18(item), at


def _simple(info):
    known = {20: False, 21: True, 22: None}
    if info not in known:
        raise Refused("ill-formed" if 28 <= info <= 30 else "unsupported")
    return known[info]


def _number(data, at, info):
    if info < 24:
        return info, at
    if info == 31:
        raise Refused("indefinite-length")
    if info > 27:
        raise Refused("ill-formed")
    width = 1 << (info - 24)
    if at + width > len(data):
        raise Refused("truncated")
    number = int.from_bytes(data[at : at + width], "big")
    smallest = 24 if width == 1 else 1 << (4 * width)
    if number < smallest:
        raise Refused("not-shortest")
    return number, at + width


def _string(data, at, count, is_text):
    if at + count > len(data):
        raise Refused("truncated")
    part = bytes(data[at : at + count])
    if not is_text:
        return part, at + count
    try:
        return part.decode("utf-8"), at + count
    except UnicodeDecodeError:
        raise Refused("invalid-text") from None


def _array(data, at, count, depth):
    if count > len(data) - at:
        raise Refused("truncated")
    items = []
    for _ in range(count):
        item, at = _item(data, at, depth + 1)
        items.append(item)
    return items, at


def _map(data, at, count, depth):
    if 2 * count > len(data) - at:
        raise Refused("truncated")
    pairs, last = Map(), None
    for _ in range(count):
        start = at
        key, at = _item(data, at, depth + 1)
        encoded = bytes(data[start:at])
        if last is not None and encoded <= last:
            raise Refused("duplicate-key" if encoded == last else "key-order")
        last = encoded
        value, at = _item(data, at, depth + 1)
        pairs.append((key, value))
    return pairs, at


def encode(item):
    """det(item). Only what is signed or hashed anew is ever encoded; nothing is encoded again to be verified."""
    if item is None:
        return b"\xf6"
    if item is True or item is False:
        return b"\xf5" if item else b"\xf4"
    if isinstance(item, int):
        return _head(0, item) if item >= 0 else _head(1, -1 - item)
    if isinstance(item, (bytes, bytearray)):
        return _head(2, len(item)) + bytes(item)
    if isinstance(item, str):
        encoded = item.encode("utf-8")
        return _head(3, len(encoded)) + encoded
    if isinstance(item, Map):
        pairs = sorted((encode(key), encode(value)) for key, value in item)
        return _head(5, len(pairs)) + b"".join(key + value for key, value in pairs)
    if isinstance(item, Tag18):
        return b"\xd2" + encode(item.item)
    return _head(4, len(item)) + b"".join(encode(part) for part in item)


def _head(major, number):
    if number < 24:
        return bytes([major << 5 | number])
    for info, width in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << (8 * width):
            return bytes([major << 5 | info]) + number.to_bytes(width, "big")
    raise ValueError("a number of more than 64 bits")
