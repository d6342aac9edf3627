import ArgumentParser
import Auditing
import Casework
import CommandLineSupport
import EventLogs
import Partnership
import Replication
import TallystickPrimitives

/// Shows how far each entry got with whom.
struct ShowWhoSaw: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "who-saw",
        abstract: "Show, entry by entry, how far it got with whom: six states, never summed.",
        discussion: """
            Without keys it shows what was available and what was delivered. With the auditor's \
            directory it also opens the records that agencies gave under the mandate.

            Example: tallystick audit who-saw bundle harbour-homes/3fa2c1d0… \
            --dir auditor --passphrase-file passphrase
            """)

    @OptionGroup var options: BundleOptions
    @Argument(help: "Each part of the case: AGENCY/DIGITS, 32 digits; the case's own name first.")
    var parts: [String]
    @Option(help: "The auditor's directory.") var dir: String?
    @Option(help: "The file that holds the auditor's passphrase.") var passphraseFile: String?

    func validate() throws {
        guard (dir == nil) == (passphraseFile == nil) else {
            throw ValidationError("--dir and --passphrase-file belong together")
        }
    }

    func run() async throws {
        let (source, roster) = try options.open()
        let references = try parts.map { try reference($0) }
        let streams = try references.map { reference -> StreamAddress in
            guard let party = roster.parties[reference.agency] else {
                throw CommandFailure("no party '\(reference.agency)' is enrolled", status: .usage)
            }
            return StreamAddress(origin: party.origin, stream: reference.stream)
        }
        var seen = WhoSaw(streams: streams)
        let report = try await AuditReplay.run(source, roster: roster, observer: &seen, progress: source.progress.show)
        if let dir, let passphraseFile {
            let records = try MandateRecords(directory: dir, passphraseFile: passphraseFile)
            let opened = try records.open(source, roster: roster).filter {
                references.contains($0.reference)
            }
            var again = WhoSaw(
                streams: streams, opened: opened.flatMap { $0.accesses(of: seen.rows) })
            _ = try await AuditReplay.run(source, roster: roster, observer: &again, progress: source.progress.show)
            seen = again
        }
        options.write(text: seen.text, json: seen.json)
        try Findings.end(report.findings)
    }

    private func reference(_ text: String) throws -> CaseReference {
        guard let reference = CaseReference(text) else {
            throw CommandFailure("'\(text)' is not AGENCY/DIGITS with 32 digits", status: .usage)
        }
        return reference
    }
}
