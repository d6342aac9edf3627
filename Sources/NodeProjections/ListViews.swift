/// One report in a list.
public struct ReportRow: Hashable, Sendable, Encodable {
    /// The event, in hexadecimal.
    public let eventID: String
    /// The agency that recorded it.
    public let agency: String
    /// The partner summary; nil when it could not be read.
    public let summary: String?
    /// What sort of behaviour.
    public let category: String?
    /// How it was told.
    public let channel: String?
    /// When it occurred.
    public let occurred: String?
    /// Where it occurred, in words.
    public let place: String?
    /// The ward or LSOA.
    public let area: String?
    /// The report's number in the system it came from.
    public let sourceReference: String?
    /// When it was recorded, as the author claims.
    public let recordedAt: String
    /// Whether it is not admitted yet.
    public let isPending: Bool
    /// The cases opened from it.
    public let cases: [String]
    /// Who says that it is wrong, or contests it.
    public let corrections: [CorrectionNote]
}

/// The newest assessment of one agency in a list of cases.
public struct BandRow: Hashable, Sendable, Encodable {
    /// The agency.
    public let agency: String
    /// The band it judged; nil when the assessment is sealed from us.
    public let judgedBand: String?
    /// The band that its matrix gave.
    public let computedBand: String?
    /// The score.
    public let score: UInt64?
    /// How many questions were unknown.
    public let unknownCount: UInt64?
    /// When it was made, as the author says.
    public let assessedAt: String?
}

/// One case in a list.
public struct CaseRow: Hashable, Sendable, Encodable {
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
    /// Where it stands, by its lead; nil when no opening was received.
    public let stage: String?
    /// Each agency's newest assessment, side by side.
    public let bands: [BandRow]
    /// The newest claimed time of its entries.
    public let updatedAt: String
    /// How many entries it has.
    public let entryCount: Int
    /// Whether any of them is not admitted yet.
    public let hasPending: Bool
}

/// How much of everything the views hold.
public struct ViewCounts: Hashable, Sendable, Encodable {
    /// Entries that the register admitted.
    public let admitted: Int
    /// Our own entries that it has not admitted yet.
    public let pending: Int
    /// Entries that it refused.
    public let refused: Int
    /// Reports.
    public let reports: Int
    /// Rows of files that could not be read.
    public let rejectedRows: Int
    /// Cases by stage; those without an opening stand under `unknown`.
    public let casesByStage: [String: Int]
    /// Requests to us without an answer.
    public let requestsToAnswer: Int
    /// Requests of ours without an answer.
    public let requestsWaiting: Int
}

/// One entry found by a search.
public struct SearchHit: Hashable, Sendable, Encodable {
    /// The restrictions that travel with it.
    public var caveats: [String] = []
    /// The log it stands in.
    public let origin: String
    /// Its place there.
    public let index: UInt64
    /// Who says that it is wrong, or contests it.
    public let corrections: [CorrectionNote]
    /// The event, in hexadecimal.
    public let eventID: String
    /// The agency that recorded it.
    public let agency: String
    /// The registered type; nil when the record is sealed from us.
    public let type: String?
    /// The partner summary, where the entry has one.
    public let summary: String?
    /// The case it belongs to.
    public let reference: String?
    /// When it was recorded, as the author claims.
    public let recordedAt: String
    /// Whether it is not admitted yet.
    public let isPending: Bool
}
