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
    /// Who leads the cases whose lead ever changed.
    let leads: [CaseReference: LeadOrder]
    private var names: [String: Int64] = [:]
    var matters: [CaseReference: Int64] = [:]
    var summaries: [Int64: CaseSummary] = [:]
    var namedStreams: [StreamPlace: Int64] = [:]
    var stale: [Int64: CaseReference] = [:]
    var touched: [Int64: CaseReference] = [:]
    var unclaimed: Set<StreamPlace> = []
    var unclaimedPending: Set<StreamPlace> = []
    private var entries: ViewInsert
    private let search: SearchIndex
    private var wordChanges: [SearchIndex.Change] = []
    var hasRefused: Bool
    var hasPending: Bool

    /// A stream is its log's: two logs may use one identifier.
    struct StreamPlace: Hashable {
        let origin: Int64
        let stream: StreamID
    }

    init(_ database: Database, leads: [CaseReference: LeadOrder], search: SearchIndex) throws {
        self.database = database
        self.leads = leads
        self.search = search
        entries = try ViewInsert(
            """
            INSERT INTO entry (origin, leaf, position, agency, stream, sequence, event, kind, type,
                issued, naming, matter, about, opened, withheld, control)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (origin, leaf) DO NOTHING
            """, in: database)
        hasRefused = try database.number("SELECT EXISTS (SELECT 1 FROM refused)") == 1
        hasPending =
            try database.number("SELECT EXISTS (SELECT 1 FROM entry WHERE position IS NULL)") == 1
    }

    /// Adds one admitted entry; an entry already there is replaced by what is known of it now.
    mutating func fold(_ prepared: PreparedEvent) throws {
        let (entry, meaning) = (prepared.entry, prepared.meaning)
        let origin = try name(entry.origin.text)
        var earlier = Removed.nothing
        let matter = try matter(of: meaning, entry, origin: origin)
        if try !insert(prepared, origin: origin, matter: matter?.id) {
            earlier = try remove(origin: origin, leaf: entry.leaf)
            // Where what was there named the case, `finish` gives this one to another.
            _ = try insert(prepared, origin: origin, matter: matter?.id)
        }
        if let matter {
            touched[matter.id] = matter.reference
            if earlier == .admitted { stale[matter.id] = matter.reference }
            try summarise(entry, try event(of: prepared, origin: origin), matter)
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
        guard try !isRefused(entry.eventID) else { return }
        let place = StreamPlace(origin: origin, stream: entry.stream)
        var matter: Matter?
        if let reference = prepared.meaning.reference {
            matter = (try self.matter(reference), reference)
        } else if prepared.meaning.naming == .inherits {
            matter = try pendingMatter(place)
        }
        guard try insert(prepared, origin: origin, matter: matter?.id) else { return }
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
        for matter in try dropPending(event) { try touch(matter: matter) }
    }

    /// Takes an event out of what is pending; gives the cases in which it was admitted.
    mutating func dropPending(_ event: EventID) throws -> Set<Int64> {
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
        return matters
    }

    /// Writes the rows of the cases that were touched; the words follow when the transaction is committed.
    mutating func finish() throws {
        search.apply(wordChanges, after: database)
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
    /// Inserts an entry, unless its place is taken; tells whether it was free.
    private mutating func insert(_ prepared: PreparedEvent, origin: Int64, matter: Int64?) throws -> Bool {
        let (entry, meaning) = (prepared.entry, prepared.meaning)
        entries.add(origin)
        entries.add(entry.leaf.stored)
        entries.add(entry.position?.stored)
        entries.add(try name(entry.agency.text))
        entries.add(entry.stream.bytes)
        entries.add(entry.sequence.stored)
        entries.add(entry.eventID.bytes)
        entries.add(entry.kind.rawValue.stored)
        entries.add(try meaning.type.map { try name($0.text) })
        entries.add(entry.issuedAt.milliseconds)
        entries.add(meaning.naming.rawValue)
        entries.add(matter)
        entries.add(meaning.about?.bytes)
        entries.add(entry.opened)
        entries.add(prepared.withheld)
        entries.add(prepared.control)
        guard try entries.insert() else { return false }
        let id = database.lastInsertedRowID
        for report in try event(of: prepared, origin: origin) == nil ? [] : meaning.reports {
            try database.run(
                "INSERT OR IGNORE INTO opened_from (report, entry) VALUES (?, ?)",
                [report.blob, id])
        }
        for source in meaning.sources {
            try database.run("INSERT OR IGNORE INTO derived (source, entry) VALUES (?, ?)", [source.blob, id])
        }
        if let taken = entry.control.takenBack {
            let log = try taken.endedLog.map { try name($0.text) } ?? origin
            for leaf in taken.leaves {
                try database.run(
                    "INSERT OR IGNORE INTO taken_back (origin, leaf, entry) VALUES (?, ?, ?)", [log, leaf.stored, id])
            }
        }
        if !prepared.words.words.isEmpty {
            let found = WordIndex.Found(entry: id, issued: entry.issuedAt.milliseconds)
            wordChanges.append(.added(found, prepared.words))
        }
        return true
    }

    /// What a list of cases shows of an entry; nil also for one that is given again from before.
    private func event(of prepared: PreparedEvent, origin: Int64) throws -> CaseworkEvent? {
        guard let event = prepared.meaning.event, !prepared.meaning.sources.isEmpty else {
            return prepared.meaning.event
        }
        return try database.isGivenEarlier(prepared.entry, origin: origin) ? nil : event
    }

    /// Which layer an entry was in.
    private enum Removed { case nothing, pending, admitted }

    private mutating func remove(origin: Int64, leaf: UInt64) throws -> Removed {
        let row = try database.row(
            """
            SELECT id, matter, stream, naming, position IS NULL FROM entry
            WHERE origin = ? AND leaf = ?
            """, [origin, leaf.stored])
        guard let row else { return .nothing }
        let id: Int64 = row[0]
        let matter: Int64? = row[1]
        let isPending: Bool = row[4]
        wordChanges.append(.removed(id))
        try database.run("DELETE FROM entry WHERE id = ?", [id])
        try database.run("DELETE FROM opened_from WHERE entry = ?", [id])
        try database.run("DELETE FROM derived WHERE entry = ?", [id])
        try database.run("DELETE FROM taken_back WHERE entry = ?", [id])
        if row[3] == ViewSchema.Naming.named.rawValue {
            let place = StreamPlace(origin: origin, stream: try row.id(2))
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
