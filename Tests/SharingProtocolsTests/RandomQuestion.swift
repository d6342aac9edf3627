import SharingProtocols
import TallystickPrimitives
import TallystickTesting

/// Questions of every sort, half of them one or two steps from one that is permitted.
enum RandomQuestion {
    static func make(_ generator: inout Generator) -> ShareQuestion {
        let wild = wild(&generator)
        guard generator.bool() else { return wild }
        var question = generator.element(of: permitted)
        for _ in 0..<generator.int(in: 0...2) {
            copyOnePart(of: wild, to: &question, generator.int(in: 0...11))
        }
        if generator.int(in: 0...3) == 0, let facts = question.sealed {
            question.sealed = varied(facts, &generator)
        }
        return question
    }

    private static let permitted: [ShareQuestion] = [
        Questions.feed(.record, to: "northshire-fire"),
        Questions.feed(.contact, to: "northshire-police"),
        Questions.feed(.safeContact, to: "marlow-vale-council"),
        Questions.feed(.risk, to: "northshire-county", type: "risk-assessed"),
        Questions.fireShare(), Questions.fireShare(.safeContact), Questions.pointer(),
        Questions.referral(.identity), Questions.referral(.record),
    ]

    private static func copyOnePart(
        of other: ShareQuestion, to question: inout ShareQuestion, _ part: Int
    ) {
        switch part {
        case 0: question.sender = other.sender
        case 1: question.recipient = other.recipient
        case 2: question.label = other.label
        case 3: question.sealed = other.sealed
        case 4: question.purpose = other.purpose
        case 5: question.gateway = other.gateway
        case 6: question.basis = other.basis
        case 7: question.condition = other.condition
        case 8: question.circle = other.circle
        case 9: question.isDirectShare.toggle()
        case 10: question.expires = other.expires
        default: question.at = other.at
        }
    }

    private static func varied(
        _ facts: SealedFacts, _ generator: inout Generator
    ) -> SealedFacts {
        SealedFacts(
            eventType: facts.eventType, fields: facts.fields,
            consent: generator.bool() ? facts.consent : nil,
            safeContact: generator.element(of: SafeContactState.allCases),
            requested: generator.bool(), category: facts.category, caseKind: facts.caseKind,
            subjectSide: [agency(&generator)])
    }

    private static func wild(_ generator: inout Generator) -> ShareQuestion {
        let label: Label = generator.element(of: DecisionPropertyTests.labels + ["pointer"])
        let isUsual = generator.int(in: 0...3) > 0
        let gateways: [GatewayCode] = [
            "cda-1998-s115", "care-act-2014-s42", "victims-code-right-4", "asbcpa-2014-sch4",
            "cda-1998-s17a", "pcsc-2022-s16", "consent-referral", "emergency", "la-2003-s185",
        ]
        let purposes: [PurposeCode] = [
            "prevent-asb", "protect-victim", "prevent-fire-harm", "safeguard-adult", "case-review",
            "statutory-return", "prevent-serious-violence", "protect-life",
        ]
        let bases: [BasisCode] = [
            "public-task", "law-enforcement", "recognised-interests", "consent", "legal-obligation",
            "legitimate-interests", "vital-interests", "because",
        ]
        let conditions: [ConditionCode] = ["dpa-sch1-18-safeguarding", "art9-2-c-vital"]
        let isDirect = generator.int(in: 0...3) == 0
        let days = Int64(generator.int(in: -1...95))
        return ShareQuestion(
            sender: agency(&generator), recipient: recipient(&generator, label), label: label,
            sealed: generator.int(in: 0...4) == 0 ? nil : facts(&generator, label),
            purpose: generator.element(of: isUsual ? Array(purposes.prefix(4)) : purposes),
            gateway: generator.element(of: isUsual ? Array(gateways.prefix(3)) : gateways),
            basis: isUsual ? "public-task" : generator.element(of: bases),
            condition: isUsual ? nil : generator.element(of: conditions),
            circle: isUsual
                ? Questions.circle : Set((0..<7).map { _ in agency(&generator) }),
            isEmergency: generator.int(in: 0...9) == 0, isDirectShare: isDirect,
            expires: generator.bool() ? Questions.days(days) : nil,
            at: generator.int(in: 0...9) == 0 ? Questions.days(400) : Questions.now)
    }

    private static func agency(_ generator: inout Generator) -> AgencyCode {
        generator.element(of: [
            "northshire-police", "marlow-vale-council", "northshire-county", "harbour-homes",
            "meadow-housing", "northshire-fire", "victim-first", "northshire-probation",
        ])
    }

    private static func recipient(_ generator: inout Generator, _ label: Label) -> AgencyCode {
        if label == .pointer, generator.int(in: 0...3) > 0 { return "northshire-broker" }
        return generator.int(in: 0...3) == 0 ? "victim-first" : agency(&generator)
    }

    private static func facts(_ generator: inout Generator, _ label: Label) -> SealedFacts {
        let types = EventCatalogue.current.eventTypes
        let fitting = types.filter { !EventCatalogue.current.fields(of: $0, under: label).isEmpty }
        let isOdd = fitting.isEmpty || generator.int(in: 0...9) == 0
        let known = isOdd ? types + ["unheard-of"] : fitting
        let type = generator.element(of: known)
        var fields = Set(EventCatalogue.current.fields(of: type, under: label))
        fields = fields.filter { _ in generator.bool() }
        if generator.int(in: 0...9) == 0 {
            fields.insert(generator.element(of: EventCatalogue.current.allFields))
        }
        let states = ConsentState.allCases.map { Optional($0) } + [nil, .given, .given, .given]
        let side = agency(&generator)
        return SealedFacts(
            eventType: type, fields: fields, consent: generator.element(of: states),
            safeContact: generator.element(of: SafeContactState.allCases),
            requested: generator.int(in: 0...2) > 0,
            category: generator.element(of: ["noise", "litter", "noise", "hate", nil]),
            caseKind: generator.element(of: ["location", "person", "marac", nil]),
            subjectSide: generator.int(in: 0...4) == 0 ? [side] : [])
    }
}
