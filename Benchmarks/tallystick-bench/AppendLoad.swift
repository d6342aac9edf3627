import EventLogs
import Logging
import NodeService
import PartyFiles
import SQLiteStore
import Sealing
import SignedStatements
import TallystickPrimitives
import TransparencyLog

/// A node's append path under load: each caller seals an entry for its circle and waits until it is
/// on the disk, again and again.
struct AppendLoad: Sendable {
    private let writer: LogWriter
    private let recorder: Recorder
    private let circles: [SealedCircle]

    /// Makes an empty log in a directory, and as many streams as there are callers.
    init(directory: String, streams: Int) throws {
        let entropy = SealedCircle.entropy
        writer = LogWriter(
            store: try NodeStore.create(in: directory + "/node"),
            sequencer: Sequencer(
                origin: SealedCircle.origin, frontier: TreeFrontier(),
                lastIssuedAt: SystemTime().now(), seen: nil),
            statementSigner: SigningKey(from: entropy), logSigner: SigningKey(from: entropy),
            time: SystemTime(), logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
        recorder = Recorder(
            origin: SealedCircle.origin, agency: SealedCircle.agency,
            localKey: LocalKey(from: entropy), entropy: entropy)
        circles = (0..<streams).map { _ in SealedCircle() }
    }

    /// Runs the callers for a time and tells how many entries a second were durable.
    func run(for time: Duration) async throws -> Double {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await writer.run() }
            for circle in circles {
                _ = try await writer.append(AppendRequest([try circle.opening()]))
            }
            let rate = try await load(for: time)
            group.cancelAll()
            return rate
        }
    }

    private func load(for time: Duration) async throws -> Double {
        let clock = ContinuousClock()
        let started = clock.now
        let end = started + time
        let count = try await withThrowingTaskGroup(of: Int.self) { group in
            for circle in circles {
                group.addTask {
                    var count = 0
                    while clock.now < end {
                        try await append(to: circle)
                        count += 1
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
        return Double(count) / (clock.now - started).seconds
    }

    private func append(to circle: SealedCircle) async throws {
        let draft = try recorder.draft(
            SealedCircle.fields, event: EventID(from: SealedCircle.entropy), stream: circle.stream,
            circle: circle.circle, decision: circle.decision)
        guard draft.descriptors.allSatisfy({ $0.paddedLength == ByteCount(1024) }) else {
            throw BenchmarkFailure("the compartment is not one of 1 KiB")
        }
        _ = try await writer.append(AppendRequest([draft]))
    }
}
