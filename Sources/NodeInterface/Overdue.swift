/// Something that should have come and has not: what is missing, and since when.
public struct Overdue: Codable, Hashable, Sendable {
    /// What is missing; a closed list.
    public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        /// Any answer of the broker.
        case broker
        /// The broker's verdict on this agency's oldest entry without one.
        case verdict
        /// The co-signatures that make the register final.
        case final
        /// A listed co-signer's signature under the newest final head.
        case coSigner = "co-signer"
        /// Another agency's word that it received what it was sent.
        case report
        /// Another agency's answer, so late that a step up the protocol's ladder is due.
        case request
        /// This agency's answer to another.
        case answer
        /// The review of an emergency that this agency told.
        case review
        /// The decision whether the regulator is told of something that this agency gave in error.
        case breach
        /// This agency's answer to a recall of something it was given.
        case recallAnswer = "recall-answer"
        /// Another agency's answer to a recall.
        case recall
        /// Another agency's answer to an offer of a case.
        case handover
        /// This agency's answer to such an offer.
        case handoverAnswer = "handover-answer"
        /// This agency's release of a case that another accepted.
        case handoverRelease = "handover-release"
        /// Another agency's word that it stopped using, or destroyed, what was withdrawn from it.
        case withdrawal
        /// This agency's answer to a person who asked for their own data: the last day is near, or over.
        case subjectAccess = "subject-access"
        /// This agency's answer to a question about an erasure.
        case erasureAnswer = "erasure-answer"
        /// Another agency's answer to such a question.
        case erasure
    }

    /// What is missing.
    public var kind: Kind
    /// Whose it is, where that is not the broker: an agency's code, or the name of a listed operator.
    public var who: String?
    /// Since when, RFC 3339.
    public var since: String?

    /// States it.
    public init(_ kind: Kind, who: String? = nil, since: String? = nil) {
        self.kind = kind
        self.who = who
        self.since = since
    }
}
