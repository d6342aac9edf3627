public import Partnership
import Replication
public import TallystickPrimitives

/// One round with the broker: says how far it has got, judges what is offered, posts what it says to it.
public struct WitnessRound: Sendable {
    /// Asks the broker: a path and a body.
    public typealias Ask = @Sendable (_ path: String, _ body: [UInt8]) async throws -> [UInt8]

    private let witness: HeadWitness
    private let ask: Ask

    /// Prepares rounds.
    public init(witness: HeadWitness, ask: @escaping Ask) {
        self.witness = witness
        self.ask = ask
    }

    /// Goes one round.
    ///
    /// - Returns: nil when the board does not list this witness.
    public func run(roster: Roster, at position: TreeSize, now: Timestamp) async throws -> HeadWitness.Outcome? {
        guard witness.isListed(in: roster) else { return nil }
        let standing = await witness.standing
        let offers = try HeadOffers(decoding: try await ask("/v1/witness/heads", standing.encoded))
        let outcome = try await witness.judge(offers, roster: roster, at: position, now: now)
        if !outcome.answers.isEmpty {
            _ = try await ask("/v1/witness/answers", WitnessAnswers(answers: outcome.answers).encoded)
        }
        return outcome
    }
}
