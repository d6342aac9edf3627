import Foundation
import Glibc

/// Another program, run to its end.
enum Program {
    /// Runs a program that must succeed and gives back what it printed.
    static func run(
        _ path: String, _ arguments: [String], in directory: String
    ) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        // A file and not a pipe: a daemon that the program leaves behind keeps a pipe open.
        let output = directory + "/output"
        try Data().write(to: URL(fileURLWithPath: output))
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        process.standardOutput = file
        process.standardError = file
        process.standardInput = FileHandle.nullDevice
        try process.runHearingSignals()
        process.waitUntilExit()
        let text = String(
            decoding: FileManager.default.contents(atPath: output) ?? Data(), as: UTF8.self)
        guard process.terminationStatus == 0 else {
            throw BenchmarkFailure(
                "\(path) ended with \(process.terminationStatus): \(text.suffix(600))")
        }
        return text
    }
}

extension Process {
    /// Runs the program with no signal blocked.
    ///
    /// A program inherits the signals that its parent's thread blocks, and the threads of a task
    /// block them all: pgbench would never hear the alarm that ends it.
    func runHearingSignals() throws {
        var none = sigset_t()
        var before = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try run()
    }
}
