import ArgumentParser
import CommandLineSupport
import HTTPTransport
import NodeInterface
import PartyFiles

/// What was done with a case's data.
struct DataLedger: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "Show what was done with a case's or a person's data, by whom, to whom and under what.",
        discussion: """
            Collected, altered, consulted, disclosed, combined, erased: each with the purpose, the power, the protocol and \
            the clauses, and how far it got with each recipient. It ends with what it cannot show. That you looked is \
            recorded.

            Example: tallystick ledger case harbour-homes/3fa2c1d0
            """,
        subcommands: [LedgerOfCase.self, LedgerOfPerson.self, ProveField.self])
}

/// Whether people are named, and to what end.
struct LedgerOptions: ParsableArguments {
    @Option(
        name: .customLong("named-for"),
        help: "Name single people, for one of: lawfulness, internal-proceedings, security, criminal-proceedings.")
    var namedFor: String?
    @OptionGroup var node: NodeCommandOptions
}

/// The ledger of one case.
struct LedgerOfCase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "case",
        abstract: "Show the disclosure ledger of a case.",
        discussion: "Example: tallystick ledger case harbour-homes/3fa2c1d0 --format json")

    @Argument(help: "The case.") var reference: String
    @OptionGroup var options: LedgerOptions

    func run() async throws {
        let form = LedgerForm(
            officer: try options.node.person(), caseReference: reference, namedFor: options.namedFor)
        try await options.node.submit(form, to: NodePath.ledger, showing: LedgerPages.self)
    }
}

/// The ledgers of the cases that a person's name is found in.
struct LedgerOfPerson: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "person",
        abstract: "Show the disclosure ledgers of the cases that have a person's name.",
        discussion: """
            Cases are found by the words you give, and somebody of the same name may be among them: look at each. The name comes \
            from a file or from standard input, never from the command line, which others on the machine can see.

            Example: tallystick ledger person --form name.json        with {"name": "…"} in it
            """)

    @OptionGroup var words: FormOptions
    @OptionGroup var options: LedgerOptions

    func run() async throws {
        let texts = try words.texts(["name": nil], needed: [])
        let form = LedgerForm(
            officer: try options.node.person(), words: try NamedPerson.needed(texts["name"], "name"),
            namedFor: options.namedFor)
        try await options.node.submit(form, to: NodePath.ledger, showing: LedgerPages.self)
    }
}

/// Proves one field to somebody outside.
struct ProveField: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove-field",
        abstract: "Write a proof of one field of one entry for somebody outside, without its other fields.",
        discussion: """
            Whoever has it and the board's file checks it with 'tallystick audit field', without a key and without a \
            server. Giving it is a disclosure: it is recorded first, with whom it is for. What is under the same heading as \
            the field, and how many fields there are, can be seen; what they say cannot.

            Example: tallystick ledger prove-field 0f5c1a2b --label record --field happened-at --for "The county court" \
            --out happened.proof
            """)

    @Argument(help: "The entry, 8 digits or more; 'tallystick ledger case CASE' shows them.") var entry: String
    @Option(help: "What the field stands under, such as record.") var label: String
    @Option(help: "The field, such as happened-at.") var field: String
    @Option(name: .customLong("for"), help: "Who is given it, in words.") var recipient: String
    @Option(help: "The file to write.") var out: String
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let form = ProveFieldForm(
            officer: try node.person(), entry: entry, label: label, field: field, recipient: recipient)
        let bytes = try await node.address.connection().post(NodePath.proveField, form)
        try PublicFile.write(bytes, to: out)
        StandardStream.output.write("Wrote \(out): one field of entry \(entry), for \(recipient).\n")
    }
}
