"""What is final, and the evidence that a log has told two stories (docs/bundle.md, At the end, 4)."""

import evidence
import wire
from notes import claimed, operators, verified
from strictcbor import Refused

OPERATORS = 4


def close(replay, cosigned):
    """Judges the final heads that came with the pages."""
    listed = len({operator for _, operator in replay.roster.witnesses})
    if listed >= OPERATORS:
        replay.report.cosigners_needed = listed * 2 // 3 + 1
    if cosigned is None:
        return
    try:
        notes, files = wire.cosigned(cosigned)
    except Refused:
        replay.report.add("heads-unreadable", replay.register)
        return
    accused = set()
    for file in files:
        _accuse(replay, file, accused)
    note = notes.get(replay.register)
    if note is not None:
        _close_register(replay, note, accused)


def _accuse(replay, file, accused):
    try:
        found = evidence.parse(file)
    except Refused:
        return
    log = evidence.origin(found)
    if log not in accused and evidence.fault(found, replay.roster) is None:
        accused.add(log)
        replay.report.add("two-stories", log)


def _close_register(replay, note, accused):
    size = claimed(note).size if claimed(note) else 0
    keys = replay.roster.earlier_log_keys(replay.register, size, replay.latest_before(size))
    head = verified(note, replay.register, keys)
    if head is None:
        replay.report.add("head", replay.register)
        return
    if replay.broken_from is not None or head.size > len(replay.tree):
        return
    if head.root != replay.tree.root(head.size):
        replay.report.add("register-root", replay.register, None, f"size {head.size}")
        # The newest head stands over these very leaves: both together show it to anybody.
        if replay.report.is_complete and replay.register not in accused:
            replay.report.add("two-stories", replay.register)
        return
    if replay.report.cosigners_needed is None:
        return
    replay.report.cosigners = len(operators(note, replay.roster.witnesses))
    if replay.report.cosigners >= replay.report.cosigners_needed:
        replay.report.final_size = head.size
