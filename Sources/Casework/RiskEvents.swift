public import TallystickPrimitives

/// How grave a risk is.
public enum RiskBand: String, CaseIterable, Hashable, Comparable, Sendable, Codable {
    /// The usual response.
    case standard
    /// More than the usual response.
    case medium
    /// A named service is offered and a plan agreed.
    case high

    public static func < (left: RiskBand, right: RiskBand) -> Bool { left.place < right.place }

    private var place: Int { RiskBand.allCases.firstIndex(of: self) ?? 0 }
}

/// What was answered; a question that is in neither part is unknown, which is not zero.
public struct RiskAnswers: Hashable, Sendable {
    /// The mark of each question that was answered.
    public let marks: [RiskQuestionCode: Int]
    /// Yes or no for each warning sign that was asked about.
    public let flags: [RiskQuestionCode: Bool]

    /// States the answers; a question answered as a warning sign has no mark.
    public init(marks: [RiskQuestionCode: Int] = [:], flags: [RiskQuestionCode: Bool] = [:]) {
        self.marks = marks.filter { flags[$0.key] == nil }
        self.flags = flags
    }
}

/// An assessment as it was made: the `risk` compartment. Nothing recalculates it later.
public struct RiskDetails: Hashable, Sendable {
    /// The matrix used.
    public let matrix: MatrixCode
    /// Its version.
    public let matrixVersion: UInt64
    /// What was answered.
    public let answers: RiskAnswers
    /// The sum of the marks.
    public let score: UInt64
    /// How many questions were left unknown.
    public let unknownCount: UInt64
    /// The band that the matrix gives.
    public let computedBand: RiskBand
    /// The band that the assessor judged; kept beside the computed one.
    public let judgedBand: RiskBand
    /// Why; always there for a high band and wherever the two bands differ.
    public let rationale: String?
    /// When it was made.
    public let assessedAt: Timestamp

    /// States an assessment's details.
    public init(
        matrix: MatrixCode, matrixVersion: UInt64, answers: RiskAnswers, score: UInt64,
        unknownCount: UInt64, computedBand: RiskBand, judgedBand: RiskBand, rationale: String?,
        assessedAt: Timestamp
    ) {
        self.matrix = matrix
        self.matrixVersion = matrixVersion
        self.answers = answers
        self.score = score
        self.unknownCount = unknownCount
        self.computedBand = computedBand
        self.judgedBand = judgedBand
        self.rationale = rationale
        self.assessedAt = assessedAt
    }
}

/// One agency's assessment of the risk.
public struct RiskAssessment: Hashable, Sendable {
    /// Who assessed it.
    public let assessedBy: AgencyCode
    /// What they found; nil when not received.
    public let details: RiskDetails?

    /// States an assessment.
    public init(assessedBy: AgencyCode, details: RiskDetails?) {
        self.assessedBy = assessedBy
        self.details = details
    }
}
