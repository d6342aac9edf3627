"""The register, page by page and leaf by leaf (docs/bundle.md, The checks, steps 3 to 5)."""

from dataclasses import dataclass, field

import finality
import judging
import wire
from merkle import EMPTY, Tree, leaf_hash
from notes import claimed, verified
from pages import Places, assign
from roster import Fault
from statements import HOME, Statement, read_or_none
from strictcbor import Refused

GAP_LIMIT = 65_536
WIDE_GAP = GAP_LIMIT << 16


@dataclass
class Log:
    """One log as far as the register has named its statements."""

    claim: object = None
    tree: Tree = field(default_factory=Tree)
    root_at_claim: object = None
    covered_place: object = None
    is_tree_broken: bool = False
    hole: object = None
    is_abandoned: bool = False
    gaps_seen: int = 0
    events: set = field(default_factory=set)
    seen: int = 0

    def __len__(self):
        return len(self.tree)

    def append(self, leaf, place=None):
        """`place` is where the register has it, and when it was admitted."""
        self.tree.append(leaf)
        if place is not None and (self.claim is None or len(self.tree) <= self.claim):
            self.covered_place = place
        if len(self.tree) == self.claim:
            self.root_at_claim = self.tree.root()


class Replay:
    """Goes through a register; what is damaged is named and passed over."""

    def __init__(self, roster, heads, fetched_at, report):
        self.roster, self.report, self.fetched_at = roster, report, fetched_at
        self.register = report.register = roster.register_origin
        self.tree, self.broken_from, self.next = Tree(), None, 0
        self.gaps, self.is_gap_named, self.number = 0, False, 0
        self.logs, self.streams, self.descriptors = {}, {}, {}
        self.records, self.missing, self.strays = {}, {}, {}
        self.times = []
        try:
            self.heads = wire.heads(heads)
        except Refused:
            self.heads = None
            report.add("heads-unreadable", self.register)

    def log(self, origin):
        if origin not in self.logs:
            head = claimed(self.heads[origin]) if self.heads and origin in self.heads else None
            claim = head.size if head else None
            self.logs[origin] = Log(claim, root_at_claim=EMPTY if claim == 0 else None)
        return self.logs[origin]

    def note_gap(self):
        self.gaps += 1
        if self.broken_from is None:
            self.broken_from = len(self.tree)

    # Pages

    def miss_page(self, words):
        """Passes the place of a page that is not there."""
        self.number += 1
        self._lose_page(words)

    def _lose_page(self, words):
        self.report.add("page-unreadable", self.register, self.next, words)
        self.note_gap()
        self.is_gap_named = True

    def take_page(self, encoded):
        number, self.number = self.number, self.number + 1
        try:
            page = wire.page(encoded)
        except Refused as refused:
            self._lose_page(f"page {number}: {refused}")
            return
        if not self._place(page, number):
            return
        leaves = [wire.register_leaf(leaf) for leaf in page.leaves]
        start, places = self.next, Places()
        for offset, (leaf, encoded_leaf) in enumerate(zip(leaves, page.leaves)):
            if self.broken_from is None:
                self.tree.append(leaf_hash(encoded_leaf))
            if isinstance(leaf, wire.Verdict):
                places.add(start + offset, leaf)
                if not self.times or leaf.at > self.times[-1][1]:
                    self.times.append((start + offset, leaf.at))
        places.is_covered = self._check_head(page, leaves, start) if leaves else None
        for position, record in places.records.items():
            self.records.setdefault(position, record)
        entries, again = assign(page.entries, places, self.report, self.register)
        self.next = start + len(leaves)
        for offset, leaf in enumerate(leaves):
            self._take_leaf(leaf, start + offset, entries, places)
        for entry in again:
            self._check_given_again(entry)

    def _place(self, page, number):
        """Finds the place of a page; False for one that is left aside."""
        is_gap_named, self.is_gap_named = self.is_gap_named, False
        if page.start == self.next:
            return True
        if self._continues(page):
            self.report.add("page-misplaced", self.register, self.next, f"page {number}")
            return True
        if page.start < self.next:
            self.report.add("page-repeated", self.register, page.start, f"page {number}")
            return False
        if not is_gap_named:
            self.report.add("missing-middle", self.register, self.next, f"before {page.start}")
            self.note_gap()
        if page.start - self.next > WIDE_GAP:
            return False
        self.next = page.start
        return True

    def _continues(self, page):
        """Whether a page's own head says that its leaves come next, whatever place the page names."""
        if self.broken_from is not None or not page.leaves:
            return False
        trial = self.tree.copy()
        for leaf in page.leaves:
            trial.append(leaf_hash(leaf))
        head = verified(page.note, self.register, self._keys_after(map(wire.register_leaf, page.leaves), len(trial)))
        return head is not None and (head.size, head.root) == (len(trial), trial.root())

    def latest_before(self, size):
        """When the newest statement below a register size was admitted; None where there is none."""
        return max((at for position, at in self.times if position < size), default=None)

    def _keys_after(self, leaves, size):
        """The keys that may sign a head over these leaves: key sets and revocations among them count for their page."""
        roster = None
        for leaf in leaves:
            if isinstance(leaf, Statement):
                roster = roster or judging.copied(self.roster)
                try:
                    roster.take_register_own(leaf, self.next)
                except Fault:
                    pass
        return (roster or self.roster).log_keys(self.register, size, self.latest_before(size))

    def _check_head(self, page, leaves, start):
        """True or False as the leaves lead to the signed root or not; None where nothing says so."""
        head = verified(page.note, self.register, self._keys_after(leaves, start + len(leaves)))
        if head is None:
            self.report.add("head", self.register, start + len(leaves))
            return None
        if self.broken_from is not None:
            return None
        if (head.size, head.root) != (len(self.tree), self.tree.root()):
            self.report.add("register-root", self.register, start, f"size {head.size}")
            self.broken_from = start
            self.gaps += 1
            return False
        self.report.head = (head.size, head.root.hex())
        return True

    # Leaves

    def _take_leaf(self, leaf, position, entries, places):
        if leaf is None:
            self.report.add("leaf-unreadable", self.register, position)
            self.gaps += 1
        elif isinstance(leaf, Statement):
            try:
                self.roster.take_register_own(leaf, position)
            except Fault as fault:
                self.report.add("signature", self.register, position, fault.code)
        elif isinstance(leaf, wire.Verdict):
            self._take_record(leaf, position, entries.get(position), places)

    def _take_record(self, record, position, entry, places):
        self.report.statements += 1
        self.report.refused += record.reason is not None
        stray = self.strays.pop(record.leaf, None)
        if stray is not None:
            stray.kind = "reordered"
        log = self.log(record.origin)
        if not self._fill(log, record):
            return
        statement = self._read(entry, record, position, places)
        if statement is None:
            self.report.not_judged += 1
            log.hole = len(log)
            log.append(record.leaf, (position, record.at))
            return
        carried = self._examine(statement, record, entry.compartments if entry else ())
        judging.judge(self, statement, record, position, carried)

    def _fill(self, log, record):
        """Brings a log to the place that the register names; False when the statement has no place there."""
        expected, is_explained = len(log), log.gaps_seen < self.gaps
        log.gaps_seen = self.gaps
        if log.is_abandoned:
            self.report.not_judged += 1
            return False
        if record.index == expected:
            return True
        if record.index < expected:
            self.report.add("register-order", record.origin, record.index, f"{expected} comes next")
            return False
        if not is_explained:
            self.report.add("missing-middle", record.origin, expected, f"before {record.index}")
        log.hole, log.is_tree_broken = record.index - 1, True
        if record.index - expected > GAP_LIMIT:
            log.is_abandoned = True
            self.report.not_judged += 1
            return False
        for _ in range(expected, record.index):
            log.append(bytes(32))
        return True

    def _read(self, entry, record, position, places):
        """The registered statement, or None with a finding that says what stands in its place."""
        if entry is None:
            self.report.add("statement-missing", record.origin, record.index)
            return None
        statement, found = read_or_none(entry.statement), leaf_hash(entry.statement)
        if found == record.leaf:
            if statement is not None and statement.origin == record.origin:
                return statement
            self.report.add("statement-unreadable", record.origin, record.index)
            return None
        kind = self._what_replaced(statement, found, record, position, places)
        self.report.add(kind, record.origin, record.index)
        if kind in ("foreign-statement", "second-statement"):
            self.strays[found] = self.report.findings[-1]
        return statement if kind == "leaf-mismatch" else None

    def _what_replaced(self, statement, found, record, position, places):
        if statement is None:
            return "statement-bit-flip"
        if places.by_leaf.get(found, position) != position:
            return "reordered"
        own = self.log(statement.origin) if statement.origin in self.logs else Log()
        if statement.event in own.events:
            return "repeated"
        try:
            self.roster.judge(statement, len(own), position, record.at)
        except Fault:
            return "statement-bit-flip"
        if statement.origin != record.origin:
            return "foreign-statement"
        return "leaf-mismatch" if places.is_covered is False else "second-statement"

    # Compartments

    def _examine(self, statement, record, compartments):
        """What travels with a statement against what the statement says of it; gives what is as described."""
        described = {part.identifier: part for part in statement.compartments}
        shared = self._shared_home(statement, described)
        seen, whole = set(), {}
        for part in compartments:
            descriptor = described.get(part.identifier) or shared.get(part.identifier)
            if descriptor is None or part.identifier in seen:
                self.report.add("compartment-foreign", record.origin, record.index)
                continue
            seen.add(part.identifier)
            fault = part.fault(descriptor)
            if fault:
                self.report.add(fault, record.origin, record.index, descriptor.label)
            else:
                whole[part.identifier] = part
        for identifier, descriptor in described.items():
            if descriptor.reader != HOME and identifier not in seen and record.reason is None:
                self.missing[record.origin, record.index, identifier] = descriptor
        return whole

    def _shared_home(self, statement, described):
        """What was kept at home travels with the share that first gives it; it may have been left out."""
        if not hasattr(statement.control, "compartments"):
            return {}
        found = {}
        for address in statement.control.compartments:
            descriptor = self.descriptors.get(address)
            if descriptor and descriptor.reader == HOME and address[2] not in described:
                found.setdefault(address[2], descriptor)
        return found

    def _check_given_again(self, entry):
        """An earlier statement that a share brings once more, with compartments of it."""
        record = self.records.get(entry.statement_position)
        if record is None or record.leaf != leaf_hash(entry.statement) or record.index != entry.index:
            self.report.add("unregistered", self.register, entry.statement_position)
            return
        for part in entry.compartments:
            descriptor = self.descriptors.get((record.origin, record.index, part.identifier))
            if descriptor is None or part.fault(descriptor):
                label = descriptor.label if descriptor else ""
                self.report.add("compartment-content", record.origin, record.index, label)

    # The end

    def finish(self, receipts, cosigned=None):
        """Missing compartments, every log's head, the register's head, what is final, receipts."""
        self.report.leaves = self.next
        self._report_missing()
        for origin in sorted(set(self.heads or ()) | set(self.logs), key=str.encode):
            if origin != self.register:
                is_verified = self.heads is not None and self._close_log(origin, self.log(origin))
                log = self.log(origin)
                root = None if log.is_tree_broken else log.tree.root().hex()
                self.report.logs.append({"log": origin, "size": len(log), "root": root, "isHeadVerified": is_verified})
        if self.heads is not None:
            self.report.is_complete = self._close_register()
        finality.close(self, cosigned)
        for file, part in enumerate(receipts):
            try:
                proofs = wire.receipt_part(part)
            except Refused as refused:
                self.report.add("receipt", self.register, None, f"file {file}: {refused}")
                continue
            for number, proof in enumerate(proofs):
                judging.check_receipt(self, proof, f"receipt {number} of file {file}")

    def _report_missing(self):
        for (origin, index, _), descriptor in sorted(self.missing.items(), key=lambda pair: pair[0][:2]):
            hole = self.log(origin).hole
            if descriptor.expires is not None and descriptor.expires <= self.fetched_at:
                self.report.erased += 1
            elif hole is not None and hole > index:
                self.report.not_judged += 1
            else:
                self.report.add("compartment-missing", origin, index, descriptor.label)

    def _close_log(self, origin, log):
        note = self.heads.get(origin)
        if note is None:
            self.report.add("head-missing", origin)
            return False
        keys = self._keys_of(log, origin)
        head = verified(note, origin, keys)
        if head is None:
            if keys or log.hole is None:
                self.report.add("head", origin)
            return False
        if head.size > len(log):
            if log.gaps_seen >= self.gaps:
                self.report.add("cut-tail", origin, len(log), f"the head covers {head.size}")
            return False
        if log.is_tree_broken:
            return False
        if head.root != log.root_at_claim:
            self.report.add("log-root", origin, None, f"size {head.size}")
            return False
        if head.size < len(log):
            self.report.add("beyond-head", origin, head.size)
        return True

    def _keys_of(self, log, origin):
        """As of the newest statement under the head; over the key set that replaces it a head may still be by the old."""
        if log.covered_place is None:
            return self.roster.log_keys(origin, len(self.tree), self.latest_before(1 << 64))
        position, at = log.covered_place
        keys = self.roster.earlier_log_keys(origin, position, at)
        return keys | self.roster.earlier_log_keys(origin, position + 1, at)

    def _close_register(self):
        note = self.heads.get(self.register)
        if note is None:
            if self.next:
                self.report.add("head-missing", self.register)
            return False
        size = len(self.tree)
        head = verified(note, self.register, self.roster.log_keys(self.register, size, self.latest_before(size)))
        if head is None:
            self.report.add("head", self.register)
            return False
        if self.broken_from is not None:
            return False
        if head.size > len(self.tree):
            self.report.add("cut-tail", self.register, len(self.tree), f"the head covers {head.size}")
        elif head.root != self.tree.root(head.size):
            self.report.add("register-root", self.register, None, f"size {head.size}")
        elif head.size < len(self.tree):
            self.report.add("beyond-head", self.register, head.size)
        else:
            self.report.head = (head.size, head.root.hex())
            return True
        return False
