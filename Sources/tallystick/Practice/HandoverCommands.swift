import ArgumentParser
import CommandLineSupport
import NodeInterface

/// Handing a case over.
struct Handovers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "handover",
        abstract: "Hand a case to another agency, or take one. A case has one lead at every moment.",
        discussion: """
            Offer, accept, release: the case goes to the other agency when the lead lets go, and not before. Until then \
            the lead is shown and answers. The steps are in docs/runbooks/handing-a-case-over.md.

            Example: tallystick handover list
            """,
        subcommands: [
            OfferCase.self, AcceptCase.self, DeclineCase.self, WithdrawOffer.self, ReleaseCase.self, ListHandovers.self,
            ShowHandover.self,
        ])
}

/// What every step is given.
struct HandoverOptions: ParsableArguments {
    @Argument(help: "The case, or the beginning of its reference.") var caseReference: String
    @Option(help: "Why, and what is outstanding; everybody on the case reads it.") var summary: String?
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func take(_ step: String, to agency: String? = nil, due: String? = nil) async throws {
        let texts = try words.texts(["summary": summary], needed: ["summary"])
        var form = HandoverForm(
            officer: try node.person(), caseReference: caseReference, step: step, summary: texts["summary"] ?? "")
        form.to = agency
        form.due = due
        try await node.submit(form, to: NodePath.handovers, showing: Recorded.self)
    }
}

/// Offers a case.
struct OfferCase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "offer",
        abstract: "Offer a case that you lead to an agency that is on it. You lead until you let go.",
        discussion: """
            See with 'tallystick handover show' what goes with it.

            Example: tallystick handover offer harbour-homes/3fa2c1d0 --to marlow-vale-council --due 2026-03-10 \
            --summary "She has moved to a council flat; two actions are open"
            """)

    @Option(help: "The agency.") var to: String
    @Option(help: "By when an answer is asked for, YYYY-MM-DD; three days if left out.") var due: String?
    @OptionGroup var step: HandoverOptions

    func run() async throws { try await step.take("offer", to: to, due: due) }
}

/// Accepts a case.
struct AcceptCase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Accept a case that is offered to you, or say that you would take one.",
        discussion: """
            You lead when the other agency has let go, or, where its node is lost, when the board has decided so.

            Example: tallystick handover accept harbour-homes/3fa2c1d0 --summary "Taken by the community safety team"
            """)

    @OptionGroup var step: HandoverOptions

    func run() async throws { try await step.take("accept") }
}

/// Declines a case.
struct DeclineCase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decline",
        abstract: "Decline a case that is offered to you, also one that you had accepted.",
        discussion: """
            Example: tallystick handover decline harbour-homes/3fa2c1d0 --summary "She lives outside of our area"
            """)

    @OptionGroup var step: HandoverOptions

    func run() async throws { try await step.take("decline") }
}

/// Takes an offer back.
struct WithdrawOffer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw",
        abstract: "Take back your offer of a case, to keep it or to offer it to another agency.",
        discussion: """
            Example: tallystick handover withdraw harbour-homes/3fa2c1d0 --summary "No answer; the police take it"
            """)

    @OptionGroup var step: HandoverOptions

    func run() async throws { try await step.take("withdraw") }
}

/// Lets go of a case.
struct ReleaseCase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Let go of a case that another agency has accepted. From then on they lead.",
        discussion: """
            Example: tallystick handover release harbour-homes/3fa2c1d0 --summary "Gone through by telephone today"
            """)

    @Option(help: "The agency, where several would take it.") var to: String?
    @OptionGroup var step: HandoverOptions

    func run() async throws { try await step.take("release", to: to) }
}

/// Lists the cases whose lead moves or has moved.
struct ListHandovers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the cases that are offered, accepted or have gone from one agency to another.",
        discussion: "Example: tallystick handover list")

    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        try await node.show([HandoverLine].self, from: NodePath.handovers, query: ["officer": try node.person()])
    }
}

/// Shows what goes with a case.
struct ShowHandover: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what goes with a case: its stage, open actions and requests, consent, what ends on a day.",
        discussion: "Example: tallystick handover show harbour-homes/3fa2c1d0")

    @Argument(help: "The case, or the beginning of its reference.") var caseReference: String
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        try await node.submit(
            CaseQuery(officer: try node.person(), caseReference: caseReference), to: NodePath.showHandover,
            showing: HandoverPage.self)
    }
}
