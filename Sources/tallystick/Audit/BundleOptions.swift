import ArgumentParser
import Auditing
import CommandLineSupport
import EventLogs
import Partnership
import PartyFiles
import TallystickPrimitives

/// Which bundle, and which board it must be of.
struct BundleOptions: ParsableArguments {
    @Argument(help: "The directory that audit fetch made.") var bundle: String
    @Option(help: "The board's fingerprint, 64 hexadecimal digits.") var fingerprint: String?
    @OptionGroup var output: OutputOptions

    /// The bundle, and who is who by its partnership file.
    func open() throws -> (source: AuditBundleDirectory, roster: Roster) {
        let source = try AuditBundleDirectory(reading: bundle)
        guard source.facts.covers == .mandate else {
            throw CommandFailure(
                "\(bundle) is one party's own feed: what it was not due is absent, so nothing can be said of the whole",
                status: .usage, hint: "fetch as an auditor, or check that party's node with 'audit verify --log'")
        }
        let file = try source.partnership()
        let pinned = try BundleOptions.pinned(fingerprint)
        guard let found = try file.boardStatements().first?.hash else {
            throw CommandFailure("the bundle's partnership file is empty", status: .integrity)
        }
        if pinned == nil {
            let hint = "no --fingerprint was given; this bundle's board is \(found): compare it"
            StandardStream.error.write("tallystick: hint: \(hint)\n")
        }
        return (source, try file.bootstrap(fingerprint: pinned ?? found, now: source.fetchedAt))
    }

    /// A fingerprint as it was typed; nil when none was.
    static func pinned(_ text: String?) throws(CommandFailure) -> Hash256? {
        guard let text else { return nil }
        guard let pinned = Hash256(hex: text) else {
            throw CommandFailure("a fingerprint has 64 hexadecimal digits", status: .usage)
        }
        return pinned
    }

    /// Writes a result that has both renderings.
    func write(text: String, json: String) {
        StandardStream.output.write(output.format == .text ? text : json)
    }
}

extension AuditBundleDirectory {
    /// How far a replay of this bundle has come, for people.
    var progress: ProgressLine { ProgressLine("pages checked", total: pageCount) }
}
