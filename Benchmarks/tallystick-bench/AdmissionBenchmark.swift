import BenchmarkFigures
import Foundation

/// Admission at the broker, beside nothing but the verification of the same signatures.
struct AdmissionBenchmark: Benchmark {
    let name = "admission"
    let summary = """
        statements with a 1 KiB compartment admitted by the broker, four agencies pushing at once, from the bytes of the \
        push to a durable register and the bytes of the receipts; against raw Ed25519 verification on all cores
        """
    private static let rounds = 3
    private static let statementsEach = 8192

    func run(in workplace: Workplace) async throws -> [Figure] {
        let protocolFile = try Data(contentsOf: URL(filePath: workplace.project + "/protocols/jag.yaml"))
        var admissions: [Double] = []
        var references: [Double] = []
        for round in 1...AdmissionBenchmark.rounds {
            let load = try await AdmissionLoad.make(
                in: try workplace.makeDirectory("admission-\(round)"), protocolFile: Array(protocolFile),
                statementsEach: AdmissionBenchmark.statementsEach)
            // Before and after, so that what else the machine does meets both.
            let before = try await load.signatures.verify()
            let busy = ProcessorTime()
            admissions.append(try await load.run())
            let each = busy.microseconds(perEach: Double(load.signatures.count))
            let after = try await load.signatures.verify()
            references.append((before + after) / 2)
            workplace.say(
                """
                round \(round) of \(AdmissionBenchmark.rounds): \(Int(admissions.last ?? 0)) statements/s admitted, \
                \(each) µs of processor for each, \(Int(before)) and \(Int(after)) signatures/s verified
                """)
        }
        return [
            Figure(
                "admission-verification", value: Samples(admissions).median, unit: "statements/s",
                reference: Samples(references).median,
                referenceCommand: SignatureLoad.command, bar: .ratioAtLeast(0.6))
        ]
    }
}
