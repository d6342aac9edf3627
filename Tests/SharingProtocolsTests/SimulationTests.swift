import SharingProtocols
import TallystickPrimitives
import Testing

/// A simulation gives counts, none that might tell of one person, and exactly what the decision function says.
@Suite struct SimulationTests {
    private static func part(
        _ entry: Int, _ label: Label = .record, consent: ConsentState? = nil,
        reached: Set<AgencyCode> = ["northshire-police"]
    ) -> SimulatedPart {
        let question = Questions.feed(label, to: "northshire-police", consent: consent)
        return SimulatedPart(
            entry: entry, sender: "harbour-homes", label: label,
            sealed: question.sealed ?? SealedFacts(eventType: "report-recorded", fields: []), purpose: "prevent-asb",
            circle: Questions.circle, reached: reached)
    }

    private static func row(_ agency: String, _ label: String?, of simulation: ProtocolSimulation) -> [Int?]? {
        simulation.rows.first { $0.agency == agency && $0.label == label }.map { [$0.reached, $0.would] }
    }

    @Test func whatWouldGoIsCountedBesideWhatWent() throws {
        let terms = try ProtocolFiles.terms("jag")
        let parts = (0..<7).map { Self.part($0, reached: $0 < 5 ? ["northshire-police"] : []) }
        let simulation = ProtocolSimulation(of: parts, under: terms, at: Questions.now)
        #expect(simulation.entries == 7)
        #expect(Self.row("northshire-police", nil, of: simulation) == [5, 7])
        #expect(Self.row("northshire-police", "record", of: simulation) == [5, 7])
        // A changed file: what it never lets go reaches nobody.
        let never = """
            never:
              - clause: no-records-to-police
                labels: [record]
                channels: [feed]
                to: [police]
                standing: norm
                text: The police ask.

            """
        let yaml = String(decoding: try ProtocolFiles.bytes("jag"), as: UTF8.self)
        let narrowed = try SharingProtocol(
            parsing: Array(yaml.replacing("never:\n", with: never, maxReplacements: 1).utf8), file: "narrowed")
        let less = ProtocolSimulation(of: parts, under: narrowed, at: Questions.now)
        #expect(Self.row("northshire-police", "record", of: less) == [5, nil])
    }

    /// Fewer than five are never told apart: not from each other, and not from none.
    @Test func smallCountsAreNotShown() throws {
        let terms = try ProtocolFiles.terms("jag")
        var shown: Set<[Int?]> = []
        for count in 1..<Limits.smallestShownCount {
            for reached in 0...count {
                let parts = (0..<count).map {
                    Self.part($0, reached: $0 < reached ? ["northshire-police"] : [])
                }
                let simulation = ProtocolSimulation(of: parts, under: terms, at: Questions.now)
                #expect(simulation.entries == nil)
                if let row = Self.row("northshire-police", nil, of: simulation) { shown.insert(row) }
                #expect(!simulation.text.contains { "1234".contains($0) }, "\(count)")
                #expect(simulation.text.contains("fewer than 5"))
            }
        }
        #expect(shown == [[nil, nil]])
    }

    /// Of every label and type of entry: what is counted is what some power of the file permits for the purpose.
    @Test func whatWouldReachIsWhatTheDecisionFunctionPermits() throws {
        for name in ["jag", "marac"] {
            let terms = try ProtocolFiles.terms(name)
            let circle = Set(terms.parties.map(\.agency))
            for purpose in terms.purposes.map(\.code).prefix(2) {
                for type in terms.eventTypes.sorted().prefix(2) {
                    for label in terms.labels.map(\.label) {
                        let fields = Set(EventCatalogue.current.fields(of: type, under: label))
                        let sealed = SealedFacts(
                            eventType: type, fields: fields, consent: .given, safeContact: .recorded)
                        let sender = terms.parties[0].agency
                        let parts = (0..<5).map {
                            SimulatedPart(
                                entry: $0, sender: sender, label: label, sealed: sealed, purpose: purpose,
                                circle: circle, reached: [])
                        }
                        let simulation = ProtocolSimulation(of: parts, under: terms, at: Questions.now)
                        for recipient in circle where recipient != sender {
                            let permits = SimulationTests.permits(
                                terms, sealed, label, sender, recipient, purpose, circle)
                            let would = Self.row(recipient.text, label.text, of: simulation)?[1] != nil
                            #expect(would == permits, "\(name) \(type) \(label) to \(recipient) for \(purpose)")
                        }
                    }
                }
            }
        }
    }

    private static func permits(
        _ terms: SharingProtocol, _ sealed: SealedFacts, _ label: Label, _ sender: AgencyCode,
        _ recipient: AgencyCode, _ purpose: PurposeCode, _ circle: Set<AgencyCode>
    ) -> Bool {
        for gateway in terms.gateways {
            for basis in gateway.bases {
                for condition in [nil] + terms.conditions.map(Optional.some) {
                    let question = ShareQuestion(
                        sender: sender, recipient: recipient, label: label, sealed: sealed, purpose: purpose,
                        gateway: gateway.code, basis: basis, condition: condition, circle: circle, at: Questions.now)
                    if ShareDecisions.decideShare(question, under: terms).isPermitted { return true }
                }
            }
        }
        return false
    }
}
