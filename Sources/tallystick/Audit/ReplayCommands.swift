import ArgumentParser
import Auditing
import CommandLineSupport
import EventLogs
import Partnership
import Replication
import TallystickPrimitives

/// Shows what one agency had received.
struct ReplayBundle: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Show what one agency had received by a moment.",
        discussion: """
            A time means everything up to the first entry that was admitted later, in the order of the register: a clock \
            that was put back brings nothing that came after.

            Example: tallystick audit replay bundle --as northshire-police --at 2026-03-01T12:00:00Z
            """)

    @OptionGroup var options: BundleOptions
    @Option(name: .customLong("as"), help: "The agency's code.") var agency: String
    @Option(help: "A register position, or a time such as 2026-03-01T12:00:00Z; all if left out.")
    var at: String?

    func run() async throws {
        let (source, roster) = try options.open()
        guard let agency = AgencyCode(agency), roster.parties[agency] != nil else {
            throw CommandFailure("no party '\(agency)' is enrolled", status: .usage)
        }
        var view = ReplayView(as: agency, at: try moment(in: source))
        let report = try await AuditReplay.run(source, roster: roster, observer: &view, progress: source.progress.show)
        options.write(text: view.text, json: view.json)
        try Findings.end(report.findings)
    }

    private func moment(in source: AuditBundleDirectory) throws -> AuditMoment {
        guard let at else { return .size(try ReplayBundle.end(of: source)) }
        if let position = UInt64(at) { return .size(TreeSize(position)) }
        guard let instant = Timestamp(at) else {
            throw CommandFailure("--at needs a register position or a time", status: .usage)
        }
        return .time(instant)
    }
}

extension ReplayBundle {
    /// The position after the last leaf that was fetched; an unreadable page is for the report to name.
    fileprivate static func end(of source: AuditBundleDirectory) throws -> TreeSize {
        guard source.pageCount > 0 else { return .empty }
        let last = try? FeedPage(decoding: try source.page(source.pageCount - 1))
        return last?.next ?? TreeSize(.max)
    }
}

/// Asks of everything given by which clause it was.
struct CheckConformance: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conformance",
        abstract: "Say by which clause in force everything given was permitted, and what was not.",
        discussion: """
            Exit status 3: something was given that no clause permitted; for review. Whoever did \
            it may have had a reason, and nobody is accused.

            Example: tallystick audit conformance bundle
            """)

    @OptionGroup var options: BundleOptions

    func run() async throws {
        let (source, roster) = try options.open()
        var conformance = Conformance()
        let report = try await AuditReplay.run(
            source, roster: roster, observer: &conformance, progress: source.progress.show)
        let damage = report.findings.count { $0.severity == .integrity }
        options.write(text: conformance.text(damage: damage), json: conformance.json)
        try Findings.end(report.findings + conformance.findings)
    }
}

/// Ends a command by what was found.
enum Findings {
    /// What is not what it must be goes to standard error where the data does not list it.
    static func end(_ findings: [AuditFinding]) throws {
        for finding in findings where finding.severity == .integrity {
            StandardStream.error.write("tallystick: error: \(finding)\n")
        }
        let code = AuditReport.exitCode(of: findings)
        guard code == 0 else { throw ExitCode(code) }
    }
}
