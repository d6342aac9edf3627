import EventLogs
import Foundation
import GRDB
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import SQLiteStore

/// Promise 1 of the design: an append that returned survives power loss.
@Suite struct PowerLossTests {
    @Test func noPowerLossTakesAnAppendThatReturnedFromANode() async throws {
        let workload = try NodeWorkload()
        let loss = PowerLoss(workload.operations)
        let found = try await violations(after: loss.moments(), opening: NodeWorkload.size)
        #expect(found.isEmpty, "\(found.count): \(found.prefix(5))")
    }

    @Test func noPowerLossTakesAnAdmissionThatReturnedFromABroker() async throws {
        let workload = try BrokerWorkload()
        let loss = PowerLoss(workload.operations)
        let found = try await violations(after: loss.moments(), opening: BrokerWorkload.size)
        #expect(found.isEmpty, "\(found.count): \(found.prefix(5))")
    }

    /// The check must be able to fail: a disk that leaves out the flushes of one file loses what was acknowledged.
    @Test(arguments: ["log.sqlite-wal", "log.sqlite"]) func aSkippedFlushIsFound(file: String) async throws {
        let operations = try NodeWorkload().operations
        #expect(operations.contains { PowerLoss.isSync($0, of: file) })
        let careless = PowerLoss(operations.filter { !PowerLoss.isSync($0, of: file) })
        #expect(try await violations(after: careless.moments(), opening: NodeWorkload.size) != [])
    }

    /// Promise 6: what is destroyed does not come back, whatever the disk had not yet written.
    @Test func whatIsPurgedDoesNotComeBackWithThePower() async throws {
        let workload = try NodeWorkload()
        let moments = PowerLoss(workload.operations).moments()
        let before = moments.filter { $0.operationCount <= workload.purgeBegan }
        #expect(before.contains { $0.images.contains { workload.isKept($0) } }, "it was there")
        for moment in moments where moment.operationCount >= workload.purgeReturned {
            for image in moment.images {
                await Task.yield()
                let isKept = workload.isKept(image)
                #expect(!isKept, "after \(moment.operationCount) operations")
            }
        }
    }

    /// The disk fills up, as it does: at the first page of a commit. Nothing is written, it is said, and the same store
    /// goes on when there is room.
    @Test func aFullDiskIsSaidAndTheStoreGoesOn() throws {
        let directory = try ScratchDirectory()
        let disk = WatchedDisk(directory.path, keepsOperations: false)
        let store = try NodeStore.create(in: directory.path)
        var log = LogFixture()
        let stream = log.stream()
        for count in 1...3 {
            let request = AppendRequest([log.draft(stream, compartments: 1)])
            disk.fail(with: .full)
            #expect(throws: EventStoreError.diskFull) { try log.append([request], to: store) }
            disk.fail(with: nil)
            #expect(try store.readLog(from: LeafIndex(0), limit: 9).count == count - 1)
            try log.append([request], to: store)
            #expect(try store.readLog(from: LeafIndex(0), limit: 9).count == count)
        }
        #expect(try store.verifyAll().isEmpty)
    }

    /// Nobody knows what a failed flush left on the disk: nothing is written after it, and the next opening finds out.
    @Test func aFailedFlushEndsTheStore() throws {
        let directory = try ScratchDirectory()
        let disk = WatchedDisk(directory.path, keepsOperations: false)
        let store = try NodeStore.create(in: directory.path)
        var log = LogFixture()
        let request = AppendRequest([log.draft(log.stream(), compartments: 1)])
        disk.fail(with: .flushFails)
        #expect(throws: EventStoreError.outcomeUnknown) { try log.append([request], to: store) }
        disk.fail(with: nil)
        #expect(throws: EventStoreError.outcomeUnknown) { try log.append([request], to: store) }
        try store.connection.pool.close()
        let again = try NodeStore.open(in: directory.path)
        let size = try again.verifyRightEdge().frontier.size
        #expect(size == .empty || size == TreeSize(1))
        #expect(try again.verifyAll().isEmpty)
    }

    /// Opens the disk as every moment may have left it, and says what is lost, made up, or damaged.
    private func violations(
        after moments: [PowerLoss.Moment], opening size: (ScratchDirectory) throws -> UInt64
    ) async throws -> [String] {
        var found: [String] = []
        var imageCount = 0
        var opened: [DiskImage: UInt64] = [:]
        for (place, moment) in moments.enumerated() {
            let underway = moments[place...].first { $0.acknowledged > moment.acknowledged }?.acknowledged
            let allowed = moment.acknowledged...(underway ?? moment.acknowledged)
            for image in moment.images {
                imageCount += 1
                // Others have their turn: the suite's tests share a few threads.
                await Task.yield()
                do {
                    let there = try opened[image] ?? size(try lay(image))
                    opened[image] = there
                    if !allowed.contains(there) {
                        found.append("after \(moment.operationCount) operations: \(there), not \(allowed)")
                    }
                } catch { found.append("after \(moment.operationCount) operations: \(error)") }
            }
        }
        #expect(imageCount > 200, "there is something to check")
        return found
    }
}

/// Lays an image out in a directory of its own.
func lay(_ image: DiskImage) throws -> ScratchDirectory {
    let directory = try ScratchDirectory()
    for (file, bytes) in image.files {
        let path = directory.path + "/" + file
        try Data(bytes).write(to: URL(filePath: path))
        chmod(path, 0o600)
    }
    return directory
}

/// What a node's store does in a short life: appends, destroys a compartment, appends again.
private struct NodeWorkload {
    let operations: [DiskOperation]
    /// How many operations there were when the compartment began to be destroyed, and when it was.
    let purgeBegan: Int
    let purgeReturned: Int
    private let purged: [UInt8]

    init() throws {
        let directory = try ScratchDirectory()
        let disk = WatchedDisk(directory.path)
        let store = try NodeStore.create(in: directory.path)
        var log = LogFixture()
        disk.acknowledge(0)
        func append(_ count: Int) throws {
            let stream = log.stream()
            let requests = (0..<count).map { _ in
                AppendRequest([log.draft(stream, compartments: 1, grants: 1, byteCount: 600)])
            }
            try log.append(requests, to: store)
            disk.acknowledge(log.sequencer.frontier.size.value)
        }
        for count in [1, 2] { try append(count) }
        let first = try #require(try store.readLog(from: LeafIndex(0), limit: 1).first)
        let compartment = try #require(first.compartments.first)
        purged = compartment.content
        purgeBegan = disk.operations.count
        try store.purge([
            CompartmentAddress(origin: log.origin, index: first.index, compartment: compartment.id)
        ])
        purgeReturned = disk.operations.count
        for count in [1, 3] { try append(count) }
        operations = disk.operations
    }

    /// Whether the destroyed compartment is on the disk.
    func isKept(_ image: DiskImage) -> Bool {
        image.files.values.contains { Data($0).range(of: Data(purged)) != nil }
    }

    /// How many statements a store has, all of them sound.
    static func size(in directory: ScratchDirectory) throws -> UInt64 {
        let store = try NodeStore.open(in: directory.path)
        let size = try store.verifyRightEdge().frontier.size.value
        let damage = try store.verifyAll()
        guard let first = damage.first else { return size }
        throw EventStoreError.damaged(first)
    }
}

/// What a broker's store does in a short life: admits pushes of two agencies.
private struct BrokerWorkload {
    let operations: [DiskOperation]

    init() throws {
        let directory = try ScratchDirectory()
        let disk = WatchedDisk(directory.path)
        var bench = try BrokerBench(in: directory)
        disk.acknowledge(0)
        for (agency, count) in [(0, 1), (1, 2), (0, 3)] {
            try bench.admit(try bench.batch(from: agency, statements: count))
            disk.acknowledge(bench.register.size.value)
        }
        operations = disk.operations
    }

    /// How many leaves a register has, all of them sound.
    static func size(in directory: ScratchDirectory) throws -> UInt64 {
        let store = try BrokerStore.open(in: directory.path)
        let size = try store.verifyRightEdge().size.value
        let damage = try store.verifyAll()
        guard let first = damage.first else { return size }
        throw EventStoreError.damaged(first)
    }
}
