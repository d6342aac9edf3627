import ArgumentParser
import CommandLineSupport
import NodeInterface

/// No longer giving what was rightly given.
struct Withdrawals: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw",
        abstract: "Stop giving others what they rightly had, and answer for what was withdrawn from you.",
        discussion: """
            Withdraw what was right to give and is not to be used any more. What was done with it before stays lawful, and no \
            clock of the regulator runs. What went out in error is taken back with 'tallystick recall' instead; what is wrong \
            is corrected with 'tallystick case correct'; what nobody is to have any more, this agency included, is destroyed \
            with 'tallystick erasure'. The steps are in docs/runbooks/sent-in-error.md.

            Example: tallystick withdraw list
            """,
        subcommands: [MakeWithdrawal.self, ListWithdrawals.self, ShowWithdrawal.self, AnswerWithdrawal.self])
}

/// Withdraws an entry, or what rests on consent.
struct MakeWithdrawal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make",
        abstract: "Withdraw an entry, or what of a case rests on consent. Look at it with --preview first.",
        discussion: """
            Their nodes show and give it no more at once, tell whoever they had given it to, and destroy it, or answer until \
            when they keep it and under which law. Whatever of yours says the same again goes with it.

            Without --label everything of it, without --from from everybody. With --case and the reason consent-withdrawn \
            everything of the case that would not have gone without consent. With --protocol and the reason agreement-ended \
            everything that was given under it to whom it has ended with, where the agreement says that this goes.

            Reasons: consent-withdrawn, objection, not-needed, agreement-ended. They see the reason; your words stay here.

            Example: tallystick withdraw make --case harbour-homes/3fa2c1d0 --reason consent-withdrawn --preview

            Example: tallystick withdraw make --entry 0f5c1a2b --from northshire-fire --reason not-needed
            """)

    @Option(help: "The entry, 8 digits or more; 'tallystick ledger case CASE' shows them.") var entry: String?
    @Option(name: .customLong("case"), help: "The case, for what rests on consent.") var reference: String?
    @Option(name: .customLong("protocol"), help: "The protocol that has ended, for what was given under it.")
    var protocolCode: String?
    @Option(name: .customLong("label"), help: "What of it, such as safe-contact; repeat for more.")
    var labels: [String] = []
    @Option(name: .customLong("from"), help: "An agency to withdraw it from; repeat for more.")
    var agencies: [String] = []
    @Option(help: "Why.") var reason: String
    @Option(help: "Why, in words; they stay with this agency.") var because: String?
    @Flag(help: "Show what would be withdrawn from whom, and withdraw nothing.") var preview = false
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func validate() throws {
        guard [entry, reference, protocolCode].count(where: { $0 != nil }) == 1 else {
            throw ValidationError("give one of --entry, --case and --protocol")
        }
    }

    func run() async throws {
        let texts = try words.texts(["because": because], needed: [])
        var form = WithdrawForm(officer: try node.person(), reason: reason)
        form.entry = entry
        form.caseReference = reference
        form.protocolCode = protocolCode
        form.labels = labels
        form.agencies = agencies
        form.words = texts["because"]
        if preview {
            try await node.submit(form, to: NodePath.previewWithdrawal, showing: PreviewPage.self)
        } else {
            try await node.submit(form, to: NodePath.withdrawals, showing: WithdrawalMadeAnswer.self)
        }
    }
}

/// Lists withdrawals.
struct ListWithdrawals: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract:
            "List what this agency withdrew, who has still to answer and since when, and what was withdrawn from it.",
        discussion: "Example: tallystick withdraw list")

    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        try await node.show([WithdrawalLine].self, from: NodePath.withdrawals, query: ["officer": try node.person()])
    }
}

/// Shows one withdrawal.
struct ShowWithdrawal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show how far one withdrawal has got.",
        discussion: "Example: tallystick withdraw show 0f5c1a2b")

    @Argument(help: "The withdrawal, 8 digits or more; 'tallystick withdraw list' shows them.") var withdrawal: String
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        try await node.show(
            [WithdrawalLine].self, from: NodePath.withdrawals,
            query: ["officer": try node.person(), "withdrawal": withdrawal])
    }
}

/// Says what becomes of something that was withdrawn.
struct AnswerWithdrawal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer",
        abstract: "Say what becomes of something that was withdrawn from this agency.",
        discussion: """
            Answers: ended (it is destroyed here now), kept (until a day, because a law says so: it is shown again, with a \
            mark, and destroyed on that day). Without an answer it is destroyed after 28 days.

            The agency that withdrew it sees the day and the law, and not your name or your words.

            Example: tallystick withdraw answer 0f5c1a2b kept --until 2032-03-01 --law "Limitation Act 1980 s.11: claim \
            for injury"
            """)

    @Argument(help: "The withdrawal, 8 digits or more; 'tallystick withdraw list' shows them.") var withdrawal: String
    @Argument(help: "What becomes of it.") var outcome: String
    @Option(help: "Until when it is kept, YYYY-MM-DD.") var until: String?
    @Option(help: "The law that it is kept under; they see it.") var law: String?
    @Option(help: "Why, in your words; they stay with this agency.") var because: String?
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let texts = try words.texts(["because": because, "law": law], needed: [])
        var form = WithdrawalAnswerForm(officer: try node.person(), withdrawal: withdrawal, outcome: outcome)
        form.until = until
        form.law = texts["law"]
        form.words = texts["because"]
        try await node.submit(form, to: NodePath.answerWithdrawal, showing: Recorded.self)
    }
}
