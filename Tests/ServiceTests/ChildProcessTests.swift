import Foundation
import Glibc
import TallystickRehearsal
import Testing

@Suite("Programs started by others") struct ChildProcessTests {
    let files = FileManager.default.temporaryDirectory.appending(path: "ts-child-\(UUID().uuidString)").path

    /// What a line of shell prints and complains of, and how it ends.
    func shell(_ line: String, environment: [String: String] = [:]) throws -> (Int32, String, String) {
        defer { for end in [".out", ".err"] { try? FileManager.default.removeItem(atPath: files + end) } }
        let process = try ChildProcess(
            "/bin/sh", ["-c", line], environment: environment, output: files + ".out", errors: files + ".err")
        let status = process.waitUntilExit()
        #expect(!process.isRunning)
        #expect(process.waitUntilExit() == status, "the same for everybody who asks")
        return (
            status, try String(contentsOfFile: files + ".out", encoding: .utf8),
            try String(contentsOfFile: files + ".err", encoding: .utf8)
        )
    }

    @Test("What it prints, what it complains of, how it ends")
    func outcome() throws {
        #expect(try shell("echo $WORD; echo no >&2; exit 7", environment: ["WORD": "yes"]) == (7, "yes\n", "no\n"))
        #expect(throws: StepFailure.self) { try ChildProcess("/nowhere/at-all", [], environment: [:]) }
    }

    @Test("A signal ends it, also where this thread holds signals back")
    func signals() throws {
        for signal in [SIGTERM, SIGKILL] {
            let process = try ChildProcess("/bin/sleep", ["600"], environment: [:])
            #expect(process.isRunning)
            process.send(signal)
            #expect(process.waitUntilExit() == signal)
            process.send(signal)
        }
    }

    @Test("With more files open than fill a page of their list, none is handed on")
    func manyFiles() throws {
        // Foundation's own crashes from about 1,360 on.
        var open: [Int32] = []
        defer { for file in open { close(file) } }
        for _ in 0..<2_000 {
            let file = dup(STDERR_FILENO)
            guard file >= 0 else { break }
            open.append(file)
        }
        for _ in 0..<20 {
            // The shell's own list holds its three and the one that lists.
            #expect(try shell("ls /proc/self/fd | wc -l").1 == "4\n")
        }
    }
}
