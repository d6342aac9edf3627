import ArgumentParser
import CommandLineSupport
import Foundation
import TallystickPrimitives
import TallystickSimulation

/// `tallystick-simulator`: counties in virtual time, one for each seed.
@main
struct TallystickSimulator: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tallystick-simulator",
        abstract: "Run seeded counties with faults and misconduct, and check what must hold.",
        discussion: """
            A seed says everything that happens. The same seeds give the same digest; a seed that fails is named with \
            the command that runs it alone. Ends with 1 if anything was found that must not be.
            """)

    @Option(help: "How many seeds.") var seeds = 100
    @Option(help: "The first seed.") var from: UInt64 = 1
    @Option(help: "Steps with faults in each.") var events = 500
    @Option(help: "Worlds at a time.") var jobs = 1
    @Option(help: "text or json.") var format = "text"
    @Option(help: "The project's directory.") var project: String
    @Option(help: "Where to lay the worlds out; memory, if the system has it there.") var scratch = "/dev/shm"
    @Option(help: "Have every seed misbehave in this way; see docs/simulation.md.") var misconduct: String?
    @Flag(help: "Print every step of the seeds.") var trace = false

    func run() async throws {
        guard seeds > 0, jobs > 0, events > 0, ["text", "json"].contains(format) else {
            throw ValidationError("--seeds, --jobs and --events are at least 1, --format is text or json")
        }
        let scratch = try ScratchPlace(in: scratch)
        let county = try await FoundedCounty(project: project, scratch: scratch.path)
        var run = SimulationRun(county)
        run.eventCount = events
        run.keepsLines = trace
        if let misconduct {
            guard let kind = Misconduct(rawValue: misconduct) else {
                throw ValidationError(
                    "--misconduct is one of \(Misconduct.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            run.misconduct = kind
        }
        let summary = try await runAll(run)
        StandardStream.output.write(format == "json" ? summary.json : summary.text)
        scratch.remove()
        if summary.violationCount > 0 { throw ExitCode(1) }
    }

    private func runAll(_ run: SimulationRun) async throws -> SimulationSummary {
        var summary = SimulationSummary(from: from)
        var waiting: [UInt64: SimulationOutcome] = [:]
        try await withThrowingTaskGroup(of: SimulationOutcome.self) { group in
            var next = from
            let end = from + UInt64(seeds)
            func addTask() {
                guard next < end else { return }
                let seed = next
                next += 1
                group.addTask { try await run.run(seed: seed) }
            }
            for _ in 0..<jobs { addTask() }
            while let outcome = try await group.next() {
                addTask()
                waiting[outcome.seed] = outcome
                while let outcome = waiting.removeValue(forKey: summary.next) { tell(summary.take(outcome), outcome) }
            }
        }
        return summary
    }

    /// What somebody who waits wants to know now: a failure, and how far it is.
    private func tell(_ failure: String?, _ outcome: SimulationOutcome) {
        for line in outcome.lines { StandardStream.error.write("\(line)\n") }
        if let failure { StandardStream.error.write("tallystick-simulator: \(failure)\n") }
    }
}

/// A directory of this run alone.
private struct ScratchPlace {
    let path: String

    init(in parent: String) throws {
        let isThere = FileManager.default.isWritableFile(atPath: parent)
        var template = ((isThere ? parent : NSTemporaryDirectory()) + "/tallystick-simulator-XXXXXX").utf8CString.map {
            $0
        }
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
