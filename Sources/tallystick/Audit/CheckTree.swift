import ArgumentParser
import Auditing
import CommandLineSupport
import Partnership
import PartyFiles
import TallystickPrimitives
import TransparencyLog

/// Checks that a newer copy goes on from one that was audited.
struct CheckTree: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tree",
        abstract: "Check quickly that a copy goes on from one you have verified before.",
        discussion: """
            Hashes every leaf and every statement again and compares them with the head of the \
            earlier copy and with the newest signed head. It judges nothing: run 'audit verify' \
            for that. Exit status 2: the history is another one, or something is missing.

            Example: tallystick audit tree bundle-2026-04-01 --trusted bundle-2026-03-01 \
            --fingerprint 9f86d081…
            """)

    @OptionGroup var options: BundleOptions
    @Option(help: "The earlier copy, which 'audit verify' found whole; or a file with the register's head note.")
    var trusted: String

    func run() async throws {
        let (source, roster) = try options.open()
        let head = try trustedHead(of: roster)
        let report = try await TreeAudit.run(source, roster: roster, trusted: head, progress: source.progress.show)
        options.write(text: report.text, json: report.json)
        guard report.exitCode == 0 else { throw ExitCode(report.exitCode) }
    }

    private func trustedHead(of roster: Roster) throws -> TreeHead {
        if let copy = try? AuditBundleDirectory(reading: trusted) {
            return try RegisterHead(of: copy, roster: roster, named: trusted).claimed
        }
        return try RegisterHead(note: try PublicFile.read(trusted), named: trusted).claimed
    }
}
