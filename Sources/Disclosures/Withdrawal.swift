import Casework
public import TallystickPrimitives

/// Why something is no longer given to an agency that rightly had it. What was done with it before stays lawful.
public enum WithdrawalReason: String, CaseIterable, Hashable, Sendable, Codable {
    /// The person concerned had agreed to it, and does not any more.
    case consentWithdrawn = "consent-withdrawn"
    /// The person concerned objects, and nothing outweighs that.
    case objection
    /// It is not needed there any more.
    case notNeeded = "not-needed"
    /// The agreement that it was given under has ended.
    case agreementEnded = "agreement-ended"
}

/// What its author records of something that one agency is no longer given.
public struct WithdrawalMade: Hashable, Sendable {
    /// The act that it is part of: the first of the withdrawals that were made together.
    public let act: EventID
    /// What is withdrawn: the entry that was named. What says it again goes with it.
    public let entry: EventID
    /// What of it.
    public let labels: [Label]
    /// From whom.
    public let from: AgencyCode
    /// Why.
    public let reason: WithdrawalReason
    /// In words; they stay with the author.
    public let words: String?
    /// For what an agency passes on: the withdrawal of another's that it follows.
    public let follows: EventID?

    /// States it.
    public init(
        act: EventID, entry: EventID, labels: [Label], from: AgencyCode, reason: WithdrawalReason, words: String?,
        follows: EventID? = nil
    ) {
        self.act = act
        self.entry = entry
        self.labels = labels
        self.from = from
        self.reason = reason
        self.words = words
        self.follows = follows
    }
}

/// How far an agency has got with something that was withdrawn from it.
public enum WithdrawalStanding: String, CaseIterable, Hashable, Sendable, Codable {
    /// Its node shows and gives it no more; nobody has decided yet what becomes of it.
    case stopped
    /// Its node has destroyed it.
    case ended
    /// It keeps it on a basis of its own, until a day.
    case kept
}

/// How long and under which law an agency keeps what was withdrawn from it.
public struct KeptOnLaw: Hashable, Sendable {
    /// Until when.
    public let until: Timestamp
    /// The law, in words.
    public let law: String

    /// States it.
    public init(until: Timestamp, law: String) {
        self.until = until
        self.law = law
    }
}

/// How far somebody has got to whom the agency had passed it on.
public struct WithdrawalOnward: Hashable, Sendable {
    /// Who was given it.
    public let agency: AgencyCode
    /// How far they have got; nil while they have not answered.
    public let standing: WithdrawalStanding?
    /// Since when: when they were told, or since when it stands as it does.
    public let since: Timestamp
    /// Until when and under which law they keep it.
    public let kept: KeptOnLaw?

    /// States it.
    public init(agency: AgencyCode, standing: WithdrawalStanding?, since: Timestamp, kept: KeptOnLaw? = nil) {
        self.agency = agency
        self.standing = standing
        self.since = since
        self.kept = kept
    }

    /// Agencies that one answer names: what goes on from hand to hand so far is somebody's to look into.
    public static let countAtMost = 64

    /// Whether it waits for their answer.
    public var isOutstanding: Bool { standing == nil || standing == .stopped }
}

/// What the agency that something was withdrawn from tells its author.
public struct WithdrawalAnswer: Hashable, Sendable {
    /// The withdrawal.
    public let withdrawal: EventID
    /// How far it has got.
    public let standing: WithdrawalStanding
    /// Since when its node shows and gives it no more.
    public let stoppedAt: Timestamp
    /// Until when and under which law it is kept.
    public let kept: KeptOnLaw?
    /// Whom it had passed it on to, and how far they have got.
    public let onward: [WithdrawalOnward]

    /// States it.
    public init(
        withdrawal: EventID, standing: WithdrawalStanding, stoppedAt: Timestamp, kept: KeptOnLaw? = nil,
        onward: [WithdrawalOnward] = []
    ) {
        self.withdrawal = withdrawal
        self.standing = standing
        self.stoppedAt = stoppedAt
        self.kept = kept
        self.onward = onward
    }
}

/// What somebody decided becomes of something that was withdrawn. It stays with their agency.
public struct WithdrawalDecided: Hashable, Sendable {
    /// The withdrawal.
    public let withdrawal: EventID
    /// Until when it is kept and under which law; nil where it ends.
    public let kept: KeptOnLaw?
    /// Why, in words; they stay here.
    public let words: String?

    /// States it.
    public init(withdrawal: EventID, kept: KeptOnLaw?, words: String?) {
        self.withdrawal = withdrawal
        self.kept = kept
        self.words = words
    }
}
