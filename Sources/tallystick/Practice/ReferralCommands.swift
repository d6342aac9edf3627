import ArgumentParser
import CommandLineSupport
import NodeInterface

/// Referrals to services.
struct Referrals: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "referral",
        abstract: "Offer, decline and send referrals to services for victims.",
        discussion: """
            Example: tallystick referral send harbour-homes/3fa2c1d0 --service victim-first \
            --gateway victims-code-right-4 --summary "Support with noise at night"
            """,
        subcommands: [OfferReferral.self, DeclineReferral.self, SendReferral.self])
}

/// Which service is offered or declined, and why.
struct OfferOptions: ParsableArguments {
    @Argument(help: "The case.") var reference: String
    @Option(help: "The service.") var service: String = "victim-first"
    @Option(help: "Why.") var because: String?
    @OptionGroup var words: FormOptions

    func form(by officer: String) throws -> OfferForm {
        let texts = try words.texts(["because": because], needed: ["because"])
        return OfferForm(
            officer: officer, caseReference: reference, service: service, because: texts["because"] ?? "")
    }
}

/// Offers again.
struct OfferReferral: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "offer",
        abstract: "Record that a service was offered again.",
        discussion: """
            Example: tallystick referral offer harbour-homes/3fa2c1d0 --because "Risk has risen"
            """)

    @OptionGroup var offer: OfferOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let form = try offer.form(by: try node.person())
        try await node.submit(form, to: NodePath.offer, showing: Recorded.self)
    }
}

/// Records a no.
struct DeclineReferral: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decline",
        abstract: "Record that the person does not want the service now.",
        discussion: """
            Example: tallystick referral decline harbour-homes/3fa2c1d0 \
            --because "Has support already"
            """)

    @OptionGroup var offer: OfferOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let form = try offer.form(by: try node.person())
        try await node.submit(form, to: NodePath.decline, showing: Recorded.self)
    }
}

/// Sends a referral.
struct SendReferral: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send a referral. It leaves only with consent and safe contact on record.",
        discussion: """
            With --preview you see what the service would be told, word by word, and nothing leaves.

            Example: tallystick referral send harbour-homes/3fa2c1d0 \
            --gateway victims-code-right-4 --summary "Support with noise at night"
            """)

    @Argument(help: "The case.") var reference: String
    @Option(help: "The service.") var service: String = "victim-first"
    @Option(name: .customLong("protocol"), help: "The protocol it leaves under.")
    var protocolCode: String = "victim-first"
    @Option(help: "The purpose; left out, the only one that would do.") var purpose: String?
    @Option(help: "The power or duty; left out, the only one that would do.") var gateway: String?
    @Option(help: "What the service is told.") var summary: String?
    @Flag(help: "Show what the service would be told, and tell it nothing.") var preview = false
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let texts = try words.texts(["summary": summary], needed: ["summary"])
        var form = ReferralForm(
            officer: try node.person(), caseReference: reference, service: service,
            protocolCode: protocolCode, summary: texts["summary"] ?? "")
        form.purpose = purpose
        form.gateway = gateway
        guard !preview else {
            return try await node.submit(form, to: NodePath.previewReferral, showing: PreviewPage.self)
        }
        try await node.submit(form, to: NodePath.refer, showing: Recorded.self)
    }
}
