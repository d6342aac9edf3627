public import TallystickPrimitives

/// How often something goes or a group meets.
public enum Frequency: String, Hashable, Sendable, CaseIterable, Encodable {
    /// As it is recorded.
    case asRecorded = "as-recorded"
    /// When it is asked for.
    case onRequest = "on-request"
    /// For each meeting.
    case eachMeeting = "each-meeting"
    /// Every day.
    case daily
    /// Every week.
    case weekly
    /// Every two weeks.
    case fortnightly
    /// Every month.
    case monthly
    /// Every six weeks.
    case sixWeekly = "six-weekly"
    /// Every quarter.
    case quarterly
    /// Every year.
    case yearly
    /// When there is something to meet about.
    case asNeeded = "as-needed"
}

/// How long a role keeps what it received.
public struct RetentionRule: Hashable, Sendable {
    /// What happens at the end.
    public enum End: String, Hashable, Sendable, CaseIterable, Encodable {
        /// Somebody looks whether it is still needed.
        case review
        /// It is erased.
        case erase
    }

    /// The recipients.
    public let role: PartyRole
    /// The labels it is about; nil for all that no other rule of the role is about.
    public let labels: Set<Label>?
    /// The period in months.
    public let months: Int
    /// What starts the period; the last of them counts.
    public let from: [TriggerCode]
    /// What happens at the end.
    public let end: End
    /// Statute, norm or choice.
    public let standing: ClauseStanding
    /// Why that long, with its source.
    public let because: String

    /// What starts the period, in words.
    public var fromInWords: String {
        from.map { CodeBook.current.meaning("trigger", $0.text) }.joined(separator: ", or ")
            + (from.count > 1 ? ", whichever comes last" : "")
    }
}

/// A reason for which nothing is destroyed, at any holder.
public struct HoldRule: Hashable, Sendable {
    /// The reason.
    public let code: HoldCode
    /// Who places it.
    public let placedBy: String
    /// Statute, norm or choice.
    public let standing: ClauseStanding
    /// In words.
    public let text: String
}

/// How requests between the parties are answered.
public struct RequestRules: Hashable, Sendable {
    /// Who has to act.
    public enum Level: String, Hashable, Sendable, CaseIterable, Encodable {
        /// The single point of contact.
        case contact
        /// A manager of the agency.
        case manager
        /// The partnership.
        case partnership
        /// The board.
        case board
    }

    /// One step of the ladder.
    public struct Step: Hashable, Sendable {
        /// Working days after the answer was due.
        public let afterDays: Int
        /// How high it goes.
        public let level: Level
        /// The office it goes to.
        public let office: String
    }

    /// Working days to answer.
    public let answerDays: Int
    /// Hours to answer an urgent request.
    public let urgentHours: Int
    /// What a second request after a refusal needs.
    public let repeatNeeds: String
    /// The words of a nil answer, the same whether nothing is held or it is withheld.
    public let nilAnswer: String
    /// Where an unanswered request goes, in order.
    public let ladder: [Step]
    /// Statute, norm or choice.
    public let standing: ClauseStanding

    /// The last step that a request has reached so many working days after its answer was due; nil before the first.
    public func step(workingDaysLate: Int) -> Step? { ladder.last { $0.afterDays <= workingDaysLate } }
}

/// How a group that meets works.
public struct TermsOfReference: Hashable, Sendable {
    /// Who chairs.
    public let chair: String
    /// Who stands in for the chair.
    public let deputy: String
    /// How often it meets.
    public let meets: Frequency
    /// How many parties must be there.
    public let quorum: Int
    /// What a case needs to be taken.
    public let threshold: String
    /// How a case gets on the agenda.
    public let referrals: String
    /// Working days until the minutes are out.
    public let minutesDays: Int
    /// How conflicts of interest are declared.
    public let conflicts: String
    /// Statute, norm or choice.
    public let standing: ClauseStanding
}

/// When a protocol is looked at again.
public struct ProtocolReview: Hashable, Sendable {
    /// What happens to sharing when the day has passed.
    public enum Effect: String, Hashable, Sendable, CaseIterable, Encodable {
        /// Sharing goes on; everybody is reminded.
        case warn
        /// Sharing stops until the review is done.
        case stop
    }

    /// The last day before the review is overdue.
    public let by: CivilDate
    /// Months from one review to the next.
    public let everyMonths: Int
    /// The office that leads it.
    public let lead: String
    /// What happens then.
    public let afterwards: Effect
    /// Statute, norm or choice.
    public let standing: ClauseStanding

    /// Whether the day has passed, in UTC.
    public func isOverdue(at moment: Timestamp) -> Bool {
        Int64(moment.wholeSeconds / 86_400) > by.daysSinceEpoch
    }
}

/// What the end of an agreement does to what was shared before.
public struct WithdrawalRule: Hashable, Sendable {
    /// What happens to what was received.
    public enum Received: String, Hashable, Sendable, CaseIterable, Encodable {
        /// It is kept as long as the retention rules say.
        case keep
        /// It goes back and is erased.
        case `return`
        /// It is erased.
        case erase
    }

    /// What a person's withdrawal of consent does.
    public let ofConsent: String
    /// What a party's leaving does.
    public let ofParty: String
    /// Days of notice that a party gives.
    public let noticeDays: Int
    /// What happens to what was received before.
    public let received: Received
    /// Statute, norm or choice.
    public let standing: ClauseStanding
}

/// What is done when something has gone where it should not.
public struct BreachRule: Hashable, Sendable {
    /// Whom to tell.
    public let tell: String
    /// Hours until they must have been told.
    public let withinHours: Int
    /// Hours until the regulator must have been told, where there is a risk.
    public let regulatorHours: Int
    /// How the people concerned are told.
    public let people: String
    /// Statute, norm or choice.
    public let standing: ClauseStanding
}

/// Who leads when a person asks for their own data.
public struct RightsRule: Hashable, Sendable {
    /// Whether agencies are told how often their cases are read.
    public enum Readings: String, Hashable, Sendable, CaseIterable, Encodable {
        /// Each week, late, by agency and role.
        case reported
        /// Not at all: reports say nothing of cases shared under the protocol, and look as if nothing had been read.
        case withheld
    }

    /// The party that leads.
    public let lead: AgencyCode
    /// Its office.
    public let office: String
    /// Months to answer.
    public let answerMonths: Int
    /// Whether agencies are told how often their cases are read.
    public let readings: Readings
    /// Statute, norm or choice.
    public let standing: ClauseStanding
    /// In words.
    public let text: String
}

/// Where the rest of the agreement is written.
public struct Accountability: Hashable, Sendable {
    /// Reference of the data protection impact assessment.
    public let impactAssessment: String
    /// Reference of the appropriate policy document.
    public let policyDocument: String
    /// Where people are told about the sharing.
    public let privacyNotice: String
    /// How to complain.
    public let complaints: String
    /// Marking and security.
    public let security: String
    /// How fact and opinion are told apart, and how corrections travel.
    public let accuracy: String
}
