public import TallystickPrimitives

/// Marks the code of a service that people are referred to.
public enum ServiceTag: Sendable {}
/// Marks the code of a risk matrix.
public enum MatrixTag: Sendable {}
/// Marks the code of one question of a risk matrix.
public enum RiskQuestionTag: Sendable {}

/// A service that people are referred to.
public typealias ServiceCode = Code<ServiceTag>
/// A risk matrix.
public typealias MatrixCode = Code<MatrixTag>
/// One question of a risk matrix.
public typealias RiskQuestionCode = Code<RiskQuestionTag>

extension Code where Tag == ServiceTag {
    /// The victim service that every high risk is offered (DOMAIN §1B row 44).
    public static var victimFirst: ServiceCode { "victim-first" }
}

/// Where a case stands. The words are those of the `stage` field.
public enum CaseStage: String, CaseIterable, Hashable, Comparable, Sendable, Codable {
    /// Opened; nobody has assessed the risk yet.
    case opened
    /// Risk assessed by at least one agency.
    case assessed
    /// A plan of actions is agreed.
    case actionPlan = "action-plan"
    /// The actions are done and somebody watches whether they helped.
    case monitoring
    /// Ended, with an outcome that the victim knows.
    case closed

    public static func < (left: CaseStage, right: CaseStage) -> Bool { left.place < right.place }

    private var place: Int { CaseStage.allCases.firstIndex(of: self) ?? 0 }
}

/// How an action stands.
public enum ActionStatus: String, CaseIterable, Hashable, Sendable, Codable {
    /// To be done.
    case open
    /// Done.
    case done
    /// Not to be done after all.
    case cancelled
}

/// Why a case ended (DOMAIN §5, to be agreed locally).
public enum ClosingOutcome: String, CaseIterable, Hashable, Sendable, Codable {
    /// The problem is resolved.
    case resolved
    /// Nothing more was reported.
    case noFurtherReports = "no-further-reports"
    /// Not enough evidence to go on.
    case insufficientEvidence = "insufficient-evidence"
    /// The victim wanted nothing further.
    case victimDeclined = "victim-declined"
    /// The subject moved away or is in prison.
    case subjectGone = "subject-gone"
    /// Another agency took it, and said so.
    case transferred
    /// The same matter as another case.
    case duplicate
    /// Another group deals with it.
    case otherGroup = "other-group"
    /// Nothing of the kind happened.
    case unfounded
    /// An order of a court or a closure order is in place.
    case orderInPlace = "order-in-place"
    /// The person has died.
    case deceased
}

/// Why a victim was not told, each of them for a supervisor to approve (PRACTICE P8).
public enum NotInformedReason: String, CaseIterable, Hashable, Sendable, Codable {
    /// Telling would put somebody in danger.
    case unsafe
    /// The victim asked not to be told.
    case declined
    /// The victim is not known.
    case anonymous
    /// The victim has died.
    case deceased
    /// The victim cannot be found.
    case untraceable
    /// The victim is told through an advocate only.
    case throughAdvocate = "through-advocate"
}

/// What somebody did with an entry; never summed with one another (PRACTICE P13).
public enum AccessState: String, CaseIterable, Hashable, Sendable, Codable {
    /// It stood in a list that was shown to somebody.
    case listed
    /// It was shown to somebody.
    case displayed
    /// Somebody said they had read it.
    case acknowledged
    /// Somebody acted on it.
    case acted
}
