public import TallystickPrimitives

/// An assessor's answers and judgement.
public struct RiskJudgement: Hashable, Sendable {
    /// The matrix used.
    public let matrix: RiskMatrix
    /// What was answered.
    public let answers: RiskAnswers
    /// The band that the assessor judges; nil to agree with the matrix.
    public let judgedBand: RiskBand?
    /// Why; needed for a high band and for any override.
    public let rationale: String?

    /// States a judgement.
    public init(
        matrix: RiskMatrix, answers: RiskAnswers, judgedBand: RiskBand? = nil,
        rationale: String? = nil
    ) {
        self.matrix = matrix
        self.answers = answers
        self.judgedBand = judgedBand
        self.rationale = rationale
    }
}

/// What a practitioner asks of casework.
public enum CaseCommand: Hashable, Sendable {
    /// Record a report.
    case recordReport(Report)
    /// Open a case.
    case openCase(CaseOpening)
    /// Say the opening again, with a summary written for the agencies that join.
    case restateCase(CaseOpening)
    /// Assess the risk.
    case assessRisk(RiskJudgement)
    /// Move the case; the exemption says why it goes on without an assessment, where it does.
    case changeStage(to: CaseStage, summary: String, exemption: String? = nil)
    /// Close the case. `recordedBy` is who asks, and cannot be the supervisor who approves.
    case close(CaseClosing, summary: String, recordedBy: String)
    /// Agree, finish or drop an action.
    case recordAction(ActionRecord)
    /// Propose a referral.
    case offerReferral(ReferralOffer)
    /// Decline a proposed referral.
    case declineReferral(ReferralDecline)
    /// Record a consent state.
    case recordConsent(ConsentDetails)
    /// Record or confirm how the victim can be reached, for a number of days.
    case recordSafeContact(SafeContact, days: Int = CaseworkLimits.safeContactDays)
    /// Let a referral go.
    case sendReferral(service: ServiceCode, summary: String, victimName: String?)
}
