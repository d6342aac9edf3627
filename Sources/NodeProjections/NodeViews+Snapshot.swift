import DeterministicCBOR
import EventLogs
import GRDB
public import TallystickPrimitives

extension NodeViews {
    /// Everything that was admitted, in parts of a few megabytes, for the caller to seal.
    ///
    /// Pending entries are left out: their owner gives them anew. `body` gets the parts in order.
    /// - Throws: what `body` throws, and otherwise `NodeViewsError`.
    public func forEachSnapshotPart(_ body: ([UInt8]) throws -> Void) throws {
        var failure: (any Error)?
        do {
            try snapshotParts { part in
                do { try body(part) } catch {
                    failure = error
                    throw error
                }
            }
        } catch { throw failure ?? error }
    }

    private func snapshotParts(_ body: ([UInt8]) throws -> Void) throws(NodeViewsError) {
        try read("write a snapshot") { database in
            var refused: [CBOR] = []
            try database.forEachRow("SELECT event FROM refused ORDER BY event") { row in
                refused.append(.bytes(try row.bytes(0)))
            }
            let checkpoint = try database.number("SELECT checkpoint FROM progress")
            let head = CBOR.array([
                .text(NodeViews.snapshotFormat), .code(agency),
                .optional(checkpoint, { .unsigned(UInt64(bitPattern: $0)) }), .array(refused),
            ])
            try body(head.encoded)
            var entries: [CBOR] = []
            try database.forEachRow(
                """
                SELECT \(ReadEntry.columns) FROM \(ReadEntry.source)
                WHERE entry.position IS NOT NULL ORDER BY entry.position, entry.leaf
                """
            ) { row in
                entries.append(try ReadEntry(row).entry.item)
                guard entries.count == ViewLimits.snapshotEntries else { return }
                try body(CBOR.array(entries).encoded)
                entries = []
            }
            if !entries.isEmpty { try body(CBOR.array(entries).encoded) }
        }
    }

    /// Views as they were when the parts were written, without what was pending.
    ///
    /// - Parameters:
    ///   - agency: whose views they must be.
    ///   - parts: the parts in order; reading may throw.
    /// - Throws: `NodeViewsError.snapshot` for parts of another version or damaged ones.
    public convenience init(
        agency: AgencyCode, snapshotParts parts: some Sequence<[UInt8]>
    ) throws(NodeViewsError) {
        try self.init(agency: agency)
        var iterator = parts.makeIterator()
        guard let head = iterator.next() else { throw .snapshot(at: 0) }
        try restore(head: head)
        var offset = head.count
        while let part = iterator.next() {
            try restore(part, at: offset)
            offset += part.count
        }
    }

    private static let snapshotFormat = "tallystick/views/v3"

    private func restore(head: [UInt8]) throws(NodeViewsError) {
        let owner: AgencyCode
        let checkpoint: UInt64?
        var refused: [EventID] = []
        do {
            let items = try CBOR(decoding: head).items(count: 4)
            guard items[0] == .text(NodeViews.snapshotFormat) else {
                throw CBORShapeError("a snapshot of this version")
            }
            owner = try items[1].code()
            checkpoint = try items[2].orNil?.unsigned()
            for event in try items[3].items() { refused.append(try event.id()) }
        } catch { throw .snapshot(at: 0) }
        guard owner == agency else { throw .otherAgency }
        try write("restore a snapshot") { database in
            for event in refused {
                try database.run("INSERT INTO refused (event) VALUES (?)", [event.blob])
            }
            try NodeViews.advance(database, to: checkpoint)
        }
    }

    private func restore(_ part: [UInt8], at offset: Int) throws(NodeViewsError) {
        var entries: [StoredEntry] = []
        do {
            for item in try CBOR(decoding: part).items() {
                let entry = try StoredEntry(item)
                guard entry.position != nil else { throw CBORShapeError("an admitted entry") }
                entries.append(entry)
            }
        } catch { throw .snapshot(at: offset) }
        try write("restore a snapshot") { database in
            var batch = try FoldBatch(database, leads: leads, search: index)
            for entry in entries {
                try batch.fold(PreparedEvent(entry, try OpenedFields.decode(entry.opened)))
            }
            try batch.finish()
        }
    }

    /// Everything that was admitted and what follows from it, in one order: equal for equal views,
    /// however they came about. For comparing a live view with a rebuilt one.
    public func orderedLogicalDump() throws(NodeViewsError) -> [UInt8] {
        var dump: [UInt8] = []
        try snapshotParts { dump += $0 }
        let derived = try read("write a dump") { database in
            var cases: [CBOR] = []
            try database.forEachRow(
                """
                SELECT matter.agency, matter.stream, case_row.stage, case_row.updated,
                    case_row.state FROM case_row JOIN matter ON matter.id = case_row.matter
                WHERE case_row.layer = 0 ORDER BY 1, 2
                """
            ) { row in
                let stage: String? = row[2]
                cases.append(
                    .array([
                        .text(row[0]), .bytes(try row.bytes(1)), .optional(stage, CBOR.text),
                        .integer(row[3]), .bytes(try row.bytes(4)),
                    ]))
            }
            return CBOR.array(cases).encoded + (try NodeViews.places(database)).encoded
        }
        return dump + derived
    }

    /// To which case each entry belongs, what it is about, and how many words find it.
    private static func places(_ database: Database) throws -> CBOR {
        var places: [CBOR] = []
        try database.forEachRow(
            """
            SELECT entry.position, entry.about, matter.agency, matter.stream, name.text,
                (SELECT count(*) FROM opened_from WHERE opened_from.entry = entry.id),
                (SELECT count(*) FROM derived WHERE derived.entry = entry.id)
            FROM entry LEFT JOIN matter ON matter.id = entry.matter
            LEFT JOIN name ON name.id = entry.type
            WHERE entry.position IS NOT NULL ORDER BY entry.position, entry.leaf
            """
        ) { row in
            let opener: String? = row[2]
            let type: String? = row[4]
            places.append(
                .array([
                    .unsigned(row.unsigned(0)), .bytes(try row.bytes(1)),
                    .optional(opener, CBOR.text), .bytes(try row.bytes(3)),
                    .optional(type, CBOR.text), .integer(row[5]), .integer(row[6]),
                ]))
        }
        return .array(places)
    }
}
