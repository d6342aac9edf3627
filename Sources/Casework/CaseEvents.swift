public import SharingProtocols
public import TallystickPrimitives

/// The coded skeleton of a case that the broker's visibility view may show.
public struct CasePointer: Hashable, Sendable {
    /// The ward or LSOA, nothing finer (PRACTICE P5).
    public let area: String?
    /// The category.
    public let category: CategoryCode?
    /// The week, named by its Monday, such as `2026-02-23`; never a day (PRACTICE P5).
    public let week: String?
    /// The lead agency, or what to show in its place.
    public let lead: String?

    /// States a pointer.
    public init(
        area: String? = nil, category: CategoryCode? = nil, week: String? = nil, lead: String? = nil
    ) {
        self.area = area
        self.category = category
        self.week = week
        self.lead = lead
    }
}

/// A case opened, or restated for the agencies that join it.
public struct CaseOpening: Hashable, Sendable {
    /// The partner summary: written to be shared.
    public let summary: String
    /// What sort of behaviour.
    public let category: CategoryCode?
    /// Person, family, location, premises …
    public let kind: CaseKindCode?
    /// The agency that leads.
    public let leadAgency: AgencyCode
    /// The ward or LSOA.
    public let area: String?
    /// The reports it was opened from.
    public let reports: [EventID]
    /// Who it is about; nil when unknown or not received.
    public let people: PeopleDetails?
    /// How to find them; nil when unknown or not received.
    public let contact: ContactDetails?
    /// How to reach the victim without danger; nil when unknown or not received.
    public let safeContact: String?
    /// What the broker may show; nil for none.
    public let pointer: CasePointer?

    /// States an opening.
    public init(
        summary: String, category: CategoryCode? = nil, kind: CaseKindCode? = nil,
        leadAgency: AgencyCode, area: String? = nil, reports: [EventID] = [],
        people: PeopleDetails? = nil, contact: ContactDetails? = nil, safeContact: String? = nil,
        pointer: CasePointer? = nil
    ) {
        self.summary = summary
        self.category = category
        self.kind = kind
        self.leadAgency = leadAgency
        self.area = area
        self.reports = reports
        self.people = people
        self.contact = contact
        self.safeContact = safeContact
        self.pointer = pointer
    }
}

/// Who was told how a case ended, or why nobody was (PRACTICE P8, DOMAIN §1B row 46).
public enum ClosingCommunication: Hashable, Sendable {
    /// A named person told the victim.
    case informed(by: String)
    /// The victim was not told, for a reason that a supervisor approved.
    case notInformed(NotInformedReason, words: String, approvedBy: String)
}

/// What closing a case needs.
public struct CaseClosing: Hashable, Sendable {
    /// Why it ended.
    public let outcome: ClosingOutcome
    /// Whether the victim knows.
    public let communication: ClosingCommunication

    /// States a closing.
    public init(outcome: ClosingOutcome, communication: ClosingCommunication) {
        self.outcome = outcome
        self.communication = communication
    }
}

/// A case moved on its ladder of stages.
public struct StageChange: Hashable, Sendable {
    /// Where it stands now.
    public let stage: CaseStage
    /// Why, written to be shared.
    public let summary: String
    /// Why it went on without a risk assessment, where it did.
    public let assessmentExemption: String?
    /// What closing needs; present exactly when the stage is `closed`.
    public let closing: CaseClosing?

    /// States a change to any stage but the last.
    /// - Precondition: `stage` is not `closed`; that takes a closing.
    public init(to stage: CaseStage, summary: String, assessmentExemption: String? = nil) {
        precondition(stage != .closed, "a case is closed with its outcome")
        self.stage = stage
        self.summary = summary
        self.assessmentExemption = assessmentExemption
        closing = nil
    }

    /// States the closing of a case.
    public init(closing: CaseClosing, summary: String) {
        stage = .closed
        self.summary = summary
        assessmentExemption = nil
        self.closing = closing
    }
}

/// Something that an agency is to do, or has done.
///
/// Recording the same words for the same owner again changes the due date and status.
public struct ActionRecord: Hashable, Sendable {
    /// What is to be done.
    public let action: String
    /// Who is to do it.
    public let owner: AgencyCode
    /// By when.
    public let due: CivilDate?
    /// How it stands.
    public let status: ActionStatus

    /// States an action.
    public init(action: String, owner: AgencyCode, due: CivilDate?, status: ActionStatus) {
        self.action = action
        self.owner = owner
        self.due = due
        self.status = status
    }
}

/// Another case that this one touches.
public struct CaseLink: Hashable, Sendable {
    /// The other case.
    public let linked: CaseReference

    /// States a link.
    public init(linked: CaseReference) { self.linked = linked }
}
