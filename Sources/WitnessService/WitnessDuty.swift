import EventLogs
package import HTTPTransport
import PartyFiles
package import Partnership
package import Replication
package import TallystickPrimitives
import TransparencyLog

/// What a witness that is no agency does, round after round: it follows the register to know whose keys are in force,
/// judges the heads that it is offered, and posts what it says to them. When to go a round is its owner's to say.
package struct WitnessDuty: Sendable {
    /// Asks the broker: method, path, query and body; gives the body of its answer.
    package typealias Ask =
        @Sendable (TransportMethod, String, [String: String], [UInt8]) async throws -> [UInt8]

    private let witness: HeadWitness
    private let ask: Ask
    private let round: WitnessRound
    private var follower: RegisterFollower
    private var register = ReadRegister()

    /// Begins to follow.
    ///
    /// - Parameters:
    ///   - code: the witness's own.
    ///   - roster: who is who by the board's log, as far as the witness has it.
    ///   - heard: revocations that came by another way than the register.
    package init(
        _ witness: HeadWitness, code: AgencyCode, roster: Roster, heard: HeardRevocations = HeardRevocations(),
        ask: @escaping Ask
    ) {
        self.witness = witness
        self.ask = ask
        round = WitnessRound(witness: witness) { path, body in try await ask(.post, path, [:], body) }
        follower = RegisterFollower(roster: roster, ownCode: code, heard: heard)
    }

    /// Who is who, as far as this witness has followed.
    package var roster: Roster { follower.roster }

    /// The register as far as it is followed.
    package var followed: (size: TreeSize, root: Hash256) { (follower.size, follower.frontier.root) }

    /// Follows the register to its end and judges what is offered; `answer` posts what came of it.
    ///
    /// - Returns: nil when the board does not list this witness.
    package mutating func judge(now: Timestamp) async throws -> HeadWitness.Outcome? {
        try await witness.keepEvidence()
        try await follow(now: now)
        let (roster, read) = (follower.roster, register)
        return try await round.judge(roster: roster, at: follower.size, now: now) { head in
            head.claimed.origin == roster.registerOrigin ? try read.knowledge(of: head) : nil
        }
    }

    /// Posts what this witness says; whether there was anything.
    package func answer(_ outcome: HeadWitness.Outcome) async throws -> Bool { try await round.answer(outcome) }

    /// Takes in what the register has gained.
    private mutating func follow(now: Timestamp) async throws {
        while true {
            let body = try await ask(.get, "/v1/feed", ["from": "\(follower.size)", "wait": "0"], [])
            let page = try FeedPage(decoding: body)
            guard !page.leaves.isEmpty else { return }
            _ = try follower.take(page, now: now, own: { _ in nil }, registered: { _ in nil })
            register.take(page)
        }
    }
}

/// The register as this witness has read it: every node, so that whatever head is offered can be compared.
private struct ReadRegister {
    private var tree = TreeLevels()
    private var newest: [UInt8] = []

    /// Takes in a page that the follower has let through.
    mutating func take(_ page: FeedPage) {
        for leaf in page.leaves { tree.append(MerkleTree.leafHash(leaf)) }
        newest = page.headNote
    }

    func knowledge(of head: UnverifiedTreeHead) throws -> OwnKnowledge {
        guard !newest.isEmpty else { return .beyond }
        return try OwnKnowledge(of: head, newest: try UnverifiedTreeHead(parsing: newest), node: tree.node)
    }
}
