import Foundation
import Synchronization

/// Where the story plays: a directory, the programs beside this one, and the daemons that run.
public final class RehearsalStage: Sendable {
    /// Where everything is kept.
    public let directory: String
    /// The root of the project.
    public let project: String
    private let programs: String
    private let isQuiet: Bool
    private let environment: [String: String]
    private let daemons = DaemonList()

    /// Prepares a directory to play in.
    ///
    /// - Parameters:
    ///   - programs: where the built programs are.
    ///   - isQuiet: whether nothing is printed.
    public init(directory: String, project: String, programs: String, isQuiet: Bool = false) throws {
        self.directory = directory
        self.project = project
        self.programs = programs
        self.isQuiet = isQuiet
        // Whatever a program puts aside for a moment is put aside here, where it is searched for what must not be there.
        environment = ProcessInfo.processInfo.environment.merging(["TMPDIR": directory + "/tmp"]) { $1 }
        try FileManager.default.createDirectory(
            atPath: directory + "/tmp", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    /// A path under the directory.
    public func path(_ name: String) -> String { directory + "/" + name }

    /// Prints a line at once, so that a person sees where the story is.
    public func say(_ text: String) {
        guard !isQuiet else { return }
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    /// The start of a step.
    public func step(_ number: Int, _ title: String) { say("\n\(number). \(title)") }

    // MARK: Programs

    /// What a program printed and how it ended.
    public struct Outcome: Sendable {
        /// How it ended.
        public let status: Int32
        /// What it printed.
        public let output: String
        /// What it complained of.
        public let errors: String

        /// The output as JSON.
        public func json() throws -> Any {
            guard let value = try? JSONSerialization.jsonObject(with: Data(output.utf8), options: [.fragmentsAllowed])
            else { throw StepFailure("the answer is not JSON: \(output.prefix(200))") }
            return value
        }
    }

    /// Runs one of our programs to its end.
    public func run(_ program: String, _ arguments: [String]) throws -> Outcome {
        // Files and not pipes: a pipe that nobody empties would stop a program that says much.
        let name = path("last-\(UUID().uuidString)")
        let files = [name + ".out", name + ".err"]
        defer { for file in files { try? FileManager.default.removeItem(atPath: file) } }
        let process = try ChildProcess(
            programs + "/" + program, arguments, environment: environment, output: files[0], errors: files[1])
        let status = process.waitUntilExit()
        let texts = files.map { String(decoding: FileManager.default.contents(atPath: $0) ?? Data(), as: UTF8.self) }
        return Outcome(status: status, output: texts[0], errors: texts[1])
    }

    /// Runs a program that must succeed.
    @discardableResult
    public func must(_ program: String, _ arguments: [String]) throws -> Outcome {
        let outcome = try run(program, arguments)
        guard outcome.status == 0 else {
            throw StepFailure(
                "\(program) \(arguments.prefix(3).joined(separator: " ")) ended with \(outcome.status): \(outcome.errors)"
            )
        }
        return outcome
    }

    /// Starts a daemon and waits until it says that it serves.
    public func start(_ name: String, _ program: String, _ arguments: [String]) throws {
        let output = path(name + ".out")
        let log = path(name + ".log")
        let process = try ChildProcess(
            programs + "/" + program, arguments, environment: environment, output: output, errors: log)
        daemons.add(process, as: name)
        try wait("\(name) to serve", seconds: 120) {
            guard process.isRunning else { throw StepFailure("\(name) did not start; see \(log)") }
            return (try? String(contentsOfFile: output, encoding: .utf8).contains("ready")) ?? false
        }
    }

    /// Waits until something holds, looking ten times a second.
    public func wait(_ what: String, seconds: Int = 60, until condition: () throws -> Bool) throws {
        for _ in 0..<(seconds * 10) {
            if try condition() { return }
            Thread.sleep(forTimeInterval: 0.1)
        }
        throw StepFailure("waited \(seconds) seconds for \(what)")
    }

    /// States what must hold here.
    public func expect(_ condition: Bool, _ words: String) throws {
        guard condition else { throw StepFailure("expected: \(words)") }
        say("   ✓ \(words)")
    }

    /// Stops every daemon, by the process that was started.
    public func stopAll() { daemons.stopAll() }

    /// Asks one daemon to stop and waits for it, or kills it outright.
    public func stop(_ name: String, killing: Bool = false) { daemons.stop(name, killing: killing) }

    /// The process of a running daemon.
    public func processIdentifier(of name: String) -> Int32? { daemons.processIdentifier(of: name) }

    /// What a person can do next.
    public var howToGoOn: String {
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
private final class DaemonList: Sendable {
    // Behind a lock: the story adds, the signal handler stops.
    private let processes = Mutex<[(name: String, process: ChildProcess)]>([])

    func add(_ process: ChildProcess, as name: String) { processes.withLock { $0.append((name, process)) } }

    func processIdentifier(of name: String) -> Int32? {
        processes.withLock { $0.last { $0.name == name }?.process.processIdentifier }
    }

    func stop(_ name: String, killing: Bool) {
        let ended = processes.withLock { processes in
            defer { processes.removeAll { $0.name == name } }
            return processes.filter { $0.name == name }.map(\.process)
        }
        for process in ended {
            process.send(killing ? SIGKILL : SIGTERM)
            process.waitUntilExit()
        }
    }

    func stopAll() {
        let all = processes.withLock { processes in
            defer { processes = [] }
            return processes.map(\.process)
        }
        for process in all.reversed() { process.send(SIGTERM) }
        for process in all { process.waitUntilExit() }
    }
}
