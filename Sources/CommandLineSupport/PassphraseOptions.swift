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
    /// - Throws: `CommandFailure`, which names the option.
    public func read() throws(CommandFailure) -> SecretBytes {
        if let credential {
            return try PassphraseOptions.read(.systemdCredential(name: credential), from: "--credential")
        }
        return try PassphraseOptions.read(.file(path: passphraseFile ?? ""), from: "--passphrase-file")
    }

    /// Reads a passphrase that an option names.
    /// - Throws: `CommandFailure`, which names the option.
    public static func read(
        _ source: PassphraseSource, from option: String
    ) throws(CommandFailure) -> SecretBytes {
        do throws(PassphraseError) {
            return try source.read(credentialsDirectory: Environment.value("CREDENTIALS_DIRECTORY"))
        } catch { throw CommandFailure("\(option): \(error)") }
    }
}
