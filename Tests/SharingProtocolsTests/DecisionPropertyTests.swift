import SharingProtocols
import TallystickPrimitives
import TallystickTesting
import Testing

/// Random questions against an independent, naïve reading of the same protocol.
@Suite struct DecisionPropertyTests {
    @Test(arguments: ["jag", "victim-first", "jag-narrowed"])
    func neverPermitsWhatNoClausePermits(name: String) throws {
        let terms = try ProtocolFiles.terms(name)
        var permitted = 0
        try checkProperty(cases: 2500) { generator in
            let question = RandomQuestion.make(&generator)
            let decision = ShareDecisions.decideShare(question, under: terms)
            let expected = NaiveOracle(terms).permits(question)
            try #require(decision.isPermitted == expected, "\(question)\n\(decision)")
            try #require(ShareDecisions.isPermitted(question, under: terms) == expected, "\(question)")
            if decision.isPermitted { permitted += 1 }
        }
        #expect(permitted > 100, "the generator must reach questions that are permitted")
    }

    @Test(arguments: ["jag", "victim-first", "jag-narrowed"])
    func whatTheSenderMaySendTheBrokerLetsPass(name: String) throws {
        let terms = try ProtocolFiles.terms(name)
        try checkProperty(cases: 2500) { generator in
            let question = RandomQuestion.make(&generator)
            let full = ShareDecisions.decideShare(question, under: terms)
            let keyless = ShareDecisions.decideShare(question.keyless, under: terms)
            try #require(!full.isPermitted || keyless.isPermitted, "\(question)\n\(keyless)")
            let missing = Set(keyless.refusals).subtracting(full.refusals)
            try #require(missing.isEmpty, "\(question)\n\(missing)")
        }
    }

    @Test func addingANeverNeverWidens() throws {
        let jag = try ProtocolFiles.terms("jag")
        let narrowed = try Self.labels.map { label in
            let clause = """
                never:
                  - clause: one-more
                    labels: [\(label)]
                    channels: [feed]
                    to: [police, landlord]
                    standing: norm
                    text: Not this, not to them.

                """
            let text = try ProtocolFiles.edited("jag", [("never:\n", clause)])
            return try SharingProtocol(parsing: Array(text.utf8), file: "narrowed.yaml")
        }
        var closed = 0
        try checkProperty(cases: 2500) { generator in
            let question = RandomQuestion.make(&generator)
            let position = Self.labels.firstIndex(of: question.label)
            let terms = position.map { narrowed[$0] } ?? generator.element(of: narrowed)
            let before = ShareDecisions.decideShare(question, under: jag)
            let after = ShareDecisions.decideShare(question, under: terms)
            try #require(before.isPermitted || !after.isPermitted, "\(question)")
            if before.isPermitted, !after.isPermitted { closed += 1 }
        }
        #expect(closed > 20)
    }

    @Test func aDecisionDependsOnNothingElse() throws {
        let one = try ProtocolFiles.terms("jag")
        let other = try ProtocolFiles.terms("jag")
        #expect(one == other)
        try checkProperty(cases: 500) { generator in
            let question = RandomQuestion.make(&generator)
            let first = ShareDecisions.decideShare(question, under: one)
            try #require(first == ShareDecisions.decideShare(question, under: other))
        }
    }

    @Test func withoutProtocolOnlyTheEmergencyRouteAndOnesOwn() throws {
        try checkProperty(cases: 2000) { generator in
            let question = RandomQuestion.make(&generator)
            let decision = ShareDecisions.decideShare(question, under: nil)
            let isOwn = question.sender == question.recipient
            let isEmergency = question.isEmergency && question.gateway == .emergency
            let isDuty = question.gateway == .dataProtection && question.circle.count == 2
            let isOpen = [isOwn, isEmergency, isDuty].contains(true)
            try #require(!decision.isPermitted || isOpen, "\(question)")
        }
    }

    @Test(arguments: EventCatalogue.current.eventTypes)
    func aFieldUnderAnotherLabelNeverGoes(type: EventTypeCode) throws {
        let jag = try ProtocolFiles.terms("jag")
        let fields = try #require(EventCatalogue.current.fields(of: type))
        for entry in fields {
            for label in Self.labels where label != entry.label {
                let question = Questions.feed(label, to: "northshire-police", type: type).changed {
                    $0.sealed = SealedFacts(eventType: type, fields: [entry.field])
                }
                #expect(!ShareDecisions.decideShare(question, under: jag).isPermitted)
            }
        }
    }

    static let labels: [Label] = [
        "record", "identity", "contact", "safe-contact", "risk", "reporter", "account", "consent",
        "health",
    ]
}
