public import ArgumentParser
public import PartyFiles

/// Where the head of the log is kept a second time.
public struct HeadStoreOptions: ParsableArguments, Sendable {
    /// The file.
    @Option(help: "The file that keeps the log's head a second time, best on another medium; DIR.head if left out.")
    public var headStore: String?

    /// For the parser.
    public init() {}

    /// The store that is named; nil for the one beside the directory.
    public var store: HeadStore? { headStore.map(HeadStore.init(path:)) }
}
