import ArgumentParser
import CommandLineSupport
import NodeInterface

/// Destroying what is no longer to be kept.
struct Erasures: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erasure",
        abstract: "Destroy what is no longer to be kept, by two people, and see what every holder answers.",
        discussion: """
            Somebody proposes, two people approve, it is hidden for thirty days and can be brought back, and then content and \
            keys are destroyed. Every agency that was given it is asked, and answers for its own copies. A hold anywhere stops \
            it. The steps are in docs/runbooks/erasure.md.

            Erase what nobody is to have any more, this agency included. What others should never have had is taken back with \
            'tallystick recall', what they had rightly and are not to use any more with 'tallystick withdraw'; what is wrong \
            is corrected with 'tallystick case correct'.

            Example: tallystick erasure list
            """,
        subcommands: [
            ProposeErasure.self, ApproveErasure.self, BringBackErasure.self, ListErasures.self, ShowErasure.self,
            ListErasureQuestions.self, AnswerErasure.self,
        ])
}

/// Proposes an erasure.
struct ProposeErasure: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "propose",
        abstract: "Propose to destroy what this agency has of a case, or of a person.",
        discussion: """
            A case is named with --case. A person is named in a file, such as {"subject": "Ada Quillfeather"}, by the whole \
            name: their cases, reports that are in no case, and what they asked of their own data.

            Reasons: retention (the protocol's period is over), own-rule, request (the person asked), error.

            Example: tallystick erasure propose --case 4f1a --reason retention

            Example: tallystick erasure propose --form person.json --reason request
            """)

    @Option(name: .customLong("case"), help: "The case, as far as it needs typing.") var reference: String?
    @Option(help: .hidden) var subject: [String] = []
    @Option(help: "Why.") var reason: String
    @Option(help: "In words; it stays with this agency, also when the content is gone: name nobody.")
    var because: String?
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func validate() throws {
        try NamedPerson.refuse(["subject": subject], example: "{\"subject\": \"…\"}")
        guard reference != nil || words.form != nil else {
            throw ValidationError("say what: a case with --case, or a person in a file with --form")
        }
    }

    func run() async throws {
        let texts = try words.texts(["because": because, "subject": nil], needed: [])
        var form = ErasureForm(officer: try node.person(), reason: reason)
        form.caseReference = reference
        form.subject = reference == nil ? try NamedPerson.needed(texts["subject"], "subject") : texts["subject"]
        form.words = texts["because"]
        try await node.submit(form, to: NodePath.erasures, showing: ErasureMade.self)
    }
}

/// Approves an erasure.
struct ApproveErasure: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Approve an erasure by your own name. It takes two people, never the same one twice.",
        discussion: "Example: tallystick erasure approve 0f5c1a2b --officer \"Dev Privacy\"")

    @Argument(help: "The erasure.") var erasure: String
    @Option(help: "Days after destroying within which no backup of it is left; 35 if left out.")
    var backupDays: UInt64?
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        var form = ErasureApprovalForm(officer: try node.person(), erasure: erasure)
        form.backupDays = backupDays
        try await node.submit(form, to: NodePath.approveErasure, showing: ErasureMade.self)
    }
}

/// Brings it back.
struct BringBackErasure: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bring-back",
        abstract: "Bring back what is hidden and not destroyed yet, or end a proposal.",
        discussion: "Example: tallystick erasure bring-back 0f5c1a2b --because \"A claim was made\"")

    @Argument(help: "The erasure.") var erasure: String
    @Option(help: "Why.") var because: String?
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let texts = try words.texts(["because": because], needed: ["because"])
        let form = ErasureStopForm(officer: try node.person(), erasure: erasure, words: texts["because"] ?? "")
        try await node.submit(form, to: NodePath.stopErasure, showing: ErasureMade.self)
    }
}

/// Lists erasures.
struct ListErasures: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the erasures proposed here, and how far each has got.",
        discussion: "Example: tallystick erasure list")

    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        try await node.show([ErasureReport].self, from: NodePath.erasures, query: ["officer": try node.person()])
    }
}

/// Shows one erasure.
struct ShowErasure: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what every holder has of it and has answered: erased, kept until when and why, or outstanding.",
        discussion: "Example: tallystick erasure show 0f5c1a2b --format json")

    @Argument(help: "The erasure.") var erasure: String
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        try await node.show(
            [ErasureReport].self, from: NodePath.erasures, query: ["officer": try node.person(), "erasure": erasure])
    }
}

/// Lists the questions of other agencies.
struct ListErasureQuestions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "questions",
        abstract: "List what other agencies are about to destroy and ask this one about.",
        discussion: "Example: tallystick erasure questions")

    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        try await node.show(
            [ErasureQuestionRow].self, from: NodePath.erasureQuestions, query: ["officer": try node.person()])
    }
}

/// Answers a question of another agency.
struct AnswerErasure: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer",
        abstract: "Answer for this agency's own copies of what another is about to destroy.",
        discussion: """
            erase: proposes to destroy them here too; two people approve that, and only then is it answered. keep: until a \
            day, because of a law, named in short. nothing: there are none. To stop the other agency from destroying its own, \
            place a hold.

            Example: tallystick erasure answer 0f5c1a2b keep --until 2032-06-30 --law mopi-review
            """)

    @Argument(help: "The question.") var question: String
    @Argument(help: "erase, keep or nothing.") var answer: String
    @Option(help: "The day until which it is kept, such as 2032-06-30.") var until: String?
    @Option(help: "The law for which it is kept, in small letters, digits and hyphens; who asked sees it.")
    var law: String?
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        var form = ErasureAnswerForm(officer: try node.person(), question: question, answer: answer)
        form.until = until
        form.law = law
        try await node.submit(form, to: NodePath.answerErasure, showing: ErasureMade.self)
    }
}
