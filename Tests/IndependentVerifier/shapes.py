"""Values that occur everywhere (docs/wire-format.md, Common values), each refused unless it has exactly its shape."""

import re

from strictcbor import Refused

LATEST = 253_402_300_799
CODE = re.compile(r"[a-z0-9-]{1,32}")
ORIGIN = re.compile(r"[\x21-\x2a\x2c-\x7e]{1,200}")


def need(condition, words):
    if not condition:
        raise Refused(words)


def unsigned(item):
    need(type(item) is int and item >= 0, "an unsigned number")
    return item


def text(item):
    need(type(item) is str, "text")
    return item


def raw(item, count=None):
    need(type(item) is bytes and (count is None or len(item) == count), "a byte string of its length")
    return item


def code(item):
    need(type(item) is str and CODE.fullmatch(item), "a code")
    return item


def origin(item):
    need(type(item) is str and ORIGIN.fullmatch(item), "an origin")
    return item


def time(item):
    need(unsigned(item) <= LATEST, "a time")
    return item


def items(item, count=None, at_most=None, at_least=0):
    need(type(item) is list, "an array")
    need(count is None or len(item) == count, f"an array of {count}")
    need(len(item) >= at_least and (at_most is None or len(item) <= at_most), "an array within its limits")
    return item


def identifier(item):
    return raw(item, 16)


def digest(item):
    return raw(item, 32)


def or_none(shape, item):
    return None if item is None else shape(item)


def ascending(values, words):
    need(all(first < second for first, second in zip(values, values[1:])), words)
    return values
