import Auditing
import BenchmarkFigures
import Foundation

/// An audit of a fetched bundle, beside nothing but the verification of the same signatures.
struct AuditBenchmark: Benchmark {
    let name = "audit"
    let summary = """
        statements of a fetched bundle audited: signature, leaf, log, stream, register and verdict, 1 KiB each; against raw \
        Ed25519 verification on all cores
        """
    private static let rounds = 3

    func run(in workplace: Workplace) async throws -> [Figure] {
        let protocolFile = try Data(contentsOf: URL(filePath: workplace.project + "/protocols/jag.yaml"))
        workplace.say("writing a bundle of \(workplace.auditStatements) statements (half a minute for 100,000)")
        let load = try AuditLoad(
            directory: try workplace.makeDirectory("bundle"), protocolFile: Array(protocolFile),
            statements: workplace.auditStatements)
        var rates: [Double] = []
        var references: [Double] = []
        let clock = ContinuousClock()
        for round in 1...AuditBenchmark.rounds {
            let before = try await load.signatures.verify()
            let (started, busy) = (clock.now, ProcessorTime())
            let report = try await AuditReplay.run(load, roster: load.roster)
            let seconds = (clock.now - started) / .seconds(1)
            guard report.findings.isEmpty, report.statementCount == UInt64(load.statementCount) else {
                throw BenchmarkFailure("the audit found \(report.findings.first.map { "\($0)" } ?? "too little")")
            }
            let each = busy.microseconds(perEach: Double(load.statementCount))
            let after = try await load.signatures.verify()
            rates.append(Double(load.statementCount) / seconds)
            references.append((before + after) / 2)
            workplace.say(
                """
                round \(round) of \(AuditBenchmark.rounds): \(Int(rates.last ?? 0)) statements/s, \(each) µs of processor \
                for each, \(Int(before)) and \(Int(after)) signatures/s verified; \
                \(try MemoryBenchmark.resident("VmRSS") >> 20) MiB resident
                """)
        }
        return [
            Figure(
                "audit-verification", value: Samples(rates).median, unit: "statements/s",
                reference: Samples(references).median, referenceCommand: SignatureLoad.command, bar: .ratioAtLeast(0.8)),
            try await tree(load, in: workplace),
        ]
    }

    /// The same bundle once more, from a head that is trusted: hashed, not judged.
    private func tree(_ load: AuditLoad, in workplace: Workplace) async throws -> Figure {
        let hashes = try HashLoad(of: load)
        guard let trusted = load.trusted else { throw BenchmarkFailure("the bundle has no page") }
        var rates: [Double] = []
        var references: [Double] = []
        let clock = ContinuousClock()
        for round in 1...AuditBenchmark.rounds {
            let before = await hashes.run()
            let started = clock.now
            let report = try await TreeAudit.run(load, roster: load.roster, trusted: trusted)
            let seconds = (clock.now - started) / .seconds(1)
            guard report.findings.isEmpty, report.statementCount == UInt64(load.statementCount), report.head != nil
            else {
                throw BenchmarkFailure("the tree is found not to be whole")
            }
            rates.append(Double(load.statementCount) / seconds)
            references.append((before + (await hashes.run())) / 2)
            workplace.say(
                """
                tree, round \(round) of \(AuditBenchmark.rounds): \(Int(rates.last ?? 0)) statements/s, \
                \(Int(references.last ?? 0)) hashed alone
                """)
        }
        return Figure(
            "audit-tree", value: Samples(rates).median, unit: "statements/s", reference: Samples(references).median,
            referenceCommand: HashLoad.command, bar: .ratioAtLeast(0.5))
    }
}
