import EventLogs
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import SQLiteStore

@Suite struct AdmissionTests {
    private func admission(
        _ index: UInt64, at position: UInt64, refused reason: ReasonCode? = nil,
        proof: [UInt8] = [7]
    ) -> Admission {
        Admission(
            index: LeafIndex(index), registerPosition: position, isAccepted: reason == nil,
            reason: reason, proof: proof)
    }

    @Test func whatIsUnadmittedIsKnownInAnyOrder() throws {
        var bench = try NodeBench()
        #expect(try bench.store.firstUnadmitted() == LeafIndex(0))
        let placed = try bench.append(4)
        #expect(try bench.store.unadmitted(limit: 9) == placed)
        #expect(try bench.store.unadmitted(limit: 2) == Array(placed.prefix(2)))
        try bench.store.recordAdmissions([admission(0, at: 10), admission(2, at: 12)])
        #expect(try bench.store.firstUnadmitted() == LeafIndex(1))
        #expect(try bench.store.unadmitted(limit: 9) == [placed[1], placed[3]])
        let rest = [admission(1, at: 11, refused: "label-not-allowed"), admission(3, at: 13)]
        try bench.store.recordAdmissions(rest)
        #expect(try bench.store.firstUnadmitted() == LeafIndex(4))
        #expect(try bench.store.admission(of: LeafIndex(1)) == rest[0])
        #expect(try bench.store.admission(of: LeafIndex(4)) == nil)
        let page = try bench.store.admissions(from: LeafIndex(1), limit: 2)
        #expect(page == [rest[0], admission(2, at: 12)])
    }

    @Test func theSameVerdictAgainChangesNothing() throws {
        var bench = try NodeBench()
        try bench.append(2)
        try bench.store.recordAdmissions([admission(0, at: 10)])
        try bench.store.recordAdmissions([admission(0, at: 10, proof: [8]), admission(1, at: 11)])
        #expect(try bench.store.admission(of: LeafIndex(0)) == admission(0, at: 10))
        #expect(try bench.store.firstUnadmitted() == LeafIndex(2))
    }

    @Test func anotherVerdictIsKeptAsEvidenceAndCountsForNothing() throws {
        var bench = try NodeBench()
        try bench.append(2)
        try bench.store.recordAdmissions([admission(0, at: 10)])
        let others = [admission(0, at: 9, proof: [1]), admission(0, at: 10, refused: "limits", proof: [2])]
        #expect(try bench.store.recordAdmissions(others + [admission(1, at: 11)]) == 2)
        #expect(try bench.store.admission(of: LeafIndex(0)) == admission(0, at: 10))
        #expect(try bench.store.contradictions() == others)
        #expect(try bench.store.recordAdmissions(others) == 2)
        #expect(try bench.store.contradictions() == others)
        #expect(try bench.store.firstUnadmitted() == LeafIndex(2))
        #expect(throws: EventStoreError.self) {
            try bench.store.recordAdmissions([admission(5, at: 20)])
        }
    }

    /// A receipt may name a place at which something else comes to stand; the followed register decides.
    @Test func theFollowedRegisterCountsAgainstAnyReceipt() throws {
        var bench = try NodeBench()
        try bench.append(3)
        let wrong = admission(0, at: 12)
        try bench.store.recordAdmissions([wrong])
        let real = [admission(0, at: 10, proof: []), admission(1, at: 11, proof: []), admission(2, at: 12, proof: [])]
        #expect(try real.map { try bench.store.recordFollowed($0) } == [true, false, false])
        #expect(try bench.store.admissions(from: LeafIndex(0), limit: 9) == real)
        #expect(try bench.store.contradictions() == [wrong])
        #expect(try bench.store.firstUnadmitted() == LeafIndex(3))
        #expect(try !bench.store.recordFollowed(real[0]))
        let refused = admission(1, at: 11, refused: "limits", proof: [])
        #expect(try bench.store.recordFollowed(refused))
        #expect(try bench.store.admission(of: LeafIndex(1)) == refused)
    }

    @Test func whatOnlyContradictsIsKeptAndAdmitsNothing() throws {
        var bench = try NodeBench()
        try bench.append(1)
        try bench.store.keepContradictions([admission(0, at: 3)])
        #expect(try bench.store.contradictions() == [admission(0, at: 3)])
        #expect(try bench.store.firstUnadmitted() == LeafIndex(0))
    }
}

@Suite struct RegisterCopyTests {
    @Test func leavesAndHeadMoveTogether() throws {
        let bench = try NodeBench()
        #expect(try bench.store.registerHead() == nil)
        var frontier = TreeFrontier()
        var leaves: [[UInt8]] = []
        for count in [3, 0, 1, 4] {
            let from = frontier.size
            let next = (0..<count).map { [UInt8](repeating: UInt8(leaves.count + $0), count: 9) }
            for leaf in next { frontier.append(MerkleTree.leafHash(leaf)) }
            let note = try registerNote(frontier)
            try bench.store.appendRegister(
                leaves: next, from: from, frontier: frontier.nodes, headNote: note)
            leaves += next
            let head = try #require(try bench.store.registerHead())
            #expect(head.frontier == frontier && head.note == note)
            _ = try bench.store.verifyRightEdge()
            #expect(try bench.store.verifyAll().isEmpty)
        }
        #expect(try bench.store.registerLeaves(from: 2, limit: 4) == Array(leaves[2..<6]))
        #expect(try bench.store.registerLeaves(from: 8, limit: 4).isEmpty)
    }

    @Test func leavesForAnotherSizeAreRefused() throws {
        let bench = try NodeBench()
        let ahead = EventStoreError.headConflict(expected: TreeSize(1), actual: .empty)
        #expect(throws: ahead) {
            try bench.store.appendRegister(
                leaves: [[1]], from: TreeSize(1), frontier: [.zero], headNote: [])
        }
        try bench.store.appendRegister(
            leaves: [[1]], from: .empty, frontier: [.zero], headNote: [1])
        let again = EventStoreError.headConflict(expected: .empty, actual: TreeSize(1))
        #expect(throws: again) {
            try bench.store.appendRegister(
                leaves: [[2]], from: .empty, frontier: [.zero], headNote: [2])
        }
        #expect(try bench.store.registerLeaves(from: 0, limit: 9) == [[1]])
        #expect(try bench.store.registerHead()?.note == [1])
    }

    @Test func damageToTheCopyIsNamed() throws {
        let bench = try NodeBench()
        var frontier = TreeFrontier()
        for leaf in 0..<5 as Range<UInt8> { frontier.append(MerkleTree.leafHash([leaf])) }
        try bench.store.appendRegister(
            leaves: (0..<5).map { [$0] }, from: .empty, frontier: frontier.nodes,
            headNote: try registerNote(frontier))
        try bench.store.connection.execute(
            """
            DROP TRIGGER register_leaves_update;
            UPDATE register_leaves SET bytes = x'ff' WHERE position = 1
            """)
        let found = try bench.store.verifyAll()
        #expect(found == [StoredDamage(part: "register-leaf", index: nil)])
    }

    private func registerNote(_ frontier: TreeFrontier) throws -> [UInt8] {
        let origin = try #require(Origin("broker.example/register"))
        let head = TreeHead(origin: origin, size: frontier.size, root: frontier.root)
        return try SignedTreeHead.sign(head, with: LogFixture().key).note
    }
}

@Suite struct ReceivedTests {
    private static let part = "received"

    private func received(_ count: Int) throws -> [ReceivedStatement] {
        var other = LogFixture(seed: 7, origin: "other.example/log")
        let memory = InMemoryEventStore()
        let stream = other.stream()
        let drafts = (0..<count).map { _ in other.draft(stream, compartments: 2, grants: 1) }
        try other.append(drafts.map { AppendRequest([$0]) }, to: memory)
        return try memory.readLog(from: LeafIndex(0), limit: count).map { placed in
            ReceivedStatement(
                registerPosition: 100 + placed.index.value * 2, origin: placed.statement.origin,
                index: placed.index, bytes: placed.statement.bytes,
                compartments: placed.compartments, grants: placed.grants)
        }
    }

    @Test func whatWasReceivedIsReadBackByPlaceAndIndex() throws {
        let bench = try NodeBench()
        let all = try received(4)
        try bench.store.saveReceived(Array(all.prefix(2)))
        try bench.store.saveReceived(Array(all.dropFirst()))
        try bench.store.saveReceived(all)
        #expect(try bench.store.received(from: 0, limit: 9) == all)
        #expect(try bench.store.received(from: 101, limit: 2) == Array(all[1..<3]))
        #expect(try bench.store.received(origin: all[3].origin, index: LeafIndex(3)) == all[3])
        #expect(try bench.store.received(origin: all[3].origin, index: LeafIndex(9)) == nil)
        #expect(try bench.store.verifyAll().isEmpty)
    }

    @Test func otherBytesAtTheSamePlaceAreRefused() throws {
        let bench = try NodeBench()
        let all = try received(3)
        try bench.store.saveReceived(Array(all.prefix(1)))
        let other = ReceivedStatement(
            registerPosition: all[0].registerPosition, origin: all[1].origin, index: all[1].index,
            bytes: all[1].bytes, compartments: [], grants: [])
        let moved = ReceivedStatement(
            registerPosition: 300, origin: all[0].origin, index: all[0].index, bytes: all[0].bytes,
            compartments: [], grants: [])
        for wrong in [other, moved] {
            let error = EventStoreError.damaged(StoredDamage(part: "received", index: wrong.index))
            #expect(throws: error) {
                try bench.store.saveReceived([all[2], wrong])
            }
        }
        #expect(try bench.store.received(from: 0, limit: 9) == [all[0]])
    }

    @Test func compartmentsMayComeLater() throws {
        let bench = try NodeBench()
        let whole = try #require(try received(1).first)
        let bare = ReceivedStatement(
            registerPosition: whole.registerPosition, origin: whole.origin, index: whole.index,
            bytes: whole.bytes, compartments: [], grants: whole.grants)
        try bench.store.saveReceived([bare])
        let late = whole.compartments.map {
            LateCompartment(origin: whole.origin, index: whole.index, compartment: $0)
        }
        try bench.store.addCompartments(late)
        try bench.store.addCompartments(late)
        #expect(try bench.store.received(from: 0, limit: 1) == [whole])
        let changed = CarriedCompartment(
            id: whole.compartments[0].id, content: [1], wrap: nil)
        let error = EventStoreError.damaged(
            StoredDamage(part: "compartment", index: whole.index))
        #expect(throws: error) {
            try bench.store.addCompartments([
                LateCompartment(origin: whole.origin, index: whole.index, compartment: changed)
            ])
        }
        #expect(try bench.store.received(from: 0, limit: 1) == [whole])
    }

    @Test func numbersBeyondTheDatabasesAreRefusedNotFatal() throws {
        let bench = try NodeBench()
        let one = try #require(try received(1).first)
        let far = ReceivedStatement(
            registerPosition: .max, origin: one.origin, index: LeafIndex(.max), bytes: one.bytes,
            compartments: [], grants: [])
        #expect(throws: EventStoreError.self) {
            try bench.store.saveReceived([far])
        }
        #expect(try bench.store.received(from: .max, limit: 9).isEmpty)
    }

    @Test(arguments: ["bytes = x'00'", "leaf_hash = zeroblob(32)", "log = 7"])
    func damageToAReceivedStatementIsNamed(change: String) throws {
        let bench = try NodeBench()
        try bench.store.saveReceived(try received(3))
        try bench.store.connection.execute(
            "DROP TRIGGER received_update; UPDATE received SET \(change) WHERE idx = 1")
        let found = try bench.store.verifyAll()
        #expect(found.map(\.part) == [Self.part] && found.map(\.index) == [LeafIndex(1)])
    }
}

@Suite struct KeptStateTests {
    @Test func keysAreKeptReplacedAndFoundByTheirWholeName() throws {
        let bench = try NodeBench()
        let entropy = SeededEntropy(seed: 3)
        let (stream, epoch) = (StreamID(from: entropy), EpochID(from: entropy))
        let other = try #require(Origin("other.example/log"))
        let key = KeptCircleKey(
            origin: other, stream: stream, label: "case", epoch: epoch, wrapped: [1])
        try bench.store.keepCircleKeys([key])
        func found(
            _ label: Label = "case", _ origin: Origin? = nil, _ epoch: EpochID? = nil
        ) throws -> [UInt8]? {
            try bench.store.circleKey(
                stream: stream, label: label, epoch: epoch ?? key.epoch, origin: origin ?? other)
        }
        #expect(try found() == [1])
        #expect(try found("risk") == nil)
        #expect(try found("case", bench.log.origin) == nil)
        #expect(try found("case", nil, EpochID(from: entropy)) == nil)
        try bench.store.keepCircleKeys([
            KeptCircleKey(origin: other, stream: stream, label: "case", epoch: epoch, wrapped: [2])
        ])
        #expect(try found() == [2])
    }

    @Test func findingsStayQueuedUntilTheyAreRemoved() throws {
        let bench = try NodeBench()
        let authors = try ["a.example/log", "b.example/log"].map { try #require(Origin($0)) }
        let findings = authors.flatMap { author in
            (0..<3).map {
                ReceivedFinding(origin: author, index: LeafIndex($0), finding: "content-hash")
            }
        }
        try bench.store.queueFindings(findings)
        try bench.store.queueFindings(findings)
        #expect(try bench.store.queuedFindings(author: authors[0]) == Array(findings.prefix(3)))
        #expect(
            try bench.store.queuedFindings(author: authors[0], limit: 2)
                == Array(findings.prefix(2)))
        try bench.store.removeFindings(Array(findings.prefix(2)))
        #expect(try bench.store.queuedFindings(author: authors[0]) == [findings[2]])
        #expect(try bench.store.queuedFindings(author: authors[1]) == Array(findings.suffix(3)))
    }
}
