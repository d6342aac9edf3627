import SharingProtocols
import TallystickPrimitives
import TallystickTesting
import Testing

/// 100,000 questions about two thousand random protocols, against the naive reading of docs/protocols.md.
///
/// One pass over each, because parsing costs more than deciding: every question is put to the oracle, to each of the
/// points, and to the same protocol with one `never` more.
@Suite struct RandomProtocolTests {
    static let batches = 20
    static let protocolsPerBatch = 50
    static let questionsPerProtocol = 100

    @Test func thereAreAHundredThousand() {
        #expect(Self.batches * Self.protocolsPerBatch * Self.questionsPerProtocol >= 100_000)
    }

    @Test(arguments: 0..<batches)
    func decisionsAreThoseOfThePage(batch: Int) throws {
        var generator = Generator(seed: 0x5eed_0000 + UInt64(batch))
        var tally = Tally()
        for _ in 0..<Self.protocolsPerBatch {
            let text = RandomProtocol.text(&generator)
            let terms = try SharingProtocol(parsing: Array(text.utf8), file: "random.yaml")
            let never = RandomProtocol.never("one-more", &generator, terms.eventTypes.sorted().map(\.text))
            let stricter = text.replacing("\nnever:\n", with: "\nnever:\n\(never)\n")
            let narrowed = try SharingProtocol(parsing: Array(stricter.utf8), file: "random.yaml")
            try #require(narrowed.nevers.count == terms.nevers.count + 1)
            let asks = RandomAsk(terms)
            let oracle = NaiveOracle(terms)
            for _ in 0..<Self.questionsPerProtocol {
                let question = asks.make(&generator)
                do { try check(question, terms, narrowed, oracle, &tally) } catch {
                    Issue.record("batch \(batch): \(error)\n\(question)\n\(stricter)")
                    return
                }
            }
        }
        #expect(tally.permitted > 100, "\(tally)")
        #expect(tally.closed > 5, "\(tally)")
    }

    struct Tally {
        var permitted = 0
        var closed = 0
    }

    struct Disagreement: Error, CustomStringConvertible {
        let description: String
    }

    private func check(
        _ question: ShareQuestion, _ terms: SharingProtocol, _ narrowed: SharingProtocol, _ oracle: NaiveOracle,
        _ tally: inout Tally
    ) throws {
        let decision = ShareDecisions.decideShare(question, under: terms)
        guard decision.isPermitted == oracle.permits(question) else {
            throw Disagreement(description: "the page says otherwise: \(decision)")
        }
        // The broker and the auditor without keys let pass what the sender may send, and refuse for no reason of their own.
        let keyless = ShareDecisions.decideShare(question.keyless, under: terms)
        guard Set(keyless.refusals).isSubset(of: decision.refusals) else {
            throw Disagreement(description: "without keys: \(keyless)\nwith them: \(decision)")
        }
        guard keyless.isPermitted == oracle.permits(question.keyless) else {
            throw Disagreement(description: "the page says otherwise without keys: \(keyless)")
        }
        // The recipient finds nothing against what the sender may send, and says nothing that the sender would not.
        let arrival = ShareDecisions.faultsOnArrival(question.onArrival, under: terms)
        let codes = Set(decision.refusals.map(\.code))
        guard !decision.isPermitted || arrival.isEmpty, decision.isPermitted || codes.isSuperset(of: arrival.map(\.code))
        else { throw Disagreement(description: "on arrival: \(arrival)\nbefore: \(decision)") }
        if ShareDecisions.decideShare(question, under: narrowed).isPermitted {
            guard decision.isPermitted else { throw Disagreement(description: "a never has widened it") }
        } else if decision.isPermitted {
            tally.closed += 1
        }
        if decision.isPermitted { tally.permitted += 1 }
    }
}
