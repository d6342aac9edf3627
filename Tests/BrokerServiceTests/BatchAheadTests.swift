import EventLogs
import HTTPTransport
import Replication
import SQLiteStore
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import BrokerService

private let police = CountyFixture.police
private let council = CountyFixture.council

/// One batch is judged on top of another that is still on its way to the disk: nothing of that shows.
@Suite struct BatchAheadTests {
    @Test func nothingIsSeenBeforeTheDiskHasIt() async throws {
        try await BrokerUnderTest.run { broker in
            let (first, second) = try await broker.twoPushes()
            let before = await broker.keeper.size
            let answered = Tally()
            let (keeper, disk) = (broker.keeper, broker.disk)
            disk.hold()
            let pushing = { @Sendable (push: PushRequest) async throws -> PushAnswer in
                defer { answered.add() }
                return try await keeper.push(push, by: police)
            }
            async let firstAnswer = pushing(first)
            try await keeper.judged(before.value + 1)
            // It comes again while it is on its way to the disk.
            async let repeatedAnswer = pushing(first)
            try await Task.sleep(for: .milliseconds(50))
            async let secondAnswer = pushing(second)
            try await Task.sleep(for: .milliseconds(50))
            #expect(answered.count == 0)
            #expect(await keeper.size == before)
            #expect(try await broker.feed(of: council, from: before).leaves.isEmpty)
            disk.release()
            let answers = try await [firstAnswer, repeatedAnswer, secondAnswer]
            let positions = answers.flatMap { $0.receipts.map { $0.position } }
            #expect(positions == [before.value, before.value, before.value + 1])
            #expect(await keeper.size.value == before.value + 2)
        }
    }

    /// The second push continues the first, and the first does not get to the disk: the second finds a gap, and the broker
    /// goes on.
    @Test func whatWasJudgedOnTopOfABatchThatFailedIsJudgedAnew() async throws {
        try await BrokerUnderTest.run { broker in
            let (first, second) = try await broker.twoPushes()
            let before = await broker.keeper.size
            let (keeper, disk) = (broker.keeper, broker.disk)
            disk.hold()
            disk.fail(with: .full)
            async let failed = problem { _ = try await keeper.push(first, by: police) }
            try await keeper.judged(before.value + 1)
            async let onTop = problem { _ = try await keeper.push(second, by: police) }
            try await keeper.judged(before.value + 2)
            disk.release()
            #expect(await failed?.status == 507)
            #expect(await onTop?.code == "log-gap")
            disk.fail(with: nil)
            #expect(await keeper.size == before)
            for push in [first, second] { try await broker.accepted(push, by: police) }
            #expect(await keeper.size.value == before.value + 2)
        }
    }

    /// After an answer got lost, nodes push again what is registered: there is nothing to write, and everybody is answered.
    @Test func manyRepeatedPushesAreAllAnswered() async throws {
        try await BrokerUnderTest.run { broker in
            let matter = try await broker.openMatter(by: police)
            for _ in 0..<300 { try broker.county.record(in: matter, by: police) }
            let push = try broker.county.push(of: police)
            let count = try await broker.accepted(push, by: police)
            let keeper = broker.keeper
            let checked = try await PushCheck(
                request: push, roster: await keeper.roster,
                known: TreeSize(push.firstIndex.value + UInt64(push.statements.count))
            ).checked()
            let answers = await withTaskGroup(of: RegisterQueue.Outcome.self) { group in
                for _ in 0..<4 { group.addTask { await keeper.registered(checked, by: police) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(try answers.map { try $0.get().entries.count } == [count, count, count, count])
        }
    }

    /// Nobody knows what the disk holds: everybody is told, and the broker ends, so that a start finds out.
    @Test func anUnknownOutcomeEndsTheBroker() async throws {
        try await BrokerUnderTest.run { broker in
            let matter = try await broker.openMatter(by: police)
            try broker.county.record(in: matter, by: police)
            let push = try broker.county.push(of: police)
            let keeper = try await broker.idleKeeper()
            let running = Task { try await keeper.run() }
            broker.disk.fail(with: .flushFails)
            let told = await problem { _ = try await keeper.push(push, by: police) }
            #expect(told?.code == BrokerProblem.store(.outcomeUnknown).code)
            await #expect(throws: EventStoreError.outcomeUnknown) { try await running.value }
            let later = await problem { _ = try await keeper.push(push, by: police) }
            #expect(later != nil)
            broker.disk.fail(with: nil)
        }
    }
}

extension BrokerUnderTest {
    /// Two pushes of the police, one after the other in its log.
    fileprivate mutating func twoPushes() async throws -> (first: PushRequest, second: PushRequest) {
        let matter = try await openMatter(by: police)
        try county.record(in: matter, by: police)
        let first = try county.push(of: police)
        try county.record(in: matter, by: police)
        return (first, try county.push(of: police))
    }
}

extension RegisterKeeper {
    /// Waits until so many leaves have been judged, on the disk or not.
    fileprivate func judged(_ count: UInt64) async throws {
        while state.tree.size.value < count { try await Task.sleep(for: .milliseconds(5)) }
    }
}

/// The problem that an answer is, if it is one.
private func problem(_ body: @Sendable () async throws -> Void) async -> ProblemDetails? {
    do { try await body() } catch { return error as? ProblemDetails }
    return nil
}
