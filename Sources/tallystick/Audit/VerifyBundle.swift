import ArgumentParser
import Auditing
import CommandLineSupport
import PartyFiles
import TransparencyLog

/// Verifies a bundle, or a copy of a node's directory.
struct VerifyBundle: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every signature, hash and verdict again; needs no key and no server.",
        discussion: """
            Exit status 2: something is not what it must be; each finding names the log, the place \
            and the kind. Says up to which head all is complete, and claims nothing beyond.

            With --log the keys are known by the directory's partnership.tally and board.fingerprint, \
            so the copy needs both; give --fingerprint if the directory itself is in doubt.

            Examples: tallystick audit verify bundle --fingerprint 9f86d081…
                      tallystick audit verify --log copy-of-a-node-directory
            """)

    @Argument(help: "The directory that audit fetch made.") var bundle: String?
    @Option(help: "A copy of a node's directory, to check instead of a bundle.") var log: String?
    @Option(help: "The board's fingerprint, 64 hexadecimal digits.") var fingerprint: String?
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (bundle == nil) != (log == nil) else {
            throw ValidationError("give a bundle, or --log with a copy of a node's directory")
        }
    }

    func run() async throws {
        if let log {
            let check = try LogCheck(directory: log, fingerprint: try BundleOptions.pinned(fingerprint))
            try output.write(check)
            guard check.isWhole else { throw CommandFailure.exit(with: .integrity) }
        } else {
            try await verify(bundle ?? "")
        }
    }

    /// Beside the bundle, which stays as it was fetched.
    private func write(_ found: Equivocation) throws {
        let path = PartyDirectory(path: ".").evidenceFile(of: found.origin)
        try PublicFile.write(found.file, to: path)
        StandardStream.error.write("tallystick: hint: the evidence is in \(path); check it with 'audit evidence'\n")
    }

    private func verify(_ bundle: String) async throws {
        var options = BundleOptions()
        options.bundle = bundle
        options.fingerprint = fingerprint
        options.output = output
        let (source, roster) = try options.open()
        let report = try await AuditReplay.run(source, roster: roster, progress: source.progress.show)
        options.write(text: report.text, json: report.json)
        for found in report.evidence { try write(found) }
        let faults = EvidenceManifest.faults(in: bundle)
        for fault in faults { StandardStream.error.write("tallystick: error: \(fault)\n") }
        guard faults.isEmpty else { throw CommandFailure.exit(with: .integrity) }
        guard report.exitCode == 0 else { throw ExitCode(report.exitCode) }
    }
}
