public import ArgumentParser

/// How a command writes its data.
public enum OutputFormat: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// For people.
    case text
    /// For programs: one JSON value, its keys in alphabetical order; a documented contract.
    case json
}

/// The option that every command has.
public struct OutputOptions: ParsableArguments, Sendable {
    /// How to write.
    @Option(help: "How to write the answer: text or json.")
    public var format: OutputFormat = .text

    /// For the parser.
    public init() {}

    /// Writes an answer to standard output.
    public func write(_ answer: some Answer) throws {
        StandardStream.output.write(try answer.written(as: format))
    }
}
