import ArgumentParser
public import CommandLineSupport
import NodeInterface
import PartyFiles
import SharingProtocols

/// Sharing protocols: as files, and as the node knows them.
struct Protocols: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "protocol",
        abstract:
            "Check, explain, show, compare and preview protocol files; consult on, sign, follow and end those of the board.",
        discussion: """
            check, show, diff, schema and preview work on files and need no node; list, respond, adopt and end ask the \
            node; explain and status do either; simulate takes a file and counts on the node's own log.

            Example: tallystick protocol explain jag
            """,
        subcommands: [
            CheckProtocol.self, ExplainProtocol.self, ShowProtocol.self, CompareProtocols.self, PrintSchema.self,
            PreviewProtocol.self, ListProtocols.self, ShowProtocolStatus.self, RespondToProtocol.self,
            AdoptProtocol.self, EndProtocol.self,
            SimulateProtocol.self,
        ])
}

/// Checks a file.
struct CheckProtocol: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a protocol file: every fault with its line and column, and what must be settled to adopt it.",
        discussion: "Example: tallystick protocol check protocols/jag.yaml")

    @Argument(help: "The file.") var file: String
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let check = ProtocolCheck(yaml: try PublicFile.read(file), file: file)
        try output.write(check)
        guard check.isValid else { throw CommandFailure.exit(with: .failure) }
    }
}

/// Explains a protocol in force, or a file.
struct ExplainProtocol: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say in plain-English tables who receives what, when and on what terms.",
        discussion: """
            A protocol in force is named by its code, as 'protocol list' shows it, and the node is \
            asked. A file is named by its path, with a slash or a full stop in it, and no node is \
            needed.

            Example: tallystick protocol explain jag
            """)

    @Argument(help: "The protocol's code, or the path of a file.") var name: String
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        guard !name.contains(where: { $0 == "/" || $0 == "." }) else {
            return try node.output.write(ProtocolExplanation(try ProtocolFileReading.terms(of: name)))
        }
        try await node.submit(
            ExplainForm(protocolCode: name), to: NodePath.explain, showing: ProtocolExplanation.self)
    }
}

/// Lists what is in force.
struct ListProtocols: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the protocols that the node knows, and who has signed them.",
        discussion: "Example: tallystick protocol list")

    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        try await node.show([ProtocolRow].self, from: NodePath.protocols)
    }
}

/// Takes the agency's signature back.
struct EndProtocol: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "end",
        abstract: "End a protocol for this agency: nothing new is shared under it, either way.",
        discussion: """
            Name at least one of the offices that sign it. It ends between you and everybody else; between the others it \
            stays in force. What was shared before stays with whom it was shared. To share again, sign it anew with \
            'tallystick protocol adopt', and share each case anew. With --reason suspended everybody is told that you \
            mean to.

            Example: tallystick protocol end jag --office data-protection-officer --reason review-overdue
            """)

    @Argument(help: "The protocol's code.") var code: String
    @Option(name: .customLong("office"), help: "An office that ends it; repeat for more.")
    var offices: [String]
    @Option(help: "Why, as a code that the whole partnership sees.") var reason = "ended"
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let form = EndAdoptionForm(
            officer: try node.person(), protocolCode: code, offices: offices, reason: reason)
        try await node.submit(form, to: NodePath.endAdoption, showing: Recorded.self)
    }
}

extension ProtocolCheck: Answer {}
extension ProtocolExplanation: Answer {}
extension SharePreview: Answer {}

/// Reads protocol files.
enum ProtocolFileReading {
    static func terms(of path: String) throws -> SharingProtocol {
        do { return try SharingProtocol(parsing: try PublicFile.read(path), file: path) } catch {
            guard let problems = error as? ProtocolProblems else { throw error }
            throw CommandFailure("\(path) is not a valid protocol\n\(problems)")
        }
    }
}
