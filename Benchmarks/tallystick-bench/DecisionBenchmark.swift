import BenchmarkFigures
import Foundation
import SharingProtocols
import TallystickPrimitives

/// One sharing decision with everything inside it looked at, beside one SHA-256 of a kibibyte.
struct DecisionBenchmark: Benchmark {
    let name = "decision"
    let summary = """
        one decision under protocols/jag.yaml, permitted and refused ones in turn, all of 1 to 7 of docs/protocols.md; \
        against SHA-256 over 1 KiB
        """
    private static let rounds = 5
    private static let decisions = 40_000

    func run(in workplace: Workplace) async throws -> [Figure] {
        let file = try Data(contentsOf: URL(filePath: workplace.project + "/protocols/jag.yaml"))
        let terms = try SharingProtocol(parsing: Array(file), file: "jag.yaml")
        let questions = DecisionBenchmark.questions(of: terms)
        var values: [Double] = []
        var references: [Double] = []
        for _ in 1...DecisionBenchmark.rounds {
            var permitted = 0
            values.append(
                microseconds(DecisionBenchmark.decisions) { number in
                    let decision = ShareDecisions.decideShare(questions[number % questions.count], under: terms)
                    permitted += decision.isPermitted ? 1 : 0
                })
            guard permitted > DecisionBenchmark.decisions / 4, permitted < DecisionBenchmark.decisions else {
                throw BenchmarkFailure("\(permitted) of \(DecisionBenchmark.decisions) decisions permitted")
            }
            var block = [UInt8](repeating: 1, count: 1024)
            references.append(
                microseconds(DecisionBenchmark.decisions) { _ in block[0] = Hash256(hashing: block).bytes[0] })
        }
        return [
            Figure(
                "decision", value: Samples(values).median, unit: "µs", reference: Samples(references).median,
                referenceCommand: "SHA-256 (swift-crypto) over 1 KiB in memory, on one core", bar: .valueBelow(20))
        ]
    }

    private func microseconds(_ count: Int, _ body: (Int) -> Void) -> Double {
        let clock = ContinuousClock()
        let started = clock.now
        for number in 0..<count { body(number) }
        return (clock.now - started) / .microseconds(1) / Double(count)
    }

    /// Every party to every other, each label of a report with all its fields.
    private static func questions(of terms: SharingProtocol) -> [ShareQuestion] {
        let circle = Set(terms.parties.map(\.agency))
        let type: EventTypeCode = "report-recorded"
        let at = Timestamp(wholeSeconds: 1_780_000_000)
        return circle.sorted().flatMap { sender in
            circle.subtracting([sender]).sorted().flatMap { recipient in
                EventCatalogue.current.labels(of: type).map { label in
                    ShareQuestion(
                        sender: sender, recipient: recipient, label: label,
                        sealed: SealedFacts(
                            eventType: type, fields: Set(EventCatalogue.current.fields(of: type, under: label)),
                            consent: .given, safeContact: .recorded, category: "noise", caseKind: "person"),
                        purpose: "prevent-asb", gateway: "cda-1998-s115", basis: "public-task", circle: circle, at: at)
                }
            }
        }
    }
}
