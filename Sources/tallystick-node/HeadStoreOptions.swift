import ArgumentParser
import PartyFiles

/// Where the head of the log is kept a second time.
struct HeadStoreOptions: ParsableArguments {
    @Option(
        help: """
            The file that keeps the head of the log a second time, best on another medium; DIR.head, beside the \
            directory, if left out.
            """)
    var headStore: String?

    /// The store that is named.
    var store: HeadStore? { headStore.map(HeadStore.init(path:)) }
}
