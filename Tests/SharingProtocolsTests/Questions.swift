import SharingProtocols
import TallystickPrimitives

/// Questions that are permitted as they stand, for tests to change one thing in.
enum Questions {
    static let circle: Set<AgencyCode> = [
        "northshire-police", "marlow-vale-council", "northshire-county", "harbour-homes",
        "northshire-fire", "victim-first",
    ]

    static let now = Timestamp(wholeSeconds: 1_780_000_000)

    static func days(_ count: Int64) -> Timestamp { now.adding(seconds: count * 86_400) }

    /// The landlord's report, its label sent to another agency of the case.
    static func feed(
        _ label: Label, to recipient: AgencyCode, from sender: AgencyCode = "harbour-homes",
        type: EventTypeCode = "report-recorded", consent: ConsentState? = nil,
        safeContact: SafeContactState = .missing
    ) -> ShareQuestion {
        let fields = EventCatalogue.current.fields(of: type, under: label)
        return ShareQuestion(
            sender: sender, recipient: recipient, label: label,
            sealed: SealedFacts(
                eventType: type, fields: Set(fields), consent: consent, safeContact: safeContact),
            purpose: "prevent-asb", gateway: "cda-1998-s115", basis: "public-task",
            circle: circle, at: now)
    }

    /// The landlord's risk assessment, shared with the fire service on request.
    static func fireShare(_ label: Label = "risk", days: Int64? = 28) -> ShareQuestion {
        let type: EventTypeCode = label == .risk ? "risk-assessed" : "safe-contact-recorded"
        let fields = EventCatalogue.current.fields(of: type, under: label)
        return ShareQuestion(
            sender: "harbour-homes", recipient: "northshire-fire", label: label,
            sealed: SealedFacts(
                eventType: type, fields: Set(fields), consent: .notRequired, requested: true),
            purpose: "prevent-fire-harm", gateway: "cda-1998-s115", basis: "public-task",
            circle: circle, isDirectShare: true, expires: days.map(Questions.days), at: now)
    }

    /// The referral to the victim service, one of its compartments.
    static func referral(
        _ label: Label, consent: ConsentState? = .given,
        safeContact: SafeContactState = .recorded
    ) -> ShareQuestion {
        var question = feed(
            label, to: "victim-first", type: "referral-sent", consent: consent,
            safeContact: safeContact)
        question.purpose = "protect-victim"
        question.gateway = "victims-code-right-4"
        return question
    }

    /// The pointer of a case, put to the broker.
    static func pointer(
        category: CategoryCode? = "noise", caseKind: CaseKindCode? = nil
    ) -> ShareQuestion {
        let fields = EventCatalogue.current.fields(of: "case-opened", under: .pointer)
        var question = feed(.pointer, to: "northshire-broker", type: "case-opened")
        question.sealed = SealedFacts(
            eventType: "case-opened", fields: Set(fields), category: category,
            caseKind: caseKind)
        return question
    }
}

extension ShareQuestion {
    func changed(_ change: (inout ShareQuestion) -> Void) -> ShareQuestion {
        var question = self
        change(&question)
        return question
    }
}

extension ShareDecision {
    var codes: Set<ShareRefusalCode> { Set(refusals.map(\.code)) }

    var clauses: [ClauseCode] {
        switch self {
        case .permit(let references): references.map(\.clause)
        case .refuse: []
        }
    }
}
