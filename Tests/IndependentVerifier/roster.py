"""Who is who: enrolments, keys and revocations, folded from the board's log and from every party's own
(docs/bundle.md, Who is who)."""

from dataclasses import dataclass, field

import re

import controls
import ed25519
import wire
from merkle import Tree
from notes import verified
from statements import CONTROL_STREAM, PUBLIC, key_identifier, read
from strictcbor import Refused, encode


class Fault(Exception):
    """Why a statement may not stand; the code is that of docs/bundle.md, Reasons."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


STOOD_BY_LIMIT = 1 << 16
ORIGIN_LENGTH = 200


def continued(origin):
    """The name of the log that goes on in another's place; None where none can be made."""
    base, number = origin, 0
    last = re.fullmatch(r"(.*)/r([1-9][0-9]*)", origin, re.DOTALL)
    if last and int(last[2]) < 1 << 64:
        base, number = last[1], int(last[2])
    name = f"{base}/r{number + 1}"
    return name if number + 1 < 1 << 64 and len(name) <= ORIGIN_LENGTH else None


def merged(runs):
    """The same indexes in as few runs as they have."""
    found = []
    for first, last in sorted(runs):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


@dataclass
class Party:
    enrolment: object
    keys: tuple = ()
    announced: set = field(default_factory=set)
    revoked: dict = field(default_factory=dict)
    stood_by: dict = field(default_factory=dict)
    key_sets: list = field(default_factory=list)
    origin: str = None
    ended: dict = field(default_factory=dict)

    def __post_init__(self):
        self.origin = self.origin or self.enrolment.origin

    def believed(self, keys, position, moment):
        """Of these keys those that sign heads at a register position, where so much time had passed already."""
        return {
            key.key for key in keys
            if key.role == "log" and (key.expires is None or moment is None or moment < key.expires)
            and position < self.revoked.get(key_identifier(key.key), 1 << 64)
        }


class Roster:
    """Everything that a signature is judged by, at one place of the register."""

    def __init__(self, fingerprint):
        self.fingerprint = fingerprint
        self.board = None
        self.board_origin = None
        self.threshold, self.members = 0, ()
        self.parties = {}
        self.codes = {}
        self.register_origin = None
        self.witnesses = ()
        self._register_head = None

    def party(self, origin):
        return self.parties.get(self.codes.get(origin))

    def log_keys(self, origin, position, moment):
        """The keys that may sign heads of a log now."""
        if self.board and origin == self.board_origin:
            return {self.board.log_key}
        party = self.party(origin)
        return party.believed(party.keys, position, moment) if party and party.origin == origin else set()

    def earlier_log_keys(self, origin, position, moment):
        """The keys that could sign heads of a log at an earlier register position, by all that is known now."""
        if self.board and origin == self.board_origin:
            return {self.board.log_key}
        party = self.party(origin)
        sets = [keys for announced_at, keys in party.key_sets if announced_at < position] if party else []
        return party.believed(sets[-1], position, moment) if sets else set()

    def announced_log_keys(self, origin):
        """The keys that were ever announced for heads of a log, for whoever judges evidence."""
        if self.board and origin == self.board_origin:
            return {self.board.log_key}
        party = self.party(origin)
        return {key.key for _, keys in party.key_sets for key in keys if key.role == "log"} if party else set()

    # Judging

    def judge(self, statement, index, position, at):
        """Raises Fault unless the statement may stand at this index, register position and time of admission."""
        if self.board is None or statement.origin == self.board_origin:
            self._judge_board(statement, index)
            return
        party = self.party(statement.origin)
        if party is None:
            self._judge_continuation(statement, index, at)
            return
        if party.origin != statement.origin:
            raise Fault("log-continued")
        if party.enrolment.expires is not None and at >= party.enrolment.expires:
            raise Fault("enrolment-ended")
        if statement.kind in controls.BOARD_ACTS:
            raise Fault("kind-not-allowed")
        is_first = statement.kind in (controls.GENESIS, controls.CONTINUES)
        if (index == 0) != is_first or statement.kind == controls.CONTINUES:
            raise Fault("genesis-out-of-place")
        self._judge_signature(statement, party, position, at)
        self._judge_control(statement, index, party)

    def _judge_continuation(self, statement, index, at):
        """The first statement of a log that nobody has: it goes on from an agency's, signed by the root key."""
        if statement.kind != controls.CONTINUES:
            raise Fault("log-unknown")
        party = next(
            (party for party in self.parties.values()
             if party.enrolment.party == "agency" and continued(party.origin) == statement.origin), None)
        if party is None or party.origin != statement.control.origin or index != 0:
            raise Fault("continues-out-of-place")
        if party.enrolment.expires is not None and at >= party.enrolment.expires:
            raise Fault("enrolment-ended")
        if statement.key != key_identifier(party.enrolment.root_key):
            raise Fault("key-unknown")
        if not statement.is_signed_by(party.enrolment.root_key):
            raise Fault("signature")

    def _judge_signature(self, statement, party, position, at):
        if statement.kind in (controls.GENESIS, controls.KEYSET, controls.REVOKE):
            held = [(party.enrolment.root_key, None)]
        else:
            held = [(key.key, key.expires) for key in party.keys if key.role == "statement"]
        named = [(key, expires) for key, expires in held if key_identifier(key) == statement.key]
        if not named:
            raise Fault("key-unknown")
        if not any(expires is None or at < expires for _, expires in named):
            raise Fault("key-expired")
        if position >= party.revoked.get(statement.key, 1 << 64):
            raise Fault("key-revoked")
        if not statement.is_signed_by(named[0][0]):
            raise Fault("signature")

    def _judge_control(self, statement, index, party):
        control, enrolment = statement.control, party.enrolment
        if statement.kind == controls.GENESIS:
            expected = controls.Genesis(enrolment.party, enrolment.root_key, self.fingerprint)
            if control != expected:
                raise Fault("genesis-contradicts")
        elif statement.kind == controls.KEYSET:
            if not all(key.role == "kem" or ed25519.is_acceptable_key(key.key) for key in control):
                raise Fault("key-invalid")
            signing = {key_identifier(key.key) for key in control if key.role != "kem"}
            if any(signing & keys for keys in party.ended.values()):
                raise Fault("key-of-closed-log")
        elif statement.kind in controls.TAKING_BACK:
            if control is not None and control not in party.ended:
                raise Fault("ended-log-of-others")
        elif statement.kind == controls.REVOKE:
            if isinstance(control, controls.Act):
                raise Fault("kind-not-allowed")
            if control[0] not in party.announced:
                raise Fault("key-unknown")
        elif statement.kind == controls.SUCCESSION and isinstance(control, controls.Act):
            raise Fault("kind-not-allowed")
        elif statement.kind == controls.REAFFIRM:
            if control[0] not in party.revoked:
                raise Fault("key-unknown")
            if control[1][-1][1] >= index:
                raise Fault("reaffirm-ahead")
            if sum(map(len, party.stood_by.values())) + len(control[1]) > STOOD_BY_LIMIT:
                raise Fault("reaffirm-limit")

    def _judge_board(self, statement, index):
        if self.board is None:
            if statement.hash != self.fingerprint:
                raise Fault("board-fingerprint")
            genesis = statement.control
            if not isinstance(genesis, controls.BoardGenesis):
                raise Fault("genesis-out-of-place")
            if not all(map(ed25519.is_acceptable_key, genesis.members + (genesis.statement_key, genesis.log_key))):
                raise Fault("key-invalid")
            if not statement.is_signed_by(genesis.statement_key):
                raise Fault("signature")
            return
        if statement.key != key_identifier(self.board.statement_key):
            raise Fault("key-unknown")
        if not statement.is_signed_by(self.board.statement_key):
            raise Fault("signature")
        if isinstance(statement.control, controls.BoardGenesis):
            if index != 0 or statement.hash != self.fingerprint:
                raise Fault("genesis-out-of-place")
        elif isinstance(statement.control, controls.Act):
            self._judge_act(statement)
        else:
            raise Fault("kind-not-allowed")

    def _judge_act(self, statement):
        act = statement.control
        parts = ["tallystick/board/v1", self.board_origin, statement.event, statement.kind, act.encoded]
        signed = encode(parts)
        members = {key_identifier(key): key for key in self.members}
        valid = sum(
            key in members and ed25519.is_valid(members[key], signed, signature) for key, signature in act.signatures
        )
        if valid < self.threshold:
            raise Fault("board-threshold")
        if statement.kind == controls.ENROL:
            self._judge_enrolment(act.decision)
        elif statement.kind == controls.MEMBERS and not all(map(ed25519.is_acceptable_key, act.decision[1])):
            raise Fault("key-invalid")
        elif statement.kind == controls.REVOKE and act.decision[0] not in self.parties:
            raise Fault("key-unknown")

    def _judge_enrolment(self, new):
        if not ed25519.is_acceptable_key(new.root_key):
            raise Fault("key-invalid")
        known = self.parties.get(new.agency)
        is_second = new.party == "broker" and any(
            party.enrolment.party == "broker" and code != new.agency for code, party in self.parties.items()
        )
        if (
            (known and _fixed(known.enrolment) != _fixed(new))
            or self.codes.get(new.origin, new.agency) != new.agency
            or new.origin == self.board_origin
            or known is None and self._is_taken_name(new.origin)
            or is_second
        ):
            raise Fault("enrolment-conflict")

    def _is_taken_name(self, origin):
        """Whether another's log would go on under this name, or this one's under another's."""
        following = {continued(party.origin) for party in self.parties.values() if party.enrolment.party == "agency"}
        return origin in following or continued(origin) in self.codes

    # Folding

    def fold(self, statement, position):
        """Takes in a statement that stands at a register position."""
        control, party = statement.control, self.party(statement.origin)
        if isinstance(control, controls.BoardGenesis):
            self.board, self.board_origin = control, statement.origin
            # Whoever has read all of the board's log beforehand follows it from here with the members of its own time.
            self.threshold, self.members = control.threshold, control.members
        elif statement.kind == controls.MEMBERS:
            self.threshold, self.members = control.decision
        elif statement.kind == controls.ENROL:
            self._enrol(control.decision)
        elif statement.kind == controls.WITNESSES:
            self.witnesses = control.decision
        elif statement.kind == controls.KEYSET and party:
            party.keys = control
            party.key_sets.append((position, control))
            party.announced |= {key_identifier(key.key) for key in control if key.role != "kem"}
        elif statement.kind == controls.CONTINUES:
            self._go_on(statement, position)
        elif statement.kind == controls.REVOKE:
            self._revoke(control, party)
        elif statement.kind == controls.REAFFIRM and party:
            key, runs = control
            party.stood_by[key] = merged(party.stood_by.get(key, []) + list(runs))

    def _go_on(self, statement, position):
        """Ends a log; the keys of the one that goes on come with its first key set."""
        party = self.party(statement.control.origin)
        party.ended[statement.control.origin] = set(party.announced)
        party.origin = statement.origin
        party.keys = tuple(key for key in party.keys if key.role == "kem")
        party.key_sets.append((position, ()))
        self.codes[statement.origin] = party.enrolment.agency

    def _revoke(self, control, party):
        if isinstance(control, controls.Act):
            agency, key, after = control.decision
            party = self.parties.get(agency)
        else:
            key, after = control
        if party:
            party.revoked[key] = min(after, party.revoked.get(key, 1 << 64))

    def _enrol(self, enrolment):
        if enrolment.agency in self.parties:
            self.parties[enrolment.agency].enrolment = enrolment
        else:
            self.parties[enrolment.agency] = Party(enrolment)
        self.codes[enrolment.origin] = enrolment.agency
        if enrolment.party == "broker":
            self.register_origin = enrolment.origin

    def take_register_own(self, statement, position):
        """Takes in a statement of the broker that stands in the register itself; raises Fault if it may not."""
        if statement.origin != self.register_origin or statement.stream != CONTROL_STREAM:
            raise Fault("register-own-place")
        if statement.kind not in (controls.GENESIS, controls.KEYSET, controls.REVOKE):
            raise Fault("kind-not-allowed")
        sequence, previous = self._register_head or (-1, None)
        if statement.sequence != sequence + 1 or statement.previous != previous:
            raise Fault("register-own-place")
        self.judge(statement, statement.sequence, position, statement.issued_at)
        self.fold(statement, position)
        self._register_head = (statement.sequence, statement.hash)


def _fixed(enrolment):
    return enrolment.origin, enrolment.root_key, enrolment.party


def bootstrap(encoded, fingerprint, at):
    """Who the board says is who, by its log alone: board and enrolments. Protocols count from their register position.

    Raises Fault with a code and, in `index`, the act concerned.
    """
    carried, note = wire.partnership(encoded)
    roster, tree = Roster(fingerprint), Tree()
    for index, (bytes_, compartments) in enumerate(carried):
        try:
            statement = read(bytes_)
            roster.judge(statement, index, 0, at)
            if len(compartments) != len(statement.compartments) or any(
                part.identifier != described.identifier or part.fault(described)
                for part, described in zip(compartments, statement.compartments)
            ):
                raise Fault("compartment-mismatch")
        except Refused as refused:
            raise _at(Fault("statement-unreadable"), index) from refused
        except Fault as fault:
            raise _at(fault, index)
        roster.fold(statement, 0)
        tree.append(statement.leaf)
    head = verified(note, roster.board_origin, {roster.board.log_key})
    if head is None or (head.size, head.root) != (len(tree), tree.root()):
        raise Fault("head")
    return roster


def _at(fault, index):
    fault.index = index
    return fault


def bundle_fault(statement, compartments):
    """Whether what a publication brings is not the rules bundle that the board signed for."""
    for described in statement.compartments:
        carried = compartments.get(described.identifier)
        if described.reader != PUBLIC or carried is None:
            continue
        try:
            root, hashed = wire.published_bundle_hash(carried.content)
        except Refused:
            continue
        if root == described.field_root and hashed in (None, statement.control.decision):
            return False
    return True
