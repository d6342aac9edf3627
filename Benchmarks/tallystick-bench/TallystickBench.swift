import ArgumentParser
import BenchmarkFigures
import CommandLineSupport
import Foundation

/// Measures, beside references that are measured in the same run.
@main
struct TallystickBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tallystick-bench",
        abstract: "Measure the product beside references taken on this machine in the same run.",
        discussion: """
            \(Benchmarks.all.map { "\($0.name): \($0.summary)" }.joined(separator: "\n"))

            Progress goes to standard error. With --format json each figure is one line with the keys name, value, \
            unit, reference, referenceCommand, ratio, bar and holds. The exit status is 1 if a bar does not hold. \
            Measure a release build on a machine that does nothing else.

            Example: tallystick-bench append --format json
            """)

    @Argument(help: "Which to run; all if left out.") var names: [String] = []
    @Option(help: "How to write the figures: text or json.") var format: OutputFormat = .text
    @Option(help: "A directory on the disk to measure; the system's for temporary files if left out.")
    var dir: String?
    @Option(help: "The root of the project.") var project: String = "."

    @Option(help: "Statements of the bundle that is audited; a million take some ten minutes and three gigabytes of disk.")
    var auditStatements = 100_000

    @Option(help: .hidden) var holdViews: Int?

    static func main() async { await CommandEntry.run(TallystickBench.self) }

    func validate() throws {
        for name in names where Benchmarks.named(name) == nil {
            let known = Benchmarks.all.map(\.name).joined(separator: ", ")
            throw ValidationError("There is no benchmark '\(name)'; there are: \(known).")
        }
    }

    func run() async throws {
        if let holdViews { return StandardStream.output.write(try MemoryBenchmark.holdViews(cases: holdViews) + "\n") }
        var figures: [Figure] = []
        for benchmark in names.isEmpty ? Benchmarks.all : names.compactMap(Benchmarks.named) {
            let found = await measure(benchmark)
            if format == .json {
                for figure in found { StandardStream.output.write(try figure.jsonLine + "\n") }
            }
            figures += found
        }
        if format == .text { StandardStream.output.write(FigureTable(figures).text) }
        if !figures.allSatisfy(\.holds) { throw ExitCode(CommandStatus.failure.rawValue) }
    }

    /// Runs one in a directory of its own; one that fails is a figure that was not measured.
    private func measure(_ benchmark: any Benchmark) async -> [Figure] {
        do {
            let workplace = try workplace(for: benchmark.name)
            defer { try? FileManager.default.removeItem(atPath: workplace.directory) }
            workplace.say("\(benchmark.name): \(benchmark.summary)")
            return try await benchmark.run(in: workplace)
        } catch {
            return [Figure(benchmark.name, value: nil, unit: "", remark: "not measured: \(error)")]
        }
    }

    private func workplace(for name: String) throws -> Workplace {
        let parent = URL(fileURLWithPath: dir ?? NSTemporaryDirectory()).path
        let programs = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        let directory = parent + "/bench-\(name)-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700])
        return Workplace(
            directory: directory, project: URL(fileURLWithPath: project).path,
            programs: programs.deletingLastPathComponent().path, auditStatements: auditStatements)
    }
}
