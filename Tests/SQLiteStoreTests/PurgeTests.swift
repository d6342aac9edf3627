import EventLogs
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import SQLiteStore

@Suite struct PurgeTests {
    @Test(arguments: [300, 60_000]) func nothingOfAPurgedCompartmentStays(byteCount: Int) throws {
        var bench = try NodeBench()
        let stream = bench.log.stream()
        let drafts = (0..<3).map { _ in
            bench.log.draft(stream, compartments: 2, byteCount: byteCount)
        }
        try bench.log.append(drafts.map { AppendRequest([$0]) }, to: bench.store)
        let placed = try bench.store.readLog(from: LeafIndex(0), limit: 3)
        let victim = try #require(placed[1].compartments.first)
        let wrap = try #require(victim.wrap)
        let address = bench.address(of: victim, in: placed[1])
        let key = [UInt8]("a wrapped content key".utf8)
        try bench.store.keepContentKeys([
            KeptContentKey(address: address, wrapped: key)
        ])
        let pieces = [
            Array(victim.content.prefix(64)), Array(victim.content.suffix(64)), wrap, key,
        ]
        for piece in pieces { #expect(try bench.directory.contains(piece)) }

        try bench.store.purge([address])

        for piece in pieces { #expect(try !bench.directory.contains(piece)) }
        let after = try bench.store.readLog(from: LeafIndex(0), limit: 3)
        #expect(after.map(\.compartments.count) == [2, 1, 2])
        #expect(after.map(\.statement) == placed.map(\.statement))
        #expect(try bench.store.contentKey(of: address) == nil)
        #expect(try bench.store.verifyAll().isEmpty)
        let survivor = try #require(placed[1].compartments.last)
        #expect(try bench.directory.contains(Array(survivor.content.prefix(64))))
    }

    @Test func whatWasPurgedIsNeverTakenInAgain() throws {
        var bench = try NodeBench()
        let placed = try #require(try bench.append(1).first)
        let victim = try #require(placed.compartments.first)
        let address = bench.address(of: victim, in: placed)
        try bench.store.purge([address])
        try bench.store.purge([address])
        try bench.store.addCompartments([
            LateCompartment(origin: address.origin, index: placed.index, compartment: victim)
        ])
        try bench.store.keepContentKeys([
            KeptContentKey(address: address, wrapped: [1])
        ])
        #expect(try bench.store.contentKey(of: address) == nil)
        let after = try bench.store.readLog(from: LeafIndex(0), limit: 1)
        #expect(after.map(\.compartments) == [[]])
    }

    @Test func aCompartmentOfTheSameNameElsewhereStays() throws {
        var bench = try NodeBench()
        let placed = try #require(try bench.append(1).first)
        let own = bench.address(of: try #require(placed.compartments.first), in: placed)
        let other = try #require(Origin("other.example/log"))
        let elsewhere = [
            CompartmentAddress(origin: other, index: own.index, compartment: own.compartment),
            CompartmentAddress(origin: own.origin, index: LeafIndex(7), compartment: own.compartment),
        ]
        for place in elsewhere {
            try bench.store.keepContentKeys([
                KeptContentKey(address: own, wrapped: [1]), KeptContentKey(address: place, wrapped: [2]),
            ])
            try bench.store.purge([place])
            #expect(try bench.store.readLog(from: LeafIndex(0), limit: 1) == [placed])
            #expect(try bench.store.contentKey(of: own) == [1])
            #expect(try bench.store.contentKey(of: place) == nil)
        }
    }

    @Test func purgedGrantsLeaveNoTrace() throws {
        var bench = try NodeBench()
        let placed = try #require(try bench.append(1).first)
        let grant = try #require(placed.grants.first)
        #expect(try bench.directory.contains(grant))
        try bench.store.purgeGrants(of: placed.index, origin: bench.log.origin)
        #expect(try !bench.directory.contains(grant))
    }

    /// An erasure takes grants and the circle's keys along, in the file and in the log beside it; none of them comes back.
    @Test func whatIsErasedLeavesNoTraceAndStaysOut() throws {
        var bench = try NodeBench()
        let placed = try #require(try bench.append(1).first)
        let victim = try #require(placed.compartments.first)
        let (grant, wrap) = (try #require(placed.grants.first), try #require(victim.wrap))
        let stream = placed.statement.payload.stream
        let key = [UInt8]("a wrapped circle key, forty bytes long .".utf8)
        let kept = KeptCircleKey(
            origin: bench.log.origin, stream: stream, label: "record", epoch: EpochID(from: SeededEntropy(seed: 1)),
            wrapped: key)
        try bench.store.keepCircleKeys([kept])
        let address = bench.address(of: victim, in: placed)
        let parts = ErasedParts(
            origin: bench.log.origin, stream: stream, compartments: [address], grants: [placed.index])
        #expect(try !bench.store.isErased([parts]))
        for _ in 0..<2 { try bench.store.erase([parts]) }
        #expect(try bench.store.isErased([parts]))
        #expect(try bench.store.known([address]) == [address])
        for piece in [Array(victim.content.prefix(64)), wrap, grant, key] {
            #expect(try !bench.directory.contains(piece))
        }
        try bench.store.addCompartments([
            LateCompartment(origin: address.origin, index: placed.index, compartment: victim)
        ])
        let after = try bench.store.readLog(from: LeafIndex(0), limit: 1)
        #expect(after.map(\.compartments) == [[]] && after.map(\.grants) == [[]])
        #expect(try bench.store.verifyAll().isEmpty)
        let found = try bench.store.statements(of: [stream])
        #expect(found.map(\.index) == [placed.index])
    }
}
