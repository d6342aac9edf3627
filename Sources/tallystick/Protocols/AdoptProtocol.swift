import ArgumentParser
public import CommandLineSupport
public import NodeInterface

/// Signs a protocol for the agency.
struct AdoptProtocol: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Sign a protocol for this agency. It then holds with all who signed it too.",
        discussion: """
            Begin with --read: it shows what there is to read, which offices must sign for this agency, and ends with the \
            command that signs. They may sign together or on different days; it holds once the last of them has. To sign a \
            changed version, give the rules named there with --rules.

            Example: tallystick protocol adopt jag --read
            Example: tallystick protocol adopt jag --office data-protection-officer
            """)

    @Argument(help: "The protocol's code.") var code: String
    @Option(name: .customLong("office"), help: "An office that has signed; repeat for more.")
    var offices: [String] = []
    @Option(help: "The rules that they have read, at least the first eight characters.") var rules: String?
    @Flag(name: .customLong("read"), help: "Show what would be signed and what it changes; sign nothing.")
    var isReading = false
    @OptionGroup var node: NodeCommandOptions

    func validate() throws {
        guard isReading == offices.isEmpty else {
            throw ValidationError("give --office for each office that has signed, or --read")
        }
    }

    func run() async throws {
        guard !isReading else {
            return try await node.submit(
                AdoptionQuery(protocolCode: code), to: NodePath.readProtocol, showing: AdoptionReading.self)
        }
        let form = AdoptForm(officer: try node.person(), protocolCode: code, offices: offices, rules: rules)
        try await node.submit(form, to: NodePath.adopt, showing: ProtocolSigned.self)
    }
}

/// Says what offices think of a protocol before it is signed.
struct RespondToProtocol: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "respond",
        abstract: "Say how offices of this agency stand to a protocol that is out for consultation.",
        discussion: """
            Every enrolled party reads it, with the words, and for ever: write about the agreement, and nothing about any \
            person. Saying it again replaces what the office said before.

            Example: tallystick protocol respond jag --office data-protection-officer --response concern \
            --words "Clause account-by-share gives 28 days; we ask for 14"
            """)

    @Argument(help: "The protocol's code.") var code: String
    @Option(name: .customLong("office"), help: "An office that says so; repeat for more.") var offices: [String]
    @Option(help: "agree, concern or object.") var response: String
    @Option(help: "In words; needed for a concern or an objection.") var words: String?
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let form = ConsultationForm(
            officer: try node.person(), protocolCode: code, offices: offices, response: response, words: words)
        try await node.submit(form, to: NodePath.respond, showing: Recorded.self)
    }
}

extension AdoptionReading: Answer {
    /// What is lacking, who must sign, and what changes.
    public var text: String {
        var lines = ["\(code) version \(version): \(title)", "  rules \(bundle)"]
        lines += openChoices.map { "  nobody can sign yet; to be settled: \($0)" }
        let missing = offices.filter { !signed.contains($0) }
        lines.append(
            missing.isEmpty
                ? "  signed for this agency by its \(offices.joined(separator: ", "))"
                : "  must sign for this agency: \(missing.joined(separator: ", "))")
        lines += lawToCheck.map { "  \($0)" }
        if let replaces {
            lines.append(
                "  This agency signed version \(replaces). Until it signs this one, that one stays in force with "
                    + "whoever signed it too.")
        }
        lines.append("")
        lines.append(changes.hasSuffix("\n") ? String(changes.dropLast()) : changes)
        if !missing.isEmpty {
            let names = missing.map { " --office \($0)" }.joined()
            lines.append("")
            lines.append("To sign: tallystick protocol adopt \(code) --rules \(bundle.prefix(16))\(names)")
        }
        return PlainText.printable(lines.joined(separator: "\n"), keepingLines: true) + "\n"
    }
}
