import ArgumentParser
import CommandLineSupport
import NodeInterface

/// With whom, under which protocol, and in which words.
struct ShareOptions: ParsableArguments {
    @Argument(help: "The case.") var reference: String
    @Option(name: .customLong("with"), help: "An agency to share with; repeat for more.")
    var agencies: [String]
    @Option(name: .customLong("protocol"), help: "The protocol to share under.") var protocolCode: String
    @Option(help: "The purpose; left out, the case's own, or the only one that would do.") var purpose: String?
    @Option(help: "The power or duty; left out, the case's own, or the only one that would do.")
    var gateway: String?
    @Option(help: "What they are told; the case's own summary if left out.") var summary: String?
    @Flag(help: "With these agencies only: others on the case receive nothing more of it.") var only = false
    @OptionGroup var words: FormOptions

    func form(by officer: String) throws -> ShareForm {
        var form = ShareForm(
            officer: officer, caseReference: reference, agencies: agencies,
            protocolCode: protocolCode)
        form.purpose = purpose
        form.gateway = gateway
        form.summary = try words.texts(["summary": summary])["summary"]
        form.isOnly = only ? true : nil
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
            --with northshire-police --protocol jag --purpose prevent-asb
            """)

    @OptionGroup var share: ShareOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let form = try share.form(by: try node.person())
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
            reaches everybody who has it. Who is on the case already stays on it, unless you say \
            --only. What they all have is not sent again.

            Example: tallystick case share harbour-homes/3fa2c1d0 --with marlow-vale-council \
            --protocol jag --purpose prevent-asb
            """)

    @OptionGroup var share: ShareOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let form = try share.form(by: try node.person())
        try await node.submit(form, to: NodePath.share, showing: ShareAnswer.self)
    }
}
