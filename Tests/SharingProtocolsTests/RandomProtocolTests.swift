@testable import SharingProtocols
import TallystickPrimitives
import TallystickTesting
import Testing

/// 100,000 questions about 400 random protocols, against the naive reading of docs/protocols.md.
///
/// Parsing costs more than deciding, so a protocol is parsed once and asked 250 times: every question is put to the
/// oracle, to each of the points, and to the same protocol with one `never` more.
@Suite struct RandomProtocolTests {
    static let batches = 20
    static let protocolsPerBatch = 20
    static let questionsPerProtocol = 250

    @Test func thereAreAHundredThousand() {
        #expect(Self.batches * Self.protocolsPerBatch * Self.questionsPerProtocol >= 100_000)
    }

    @Test(arguments: 0..<batches)
    func decisionsAreThoseOfThePage(batch: Int) throws {
        var generator = Generator(seed: 0x5eed_0000 + UInt64(batch))
        var tally = Tally()
        // What an earlier protocol forbids, a later one forbids beside its own.
        var earlier: [NeverClause] = []
        for _ in 0..<Self.protocolsPerBatch {
            let text = RandomProtocol.text(&generator)
            let terms = try SharingProtocol(parsing: Array(text.utf8), file: "random.yaml")
            var narrowed = terms
            narrowed.nevers.append(contentsOf: earlier.suffix(1))
            earlier += terms.nevers
            let asks = RandomAsk(terms)
            let oracle = NaiveOracle(terms)
            for number in 0..<Self.questionsPerProtocol {
                let question = asks.make(&generator)
                do { try check(question, number, terms, narrowed, oracle, &tally) } catch {
                    Issue.record("batch \(batch): \(error)\n\(question)\n\(text)")
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
        _ question: ShareQuestion, _ number: Int, _ terms: SharingProtocol, _ narrowed: SharingProtocol,
        _ oracle: NaiveOracle,
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
        if keyless.isPermitted, !oracle.permits(question.keyless) {
            throw Disagreement(description: "the page says otherwise without keys: \(keyless)")
        }
        // What is refused stays refused nearly always for a reason that no point sees otherwise: every third of it will do.
        guard decision.isPermitted || number % 3 == 0 else { return }
        // The recipient finds nothing against what the sender may send, and says nothing that the sender would not.
        let arrival = ShareDecisions.faultsOnArrival(question.onArrival, under: terms)
        guard Set(decision.refusals.map(\.code)).isSuperset(of: arrival.map(\.code)) else {
            throw Disagreement(description: "on arrival: \(arrival)\nbefore: \(decision)")
        }
        if ShareDecisions.decideShare(question, under: narrowed).isPermitted {
            guard decision.isPermitted else { throw Disagreement(description: "a never has widened it") }
        } else if decision.isPermitted {
            tally.closed += 1
        }
        if decision.isPermitted { tally.permitted += 1 }
        let written = Set(terms.rules.map(\.code)).union(["pointer", "own-record", "emergency"])
        guard written.isSuperset(of: decision.clauses), decision.isPermitted != decision.clauses.isEmpty else {
            throw Disagreement(description: "permitted by what nobody wrote: \(decision.clauses)")
        }
    }
}
