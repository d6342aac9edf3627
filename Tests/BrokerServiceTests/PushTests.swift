import EventLogs
import HTTPTransport
import Partnership
import Replication
import SQLiteStore
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import BrokerService

/// What agencies push, through the broker's interface and onto a real disk.
@Suite struct PushTests {
    private let police = CountyFixture.police
    private let council = CountyFixture.council

    @Test func pushesOfSeveralAgenciesAtOnceAreAllRegisteredAndReceipted() async throws {
        try await BrokerUnderTest.run { broker in
            let before = await broker.keeper.size
            var requests: [(AgencyCode, PushRequest)] = []
            for code in CountyFixture.agencies {
                let matter = CountyFixture.Matter(
                    stream: StreamID(from: broker.county.entropy), epoch: EpochID(from: broker.county.entropy),
                    seen: try await broker.seen())
                try broker.county.open(matter, by: code, with: CountyFixture.agencies)
                // More than one task checks, and not a whole number of them.
                for _ in 0..<2 * Limits.checkedTogetherCount { try broker.county.record(in: matter, by: code) }
                requests.append((code, try broker.county.push(of: code)))
            }
            let still = broker
            let count = try await withThrowingTaskGroup(of: Int.self) { group in
                for (code, request) in requests { group.addTask { try await still.accepted(request, by: code) } }
                return try await group.reduce(0, +)
            }
            #expect(count == requests.count * (2 * Limits.checkedTogetherCount + 1))
            #expect(await broker.keeper.size.value == before.value + UInt64(count))
            try await resumes(broker)
            #expect(try broker.store.verifyAll().isEmpty)
        }
    }

    /// What is on the disk gives the same register again, judged anew on all cores and on one.
    private func resumes(_ broker: BrokerUnderTest) async throws {
        let loading = RegisterLoading(store: broker.store, origin: broker.origin, bootstrap: broker.bootstrap)
        let seen = try await broker.seen()
        let (parallel, note) = try await loading.loadOnAllCores()
        let (serial, _) = try loading.load()
        #expect(parallel.head(origin: broker.origin).root == seen.root)
        #expect(serial.head(origin: broker.origin).root == seen.root)
        #expect(try UnverifiedTreeHead(parsing: note).claimed.size == seen.size)
    }

    @Test func whatWaitsTogetherIsRegisteredTogetherAndARepetitionGetsTheSamePlaces() async throws {
        try await BrokerUnderTest.run { broker in
            let matter = try await broker.openMatter(by: police)
            try broker.county.record(in: matter, by: police)
            let first = try broker.county.push(of: police)
            try broker.county.record(in: matter, by: police)
            let second = try broker.county.push(of: police)
            let before = await broker.keeper.size
            let roster = await broker.keeper.roster
            let known = TreeSize(first.firstIndex.value)
            // The second follows the first within one group, and the first comes twice.
            let pushes = try await [
                PushCheck(request: first, roster: roster, known: known).checked(),
                PushCheck(request: second, roster: roster, known: TreeSize(known.value + 1)).checked(),
                PushCheck(request: first, roster: roster, known: known).checked(),
            ]
            let keeper = try await broker.idleKeeper()
            let outcomes = await withTaskGroup(of: (Int, RegisterQueue.Outcome)?.self) { group in
                for (number, push) in pushes.enumerated() {
                    group.addTask { (number, await keeper.registered(push, by: "northshire-police")) }
                    while await keeper.waitingCount <= number { await Task.yield() }
                }
                group.addTask {
                    try? await keeper.run()
                    return nil
                }
                var outcomes: [Int: RegisterQueue.Outcome] = [:]
                while outcomes.count < pushes.count, let next = await group.next() {
                    if let (number, outcome) = next { outcomes[number] = outcome }
                }
                group.cancelAll()
                return outcomes
            }
            let places = try (0..<3).map { try #require(outcomes[$0]).get().entries.map(\.position) }
            #expect(places == [[before.value], [before.value + 1], [before.value]])
            let proofs = try (0..<3).map { try #require(outcomes[$0]).get().entries[0].proofs.size.value }
            #expect(proofs == [before.value + 2, before.value + 2, before.value + 2], "under one head")
            #expect(await keeper.size.value == before.value + 2)
            let again = try await PushCheck(request: first, roster: roster, known: TreeSize(known.value + 2)).checked()
            #expect(again.submissions.isEmpty)
        }
    }

    @Test func aGroupHoldsWhatOneTransactionMayAndAtLeastOnePush() async throws {
        let origin = try #require(Origin("somebody.example/log"))
        func push(_ count: Int) async throws -> CheckedPush {
            let statement = CarriedStatement(bytes: [1], compartments: [], grants: [])
            let request = PushRequest(
                origin: origin, firstIndex: LeafIndex(0),
                statements: [CarriedStatement](repeating: statement, count: count), headNote: [])
            return try await PushCheck(
                request: request, roster: Roster(fingerprint: .zero), known: TreeSize(UInt64(count))
            ).checked()
        }
        let limit = Limits.registeredTogetherCount
        for (counts, expected) in [([limit - 1, 1], [2]), ([limit, 1], [1, 1]), ([limit + 1, 1], [1, 1])] {
            var pushes: [CheckedPush] = []
            for count in counts { pushes.append(try await push(count)) }
            var queue = RegisterQueue()
            var taken: [Int] = []
            for push in pushes {
                _ = await withCheckedContinuation { (continuation: CheckedContinuation<RegisterQueue.Outcome, Never>) in
                    queue.append(RegisterQueue.Waiting(entry: .push(push, peer: nil), continuation: continuation))
                    continuation.resume(returning: .failure(BrokerProblem.notFound))
                }
            }
            while queue.count > 0 { taken.append(queue.takeNext().count) }
            #expect(taken == expected)
        }
    }

    @Test func aForkedPushIsRefusedAndNothingIsRegistered() async throws {
        try await BrokerUnderTest.run { broker in
            let matter = try await broker.openMatter(by: police)
            var copy = broker.county
            try broker.county.record(in: matter, by: police)
            try await broker.accepted(try broker.county.push(of: police), by: police)
            let size = await broker.keeper.size
            // The same node, restored from before: other bytes at a place that is registered.
            try copy.write(.record, by: police) { options in
                options.stream = matter.stream
                options.seen = matter.seen
                options.issuedAt = BrokerUnderTest.start.adding(seconds: 7)
            }
            try copy.record(in: matter, by: police)
            let push = try copy.push(of: police)
            // Without a head that the log signed it shows nothing to others, and the log goes on where it stands.
            let unsigned = PushRequest(
                origin: push.origin, firstIndex: push.firstIndex, statements: push.statements, headNote: [])
            let response = await broker.push(unsigned, by: police)
            #expect(response.status == 409)
            #expect(response.problem?.code == "log-fork")
            #expect(await broker.desk.equivocal.isEmpty)
            try broker.county.record(in: matter, by: police)
            let next = try broker.county.push(of: police)
            // With it the broker has both stories signed, and goes on with neither.
            let second = await broker.push(push, by: police)
            #expect(second.status == 409)
            #expect(second.problem?.code == "two-stories")
            #expect(await broker.desk.equivocal == [push.origin])
            #expect(await broker.push(next, by: police).problem?.code == "two-stories")
            #expect(await broker.keeper.size == size)
            #expect(try await broker.feed(of: council, from: size).leaves.isEmpty)
        }
    }

    @Test func anothersLogAGapAndAForeignHeadAreRefusedWhole() async throws {
        try await BrokerUnderTest.run { broker in
            let matter = try await broker.openMatter(by: police)
            let size = await broker.keeper.size
            try broker.county.record(in: matter, by: police)
            let push = try broker.county.push(of: police)
            #expect(await broker.push(push, by: council).problem?.code == "not-your-log")
            try broker.county.record(in: matter, by: police)
            let next = try broker.county.push(of: police)
            #expect(await broker.push(next, by: police).problem?.code == "log-gap")
            let otherHead = PushRequest(
                origin: push.origin, firstIndex: push.firstIndex, statements: push.statements, headNote: next.headNote)
            #expect(await broker.push(otherHead, by: police).problem?.code == "head-mismatch")
            #expect(await broker.keeper.size == size)
            try await broker.accepted(push, by: police)
            try await broker.accepted(next, by: police)
        }
    }
}
