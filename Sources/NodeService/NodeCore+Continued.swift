import EventLogs
import NodeProjections
import Partnership
import Replication
import SQLiteStore
import TallystickPrimitives

extension AdmissionRecord {
    /// Whether it is of the log that goes on in another's place: who writes that one writes no more. A log of that name which
    /// another party was enrolled with is that party's.
    func goesOn(from origin: Origin, in roster: Roster) -> Bool {
        guard verdict.isAccepted, self.origin == origin.continued else { return false }
        return roster.party(of: self.origin).map { roster.isSameParty($0.origin, origin) } ?? true
    }
}

extension RegisterLeaf {
    /// Whether it is of the log that goes on in another's place.
    func goesOn(from origin: Origin, in roster: Roster) -> Bool {
        if case .verdict(let record) = self { record.goesOn(from: origin, in: roster) } else { false }
    }
}

extension NodeCore {
    /// Whether a log is this agency's: the one that it writes, or one that this went on from.
    func isOwnLog(_ log: Origin) -> Bool { log == origin || roster.isSameParty(log, origin) }

    /// This agency's logs.
    var ownLogs: [Origin] { roster.parties[agency]?.origins ?? [origin] }

    /// An own entry, whichever of this agency's logs it is in; nil where it is not here, and where the register refused it.
    func ownEntry(at address: CaseBook.Address) throws -> SequencedStatement? {
        guard address.origin != origin else {
            guard try store.admission(of: address.index)?.isAccepted != false else { return nil }
            return try store.readLog(from: address.index, limit: 1).first
        }
        guard isOwnLog(address.origin), let kept = try store.received(origin: address.origin, index: address.index),
            NodeCore.record(at: kept.registerPosition, in: store)?.verdict.isAccepted == true
        else { return nil }
        return SequencedStatement(
            index: address.index, statement: try Statement(decoding: kept.bytes), compartments: kept.compartments,
            grants: kept.grants)
    }

    /// An own entry by its event, whichever of this agency's logs it is in.
    func ownEntry(_ event: EventID) throws -> SequencedStatement? {
        if let index = try store.recorded([event])[event] { return try store.readLog(from: index, limit: 1).first }
        guard let entry = try views.entry(event), let log = Origin(entry.origin) else { return nil }
        return try ownEntry(at: CaseBook.Address(origin: log, index: LeafIndex(entry.index)))
    }
}

extension SequencedStatement {
    /// Its place, as the views name it.
    var place: NodeViews.LeafPlace { NodeViews.LeafPlace(origin: statement.origin, leaf: index.value) }
}

extension CaseBook.Address {
    /// Where a statement stands.
    init(_ placed: SequencedStatement) { self.init(origin: placed.statement.origin, index: placed.index) }

    /// The statement that carries a compartment.
    init(_ compartment: CompartmentAddress) { self.init(origin: compartment.origin, index: compartment.index) }
}
