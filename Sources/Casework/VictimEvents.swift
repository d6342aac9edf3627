public import SharingProtocols
public import TallystickPrimitives

/// What the person said, or why nobody asked: the `consent` compartment (DOMAIN §2F).
public struct ConsentDetails: Hashable, Sendable {
    /// The state.
    public let state: ConsentState
    /// How it was given or refused; for a state without asking, the reason for going without.
    public let how: String
    /// What it covers.
    public let scope: String?
    /// Who gave it: the person, a parent, an advocate …; never the officer who writes it down, whom `actor` names.
    public let by: String?

    /// States what is on record.
    public init(state: ConsentState, how: String, scope: String? = nil, by: String? = nil) {
        self.state = state
        self.how = how
        self.scope = scope
        self.by = by
    }
}

/// A consent state recorded.
public struct ConsentRecord: Hashable, Sendable {
    /// What is on record; nil when not received.
    public let details: ConsentDetails?

    /// States a record.
    public init(details: ConsentDetails?) { self.details = details }
}

/// How the victim can be reached, or why nobody should try.
public enum SafeContact: Hashable, Sendable {
    /// How, when and where it is safe.
    case instruction(String)
    /// Why a service must go without.
    case goingWithout(reason: String)
}

/// A safe contact with its term: the `safe-contact` compartment (PRACTICE P8).
public struct SafeContactDetails: Hashable, Sendable {
    /// The instruction, or why there is none.
    public let contact: SafeContact
    /// When the person last confirmed it.
    public let confirmedAt: Timestamp
    /// From when on it must be confirmed again before it is used.
    public let expires: Timestamp

    /// States a safe contact.
    public init(contact: SafeContact, confirmedAt: Timestamp, expires: Timestamp) {
        self.contact = contact
        self.confirmedAt = confirmedAt
        self.expires = expires
    }

    /// Whether it still counts at an instant.
    public func isLive(at instant: Timestamp) -> Bool { instant < expires }
}

/// A safe contact recorded or confirmed again.
public struct SafeContactRecord: Hashable, Sendable {
    /// What is on record; nil when not received.
    public let details: SafeContactDetails?

    /// States a record.
    public init(details: SafeContactDetails?) { self.details = details }
}

/// A referral proposed; nothing leaves by it.
public struct ReferralOffer: Hashable, Sendable {
    /// The service.
    public let service: ServiceCode
    /// Why it is proposed.
    public let because: String

    /// States an offer.
    public init(service: ServiceCode, because: String) {
        self.service = service
        self.because = because
    }
}

/// An offered referral declined; it can be offered again.
public struct ReferralDecline: Hashable, Sendable {
    /// The service.
    public let service: ServiceCode
    /// Why it was declined.
    public let because: String

    /// States a decline.
    public init(service: ServiceCode, because: String) {
        self.service = service
        self.because = because
    }
}

/// A referral that a practitioner let go.
public struct SentReferral: Hashable, Sendable {
    /// The service.
    public let service: ServiceCode
    /// The partner summary.
    public let summary: String
    /// The victim's name; nil when withheld or not received.
    public let victimName: String?
    /// How to reach the victim; nil when going without, or not received.
    public let safeContact: String?
    /// The band last judged; nil when nobody assessed it, or not received.
    public let judgedBand: RiskBand?

    /// States a referral.
    public init(
        service: ServiceCode, summary: String, victimName: String?, safeContact: String?,
        judgedBand: RiskBand?
    ) {
        self.service = service
        self.summary = summary
        self.victimName = victimName
        self.safeContact = safeContact
        self.judgedBand = judgedBand
    }
}

/// Somebody read something; sealed in the reader's own log (PRACTICE P12).
public struct AccessRecord: Hashable, Sendable {
    /// What was done with it.
    public let state: AccessState
    /// The case, where it was one.
    public let caseReference: CaseReference?
    /// The event, where it was one.
    public let event: EventID?
    /// In what role the reader acted.
    public let role: String?

    /// States an access.
    public init(state: AccessState, caseReference: CaseReference?, event: EventID?, role: String?) {
        self.state = state
        self.caseReference = caseReference
        self.event = event
        self.role = role
    }
}
