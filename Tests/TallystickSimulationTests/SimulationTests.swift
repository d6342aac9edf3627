import Foundation
import TallystickPrimitives
import TallystickSimulation
import Testing

/// Counties in virtual time, from pinned seeds: what ./dev simulate runs by the thousand.
@Suite("A county in virtual time", .serialized) struct SimulationTests {
    /// The county that every world begins with; founded once.
    private static let county = Task { () throws -> FoundedCounty in
        var template = (NSTemporaryDirectory() + "ts-simulation-XXXXXX").utf8CString.map { $0 }
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try await FoundedCounty(
            project: project.path,
            scratch: String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    private func run(
        _ seed: UInt64, events: Int, _ change: (inout SimulationRun) -> Void = { _ in }
    ) async throws -> SimulationOutcome {
        var run = SimulationRun(try await SimulationTests.county.value)
        run.eventCount = events
        change(&run)
        return try await run.run(seed: seed)
    }

    /// A red seed is put here first, then mended.
    @Test(arguments: [2, 3, 5, 1_003, 1_006] as [UInt64])
    func pinnedSeedsAreSound(seed: UInt64) async throws {
        let outcome = try await run(seed, events: 20)
        #expect(outcome.violation == nil)
        #expect(outcome.misconduct == nil || outcome.isReported)
    }

    @Test func theSameSeedDoesTheSame() async throws {
        let (first, second) = (try await run(11, events: 15), try await run(11, events: 15))
        #expect(first.digest == second.digest)
        #expect(try await run(12, events: 15).digest != first.digest)
    }

    @Test(arguments: Misconduct.allCases) func everyMisconductIsReported(_ misconduct: Misconduct) async throws {
        var swarm = Swarm()
        swarm.agencyCount = 3
        var wasSeen = false
        for seed in 1...6 as ClosedRange<UInt64> where !wasSeen {
            let outcome = try await run(seed, events: 8) {
                $0.swarm = swarm
                $0.misconduct = misconduct
            }
            #expect(outcome.violation == nil)
            if outcome.misconduct == nil { continue }
            wasSeen = true
            #expect(outcome.isReported)
        }
        #expect(wasSeen, "the script found its moment")
    }

    /// Faults that meet one another: disks that come back old, while witnesses make heads final.
    @Test func restoredNodesGoOn() async throws {
        var swarm = Swarm()
        swarm.witnesses = .enough
        swarm.restoresCopies = true
        let outcome = try await run(31, events: 80) { $0.swarm = swarm }
        #expect(outcome.violation == nil && outcome.reports == [])
    }

    @Test func whereNobodyMisbehavesNothingIsReported() async throws {
        let outcome = try await run(21, events: 15) { $0.swarm = Swarm() }
        #expect(outcome.violation == nil && outcome.reports == [])
    }

    /// The checks must be able to fail: each of these breaks something that one of them is there for.
    @Test(arguments: Sabotage.allCases) func sabotageIsNoticed(_ sabotage: Sabotage) async throws {
        var swarm = Swarm()
        swarm.crashesNodes = sabotage == .nodeSkipsFlushes
        swarm.crashesBroker = sabotage == .brokerSkipsFlushes
        swarm.restoresCopies = sabotage == .secondStoreGoesBack
        if sabotage == .followerSkipsChecks { swarm.misconduct = .secondRegister }
        if sabotage == .listsMoreWitnesses { swarm.witnesses = .tooFew }
        if sabotage == .witnessChecksNothing { swarm.witnesses = .enough }
        let words: [Sabotage: String] = [
            .nodeSkipsFlushes: "lost", .brokerSkipsFlushes: "head-store-ahead", .followerSkipsChecks: "nobody reported",
            .brokerMisroutes: "compartment-not-for-us", .leavesWordsInTheClear: "in the clear",
            .secondStoreGoesBack: "lost", .listsMoreWitnesses: "too few witnesses",
            .witnessChecksNothing: "two heads",
        ]
        var found: [String] = []
        for seed in 1...6 as ClosedRange<UInt64> where found.isEmpty {
            let outcome = try await run(seed, events: sabotage == .secondStoreGoesBack ? 120 : 40) {
                $0.swarm = swarm
                $0.sabotage = sabotage
            }
            if let violation = outcome.violation { found.append(violation) }
        }
        let word = try #require(words[sabotage])
        #expect(found.contains { $0.contains(word) }, "\(found)")
    }
}
