import Casework
import DeterministicCBOR
import EventLogs
import GRDB
import TallystickPrimitives

/// To which case each entry belongs, and what a list shows of that case.
extension FoldBatch {
    typealias Matter = (id: Int64, reference: CaseReference)

    mutating func matter(
        of meaning: EntryMeaning, _ entry: StoredEntry, origin: Int64
    ) throws -> Matter? {
        if let reference = meaning.reference {
            return (try matter(reference), reference)
        }
        guard meaning.naming == .inherits else { return nil }
        return try streamMatter(entry.stream, origin: origin)
    }

    mutating func matter(_ reference: CaseReference) throws -> Int64 {
        if let id = matters[reference] { return id }
        let columns: StatementArguments = [reference.stream.blob, reference.agency.text]
        try database.run("INSERT OR IGNORE INTO matter (stream, agency) VALUES (?, ?)", columns)
        guard
            let id = try database.number(
                "SELECT id FROM matter WHERE stream = ? AND agency = ?", columns)
        else { throw NodeViewsError.damaged(part: "cases") }
        matters[reference] = id
        return id
    }

    private func streamMatter(_ stream: StreamID, origin: Int64) throws -> Matter? {
        let row = try database.row(
            """
            SELECT matter.id, matter.agency, matter.stream FROM entry
            JOIN matter ON matter.id = entry.matter
            WHERE entry.stream = ? AND entry.origin = ? AND entry.naming = 1
                AND entry.position IS NOT NULL
            ORDER BY entry.sequence LIMIT 1
            """, [stream.blob, origin])
        guard let row else { return nil }
        return (row[0], CaseReference(agency: try row.code(1), stream: try row.id(2)))
    }

    /// The case of a stream's pending entries that name none: the one that the first pending entry names, otherwise the
    /// admitted ones' case.
    func pendingMatter(_ place: StreamPlace) throws -> Matter? {
        let row = try database.row(
            """
            SELECT matter.id, matter.agency, matter.stream FROM entry
            JOIN matter ON matter.id = entry.matter
            WHERE entry.stream = ? AND entry.origin = ? AND entry.naming = 1
                AND entry.position IS NULL
            ORDER BY entry.leaf LIMIT 1
            """, [place.stream.blob, place.origin])
        guard let row else { return try streamMatter(place.stream, origin: place.origin) }
        return (row[0], CaseReference(agency: try row.code(1), stream: try row.id(2)))
    }

    /// Gives the stream's entries that name no case to the case that its first naming entry names.
    mutating func claimStream(
        _ stream: StreamID, origin: Int64, for matter: Matter
    ) throws {
        let place = StreamPlace(origin: origin, stream: stream)
        guard namedStreams[place] != matter.id else { return }
        let claimed = try streamMatter(stream, origin: origin) ?? matter
        namedStreams[place] = claimed.id
        if hasPending { unclaimedPending.insert(place) }
        let columns: StatementArguments = [claimed.id, stream.blob, origin]
        let moved = try database.row(
            """
            SELECT count(*), max(issued), max(position), count(matter) + count(type) + sum(kind = 10)
            FROM entry
            WHERE stream = ?2 AND origin = ?3 AND naming = 2 AND position IS NOT NULL AND matter IS NOT ?1
            """, columns)
        guard let moved, moved[0] > 0 else { return }
        try database.run(
            """
            UPDATE entry SET matter = ?1 WHERE stream = ?2 AND origin = ?3 AND naming = 2
                AND position IS NOT NULL AND matter IS NOT ?1
            """, columns)
        touched[claimed.id] = claimed.reference
        touched[matter.id] = matter.reference
        // What had no case and says nothing of one is only counted; for anything else the case is folded anew.
        guard moved[3] == 0, !hasRefused, stale[claimed.id] == nil else {
            try touch(matter: claimed.id)
            try touch(matter: matter.id)
            return
        }
        var summary = try summaries[claimed.id] ?? readSummary(claimed)
        summary.count(moved[0], upTo: Timestamp(milliseconds: moved[1]), position: moved.unsigned(2))
        summaries[claimed.id] = summary
    }

    /// What a stream's entries follow after one that named a case was replaced.
    mutating func reclaim(_ place: StreamPlace) throws {
        let claimed = try streamMatter(place.stream, origin: place.origin)
        let columns: StatementArguments = [place.stream.blob, place.origin, claimed?.id]
        let moved = try Int64.fetchAll(
            database.cachedStatement(
                sql: """
                    SELECT DISTINCT matter FROM entry WHERE stream = ? AND origin = ? AND naming = 2
                        AND position IS NOT NULL AND matter IS NOT ? AND matter IS NOT NULL
                    """), arguments: columns)
        for matter in moved { try touch(matter: matter) }
        try database.run(
            """
            UPDATE entry SET matter = ?3 WHERE stream = ?1 AND origin = ?2 AND naming = 2
                AND position IS NOT NULL AND matter IS NOT ?3
            """, columns)
        if let claimed, database.changesCount > 0 { try touch(matter: claimed.id) }
        if hasPending { unclaimedPending.insert(place) }
    }

    /// What a stream's pending entries follow, after anything that named a case came or went.
    mutating func reclaimPending(_ place: StreamPlace) throws {
        let claimed = try pendingMatter(place)
        let columns: StatementArguments = [place.stream.blob, place.origin, claimed?.id]
        let moved = try Int64.fetchAll(
            database.cachedStatement(
                sql: """
                    SELECT DISTINCT matter FROM entry WHERE stream = ? AND origin = ? AND naming = 2
                        AND position IS NULL AND matter IS NOT ? AND matter IS NOT NULL
                    """), arguments: columns)
        for matter in moved { try touchPending(matter: matter) }
        try database.run(
            """
            UPDATE entry SET matter = ?3 WHERE stream = ?1 AND origin = ?2 AND naming = 2
                AND position IS NULL AND matter IS NOT ?3
            """, columns)
        if let claimed, database.changesCount > 0 { touched[claimed.id] = claimed.reference }
    }

    /// Marks a case to be folded anew.
    mutating func touch(matter: Int64) throws {
        guard let reference = try reference(matter) else { return }
        stale[matter] = reference
        touched[matter] = reference
    }

    /// Marks the pending state of a case to be folded anew.
    mutating func touchPending(matter: Int64) throws {
        touched[matter] = try reference(matter)
    }

    private func reference(_ matter: Int64) throws -> CaseReference? {
        try database.row("SELECT agency, stream FROM matter WHERE id = ?", [matter]).map { row in
            CaseReference(agency: try row.code(0), stream: try row.id(1))
        }
    }

    func isRefused(_ event: EventID) throws -> Bool {
        guard hasRefused else { return false }
        return try database.row("SELECT 1 FROM refused WHERE event = ?", [event.blob]) != nil
    }

    mutating func summarise(
        _ entry: StoredEntry, _ event: CaseworkEvent?, _ matter: Matter
    ) throws {
        guard entry.kind != .access, stale[matter.id] == nil else { return }
        var summary = try summaries[matter.id] ?? readSummary(matter)
        if let last = summary.lastPosition, let position = entry.position, position < last {
            stale[matter.id] = matter.reference
            return
        }
        if try isRefused(entry.eventID) { return }
        summary.evolve(event, by: entry.agency, issuedAt: entry.issuedAt, position: entry.position)
        summaries[matter.id] = summary
    }

    private func order(of reference: CaseReference) -> LeadOrder { leads[reference] ?? LeadOrder() }

    /// Folds the cases anew whose leads have changed.
    mutating func touch(_ references: [CaseReference]) throws {
        for reference in references {
            let columns: StatementArguments = [reference.stream.blob, reference.agency.text]
            let known = try database.number("SELECT id FROM matter WHERE stream = ? AND agency = ?", columns)
            if let known { try touch(matter: known) }
        }
    }

    private func readSummary(_ matter: Matter) throws -> CaseSummary {
        let row = try database.row(
            "SELECT state FROM case_row WHERE matter = ? AND layer = 0", [matter.id])
        guard let row else { return CaseSummary(matter.reference, leads: order(of: matter.reference)) }
        return try CaseSummary(
            matter.reference, leads: order(of: matter.reference), CBOR(decoding: try row.bytes(0)))
    }

    func replay(
        _ matter: Int64, _ reference: CaseReference, withPending: Bool
    ) throws -> CaseSummary {
        var summary = CaseSummary(reference, leads: order(of: reference))
        try database.forEachRow(
            """
            SELECT \(ReadEntry.columns) FROM \(ReadEntry.source)
            WHERE entry.matter = ? AND entry.kind <> 10 AND (entry.position IS NOT NULL OR ?)
            ORDER BY entry.position IS NULL, entry.position, entry.leaf
            """, [matter, withPending]
        ) { row in
            let read = try ReadEntry(row)
            if read.isRefused { return }
            let meaning = EntryMeaning(read.entry, try OpenedFields.decode(read.entry.opened))
            var event = meaning.event
            if event != nil, !meaning.sources.isEmpty {
                let origin = try database.nameID(read.entry.origin.text)
                if try database.isGivenEarlier(read.entry, origin: origin) { event = nil }
            }
            summary.evolve(
                event, by: read.entry.agency, issuedAt: read.entry.issuedAt, position: read.entry.position)
        }
        return summary
    }

    func needsOverlay() throws -> Bool {
        try database.number(
            """
            SELECT EXISTS (SELECT 1 FROM entry WHERE position IS NULL)
                OR EXISTS (SELECT 1 FROM case_row WHERE layer = 1)
            """) == 1
    }

    func overlay(_ matter: Int64, _ reference: CaseReference) throws {
        try database.run("DELETE FROM case_row WHERE matter = ? AND layer = 1", [matter])
        let hasPending = try database.row(
            "SELECT 1 FROM entry WHERE matter = ? AND position IS NULL AND kind <> 10 LIMIT 1",
            [matter])
        guard hasPending != nil else { return }
        let summary = try replay(matter, reference, withPending: true)
        try write(summary, matter, layer: .withPending)
    }

    func write(_ summary: CaseSummary, _ matter: Int64, layer: ViewSchema.Layer) throws {
        guard summary.entryCount > 0 else {
            try database.run(
                "DELETE FROM case_row WHERE matter = ? AND layer = ?", [matter, layer.rawValue])
            return
        }
        try database.run(
            """
            INSERT OR REPLACE INTO case_row (matter, layer, stage, updated, state)
            VALUES (?, ?, ?, ?, ?)
            """,
            [
                matter, layer.rawValue, summary.stage?.rawValue, summary.updated.milliseconds,
                summary.item.encoded.blob,
            ])
    }
}
