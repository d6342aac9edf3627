import ArgumentParser
import CommandLineSupport
import KeyFiles
import NodeService
import PartyFiles
import TallystickPrimitives

/// Recovery from two of three shares.
struct RecoveryCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recovery",
        abstract: "Bring an agency's keys back from two of three printed shares.",
        discussion: "Example: tallystick-node recovery check --dir node --share-file a --share-file b "
            + "--passphrase-file passphrase",
        subcommands: [MakeRecovery.self, CheckRecovery.self, RestoreKeys.self])
}

/// Makes the file and the shares.
struct MakeRecovery: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make",
        abstract: "Seal a copy of every key under a new recovery key, and write three shares of it.",
        discussion: """
            Print each share, give each to another person, and destroy the files. Two of them open recovery.key; one alone \
            says nothing. Do it again whenever keys have changed.

            Example: tallystick-node recovery make --dir node --root-key /media/root.key --shares shares \
            --passphrase-file passphrase
            """)

    @Option(help: "The directory to write the three shares to; made if it is not there.") var shares: String
    @OptionGroup var options: RootKeyOptions

    func run() async throws {
        try DaemonProcess.harden()
        let passphrases = try options.passphrases()
        let recovery = Recovery(in: options.dir)
        try PublicFile.makeDirectory(shares)
        var files: [String] = []
        try recovery.make(
            rootKeyFile: options.rootKey, party: passphrases.party, root: passphrases.root, entropy: SystemEntropy()
        ) { made in
            for share in made {
                let file = "\(shares)/share-\(share.place).txt"
                do throws(SecretFileError) { try KeyFileStore.write(Array((share.text + "\n").utf8), to: file) } catch {
                    throw PartyFileError.secretFile(error)
                }
                files.append(file)
            }
        }
        try options.output.write(RecoveryAnswer(recovery: recovery.file, shares: files))
    }
}

/// Two shares.
struct ShareOptions: ParsableArguments {
    @Option(name: .customLong("share-file"), help: "A file with a share, as it was printed; give two.")
    var files: [String] = []

    func validate() throws {
        guard files.count == 2 else { throw ValidationError("give two --share-file options") }
    }

    /// The recovery key.
    func key() throws -> SecretBytes {
        let shares = try files.map { file in
            do {
                return try RecoveryShare(parsing: String(decoding: try KeyFileStore.read(from: file), as: UTF8.self))
            } catch let error as SecretFileError { throw PartyFileError.secretFile(error) }
        }
        return try RecoveryShare.join(shares[0], shares[1])
    }
}

/// The yearly drill.
struct CheckRecovery: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Make sure that two shares would bring every key back; nothing is written.",
        discussion: """
            Example: tallystick-node recovery check --dir node --share-file a --share-file b --passphrase-file passphrase
            """)

    @Option(help: "The node's directory.") var dir: String
    @OptionGroup var shares: ShareOptions
    @OptionGroup var passphrase: PassphraseOptions

    func run() async throws {
        try DaemonProcess.harden()
        try Recovery(in: dir).check(try shares.key(), party: try passphrase.read())
        StandardStream.output.write("These two shares bring every key back.\n")
    }
}

/// Brings the keys back.
struct RestoreKeys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Write both key files anew from two shares, under a new passphrase.",
        discussion: """
            Move what is left of the former files away first. Afterwards rotate the keys, and make the recovery anew.

            Example: tallystick-node recovery restore --dir node --share-file a --share-file b --passphrase-file new
            """)

    @Option(help: "The node's directory.") var dir: String
    @Option(help: "The recovery file, if it is not in the directory.") var recoveryFile: String?
    @OptionGroup var shares: ShareOptions
    @OptionGroup var passphrase: PassphraseOptions
    @Flag(help: .hidden) var testCost = false

    func run() async throws {
        try DaemonProcess.harden()
        try Recovery(in: dir).restore(
            try shares.key(), from: recoveryFile, passphrase: try passphrase.read(), entropy: SystemEntropy(),
            cost: testCost ? .minimum : .standard)
        let directory = PartyDirectory(path: dir)
        StandardStream.output.write("\(directory.rootKeyFile)\n\(directory.keyFile)\nKeep the first offline.\n")
    }
}

/// Replaces the local key.
struct ReplaceLocalKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replace-local-key",
        abstract: "Wrap everything that the node keeps under a new local key, and destroy the former.",
        discussion: """
            Stop the node first and start it afterwards. A copy of the disk from before does not open any more with the key \
            file of today. Make the recovery anew afterwards.

            Example: tallystick-node replace-local-key --dir node --passphrase-file passphrase
            """)

    @Option(help: "The node's directory.") var dir: String
    @OptionGroup var passphrase: PassphraseOptions

    func run() async throws {
        try DaemonProcess.harden()
        let replacement = LocalKeyReplacement(in: dir, entropy: SystemEntropy())
        let count = try replacement.replace(passphrase: try passphrase.read())
        StandardStream.output.write(
            "The local key is replaced; wrapped anew: \(PlainText.count(count, "kept key", "kept keys")).\n")
    }
}

/// Asks for a renewed certificate.
struct RenewCertificate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "renew-certificate",
        abstract: "Make a new TLS key and certificate, and the request to enrol it.",
        discussion: """
            Stop the node first and start it afterwards: it works on with the former certificate, and takes the new one from \
            the moment on at which the broker does. Carry the request to the board, and compare its fingerprint over \
            another channel.

            Example: tallystick-node renew-certificate --dir node --passphrase-file passphrase
            """)

    @OptionGroup var options: RenewalOptions

    func run() async throws { try options.run() }
}

/// Makes a new cosigning key.
struct RenewCosigningKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "renew-cosigning-key",
        abstract: "Make a new cosigning key, and the line for the board's list of witnesses.",
        discussion: """
            Stop the node first and start it afterwards: it cosigns with the former key until it follows a list of the \
            board's that names the new one, and with the new one from then on. The next start forgets the former key.

            Example: tallystick-node renew-cosigning-key --dir node --passphrase-file passphrase
            """)

    @OptionGroup var options: CosigningKeyOptions

    func run() async throws { try options.run() }
}

/// Where the recovery is.
struct RecoveryAnswer: Answer, Codable {
    let recovery: String
    let shares: [String]

    var text: String {
        "Sealed copy of every key: \(recovery)\nPrint each, give each to another person, and destroy the files:\n"
            + shares.map { "  \($0)\n" }.joined()
    }
}
