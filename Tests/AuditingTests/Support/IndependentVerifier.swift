import Auditing
import EventLogs
import Foundation
import PartyFiles
import Replication
import TallystickPrimitives
import TallystickRehearsal

/// The verifier in Python, which shares no code with the product.
struct IndependentVerifier {
    /// What it says of one bundle.
    struct Report: Decodable {
        struct Finding: Decodable {
            let log: String
            let index: UInt64?
            let kind: String

            /// As `AuditFinding.short`.
            var short: String {
                let name = log.split(separator: ".").first.map(String.init) ?? ""
                return "\(name) \(index.map(String.init) ?? "-") \(kind)"
            }
        }

        struct Head: Decodable {
            let size: UInt64
            let root: String
        }

        let findings: [Finding]
        let head: Head?
        let isComplete: Bool
        let leaves: UInt64
        let statements: UInt64
        let refused: UInt64
        let receipts: UInt64
        let receiptsBeyond: UInt64
        let finalSize: UInt64?
        let cosigners: Int
        let cosignersNeeded: Int?
        let exitCode: Int32
    }

    /// What a run of the program gave.
    struct Output {
        let status: Int32
        let text: String
        let errors: String
    }

    static var directory: URL {
        URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "IndependentVerifier")
    }

    /// Checks bundles in one run; a report for each, and the exit status.
    static func verify(_ bundles: [URL], fingerprint: Hash256) async throws -> (reports: [Report], status: Int32) {
        let arguments = ["--format", "json", "--ed25519", "arithmetic", "--fingerprint", "\(fingerprint)"]
        let output = try await run("verify.py", arguments + bundles.map(\.path))
        guard output.errors.isEmpty else { throw Unusable(words: output.errors) }
        let lines = output.text.split(separator: "\n")
        return (try lines.map { try JSONDecoder().decode(Report.self, from: Data($0.utf8)) }, output.status)
    }

    /// Runs one of its programs. What it writes goes through files: a pipe would fill.
    static func run(_ program: String, _ arguments: [String]) async throws -> Output {
        guard let python = python() else {
            throw Unusable(words: "there is no python3 on the PATH; './dev test' installs it (apt-get install python3)")
        }
        let scratch = try Scratch()
        let names = ["out", "err"].map { scratch.url.appending(path: $0) }
        let process = try ChildProcess(
            python.path, [directory.appending(path: program).path] + arguments,
            environment: ["PYTHONDONTWRITEBYTECODE": "1", "PATH": "/usr/bin:/bin"], output: names[0].path,
            errors: names[1].path)
        // Without blocking: the other tests need this thread meanwhile.
        let status = await withCheckedContinuation { (done: CheckedContinuation<Int32, Never>) in
            DispatchQueue.global().async { done.resume(returning: process.waitUntilExit()) }
        }
        let texts = try names.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
        return Output(status: status, text: texts[0], errors: texts[1])
    }

    private static func python() -> URL? {
        let folders =
            ["/usr/bin"] + (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return folders.map { URL(fileURLWithPath: $0).appending(path: "python3") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }

    struct Unusable: Error, CustomStringConvertible {
        let words: String
        var description: String { words }
    }
}

/// A directory that goes with its last user.
final class Scratch: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "tallystick-verifier-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}

extension Damage {
    /// The board's log as a file, with what travels with its acts.
    func partnershipFile() throws -> PartnershipFile {
        let origin = partnership.board.origin
        let carried = partnership.register.pages.flatMap(\.entries).map(\.statement).filter {
            (try? Statement(decoding: $0.bytes))?.origin == origin
        }
        return PartnershipFile(statements: carried, headNote: partnership.board.note)
    }

    /// Writes the bundle as `audit fetch` does.
    func write(to directory: URL, bundle: MemoryAuditBundle? = nil, partnershipFile: [UInt8]? = nil) throws {
        let pages = directory.appending(path: "pages")
        try FileManager.default.createDirectory(at: pages, withIntermediateDirectories: true)
        let bundle = bundle ?? self.bundle
        for (number, page) in bundle.pages.enumerated() {
            let digits = String(number)
            let name = String(repeating: "0", count: 8 - digits.count) + digits + ".cbor"
            try Data(page).write(to: pages.appending(path: name))
        }
        try Data(bundle.heads).write(to: directory.appending(path: "heads.cbor"))
        try Data(partnershipFile ?? self.partnershipFile().encoded)
            .write(to: directory.appending(path: "partnership.tally"))
        let receipts = directory.appending(path: "receipts")
        try FileManager.default.createDirectory(at: receipts, withIntermediateDirectories: true)
        for (number, part) in bundle.receipts.enumerated() {
            try Data(part).write(to: receipts.appending(path: "0000000\(number).cbor"))
        }
        let facts: [String: Any] = [
            "fetchedAt": "\(bundle.fetchedAt)", "register": "\(register)", "broker": "\(SyntheticPartnership.broker)",
            "pages": bundle.pages.count, "covers": "mandate",
        ]
        try JSONSerialization.data(withJSONObject: facts).write(to: directory.appending(path: "bundle.json"))
    }
}
