import Foundation

/// Where the story plays: a directory, the programs beside this one, and the daemons that run.
final class DemoStage: Sendable {
    let directory: String
    let project: String
    private let programs: String
    private let daemons = DaemonList()

    init(directory: String, project: String) throws {
        self.directory = directory
        self.project = project
        programs = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
            .deletingLastPathComponent().path
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    /// A path under the directory.
    func path(_ name: String) -> String { directory + "/" + name }

    /// Prints a line at once, so that a person sees where the story is.
    func say(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

    /// The start of a step.
    func step(_ number: Int, _ title: String) { say("\n\(number). \(title)") }

    // MARK: Programs

    /// What a program printed and how it ended.
    struct Outcome {
        let status: Int32
        let output: String
        let errors: String

        /// The output as JSON.
        func json() throws -> Any {
            guard let value = try? JSONSerialization.jsonObject(with: Data(output.utf8), options: [.fragmentsAllowed])
            else { throw StepFailure("the answer is not JSON: \(output.prefix(200))") }
            return value
        }
    }

    /// Runs one of our programs to its end.
    func run(_ program: String, _ arguments: [String]) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: programs + "/" + program)
        process.arguments = arguments
        // Files and not pipes: a pipe that nobody empties would stop a program that says much.
        let name = path("last-\(UUID().uuidString)")
        let files = [name + ".out", name + ".err"]
        for file in files { try SmallFile.write(Data(), to: file) }
        defer { for file in files { try? FileManager.default.removeItem(atPath: file) } }
        process.standardOutput = FileHandle(forWritingAtPath: files[0])
        process.standardError = FileHandle(forWritingAtPath: files[1])
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        let texts = files.map { String(decoding: FileManager.default.contents(atPath: $0) ?? Data(), as: UTF8.self) }
        return Outcome(status: process.terminationStatus, output: texts[0], errors: texts[1])
    }

    /// Runs a program that must succeed.
    @discardableResult
    func must(_ program: String, _ arguments: [String]) throws -> Outcome {
        let outcome = try run(program, arguments)
        guard outcome.status == 0 else {
            throw StepFailure(
                "\(program) \(arguments.prefix(3).joined(separator: " ")) ended with \(outcome.status): \(outcome.errors)")
        }
        return outcome
    }

    /// Starts a daemon and waits until it says that it serves.
    func start(_ name: String, _ program: String, _ arguments: [String]) throws {
        let output = path(name + ".out")
        let log = path(name + ".log")
        for file in [output, log] { try SmallFile.write(Data(), to: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: programs + "/" + program)
        process.arguments = arguments
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = FileHandle(forWritingAtPath: log)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        daemons.add(process)
        try wait("\(name) to serve", seconds: 120) {
            guard process.isRunning else { throw StepFailure("\(name) did not start; see \(log)") }
            return (try? String(contentsOfFile: output, encoding: .utf8).contains("ready")) ?? false
        }
    }

    /// Waits until something holds, looking ten times a second.
    func wait(_ what: String, seconds: Int = 60, until condition: () throws -> Bool) throws {
        for _ in 0..<(seconds * 10) {
            if try condition() { return }
            Thread.sleep(forTimeInterval: 0.1)
        }
        throw StepFailure("waited \(seconds) seconds for \(what)")
    }

    /// States what must hold here.
    func expect(_ condition: Bool, _ words: String) throws {
        guard condition else { throw StepFailure("expected: \(words)") }
        say("   ✓ \(words)")
    }

    /// Stops every daemon, by the process that was started.
    func stopAll() { daemons.stopAll() }

    /// What a person can do next.
    var howToGoOn: String {
        """

        The partnership stays up. In another terminal, for example:

          \(programs)/tallystick case list --node \(path("harbour-homes")) --officer you
          \(programs)/tallystick node status --node \(path("northshire-police")) --officer you
          \(programs)/tallystick protocol explain \(project)/protocols/jag.yaml
          \(programs)/tallystick audit verify \(path("bundle"))

        Everything is in \(directory). Ctrl-C stops it.
        """
    }
}

/// The daemons that run.
private final class DaemonList: @unchecked Sendable {
    // Guarded by the lock: the story adds, the signal handler stops.
    private var processes: [Process] = []
    private let lock = NSLock()

    func add(_ process: Process) { lock.withLock { processes.append(process) } }

    func stopAll() {
        let all = lock.withLock {
            defer { processes = [] }
            return processes
        }
        for process in all.reversed() where process.isRunning { process.terminate() }
        for process in all { process.waitUntilExit() }
    }
}
