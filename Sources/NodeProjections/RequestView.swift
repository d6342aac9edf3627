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

/// A reminder, or a step up the ladder.
public struct StepView: Hashable, Sendable, Encodable {
    /// Which.
    public let step: String
    /// When, as whoever took it claims.
    public let at: String
    /// What was said with it.
    public let words: String?
}

/// A step whose time has come; a person takes it.
public struct ProposedStepView: Hashable, Sendable, Encodable {
    /// Which.
    public let step: String
    /// To whom it goes; nil for a reminder.
    public let office: String?

    /// States it.
    public init(step: String, office: String?) {
        self.step = step
        self.office = office
    }
}

/// Who answers for the agency that is asked, by the protocol.
public struct ContactView: Hashable, Sendable, Encodable {
    /// The single point of contact.
    public let contact: String
    /// Who stands in.
    public let deputy: String

    /// States it.
    public init(contact: String, deputy: String) {
        self.contact = contact
        self.deputy = deputy
    }
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
    /// Reminders and steps up the ladder, in order.
    public let steps: [StepView]
    /// The step whose time has come, for whoever asked. The node sets it.
    public var proposed: ProposedStepView?
    /// Who answers for the agency that is asked. The node sets it.
    public var contact: ContactView?
    /// Whom it is for: `contact` or `deputy`. The node sets it.
    public var office: String?
    /// Who answered: `contact` or `deputy`. The node sets it.
    public var answeredBy: String?
    /// Until when this agency's contact is away, where it is for us. The node sets it.
    public var awayUntil: String?
    /// How the answer was told, where that was not by the program.
    public let told: String?
    /// When an answer that was told before was entered.
    public let enteredAt: String?
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
