import ArgumentParser
import CommandLineSupport
import NodeInterface

/// Stopping erasure.
struct Holds: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold",
        abstract: "Stop the erasure of a case, at every agency that has something of it.",
        discussion: """
            Place one as soon as somebody has died, a claim is made or anybody asks for their own data: what is gone does not \
            come back. The steps are in docs/runbooks/erasure.md.

            Example: tallystick hold list
            """,
        subcommands: [PlaceHold.self, LiftHold.self, ListHolds.self, ShowHold.self])
}

/// Places a hold.
struct PlaceHold: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "place",
        abstract: "Hold a case, or what there is of a person. Whoever has it is told, and whom they gave it to.",
        discussion: """
            A case is named with --case, what is hidden already with --erasure. A person is named in a file, such as \
            {"subject": "Ada Quillfeather"}, by the whole name.

            Reasons: death, inquest, inquiry, litigation, subject-access, ombudsman. Everybody who is told sees the reason; \
            your words stay here.

            Example: tallystick hold place --case 4f1a --reason inquest --because "The coroner's officer rang today"

            Example: tallystick hold place --form person.json --reason litigation
            """)

    @Option(name: .customLong("case"), help: "The case, as far as it needs typing.") var reference: String?
    @Option(help: .hidden) var subject: [String] = []
    @Option(help: "An erasure, for everything in it, hidden as it may be.") var erasure: String?
    @Option(help: "Why.") var reason: String
    @Option(help: "What happened; it stays with this agency.") var because: String?
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func validate() throws {
        try NamedPerson.refuse(["subject": subject], example: "{\"subject\": \"…\"}")
        guard reference != nil || erasure != nil || words.form != nil else {
            throw ValidationError(
                "say what: a case with --case, an erasure with --erasure, or a person in a file with --form")
        }
    }

    func run() async throws {
        let texts = try words.texts(["because": because, "subject": nil], needed: [])
        var form = HoldForm(officer: try node.person(), reason: reason)
        form.caseReference = reference
        form.subject = texts["subject"]
        if reference == nil, erasure == nil { form.subject = try NamedPerson.needed(texts["subject"], "subject") }
        form.erasure = erasure
        form.words = texts["because"]
        try await node.submit(form, to: NodePath.holds, showing: HoldPlaced.self)
    }
}

/// Lifts a hold.
struct LiftHold: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lift",
        abstract: "Lift a hold that this agency placed.",
        discussion: "Example: tallystick hold lift 0f5c1a2b")

    @Argument(help: "The hold.") var hold: String
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let form = HoldLiftForm(officer: try node.person(), hold: hold)
        try await node.submit(form, to: NodePath.liftHold, showing: Recorded.self)
    }
}

/// Lists holds.
struct ListHolds: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the holds that stand, by this agency and by others.",
        discussion: "Example: tallystick hold list")

    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        try await node.show([HoldRow].self, from: NodePath.holds, query: ["officer": try node.person()])
    }
}

/// Shows one hold.
struct ShowHold: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one hold.",
        discussion: "Example: tallystick hold show 0f5c1a2b")

    @Argument(help: "The hold.") var hold: String
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        try await node.show([HoldRow].self, from: NodePath.holds, query: ["officer": try node.person(), "hold": hold])
    }
}

/// What the schedules propose.
struct Retention: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retention",
        abstract: "See which cases have been kept for their time. Nothing is erased by it.",
        discussion: "Example: tallystick retention list",
        subcommands: [ListRetention.self])
}

/// Lists the cases whose time is over.
struct ListRetention: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the cases whose time is over, by the protocols and by your own rule.",
        discussion: """
            The longest period counts that a protocol of the case has for this agency. For a case without one, name your own \
            with --months. The program knows when the last entry was made, and not when a case was closed elsewhere: look \
            before you propose.

            Example: tallystick retention list --months 72
            """)

    @Option(help: "This agency's own period, for cases without a protocol.") var months: Int?
    @Flag(help: "Cases whose time is still to come, too.") var all = false
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        var query = ["officer": try node.person()]
        if let months { query["months"] = "\(months)" }
        if !all { query["over"] = "yes" }
        try await node.show([RetentionRow].self, from: NodePath.retention, query: query)
    }
}
