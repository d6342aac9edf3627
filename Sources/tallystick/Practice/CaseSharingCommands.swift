import ArgumentParser
import CommandLineSupport
import NodeInterface

/// With whom, under which protocol, and in which words.
struct ShareOptions: ParsableArguments {
    @Argument(help: "The case.") var reference: String
    @Option(name: .customLong("with"), help: "An agency to share with; repeat for more.")
    var agencies: [String]
    @Option(name: .customLong("protocol"), help: "The protocol to share under.") var protocolCode: String
    @Option(help: "The purpose; the protocol's first if left out.") var purpose: String?
    @Option(help: "What they are told; the case's own summary if left out.") var summary: String?

    func form(by officer: String) -> ShareForm {
        var form = ShareForm(
            officer: officer, caseReference: reference, agencies: agencies,
            protocolCode: protocolCode)
        form.purpose = purpose
        form.summary = summary
        return form
    }
}

/// Shows what each agency would see.
struct PreviewShare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Show exactly what each agency would see, and why. Sends nothing.",
        discussion: """
            Example: tallystick case preview harbour-homes/3fa2c1d0 --with marlow-vale-council \
            --with northshire-police --protocol jag
            """)

    @OptionGroup var share: ShareOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let form = share.form(by: try node.person())
        try await node.submit(form, to: NodePath.preview, showing: PreviewPage.self)
    }
}

/// Shares a case.
struct ShareCase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "share",
        abstract: "Share a case with the agencies you choose, as the protocol allows.",
        discussion: """
            Look at the preview first. What you share cannot be taken back unseen: a correction \
            reaches everybody who has it.

            Example: tallystick case share harbour-homes/3fa2c1d0 --with marlow-vale-council \
            --protocol jag
            """)

    @OptionGroup var share: ShareOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let form = share.form(by: try node.person())
        try await node.submit(form, to: NodePath.share, showing: ShareAnswer.self)
    }
}
