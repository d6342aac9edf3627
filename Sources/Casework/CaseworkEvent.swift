public import TallystickPrimitives

/// Everything that casework records.
///
/// Parts of labels that were not received are nil; parts of the record are always there.
public enum CaseworkEvent: Hashable, Sendable {
    /// Something was reported.
    case reportRecorded(Report)
    /// A row of a file could not be read as a report.
    case importRejected(RejectedImport)
    /// A case was opened, or restated for agencies that join it.
    case caseOpened(CaseOpening)
    /// An agency assessed the risk.
    case riskAssessed(RiskAssessment)
    /// The case moved on its ladder.
    case stageChanged(StageChange)
    /// An action was agreed, done or dropped.
    case actionRecorded(ActionRecord)
    /// A referral was proposed.
    case referralOffered(ReferralOffer)
    /// A proposed referral was declined.
    case referralDeclined(ReferralDecline)
    /// A consent state was recorded.
    case consentRecorded(ConsentRecord)
    /// A safe contact was recorded or confirmed.
    case safeContactRecorded(SafeContactRecord)
    /// A referral left.
    case referralSent(SentReferral)
    /// Another case was linked.
    case caseLinked(CaseLink)
    /// The lead of the case took a step from one agency to another.
    case caseHandedOver(HandoverRecord)
    /// Somebody read something.
    case accessRecorded(AccessRecord)

    /// The registered type.
    public var type: EventTypeCode {
        switch self {
        case .reportRecorded: "report-recorded"
        case .importRejected: "import-rejected"
        case .caseOpened: "case-opened"
        case .riskAssessed: "risk-assessed"
        case .stageChanged: "stage-changed"
        case .actionRecorded: "action-recorded"
        case .referralOffered: "referral-offered"
        case .referralDeclined: "referral-declined"
        case .consentRecorded: "consent-recorded"
        case .safeContactRecorded: "safe-contact-recorded"
        case .referralSent: "referral-sent"
        case .caseLinked: "case-linked"
        case .caseHandedOver: "case-handed-over"
        case .accessRecorded: "access-recorded"
        }
    }
}
