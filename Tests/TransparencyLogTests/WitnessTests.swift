import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import TransparencyLog

@Suite struct WitnessTests {
    let log: TestLog
    var state: WitnessState

    init() throws {
        log = try TestLog(leaves: 40)
        state = WitnessState(logs: [log.origin: log.key.publicKey])
    }

    private func request(_ older: Int, _ newer: Int) throws -> WitnessRequest {
        let head = try UnverifiedTreeHead(parsing: try log.signedHead(newer).note)
        return WitnessRequest(
            older: size(older), proof: try log.consistency(from: older, to: newer), head: head)
    }

    @Test mutating func aGrowingLogIsFollowed() throws {
        var older = 0
        for newer in [0, 0, 1, 2, 2, 7, 8, 31, 40] {
            let request = try request(older, newer)
            #expect(try WitnessRequest(parsing: request.body) == request)
            let signed = try state.check(request)
            #expect(signed.head == log.head(newer))
            state.record(signed)
            #expect(state.heads == [log.origin: log.head(newer)])
            older = newer
        }
    }

    @Test mutating func everyOtherOlderSizeIsAConflict() throws {
        state.record(try log.signedHead(9))
        for older in 0...20 where older != 9 {
            let request = try request(older, 20)
            #expect(throws: WitnessRefusal.conflict(latest: size(9))) { try state.check(request) }
        }
    }

    /// A log that has signed two trees gets a cosignature for one of them only, at every pair of
    /// sizes.
    @Test func noForkIsCosigned() throws {
        let leaves = log.tree.leaves
        let fork = NaiveTree(leaves: [leaves[1], leaves[0]] + leaves[2...])
        for older in 2...12 {
            var state = state
            state.record(try log.signedHead(older))
            for newer in older...16 {
                let head = TreeHead(
                    origin: log.origin, size: size(newer), root: fork.root(size: newer))
                let note = try SignedTreeHead.sign(head, with: log.key).note
                let request = WitnessRequest(
                    older: size(older), proof: fork.subproof(older, 0..<newer, true),
                    head: try UnverifiedTreeHead(parsing: note))
                #expect(throws: WitnessRefusal.inconsistent) { try state.check(request) }
            }
        }
    }

    @Test func aFirstHeadNeedsAnEmptyProof() throws {
        let honest = try request(0, 5)
        let request = WitnessRequest(older: .empty, proof: [.zero], head: honest.head)
        #expect(throws: WitnessRefusal.inconsistent) { try state.check(request) }
    }

    @Test func anEmptyLogWithARootIsInconsistent() throws {
        let head = TreeHead(origin: log.origin, size: .empty, root: log.tree.leaves[0])
        let note = try SignedTreeHead.sign(head, with: log.key).note
        let request = WitnessRequest(
            older: .empty, proof: [], head: try UnverifiedTreeHead(parsing: note))
        #expect(throws: WitnessRefusal.inconsistent) { try state.check(request) }
    }

    @Test(arguments: [
        "", "\n", "old\n\n", "old 1", "old 01\n\n", "old -1\n\n", "old  1\n\n", "new 1\n\n",
        "old 1\nAAAA\n\n", "old 1\n\n", "old 1\n\nhello\n",
    ])
    func otherBodiesAreMalformed(body: String) {
        #expect(throws: WitnessRefusal.malformed) { try WitnessRequest(parsing: body.bytes) }
    }

    @Test func sixtyThreeHashesAreTheMost() throws {
        let head = try request(0, 5).head
        let most = WitnessRequest(
            older: size(1), proof: Array(repeating: .zero, count: 63), head: head)
        #expect(try WitnessRequest(parsing: most.body) == most)
        let line = Base64.encode(Hash256.zero.bytes) + [NoteText.lineFeed]
        let more =
            "old 1\n".bytes + Array(repeating: line, count: 64).joined()
            + [NoteText.lineFeed] + head.bytes
        #expect(throws: WitnessRefusal.malformed) { try WitnessRequest(parsing: more) }
    }

    @Test func refusalsHaveTheStatusOfTheProtocol() {
        let refusals: [WitnessRefusal] = [
            .malformed, .olderBeyondSize, .untrusted, .unknownLog, .conflict(latest: size(3)),
            .inconsistent,
        ]
        #expect(refusals.map(\.status) == [400, 400, 403, 404, 409, 422])
        #expect(refusals.compactMap(\.sizeBody) == ["3\n".bytes])
    }
}
