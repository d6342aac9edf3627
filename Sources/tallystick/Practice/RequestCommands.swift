import ArgumentParser
import CommandLineSupport
import NodeInterface

/// Requests for information.
struct Requests: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "request",
        abstract: "Ask another agency for information, and see what is asked of you.",
        discussion: "Example: tallystick request list",
        subcommands: [MakeRequest.self, ListRequests.self, StepRequest.self, ContactIsAway.self])
}

/// Asks another agency.
struct MakeRequest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make",
        abstract: "Ask an agency on a case for information.",
        discussion: """
            After a refusal, ask again with what has changed.

            Example: tallystick request make harbour-homes/3fa2c1d0 --of northshire-police \
            --label safe-contact --protocol jag --purpose protect-victim \
            --because "We must reach the victim before the hearing"
            """)

    @Argument(help: "The case.") var reference: String
    @Option(name: .customLong("of"), help: "The agency you ask.") var asked: String
    @Option(name: .customLong("label"), help: "What you ask for; repeat for more.") var labels: [String]
    @Option(name: .customLong("protocol"), help: "The protocol you ask under.") var protocolCode: String
    @Option(help: "The purpose.") var purpose: String
    @Option(help: "The power or duty; left out, the only one that would do.") var gateway: String?
    @Option(help: "Why, in words.") var because: String?
    @Option(help: "What has changed since an earlier request.") var changedFact: String?
    @Option(name: .customLong("after"), help: "The earlier request.") var earlier: String?
    @Flag(help: "It is for their deputy: the contact is away, or has an interest in it.") var toDeputy = false
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let texts = try words.texts(["because": because, "changed-fact": changedFact], needed: ["because"])
        var form = RequestForm(
            officer: try node.person(), caseReference: reference, asked: asked, labels: labels,
            protocolCode: protocolCode, purpose: purpose, reason: texts["because"] ?? "")
        form.gateway = gateway
        form.changedFact = texts["changed-fact"]
        form.earlierRequest = earlier
        form.isForDeputy = toDeputy ? true : nil
        try await node.submit(form, to: NodePath.requests, showing: RequestMade.self)
    }
}

/// Lists requests.
struct ListRequests: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List requests to and from this agency, with what is due.",
        discussion: "Example: tallystick request list")

    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        try await node.show(
            RequestLists.self, from: NodePath.requests, query: ["officer": try node.person()])
    }
}

/// Reminds, or goes up the ladder.
struct StepRequest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "step",
        abstract: "Remind an agency that has not answered, or take the request a level up.",
        discussion: """
            The protocol says where an unanswered request goes, and when: contact, manager, partnership, board. \
            'request list' shows the step whose time has come; without --to it is that one, or a reminder. Both \
            agencies see it. Nothing is sent to anybody else: tell them yourself.

            Example: tallystick request step 0f5c1a2b --to manager --because "Two reminders, no answer"
            """)

    @Argument(help: "The request.") var request: String
    @Option(name: .customLong("to"), help: "reminder, contact, manager, partnership or board.") var step: String?
    @Option(help: "What is said with it.") var because: String?
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let texts = try words.texts(["because": because])
        let form = StepForm(
            officer: try node.person(), request: request, step: step, words: texts["because"])
        try await node.submit(form, to: NodePath.stepRequest, showing: Recorded.self)
    }
}

/// Says that the contact is away.
struct ContactIsAway: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "away",
        abstract: "Say that this agency's contact is away: requests are for the deputy until then.",
        discussion: """
            It stays with this agency. A day that has passed ends it.

            Example: tallystick request away --until 2026-08-21
            """)

    @Option(help: "Until when, such as 2026-08-21.") var until: String
    @Option(help: "What the deputy should know.") var because: String?
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        var form = AwayForm(officer: try node.person(), until: until)
        form.words = try words.texts(["because": because])["because"]
        try await node.submit(form, to: NodePath.away, showing: Recorded.self)
    }
}

/// Answers a request.
struct AnswerRequest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer",
        abstract: "Answer a request: in full, in part, or not.",
        discussion: """
            Outcomes: full, part, refused, nil (there is nothing), not-held (such information is not \
            kept here), no-information (reads the same whether nothing is held or it is withheld; the \
            true reason stays at home).

            What you told on the telephone or on paper is entered afterwards with --told by-voice or \
            on-paper and --told-at: it counts from when it was told.

            With --preview you see what would be given, word by word, and nothing is answered. The \
            label account is the full account of the reports that the case grew from.

            Example: tallystick answer 0f5c1a2b part --label safe-contact --days 28 \
            --because "Only what the hearing needs"
            """)

    @Argument(help: "The request.") var request: String
    @Argument(help: "The outcome.") var outcome: String
    @Option(name: .customLong("label"), help: "What you give; repeat for more.") var labels: [String] = []
    @Option(help: "For how many days.") var days: Int?
    @Option(help: "The power or duty; left out, the one it was asked under, or the only one that would do.")
    var gateway: String?
    @Option(name: .customLong("told"), help: "It was told already: by-voice or on-paper.") var told: String?
    @Option(help: "When it was told so, such as 2026-03-02 or 2026-03-02T21:40:00Z.") var toldAt: String?
    @Option(
        name: .customLong("report"), help: "With --label account: a report whose account you give; repeat for more.")
    var reports: [String] = []
    @Flag(help: "You answer as the deputy, for the contact; this is so by itself while the contact is away.")
    var asDeputy = false
    @Flag(help: "Show what would be given, and answer nothing.") var preview = false
    @Flag(help: "With no-information: nothing is held. This is kept at home; the asker cannot tell.")
    var nothingHeld = false
    @Option(help: "Why.") var because: String?
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func validate() throws {
        guard (told == nil) == (toldAt == nil) else {
            throw ValidationError("What was told already takes both: --told by-voice or on-paper, and --told-at.")
        }
        guard told == nil || (days == nil && reports.isEmpty) else {
            throw ValidationError("Nothing is sent with --told: leave out --days and --report.")
        }
    }

    func run() async throws {
        let texts = try words.texts(["because": because], needed: ["because"])
        var form = AnswerForm(
            officer: try node.person(), request: request, outcome: outcome, reason: texts["because"] ?? "")
        form.labels = labels
        form.days = days
        form.gateway = gateway
        form.toldHow = told
        form.toldAt = toldAt
        form.reports = reports.isEmpty ? nil : reports
        form.isNothingHeld = nothingHeld ? true : nil
        form.isByDeputy = asDeputy ? true : nil
        guard !preview else {
            return try await node.submit(form, to: NodePath.previewAnswer, showing: PreviewPage.self)
        }
        try await node.submit(form, to: NodePath.answer, showing: AnswerMade.self)
    }
}
