public import Partnership
import Replication
public import TallystickPrimitives
public import TransparencyLog

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

    /// Asks for heads and judges them; what came of it is for `answer` to post.
    ///
    /// - Parameter own: what this witness knows itself of the log of a head; nil where it has not read it.
    /// - Returns: nil when the board does not list this witness.
    public func judge(
        roster: Roster, at position: TreeSize, now: Timestamp,
        own: (UnverifiedTreeHead) async throws -> OwnKnowledge?
    ) async throws -> HeadWitness.Outcome? {
        guard witness.isListed(in: roster) else { return nil }
        let standing = await witness.standing
        let offers = try HeadOffers(decoding: try await ask("/v1/witness/heads", standing.encoded))
        var compared: [HeadWitness.Offer] = []
        for offer in offers.offers {
            compared.append(HeadWitness.Offer(offer: offer, own: try await own(offer.request.head)))
        }
        var outcome = await witness.judge(compared, roster: roster, at: position, now: now)
        outcome.answers += try await witness.testify(to: offers.queries, roster: roster)
        return outcome
    }

    /// Posts what this witness says, and evidence that the broker has not got from it yet.
    ///
    /// - Returns: whether there was anything to say.
    @discardableResult
    public func answer(_ outcome: HeadWitness.Outcome = HeadWitness.Outcome()) async throws -> Bool {
        let evidence = await witness.evidenceToTell
        let files = evidence.sorted { $0.key < $1.key }.map { WitnessAnswer.equivocation(file: $0.value) }
        guard !outcome.answers.isEmpty || !files.isEmpty else { return false }
        _ = try await ask("/v1/witness/answers", WitnessAnswers(answers: outcome.answers + files).encoded)
        await witness.noteTold(evidence)
        return true
    }
}
