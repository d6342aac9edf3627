import EventLogs
import Foundation
import GRDB
import Synchronization
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import SQLiteStore

@Suite struct InMemoryConformanceTests {
    private let suite = EventStoreConformance<InMemoryEventStore>(
        make: { InMemoryEventStore() }, reopen: { $0 })

    @Test func theReferenceKeepsThePromises() throws { try suite.checkAll() }

    @Test func itsReadersSeeNoGaps() async throws { try await suite.checkReadersDuringAppends() }
}

@Suite struct NodeStoreConformanceTests {
    private let suite: EventStoreConformance<NodeStore>

    init() throws {
        let directory = try ScratchDirectory()
        let count = Mutex(0)
        suite = EventStoreConformance(
            make: {
                let number = count.withLock { count in
                    count += 1
                    return count
                }
                return try NodeStore.create(in: "\(directory.path)/\(number)")
            },
            reopen: { store in
                let path = store.connection.pool.path
                try store.connection.pool.close()
                return try NodeStore.open(in: URL(filePath: path).deletingLastPathComponent().path)
            })
    }

    @Test func emptyLog() throws { try suite.checkEmptyLog() }
    @Test func expectedVersions() throws { try suite.checkExpectedVersions() }
    @Test func readYourWrites() throws { try suite.checkReadYourWrites() }
    @Test func pages() throws { try suite.checkPages() }
    @Test func headConflict() throws { try suite.checkHeadConflict() }
    @Test func duplicateEvent() throws { try suite.checkDuplicateEvent() }
    @Test func idempotence() throws { try suite.checkIdempotence() }
    @Test func restart() throws { try suite.checkRestart() }
    @Test func readersDuringAppends() async throws { try await suite.checkReadersDuringAppends() }

    /// The canary: a store that takes anything must be caught.
    @Test func aCarelessStoreIsCaught() throws {
        let careless = EventStoreConformance<CarelessStore>(
            make: { CarelessStore() }, reopen: { $0 })
        #expect(throws: ConformanceFailure.self) { try careless.checkHeadConflict() }
        #expect(throws: ConformanceFailure.self) { try careless.checkReadYourWrites() }
    }
}

/// Forgets half of what it is given and never refuses.
private struct CarelessStore: EventStore {
    private let memory = InMemoryEventStore()

    func append(_ batch: SequencedBatch) throws(EventStoreError) { try? memory.append(batch) }
    func readLog(from: LeafIndex, limit: Int) throws(EventStoreError) -> [SequencedStatement] {
        try memory.readLog(from: from, limit: limit / 2)
    }
    func streamHeads(_ streams: Set<StreamID>) throws(EventStoreError) -> [StreamID: StreamHead] {
        try memory.streamHeads(streams)
    }
    func recorded(_ events: Set<EventID>) throws(EventStoreError) -> [EventID: LeafIndex] { [:] }
    func headNote() throws(EventStoreError) -> [UInt8]? { nil }
    func node(_ coordinate: NodeCoordinate) throws(EventStoreError) -> Hash256 {
        try memory.node(coordinate)
    }
}
