import Casework
public import TallystickPrimitives

/// What is told because somebody is in danger now, without a protocol (PRACTICE P15).
public struct EmergencyDisclosure: Hashable, Sendable {
    /// The danger, in words.
    public let threat: String
    /// Who at the receiving agencies was told, or is to act.
    public let personTold: String
    /// Who is in danger, where that is known.
    public let atRisk: String?
    /// Where they are or can be reached.
    public let whereabouts: String?
    /// What of the case goes with it.
    public let labels: [Label]
    /// By when somebody else must have reviewed it.
    public let reviewDue: Timestamp

    /// States it.
    public init(
        threat: String, personTold: String, atRisk: String? = nil, whereabouts: String? = nil, labels: [Label] = [],
        reviewDue: Timestamp
    ) {
        self.threat = threat
        self.personTold = personTold
        self.atRisk = atRisk
        self.whereabouts = whereabouts
        self.labels = labels
        self.reviewDue = reviewDue
    }

    /// By when an emergency is reviewed: the end of the next working day (PRACTICE P15).
    public static func reviewDue(after instant: Timestamp) -> Timestamp {
        let next = WorkingDays.adding(1, to: Timestamp(wholeSeconds: instant.wholeSeconds))
        return Timestamp(wholeSeconds: (next.wholeSeconds / 86_400 + 1) * 86_400 - 1)
    }
}

/// What the review of an emergency found.
public enum EmergencyFinding: String, CaseIterable, Hashable, Sendable, Codable {
    /// Telling was right, and no more was told than was needed.
    case justified
    /// Telling was right, and more was told than was needed.
    case tooMuch = "too-much"
    /// There was no such danger, or telling could not help.
    case notNeeded = "not-needed"
}

/// The review of an emergency.
public struct EmergencyReview: Hashable, Sendable {
    /// The event that told.
    public let emergency: EventID
    /// What was found.
    public let finding: EmergencyFinding
    /// Why; it stays with the agency that told.
    public let words: String?

    /// States it.
    public init(emergency: EventID, finding: EmergencyFinding, words: String?) {
        self.emergency = emergency
        self.finding = finding
        self.words = words
    }
}

/// An emergency and what became of it. A pure fold that never fails.
public struct EmergencyState: Hashable, Sendable {
    /// The event that told.
    public let id: EventID
    /// Who told.
    public let teller: AgencyCode
    /// The person who told, as the agency names its people; nil when that was not received.
    public let person: String?
    /// What was told.
    public let details: EmergencyDisclosure
    /// The review, once there is one; a second is not one.
    public private(set) var review: EmergencyReview?

    /// An emergency that nobody has reviewed.
    public init(id: EventID, teller: AgencyCode, person: String?, details: EmergencyDisclosure) {
        self.id = id
        self.teller = teller
        self.person = person
        self.details = details
    }

    /// Adds what an agency recorded; only whoever told reviews.
    public mutating func evolve(_ event: DisclosureEvent, by agency: AgencyCode) {
        guard agency == teller, review == nil, case .emergencyReviewed(let value) = event, value.emergency == id else {
            return
        }
        review = value
    }

    /// Whether it should have been reviewed by an instant and has not been.
    public func isReviewOverdue(at now: Timestamp) -> Bool { review == nil && now > details.reviewDue }
}

/// Decides what telling in an emergency records. It asks for the threat in words and a named person, and for nothing else.
///
/// - Throws: `DisclosureRefusal`; nothing is recorded then.
public func decide(
    _ emergency: EmergencyDisclosure, to recipients: [AgencyCode], as agency: AgencyCode
) throws(DisclosureRefusal) -> [DisclosureEvent] {
    guard !recipients.isEmpty else { throw .toNobody }
    guard !recipients.contains(agency) else { throw .toOneself }
    try checkText { () throws(CaseRefusal) in
        try TextCheck.summary("threat", emergency.threat)
        try TextCheck.named("person-told", emergency.personTold)
        if let atRisk = emergency.atRisk { try TextCheck.named("at-risk", atRisk) }
        if let whereabouts = emergency.whereabouts { try TextCheck.named("whereabouts", whereabouts) }
    }
    return [.emergencyDisclosed(emergency)]
}

/// Decides what reviewing an emergency records.
///
/// - Parameters:
///   - person: who reviews; not who told.
/// - Throws: `DisclosureRefusal`; nothing is recorded then.
public func decide(
    _ review: EmergencyReview, given state: EmergencyState, by person: String, as agency: AgencyCode
) throws(DisclosureRefusal) -> [DisclosureEvent] {
    guard state.teller == agency else { throw .notOurEmergency(teller: state.teller) }
    if let done = state.review { throw .alreadyReviewed(done.finding) }
    guard state.person != person else { throw .ownReview }
    try checkText { () throws(CaseRefusal) in
        if let words = review.words { try TextCheck.summary("review-words", words) }
    }
    return [.emergencyReviewed(review)]
}
