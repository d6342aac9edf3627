public import ArgumentParser
public import KeyFiles

/// For commands that change a party's keys: where the root key is, and what opens the files.
public struct RootKeyOptions: ParsableArguments {
    /// The party's directory.
    @Option(help: "The directory of the node or broker.") public var dir: String
    /// The root key's file; nil where it is in the directory.
    @Option(help: "The root key's file, if it is not in the directory.") public var rootKey: String?
    @Option(help: "The file that holds the root key's passphrase, if it has another.") var rootPassphraseFile: String?
    /// Where the second store of the head is.
    @OptionGroup public var heads: HeadStoreOptions
    @OptionGroup var passphrase: PassphraseOptions
    /// How to answer.
    @OptionGroup public var output: OutputOptions

    /// For the parser.
    public init() {}

    /// Reads the passphrases: of the day-to-day keys, and of the root key.
    public func passphrases() throws -> (party: SecretBytes, root: SecretBytes) {
        let party = try passphrase.read()
        let root = try rootPassphraseFile.map {
            try PassphraseOptions.read(.file(path: $0), from: "--root-passphrase-file")
        }
        return (party, root ?? party)
    }
}
