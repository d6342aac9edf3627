public import TallystickPrimitives

/// What a practitioner who wants information asks for.
public enum RequestCommand: Hashable, Sendable {
    /// Ask an agency, with an answer due by an instant.
    case make(RequestDetails, of: AgencyCode, due: Timestamp)
}

/// What is given, and for how long.
public struct Giving: Hashable, Sendable {
    /// The labels.
    public let labels: [Label]
    /// After how many days the recipient drops it; nil for no term.
    public let days: UInt64?

    /// States what is given.
    public init(labels: [Label], days: UInt64?) {
        self.labels = labels
        self.days = days
    }
}

/// What stands behind "no information we can share"; it never leaves the agency.
public enum WithheldTruth: Hashable, Sendable {
    /// Nothing is held.
    case nothingHeld
    /// Something is held and withheld.
    case withheld(AnswerReason)
}

/// What a practitioner who was asked answers.
public enum AnswerCommand: Hashable, Sendable {
    /// Give everything that was asked for.
    case full(Giving)
    /// Give some of it.
    case part(Giving, AnswerReason)
    /// Give nothing and say why.
    case refuse(AnswerReason)
    /// Say that there is nothing.
    case nothingHeld
    /// Say that such information is not kept here.
    case notHeld
    /// Enter what was told by voice or on paper before; a reason for what was not told.
    case told([Label], ToldHow, at: Timestamp, AnswerReason?)
    /// Say that there is no information we can share; the truth stays sealed at home.
    case noInformation(WithheldTruth)
}

/// What the protocol allows for a disclosure.
public struct DisclosureTerms: Hashable, Sendable {
    /// The longest term in days that the caveats allow; nil when they set none.
    public let daysAtMost: UInt64?

    /// States the terms.
    public init(daysAtMost: UInt64?) { self.daysAtMost = daysAtMost }
}

/// What an answer records.
public struct AnswerDecision: Hashable, Sendable {
    /// What goes to the asker, in order, in one append.
    public let sent: [DisclosureEvent]
    /// When the recipient drops what is given; nil for never, or for nothing given.
    public let expires: Timestamp?
    /// What the agency keeps for its own auditor, in a stream of its own that nobody receives.
    public let keptAtHome: DisclosureEvent?
}
