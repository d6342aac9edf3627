public import TallystickPrimitives

/// Why casework does not do what was asked.
public enum CaseRefusal: Error, Hashable, Sendable {
    /// A text that must say something says nothing.
    case blank(FieldCode)
    /// A text is longer than its field takes, in bytes of UTF-8.
    case tooLong(FieldCode, byteCount: Int, limit: Int)
    /// A list has more entries than its field takes.
    case tooMany(FieldCode, count: Int, limit: Int)
    /// The case is already open.
    case alreadyOpen
    /// There is no such case here yet.
    case notOpen
    /// The case is closed.
    case closed
    /// Only the lead agency does this.
    case notTheLead(lead: AgencyCode)
    /// A restatement comes from the agency that leads the case, and keeps its lead.
    case notTheOpener(opener: AgencyCode)
    /// The answers do not fit the matrix.
    case answers(RiskAnswerFault)
    /// No question is marked and no warning sign answered yes.
    case nothingMarked
    /// A band below the last that this agency judged needs a rationale.
    case loweringNeedsRationale(last: RiskBand, judged: RiskBand)
    /// A high band needs a rationale.
    case highNeedsRationale
    /// A band other than the computed one needs a rationale.
    case overrideNeedsRationale(computed: RiskBand, judged: RiskBand)
    /// The case stands there already.
    case sameStage(CaseStage)
    /// Closing is done with an outcome.
    case closeWithOutcome
    /// Going on without an assessment needs a reason.
    case assessmentOrExemption
    /// The case cannot stand as assessed: nobody has assessed it.
    case nothingAssessed
    /// The supervisor who approves is the person who asks.
    case approvalByAnother
    /// The referral is already proposed.
    case alreadyOffered(ServiceCode)
    /// No proposal to decline.
    case notOffered(ServiceCode)
    /// The referral left already and was not offered again.
    case alreadyReferred(ServiceCode)
    /// No consent state is recorded.
    case consentMissing
    /// The person said no, or no longer agrees.
    case consentRefused
    /// The recorded state cannot carry a referral of a person.
    case consentNotEnough
    /// No safe contact is recorded, nor a reason for going without.
    case safeContactMissing
    /// The safe contact ran out and must be confirmed.
    case safeContactExpired(since: Timestamp)
    /// The term of a safe contact is not between one day and the limit.
    case safeContactDays(Int, limit: Int)
}

extension CaseRefusal: CustomStringConvertible {
    /// What is wrong, where, and what to do; never a word of what was recorded.
    public var description: String {
        switch self {
        case .blank(let field): "The field \(field) is empty. Write something in it."
        case .tooLong(let field, let byteCount, let limit):
            "The field \(field) has \(byteCount) bytes; it takes \(limit). Shorten it."
        case .tooMany(let field, let count, let limit):
            "The field \(field) has \(count) entries; it takes \(limit). Leave some out."
        case .alreadyOpen: "The case is already open. Record in it, or open another."
        case .notOpen: "There is no such case here. Open it first, or ask its lead for it."
        case .closed: "The case is closed. Reopen it first, by setting its stage to opened."
        case .notTheLead(let lead):
            "\(lead) leads this case and moves it. Ask them, or record an action for them."
        case .notTheOpener(let opener):
            "\(opener) leads this case and restates it, with the same lead. Ask them."
        case .answers(let fault): fault.description
        case .nothingMarked:
            "No question is marked. Mark what is known, or record a warning sign that is there."
        case .loweringNeedsRationale(let last, let judged):
            "You last judged \(last.rawValue), and now \(judged.rawValue). Write why it is lower."
        case .highNeedsRationale: "A high band needs a reason. Write why it is high."
        case .overrideNeedsRationale(let computed, let judged):
            "The matrix gives \(computed.rawValue), you judge \(judged.rawValue). Write why."
        case .sameStage(let stage): "The case already stands at \(stage.rawValue)."
        case .closeWithOutcome: "A case is closed with its outcome. Use the closing form."
        case .assessmentOrExemption:
            "Nobody has assessed the risk. Assess it, or write why the case goes on without."
        case .nothingAssessed: "Nobody has assessed the risk. Assess it first."
        case .approvalByAnother:
            "Closing without telling the victim needs a supervisor who is not you. Name them."
        case .alreadyOffered(let service):
            "A referral to \(service) is already offered. Send it or decline it."
        case .notOffered(let service): "No referral to \(service) is open to decline."
        case .alreadyReferred(let service):
            "A referral to \(service) left already. Offer it again first."
        case .consentMissing:
            "No consent state is recorded. Record what the person said, or why nobody asked."
        case .consentRefused: "The person said no. The referral does not leave."
        case .consentNotEnough:
            "The recorded state is for data about nobody. Record the person's own."
        case .safeContactMissing:
            "No safe contact is recorded. Record one, or a reason for going without."
        case .safeContactExpired(let since):
            "The safe contact ran out on \(since). Confirm it with the person, then send."
        case .safeContactDays(_, let limit): "A safe contact counts for 1 to \(limit) days."
        }
    }
}
