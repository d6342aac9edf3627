import BenchmarkFigures
import Foundation

/// Appends at a node, beside one-row inserts of PostgreSQL and beside what disk and cryptography
/// allow at all.
struct AppendBenchmark: Benchmark {
    let name = "append"
    let summary = """
        durable appends of a 1 KiB compartment sealed for a circle of seven, 64 callers at a time; against pgbench \
        one-row inserts with 64 clients, and against the disk's and the cryptography's own limit
        """
    private static let callers = 64
    private static let rounds = 3
    private static let time = Duration.seconds(10)

    func run(in workplace: Workplace) async throws -> [Figure] {
        let postgres = try PostgreSQLReference.start(in: workplace, clients: AppendBenchmark.callers)
        defer { postgres?.stop() }
        var appends: [Double] = []
        var inserts: [Double] = []
        var limits: [Double] = []
        var singles: [Double] = []
        // Turn and turn about, so that what else the machine does meets both.
        for round in 1...AppendBenchmark.rounds {
            let directory = try workplace.makeDirectory("append-\(round)")
            let flush = try FlushTime.median(in: directory)
            let single = try await CryptoRate.measure(tasks: 1)
            let all = try await CryptoRate.measure(tasks: ProcessInfo.processInfo.activeProcessorCount)
            singles.append(single)
            limits.append(min(Double(AppendBenchmark.callers) / flush, all))
            if let postgres { inserts.append(try postgres.insertsPerSecond()) }
            let load = try AppendLoad(directory: directory, streams: AppendBenchmark.callers)
            let busy = ProcessorTime()
            let rate = try await load.run(for: AppendBenchmark.time)
            let each = busy.microseconds(perEach: rate * AppendBenchmark.time.seconds)
            appends.append(rate)
            workplace.say(
                """
                round \(round) of \(AppendBenchmark.rounds): \(whole(appends.last)) appends/s, \
                \(each) µs of processor for each, \(whole(inserts.last)) inserts/s; a flush takes \
                \(whole(flush * 1_000_000)) µs, seal, sign and hash run \(whole(single))/s on one core, \(whole(all))/s on all
                """)
        }
        let value = Samples(appends).median
        return [
            Figure(
                "append-postgresql", value: value, unit: "appends/s",
                reference: Samples(inserts).median, referenceCommand: PostgreSQLReference.command,
                bar: .ratioAtLeast(1.5), remark: postgres == nil ? PostgreSQLReference.absent : nil),
            Figure(
                "append-limit", value: value, unit: "appends/s", reference: Samples(limits).median,
                referenceCommand: """
                    min(64 / median of 4 KiB write + fdatasync, seal + sign + hash on all cores), same directory
                    """, bar: .ratioAtLeast(0.6),
                remark: "seal, sign and hash run \(whole(Samples(singles).median))/s on one core"),
        ]
    }

    private func whole(_ number: Double?) -> String { number.map { String(Int($0)) } ?? "no" }
}
