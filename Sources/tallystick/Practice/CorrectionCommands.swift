import ArgumentParser
import CommandLineSupport
import NodeInterface

/// What a correction and a dispute have in common.
struct CorrectionOptions: ParsableArguments {
    @Option(help: "The entry, 8 digits or more; 'tallystick ledger case CASE' shows them.") var entry: String
    @Option(help: "What is wrong and what is right, or who contests what; everybody who was given it sees this.")
    var because: String?
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func submit(_ kind: String, replacedBy: String? = nil) async throws {
        let texts = try words.texts(["because": because], needed: ["because"])
        var form = CorrectionForm(
            officer: try node.person(), entry: entry, kind: kind, words: texts["because"] ?? "")
        form.replacedBy = replacedBy
        try await node.submit(form, to: NodePath.corrections, showing: CorrectionMade.self)
    }
}

/// Corrects an entry of a case.
struct CorrectCase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "correct",
        abstract: "Say that an entry of ours is wrong, and tell every agency that was given it.",
        discussion: """
            Nothing is edited: the entry stands and says so wherever it is shown, here and there.

            Example: tallystick case correct --entry 0f5c1a2b --because "The address is 14 Larch Court, not 12"
            """)

    @Option(help: "The entry that is right, where there is one, 8 digits or more; 'tallystick ledger case CASE' shows them.")
    var replacedBy: String?
    @OptionGroup var correction: CorrectionOptions

    func run() async throws { try await correction.submit("corrected", replacedBy: replacedBy) }
}

/// Corrects a report.
struct CorrectReport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "correct",
        abstract: "Say that a report of ours is wrong, and tell every agency that was given something of it.",
        discussion: """
            Example: tallystick report correct --entry 0f5c1a2b --because "It was on Tuesday, not on Monday"
            """)

    @Option(help: "The report that is right, where there is one, 8 digits or more; 'tallystick report list' shows them.")
    var replacedBy: String?
    @OptionGroup var correction: CorrectionOptions

    func run() async throws { try await correction.submit("corrected", replacedBy: replacedBy) }
}

/// Disputes an entry.
struct DisputeEntry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dispute",
        abstract: "Say that an entry is contested, ours or another agency's, and tell whoever must know.",
        discussion: """
            Of ours, every agency is told that was given it; of another agency's, that agency is.

            Example: tallystick case dispute --entry 0f5c1a2b --because "She says it was not her son"
            """)

    @OptionGroup var correction: CorrectionOptions

    func run() async throws { try await correction.submit("disputed") }
}
