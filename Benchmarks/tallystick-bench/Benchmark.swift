import BenchmarkFigures

/// One thing to measure.
protocol Benchmark: Sendable {
    /// What people call it on the command line.
    var name: String { get }
    /// What it measures and against what, in one line.
    var summary: String { get }
    /// Measures, each figure and its reference in this same run.
    func run(in workplace: Workplace) async throws -> [Figure]
}

/// Every benchmark, in the order in which they run.
enum Benchmarks {
    static let all: [any Benchmark] = [
        AppendBenchmark(), VisibleBenchmark(), AdmissionBenchmark(), RebuildBenchmark(), MemoryBenchmark(),
        AuditBenchmark(), DecisionBenchmark(),
    ]

    static func named(_ name: String) -> (any Benchmark)? { all.first { $0.name == name } }
}
