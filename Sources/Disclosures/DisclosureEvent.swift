public import TallystickPrimitives

/// Who at an agency is asked, or answers: the protocol names both.
public enum RequestOffice: String, CaseIterable, Hashable, Sendable, Codable {
    /// The single point of contact.
    case contact
    /// Whoever stands in for the contact.
    case deputy
}

/// That an agency's contact is away, so that requests are for the deputy. It stays with the agency.
public struct ContactAway: Hashable, Sendable {
    /// Until when; an instant that has passed ends it.
    public let until: Timestamp
    /// What the deputy should know.
    public let words: String?

    /// States it.
    public init(until: Timestamp, words: String?) {
        self.until = until
        self.words = words
    }
}

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
    /// Whom it is for.
    public let office: RequestOffice

    /// States a request.
    public init(
        askedLabels: [Label], reason: String, changedFact: String? = nil,
        earlierRequest: EventID? = nil, office: RequestOffice = .contact
    ) {
        self.office = office
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
    /// Who answered.
    public let office: RequestOffice

    /// States an answer.
    public init(
        outcome: AnswerOutcome, reason: AnswerReason? = nil, told: ToldHow? = nil, toldLabels: [Label] = [],
        office: RequestOffice = .contact
    ) {
        self.office = office
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
    /// Another agency is told how often its cases were read in a week.
    case readingReported(ReadingReport)
    /// A senior officer keeps readings from being told.
    case readingWithheld(ReadingWithheld)
    /// Somebody asked for their own data.
    case subjectAccessOpened(SubjectAccess)
    /// The lead chose something for one entry.
    case subjectAccessMarked(AccessMark)
    /// An agency whose entries would be given is asked.
    case subjectAccessConsulted(AccessConsultation)
    /// It answered.
    case subjectAccessAdvised(AccessAdvice)
    /// The answer takes longer.
    case subjectAccessExtended(AccessExtension)
    /// A working draft was written out.
    case subjectAccessPacked(AccessPacked)
    /// The contact is away.
    case contactAway(ContactAway)
    /// Somebody proposed to destroy something.
    case erasureProposed(ErasureProposal)
    /// Somebody approved that.
    case erasureApproved(ErasureApproval)
    /// Somebody brought it back.
    case erasureStopped(ErasureStop)
    /// This agency placed a hold, or passed one on.
    case holdNoted(HoldNote)
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
        case .readingReported: "reading-reported"
        case .readingWithheld: "reading-withheld"
        case .subjectAccessOpened: "subject-access-opened"
        case .subjectAccessMarked: "subject-access-marked"
        case .subjectAccessConsulted: "subject-access-consulted"
        case .subjectAccessAdvised: "subject-access-advised"
        case .subjectAccessExtended: "subject-access-extended"
        case .subjectAccessPacked: "subject-access-packed"
        case .contactAway: "contact-away"
        case .erasureProposed: "erasure-proposed"
        case .erasureApproved: "erasure-approved"
        case .erasureStopped: "erasure-stopped"
        case .holdNoted: "hold-noted"
        case .withdrawalMade: "withdrawal-made"
        case .withdrawalAnswered: "withdrawal-answered"
        case .withdrawalDecided: "withdrawal-decided"
        }
    }
}

extension DisclosureEvent {
    /// The same answer with who gave it; whatever is no answer as it is.
    public func answered(by office: RequestOffice) -> DisclosureEvent {
        guard case .requestAnswered(let answer) = self else { return self }
        return .requestAnswered(
            RequestAnswer(
                outcome: answer.outcome, reason: answer.reason, told: answer.told, toldLabels: answer.toldLabels,
                office: office))
    }
}
