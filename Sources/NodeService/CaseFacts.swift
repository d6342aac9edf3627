import Casework
import SharingProtocols
import TallystickPrimitives

/// What is on record of a case as far as sharing decisions ask for it.
struct CaseFacts {
    let consent: ConsentState?
    let safeContact: SafeContactState
    let category: CategoryCode?
    let kind: CaseKindCode?
    /// On what terms the parts of it came that are not this agency's own.
    var carried: [CarriedTerms] = []
    /// The same, where single parts came on terms of their own.
    var carriedBy: [Label: [CarriedTerms]] = [:]

    /// Looks at a case as one agency knows it.
    ///
    /// Its own record of consent counts, unless somebody else has recorded since that it was refused or withdrawn.
    init(_ state: CaseState, of agency: AgencyCode, at now: Timestamp) {
        let latest = state.latestConsent?.value.state
        let isAgainst = latest == .refused || latest == .withdrawn
        consent = isAgainst ? latest : state.consentState(of: agency)
        safeContact = state.safeContactState(of: agency, at: now)
        category = state.opening?.value.category
        kind = state.opening?.value.kind
    }

    /// The facts about one compartment.
    ///
    /// - Parameters:
    ///   - label: of which part the fields are; nil where that is not asked about.
    ///   - consent: a state to be asked about in place of the one on record.
    func sealed(
        _ type: EventTypeCode, _ fields: Set<FieldCode>, of label: Label? = nil, requested: Bool = false,
        consent asked: ConsentState? = nil
    ) -> SealedFacts {
        SealedFacts(
            eventType: type, fields: fields, consent: asked ?? consent, safeContact: safeContact, requested: requested,
            category: category, caseKind: kind,
            carried: carried + (label.flatMap { carriedBy[$0] } ?? []))
    }
}
