import EventLogs
import NodeService
import SQLiteStore
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

/// One batch is signed on top of another that is still on its way to the disk: nothing of that shows.
@Suite struct LogWriterTests {
    @Test func manyCallersOfAFewStreamsMakeOneUnbrokenLog() async throws {
        let bench = try WriterBench()
        let drafts = (0..<400).map { bench.draft(in: $0 % 3) }
        let outcomes = try await bench.whileWriting { await bench.appendAll(drafts) }
        let log = try bench.store.readLog(from: LeafIndex(0), limit: 1000)
        #expect(log.count == drafts.count)
        for (draft, outcome) in zip(drafts, outcomes) {
            let index = try #require(try outcome.get().first)
            #expect(log[Int(index.value)].statement.eventID == draft.eventID)
        }
        try bench.checkStreams(log)
        #expect(try bench.reopened().verifyRightEdge().frontier.size == TreeSize(400))
    }

    @Test func anEventThatComesManyTimesAtOnceIsRecordedOnce() async throws {
        let bench = try WriterBench()
        let events = (0..<40).map { bench.draft(in: $0 % 3) }
        let drafts = (0..<400).map { events[$0 % events.count] }
        let outcomes = try await bench.whileWriting { await bench.appendAll(drafts) }
        let log = try bench.store.readLog(from: LeafIndex(0), limit: 1000)
        #expect(log.count == events.count)
        for (draft, outcome) in zip(drafts, outcomes) {
            let index = try #require(try outcome.get().first)
            #expect(log[Int(index.value)].statement.eventID == draft.eventID)
        }
        try bench.checkStreams(log)
    }

    @Test func whoComesSecondIsRefusedEvenWhileTheFirstIsUnderway() async throws {
        let bench = try WriterBench()
        // More than one batch, and four callers for each stream, far apart.
        let drafts = (0..<400).map { bench.draft(in: $0 % 100, expecting: .noStream) }
        let outcomes = try await bench.whileWriting { await bench.appendAll(drafts) }
        for stream in 0..<100 {
            let failures = stride(from: stream, to: 400, by: 100).compactMap { place -> AppendFailure? in
                guard case .failure(let error) = outcomes[place] else { return nil }
                return error as? AppendFailure
            }
            let refusal = AppendRefusal.wrongExpectedVersion(
                stream: drafts[stream].stream, expected: .noStream, actual: 0)
            #expect(failures == Array(repeating: .refused(refusal), count: 3))
        }
        #expect(try bench.store.readLog(from: LeafIndex(0), limit: 1000).count == 100)
    }

    /// Promise 1 the other way round: who was told of a failure has nothing in the log, and who was answered has.
    @Test func aBatchThatFailsTakesWhatWasSignedOnTopOfItAlong() async throws {
        let bench = try WriterBench()
        let drafts = (0..<400).map { bench.draft(in: $0 % 3) }
        let outcomes = try await bench.whileWriting {
            _ = await bench.appendAll([bench.draft(in: 0)])
            try bench.appendBehindTheWritersBack(in: 0)
            return await bench.appendAll(drafts)
        }
        let log = try bench.store.readLog(from: LeafIndex(0), limit: 1000)
        let present = Set(log.map(\.statement.eventID))
        var failures = 0
        for (draft, outcome) in zip(drafts, outcomes) {
            switch outcome {
            case .success(let indexes):
                let index = try #require(indexes.first)
                #expect(log[Int(index.value)].statement.eventID == draft.eventID)
            case .failure(let error):
                failures += 1
                let conflict = EventStoreError.headConflict(expected: TreeSize(1), actual: TreeSize(2))
                #expect(error as? AppendFailure == .store(conflict))
                #expect(!present.contains(draft.eventID))
            }
        }
        #expect(failures > 0 && failures < drafts.count)
        #expect(log.count == 2 + drafts.count - failures)
        try bench.checkStreams(log)
        #expect(try bench.reopened().verifyRightEdge().frontier.size == TreeSize(UInt64(log.count)))
    }

    /// A draft that makes no statement is its caller's affair: who came with it is written, and so is who comes later.
    @Test func aDraftThatMakesNoStatementIsRefusedAndItsNeighboursAreWritten() async throws {
        let bench = try WriterBench()
        var drafts = (0..<40).map { bench.draft(in: $0 % 3) }
        drafts.insert(bench.malformedDraft(in: 1), at: 7)
        drafts.insert(bench.unsignedDraft(in: 2), at: 20)
        drafts.append(bench.malformedDraft(in: 0))
        let (outcomes, later) = try await bench.whileWriting {
            (await bench.appendAll(drafts), await bench.appendAll([bench.draft(in: 0)]))
        }
        for (place, outcome) in outcomes.enumerated() where ![7, 20, 42].contains(place) { _ = try outcome.get() }
        _ = try later[0].get()
        for place in [7, 42] {
            guard case .failure(let error) = outcomes[place], case .refused(let refusal)? = error as? AppendFailure,
                case .malformed(drafts[place].eventID, _) = refusal
            else {
                Issue.record("the malformed draft at \(place) was not refused as such")
                continue
            }
        }
        guard case .failure(let unsigned) = outcomes[20] else {
            Issue.record("nobody signed it, and it was written")
            return
        }
        #expect(unsigned as? AppendFailure == .refused(.unsigned(drafts[20].eventID)))
        let log = try bench.store.readLog(from: LeafIndex(0), limit: 1000)
        #expect(log.count == 41)
        try bench.checkStreams(log)
    }

    @Test func aKeyThatDoesNotSignIsToldAndDoesNotStopTheWriter() async throws {
        let bench = try WriterBench(hasLockedKey: true)
        try await bench.whileWriting {
            for _ in 0..<2 {
                let outcomes = await bench.appendAll([bench.draft(in: 0)])
                #expect(throws: AppendFailure.notSigned) { try outcomes[0].get() }
            }
        }
        #expect(try bench.store.readLog(from: LeafIndex(0), limit: 10).isEmpty)
    }
}

/// What waits for a disk that does not answer.
@Suite struct LogWriterDiskTests {
    @Test func nobodyIsAnsweredBeforeTheDiskHasIt() async throws {
        let bench = try WriterBench()
        let drafts = (0..<60).map { bench.draft(in: $0 % 3) }
        let answered = Tally()
        try await bench.whileWriting {
            bench.disk.hold()
            async let outcomes = bench.appendAll(drafts) { answered.add() }
            try await Task.sleep(for: .milliseconds(200))
            #expect(answered.count == 0)
            #expect(try bench.store.readLog(from: LeafIndex(0), limit: 100).isEmpty)
            bench.disk.release()
            #expect(await outcomes.allSatisfy { (try? $0.get()) != nil })
        }
        #expect(answered.count == drafts.count)
        try bench.checkStreams(try bench.store.readLog(from: LeafIndex(0), limit: 100))
    }

    /// More waits than one transaction takes, and nobody will ever write it: all of them must hear of it.
    @Test func everybodyIsToldWhenTheOutcomeIsUnknown() async throws {
        let bench = try WriterBench()
        bench.disk.fail(with: .flushFails)
        bench.disk.hold()
        let requests = (0..<4).map { stream in
            AppendRequest((0..<200).map { _ in bench.draft(in: stream) })
        }
        let running = Task { try await bench.run() }
        async let outcomes = bench.appendAll(requests)
        try await Task.sleep(for: .milliseconds(200))
        bench.disk.release()
        let failures = await outcomes.compactMap { outcome -> AppendFailure? in
            guard case .failure(let error) = outcome else { return nil }
            return error as? AppendFailure
        }
        #expect(failures.count == requests.count)
        #expect(failures.contains(.store(.outcomeUnknown)) && failures.contains(.stopping))
        await #expect(throws: EventStoreError.outcomeUnknown) { try await running.value }
    }

    @Test func aFullDiskRefusesOneBatchAndTheNextGoesOn() async throws {
        let bench = try WriterBench()
        try await bench.whileWriting {
            bench.disk.fail(with: .full)
            let refused = await bench.appendAll((0..<20).map { bench.draft(in: $0 % 3) })
            #expect(
                refused.allSatisfy { outcome in
                    if case .failure(let error) = outcome {
                        error as? AppendFailure == .store(.diskFull)
                    } else {
                        false
                    }
                })
            bench.disk.fail(with: nil)
            let taken = await bench.appendAll((0..<20).map { bench.draft(in: $0 % 3) })
            #expect(taken.allSatisfy { (try? $0.get()) != nil })
        }
        try bench.checkStreams(try bench.store.readLog(from: LeafIndex(0), limit: 100))
    }
}
