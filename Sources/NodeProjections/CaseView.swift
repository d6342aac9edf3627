/// One field of an entry, in words for a page.
public struct FieldView: Hashable, Sendable, Encodable {
    /// The label that decides who receives it.
    public let label: String
    /// The field.
    public let field: String
    /// Its value in words.
    public let value: String
}

/// One entry of a case.
public struct TimelineEntry: Hashable, Sendable, Encodable {
    /// The event, in hexadecimal.
    public let eventID: String
    /// The agency that recorded it.
    public let agency: String
    /// The log it stands in.
    public let origin: String
    /// Its place in that log.
    public let index: UInt64
    /// Its stream, in hexadecimal.
    public let stream: String
    /// Its place in the stream.
    public let sequence: UInt64
    /// Its place in the register; nil while it is pending.
    public let position: UInt64?
    /// Whether it is not admitted yet.
    public let isPending: Bool
    /// Whether the register refused it; such an entry counts for nothing.
    public let isRefused: Bool
    /// The clear type, a word.
    public let kind: String
    /// The registered type; nil when the record is sealed from us.
    public let type: String?
    /// When it happened, as precisely as was recorded.
    public let happenedAt: String?
    /// Who acted.
    public let actor: String?
    /// When it was recorded, as the author claims.
    public let claimedAt: String
    /// The partner summary, where the entry has one.
    public let summary: String?
    /// Everything that could be opened.
    public let fields: [FieldView]
    /// The labels sealed from us.
    public let sealedLabels: [String]
    /// Why the opened fields could not be read, where they could not.
    public let fault: String?
    /// Who took it back, from whom and why.
    public let recalls: [RecallNote]
    /// Who no longer gives it, to whom, why, and what became of it there.
    public let withdrawals: [WithdrawalNote]
    /// Who says that it is wrong, or contests it.
    public let corrections: [CorrectionNote]
    /// The restrictions that travel with it.
    public var caveats: [String] = []
}

/// One assessment, beside the others.
public struct AssessmentView: Hashable, Sendable, Encodable {
    /// The agency that assessed.
    public let agency: String
    /// The matrix used; nil, like everything below, when the assessment is sealed from us.
    public let matrix: String?
    /// Its version.
    public let matrixVersion: UInt64?
    /// The sum of the marks.
    public let score: UInt64?
    /// How many questions were unknown.
    public let unknownCount: UInt64?
    /// The band that the matrix gave.
    public let computedBand: String?
    /// The band that the assessor judged.
    public let judgedBand: String?
    /// Why.
    public let rationale: String?
    /// When.
    public let assessedAt: String?
    /// Whether it is sealed from us.
    public let isSealed: Bool
}

/// One action.
public struct ActionView: Hashable, Sendable, Encodable {
    /// What is to be done.
    public let action: String
    /// Who is to do it.
    public let owner: String
    /// By when.
    public let due: String?
    /// How it stands.
    public let status: String
    /// Whether it is open and its day has passed.
    public let isOverdue: Bool
}

/// How the referral to one service stands.
public struct ReferralView: Hashable, Sendable, Encodable {
    /// The service.
    public let service: String
    /// Offered, declined or sent.
    public let standing: String
    /// Why, in the words of the latest step.
    public let words: String
    /// The agency that took it.
    public let agency: String
    /// How often it was offered.
    public let offerCount: Int
}

/// What one agency has on record of consent.
public struct ConsentView: Hashable, Sendable, Encodable {
    /// The agency.
    public let agency: String
    /// The state.
    public let state: String
    /// The state in words.
    public let sentence: String
    /// How it was given or refused, or why nobody asked.
    public let how: String
    /// What it covers.
    public let scope: String?
    /// Who gave it.
    public let by: String?
}

/// What one agency has on record of safe contact.
public struct SafeContactView: Hashable, Sendable, Encodable {
    /// The agency.
    public let agency: String
    /// The instruction; nil when going without.
    public let instruction: String?
    /// Why a service must go without; nil when there is an instruction.
    public let goingWithoutBecause: String?
    /// When it was confirmed.
    public let confirmedAt: String
    /// When it must be confirmed again.
    public let expires: String
    /// Whether it counts now.
    public let isLive: Bool
}

/// The agencies of one stream of a case.
public struct CircleView: Hashable, Sendable, Encodable {
    /// The agency whose stream it is.
    public let agency: String
    /// The stream, in hexadecimal.
    public let stream: String
    /// The agencies on it.
    public let members: [String]
    /// Who receives each label.
    public let recipients: [String: [String]]
    /// Why it is as it is.
    public let reason: String
}

/// How a case ended.
public struct ClosingView: Hashable, Sendable, Encodable {
    /// The outcome.
    public let outcome: String
    /// Who told the victim; nil when nobody did.
    public let informedBy: String?
    /// Why nobody did.
    public let notInformedBecause: String?
    /// In which words.
    public let notInformedWords: String?
    /// Which supervisor approved.
    public let approvedBy: String?
}

/// Everything a node can show of one case.
public struct CaseView: Hashable, Sendable, Encodable {
    /// The case, `agency/stream`.
    public let reference: String
    /// The partner summary; nil when no opening was received.
    public let summary: String?
    /// What sort of behaviour.
    public let category: String?
    /// Person, family, location …
    public let kind: String?
    /// The lead agency.
    public let leadAgency: String?
    /// The ward or LSOA.
    public let area: String?
    /// The reports it was opened from, in hexadecimal.
    public let reports: [String]
    /// The victim's name.
    public let victimName: String?
    /// The subject's name.
    public let subjectName: String?
    /// Where it stands, by its lead.
    public let stage: String?
    /// Where each agency says that it stands.
    public let stages: [String: String]
    /// How it ended, when it is closed.
    public let closing: ClosingView?
    /// Every assessment, side by side by agency, oldest first.
    public let assessments: [AssessmentView]
    /// The actions.
    public let actions: [ActionView]
    /// The referrals.
    public let referrals: [ReferralView]
    /// Consent on record, by agency.
    public let consents: [ConsentView]
    /// Safe contact on record, by agency.
    public let safeContacts: [SafeContactView]
    /// Requests about it that involve us.
    public let requests: [RequestView]
    /// Who is on it, stream by stream.
    public let circles: [CircleView]
    /// Other cases that it touches.
    public let links: [String]
    /// The newest entries in the order of the register, pending ones last.
    public var timeline: [TimelineEntry]
    /// How many entries there are in all.
    public let entryCount: Int
    /// The labels of which something is sealed from us.
    public let sealedLabels: [String]
    /// Entries at register positions before this are final. The node sets it; nil where nothing can be final.
    public var finalSize: UInt64?
    /// How its lead goes from one agency to another, where it does or did. The node sets it.
    public var handover: LeadView?
    /// The agency that looks: what another's entry waits for, it did not write.
    public var viewer: String?
    /// The events, in hexadecimal, that a key signed which its agency has revoked since and has not stood by. The node sets
    /// it.
    public var inDoubt: [String] = []
}
