import ArgumentParser
import CommandLineSupport
import NodeInterface
import PartyFiles

/// Reports as they come in.
struct Reports: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Record reports, list them and read them.",
        discussion: "Example: tallystick report list",
        subcommands: [RecordReport.self, ListReports.self, ShowReport.self, CorrectReport.self])
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

            A form, of which only the summary must be there; who you are is taken from --officer \
            where the form has no officer:
              {
                "summary": "Shouting at night, third time this month",
                "narrative": "The full account, as it was told",
                "category": "noise",
                "channel": "telephone",
                "occurred": "2026-03-01",
                "place": "A block of flats near the canal",
                "area": "E01025700",
                "victimName": "Ada Quillfeather",
                "victimBorn": "1971-04-02",
                "subjectName": "Tobias Marl",
                "address": "14 Invented Court",
                "telephone": "01632 960123",
                "safeContact": "Mobile, weekdays before noon",
                "reporterName": "Ada Quillfeather",
                "reporterRole": "victim",
                "madeFrom": "0f5c3d1ab2c4e5f60718293a4b5c6d7e",
                "officer": "h1"
              }
            """)

    @Option(help: "What may be shared of it.") var summary: String?
    @Option(help: "The full account; stays at home.") var narrative: String?
    @Option(help: "The kind of behaviour.") var category: String?
    @Option(help: "How it reached you.") var channel: String?
    @Option(help: "When it happened, as precisely as it is known and no more.") var occurred: String?
    @Option(help: "Where, in words.") var place: String?
    @Option(help: "The ward or LSOA.") var area: String?
    @Option(
        name: .customLong("made-from"),
        help: "An entry that you write this from; what restricts it binds whoever shares yours. Repeat for more.")
    var madeFrom: [String] = []
    @Option(help: "A JSON file with all of this and more; see the example above.")
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
            return try ReportFile.read(form) { () throws(CommandFailure) in try node.person() }
        }
        var report = ReportForm(officer: try node.person(), summary: summary ?? "")
        report.narrative = narrative
        report.category = category
        report.channel = channel
        report.occurred = occurred
        report.place = place
        report.area = area
        report.madeFrom = madeFrom.isEmpty ? nil : madeFrom.joined(separator: ",")
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

/// Shows a report.
struct ShowReport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show everything that this agency has of a report, the full account included.",
        discussion: """
            That you looked is recorded.

            Example: tallystick report show 0f5c1d22a9b34e6f8a7b6c5d4e3f2a1b
            """)

    @Argument(help: "The report, as report list shows it.") var report: String
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let query = ReportQuery(officer: try node.person(), report: report)
        try await node.submit(query, to: NodePath.showReport, showing: ReportPage.self)
    }
}
