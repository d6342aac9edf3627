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
            Look at the preview first. A correction reaches everybody who has it; what was shared in error is taken back \
            with 'tallystick recall make', what they are to have no more with 'tallystick withdraw make', and who has read \
            it has read it. \
            Who is on the case already stays on it, unless you say \
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

/// Enters what was told by voice or on paper.
struct EnterTold: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "told",
        abstract: "Enter afterwards what you told another agency on the telephone or on paper.",
        discussion: """
            Entering it late is right, and better than not at all. In answer to a request use 'answer' with --told.

            Example: tallystick case told harbour-homes/3fa2c1d0 --to northshire-police --label safe-contact \
            --by-voice --at 2026-03-02T21:40:00Z --protocol jag --purpose protect-victim
            """)

    @Argument(help: "The case.") var reference: String
    @Option(name: .customLong("to"), help: "The agency you told.") var agency: String
    @Option(name: .customLong("label"), help: "What you told; repeat for more.") var labels: [String]
    @Flag(help: "On the telephone, or in a meeting.") var byVoice = false
    @Flag(help: "On paper.") var onPaper = false
    @Option(help: "When: a day, or a time such as 2026-03-02T21:40:00Z.") var at: String
    @Option(name: .customLong("protocol"), help: "The protocol it was told under.") var protocolCode: String
    @Option(help: "The purpose.") var purpose: String
    @Option(help: "The power or duty; left out, the only one that would do.") var gateway: String?
    @OptionGroup var node: NodeCommandOptions

    func validate() throws {
        guard byVoice != onPaper else { throw ValidationError("give one of --by-voice and --on-paper") }
    }

    func run() async throws {
        var form = ToldForm(
            officer: try node.person(), caseReference: reference, agency: agency, labels: labels,
            how: byVoice ? "by-voice" : "on-paper", at: at, protocolCode: protocolCode, purpose: purpose)
        form.gateway = gateway
        try await node.submit(form, to: NodePath.told, showing: Recorded.self)
    }
}

/// Gives earlier entries to agencies that came later.
struct GiveEarlier: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "give-earlier",
        abstract: "Give an agency that came to a case later entries of yours from before.",
        discussion: """
            Whoever comes to a case later gets it as it stands then, and none of the entries from before, unless you \
            decide so, entry by entry. \
            The protocol decides what of an entry may go, as with any other. 'tallystick ledger case CASE' shows \
            their 32 digits. With --preview you see what would be given, word by word, and nothing leaves.

            Example: tallystick case give-earlier harbour-homes/3fa2c1d0 --to northshire-police --entry 0f5c1a2b
            """)

    @Argument(help: "The case.") var reference: String
    @Option(name: .customLong("to"), help: "An agency on the case; repeat for more.") var agencies: [String]
    @Option(name: .customLong("entry"), help: "An entry of yours, 8 digits or more; repeat for more.")
    var entries: [String]
    @Flag(help: "Show what would be given, and give nothing.") var preview = false
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let form = GiveEarlierForm(
            officer: try node.person(), caseReference: reference, agencies: agencies, entries: entries)
        guard !preview else {
            return try await node.submit(form, to: NodePath.previewGivingEarlier, showing: PreviewPage.self)
        }
        try await node.submit(form, to: NodePath.giveEarlier, showing: Recorded.self)
    }
}
