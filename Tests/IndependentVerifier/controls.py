"""Control bodies and board acts (docs/wire-format.md, Control bodies, Board acts).

Only what the checks need is kept; everything is read, so that what has another shape is refused.
"""

from dataclasses import dataclass

import shapes
from shapes import need
from strictcbor import Map, decode

STATEMENT_BYTES = 16_384
PARTY_KINDS = ("agency", "broker", "witness", "auditor")
ED25519, X_WING = -19, 0x647A


@dataclass(frozen=True)
class BoardGenesis:
    threshold: int
    members: tuple
    statement_key: bytes
    log_key: bytes


@dataclass(frozen=True)
class Genesis:
    party: str
    root_key: bytes
    fingerprint: bytes


@dataclass(frozen=True)
class Continues:
    origin: str
    size: int
    root: bytes


@dataclass(frozen=True)
class Key:
    role: str
    key: bytes
    expires: object


@dataclass(frozen=True)
class Share:
    recipient: str
    compartments: tuple


@dataclass(frozen=True)
class Received:
    size: int
    root: bytes


@dataclass(frozen=True)
class Act:
    """A decision of the board: its exact bytes, what it says, who signed it."""

    encoded: bytes
    decision: object
    signatures: tuple


@dataclass(frozen=True)
class Enrolment:
    agency: str
    party: str
    origin: str
    root_key: bytes
    expires: object


def _genesis(item):
    if type(item) is list and len(item) == 4:
        keys = [shapes.raw(key, 32) for key in shapes.items(item[1], at_least=1, at_most=32)]
        shapes.ascending(keys, "board keys in ascending order")
        need(1 <= shapes.unsigned(item[0]) <= len(keys), "a threshold that the board can reach")
        return BoardGenesis(item[0], tuple(keys), shapes.raw(item[2], 32), shapes.raw(item[3], 32))
    shapes.items(item, 3)
    need(item[0] in PARTY_KINDS and type(item[0]) is str, "a kind of party")
    return Genesis(item[0], shapes.raw(item[1], 32), shapes.digest(item[2]))


def _nothing(item):
    need(item is None, "no control body")


def _share(item):
    shapes.items(item, 3)
    named = []
    for part in shapes.items(item[1], at_least=1, at_most=128):
        shapes.items(part, 3)
        named.append((shapes.origin(part[0]), shapes.unsigned(part[1]), shapes.identifier(part[2])))
    shapes.or_none(shapes.time, item[2])
    return Share(shapes.code(item[0]), tuple(named))


def _request(item):
    shapes.items(item, 2)
    shapes.code(item[0]), shapes.time(item[1])


def _answer(item):
    shapes.items(item, 2)
    shapes.origin(item[0]), shapes.identifier(item[1])


def _taken_back(item):
    """The log that went before, where it is named; else nothing."""
    shapes.items(item, at_least=3, at_most=4)
    shapes.code(item[0]), shapes.code(item[2])
    for place in shapes.items(item[1], at_least=1, at_most=128):
        shapes.items(place, 2)
        shapes.unsigned(place[0]), shapes.identifier(place[1])
    return shapes.origin(item[3]) if len(item) == 4 else None


def _continues(item):
    shapes.items(item, 3)
    need(shapes.unsigned(item[1]) > 0, "a log with its genesis")
    return Continues(shapes.origin(item[0]), item[1], shapes.digest(item[2]))


def _streams(item):
    found = [shapes.identifier(stream) for stream in shapes.items(item, at_least=1, at_most=128)]
    need(len(set(found)) == len(found), "streams, none twice")


def _held(item):
    shapes.items(item, 2)
    shapes.origin(item[0]), _streams(item[1])


def _hold(item):
    if len(shapes.items(item, at_least=1, at_most=2)) == 1:
        shapes.identifier(item[0])
    else:
        _held(item[0]), shapes.code(item[1])


def _erase(item):
    shapes.items(item, at_least=2, at_most=3)
    step = (item[0], len(item))
    if step == (0, 3):
        _streams(item[1]), shapes.time(item[2])
    elif step == (1, 3):
        shapes.identifier(item[1])
        reply = shapes.items(item[2], at_least=1, at_most=3)
        if reply[0] == "kept" and len(reply) == 3:
            shapes.time(reply[1]), shapes.code(reply[2])
        elif reply not in (["will-erase"], ["holds-nothing"]):
            need(False, "an answer to a question about an erasure")
    elif step == (2, 2):
        shapes.identifier(item[1])
    elif step == (3, 2):
        _held(item[1])
    else:
        need(False, "a step of an erasure")


def _erased(item):
    shapes.origin(item[0]), shapes.identifier(item[1]), shapes.code(item[4]), shapes.time(item[5])
    gone = []
    for place in shapes.items(item[2], at_most=256):
        shapes.items(place, 2)
        shapes.unsigned(place[0])
        gone.append(shapes.identifier(place[1]))
    for index in shapes.items(item[3], at_most=256):
        shapes.unsigned(index)
    need(item[2] or item[3], "something that was destroyed")
    return frozenset(gone)
def _address(item):
    shapes.items(item, 2)
    return shapes.origin(item[0]), shapes.identifier(item[1])


def _handover(item):
    shapes.items(item, at_least=3, at_most=5)
    _address(item[0])
    step, count = shapes.text(item[1]), len(item)
    steps = (("offer", 5), ("accept", 3), ("decline", 3), ("withdraw", 3), ("release", 5), ("lead", 3))
    need((step, count) in steps, "a step")
    if step in ("offer", "release"):
        shapes.or_none(_address, item[2]), shapes.code(item[3])
        shapes.or_none(shapes.time, item[4]) if step == "offer" else _address(item[4])
    else:
        shapes.or_none(_address, item[2]) if step == "accept" else _address(item[2])


def _succession(item):
    """What one side says, or the board's act: that ends with signatures."""
    if type(item) is list and len(item) == 2:
        return _act(_succeeds)(item)
    shapes.items(item, 3)
    word = shapes.text(item[1])
    need(word in ("gives", "takes", "gave", "took"), "a word")
    if word in ("gives", "takes"):
        _nothing(item[2])
    else:
        shapes.unsigned(item[2])
    return shapes.identifier(item[0]), word, item[2]


def _succeeds(item):
    predecessor, successor, schedule, position, keeper = shapes.items(item, 5)
    if schedule is not None:
        shapes.items(schedule, 2)
        shapes.digest(schedule[0]), shapes.unsigned(schedule[1])
    shapes.unsigned(position), shapes.or_none(shapes.code, keeper)
    need(shapes.code(predecessor) != shapes.code(successor), "two parties")
    return predecessor, successor, schedule, position, keeper


def _reassign(item):
    shapes.items(item, 2)
    matters = []
    for move in shapes.items(item[0], at_least=1, at_most=32):
        matter, lead, recipient, acceptance = shapes.items(move, 4)
        matters.append(_address(matter))
        shapes.or_none(_address, lead), shapes.code(recipient), _address(acceptance)
    need(len(set(matters)) == len(matters), "each case once")
    shapes.code(item[1])
    return tuple(matters)


def _purged(item):
    if isinstance(item, list) and len(item) == 6:
        return _erased(item)
    shapes.items(item, 3)
    shapes.code(item[1]), shapes.or_none(shapes.time, item[2])
    return frozenset(shapes.identifier(part) for part in shapes.items(item[0], at_most=256))


def _received(item):
    shapes.items(item, 3)
    for finding in shapes.items(item[2], at_most=128):
        shapes.items(finding, 3)
        shapes.origin(finding[0]), shapes.unsigned(finding[1]), shapes.code(finding[2])
    return Received(shapes.unsigned(item[0]), shapes.digest(item[1]))


def _circle(item):
    shapes.items(item, 6)
    shapes.identifier(item[0]), shapes.unsigned(item[3]), shapes.code(item[5])
    shapes.or_none(shapes.digest, item[4])
    members = [shapes.code(member) for member in shapes.items(item[1], at_least=1, at_most=64)]
    shapes.ascending([member.encode() for member in members], "members in ascending order")
    need(type(item[2]) is Map, "a map of labels")
    for label, value in item[2]:
        shapes.code(label), shapes.items(value, 2), shapes.digest(value[1])
        places = [shapes.unsigned(place) for place in shapes.items(value[0], at_most=len(members))]
        need(all(place < len(members) for place in places), "places of members")
        shapes.ascending(places, "places in ascending order")


def _keyset(item):
    keys = []
    for part in shapes.items(item, at_most=32):
        role, algorithm, key, expires = shapes.items(part, 4)
        need(type(role) is str and role in ("statement", "log", "witness", "kem"), "a role of a key")
        expected, length = (X_WING, 1216) if role == "kem" else (ED25519, 32)
        need(type(algorithm) is int and algorithm == expected, "the algorithm of the role")
        keys.append(Key(role, shapes.raw(key, length), shapes.or_none(shapes.time, expires)))
    return tuple(keys)


def _revoke(item):
    """A party's own, or the board's act for one: that ends with signatures."""
    shapes.items(item, 2)
    if type(item[1]) is list:
        return _act(_revocation)(item)
    return shapes.digest(item[0]), shapes.unsigned(item[1])


def _revocation(item):
    shapes.items(item, 3)
    return shapes.code(item[0]), shapes.digest(item[1]), shapes.unsigned(item[2])


def _reaffirm(item):
    shapes.items(item, 2)
    runs = []
    for run in shapes.items(item[1], at_least=1, at_most=256):
        shapes.items(run, 2)
        first, last = shapes.unsigned(run[0]), shapes.unsigned(run[1])
        need(first <= last and (not runs or first > runs[-1][1] + 1), "runs of indexes apart from each other")
        runs.append((first, last))
    return shapes.digest(item[0]), tuple(runs)


def _members(item):
    shapes.items(item, 2)
    keys = tuple(shapes.raw(key, 32) for key in shapes.items(item[1], at_least=1, at_most=32))
    shapes.ascending(keys, "board keys in ascending order")
    need(1 <= shapes.unsigned(item[0]) <= len(keys), "a threshold")
    return item[0], keys


def _adopt(item):
    """A signature under a bundle, or, with a reason, its end, or, with a response, what is thought of it."""
    shapes.items(item, at_most=4)
    need(len(item) >= 2, "a bundle and offices")
    shapes.digest(item[0])
    for office in shapes.items(item[1], at_most=8):
        shapes.code(office)
    if len(item) == 4:
        need(item[1] and item[2] in ("agree", "concern", "object"), "an office, and agree, concern or object")
        shapes.or_none(lambda words: shapes.raw(words, 16), item[3])
        return
    for reason in item[2:]:
        shapes.code(reason)


def _enrolment(item):
    agency, party, origin, root_key, certificate, expires, scope = shapes.items(item, 7)
    need(type(party) is str and party in PARTY_KINDS, "a kind of party")
    shapes.raw(certificate), shapes.or_none(shapes.text, scope)
    expires = shapes.or_none(shapes.time, expires)
    return Enrolment(shapes.code(agency), party, shapes.origin(origin), shapes.raw(root_key, 32), expires)


def _witnesses(item):
    found = []
    for entry in shapes.items(item, at_most=32):
        shapes.items(entry, 3)
        need(type(entry[2]) is bool, "true or false")
        found.append((shapes.text(entry[0]), shapes.text(entry[1])))
    return tuple(found)


def _publication(item):
    shapes.items(item, 3)
    shapes.code(item[0]), shapes.unsigned(item[1])
    return shapes.digest(item[2])


def _activation(item):
    shapes.items(item, 2)
    shapes.digest(item[0]), shapes.unsigned(item[1])


def _act(decision):
    def read(item):
        shapes.items(item, 2)
        encoded, signatures = shapes.raw(item[0]), []
        for entry in shapes.items(item[1], at_most=32):
            shapes.items(entry, 2)
            signatures.append((shapes.digest(entry[0]), shapes.raw(entry[1], 64)))
        shapes.ascending([key for key, _ in signatures], "signatures in ascending order of their keys")
        return Act(encoded, decision(decode(encoded, STATEMENT_BYTES)), tuple(signatures))

    return read


GENESIS, SHARE, PURGED, RECEIVED, KEYSET, REVOKE, REAFFIRM, CONTINUES = 0, 2, 8, 11, 14, 15, 16, 17
TAKING_BACK = (5, 6)
ENROL, WITNESSES, PROTOCOL, ACTIVATE, MEMBERS, SUCCESSION, REASSIGN = 19, 20, 21, 22, 24, 25, 26
BOARD_ACTS = (ENROL, WITNESSES, PROTOCOL, ACTIVATE, MEMBERS, REASSIGN)
CONTROL_KINDS = (GENESIS, KEYSET, REVOKE, REAFFIRM, CONTINUES, 18, SUCCESSION) + BOARD_ACTS

READERS = {
    GENESIS: _genesis, 1: _nothing, SHARE: _share, 3: _request, 4: _answer, 5: _taken_back, 6: _taken_back, 7: _erase,
    PURGED: _purged, 9: _hold, 10: _nothing,
    RECEIVED: _received, 13: _circle, KEYSET: _keyset, REVOKE: _revoke, 18: _adopt, ENROL: _act(_enrolment),
    WITNESSES: _act(_witnesses), PROTOCOL: _act(_publication), ACTIVATE: _act(_activation),
    REAFFIRM: _reaffirm, CONTINUES: _continues, MEMBERS: _act(_members), 12: _handover, SUCCESSION: _succession, REASSIGN: _act(_reassign),
}
