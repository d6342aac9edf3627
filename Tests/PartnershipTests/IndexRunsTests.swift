import EventLogs
import Partnership
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing

/// Indexes in runs: what everybody keeps of what an agency stands by.
@Suite struct IndexRunsTests {
    @Test func theyHoldWhatWasTakenInInAsFewRunsAsItHas() throws {
        try checkProperty(cases: 200) { (generator: inout Generator) in
            var runs = IndexRuns()
            var naive: Set<UInt64> = []
            for _ in 0..<generator.int(in: 0...12) {
                let start = UInt64(generator.int(in: 0...40))
                let run = start...(start + UInt64(generator.int(in: 0...9)))
                runs.insert(run)
                naive.formUnion(run)
            }
            for index in 0...60 as ClosedRange<UInt64> { #expect(runs.contains(index) == naive.contains(index)) }
            #expect(zip(runs.runs, runs.runs.dropFirst()).allSatisfy { $0.upperBound + 1 < $1.lowerBound })
        }
    }

    @Test func theLargestIndexHasItsPlace() {
        var runs = IndexRuns()
        for run in [3...4, UInt64.max...UInt64.max, 0...0, UInt64.max - 1...UInt64.max, 1...2] as [ClosedRange<UInt64>]
        {
            runs.insert(run)
        }
        #expect(runs.runs == [0...4, UInt64.max - 1...UInt64.max])
        runs.insert(0...UInt64.max)
        #expect(runs.runs == [0...UInt64.max] && runs.contains(.max))
    }

    @Test func aLogStandsByABoundedNumberOfRuns() throws {
        var founding = try Founding.joined()
        let keyID = founding.police.statementKey.publicKey.keyID
        founding.police.statementKey = SigningKey(from: founding.entropy)
        try founding.add(\.police, founding.police.keySet)
        try founding.add(\.police, .revoke(RevokeControl(keyID: keyID, compromisedAfter: .empty)))
        func reaffirm(_ runs: [ClosedRange<UInt64>]) throws -> Statement {
            try founding.police.statement(
                .reaffirm(ReaffirmControl(keyID: keyID, indexes: runs)), event: founding.event())
        }
        let perStatement = UInt64(Limits.reaffirmedRunCount)
        let last = LeafIndex(1 << 40)
        for part in 0..<UInt64(Limits.reaffirmedTotalCount) / perStatement {
            let runs = (part * perStatement..<(part + 1) * perStatement).map { $0 * 2...$0 * 2 }
            let statement = try reaffirm(runs)
            #expect(founding.fault(of: statement, index: last) == nil)
            try founding.roster.fold(statement, at: TreeSize(founding.position), compartments: [])
        }
        let held = founding.roster.reaffirmed[founding.police.origin]?[keyID]
        #expect(held?.runs.count == Limits.reaffirmedTotalCount)
        #expect(founding.fault(of: try reaffirm([1...1]), index: last) == .reaffirmLimit)
    }
}
