import BenchmarkFigures
import Foundation

/// What a node does at its start without kept views, beside the least that it must do.
struct RebuildBenchmark: Benchmark {
    let name = "rebuild"
    let summary = """
        everything that a node holds in memory rebuilt from a real store, half its own entries and half another agency's, \
        1 KiB each, with full-text search; against AES-GCM, SHA-256 and the full-text index alone on all cores
        """
    private static let rounds = 3
    private static let cases = 10_000

    func run(in workplace: Workplace) async throws -> [Figure] {
        let protocolFile = try Data(contentsOf: URL(filePath: workplace.project + "/protocols/jag.yaml"))
        workplace.say("writing \(RebuildBenchmark.cases) cases of five entries (half a minute)")
        let load = try RebuildLoad(
            directory: try workplace.makeDirectory("node"), protocolFile: Array(protocolFile),
            cases: RebuildBenchmark.cases)
        var rates: [Double] = []
        var references: [Double] = []
        let clock = ContinuousClock()
        for round in 1...RebuildBenchmark.rounds {
            references.append(try await RebuildReference.measure(entries: load.entryCount / 2))
            let (started, busy) = (clock.now, ProcessorTime())
            let statements = try await load.rebuild()
            let seconds = (clock.now - started) / .seconds(1)
            rates.append(Double(load.entryCount) / seconds)
            workplace.say(
                """
                round \(round) of \(RebuildBenchmark.rounds): \(Int(rates.last ?? 0)) entries/s \
                (\(Int(Double(statements) / seconds)) statements/s), \
                \(busy.microseconds(perEach: Double(load.entryCount))) µs of processor for each; \
                reference \(Int(references.last ?? 0))/s
                """)
        }
        return [
            Figure(
                "rebuild", value: Samples(rates).median, unit: "entries/s", reference: Samples(references).median,
                referenceCommand: RebuildReference.command, bar: .valueAtLeast(20_000),
                remark: "the circle of each case is rebuilt too and not counted")
        ]
    }
}
