"""Every registered statement judged again, as far as that takes no sharing protocol; and receipts
(docs/bundle.md, Judging a statement again, and Receipts)."""

import copy

import controls
import ed25519
import wire
from merkle import leaf_hash, root_of_proof
from roster import Fault, bundle_fault
from statements import key_identifier, to_be_signed
from strictcbor import Refused

CLOCK_AHEAD = 300

SIGNATURE_REASONS = {"signature", "key-unknown", "key-revoked", "key-expired", "key-invalid"}
OTHER_REASONS = {
    "log-unknown", "enrolment-ended", "genesis-out-of-place", "genesis-contradicts", "board-threshold",
    "board-fingerprint", "enrolment-conflict", "kind-not-allowed", "issued-ahead", "event-repeated", "stream-sequence",
    "seen-head", "log-continued", "continues-out-of-place", "continues-edge", "key-of-closed-log", "ended-log-of-others",
}
JUDGED_REASONS = SIGNATURE_REASONS | OTHER_REASONS

# What cannot be said of a statement because something else is missing or damaged, which is a finding of its own.
AFTER_OWN_HOLE = {
    "stream-sequence", "key-unknown", "key-revoked", "key-expired", "genesis-out-of-place", "seen-head",
    "bundle-mismatch", "log-unknown", "continues-out-of-place", "key-of-closed-log", "ended-log-of-others",
}
AFTER_OTHERS_HOLE = {"log-continued", "continues-out-of-place", "continues-edge"}
AFTER_BOARD_HOLE = {"log-unknown", "enrolment-ended", "kind-not-allowed"}


def copied(roster):
    return copy.deepcopy(roster)


def judge(replay, statement, record, position, carried):
    """Judges one statement that is there, compares the verdict with the registered one, and takes it in."""
    log, is_accepted = replay.log(record.origin), record.reason is None
    try:
        replay.roster.judge(statement, len(log), position, record.at)
        roster_reason = None
    except Fault as fault:
        roster_reason = fault.code
    judged = roster_reason or _reason(replay, statement, record, position, log)
    if is_accepted and roster_reason is None:
        if statement.kind == controls.PROTOCOL and bundle_fault(statement, carried):
            if len(carried) == len(statement.compartments):
                judged = judged or "bundle-mismatch"
            else:
                log.hole = len(log)  # the bytes are a finding already, and nothing more can be said of the protocol
        replay.roster.fold(statement, position)
    _take_in(replay, statement, record, position, log)
    _compare(replay, judged, record)
    if is_accepted:
        _follow(replay, statement, record)


def _reason(replay, statement, record, position, log):
    """The first reason of those that are judged here for which the statement would be refused; None without one."""
    if statement.issued_at > record.at + CLOCK_AHEAD:
        return "issued-ahead"
    if statement.event in log.events:
        return "event-repeated"
    if not _fits_stream(replay, statement):
        return "stream-sequence"
    if not _names_a_head(replay, statement, position, log):
        return "seen-head"
    party = replay.roster.party(statement.origin)
    if statement.kind not in controls.CONTROL_KINDS and (party is None or party.enrolment.party != "agency"):
        return "kind-not-allowed"
    if statement.kind == controls.CONTINUES:
        ended = replay.log(statement.control.origin)
        if (statement.control.size, statement.control.root) != (len(ended), ended.tree.root()):
            return "continues-edge"
        if statement.seen is None or statement.seen[1] < ended.seen:
            return "seen-head"
    return None


def _fits_stream(replay, statement):
    last = replay.streams.get((statement.origin, statement.stream))
    if last is None:
        return statement.sequence == 0
    return (statement.sequence, statement.previous) == (last[0] + 1, last[1])


def _names_a_head(replay, statement, position, log):
    """`seen` names a head of this register, and never goes back along a log."""
    if statement.seen is None:
        return log.seen == 0
    origin, size, root = statement.seen
    if origin != replay.register or size > position or size < log.seen:
        return False
    # Beyond a gap nothing can be said against a named head; the gap is a finding of its own.
    if replay.broken_from is not None and size > replay.broken_from:
        return True
    return replay.tree.root(size) == root


def _take_in(replay, statement, record, position, log):
    is_accepted = record.reason is None
    # A refused statement keeps its place in its stream, unless its place itself was wrong.
    if is_accepted or _fits_stream(replay, statement):
        replay.streams[statement.origin, statement.stream] = (statement.sequence, statement.hash)
    log.append(statement.leaf, (position, record.at))
    log.events.add(statement.event)
    if is_accepted and statement.seen:
        log.seen = max(log.seen, statement.seen[1])


def _compare(replay, judged, record):
    """The verdict of judging again against the registered one."""
    if judged == record.reason:
        return
    is_open = judged is None and record.reason not in JUDGED_REASONS
    if is_open or _rests_on_what_is_missing(replay, {judged, record.reason}, record):
        replay.report.not_judged += 1
    elif record.reason is None and judged in SIGNATURE_REASONS:
        replay.report.add("signature", record.origin, record.index, judged)
    else:
        detail = f"registered: {record.reason or 'accepted'}, judged: {judged or 'accepted'}"
        replay.report.add("verdict-differs", record.origin, record.index, detail)


def _rests_on_what_is_missing(replay, reasons, record):
    if replay.gaps and "seen-head" in reasons:
        return True
    if replay.log(record.origin).hole is not None and reasons & AFTER_OWN_HOLE:
        return True
    is_any_hole = replay.gaps > 0 or any(log.hole is not None for log in replay.logs.values())
    if is_any_hole and reasons & AFTER_OTHERS_HOLE:
        return True
    board = replay.logs.get(replay.roster.board_origin)
    # What a gap of the register took away shows as a hole of its log only at that log's next statement.
    has_hole = replay.gaps > 0 or board is not None and board.hole is not None
    return has_hole and bool(reasons & AFTER_BOARD_HOLE)


def _follow(replay, statement, record):
    """What later statements refer to: compartments, their destruction, and what others say they received."""
    for part in statement.compartments:
        replay.descriptors[record.origin, record.index, part.identifier] = part
    if statement.kind == controls.PURGED:
        for address in [key for key in replay.missing if key[0] == record.origin and key[2] in statement.control]:
            del replay.missing[address]
            replay.report.erased += 1
    elif statement.kind == controls.RECEIVED:
        size, root = statement.control.size, statement.control.root
        is_known = replay.broken_from is None or size <= replay.broken_from
        known = replay.tree.root(size) if is_known else None
        if known is not None and known != root:
            replay.report.add("other-view", record.origin, record.index, f"register size {size}")


def check_receipt(replay, encoded, words):
    """A receipt that somebody was given: signed by the register, over a leaf and a root that these pages have."""
    try:
        leaf, receipt = wire.admission_proof(encoded)
        record = wire.register_leaf(leaf)
        if not isinstance(record, wire.Verdict):
            raise Refused("no verdict")
        receipt = wire.receipt(receipt)
        if receipt.issuer != replay.register:
            raise Refused("another log's receipt")
        # By the keys of its own place: one that was revoked or replaced, or ended, before signs nothing there.
        believed = replay.roster.earlier_log_keys(replay.register, receipt.size, replay.latest_before(receipt.size))
        keys = [key for key in believed if key_identifier(key) == receipt.key]
        if not keys and replay.gaps:
            replay.report.receipts_beyond += 1  # what announced the key may be in the gap
            return
        root = root_of_proof(leaf_hash(leaf), receipt.index, receipt.size, receipt.path)
        if root is None or not keys or not _signs(keys[0], receipt, root):
            raise Refused("no key of the register at its place signed it")
    except Refused as refused:
        # What the register did not sign says nothing about the log that it names.
        replay.report.add("receipt", replay.register, None, f"{words}: {refused}")
        return
    if receipt.size > (len(replay.tree) if replay.broken_from is None else replay.broken_from):
        replay.report.receipts_beyond += 1
        return
    replay.report.receipts += 1
    if replay.tree.root(receipt.size) != root or replay.records.get(receipt.index) != record:
        replay.report.add("receipt-contradicts", record.origin, record.index, f"size {receipt.size}")


def _signs(key, receipt, root):
    return ed25519.is_valid(key, to_be_signed(receipt.protected, root), receipt.signature)
