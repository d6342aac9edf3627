import ArgumentParser
import CommandLineSupport
import NodeInterface

/// How often cases were read, told by agency and role.
struct Readings: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reading",
        abstract: "See how often other agencies showed your cases to their people, and keep that from being told.",
        discussion: """
            Each agency's node reports once a week, a week late, by role and in steps. No report names a person, a day or \
            a minute, and one that says nothing may mean that nothing was read or that nothing may be told.

            Example: tallystick reading list
            """,
        subcommands: [ListReadings.self, WithholdReadings.self, WhoRead.self])
}

/// Lists reports.
struct ListReadings: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the reports that came and went, and what is withheld.",
        discussion: "Example: tallystick reading list --format json")

    @OptionGroup var node: NodeCommandOptions

    func run() async throws { try await node.show(ReadingLines.self, from: NodePath.readings) }
}

/// Keeps readings from being told.
struct WithholdReadings: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "withhold",
        abstract: "Record that a senior officer keeps readings from being told, until a day.",
        discussion: """
            The reports go on, of the same size, and look as if nothing had been read. Nobody is told of those weeks \
            afterwards either. Your words stay with this agency. A year at most; who still needs it then decides anew.

            Example: tallystick reading withhold --case harbour-homes/3fa2c1d0 --until 2026-09-30 \
            --decided-by "Supt J. Marlow" --because "An investigation that they must not learn of"
            """)

    @Option(name: .customLong("case"), help: "The case; all if left out.") var reference: String?
    @Option(name: .customLong("from"), help: "The agency that is not told; all if left out.") var owner: String?
    @Option(help: "Until when, such as 2026-09-30.") var until: String
    @Option(help: "The senior officer who decided it.") var decidedBy: String
    @Option(help: "Why.") var because: String?
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let texts = try words.texts(["because": because], needed: ["because"])
        var form = ReadingWithholdForm(
            officer: try node.person(), decidedBy: decidedBy, words: texts["because"] ?? "", until: until)
        form.caseReference = reference
        form.owner = owner
        try await node.submit(form, to: NodePath.withholdReadings, showing: Recorded.self)
    }
}

/// Who of this agency was shown a case.
struct WhoRead: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "who",
        abstract: "Show who of this agency was shown a case, for one of the purposes of DPA 2018 s.62(4).",
        discussion: """
            Purposes: lawfulness, internal-proceedings, security, criminal-proceedings. That you asked, for what and why, is \
            recorded. Readings show an identifier that changes every day; the people you name with --person are recognised. \
            Nothing is counted: this is not for measuring how people work.

            Example: tallystick reading who harbour-homes/3fa2c1d0 --for-purpose lawfulness --person h1 \
            --because "The neighbour says that an officer told her"
            """)

    @Argument(help: "The case.") var reference: String
    @Option(help: "What for.") var forPurpose: String
    @Option(name: .customLong("person"), help: "An officer to be recognised; repeat for more.") var people: [String] =
        []
    @Option(help: "Why.") var because: String?
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let texts = try words.texts(["because": because], needed: ["because"])
        let form = WhoReadForm(
            officer: try node.person(), caseReference: reference, purpose: forPurpose, words: texts["because"] ?? "",
            people: people)
        try await node.submit(form, to: NodePath.whoRead, showing: WhoReadPage.self)
    }
}
