public import EventLogs
import TallystickPrimitives
import TransparencyLog

/// A promise of a port that an implementation does not keep.
public struct ConformanceFailure: Error, CustomStringConvertible, Sendable {
    /// The promise, in words.
    public let description: String
}

/// The promises of `EventStore`, each a function that throws when a store breaks it.
///
/// A store is done when it passes all of them: `for check in EventStoreConformance<S>.allChecks {
/// try check.run(suite) }`.
public struct EventStoreConformance<Store: EventStore>: Sendable {
    /// Makes a new, empty store.
    public let make: @Sendable () throws -> Store
    /// Closes a store and opens what it wrote; a store without a disk gives itself.
    public let reopen: @Sendable (Store) throws -> Store

    /// Tests the stores that `make` gives.
    public init(
        make: @escaping @Sendable () throws -> Store,
        reopen: @escaping @Sendable (Store) throws -> Store
    ) {
        self.make = make
        self.reopen = reopen
    }

    /// Runs every check that one thread can run.
    public func checkAll() throws {
        try checkEmptyLog()
        try checkExpectedVersions()
        try checkReadYourWrites()
        try checkPages()
        try checkHeadConflict()
        try checkDuplicateEvent()
        try checkIdempotence()
        try checkRestart()
    }

    /// An empty log has no head, no statements and no nodes.
    public func checkEmptyLog() throws {
        let store = try make()
        try require(try store.headNote() == nil, "an empty log has no head")
        try require(try store.readLog(from: LeafIndex(0), limit: 9).isEmpty, "nor statements")
        let stream = LogFixture().stream()
        try require(try store.streamHeads([stream]).isEmpty, "nor heads of streams")
        let missing = StoredDamage(part: "tree-node", index: LeafIndex(0))
        try expect(.damaged(missing)) { _ = try store.node(NodeCoordinate(level: 0, index: 0)) }
    }

    /// Every expectation, for a stream of every length from 0 to 3.
    public func checkExpectedVersions() throws {
        for length in UInt64(0)...3 {
            let store = try make()
            var log = LogFixture()
            let stream = log.stream()
            for _ in 0..<length { try log.append([AppendRequest([log.draft(stream)])], to: store) }
            let expectations = [.any, .noStream] + (UInt64(0)...4).map(ExpectedVersion.exactly)
            for expected in expectations {
                let fits =
                    switch expected {
                    case .any: true
                    case .noStream: length == 0
                    case .exactly(let sequence): sequence + 1 == length
                    }
                let request = AppendRequest([log.draft(stream, expecting: expected)])
                let outcome = try log.sequence([request], knowing: store).outcomes.first
                let refusal = AppendRefusal.wrongExpectedVersion(
                    stream: stream, expected: expected, actual: length == 0 ? nil : length - 1)
                try require(
                    outcome == (fits ? .appended([LeafIndex(length)]) : .refused(refusal)),
                    "expecting \(expected) of a stream of \(length) statements")
            }
        }
    }

    /// What has been appended is read back whole, by index, by stream, by event and as nodes of the
    /// tree.
    public func checkReadYourWrites() throws {
        let store = try make()
        var log = LogFixture()
        let streams = [log.stream(), log.stream()]
        var all: [SequencedStatement] = []
        for round in 0..<9 {
            let drafts = (0...round).map {
                log.draft(streams[$0 % 2], compartments: $0 % 3, grants: $0 % 2)
            }
            let batch = try require(
                try log.sequence(drafts.map { AppendRequest([$0]) }, knowing: store).batch,
                "drafts that fit make a batch")
            try store.append(batch)
            log.sequencer.advance(past: batch)
            all += batch.statements
            try require(try store.headNote() == batch.head.note, "the head is the batch's")
            for node in batch.nodes {
                try require(try store.node(node.coordinate) == node.hash, "each node is stored")
            }
            try require(
                try store.readLog(from: LeafIndex(0), limit: 1000) == all, "each statement is read")
        }
        for stream in streams {
            let own = all.filter { $0.statement.payload.stream == stream }
            let head = own.last.map {
                StreamHead(sequence: $0.statement.payload.sequence, hash: $0.statement.hash)
            }
            try require(try store.streamHeads([stream])[stream] == head, "each stream has its head")
        }
        let events = Dictionary(uniqueKeysWithValues: all.map { ($0.statement.eventID, $0.index) })
        try require(
            try store.recorded(Set(events.keys).union([log.event()])) == events,
            "recorded events have their indexes, others none")
    }

    /// Pages of any size, joined, are the log; after its end there is nothing.
    public func checkPages() throws {
        let store = try make()
        var log = LogFixture()
        let stream = log.stream()
        try log.append((0..<20).map { _ in AppendRequest([log.draft(stream)]) }, to: store)
        let all = try store.readLog(from: LeafIndex(0), limit: 100)
        for size in 1...21 {
            var joined: [SequencedStatement] = []
            while true {
                let page = try store.readLog(from: LeafIndex(UInt64(joined.count)), limit: size)
                try require(page.count <= size, "a page is never larger than asked for")
                if page.isEmpty { break }
                joined += page
            }
            try require(joined == all, "pages of \(size) join without gaps")
        }
        for limit in [0, -1] {
            try require(
                try store.readLog(from: LeafIndex(0), limit: limit).isEmpty, "a limit of \(limit)")
        }
        for index in [20, UInt64(Int64.max), UInt64(Int64.max) + 1, .max] {
            try require(
                try store.readLog(from: LeafIndex(index), limit: 5).isEmpty, "nothing at \(index)")
        }
    }
}

extension EventStoreConformance {
    /// A batch made for another size is refused, and nothing of it is written.
    public func checkHeadConflict() throws {
        let store = try make()
        var log = LogFixture()
        let stream = log.stream()
        try log.append([AppendRequest([log.draft(stream)])], to: store)
        var behind = log
        try log.append([AppendRequest([log.draft(stream)])], to: store)
        let before = try picture(of: store)
        let draft = behind.draft(behind.stream())
        try expect(.headConflict(expected: TreeSize(1), actual: TreeSize(2))) {
            try behind.append([AppendRequest([draft])], to: store)
        }
        try require(try picture(of: store) == before, "a conflict changes nothing")
    }

    /// An event that is recorded is refused even when the sequencer was not told, with the whole
    /// batch.
    public func checkDuplicateEvent() throws {
        let store = try make()
        var log = LogFixture()
        let event = log.event()
        try log.append([AppendRequest([log.draft(log.stream(), event: event)])], to: store)
        let before = try picture(of: store)
        let drafts = [
            log.draft(log.stream(), compartments: 1), log.draft(log.stream(), event: event),
        ]
        let uninformed = InMemoryEventStore()
        let batch = try require(
            try log.sequence([AppendRequest(drafts)], knowing: uninformed).batch, "it is sequenced")
        try expect(.duplicate) { try store.append(batch) }
        try require(try picture(of: store) == before, "a duplicate changes nothing")
    }

    /// The same request again writes nothing and answers with the same indexes.
    public func checkIdempotence() throws {
        let store = try make()
        var log = LogFixture()
        let requests = (0..<3).map { _ in
            AppendRequest([log.draft(log.stream()), log.draft(log.stream(), compartments: 1)])
        }
        let first = try log.append(requests, to: store)
        let before = try picture(of: store)
        let second = try log.append(requests.reversed(), to: store)
        let indexes = first.compactMap { outcome -> [LeafIndex]? in
            if case .appended(let indexes) = outcome { indexes } else { nil }
        }
        try require(
            second == indexes.reversed().map(AppendOutcome.alreadyRecorded),
            "a repeated request is answered with its indexes")
        try require(try picture(of: store) == before, "a repeated request changes nothing")
    }

    /// After a restart everything is as before, and the log goes on.
    public func checkRestart() throws {
        var store = try make()
        var log = LogFixture()
        let stream = log.stream()
        for round in 1...5 {
            let drafts = (0..<round).map { _ in log.draft(stream, compartments: 2, grants: 1) }
            try log.append([AppendRequest(drafts)], to: store)
            let before = try picture(of: store)
            store = try reopen(store)
            try require(try picture(of: store) == before, "a restart changes nothing")
        }
    }

    /// Readers never see a gap, nor less than a head they have seen, while a writer appends.
    public func checkReadersDuringAppends(batches: Int = 40) async throws {
        let store = try make()
        let last = UInt64(batches * 3)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { @concurrent in
                var log = LogFixture()
                let stream = log.stream()
                for _ in 0..<batches {
                    let drafts = (0..<3).map { _ in log.draft(stream, compartments: 1) }
                    try log.append(drafts.map { AppendRequest([$0]) }, to: store)
                }
            }
            for _ in 0..<2 {
                group.addTask { @concurrent in
                    while try await readWithoutGaps(store) < last { await Task.yield() }
                }
            }
            // The first failure must end the others, which would wait for the writer for ever.
            for try await _ in group {}
        }
    }

    private func readWithoutGaps(_ store: Store) async throws -> UInt64 {
        try Task.checkCancellation()
        let size = try headSize(of: store)
        let all = try store.readLog(from: LeafIndex(0), limit: .max)
        try require(UInt64(all.count) >= size, "the log is not behind a head that was seen")
        try require(UInt64(all.count) <= (try headSize(of: store)), "nor before its head")
        try require(
            all.enumerated().allSatisfy { $0.element.index.value == UInt64($0.offset) },
            "there are no gaps")
        try require(all.allSatisfy { $0.compartments.count == 1 }, "statements come whole")
        return size
    }

    private func headSize(of store: Store) throws -> UInt64 {
        guard let note = try store.headNote() else { return 0 }
        return try UnverifiedTreeHead(parsing: note).claimed.size.value
    }

    private func picture(of store: Store) throws -> Picture {
        let all = try store.readLog(from: LeafIndex(0), limit: .max)
        let streams = Set(all.map(\.statement.payload.stream))
        return Picture(
            statements: all, head: try store.headNote(), streams: try store.streamHeads(streams),
            events: try store.recorded(Set(all.map(\.statement.eventID))))
    }

    @discardableResult
    private func require<Value>(_ value: Value?, _ promise: String) throws -> Value {
        guard let value, value as? Bool != false else {
            throw ConformanceFailure(description: promise)
        }
        return value
    }

    private func expect(_ expected: EventStoreError, _ body: () throws -> Void) throws {
        do { try body() } catch let error as EventStoreError where error == expected { return }
        throw ConformanceFailure(description: "a store throws \(expected)")
    }
}

/// Everything that a store shows of a log.
private struct Picture: Equatable {
    let statements: [SequencedStatement]
    let head: [UInt8]?
    let streams: [StreamID: StreamHead]
    let events: [EventID: LeafIndex]
}
