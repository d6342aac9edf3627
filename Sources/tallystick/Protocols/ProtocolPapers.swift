import ArgumentParser
public import CommandLineSupport
import PartyFiles
import SharingProtocols
import TallystickPrimitives

/// Makes the papers of a protocol file.
struct ShowProtocol: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Make a paper from a protocol file: the schedule to sign, or a draft of what goes with it.",
        discussion: """
            schedule: everything that is agreed, with lines for signatures. dpia: a draft of the impact assessment. \
            ropa: rows for each party's record of processing. notice: a privacy notice for the people concerned.

            Example: tallystick protocol show protocols/jag.yaml --part notice --format html > notice.html
            """)

    /// How a paper is written.
    enum PaperFormat: String, CaseIterable, ExpressibleByArgument {
        case text, html, json
    }

    @Argument(help: "The file.") var file: String
    @Option(help: "schedule, dpia, ropa or notice.") var part = ProtocolDocument.Part.schedule.rawValue
    @Option(help: "How to write the paper: text, html or json.") var format: PaperFormat = .text

    func validate() throws {
        guard ProtocolDocument.Part(rawValue: part) == nil else { return }
        let known = ProtocolDocument.Part.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("There is no part '\(part)'; there are: \(known).")
    }

    func run() async throws {
        let document = ProtocolDocument(
            ProtocolDocument.Part(rawValue: part) ?? .schedule, of: try ProtocolFileReading.terms(of: file))
        let written =
            switch format {
            case .text: document.text
            case .html: document.html
            case .json: try CommandJSON.text(document)
            }
        StandardStream.output.write(written)
    }
}

/// Compares two versions of a protocol file.
struct CompareProtocols: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Say what a new version changes for whom: what each party may now send and receive.",
        discussion: "Example: tallystick protocol diff jag-1.yaml jag-2.yaml")

    @Argument(help: "The file of the old version.") var old: String
    @Argument(help: "The file of the new version.") var new: String
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try output.write(
            ProtocolDifference(
                from: try ProtocolFileReading.terms(of: old), to: try ProtocolFileReading.terms(of: new)))
    }
}

/// Prints the schema for editors.
struct PrintSchema: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of protocol files, for editors that complete and check while you write.",
        discussion: "Example: tallystick protocol schema > protocols/protocol.schema.json")

    func run() async throws { StandardStream.output.write(ProtocolSchema.json) }
}

extension ProtocolDifference: Answer {}
