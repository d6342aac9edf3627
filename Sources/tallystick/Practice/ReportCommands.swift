import ArgumentParser
import CommandLineSupport
import NodeInterface
import PartyFiles

/// Reports as they come in.
struct Reports: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Record reports, and list them.",
        discussion: "Example: tallystick report list",
        subcommands: [RecordReport.self, ListReports.self])
}

/// Records one report.
struct RecordReport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Record a report. It stays at home until a person shares it.",
        discussion: """
            The summary is written to be shared; the narrative is the full account and stays at \
            home. What is typed on a command line can be seen by others on the same machine: put \
            names and accounts in a file and give it with --form ('-' reads standard input).

            Example: tallystick report record --summary "Shouting at night, third time this month" \
            --category noise --occurred 2026-03-01
            """)

    @Option(help: "What may be shared of it.") var summary: String?
    @Option(help: "The full account; stays at home.") var narrative: String?
    @Option(help: "The kind of behaviour.") var category: String?
    @Option(help: "How it reached you.") var channel: String?
    @Option(help: "When it happened, as precisely as it is known and no more.") var occurred: String?
    @Option(help: "Where, in words.") var place: String?
    @Option(help: "The ward or LSOA.") var area: String?
    @Option(help: "A JSON file with all of this and more, such as victimName and safeContact.")
    var form: String?
    @OptionGroup var node: NodeCommandOptions

    func validate() throws {
        guard (summary == nil) != (form == nil) else {
            throw ValidationError("give one of --summary and --form")
        }
    }

    func run() async throws {
        try await node.submit(try report(), to: NodePath.reports, showing: Recorded.self)
    }

    private func report() throws -> ReportForm {
        if let form {
            return try CommandJSON.decode(ReportForm.self, from: try FormFile.read(form))
        }
        var report = ReportForm(officer: try node.person(), summary: summary ?? "")
        report.narrative = narrative
        report.category = category
        report.channel = channel
        report.occurred = occurred
        report.place = place
        report.area = area
        return report
    }
}

/// Lists reports.
struct ListReports: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the reports that this agency holds.",
        discussion: "Example: tallystick report list --format json")

    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        try await node.show([ReportLine].self, from: NodePath.reports)
    }
}
