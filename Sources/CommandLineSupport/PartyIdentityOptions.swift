public import ArgumentParser

/// Who a new party is.
public struct PartyIdentityOptions: ParsableArguments, Sendable {
    /// The party's code.
    @Option(help: "The party's code: 1 to 32 of a-z, 0-9 and -.")
    public var agency: String

    /// The party's log.
    @Option(help: "The name of its log: a URL without its scheme.")
    public var origin: String

    /// The passphrase of the key files.
    @OptionGroup public var passphrase: PassphraseOptions

    /// For demonstrations and tests.
    @Flag(help: .hidden)
    public var testCost = false

    /// For the parser.
    public init() {}
}
