import ArgumentParser
import CommandLineSupport
import NodeInterface

/// Moves a case.
struct MoveCase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stage",
        abstract: "Say where a case stands: opened, assessed, action-plan or monitoring.",
        discussion: """
            Example: tallystick case stage harbour-homes/3fa2c1d0 action-plan \
            --summary "Plan agreed at the meeting"
            """)

    @Argument(help: "The case.") var reference: String
    @Argument(help: "The stage.") var stage: String
    @Option(help: "What the agencies on the case are told.") var summary: String?
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let texts = try words.texts(["summary": summary], needed: ["summary"])
        let form = StageForm(
            officer: try node.person(), caseReference: reference, stage: stage, summary: texts["summary"] ?? "")
        try await node.submit(form, to: NodePath.stage, showing: Recorded.self)
    }
}

/// Records an action.
struct RecordAction: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "action",
        abstract: "Record something that an agency will do, and by when.",
        discussion: """
            Example: tallystick case action harbour-homes/3fa2c1d0 "Visit both households" \
            --owner marlow-vale-council --due 2026-03-10
            """)

    @Argument(help: "The case.") var reference: String
    @Argument(help: "What will be done.") var action: String?
    @Option(help: "The agency that will do it.") var owner: String
    @Option(help: "By when, YYYY-MM-DD.") var due: String?
    @Option(
        name: .customLong("only-for"), help: "An agency on the case that is to have it, and no other; repeat for more.")
    var onlyFor: [String] = []
    @Option(
        name: .customLong("made-from"),
        help: """
            An entry that this is made from, ours or another agency's, 8 digits or more; repeat for more. If that is withdrawn or \
            recalled, this is withdrawn or recalled from whoever has it.
            """)
    var madeFrom: [String] = []
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let texts = try words.texts(["action": action], needed: ["action"])
        var form = ActionForm(
            officer: try node.person(), caseReference: reference, action: texts["action"] ?? "", owner: owner)
        form.due = due
        form.onlyFor = onlyFor.isEmpty ? nil : onlyFor
        form.madeFrom = madeFrom.isEmpty ? nil : madeFrom
        try await node.submit(form, to: NodePath.action, showing: Recorded.self)
    }
}

/// Records consent.
struct RecordConsent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consent",
        abstract: "Record what the person said about sharing, or why nobody asked.",
        discussion: """
            States: given, refused, withdrawn, not-sought-cannot-give, not-sought-unreasonable, \
            not-sought-prejudice, not-required, not-applicable.

            Where consent is withdrawn, nothing that others have goes by itself: 'tallystick withdraw make --case CASE \
            --reason consent-withdrawn --preview' shows what rests on it.

            Example: tallystick case consent harbour-homes/3fa2c1d0 given --how "In person at home" \
            --by "the victim"
            """)

    @Argument(help: "The case.") var reference: String
    @Argument(help: "The state.") var state: String
    @Option(help: "How it was said, or why nobody asked.") var how: String?
    @Option(help: "What it covers.") var scope: String?
    @Option(help: "Who said it: the victim, a parent, an advocate.") var by: String?
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let texts = try words.texts(["how": how, "scope": scope, "by": by], needed: ["how"])
        var form = ConsentForm(
            officer: try node.person(), caseReference: reference, state: state, how: texts["how"] ?? "")
        form.scope = texts["scope"]
        form.by = texts["by"]
        try await node.submit(form, to: NodePath.consent, showing: Recorded.self)
    }
}

/// Records safe contact.
struct RecordSafeContact: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "safe-contact",
        abstract: "Record how the victim can be reached safely, or why there is no way.",
        discussion: """
            Example: tallystick case safe-contact harbour-homes/3fa2c1d0 \
            --instruction "Mobile, weekdays before noon, never leave a message"
            """)

    @Argument(help: "The case.") var reference: String
    @Option(help: "The instruction, in the victim's own terms.") var instruction: String?
    @Option(name: .customLong("without"), help: "Why a service must go without one.")
    var without: String?
    @Option(
        name: .customLong("only-for"), help: "An agency on the case that is to have it, and no other; repeat for more.")
    var onlyFor: [String] = []
    @Option(
        name: .customLong("made-from"),
        help: """
            An entry that this is made from, ours or another agency's, 8 digits or more; repeat for more. If that is withdrawn or \
            recalled, this is withdrawn or recalled from whoever has it.
            """)
    var madeFrom: [String] = []
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        var form = SafeContactForm(officer: try node.person(), caseReference: reference)
        let texts = try words.texts(["instruction": instruction, "without": without])
        guard texts.count == 1 else {
            throw CommandFailure(
                "it needs an instruction, or why there is none, and not both", status: .usage,
                hint: "give one of --instruction and --without, or a --form with one of them")
        }
        form.instruction = texts["instruction"]
        form.without = texts["without"]
        form.onlyFor = onlyFor.isEmpty ? nil : onlyFor
        form.madeFrom = madeFrom.isEmpty ? nil : madeFrom
        try await node.submit(form, to: NodePath.safeContact, showing: Recorded.self)
    }
}

/// Says that somebody has read a case, or acted on it.
struct AcknowledgeCase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "acknowledge",
        abstract: "Say that you have read a case, or acted on it.",
        discussion: "Example: tallystick case acknowledge harbour-homes/3fa2c1d0 --acted")

    @Argument(help: "The case.") var reference: String
    @Flag(help: "You have acted on it, not only read it.") var acted = false
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let form = AcknowledgeForm(
            officer: try node.person(), caseReference: reference,
            state: acted ? "acted" : "acknowledged")
        try await node.submit(form, to: NodePath.acknowledge, showing: Recorded.self)
    }
}
