import ArgumentParser
import CommandLineSupport
import NodeInterface

/// Taking back what was given in error.
struct Recalls: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recall",
        abstract: "Take back what was given in error, and answer for what was taken back from you.",
        discussion: """
            If somebody may be in danger because of it, act on that first. The steps are in docs/runbooks/sent-in-error.md.

            Recall what they should never have had: the regulator's 72 hours run. What was right to give and is not to be \
            used any more is withdrawn with 'tallystick withdraw' instead; what is wrong is corrected with 'tallystick case \
            correct'; what nobody is to have any more, this agency included, is destroyed with 'tallystick erasure'.

            Example: tallystick recall list
            """,
        subcommands: [MakeRecall.self, ListRecalls.self, ShowRecall.self, AnswerRecall.self, DecideRecall.self])
}

/// Takes an entry back.
struct MakeRecall: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make",
        abstract: "Take an entry back from agencies that were given it. Their nodes hide it at once.",
        discussion: """
            It cannot be undone: see first who has it ('tallystick ledger case CASE'). \
            Without --label everything of it is taken back, without --from from everybody. What is taken back stays \
            hidden there for good: record it anew to give it after all.

            Reasons: wrong-agency, wrong-person, too-much, not-permitted, unsafe. They see the reason; your words stay \
            here.

            Example: tallystick recall make --entry 0f5c1a2b --from northshire-fire --reason wrong-agency \
            --because "Fire was picked instead of police"
            """)

    @Option(help: "The entry, 8 digits or more; 'tallystick ledger case CASE' shows them.") var entry: String
    @Option(name: .customLong("label"), help: "What of it, such as safe-contact; repeat for more.")
    var labels: [String] = []
    @Option(name: .customLong("from"), help: "An agency to take it back from; repeat for more.")
    var agencies: [String] = []
    @Option(help: "Why.") var reason: String
    @Option(help: "What happened; it stays with this agency.") var because: String?
    @Option(help: "When somebody became aware of it, such as 2026-03-02T21:40:00Z; now if left out.")
    var awareAt: String?
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let texts = try words.texts(["because": because], needed: [])
        var form = RecallForm(officer: try node.person(), entry: entry, reason: reason)
        form.labels = labels
        form.agencies = agencies
        form.words = texts["because"]
        form.awareAt = awareAt
        try await node.submit(form, to: NodePath.recalls, showing: RecallMadeAnswer.self)
    }
}

/// Lists recalls.
struct ListRecalls: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List what this agency took back, how far each agency has got, and what was taken back from it.",
        discussion: "Example: tallystick recall list")

    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        try await node.show([RecallLine].self, from: NodePath.recalls, query: ["officer": try node.person()])
    }
}

/// Shows one recall.
struct ShowRecall: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show how far one recall has got.",
        discussion: "Example: tallystick recall show 0f5c1a2b")

    @Argument(help: "The recall, 8 digits or more; 'tallystick recall list' shows them.") var recall: String
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        try await node.show(
            [RecallLine].self, from: NodePath.recalls, query: ["officer": try node.person(), "recall": recall])
    }
}

/// Says what was done with it.
struct AnswerRecall: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer",
        abstract: "Say what you did with something before it was taken back.",
        discussion: """
            What you did: not-read, read-only, acted, passed-on, copied; not-asked for somebody who cannot be asked. The \
            agency that took it back sees this and your words, and not your name.

            Example: tallystick recall answer 0f5c1a2b passed-on --words "Told the crew commander, who has forgotten it"
            """)

    @Argument(help: "The recall, 8 digits or more; 'tallystick recall list' shows them.") var recall: String
    @Argument(help: "What you did.") var use: String
    @Option(name: .customLong("words"), help: "In your words, for the agency that took it back.") var said: String?
    @Option(help: "Somebody else who was shown it, for whom you say this.") var onBehalfOf: String?
    @Flag(help: "Say this for everybody who has not answered.") var forTheRest = false
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func validate() throws {
        guard !forTheRest || onBehalfOf == nil else {
            throw ValidationError(
                "say it for one person with --on-behalf-of, or for all others with --for-the-rest, not both")
        }
    }

    func run() async throws {
        let texts = try words.texts(["words": said], needed: [])
        var form = RecallAnswerForm(officer: try node.person(), recall: recall, use: use)
        form.words = texts["words"]
        form.onBehalfOf = onBehalfOf
        form.isForTheRest = forTheRest
        try await node.submit(form, to: NodePath.answerRecall, showing: Recorded.self)
    }
}

/// Records whether the regulator is told.
struct DecideRecall: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decide",
        abstract: "Record whether the regulator is told of what was given in error. It stays with this agency.",
        discussion: """
            Decisions: reported (the regulator was told), not-reportable (a risk to anybody is unlikely). Either way it \
            must be on record why (UK GDPR Art 33).

            Example: tallystick recall decide 0f5c1a2b not-reportable --because "Read by one officer, who is bound by the \
            same duties, and destroyed"
            """)

    @Argument(help: "One of the recalls that were made together, 8 digits or more; 'tallystick recall list' shows them.")
    var recall: String
    @Argument(help: "The decision.") var decision: String
    @Option(help: "Why.") var because: String?
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let texts = try words.texts(["because": because], needed: ["because"])
        let form = RecallDecisionForm(
            officer: try node.person(), recall: recall, decision: decision, words: texts["because"] ?? "")
        try await node.submit(form, to: NodePath.decideRecall, showing: Recorded.self)
    }
}
