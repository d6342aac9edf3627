import EventLogs
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@Suite struct SequencerTests {
    @Test func placesAreGivenInOrderAndTheHeadCoversThem() throws {
        let store = InMemoryEventStore()
        var log = LogFixture()
        let stream = log.stream()
        let requests = (0..<5).map { _ in AppendRequest([log.draft(stream)]) }
        let batch = try #require(try log.sequence(requests, knowing: store).batch)
        #expect(batch.statements.map(\.index.value) == [0, 1, 2, 3, 4])
        #expect(batch.statements.map(\.statement.payload.sequence) == [0, 1, 2, 3, 4])
        let leaves = batch.statements.map(\.statement.leafHash)
        #expect(batch.head.head.root == MerkleTree.root(of: leaves))
        #expect(batch.head.head.size == TreeSize(5))
        for (earlier, later) in zip(batch.statements, batch.statements.dropFirst()) {
            #expect(later.statement.payload.previous == earlier.statement.hash)
        }
        log.sequencer.advance(past: batch)
        #expect(log.sequencer.frontier.root == batch.head.head.root)
    }

    @Test func everyStatementIsSignedByTheKeyItNames() throws {
        let log = LogFixture()
        let root = SigningKey(from: SeededEntropy(seed: 99))
        let genesis = StatementDraft(
            eventID: log.event(), stream: log.stream(), expectedVersion: .noStream,
            control: .record, rootSigner: root)
        let requests = [AppendRequest([genesis]), AppendRequest([log.draft(log.stream())])]
        let batch = try #require(
            try log.sequence(requests, knowing: InMemoryEventStore()).batch)
        _ = try batch.statements[0].statement.signed.verified(by: root.publicKey)
        _ = try batch.statements[1].statement.signed.verified(by: log.key.publicKey)
        let head = try SignedTreeHead(
            verifying: batch.head.note, origin: log.origin, key: log.key.publicKey)
        #expect(head == batch.head)
    }

    @Test func aRequestIsAppendedWholeOrNotAtAll() throws {
        let store = InMemoryEventStore()
        var log = LogFixture()
        let stream = log.stream()
        let outcomes = try log.append(
            [
                AppendRequest([
                    log.draft(stream), log.draft(stream), log.draft(stream, expecting: .noStream),
                ]),
                AppendRequest([log.draft(stream, expecting: .noStream)]),
            ], to: store)
        #expect(
            outcomes == [
                .refused(
                    .wrongExpectedVersion(stream: stream, expected: .noStream, actual: 1)),
                .appended([LeafIndex(0)]),
            ])
        #expect(try store.readLog(from: LeafIndex(0), limit: 9).count == 1)
    }

    @Test func noAcceptedRequestMakesNoBatch() throws {
        let log = LogFixture()
        let request = AppendRequest([log.draft(log.stream(), expecting: .exactly(0))])
        #expect(try log.sequence([request], knowing: InMemoryEventStore()).batch == nil)
        #expect(try log.sequence([], knowing: InMemoryEventStore()).batch == nil)
    }

    @Test func oneBatchSeesItsOwnStatements() throws {
        let log = LogFixture()
        let stream = log.stream()
        let first = log.draft(stream, expecting: .noStream)
        let requests = [
            AppendRequest([first]), AppendRequest([log.draft(stream, expecting: .exactly(0))]),
            AppendRequest([first]), AppendRequest([log.draft(stream, expecting: .exactly(0))]),
        ]
        let outcomes = try log.sequence(requests, knowing: InMemoryEventStore()).outcomes
        #expect(
            outcomes == [
                .appended([LeafIndex(0)]), .appended([LeafIndex(1)]),
                .alreadyRecorded([LeafIndex(0)]),
                .refused(
                    .wrongExpectedVersion(stream: stream, expected: .exactly(0), actual: 1)),
            ])
    }

    @Test func aPartlyRecordedRequestIsRefused() throws {
        let store = InMemoryEventStore()
        var log = LogFixture()
        let known = log.draft(log.stream())
        try log.append([AppendRequest([known])], to: store)
        let request = AppendRequest([log.draft(log.stream()), known])
        #expect(try log.append([request], to: store) == [.refused(.partlyRecorded(known.eventID))])
    }

    @Test func oneEventTwiceInARequestIsRefusedAlone() throws {
        let store = InMemoryEventStore()
        var log = LogFixture()
        let twice = log.draft(log.stream())
        let outcomes = try log.append(
            [AppendRequest([twice, twice]), AppendRequest([log.draft(log.stream())])], to: store)
        #expect(outcomes == [.refused(.partlyRecorded(twice.eventID)), .appended([LeafIndex(0)])])
    }
}

@Suite struct SequencerTimeTests {
    @Test func theClockMayStepBackButTheTimeOfStatementsDoesNot() throws {
        try checkProperty(cases: 100) { generator in
            let store = InMemoryEventStore()
            var log = LogFixture(seed: generator.next())
            let stream = log.stream()
            var last: UInt64 = 0
            for _ in 0..<6 {
                let seconds = UInt64(generator.int(in: 0...10))
                log.now = Timestamp(milliseconds: Int64(seconds) * 1000 + 999)
                let sequencing = try log.sequence(
                    [AppendRequest([log.draft(stream)])], knowing: store)
                let batch = try #require(sequencing.batch)
                try #require(batch.clockSteppedBack == (seconds < last))
                last = max(last, seconds)
                let issued = batch.statements.map(\.statement.issuedAt)
                try #require(issued == [Timestamp(wholeSeconds: last)])
                try store.append(batch)
                log.sequencer.advance(past: batch)
            }
        }
    }

    @Test func theSeenHeadNeverGoesBack() throws {
        let register = try #require(Origin("broker.example/register"))
        try checkProperty(cases: 100) { generator in
            let store = InMemoryEventStore()
            var log = LogFixture(seed: generator.next())
            let stream = log.stream()
            var last: SeenHead?
            for _ in 0..<6 {
                let size = UInt64(generator.int(in: 0...5))
                let known = SeenHead(
                    origin: register, size: TreeSize(size), root: Hash256(hashing: [UInt8(size)]))
                let given = generator.bool() ? known : nil
                let sequencing = try log.sequence(
                    [AppendRequest([log.draft(stream)])], knowing: store, seen: given)
                let batch = try #require(sequencing.batch)
                if let given, given.size >= last?.size ?? .empty { last = given }
                try #require(batch.statements.map(\.statement.payload.seen) == [last])
                try store.append(batch)
                log.sequencer.advance(past: batch)
            }
        }
    }

    @Test func aRefusedRoundMovesNothing() throws {
        var log = LogFixture()
        let edge = log.sequencer.frontier
        let request = AppendRequest([log.draft(log.stream(), expecting: .exactly(7))])
        try log.append([request], to: InMemoryEventStore())
        #expect(log.sequencer.frontier == edge)
        #expect(log.sequencer.lastIssuedAt == Timestamp(milliseconds: 0))
    }
}

@Suite struct SequencerLimitTests {
    /// A statement whose size grows by one byte with `extra`.
    private func draft(_ log: LogFixture, _ stream: StreamID, extra: Int) throws -> StatementDraft {
        let long = try #require(Origin(String(repeating: "o", count: 200)))
        let short = try #require(Origin(String(repeating: "o", count: 30 + extra)))
        let addresses = (0..<73).map { index in
            CompartmentAddress(
                origin: index == 0 ? short : long, index: LeafIndex(0),
                compartment: CompartmentID(from: SeededEntropy(seed: UInt64(index))))
        }
        let share = ShareControl(recipient: "police", compartments: addresses, expires: nil)
        return StatementDraft(
            eventID: log.event(), stream: stream, expectedVersion: .any, control: .share(share))
    }

    @Test func theLargestStatementIsAppendedAndOneByteMoreIsRefusedAlone() throws {
        let store = InMemoryEventStore()
        var log = LogFixture()
        let stream = log.stream()
        try log.append([AppendRequest([try draft(log, stream, extra: 0)])], to: store)
        try log.append([AppendRequest([try draft(log, stream, extra: 0)])], to: store)
        let written = try store.readLog(from: LeafIndex(1), limit: 1)
        let room = Limits.statementByteCount - (try #require(written.first).statement.bytes.count)
        try #require((0..<170).contains(room))
        let largest = try draft(log, stream, extra: room)
        let tooLarge = try draft(log, stream, extra: room + 1)
        let outcomes = try log.append(
            [tooLarge, largest].map { AppendRequest([$0]) }, to: store)
        let size = Limits.statementByteCount
        #expect(
            outcomes == [
                .refused(.tooLarge(tooLarge.eventID, byteCount: size + 1)),
                .appended([LeafIndex(2)]),
            ])
        let last = try store.readLog(from: LeafIndex(2), limit: 1)
        #expect(last.map(\.statement.bytes.count) == [size])
    }

    @Test func aFullBatchIsSequenced() throws {
        let log = LogFixture()
        let stream = log.stream()
        let requests = (0..<Limits.batchEventCount).map { _ in AppendRequest([log.draft(stream)]) }
        let batch = try #require(try log.sequence(requests, knowing: InMemoryEventStore()).batch)
        #expect(batch.statements.count == Limits.batchEventCount)
    }
}
