import EventLogs
import Replication
import SignedStatements
import TallystickPrimitives
import Testing
import TransparencyLog

@testable import Auditing

/// What a report lists and what it only counts.
struct TallyTests {
    private let log = Origin("police.example/log")!
    private let other = Origin("council.example/log")!

    @Test func ofOneKindInOneLogTheFirstAreListedAndTheRestCounted() {
        var tally = AuditTally()
        let count = Limits.auditFindingCount
        for index in 0..<UInt64(count + 7) {
            _ = tally.add(AuditFinding(log: log, index: LeafIndex(index), kind: .statementMissing), countedFor: log)
        }
        _ = tally.add(AuditFinding(log: other, index: LeafIndex(1), kind: .statementMissing), countedFor: other)
        _ = tally.add(AuditFinding(log: log, index: LeafIndex(2), kind: .statementChanged), countedFor: log)
        #expect(tally.findings.count == count + 2)
        #expect(tally.findings.prefix(count).map(\.index) == (0..<UInt64(count)).map { LeafIndex($0) })
        #expect(tally.findings.suffix(2).map(\.kind) == [.statementMissing, .statementChanged])
        #expect(tally.unlisted == [UnlistedFindings(log: log, code: "statement-missing", count: 7)])
    }

    @Test func whatTurnsOutToBeSomethingElseIsCountedAsThat() {
        var tally = AuditTally()
        var places: [AuditTally.Place] = []
        for index in 0...UInt64(Limits.auditFindingCount) {
            places.append(
                tally.add(AuditFinding(log: log, index: LeafIndex(index), kind: .secondStatement), countedFor: log))
        }
        _ = tally.add(AuditFinding(log: other, index: LeafIndex(3), kind: .head), countedFor: other)
        tally.rename(places[1], .reordered)
        tally.rename(places[Limits.auditFindingCount], .reordered)
        #expect(tally.findings[1] == AuditFinding(log: log, index: LeafIndex(1), kind: .reordered))
        #expect(tally.findings.last?.kind == .head)
        #expect(tally.unlisted == [UnlistedFindings(log: log, code: "reordered", count: 1)])
    }

    /// Anybody can write receipts that nobody signed, and name whom they like in them.
    @Test func aFloodOfReceiptsThatNobodySignedHidesNothing() throws {
        let scenario = try Scenario.told.get()
        var damage = try Damage(scenario.partnership)
        let stranger = SigningKey(from: scenario.partnership.entropy)
        let place = try damage.place(of: scenario.partnership.police.origin, scenario.record)
        let position = damage.pages[place.page].entries[place.entry].position
        let forged = try damage.receipt(at: position, size: scenario.partnership.register.tree.size, signer: stranger)
        let sound = try damage.receipt(at: position, size: scenario.partnership.register.tree.size)
        damage.proofs = Array(repeating: forged, count: Limits.auditFindingCount + 50) + [sound]
        let police = scenario.partnership.police.origin
        damage.notes[police] = flipped(try #require(damage.notes[police]), bit: 9)
        let report = try damage.audited()
        #expect(report.findings.contains { $0.log == police && $0.kind == .head })
        let receipts = report.findings.filter { $0.kind.code == "receipt" }
        #expect(receipts.allSatisfy { $0.log == damage.register && $0.index == nil })
        #expect(receipts.count == Limits.auditFindingCount && report.receiptCount == 1)
        #expect(report.unlisted == [UnlistedFindings(log: damage.register, code: "receipt", count: 50)])
        #expect(report.text.contains("receipt: 50 more, not listed"))
        #expect(report.json.contains(#""kind":"receipt","count":50"#))
        #expect(report.findingCount == report.findings.count + 50)
    }

    /// A note under each of more logs than anybody has enrolled.
    @Test func aFloodOfMadeUpLogsIsCountedAsOne() throws {
        let scenario = try Scenario.told.get()
        var damage = try Damage(scenario.partnership)
        let note = try #require(damage.notes[scenario.partnership.police.origin])
        for number in 0..<(Limits.auditFindingCount + 30) {
            damage.notes[try #require(Origin("made-up-\(number).example/log"))] = note
        }
        let report = try damage.audited()
        #expect(report.findings.count == Limits.auditFindingCount, "\(Set(report.findings.map(\.kind.code)))")
        #expect(report.unlisted.map(\.log) == [damage.register] && report.unlisted.map(\.count) == [30])
    }
}
