#!/usr/bin/env python3
"""Checks evidence that a log has told two stories (docs/evidence-file.md), without any of Tallystick's own code.

    python3 evidence.py --fingerprint 9f86d081… --partnership partnership.tally FILE

Exit status: 2 proved, 0 it proves nothing, 64 the command or a file was not understood.
"""

import argparse
import re
import sys
import time
from dataclasses import dataclass

import controls
import ed25519
from merkle import is_consistent
from notes import base64_bytes, claimed, verified
from roster import Fault, bootstrap
from statements import read
from strictcbor import Refused

LARGEST, STATEMENT_BYTES, KEY_STATEMENTS, PROOF_HASHES = 524_288, 16_384, 16, 63
MARK = b"tallystick equivocation v1\nfirst "


@dataclass(frozen=True)
class Evidence:
    first: bytes
    second: bytes
    root: object
    proof: tuple
    key_statements: tuple


def parse(file):
    """The parts of a file; raises Refused for anything else."""
    header, blank, notes = file.partition(b"\n\n")
    lines = header.split(b"\n")
    if len(file) > LARGEST or not blank or not file.startswith(MARK) or len(lines) < 3:
        raise Refused("not an evidence file")
    first, second = _number(lines[1], b"first "), _number(lines[2], b"second ")
    words = [line.partition(b" ") for line in lines[3:]]
    order = b"".join({b"root": b"r", b"proof": b"p", b"keys": b"k"}.get(word, b"?") for word, _, _ in words)
    if first + second != len(notes) or not re.fullmatch(rb"(?:rp{0,63})?k{0,16}", order):
        raise Refused("not an evidence file")
    values = [(word, base64_bytes(value.decode("ascii", "replace"))) for word, _, value in words]
    for word, value in values:
        if value is None or (word == b"keys" and len(value) > STATEMENT_BYTES) or (word != b"keys" and len(value) != 32):
            raise Refused("not an evidence file")
    found = {name: tuple(value for word, value in values if word == name) for name in (b"root", b"proof", b"keys")}
    evidence = Evidence(
        notes[:first], notes[first:], found[b"root"][0] if found[b"root"] else None, found[b"proof"], found[b"keys"])
    if claimed(evidence.first) is None or claimed(evidence.second) is None:
        raise Refused("a note that is no head")
    return evidence


def _number(line, opening):
    match = re.fullmatch(re.escape(opening) + rb"(0|[1-9][0-9]{0,8})", line)
    if match is None:
        raise Refused("not an evidence file")
    return int(match[1])


def origin(evidence):
    return claimed(evidence.second).origin


def fault(evidence, roster):
    """Why it proves nothing; None where it proves that its log has told two stories."""
    first, second = claimed(evidence.first), claimed(evidence.second)
    if first.origin != second.origin:
        return "the heads are of two logs"
    if evidence.root is None:
        if first.size != second.size:
            return "there is no proof"
        if first.root == second.root:
            return "the heads agree"
    else:
        if first.size >= second.size:
            return "the heads agree"
        if not is_consistent(first.size, evidence.root, second.size, second.root, evidence.proof):
            return "the proof does not lead to the second head"
        if evidence.root == first.root:
            return "the heads agree"
    keys = _keys(evidence, roster)
    for note in (evidence.first, evidence.second):
        if verified(note, first.origin, keys) is None:
            return "a head is not signed by the log"
    return None


def _keys(evidence, roster):
    """The log's keys by the roster, and by the key sets in the file that the party's root key signed."""
    log = origin(evidence)
    keys, party = roster.announced_log_keys(log), roster.party(log)
    for encoded in evidence.key_statements if party else ():
        try:
            statement = read(encoded)
        except Refused:
            continue
        if statement.origin == log and statement.kind == controls.KEYSET:
            if statement.is_signed_by(party.enrolment.root_key):
                keys |= {key.key for key in statement.control if key.role == "log"}
    return keys


def main(arguments):
    parser = argparse.ArgumentParser(prog="evidence.py", description="Checks evidence that a log has told two stories.")
    parser.add_argument("file")
    parser.add_argument("--fingerprint", required=True)
    parser.add_argument("--partnership", required=True)
    parser.add_argument("--ed25519", choices=("auto", "package", "arithmetic"), default="auto")
    options = parser.parse_args(arguments)
    ed25519.choose(options.ed25519)
    try:
        with open(options.partnership, "rb") as board, open(options.file, "rb") as file:
            roster = bootstrap(board.read(), bytes.fromhex(options.fingerprint), int(time.time()))
            evidence = parse(file.read())
    except (OSError, ValueError, Fault, Refused) as error:
        sys.stderr.write(f"evidence.py: error: {error}\n")
        return 64
    reason = fault(evidence, roster)
    if reason:
        print(f"proves nothing: {reason}")
        return 0
    first, second = claimed(evidence.first), claimed(evidence.second)
    print(f"proved: {origin(evidence)} has told two stories, at size {first.size} and at size {second.size}")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
