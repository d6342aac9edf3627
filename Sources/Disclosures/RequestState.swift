public import Casework
public import TallystickPrimitives

/// How a request stands at an instant.
public enum RequestStanding: Hashable, Sendable {
    /// Not answered, and not due yet.
    case waiting
    /// Not answered, and past its due time by that many whole days.
    case overdue(days: UInt64)
    /// Answered; late by that many whole days, counting a part of a day as one.
    case answered(AnswerOutcome, lateDays: UInt64)
}

/// What a request's events add up to. A pure fold that never fails.
public struct RequestState: Hashable, Sendable {
    /// The event that made it.
    public let id: EventID
    /// Who asks.
    public let asker: AgencyCode
    /// Who is asked.
    public let asked: AgencyCode
    /// When it was made, as the asker claims.
    public let madeAt: Timestamp
    /// By when an answer is due.
    public let due: Timestamp
    /// The case it is about, where it says.
    public let caseReference: CaseReference?
    /// What is asked for; nil when it was not received.
    public let details: RequestDetails?
    /// The answer, once there is one; a second is not one.
    public private(set) var answer: RequestAnswer?
    /// When it was answered, as the answerer claims.
    public private(set) var answeredAt: Timestamp?
    /// What was given for it.
    public private(set) var disclosures: [DisclosureRecord] = []
    /// What whoever asked did while there was no answer, in order.
    public private(set) var steps: [TakenStep] = []

    /// A request nobody has answered.
    public init(
        id: EventID, asker: AgencyCode, asked: AgencyCode, madeAt: Timestamp, due: Timestamp,
        caseReference: CaseReference?, details: RequestDetails?
    ) {
        self.id = id
        self.asker = asker
        self.asked = asked
        self.madeAt = madeAt
        self.due = due
        self.caseReference = caseReference
        self.details = details
    }

    /// Adds what an agency recorded; only the asked agency answers, and only whoever asked goes up the ladder.
    ///
    /// - Parameter time: when it was recorded; of what was told by voice or on paper, when it was told.
    public mutating func evolve(
        _ event: DisclosureEvent, by agency: AgencyCode, at time: Timestamp
    ) {
        if agency == asker, case .requestStepped(let value) = event, value.request == id {
            steps.append(TakenStep(step: value.step, at: time, words: value.words))
        }
        guard agency == asked else { return }
        switch event {
        case .requestAnswered(let value):
            guard answer == nil else { return }
            answer = value
            answeredAt = time
        case .disclosureMade(let value):
            if value.request == id { disclosures.append(value) }
        case .requestMade, .requestStepped, .emergencyDisclosed, .emergencyReviewed, .recallMade, .recallAnswered,
            .recallUsed, .recallDecided, .entryCorrected, .readingReported, .readingWithheld, .subjectAccessOpened,
            .subjectAccessMarked, .subjectAccessConsulted, .subjectAccessAdvised, .subjectAccessExtended,
            .subjectAccessPacked, .contactAway, .erasureProposed, .erasureApproved, .erasureStopped, .holdNoted,
            .withdrawalMade, .withdrawalAnswered, .withdrawalDecided:
            break
        }
    }

    /// How it stands at an instant.
    public func standing(at now: Timestamp) -> RequestStanding {
        if let answer {
            return .answered(answer.outcome, lateDays: lateDays(at: answeredAt ?? due))
        }
        let days = lateDays(at: now)
        return days == 0 ? .waiting : .overdue(days: days)
    }

    /// Whether it was answered with a refusal.
    public var isRefused: Bool { answer?.outcome == .refused }

    private func lateDays(at time: Timestamp) -> UInt64 {
        guard time > due else { return 0 }
        let milliseconds = UInt64(time.milliseconds - due.milliseconds)
        return (milliseconds + 86_399_999) / 86_400_000
    }
}
