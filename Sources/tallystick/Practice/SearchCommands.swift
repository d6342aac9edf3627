import ArgumentParser
import CommandLineSupport
import NodeInterface

/// Looks for words.
struct Search: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Look for words in everything that this agency can read.",
        discussion: "Example: tallystick search drumming at night")

    @Argument(help: ArgumentHelp("The words.", valueName: "words")) var looked: [String] = []
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let typed = looked.isEmpty ? nil : looked.joined(separator: " ")
        let texts = try words.texts(["words": typed], needed: ["words"])
        let form = SearchForm(officer: try node.person(), words: texts["words"] ?? "")
        try await node.submit(form, to: NodePath.search, showing: [SearchLine].self)
    }
}

/// Asks who holds something.
struct Visibility: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "visibility",
        abstract: "Ask which agencies hold something in an area, without names.",
        discussion: """
            The look-up itself is registered.

            Example: tallystick visibility --area E05000001 --category noise
            """)

    @Option(help: "The ward or LSOA; every area if left out.") var area: String?
    @Option(help: "The kind of behaviour; every kind if left out.") var category: String?
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let form = VisibilityForm(officer: try node.person(), area: area, category: category)
        try await node.submit(form, to: NodePath.visibility, showing: [VisibilityRow].self)
    }
}

/// Gives an auditor this agency's records of who read a case.
struct Mandate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mandate",
        abstract: "Give an auditor this agency's records of who read a case.",
        discussion: """
            The auditor must be enrolled, and its mandate still run.

            Example: tallystick mandate harbour-homes/3fa2c1d0 --auditor county-audit
            """)

    @Argument(help: "The case.") var reference: String
    @Option(help: "The auditor's code.") var auditor: String
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let form = MandateForm(
            officer: try node.person(), caseReference: reference, auditor: auditor)
        try await node.submit(form, to: NodePath.mandate, showing: Recorded.self)
    }
}

/// The node itself.
struct NodeGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node",
        abstract: "See how your agency's node and its entries stand.",
        discussion: "Example: tallystick node status",
        subcommands: [ShowNodeStatus.self, ShowEntry.self, ShowKept.self, ShowLost.self])
}

/// How an entry stands.
struct ShowEntry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "entry",
        abstract: "Show whether the broker has confirmed something that this agency recorded.",
        discussion: """
            Every command that records something prints the entry's name. Nothing of what is in it is shown.

            Example: tallystick node entry 0f5c1d22a9b34e6f8a7b6c5d4e3f2a1b
            """)

    @Argument(help: "The entry, 8 digits or more; 'tallystick ledger case CASE' shows them.") var entry: String
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        try await node.submit(EntryQuery(entry: entry), to: NodePath.entry, showing: EntryPage.self)
    }
}

/// How the node stands.
struct ShowNodeStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what the node holds, what waits, and whether the broker answers.",
        discussion: "Example: tallystick node status --node /var/lib/tallystick")

    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        try await node.show(NodeStatus.self, from: NodePath.status)
    }
}
