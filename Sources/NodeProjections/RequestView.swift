/// An earlier request of the same asker to the same agency about the same case.
public struct EarlierRequestView: Hashable, Sendable, Encodable {
    /// The event that made it, in hexadecimal.
    public let eventID: String
    /// When it was made, as the asker claims.
    public let madeAt: String
    /// Why.
    public let reason: String?
    /// The outcome; nil while there is none.
    public let outcome: String?
    /// The reason's code, for a part or a refusal.
    public let outcomeCode: String?
    /// The reason's words.
    public let outcomeWords: String?
}

/// One request for information, and what became of it.
public struct RequestView: Hashable, Sendable, Encodable {
    /// The event that made it, in hexadecimal.
    public let eventID: String
    /// Who asks.
    public let asker: String
    /// Who is asked.
    public let asked: String
    /// The case it is about.
    public let reference: String?
    /// When it was made, as the asker claims.
    public let madeAt: String
    /// By when an answer is due.
    public let due: String
    /// The labels asked for; nil when the request could not be read.
    public let askedLabels: [String]?
    /// Why.
    public let reason: String?
    /// What has changed since the earlier request.
    public let changedFact: String?
    /// The request it cites, in hexadecimal.
    public let earlierRequest: String?
    /// `waiting`, `overdue` or `answered`.
    public let standing: String
    /// Whole days past the due time: of the answer, or until now.
    public let lateDays: UInt64
    /// The outcome; nil while there is none.
    public let outcome: String?
    /// The reason's code, for a part or a refusal.
    public let outcomeCode: String?
    /// The reason's words.
    public let outcomeWords: String?
    /// When it was answered, as the answerer claims.
    public let answeredAt: String?
    /// The true outcome that we keep at home behind "no information we can share".
    public let outcomeAtHome: String?
    /// The labels given for it.
    public let disclosedLabels: [String]
    /// Earlier requests, newest first: what the decider must see.
    public let earlier: [EarlierRequestView]
    /// Whether the request or its answer is not admitted yet.
    public let isPending: Bool
}
