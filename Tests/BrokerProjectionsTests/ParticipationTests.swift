import BrokerProjections
import EventLogs
import Replication
import TallystickPrimitives
import Testing

private let police: AgencyCode = "northshire-police"
private let council: AgencyCode = "marlow-vale-council"
private let housing: AgencyCode = "harbour-homes"

@Suite struct ParticipationTests {
    private func entry(_ agency: AgencyCode, in world: World) throws -> ParticipationEntry {
        let entries = try world.folded { try $0.participation() }
        return try #require(entries.first { $0.agency == agency })
    }

    @Test func acceptedAndRefusedStatementsAreCounted() throws {
        var world = World()
        try world.admit(police, stream: world.stream())
        try world.admit(police, stream: world.stream(), verdict: .refused("epoch"))
        world.now = world.now.adding(seconds: 7)
        try world.admit(police, stream: world.stream())
        let entry = try entry(police, in: world)
        #expect(entry.accepted == 2)
        #expect(entry.refused == 1)
        #expect(entry.lastStatementAt == world.now)
        #expect(entry.requestsReceived == 0)
    }

    @Test func anAnswerIsInTimeUntilItIsDueAndCountsOnce() throws {
        var world = World()
        let due = world.now.adding(seconds: 10)
        let asks = try (0..<4).map { _ in
            try world.admit(police, .request(asked: council, due: due), stream: world.stream())
        }
        func answer(_ request: Statement) throws -> ControlBody {
            .answer(origin: try World.origin(police), request: request.eventID)
        }
        // Nobody else's answer stops the clock, and no refused one.
        try world.admit(housing, try answer(asks[1]), stream: world.stream())
        try world.admit(
            council, try answer(asks[1]), stream: world.stream(), verdict: .refused("circle"))
        world.now = due
        try world.admit(council, try answer(asks[0]), stream: world.stream())
        world.now = due.adding(seconds: 1)
        try world.admit(council, try answer(asks[0]), stream: world.stream())
        try world.admit(council, try answer(asks[1]), stream: world.stream())
        let entry = try entry(council, in: world)
        #expect(entry.requestsReceived == 4)
        #expect(entry.answeredInTime == 1)
        #expect(entry.answeredLate == 1)
        #expect(entry.unanswered == 2)
    }

    @Test func aRefusedRequestWasNotReceived() throws {
        var world = World()
        try world.admit(
            police, .request(asked: council, due: world.now), stream: world.stream(),
            verdict: .refused("circle"))
        let entries = try world.folded { try $0.participation() }
        #expect(entries.map(\.agency) == [police])
    }

    @Test func anAgencyThatWasAskedAndNeverSpokeIsListed() throws {
        var world = World()
        try world.admit(
            police, .request(asked: council, due: world.now), stream: world.stream())
        let entry = try entry(council, in: world)
        #expect(entry.lastStatementAt == nil)
        #expect(entry.accepted == 0)
        #expect(entry.unanswered == 1)
    }
}
