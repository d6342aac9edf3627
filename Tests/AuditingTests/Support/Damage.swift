import Auditing
import EventLogs
import Partnership
import Replication
import SignedStatements
import TallystickPrimitives
import Testing
import TransparencyLog

/// A fetched bundle as parsed pages, to be damaged and audited.
struct Damage {
    var partnership: SyntheticPartnership
    var pages: [FeedPage]
    var notes: [Origin: [UInt8]]
    /// Files of receipts that parties were given.
    var receipts: [[UInt8]] = []

    init(_ partnership: SyntheticPartnership) throws {
        self.partnership = partnership
        pages = partnership.register.pages
        notes = partnership.register.logNotes
        notes[partnership.register.origin] = try partnership.register.note(
            at: partnership.register.tree.size)
    }

    var bundle: MemoryAuditBundle {
        MemoryAuditBundle(
            pages: pages.map(\.encoded), heads: HeadNotes(notes: notes).encoded,
            fetchedAt: partnership.now.adding(seconds: 3600), receipts: receipts)
    }

    func audited() throws -> AuditReport {
        let (bundle, roster) = (bundle, try partnership.roster())
        var nobody = Nobody()
        var replay = try AuditReplay(roster: roster, headNotes: bundle.heads, fetchedAt: bundle.fetchedAt)
        for page in bundle.pages { replay.take(AuditPage(decoding: page, roster: roster), observer: &nobody) }
        for part in bundle.receipts { replay.take(receipts: part) }
        return replay.finish()
    }

    /// The findings as short lines: log, index, code.
    func findings() throws -> [String] { try audited().findings.map(\.short) }

    var register: Origin { partnership.register.origin }

    /// Where an entry stands: page, place in the page.
    func place(of log: Origin, _ index: LeafIndex) throws -> (page: Int, entry: Int) {
        for (page, content) in pages.enumerated() {
            for (number, entry) in content.entries.enumerated() where entry.index == index {
                if try Statement(decoding: entry.statement.bytes).origin == log {
                    return (page, number)
                }
            }
        }
        throw NoSuchPlace()
    }

    mutating func changeEntry(
        _ place: (page: Int, entry: Int), _ change: (FeedEntry) throws -> FeedEntry
    ) rethrows {
        var entries = pages[place.page].entries
        entries[place.entry] = try change(entries[place.entry])
        setEntries(entries, of: place.page)
    }

    mutating func setEntries(_ entries: [FeedEntry], of page: Int) {
        let old = pages[page]
        pages[page] = FeedPage(
            from: old.from, leaves: old.leaves, headNote: old.headNote, entries: entries)
    }

    mutating func setLeaves(_ leaves: [[UInt8]], of page: Int) {
        let old = pages[page]
        pages[page] = FeedPage(
            from: old.from, leaves: leaves, headNote: old.headNote, entries: old.entries)
    }
}

struct NoSuchPlace: Error {}

/// Looks on at nothing.
struct Nobody: AuditObserver { mutating func take(_ step: AuditStep) {} }

extension AuditFinding {
    /// Log, index and code, such as `northshire-police 4 wrap`.
    var short: String {
        let name = log.text.split(separator: ".").first.map(String.init) ?? ""
        return "\(name) \(index.map { String($0.value) } ?? "-") \(kind.code)"
    }
}

/// Bytes with one bit turned.
func flipped(_ bytes: [UInt8], bit: Int) -> [UInt8] {
    var result = bytes
    result[bit / 8] ^= 1 << UInt8(bit % 8)
    return result
}
