public import ArgumentParser

/// Texts that a command takes from options or, so that they stand on no command line and in no shell's history, from a file.
public struct FormOptions: ParsableArguments, Sendable {
    /// The file.
    @Option(help: FormOptions.help)
    public var form: String?

    private static let help: ArgumentHelp = """
        A JSON file with the words instead: an object whose members are named as this command's options for words are, such \
        as {"because": "…"} for --because; '-' reads standard input. \
        What is typed on a command line can be seen by others, and stays in your shell's history.
        """

    /// For the parser.
    public init() {}

    /// The texts, each from its option or from the form.
    ///
    /// - Parameters:
    ///   - options: the options' values by name, nil where one was not given.
    ///   - needed: those that must be there.
    /// - Throws: `CommandFailure` with the usage status where one is given twice or is missing; what reading the form
    ///   throws.
    public func texts(_ options: [String: String?], needed: [String] = []) throws -> [String: String] {
        var texts = options.compactMapValues(\.self)
        if let form {
            let name = form == "-" ? "of standard input" : form
            let written = try TextForm.decode(
                try FormFile.read(form), named: name, of: "form of this command", known: options.keys.sorted(),
                example: "write a JSON object such as {\"\(options.keys.sorted().first ?? "summary")\": \"…\"}")
            for (member, text) in written {
                guard texts.updateValue(text, forKey: member) == nil else {
                    throw CommandFailure(
                        "'\(member)' stands in the form and on the command line", status: .usage,
                        hint: "leave it out of one of them")
                }
            }
        }
        for name in needed where texts[name] == nil {
            throw CommandFailure(
                "'\(name)' is missing", status: .usage,
                hint: "put it into a file and give that with --form, or give it on the command line")
        }
        return texts
    }
}
