import ArgumentParser
import CommandLineSupport
import NodeInterface

/// What is kept and not yet recorded.
struct ShowKept: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kept",
        abstract: "Show what was entered while the node did not write its log.",
        discussion: """
            It is recorded by itself, in order, once the node knows how far its log goes. What could not be recorded \
            then stays here with the reason until somebody says that it is dealt with.

            Example: tallystick node kept --show 7
            """)

    @Option(help: "The number of a command, to see every word of it.") var show: Int?
    @Option(help: "The number of a command that could not be recorded, to forget it.") var forget: Int?
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        if let show {
            return try await node.submit(
                KeptCommandQuery(number: show), to: NodePath.showKept, showing: [KeptCommandRow].self)
        }
        guard let forget else { return try await node.show([KeptCommandRow].self, from: NodePath.kept) }
        try await node.submit(
            KeptCommandQuery(number: forget), to: NodePath.forgetKept, showing: [KeptCommandRow].self)
    }
}

/// What did not come back.
struct ShowLost: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lost",
        abstract: "Show which parts of this agency's own entries did not come back after a loss.",
        discussion: "Example: tallystick node lost")

    @OptionGroup var node: NodeCommandOptions

    func run() async throws { try await node.show([LostPartRow].self, from: NodePath.lost) }
}
