import Casework
import DeterministicCBOR
import EventLogs
import Foundation
import GRDB
import TallystickPrimitives

/// One transaction's worth of folding: what it has looked up, and which cases it has touched.
///
/// What is held here is gone with the batch, so that memory does not grow with the log.
struct FoldBatch {
    let database: Database
    private var names: [String: Int64] = [:]
    private var matters: [CaseReference: Int64] = [:]
    private var summaries: [Int64: CaseSummary] = [:]
    private var namedStreams: [StreamPlace: Int64] = [:]
    private var stale: [Int64: CaseReference] = [:]
    private var touched: [Int64: CaseReference] = [:]
    private var unclaimed: Set<StreamPlace> = []
    private var unclaimedPending: Set<StreamPlace> = []
    private var hasRefused: Bool
    private var hasPending: Bool

    /// A stream is its log's: two logs may use one identifier.
    private struct StreamPlace: Hashable {
        let origin: Int64
        let stream: StreamID
    }

    init(_ database: Database) throws {
        self.database = database
        hasRefused = try database.number("SELECT EXISTS (SELECT 1 FROM refused)") == 1
        hasPending =
            try database.number("SELECT EXISTS (SELECT 1 FROM entry WHERE position IS NULL)") == 1
    }

    /// Adds one admitted entry; an entry already there is replaced by what is known of it now.
    mutating func fold(_ prepared: PreparedEvent) throws {
        let (entry, meaning) = (prepared.entry, prepared.meaning)
        let origin = try name(entry.origin.text)
        let earlier = try remove(origin: origin, leaf: entry.leaf)
        let matter = try matter(of: meaning, entry, origin: origin)
        try insert(prepared, origin: origin, matter: matter?.id)
        if let matter {
            touched[matter.id] = matter.reference
            if earlier == .admitted { stale[matter.id] = matter.reference }
            try summarise(entry, meaning, matter)
        }
        if meaning.naming == .named, let matter {
            try claimStream(entry.stream, origin: origin, for: matter)
        }
    }

    /// Adds one of our own entries on top of the admitted ones and of what is pending already.
    ///
    /// One that is there, or was refused, changes nothing.
    mutating func addPending(_ prepared: PreparedEvent) throws {
        let entry = prepared.entry
        let origin = try name(entry.origin.text)
        let isThere = try database.row(
            "SELECT 1 FROM entry WHERE origin = ? AND leaf = ?", [origin, entry.leaf.stored])
        guard try isThere == nil && !isRefused(entry.eventID) else { return }
        let place = StreamPlace(origin: origin, stream: entry.stream)
        var matter: Matter?
        if let reference = prepared.meaning.reference {
            matter = (try self.matter(reference), reference)
        } else if prepared.meaning.naming == .inherits {
            matter = try pendingMatter(place)
        }
        try insert(prepared, origin: origin, matter: matter?.id)
        hasPending = true
        if let matter { touched[matter.id] = matter.reference }
        if prepared.meaning.naming == .named { unclaimedPending.insert(place) }
    }

    /// Takes an event that the register refused out of every state.
    ///
    /// What was admitted stays to be seen; what was pending is pending no more.
    mutating func void(_ event: EventID) throws {
        try database.run("INSERT OR IGNORE INTO refused (event) VALUES (?)", [event.blob])
        hasRefused = true
        var pending: [(origin: Int64, leaf: UInt64)] = []
        var matters: Set<Int64> = []
        try database.forEachRow(
            "SELECT origin, leaf, position IS NULL, matter FROM entry WHERE event = ?",
            [event.blob]
        ) { row in
            let matter: Int64? = row[3]
            if row[2] { pending.append((row[0], row.unsigned(1))) } else if let matter { matters.insert(matter) }
        }
        for place in pending { _ = try remove(origin: place.origin, leaf: place.leaf) }
        for matter in matters { try touch(matter: matter) }
    }

    /// Writes the rows of the cases that were touched.
    mutating func finish() throws {
        for place in unclaimed { try reclaim(place) }
        for place in unclaimedPending { try reclaimPending(place) }
        for (matter, reference) in stale {
            summaries[matter] = try replay(matter, reference, withPending: false)
        }
        for (matter, summary) in summaries {
            try write(summary, matter, layer: .admitted)
        }
        guard try needsOverlay() else { return }
        for (matter, reference) in touched { try overlay(matter, reference) }
    }
}

// MARK: - Entries

extension FoldBatch {
    private mutating func insert(_ prepared: PreparedEvent, origin: Int64, matter: Int64?) throws {
        let (entry, meaning) = (prepared.entry, prepared.meaning)
        let withheld = entry.withheld.isEmpty ? nil : CBOR.array(entry.withheld.map(CBOR.code))
        try database.run(
            """
            INSERT INTO entry (origin, leaf, position, agency, stream, sequence, event, kind, type,
                issued, naming, matter, about, opened, withheld, control)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                origin, entry.leaf.stored, entry.position?.stored, try name(entry.agency.text),
                entry.stream.blob, entry.sequence.stored, entry.eventID.blob,
                entry.kind.rawValue.stored, try meaning.type.map { try name($0.text) },
                entry.issuedAt.milliseconds, meaning.naming.rawValue, matter,
                meaning.about?.blob, entry.opened.blob, withheld?.encoded.blob,
                entry.control.item?.encoded.blob,
            ])
        let id = database.lastInsertedRowID
        for report in meaning.reports {
            try database.run(
                "INSERT OR IGNORE INTO opened_from (report, entry) VALUES (?, ?)",
                [report.blob, id])
        }
        guard !prepared.words.isEmpty else { return }
        try database.run("INSERT INTO search (rowid, words) VALUES (?, ?)", [id, prepared.words])
    }

    /// Which layer an entry was in.
    private enum Removed { case nothing, pending, admitted }

    private mutating func remove(origin: Int64, leaf: UInt64) throws -> Removed {
        let row = try database.row(
            """
            SELECT id, matter, opened, stream, naming, position IS NULL FROM entry
            WHERE origin = ? AND leaf = ?
            """, [origin, leaf.stored])
        guard let row else { return .nothing }
        let id: Int64 = row[0]
        let matter: Int64? = row[1]
        let isPending: Bool = row[5]
        let words = OpenedFields.searchText(try OpenedFields.decode(try row.bytes(2)))
        if !words.isEmpty {
            try database.run(
                "INSERT INTO search (search, rowid, words) VALUES ('delete', ?, ?)", [id, words])
        }
        try database.run("DELETE FROM entry WHERE id = ?", [id])
        try database.run("DELETE FROM opened_from WHERE entry = ?", [id])
        if row[4] == ViewSchema.Naming.named.rawValue {
            let place = StreamPlace(origin: origin, stream: try row.id(3))
            if isPending { unclaimedPending.insert(place) } else { unclaimed.insert(place) }
        }
        // Taking a pending entry away changes nothing of what was admitted.
        if let matter { try isPending ? touchPending(matter: matter) : touch(matter: matter) }
        return isPending ? .pending : .admitted
    }

    private mutating func name(_ text: String) throws -> Int64 {
        if let id = names[text] { return id }
        try database.run("INSERT OR IGNORE INTO name (text) VALUES (?)", [text])
        guard let id = try database.number("SELECT id FROM name WHERE text = ?", [text]) else {
            throw NodeViewsError.damaged(part: "names")
        }
        names[text] = id
        return id
    }
}

// MARK: - Cases

extension FoldBatch {
    typealias Matter = (id: Int64, reference: CaseReference)

    private mutating func matter(
        of meaning: EntryMeaning, _ entry: StoredEntry, origin: Int64
    ) throws -> Matter? {
        if let reference = meaning.reference {
            return (try matter(reference), reference)
        }
        guard meaning.naming == .inherits else { return nil }
        return try streamMatter(entry.stream, origin: origin)
    }

    private mutating func matter(_ reference: CaseReference) throws -> Int64 {
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
    private func pendingMatter(_ place: StreamPlace) throws -> Matter? {
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
    private mutating func claimStream(
        _ stream: StreamID, origin: Int64, for matter: Matter
    ) throws {
        let place = StreamPlace(origin: origin, stream: stream)
        guard namedStreams[place] != matter.id else { return }
        let claimed = try streamMatter(stream, origin: origin) ?? matter
        namedStreams[place] = claimed.id
        try database.run(
            """
            UPDATE entry SET matter = ? WHERE stream = ? AND origin = ? AND naming = 2
                AND position IS NOT NULL AND matter IS NOT ?
            """, [claimed.id, stream.blob, origin, claimed.id])
        if hasPending { unclaimedPending.insert(place) }
        guard database.changesCount > 0 else { return }
        try touch(matter: claimed.id)
        try touch(matter: matter.id)
    }

    /// What a stream's entries follow after one that named a case was replaced.
    private mutating func reclaim(_ place: StreamPlace) throws {
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
    private mutating func reclaimPending(_ place: StreamPlace) throws {
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
    private mutating func touch(matter: Int64) throws {
        guard let reference = try reference(matter) else { return }
        stale[matter] = reference
        touched[matter] = reference
    }

    /// Marks the pending state of a case to be folded anew.
    private mutating func touchPending(matter: Int64) throws {
        touched[matter] = try reference(matter)
    }

    private func reference(_ matter: Int64) throws -> CaseReference? {
        try database.row("SELECT agency, stream FROM matter WHERE id = ?", [matter]).map { row in
            CaseReference(agency: try row.code(0), stream: try row.id(1))
        }
    }

    private func isRefused(_ event: EventID) throws -> Bool {
        guard hasRefused else { return false }
        return try database.row("SELECT 1 FROM refused WHERE event = ?", [event.blob]) != nil
    }

    private mutating func summarise(
        _ entry: StoredEntry, _ meaning: EntryMeaning, _ matter: Matter
    ) throws {
        guard entry.kind != .access, stale[matter.id] == nil else { return }
        var summary = try summaries[matter.id] ?? readSummary(matter)
        if let last = summary.lastPosition, let position = entry.position, position < last {
            stale[matter.id] = matter.reference
            return
        }
        if try isRefused(entry.eventID) { return }
        summary.evolve(
            meaning.event, by: entry.agency, issuedAt: entry.issuedAt, position: entry.position)
        summaries[matter.id] = summary
    }

    private func readSummary(_ matter: Matter) throws -> CaseSummary {
        let row = try database.row(
            "SELECT state FROM case_row WHERE matter = ? AND layer = 0", [matter.id])
        guard let row else { return CaseSummary(matter.reference) }
        return try CaseSummary(matter.reference, CBOR(decoding: try row.bytes(0)))
    }

    private func replay(
        _ matter: Int64, _ reference: CaseReference, withPending: Bool
    ) throws -> CaseSummary {
        var summary = CaseSummary(reference)
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
            summary.evolve(
                meaning.event, by: read.entry.agency, issuedAt: read.entry.issuedAt,
                position: read.entry.position)
        }
        return summary
    }

    private func needsOverlay() throws -> Bool {
        try database.number(
            """
            SELECT EXISTS (SELECT 1 FROM entry WHERE position IS NULL)
                OR EXISTS (SELECT 1 FROM case_row WHERE layer = 1)
            """) == 1
    }

    private func overlay(_ matter: Int64, _ reference: CaseReference) throws {
        try database.run("DELETE FROM case_row WHERE matter = ? AND layer = 1", [matter])
        let hasPending = try database.row(
            "SELECT 1 FROM entry WHERE matter = ? AND position IS NULL AND kind <> 10 LIMIT 1",
            [matter])
        guard hasPending != nil else { return }
        let summary = try replay(matter, reference, withPending: true)
        try write(summary, matter, layer: .withPending)
    }

    private func write(_ summary: CaseSummary, _ matter: Int64, layer: ViewSchema.Layer) throws {
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
