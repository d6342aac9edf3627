import Replication
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import BrokerService

/// What parties ask the witnesses about their own logs waits at the broker, within bounds.
@Suite("Queries about one's own log") struct HeadQueriesTests {
    private let entropy = SeededEntropy(seed: 11)
    private let now = Timestamp(wholeSeconds: 1_772_355_000)
    private let witness: AgencyCode = "county-archive"

    private func query(_ log: String = "harbour.example/log") throws -> HeadQuery {
        let origin = try #require(Origin(log))
        return try #require(HeadQuery(origin: origin, nonce: entropy.bytes(count: HeadQuery.nonceByteCount)))
    }

    @Test("Each witness is asked until it has answered, and the asker is given what was answered")
    func answered() throws {
        var queries = HeadQueries()
        let asked = try query()
        #expect(queries.ask(asked, at: now).testimonies.isEmpty)
        #expect(queries.waiting(for: witness, at: now) == [asked])
        let testimony = try HeadTestimony.sign(asked, note: nil, with: SigningKey(from: entropy))
        queries.take(testimony, to: asked, by: witness)
        #expect(queries.waiting(for: witness, at: now).isEmpty)
        #expect(queries.waiting(for: "northshire-fire", at: now) == [asked])
        #expect(queries.ask(asked, at: now).testimonies == [testimony])
        // An answer to what nobody asks is nobody's.
        queries.take(testimony, to: try query("other.example/log"), by: witness)
        #expect(queries.waiting(for: "northshire-fire", at: now) == [asked])
    }

    @Test("Of one log the newest wait, for a while, and no answer is longer than a note") func bounded() throws {
        var queries = HeadQueries()
        let asked = try (0...Limits.headQueryCount).map { _ in try query() }
        for query in asked { _ = queries.ask(query, at: now) }
        #expect(Set(queries.waiting(for: witness, at: now)) == Set(asked.suffix(Limits.headQueryCount)))
        let last = try #require(asked.last)
        for extra in 0...1 {
            let note = [UInt8](repeating: 7, count: Limits.testimonyNoteByteCount + 1 - extra)
            queries.take(HeadTestimony(note: note, signature: []), to: last, by: witness)
            #expect(queries.ask(last, at: now).testimonies.count == extra)
        }
        for number in 0...Limits.testimonyCount {
            let peer = try #require(AgencyCode("agency-\(number)"))
            queries.take(HeadTestimony(note: nil, signature: [1]), to: last, by: peer)
        }
        #expect(queries.ask(last, at: now).testimonies.count == Limits.testimonyCount)
        let end = now.adding(seconds: Limits.headQuerySeconds)
        #expect(queries.waiting(for: "northshire-fire", at: end).count == Limits.headQueryCount)
        #expect(queries.waiting(for: "northshire-fire", at: end.adding(seconds: 1)).isEmpty)
    }
}
