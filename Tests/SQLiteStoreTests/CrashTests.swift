import EventLogs
import Foundation
import GRDB
import Synchronization
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import SQLiteStore

@Suite struct CrashImageTests {
    /// Cuts the log beside the file at every length that a power loss can leave, and opens what is
    /// left.
    @Test func everyCutOfTheWriteAheadLogOpensAtACommit() throws {
        var bench = try NodeBench()
        try bench.store.connection.emptyWriteAheadLog()
        try bench.store.connection.execute("PRAGMA wal_autocheckpoint = 0")
        var lengths: [(bytes: Int, size: UInt64)] = []
        let file = bench.directory.path + "/log.sqlite"
        for count in 1...4 {
            try bench.append(count)
            let bytes = try Data(contentsOf: URL(filePath: file + "-wal")).count
            lengths.append((bytes, bench.log.sequencer.frontier.size.value))
        }
        let main = try Data(contentsOf: URL(filePath: file))
        let wal = try Data(contentsOf: URL(filePath: file + "-wal"))
        let frame = 4096 + 24
        let cuts = Set(stride(from: 0, through: wal.count, by: frame / 2)).union([wal.count])
        for cut in cuts.sorted() {
            let image = try ScratchDirectory()
            let path = image.path + "/log.sqlite"
            try main.write(to: URL(filePath: path))
            try wal.prefix(cut).write(to: URL(filePath: path + "-wal"))
            chmod(path, 0o600)
            let store = try NodeStore.open(in: image.path)
            let size = try store.verifyRightEdge().frontier.size.value
            #expect(size == lengths.last { $0.bytes <= cut }?.size ?? 0, "cut at \(cut)")
            #expect(try store.verifyAll().isEmpty)
        }
        #expect(lengths.last?.bytes == wal.count)
    }
}

@Suite(.serialized) struct KilledProcessTests {
    /// Kills a writing process at some point of its work; whatever it acknowledged is there.
    @Test(arguments: [1, 5, 17, 40]) func aKilledWriterLosesNothingAcknowledged(
        acknowledgements: Int
    ) async throws {
        let directory = try ScratchDirectory()
        setenv("TALLYSTICK_TEST_DIRECTORY", directory.path, 1)
        setenv("TALLYSTICK_TEST_COUNT", String(acknowledgements), 1)
        await #expect(processExitsWith: .signal(SIGKILL)) { try writeUntilKilled() }
        let notes = try String(contentsOfFile: directory.path + "/acknowledged", encoding: .utf8)
        let acknowledged = notes.split(separator: "\n").compactMap { EventID(hex: String($0)) }
        #expect(acknowledged.count >= acknowledgements)
        let store = try NodeStore.open(in: directory.path)
        _ = try store.verifyRightEdge()
        #expect(try store.recorded(Set(acknowledged)).count == acknowledged.count)
        #expect(try store.verifyAll().isEmpty)
    }

    /// Lets the operating system refuse the first, second, third… page (RLIMIT_FSIZE), at
    /// statements and at COMMIT.
    @Test func aFileSizeLimitLosesNothingAcknowledged() async throws {
        let directory = try ScratchDirectory()
        setenv("TALLYSTICK_TEST_DIRECTORY", directory.path, 1)
        await #expect(processExitsWith: .success) { try writeUnderFileSizeLimits() }
    }
}

private func environment(_ name: String) throws -> String {
    try #require(ProcessInfo.processInfo.environment[name])
}

/// Appends and notes each acknowledged event, while another thread waits for its moment.
private func writeUntilKilled() throws {
    let directory = try environment("TALLYSTICK_TEST_DIRECTORY")
    let wanted = try #require(Int(try environment("TALLYSTICK_TEST_COUNT")))
    let store = try NodeStore.create(in: directory)
    let notes = open(directory + "/acknowledged", O_CREAT | O_WRONLY | O_APPEND, 0o600)
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
        for _ in 0..<wanted { done.wait() }
        kill(getpid(), SIGKILL)
    }
    var log = LogFixture()
    let stream = log.stream()
    while true {
        let draft = log.draft(stream, compartments: 2, byteCount: 2000)
        try log.append([AppendRequest([draft])], to: store)
        let line = Array("\(draft.eventID.hex)\n".utf8)
        precondition(write(notes, line, line.count) == line.count)
        done.signal()
    }
}

private func writeUnderFileSizeLimits() throws {
    let directory = try environment("TALLYSTICK_TEST_DIRECTORY")
    signal(SIGXFSZ, SIG_IGN)
    var refusalCount = 0
    for step in 0... {
        let path = "\(directory)/\(step)"
        let store = try NodeStore.create(in: path)
        let bytes = try Data(contentsOf: URL(filePath: path + "/log.sqlite-wal")).count
        setFileSizeLimit(rlim_t(bytes + step * 2000))
        var log = LogFixture()
        var acknowledged: Set<EventID> = []
        var refusal: (event: EventID, error: EventStoreError)?
        for _ in 0..<3 where refusal == nil {
            let draft = log.draft(log.stream(), compartments: 1, byteCount: 3000)
            do {
                try log.append([AppendRequest([draft])], to: store)
                acknowledged.insert(draft.eventID)
            } catch let error as EventStoreError { refusal = (draft.eventID, error) }
        }
        setFileSizeLimit(rlim_t.max)
        try store.connection.pool.close()
        try checkAfterwards(path, acknowledged: acknowledged, refusal: refusal)
        if refusal != nil { refusalCount += 1 }
        if refusal == nil { break }
    }
    precondition(refusalCount > 5, "the limit is meant to strike at every page")
}

private func checkAfterwards(
    _ path: String, acknowledged: Set<EventID>, refusal: (event: EventID, error: EventStoreError)?
) throws {
    let store = try NodeStore.open(in: path)
    let edge = try store.verifyRightEdge()
    let damage = try store.verifyAll()
    let found = try Set(store.recorded(acknowledged).keys)
    precondition(damage.isEmpty && found == acknowledged)
    precondition(edge.frontier.size.value == UInt64(acknowledged.count))
    if let refusal {
        precondition(refusal.error == .diskFull)
        let there = try store.recorded([refusal.event])
        precondition(there.isEmpty)
    }
}

private func setFileSizeLimit(_ bytes: rlim_t) {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
    limit.rlim_cur = min(bytes, limit.rlim_max)
    precondition(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
}
