public import SharingProtocols
public import TallystickPrimitives

/// An event as one agency says it.
public struct AuthoredValue<Value: Hashable & Sendable>: Hashable, Sendable {
    /// Who says it.
    public let agency: AgencyCode
    /// What they say.
    public let value: Value

    /// States who says what.
    public init(agency: AgencyCode, value: Value) {
        self.agency = agency
        self.value = value
    }
}

/// How a referral to one service stands.
public struct ReferralState: Hashable, Sendable {
    /// The steps that a referral goes through.
    public enum Standing: String, CaseIterable, Hashable, Sendable, Codable {
        /// Proposed and not yet answered.
        case offered
        /// Declined; it can be offered again.
        case declined
        /// Left.
        case sent
    }

    /// The latest step.
    public let standing: Standing
    /// Why, in the words of the latest step.
    public let words: String
    /// Which agency took it.
    public let agency: AgencyCode
    /// How often it was offered.
    public let offerCount: Int
}

/// Names one action of a case: the words and their owner.
public struct ActionKey: Hashable, Comparable, Sendable {
    /// Who is to do it.
    public let owner: AgencyCode
    /// What is to be done.
    public let action: String

    public static func < (left: ActionKey, right: ActionKey) -> Bool {
        (left.owner, left.action) < (right.owner, right.action)
    }
}

/// What a case's events add up to, every agency's word beside the others'.
///
/// A pure fold that never fails: what contradicts itself is shown, not judged.
public struct CaseState: Hashable, Sendable {
    /// The latest opening or restatement that was received.
    public private(set) var opening: AuthoredValue<CaseOpening>?
    /// Where each agency says the case stands.
    public private(set) var stages: [AgencyCode: StageChange] = [:]
    /// Each agency's assessments, oldest first; none replaces another.
    public private(set) var assessments: [AgencyCode: [RiskAssessment]] = [:]
    /// The actions with their latest status.
    public private(set) var actions: [ActionKey: ActionRecord] = [:]
    /// How the referral to each service stands.
    public private(set) var referrals: [ServiceCode: ReferralState] = [:]
    /// What each agency last recorded of consent.
    public private(set) var consents: [AgencyCode: ConsentDetails] = [:]
    /// The newest consent state on record, whoever recorded it.
    public private(set) var latestConsent: AuthoredValue<ConsentDetails>?
    /// What each agency last recorded of safe contact.
    public private(set) var safeContacts: [AgencyCode: SafeContactDetails] = [:]
    /// Other cases that this one touches.
    public private(set) var links: Set<CaseReference> = []

    /// Which agency may open it, where the case's reference is known.
    private let opener: AgencyCode?
    /// Who leads it and led it before.
    private let leads: LeadOrder

    /// A case of which nothing is known yet; nil for what belongs to no case.
    ///
    /// - Parameter leads: who has led it, where its lead ever changed.
    public init(of reference: CaseReference? = nil, leads: LeadOrder = LeadOrder()) {
        opener = reference?.agency
        self.leads = leads
    }

    /// The agency that leads, once the case is open.
    public var leadAgency: AgencyCode? { opening.map { leads.last ?? $0.value.leadAgency } }

    /// Where the case stands: what its lead agency says, and until it says so what the one before it said.
    public var stage: CaseStage? {
        guard let opening else { return nil }
        return leads.newest { stages[$0]?.stage } ?? stages[opening.value.leadAgency]?.stage ?? .opened
    }

    /// Each agency's latest assessment.
    public var latestAssessments: [AgencyCode: RiskAssessment] {
        assessments.compactMapValues(\.last)
    }

    /// The band that `agency` last judged; nil when it judged none that was received.
    public func judgedBand(of agency: AgencyCode) -> RiskBand? {
        assessments[agency]?.last { $0.details != nil }?.details?.judgedBand
    }

    /// Adds what one agency recorded.
    public mutating func evolve(_ event: CaseworkEvent, by agency: AgencyCode) {
        switch event {
        case .caseOpened(let value): open(value, by: agency)
        case .riskAssessed(let value): assessments[agency, default: []].append(value)
        case .stageChanged(let value): stages[agency] = value
        case .actionRecorded(let value):
            actions[ActionKey(owner: value.owner, action: value.action)] = value
        case .referralOffered(let value):
            refer(value.service, .offered, value.because, by: agency)
        case .referralDeclined(let value):
            refer(value.service, .declined, value.because, by: agency)
        case .referralSent(let value): refer(value.service, .sent, value.summary, by: agency)
        case .consentRecorded(let value):
            guard let details = value.details else { return }
            consents[agency] = details
            latestConsent = AuthoredValue(agency: agency, value: details)
        case .safeContactRecorded(let value):
            if let details = value.details { safeContacts[agency] = details }
        case .caseLinked(let value): links.insert(value.linked)
        case .reportRecorded, .importRejected, .accessRecorded, .caseHandedOver: break
        }
    }

    // Only the agency that leads the case restates it, so that nobody can take the lead by saying
    // that they have it.
    private mutating func open(_ value: CaseOpening, by agency: AgencyCode) {
        guard leads.mayState(agency, opener: opener, after: opening?.agency) else { return }
        opening = AuthoredValue(agency: agency, value: value)
    }

    private mutating func refer(
        _ service: ServiceCode, _ standing: ReferralState.Standing, _ words: String,
        by agency: AgencyCode
    ) {
        let offers = (referrals[service]?.offerCount ?? 0) + (standing == .offered ? 1 : 0)
        referrals[service] = ReferralState(
            standing: standing, words: words, agency: agency, offerCount: offers)
    }
}

extension CaseState {
    /// What `agency` has on record of consent, in the words that sharing decisions ask for.
    public func consentState(of agency: AgencyCode) -> ConsentState? { consents[agency]?.state }

    /// What `agency` has on record of safe contact at an instant.
    public func safeContactState(of agency: AgencyCode, at instant: Timestamp) -> SafeContactState {
        guard let details = safeContacts[agency], details.isLive(at: instant) else {
            return .missing
        }
        switch details.contact {
        case .instruction: return .recorded
        case .goingWithout: return .goingWithout
        }
    }
}
