import EventLogs
import Replication
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import Auditing

/// A register goes on from the head that was trusted, or it does not.
@Suite("The tree alone, from a trusted head") struct TreeAuditTests {
    private static func scenario() throws -> SyntheticPartnership { try Scenario.told.get().partnership }

    private static func trusted(_ partnership: SyntheticPartnership, at size: TreeSize) throws -> TreeHead {
        try UnverifiedTreeHead(parsing: try partnership.register.note(at: size)).claimed
    }

    private static func audited(
        _ damage: Damage, trusted: TreeHead? = nil, extra: [[UInt8]] = []
    ) async throws -> TreeAuditReport {
        let partnership = damage.partnership
        var bundle = damage.bundle
        bundle.pages += extra
        return try await TreeAudit.run(
            bundle, roster: try partnership.roster(),
            trusted: try trusted ?? self.trusted(partnership, at: TreeSize(partnership.register.tree.size.value / 2)))
    }

    @Test("Whole: from every size that may have been trusted, and as many statements as an audit finds")
    func whole() async throws {
        let partnership = try Self.scenario()
        let damage = try Damage(partnership)
        let size = partnership.register.tree.size
        for trusted in 1...size.value {
            let report = try await Self.audited(damage, trusted: try Self.trusted(partnership, at: TreeSize(trusted)))
            #expect(report.findings == [] && report.exitCode == 0 && report.leafCount == size.value)
            #expect(report.head?.size == size)
            #expect(report.statementCount == (try damage.audited().statementCount))
        }
    }

    @Test("More pages than are read at the same time, one leaf in each")
    func manyPages() async throws {
        var damage = try Damage(try Self.scenario())
        damage.pages = damage.pages.flatMap { page in
            page.leaves.enumerated().map { offset, leaf in
                let position = page.from.value + UInt64(offset)
                return FeedPage(
                    from: TreeSize(position), leaves: [leaf], headNote: page.headNote,
                    entries: page.entries.filter { $0.position == position })
            }
        }
        try #require(damage.pages.count > 2 * Limits.auditedPageCount)
        let report = try await Self.audited(damage)
        #expect(report.findings == [] && report.head != nil)
    }

    @Test("Another root at the trusted size is another history; a head of another log is refused")
    func otherHistory() async throws {
        let partnership = try Self.scenario()
        let damage = try Damage(partnership)
        let (size, origin) = (TreeSize(5), partnership.register.origin)
        let other = try Self.trusted(partnership, at: TreeSize(6))
        let report = try await Self.audited(damage, trusted: TreeHead(origin: origin, size: size, root: other.root))
        #expect(report.findings.map(\.kind) == [.otherHistory(trusted: size)] && report.exitCode == 2)
        #expect(report.text.contains("two histories"))
        let beyond = TreeSize(partnership.register.tree.size.value + 3)
        let short = try await Self.audited(damage, trusted: TreeHead(origin: origin, size: beyond, root: other.root))
        #expect(short.findings.map(\.kind) == [.cutTail(signed: beyond)])
        await #expect(throws: AuditRefusal.otherRegister(partnership.police.origin)) {
            try await Self.audited(
                damage, trusted: TreeHead(origin: partnership.police.origin, size: size, root: other.root))
        }
    }

    @Test("A page whose number lies at the end of all numbers, or far ahead, is named and stops nothing")
    func numbersWithoutEnd() async throws {
        let partnership = try Self.scenario()
        let damage = try Damage(partnership)
        let leaf = try #require(damage.pages.first?.leaves.first)
        func page(_ from: UInt64) -> [UInt8] {
            FeedPage(from: TreeSize(from), leaves: [leaf], headNote: [], entries: []).encoded
        }
        #expect(throws: WireFault.self) { try PageScan(page(.max)) }
        #expect(try PageScan(page(.max - 1)).leaves.count == 1)
        let next = partnership.register.tree.size.value
        for (from, kind) in [
            (.max, .pageUnreadable(page: damage.pages.count)), (.max - 1, .missingMiddle(next: .max - 1)),
        ] as [(UInt64, AuditFinding.Kind)] {
            let report = try await Self.audited(damage, extra: [page(from), page(from)])
            #expect(report.findings.map(\.kind).contains(kind) && report.leafCount == next, "from \(from)")
        }
    }

    /// Of every third byte of every leaf and of every statement, one bit.
    @Test("No bit of a leaf or of a statement can turn unnoticed")
    func bitFlips() async throws {
        let damage = try Damage(try Self.scenario())
        let roster = try damage.partnership.roster()
        let trusted = try Self.trusted(damage.partnership, at: TreeSize(4))
        let heads = damage.bundle.heads
        let pages = damage.bundle.pages.map { TreePage(hashing: $0) }
        func findings(_ page: Int, _ changed: [UInt8]) throws -> [AuditFinding] {
            var audit = try TreeAudit(roster: roster, headNotes: heads, trusted: trusted)
            for (number, whole) in pages.enumerated() {
                audit.take(number == page ? TreePage(hashing: changed) : whole)
            }
            return audit.finish().findings
        }
        var (count, unnoticed) = (0, 0)
        for (page, bytes) in damage.bundle.pages.enumerated() {
            let scan = try PageScan(bytes)
            for place in scan.leaves.map(\.bytes) + scan.entries.map(\.statement) {
                for byte in stride(from: place.lowerBound + page % 3, to: place.upperBound, by: 3) {
                    let found = try findings(page, flipped(bytes, bit: 8 * byte + (byte + count) % 8))
                    if found.isEmpty { unnoticed += 1 }
                    count += 1
                }
            }
        }
        #expect(count > 3_000 && unnoticed == 0)
    }

    @Test("A page that is missing, cut off, repeated or unreadable; statements that are missing, changed or misplaced")
    func damage() async throws {
        let whole = try Damage(try Self.scenario())
        let last = whole.pages.count - 1
        try #require(last >= 2)
        func kinds(_ change: (inout Damage) throws -> Void) async throws -> [AuditFinding.Kind] {
            var damage = whole
            try change(&damage)
            return try await Self.audited(damage).findings.map(\.kind)
        }
        let next = whole.pages[2].from.value
        #expect(try await kinds { $0.pages.remove(at: 1) } == [.missingMiddle(next: next)])
        let signed = whole.partnership.register.tree.size
        #expect(try await kinds { $0.pages.removeLast() } == [.cutTail(signed: signed)])
        #expect(try await kinds { $0.pages.insert($0.pages[0], at: 1) } == [.pageRepeated(page: 1)])
        #expect(
            try await Self.audited(whole, extra: [[0x80]]).findings.map(\.kind) == [.pageUnreadable(page: last + 1)])
        let page = try #require(whole.pages.firstIndex { $0.entries.count >= 2 })
        let entries = whole.pages[page].entries
        #expect(try await kinds { $0.setEntries(Array(entries.dropFirst()), of: page) } == [.statementMissing])
        #expect(try await kinds { $0.setEntries([entries[0]] + entries, of: page) } == [.repeated])
        let swapped = [entries[0].with(entries[1].statement), entries[1].with(entries[0].statement)]
        #expect(
            try await kinds { $0.setEntries(swapped + entries.dropFirst(2), of: page) }
                == [.statementChanged, .statementChanged])
        #expect(try await kinds { $0.notes[$0.register] = nil } == [.headMissing])
        #expect(try await kinds { $0.notes[$0.register] = flipped($0.notes[$0.register] ?? [], bit: 9) } == [.head])
    }

    @Test("A page is walked over as it is decoded, whatever a bit of it says")
    func scan() throws {
        for page in try Damage(try Self.scenario()).pages {
            let bytes = page.encoded
            let scan = try PageScan(bytes)
            #expect(scan.leaves.map { Array(bytes[$0.bytes]) } == page.leaves)
            let own = page.entries.filter { $0.position == $0.statementPosition }
            #expect(scan.entries.map { Array(bytes[$0.statement]) } == own.map(\.statement.bytes))
            for (leaf, scanned) in zip(page.leaves, scan.leaves) {
                guard case .verdict(let record) = try RegisterLeaf(decoding: leaf) else {
                    #expect(scanned.record == nil)
                    continue
                }
                let place = try #require(scanned.record)
                #expect(String(decoding: bytes[place.origin], as: UTF8.self) == record.origin.text)
                #expect(place.index == record.index.value && Array(bytes[place.leafHash]) == record.leafHash.bytes)
            }
            for bit in stride(from: 0, to: 8 * bytes.count, by: 13) {
                let changed = flipped(bytes, bit: bit)
                if (try? FeedPage(decoding: changed)) != nil { _ = try PageScan(changed) }
            }
        }
    }
}

extension FeedEntry {
    fileprivate func with(_ statement: CarriedStatement) -> FeedEntry {
        FeedEntry(position: position, statementPosition: statementPosition, index: index, statement: statement)
    }
}
