public import ArgumentParser
public import KeyFiles

/// Where a command finds the passphrase of the key files. It never asks on a terminal.
public struct PassphraseOptions: ParsableArguments, Sendable {
    /// A file.
    @Option(help: "The file that holds the passphrase; mode 600, yours alone.")
    public var passphraseFile: String?

    /// A systemd credential.
    @Option(help: "The name of the systemd credential that holds the passphrase.")
    public var credential: String?

    /// For the parser.
    public init() {}

    /// Refuses both or neither.
    public func validate() throws {
        guard (passphraseFile == nil) != (credential == nil) else {
            throw ValidationError("give one of --passphrase-file and --credential")
        }
    }

    /// Reads the passphrase.
    public func read() throws(PassphraseError) -> SecretBytes {
        let source: PassphraseSource =
            if let credential { .systemdCredential(name: credential) } else {
                .file(path: passphraseFile ?? "")
            }
        return try source.read(credentialsDirectory: Environment.value("CREDENTIALS_DIRECTORY"))
    }
}
