import EventLogs
import Foundation
import GRDB
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import SQLiteStore

@Suite struct WitnessStoreTests {
    private let directory: ScratchDirectory
    private let store: WitnessStore
    private let origin = Origin("harbour-homes.example/log")!
    private let key = SigningKey(from: SeededEntropy(seed: 3))

    init() throws {
        directory = try ScratchDirectory()
        store = try WitnessStore.create(in: directory.path)
    }

    private func head(_ size: UInt64, _ seed: UInt8 = 0) throws -> SignedTreeHead {
        try SignedTreeHead.sign(
            TreeHead(
                origin: origin, size: TreeSize(size), root: Hash256(hashing: [UInt8(size), seed])), with: key)
    }

    @Test func whatWasCosignedIsThereAfterAStart() throws {
        try store.cosign(head(3), after: nil)
        try store.cosign(head(5), after: head(3).head)
        let again = try WitnessStore.open(in: directory.path)
        #expect(try again.cosigned().mapValues(\.bytes) == [origin: head(5).note])
    }

    /// Two judgements of one state: the second to be stored must not be cosigned, whatever both found.
    @Test func onlyWhatWasJudgedAgainstTheStoredHeadIsStored() throws {
        try store.cosign(head(3), after: nil)
        try store.cosign(head(5), after: head(3).head)
        let stale: [(SignedTreeHead, TreeHead?)] = [
            (try head(6), nil), (try head(6), try head(3).head), (try head(6), try head(5, 1).head),
            (try head(6), try head(4).head),
        ]
        for (next, previous) in stale {
            #expect(throws: EventStoreError.self) { try store.cosign(next, after: previous) }
            #expect(try store.cosigned().mapValues(\.claimed) == [origin: head(5).head])
        }
    }

    /// The file itself refuses to go back, should a program ever ask it to.
    @Test func theFileNeverGoesBack() throws {
        try store.cosign(head(5), after: nil)
        #expect(throws: EventStoreError.self) { try store.cosign(head(4), after: head(5).head) }
        #expect(throws: EventStoreError.self) { try store.cosign(head(5, 1), after: head(5).head) }
        #expect(try store.cosigned().mapValues(\.claimed) == [origin: head(5).head])
        try store.cosign(head(5), after: head(5).head)
    }

    @Test func anOlderFinalHeadDoesNotReplaceANewerOne() throws {
        try store.gather(head(5))
        try store.gather(head(4))
        #expect(try store.gathered() == [origin: head(5).note])
        try store.gather(head(6))
        #expect(try store.gathered() == [origin: head(6).note])
    }

    @Test func theFirstEvidenceStays() throws {
        let parsed = try [head(5), head(5, 1), head(5, 2)].map { try UnverifiedTreeHead(parsing: $0.note) }
        let first = Equivocation(smaller: parsed[0], larger: parsed[1], beginning: nil)
        try store.keep(first)
        try store.keep(Equivocation(smaller: parsed[0], larger: parsed[2], beginning: nil))
        #expect(try WitnessStore.open(in: directory.path).evidence() == [origin: first.file])
    }

    @Test func aFoundingGoesOnOnlyWithAStoreThatKnowsNothing() throws {
        let heads = try [head(5), head(5, 1)].map { try UnverifiedTreeHead(parsing: $0.note) }
        let found = Equivocation(smaller: heads[0], larger: heads[1], beginning: nil)
        let contents: [(WitnessStore) throws -> Void] = [
            { try $0.cosign(head(5), after: nil) }, { try $0.gather(head(5)) }, { try $0.keep(found) },
        ]
        for fill in contents {
            let place = try ScratchDirectory()
            let store = try WitnessStore.createOrResume(in: place.path)
            _ = try WitnessStore.createOrResume(in: place.path)
            try fill(store)
            #expect(throws: StoreOpeningError.alreadyExists(path: place.path + "/witness.sqlite")) {
                try WitnessStore.createOrResume(in: place.path)
            }
        }
    }

    @Test func aWitnessThatForgotIsNotMadeAnew() throws {
        let empty = try ScratchDirectory()
        #expect(throws: StoreOpeningError.missing(path: empty.path + "/witness.sqlite")) {
            try WitnessStore.open(in: empty.path)
        }
    }
}

extension WitnessStoreTests {
    /// A head that was acknowledged, and so may have been cosigned, is there after every power loss.
    @Test func noPowerLossTakesWhatMayHaveBeenCosigned() async throws {
        let scratch = try ScratchDirectory()
        let disk = WatchedDisk(scratch.path)
        let store = try WitnessStore.create(in: scratch.path)
        disk.acknowledge(0)
        var previous: TreeHead?
        for size in [1, 2, 5, 9] as [UInt64] {
            try store.cosign(head(size), after: previous)
            previous = try head(size).head
            disk.acknowledge(size)
        }
        let moments = PowerLoss(disk.operations).moments()
        var seen = 0
        for (place, moment) in moments.enumerated() {
            let underway = moments[place...].first { $0.acknowledged > moment.acknowledged }?.acknowledged
            for image in moment.images {
                await Task.yield()
                let place = try lay(image)
                let there = try WitnessStore.open(in: place.path).cosigned()[origin]?.claimed.size.value ?? 0
                #expect([moment.acknowledged, underway].contains(there), "after \(moment.operationCount) operations")
                seen += 1
            }
        }
        #expect(seen > 30, "there is something to check")
    }
}
