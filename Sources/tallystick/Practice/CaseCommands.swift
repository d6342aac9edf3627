import ArgumentParser
import CommandLineSupport
import NodeInterface

/// Cases.
struct Cases: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "case",
        abstract: "Open, assess, share and follow cases.",
        discussion: """
            A case is named as AGENCY/DIGITS; the first digits are enough where they name one case.

            Example: tallystick case show harbour-homes/3fa2c1d0
            """,
        subcommands: [
            ListCases.self, ShowCase.self, OpenCase.self, ShowQuestions.self, AssessCase.self,
            PreviewShare.self,
            ShareCase.self, MoveCase.self, RecordAction.self, RecordConsent.self,
            RecordSafeContact.self, AcknowledgeCase.self, CorrectCase.self, DisputeEntry.self, EnterTold.self,
            GiveEarlier.self,
        ])
}

/// Lists cases.
struct ListCases: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the cases that this agency is on, with every agency's view of the risk.",
        discussion: """
            That you listed them is recorded.

            Example: tallystick case list
            """)

    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        try await node.show(
            [CaseLine].self, from: NodePath.cases, query: ["officer": try node.person()])
    }
}

/// Shows a case.
struct ShowCase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show everything that this agency has of a case.",
        discussion: """
            That you looked is recorded. Agencies with a part in the case are told a week later how often it was shown \
            here, by role and in steps, and never who looked.

            Example: tallystick case show harbour-homes/3fa2c1d0
            """)

    @Argument(help: "The case.") var reference: String
    @Option(
        name: .customLong("as"),
        help: "Your role: case-worker, supervisor, safeguarding, data-protection or senior-officer.")
    var role: String?
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        var query = CaseQuery(officer: try node.person(), caseReference: reference)
        query.role = role
        try await node.submit(query, to: NodePath.showCase, showing: CasePage.self)
    }
}

/// Opens a case.
struct OpenCase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "Open a case from reports. It stays at home until a person shares it.",
        discussion: """
            Example: tallystick case open --summary "Noise and threats at one address" \
            --report 0f5c1a2b --category noise --area E05000001
            """)

    @Option(help: "What the case is about, written to be shared.") var summary: String?
    @Option(name: .customLong("report"), help: "A report it grows from; repeat for more.")
    var reports: [String] = []
    @Option(help: "The ward or LSOA.") var area: String?
    @Option(help: "The kind of behaviour.") var category: String?
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let texts = try words.texts(["summary": summary], needed: ["summary"])
        var form = CaseForm(officer: try node.person(), reports: reports, summary: texts["summary"] ?? "")
        form.area = area
        form.category = category
        try await node.submit(form, to: NodePath.cases, showing: CaseOpened.self)
    }
}

/// Assesses the risk.
struct AssessCase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assess",
        abstract: "Assess the risk of a case. It stands beside the other agencies' assessments.",
        discussion: """
            A question left out counts as unknown, not as zero. Your judgement may differ from the \
            matrix; say why.

            Example: tallystick case assess harbour-homes/3fa2c1d0 --mark frequency=3 \
            --mark vulnerability=2 --warning weapon=no --band high --because "Threats are rising"
            """)

    @Argument(help: "The case.") var reference: String
    @Option(name: .customLong("mark"), help: "QUESTION=MARK, marks from 0 to 3; repeat.")
    var marks: [String] = []
    @Option(name: .customLong("warning"), help: "SIGN=yes or SIGN=no; repeat.")
    var warnings: [String] = []
    @Option(help: "The band you judge: standard, medium or high; the matrix's if left out.")
    var band: String?
    @Option(help: "Why; needed for high and where you differ.")
    var because: String?
    @Option(
        name: .customLong("only-for"), help: "An agency on the case that is to have it, and no other; repeat for more.")
    var onlyFor: [String] = []
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        var form = AssessmentForm(officer: try node.person(), caseReference: reference)
        form.marks = try Pairs.numbers(marks)
        form.flags = try Pairs.answers(warnings)
        form.band = band
        form.onlyFor = onlyFor.isEmpty ? nil : onlyFor
        form.rationale = try words.texts(["because": because])["because"]
        try await node.submit(form, to: NodePath.assess, showing: AssessmentAnswer.self)
    }
}
