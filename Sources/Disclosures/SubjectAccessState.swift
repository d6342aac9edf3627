import Casework
public import TallystickPrimitives

/// How a request for one's own data stands.
public struct SubjectAccessState: Hashable, Sendable {
    /// The request.
    public let id: EventID
    /// What was asked.
    public let asked: SubjectAccess
    /// Why it takes longer; nil while it does not.
    public private(set) var extended: AccessExtension?
    /// What the lead chose, oldest first.
    public private(set) var marks: [AccessMark] = []
    /// Who was asked what, and what they said, oldest first.
    public private(set) var consultations: [Consulted] = []
    /// The drafts that were written out.
    public private(set) var packs: [AccessPacked] = []

    /// One agency that was asked.
    public struct Consulted: Hashable, Sendable {
        /// The entry that asks.
        public let id: EventID
        /// The agency.
        public let agency: AgencyCode
        /// What it was asked.
        public let consultation: AccessConsultation
        /// What it said; nil while it has said nothing.
        public internal(set) var advice: AccessAdvice?
    }

    /// Begins.
    public init(id: EventID, asked: SubjectAccess) {
        self.id = id
        self.asked = asked
    }

    /// Takes in one event.
    ///
    /// - Parameters:
    ///   - entry: its identifier.
    ///   - agency: who recorded it.
    ///   - recipient: of a consultation, whom it went to.
    public mutating func evolve(
        _ event: DisclosureEvent, entry: EventID, by agency: AgencyCode, to recipient: AgencyCode? = nil
    ) {
        switch event {
        case .subjectAccessMarked(let mark) where mark.access == id: marks.append(mark)
        case .subjectAccessExtended(let longer) where longer.access == id: extended = extended ?? longer
        case .subjectAccessPacked(let pack) where pack.access == id: packs.append(pack)
        case .subjectAccessConsulted(let consultation) where consultation.access == id:
            guard let recipient else { return }
            consultations.append(Consulted(id: entry, agency: recipient, consultation: consultation, advice: nil))
        case .subjectAccessAdvised(let advice):
            guard let place = consultations.firstIndex(where: { $0.id == advice.consultation && $0.agency == agency })
            else { return }
            // Who is asked may say more, or something else; the newest stands.
            consultations[place].advice = advice
        case .subjectAccessMarked, .subjectAccessExtended, .subjectAccessPacked, .subjectAccessConsulted,
            .subjectAccessOpened, .requestMade, .requestAnswered, .requestStepped, .disclosureMade,
            .emergencyDisclosed, .emergencyReviewed, .recallMade, .recallAnswered, .recallUsed, .recallDecided,
            .entryCorrected, .readingReported, .readingWithheld, .contactAway, .erasureProposed, .erasureApproved,
            .erasureStopped, .holdNoted:
            return
        }
    }

    /// The last day for the answer.
    public var due: CivilDate {
        let months = Limits.accessMonths + (extended == nil ? 0 : Limits.accessExtensionMonths)
        return AccessClock.due(from: asked.receivedOn, months: months)
    }

    /// The exemption in force for an entry; nil for none.
    public func exemption(of entry: EventID) -> (AccessExemption, ExemptionReach)? {
        for mark in marks.reversed() where mark.entry == entry {
            switch mark.choice {
            case .exempt(let exemption, let reach): return (exemption, reach)
            case .give: return nil
            case .regime, .include: continue
            }
        }
        return nil
    }

    /// The regime that was chosen for an entry; nil for none.
    public func regime(of entry: EventID) -> AccessRegime? {
        for mark in marks.reversed() where mark.entry == entry {
            if case .regime(let regime) = mark.choice { return regime }
        }
        return nil
    }

    /// The fields of an entry that are in by choice.
    public func included(of entry: EventID) -> Set<IncludedField> {
        var found: Set<IncludedField> = []
        for mark in marks where mark.entry == entry {
            if case .include(let label, let field) = mark.choice {
                found.insert(IncludedField(label: label, field: field))
            }
        }
        return found
    }
}

/// A field that is out otherwise and is in by choice.
public struct IncludedField: Hashable, Sendable {
    /// What it stands under.
    public let label: Label
    /// The field.
    public let field: FieldCode

    /// States it.
    public init(label: Label, field: FieldCode) {
        self.label = label
        self.field = field
    }
}

/// Decides whether a request for one's own data is recorded.
///
/// - Throws: `DisclosureRefusal`; nothing is recorded then.
public func decide(_ asked: SubjectAccess, at now: Timestamp) throws(DisclosureRefusal) -> [DisclosureEvent] {
    try checkText { () throws(CaseRefusal) in
        for name in asked.names { try TextCheck.named("access-requester", name) }
        try TextCheck.named("access-lead", asked.lead)
    }
    guard asked.names.count <= Limits.accessNameCount else { throw .tooManyNames(limit: Limits.accessNameCount) }
    guard asked.receivedOn.daysSinceEpoch <= Int64(now.wholeSeconds / 86_400) else { throw .receivedAhead }
    return [.subjectAccessOpened(asked)]
}

/// Decides whether a choice is recorded.
///
/// - Parameter regime: the regime that the entry is under now.
/// - Throws: `DisclosureRefusal`; nothing is recorded then.
public func decide(
    _ mark: AccessMark, given state: SubjectAccessState, regime: AccessRegime
) throws(DisclosureRefusal) -> [DisclosureEvent] {
    try checkText { () throws(CaseRefusal) in try TextCheck.summary("access-words", mark.words) }
    if case .exempt(let exemption, _) = mark.choice, exemption.regime != regime {
        throw .otherRegime(exemption, entryIs: regime)
    }
    return [.subjectAccessMarked(mark)]
}

/// Decides whether an agency is asked.
///
/// - Throws: `DisclosureRefusal`; nothing is recorded then.
public func decide(
    _ consultation: AccessConsultation, of agency: AgencyCode, as own: AgencyCode, at now: Timestamp
) throws(DisclosureRefusal) -> [DisclosureEvent] {
    guard agency != own else { throw .toOneself }
    guard !consultation.entries.isEmpty, consultation.entries.count <= Limits.accessConsultedCount else {
        throw .nothingToConsult(agency)
    }
    guard consultation.due > now else { throw .due(limitDays: DisclosureLimits.dueDays) }
    try checkText { () throws(CaseRefusal) in try TextCheck.summary("access-words", consultation.words) }
    return [.subjectAccessConsulted(consultation)]
}

/// Decides whether advice is recorded.
///
/// - Throws: `DisclosureRefusal`; nothing is recorded then.
public func decide(_ advice: AccessAdvice) throws(DisclosureRefusal) -> [DisclosureEvent] {
    try checkText { () throws(CaseRefusal) in try TextCheck.summary("access-words", advice.words) }
    return [.subjectAccessAdvised(advice)]
}

/// Decides whether the clock is extended: once, before the month is over, with words for the person.
///
/// - Throws: `DisclosureRefusal`; nothing is recorded then.
public func decide(
    _ longer: AccessExtension, given state: SubjectAccessState, at now: Timestamp
) throws(DisclosureRefusal) -> [DisclosureEvent] {
    guard state.extended == nil else { throw .extendedAlready(until: state.due) }
    guard Int64(now.wholeSeconds / 86_400) <= state.due.daysSinceEpoch else { throw .extendedTooLate(due: state.due) }
    try checkText { () throws(CaseRefusal) in try TextCheck.summary("access-words", longer.words) }
    return [.subjectAccessExtended(longer)]
}
