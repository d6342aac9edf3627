import BenchmarkFigures
import Casework
import EventLogs
import Foundation
import NodeProjections
import PartyFiles
import TallystickPrimitives

/// What a node's views take of memory, in a process that does nothing else.
struct MemoryBenchmark: Benchmark {
    let name = "memory"
    let summary = """
        resident memory of a node's views of 100,000 cases of five 1 KiB entries with full-text search, in a process of \
        its own; against the bytes of their text
        """
    static let cases = 100_000
    private static let casesTogether = 400

    func run(in workplace: Workplace) async throws -> [Figure] {
        workplace.say("folding \(MemoryBenchmark.cases) cases of five entries (a minute)")
        let output = try Program.run(
            CommandLine.arguments[0], ["--hold-views", String(MemoryBenchmark.cases)], in: workplace.directory)
        let numbers = output.split(separator: "\n").last?.split(separator: " ").compactMap { Double($0) } ?? []
        guard numbers.count == 3 else { throw BenchmarkFailure("the other process said: \(output.suffix(300))") }
        let gibibyte = Double(1 << 30)
        return [
            Figure(
                "memory", value: numbers[0] / gibibyte, unit: "GiB", reference: numbers[2] / gibibyte,
                referenceCommand: "the bytes of the entries' opened fields as they were sealed",
                bar: .valueBelow(1.5),
                remark: """
                    VmRSS with everything folded; the most at any time was \(Figure.rounded(numbers[1] / gibibyte)) GiB \
                    (VmHWM). The views alone, as the follower of the register is measured nowhere yet
                    """)
        ]
    }

    /// Folds so many cases, and says what the process takes, the most it took, and the bytes that were folded.
    static func holdViews(cases: Int) throws -> String {
        guard let origin = Origin("bench.example/log") else { preconditionFailure("an origin") }
        let agency: AgencyCode = "agency-1"
        let entropy = SystemEntropy()
        var prose = Prose(seed: 7)
        var leaf: UInt64 = 0
        var byteCount = 0
        let seed = entropy.bytes(count: 32)
        let views = try NodeViews(agency: agency)
        for first in stride(from: 0, to: cases, by: casesTogether) {
            var events: [FoldedEvent] = []
            let references = (first..<min(cases, first + casesTogether)).map { _ in
                CaseReference(agency: agency, stream: StreamID(from: entropy))
            }
            for number in 0..<RebuildLoad.entriesPerCase {
                for reference in references {
                    let fields = prose.entry(number, of: reference, lead: agency)
                    byteCount += fields.values.reduce(0) { $0 + CompartmentBody(seed: seed, fields: $1).encoded.count }
                    events.append(
                        FoldedEvent(
                            origin: origin, agency: agency, index: LeafIndex(leaf), registerPosition: leaf,
                            stream: reference.stream, sequence: UInt64(number), eventID: EventID(from: entropy),
                            kind: .record, issuedAt: Timestamp(wholeSeconds: 1_772_000_000 + leaf),
                            opened: fields, withheldLabels: [], control: .record))
                    leaf += 1
                }
            }
            try views.fold(events)
        }
        guard try views.counts().casesByStage.values.reduce(0, +) == cases, try !views.search("ba", limit: 1).isEmpty
        else { throw BenchmarkFailure("the views do not hold what was folded") }
        return "\(try resident("VmRSS")) \(try resident("VmHWM")) \(byteCount)"
    }

    /// A line of this process's status, in bytes (man 5 proc).
    static func resident(_ name: String) throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
        guard let kibibytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) }) else {
            throw BenchmarkFailure("/proc/self/status has no \(name)")
        }
        return kibibytes << 10
    }
}
