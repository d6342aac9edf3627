import EventLogs
import SQLiteStore
import TallystickPrimitives
import TallystickTesting
import Testing

/// What did not come back of an own log is shown until it is destroyed by order, and no longer.
@Suite struct LostPartsTests {
    @Test func whatIsDestroyedSinceIsNoLoss() throws {
        var bench = try NodeBench()
        let placed = try bench.append(2)
        let lost = try placed.map { statement in
            LostPart(
                index: statement.index, compartment: try #require(statement.compartments.first).id, label: "record",
                loss: .content)
        }
        let own = bench.log.origin
        for _ in 0..<2 { try bench.store.noteLost(lost) }
        #expect(try bench.store.lostParts(of: own, limit: 10) == lost)
        #expect(try bench.store.lostParts(of: own, limit: 1) == [lost[0]])
        #expect(try bench.store.lostCount(of: own) == 2)

        func erase(_ part: LostPart, in log: Origin) throws {
            let address = CompartmentAddress(origin: log, index: part.index, compartment: part.compartment)
            try bench.store.erase([
                ErasedParts(
                    origin: log, stream: placed[0].statement.payload.stream, compartments: [address], grants: [])
            ])
        }
        // What another log says is destroyed at the same place is another thing.
        try erase(lost[0], in: try #require(Origin("other.example/log")))
        #expect(try bench.store.lostParts(of: own, limit: 10) == lost)
        try erase(lost[0], in: own)
        #expect(try bench.store.lostParts(of: own, limit: 10) == [lost[1]])
        #expect(try bench.store.lostCount(of: own) == 1)
    }
}
