import EventLogs
import NodeProjections
import Partnership
import Replication
import SQLiteStore
import Sealing
import TallystickPrimitives

/// One statement on its way into the views, opened. It never changes and is passed about a lot, hence a reference.
final class RebuiltStatement: Sendable {
    let index: LeafIndex
    let statement: Statement
    let opened: Opened
    /// What the views keep of it; nil where the views have it already, and where its author was not known yet.
    let prepared: PreparedEvent?
    /// The circle that an own statement opens.
    let circle: OwnCircle?
    /// Whether its grants hold keys that are not kept.
    let lacksKeys: Bool

    init(
        _ stored: StoredStatement, _ opened: Opened, prepared: PreparedEvent?, circle: OwnCircle? = nil,
        lacksKeys: Bool = false
    ) {
        index = stored.index
        statement = stored.statement
        self.opened = opened
        self.prepared = prepared
        self.circle = circle
        self.lacksKeys = lacksKeys
    }
}

/// A part of the register as a rebuild takes it in: read, hashed and opened; not yet followed.
struct RebuildPage: Sendable {
    let page: ReadPage
    /// This agency's own statements, by their index.
    var own: [LeafIndex: RebuiltStatement]
    /// Others', by register position.
    var received: [UInt64: RebuiltStatement]

    /// The position after the last leaf.
    var next: UInt64 { page.from.value + UInt64(page.leaves.count) }
}

/// Reads a node's store in parts and opens what is in them, on all cores: nothing of it depends on what came before.
struct RebuildReading: Sendable {
    let store: NodeStore
    let opener: Opener
    let origin: Origin
    /// Up to which position the views have everything already.
    let foldedUpTo: UInt64?
    /// Leaves that one task reads and opens.
    let partCount: Int

    private var agency: AgencyCode { opener.agency }

    /// Reads the leaves from a position on and everything stored that belongs to them.
    ///
    /// - Parameters:
    ///   - end: the register's size.
    ///   - count: leaves at most.
    ///   - roster: whose keys and codes are known so far; what is not known yet is worked out later.
    func page(from start: UInt64, upTo end: UInt64, count: Int, roster: Roster) async throws -> RebuildPage {
        let end = start + min(UInt64(max(1, count)), end - start)
        let parts = try await withThrowingTaskGroup(of: Part.self) { group in
            for first in stride(from: start, to: end, by: partCount) {
                let range = first..<min(end, first + UInt64(partCount))
                group.addTask { try part(range, roster: roster) }
            }
            return try await group.reduce(into: [Part]()) { $0.append($1) }
        }.sorted { $0.first < $1.first }
        var page = RebuildPage(
            page: ReadPage(
                from: TreeSize(start), leaves: parts.flatMap(\.leaves), entries: parts.flatMap(\.entries)),
            own: [:], received: [:])
        for part in parts {
            for own in part.own { page.own[own.index] = own }
            for (entry, received) in zip(part.entries, part.received) { page.received[entry.position] = received }
        }
        return page
    }

    /// Reads own statements that the register has not admitted; their indexes have no gap.
    func pending(_ indexes: ArraySlice<LeafIndex>) throws -> [RebuiltStatement] {
        guard let first = indexes.first else { return [] }
        return try store.ownStatements(of: origin, from: first, limit: indexes.count)
            .map { try own($0, position: nil) }
    }

    /// What one task reads.
    private struct Part: Sendable {
        let first: UInt64
        var leaves: [ReadLeaf] = []
        var own: [RebuiltStatement] = []
        var entries: [ReadEntry] = []
        var received: [RebuiltStatement] = []
    }

    private func part(_ range: Range<UInt64>, roster: Roster) throws -> Part {
        var part = Part(first: range.lowerBound)
        var ownPlaces: [(index: LeafIndex, position: UInt64?)] = []
        var accepted: Set<UInt64> = []
        for (place, bytes) in try store.registerLeaves(from: range.lowerBound, limit: range.count).enumerated() {
            let position = range.lowerBound + UInt64(place)
            let read = try ReadLeaf(decoding: bytes, at: position)
            part.leaves.append(read)
            guard case .verdict(let record) = read.leaf else { continue }
            if record.verdict.isAccepted { accepted.insert(position) }
            if record.origin == origin { ownPlaces.append((record.index, position)) }
        }
        part.own = try own(ownPlaces, accepted: accepted)
        for stored in try store.receivedStatements(in: range) {
            guard let position = stored.registerPosition else { continue }
            let (entry, rebuilt) = try received(
                stored, at: position, isAccepted: accepted.contains(position), roster: roster)
            part.entries.append(entry)
            part.received.append(rebuilt)
        }
        return part
    }

    /// Own statements stand in the register in the order of their log, so what is wanted stands together.
    private func own(
        _ places: [(index: LeafIndex, position: UInt64?)], accepted: Set<UInt64>
    ) throws -> [RebuiltStatement] {
        guard let first = places.first?.index else { return [] }
        let positions = Dictionary(places.map { ($0.index, $0.position) }) { one, _ in one }
        return try store.ownStatements(of: origin, from: first, limit: places.count).compactMap { stored in
            guard let position = positions[stored.index] ?? nil else { return nil }
            return try own(stored, position: position, isAccepted: accepted.contains(position))
        }
    }

    private func own(
        _ stored: StoredStatement, position: UInt64?, isAccepted: Bool = true
    ) throws -> RebuiltStatement {
        let statement = stored.statement
        let opened = opener.open(
            statement, at: stored.index, compartments: stored.compartments, keys: stored.contentKeys)
        guard isAccepted else { return RebuiltStatement(stored, opened, prepared: nil) }
        var circle: OwnCircle?
        if case .circle(let control) = statement.payload.control {
            circle = try ownCircle(control, of: statement)
        }
        return RebuiltStatement(
            stored, opened, prepared: prepared(stored, opened, by: agency, at: position), circle: circle)
    }

    private func received(
        _ stored: StoredStatement, at position: UInt64, isAccepted: Bool, roster: Roster
    ) throws -> (ReadEntry, RebuiltStatement) {
        let statement = stored.statement
        let entry = ReadEntry(
            stored: statement, index: stored.index, position: position, compartments: stored.compartments,
            grants: stored.grants)
        let opened = opener.open(
            statement, at: stored.index, compartments: entry.compartments, keys: stored.contentKeys)
        guard isAccepted else { return (entry, RebuiltStatement(stored, opened, prepared: nil)) }
        let code = roster.party(of: statement.origin)?.code
        let rebuilt = RebuiltStatement(
            stored, opened, prepared: code.flatMap { prepared(stored, opened, by: $0, at: position) },
            lacksKeys: try opener.lacksKeys(in: entry.grants, of: statement))
        return (entry, rebuilt)
    }

    private func prepared(
        _ stored: StoredStatement, _ opened: Opened, by agency: AgencyCode, at position: UInt64?
    ) -> PreparedEvent? {
        guard isNew(position) else { return nil }
        return PreparedEvent(
            FoldedEvent(stored.statement, index: stored.index, agency: agency, position: position, opened: opened))
    }

    private func isNew(_ position: UInt64?) -> Bool {
        guard let position, let foldedUpTo else { return true }
        return position > foldedUpTo
    }

    private func ownCircle(_ control: CircleControl, of statement: Statement) throws -> OwnCircle {
        var keys: [Label: CircleKey] = [:]
        for label in control.labels.keys {
            guard
                let wrapped = try store.circleKey(
                    stream: statement.payload.stream, label: label, epoch: control.epoch, origin: origin)
            else { continue }
            keys[label] = try opener.localKey.unwrapCircleKey(wrapped)
        }
        return OwnCircle(
            control: control, keys: keys, decision: statement.payload.decision,
            basis: statement.payload.seen?.size ?? .empty)
    }
}

extension FoldedEvent {
    /// A statement with what could be opened of it, for the views.
    init(_ statement: Statement, index: LeafIndex, agency: AgencyCode, position: UInt64?, opened: Opened) {
        self.init(
            origin: statement.origin, agency: agency, index: index, registerPosition: position,
            stream: statement.payload.stream, sequence: statement.payload.sequence, eventID: statement.eventID,
            kind: statement.payload.kind, issuedAt: statement.issuedAt, opened: opened.fields,
            withheldLabels: opened.withheld, control: statement.payload.control)
    }
}

extension Limits {
    /// Leaves of the register that a rebuild holds at a time, with their statements; twice that while it reads ahead.
    static let rebuildPageLeafCount = 4096
    /// Leaves that one task of a rebuild reads and opens.
    static let rebuildPartLeafCount = 128
}
