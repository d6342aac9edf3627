import ArgumentParser
import CommandLineSupport
import FoundationEssentials
import Imports
import NodeInterface
import PartyFiles

/// Imports a file.
struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Record the rows of a CSV or JSON file as reports.",
        discussion: """
            The mapping says what each column means. A row is recorded once, however often its \
            file is imported; rows that cannot be read are set aside with their line.

            Example: tallystick import reports.csv --mapping mapping.yaml
            """)

    @Argument(help: "The data file.") var file: String
    @Option(help: "The mapping file.") var mapping: String
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let data = try PublicFile.read(file, limit: ImportLimits.fileByteCount)
        let text = String(decoding: try PublicFile.read(mapping, limit: ImportLimits.mappingByteCount), as: UTF8.self)
        let form = ImportForm(
            officer: try node.person(), mapping: text, mappingName: baseName(mapping),
            data: Data(data).base64EncodedString(), dataName: baseName(file))
        try await node.submit(form, to: NodePath.imports, showing: ImportAnswer.self)
    }

    private func baseName(_ path: String) -> String {
        String(path.split(separator: "/").last ?? "")
    }
}
