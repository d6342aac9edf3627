public import TallystickPrimitives

/// What is asked for, and why.
public struct RequestDetails: Hashable, Sendable {
    /// The labels asked for.
    public let askedLabels: [Label]
    /// Why.
    public let reason: String
    /// What has changed since the earlier request, where there was one (PRACTICE P33).
    public let changedFact: String?
    /// The earlier request.
    public let earlierRequest: EventID?

    /// States a request.
    public init(
        askedLabels: [Label], reason: String, changedFact: String? = nil,
        earlierRequest: EventID? = nil
    ) {
        self.askedLabels = askedLabels
        self.reason = reason
        self.changedFact = changedFact
        self.earlierRequest = earlierRequest
    }
}

/// An answer to a request.
public struct RequestAnswer: Hashable, Sendable {
    /// The outcome.
    public let outcome: AnswerOutcome
    /// Why, for a part or a refusal.
    public let reason: AnswerReason?
    /// How it was told, where that was not by the program.
    public let told: ToldHow?
    /// What was told so.
    public let toldLabels: [Label]

    /// States an answer.
    public init(
        outcome: AnswerOutcome, reason: AnswerReason? = nil, told: ToldHow? = nil, toldLabels: [Label] = []
    ) {
        self.outcome = outcome
        self.reason = reason
        self.told = told
        self.toldLabels = toldLabels
    }
}

/// Something given to one more agency.
public struct DisclosureRecord: Hashable, Sendable {
    /// The request it answers; nil when it was given unasked.
    public let request: EventID?
    /// The labels given.
    public let labels: [Label]
    /// How it was told, where that was not by the program.
    public let told: ToldHow?

    /// States a disclosure.
    public init(request: EventID?, labels: [Label], told: ToldHow? = nil) {
        self.request = request
        self.labels = labels
        self.told = told
    }
}

/// Everything that is recorded of requests and disclosures.
public enum DisclosureEvent: Hashable, Sendable {
    /// Somebody asked.
    case requestMade(RequestDetails)
    /// Somebody answered.
    case requestAnswered(RequestAnswer)
    /// Whoever asked reminded somebody, or took it a level up.
    case requestStepped(StepRecord)
    /// Something was given.
    case disclosureMade(DisclosureRecord)
    /// Somebody was told because of a danger, without a protocol.
    case emergencyDisclosed(EmergencyDisclosure)
    /// Somebody else reviewed that.
    case emergencyReviewed(EmergencyReview)
    /// Something was taken back.
    case recallMade(RecallMade)
    /// The agency it was taken back from told what became of it.
    case recallAnswered(RecallAnswer)
    /// Somebody there said what they did with it.
    case recallUsed(RecallUsed)
    /// Somebody decided whether the regulator is told.
    case recallDecided(RecallDecided)
    /// An entry was corrected, or is disputed.
    case entryCorrected(EntryCorrection)
    /// Something is no longer given to an agency that rightly had it.
    case withdrawalMade(WithdrawalMade)
    /// The agency it was withdrawn from told what became of it.
    case withdrawalAnswered(WithdrawalAnswer)
    /// Somebody there decided what becomes of it.
    case withdrawalDecided(WithdrawalDecided)

    /// The registered type.
    public var type: EventTypeCode {
        switch self {
        case .requestMade: "request-made"
        case .requestAnswered: "request-answered"
        case .requestStepped: "request-stepped"
        case .disclosureMade: "disclosure-made"
        case .emergencyDisclosed: "emergency-disclosed"
        case .emergencyReviewed: "emergency-reviewed"
        case .recallMade: "recall-made"
        case .recallAnswered: "recall-answered"
        case .recallUsed: "recall-used"
        case .recallDecided: "recall-decided"
        case .entryCorrected: "entry-corrected"
        case .withdrawalMade: "withdrawal-made"
        case .withdrawalAnswered: "withdrawal-answered"
        case .withdrawalDecided: "withdrawal-decided"
        }
    }
}
