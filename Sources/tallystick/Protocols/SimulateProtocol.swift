import ArgumentParser
public import CommandLineSupport
import NodeInterface
import PartyFiles
import SharingProtocols

/// Counts what a changed protocol would do.
struct SimulateProtocol: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Count whom this agency's entries reached, and whom they would reach under a protocol file.",
        discussion: """
            It looks at this agency's own log only, shows counts only, and none below five. Nobody is shown an entry, and \
            nothing is sent or recorded.

            Example: tallystick protocol simulate jag-version-2.yaml --days 90
            """)

    @Argument(help: "The protocol file.") var file: String
    @Option(help: "How many days back.") var days = 90
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let text = String(decoding: try PublicFile.read(file), as: UTF8.self)
        try await node.submit(
            SimulationForm(file: text, fileName: file, days: days), to: NodePath.simulate,
            showing: ProtocolSimulation.self)
    }
}

extension ProtocolSimulation: Answer {}
