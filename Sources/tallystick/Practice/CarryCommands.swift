import ArgumentParser
import CommandLineSupport
import HTTPTransport
import NodeInterface
import PartyFiles
import TallystickPrimitives

/// What travels by file.
struct Carry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "carry",
        abstract: "Give another agency by file what it is due, while the broker is away.",
        discussion: """
            What is in it is signed entry by entry and opens for that agency alone; whoever holds the file sees what the \
            broker would: which logs and streams, kinds, times and sizes. What it brings is shown there as not yet \
            confirmed, until the broker has it from its author.

            Example: tallystick carry export --to northshire-police case.carry
            """,
        subcommands: [ExportCarry.self, ImportCarry.self])
}

/// Writes a file.
struct ExportCarry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write what waits for the broker and is for one agency to a file.",
        discussion: """
            Share the case first, as with the broker there: nothing leaves by file that is not shared.

            Example: tallystick carry export --to northshire-police --case harbour-homes/3fa2c1d0 case.carry
            """)

    @Option(help: "The agency that it is for.") var to: String
    @Option(name: .customLong("case"), help: "One case; all that waits for the broker if left out.")
    var caseReference: String?
    @Option(help: "One stream instead, 32 digits.") var stream: String?
    @Argument(help: "The file to write.") var file: String
    @OptionGroup var node: NodeAddressOptions

    func run() async throws {
        let bytes = try await node.connection().post(
            NodePath.exportCarry, CarryForm(agency: to, stream: stream, caseReference: caseReference))
        try PublicFile.write(bytes, to: file)
        StandardStream.output.write("Wrote \(file): for \(to) only; it opens for nobody else.\n")
    }
}

/// Takes a file in.
struct ImportCarry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take in a file that another agency gave by hand.",
        discussion: """
            Example: tallystick carry import case.carry
            """)

    @Argument(help: "The file.") var file: String
    @OptionGroup var node: NodeAddressOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let bytes = try PublicFile.read(file, limit: Limits.requestByteCount)
        let body = try await node.connection().send(
            .post, NodePath.importCarry, query: [:], body: bytes, contentType: "application/cbor")
        try output.write(try CommandJSON.decode(CarryAnswer.self, from: body))
    }
}
