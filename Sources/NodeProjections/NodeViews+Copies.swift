import Casework
import EventLogs
import GRDB
import SharingProtocols
public import TallystickPrimitives

/// An own entry that says another again, or was made from it, and what of it that is.
public struct SaidAgain: Hashable, Sendable {
    /// The entry.
    public let event: EventID
    /// What of it comes from there; nil for all.
    public let labels: Set<Label>?

    /// Names an entry.
    public init(event: EventID, labels: Set<Label>?) {
        self.event = event
        self.labels = labels
    }
}

/// What says an entry again, and what was made from it: followed by the links that each entry names.
extension NodeViews {
    /// An own entry with every own entry that says it again, or that says again what it says again: what was said once for
    /// each circle of a case is one account of it.
    ///
    /// Up it goes inside the case alone, and to entries of its own type.
    public func family(of event: EventID) throws(NodeViewsError) -> [SaidAgain] {
        try read("read what says an entry again") { database in
            var roots: [EventID] = []
            var open = [event]
            while let next = open.popLast() {
                guard !roots.contains(next) else { continue }
                roots.append(next)
                guard let known = try own(next, database), let reference = known.read.reference else { continue }
                for source in known.common?.derivedFrom ?? [] {
                    guard let above = try own(source, database), above.read.reference == reference,
                        above.common?.type == known.common?.type
                    else { continue }
                    open.append(source)
                }
            }
            return try closure(of: roots, database)
        }
    }

    /// Own entries that were made from one, by this agency or another, and those made from these in turn.
    public func madeFrom(_ event: EventID) throws(NodeViewsError) -> [SaidAgain] {
        try read("read what was made from an entry") { database in try made(from: event, database) }
    }

    func made(from event: EventID, _ database: Database) throws -> [SaidAgain] {
        Array(try closure(of: [event], database).dropFirst())
    }

    private func own(_ event: EventID, _ database: Database) throws -> OpenedEntry? {
        try database.entries(where: "entry.event = ? AND refused.event IS NULL", [event.blob])
            .first { $0.entry.agency == agency }
    }

    /// The entries themselves first, each once.
    private func closure(of roots: [EventID], _ database: Database) throws -> [SaidAgain] {
        var found = roots.map { SaidAgain(event: $0, labels: nil) }
        guard let own = try database.nameID(agency.text) else { return found }
        var next = 0
        while next < found.count {
            let above = found[next]
            next += 1
            let source = try database.entries(where: "entry.event = ?", [above.event.blob]).first
            let made = try database.entries(
                where: "derived.source = ? AND entry.agency = ? AND refused.event IS NULL ORDER BY entry.id",
                [above.event.blob, own], from: "JOIN derived ON derived.entry = entry.id")
            for entry in made {
                let labels = entry.labels(from: source, above.labels)
                if let place = found.firstIndex(where: { $0.event == entry.entry.eventID }) {
                    // Reached by two ways, it is what comes by either.
                    guard let known = found[place].labels, labels.map({ !$0.isSubset(of: known) }) ?? true else {
                        continue
                    }
                    found[place] = SaidAgain(event: entry.entry.eventID, labels: labels.map(known.union))
                } else {
                    found.append(SaidAgain(event: entry.entry.eventID, labels: labels))
                }
            }
        }
        return found
    }
}

extension OpenedEntry {
    /// What of an entry comes from one that it was made from.
    ///
    /// A case and a referral are put together from several entries: of each they have the labels that it has, and the record
    /// is their own.
    fileprivate func labels(from source: OpenedEntry?, _ above: Set<Label>?) -> Set<Label>? {
        guard let source, source.common?.type != common?.type else { return above }
        // A case is made from another agency's entry only where its lead goes on with what the lead before it said; what was
        // taken back no longer says of itself that it was that.
        if source.entry.agency != entry.agency, common?.type == .caseOpened { return above }
        guard [EventTypeCode]([.caseOpened, .referralSent]).contains(where: { common?.type == $0 }) else { return nil }
        let said = above ?? Set(source.fields.keys).union(source.entry.withheld)
        return said.subtracting([.record])
    }
}

extension EventTypeCode {
    fileprivate static var caseOpened: EventTypeCode { "case-opened" }
    fileprivate static var referralSent: EventTypeCode { "referral-sent" }
}
