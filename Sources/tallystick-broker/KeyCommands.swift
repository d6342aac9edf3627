import ArgumentParser
import BrokerService
import CommandLineSupport
import EventLogs
import PartyFiles
import TallystickPrimitives

extension RootKeyOptions {
    /// What changes the keys.
    var rotation: BrokerKeyRotation {
        BrokerKeyRotation(
            in: dir, rootKeyFile: rootKey, heads: heads.store, entropy: SystemEntropy(), time: SystemTime())
    }
}

/// Replaces keys.
struct Rotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Replace the register's keys by new ones, and announce them in the register.",
        discussion: """
            Stop the broker first and start it afterwards: the nodes wait meanwhile as whenever it is away. It needs the \
            root key. Keep the key file: the former log keys in it sign the heads of their time for whoever begins to \
            follow the register later.

            Example: tallystick-broker rotate --dir broker --keys statement,log --root-key /media/root.key \
            --passphrase-file passphrase
            """)

    @Option(help: "Which keys, separated by commas: statement, log.") var keys = "statement,log"
    @OptionGroup var options: RootKeyOptions

    func run() async throws {
        try DaemonProcess.harden()
        let roles = try keys.split(separator: ",").map { word throws(CommandFailure) -> KeyRole in
            guard let role = KeyRole(rawValue: String(word)), role == .statement || role == .log else {
                throw CommandFailure("'\(word)' is not one of statement and log", status: .usage)
            }
            return role
        }
        let secrets = try options.passphrases()
        let outcome = try options.rotation.rotate(
            Set(roles), passphrase: secrets.party, rootPassphrase: secrets.root)
        try options.output.write(RegisterKeyAnswer(outcome))
    }
}

/// Revokes a key.
struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Declare what a key of the register signed void from a position on; replace the key if it is in use.",
        discussion: """
            For a key that somebody else may have. Stop the broker first and start it afterwards. The position is the size \
            of the register when the key was last certainly yours alone. own-revocation.tally in the directory binds every \
            node to it whatever it is told: each runs 'tallystick-node take-revocation' with it.

            Example: tallystick-broker revoke 9f86d081… --after 4711 --dir broker --root-key /media/root.key \
            --passphrase-file passphrase
            """)

    @Argument(help: "The key's identifier, 64 hexadecimal digits.") var key: String
    @Option(help: "The register position from which its signatures are void.") var after: UInt64
    @OptionGroup var options: RootKeyOptions

    func run() async throws {
        try DaemonProcess.harden()
        guard let keyID = Hash256(hex: key) else {
            throw CommandFailure("a key's identifier has 64 hexadecimal digits", status: .usage)
        }
        let secrets = try options.passphrases()
        let outcome = try options.rotation.revoke(
            keyID, after: TreeSize(after), passphrase: secrets.party, rootPassphrase: secrets.root)
        try options.output.write(RegisterKeyAnswer(outcome))
    }
}

/// Lists keys.
struct ListKeys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "List the register's keys that are in force.",
        discussion: """
            Stop the broker first, or ask a copy of its directory.

            Example: tallystick-broker keys --dir broker
            """)

    @Option(help: "The broker's directory.") var dir: String
    @OptionGroup var heads: HeadStoreOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let rotation = BrokerKeyRotation(
            in: dir, rootKeyFile: nil, heads: heads.store, entropy: SystemEntropy(), time: SystemTime())
        let keys = try rotation.keys()
        try output.write(
            RegisterKeyList(keys: Dictionary(uniqueKeysWithValues: keys.map { ($0.key.rawValue, $0.value.hex) })))
    }
}

/// The keys in force.
struct RegisterKeyList: Answer, Codable {
    let keys: [String: String]

    var text: String { keys.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }.joined() }
}

/// What a change of keys wrote.
struct RegisterKeyAnswer: Answer, Codable {
    let keys: [String: String]
    let revoked: String?
    let registerSize: UInt64

    init(_ outcome: BrokerKeyRotation.Outcome) {
        keys = Dictionary(uniqueKeysWithValues: outcome.announced.map { ($0.rawValue, $1.hex) })
        revoked = outcome.revoked?.hex
        registerSize = outcome.size.value
    }

    var text: String {
        var lines = keys.sorted { $0.key < $1.key }.map { "New \($0.key) key \($0.value)" }
        if let revoked { lines.append("Revoked: \(revoked). Give own-revocation.tally to every node.") }
        lines.append("The register has \(registerSize) leaves now; start the broker.")
        return lines.map { $0 + "\n" }.joined()
    }
}

/// Asks for a renewed certificate.
struct RenewCertificate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "renew-certificate",
        abstract: "Make a new TLS key and certificate, and the request to enrol it.",
        discussion: """
            Stop the broker first and start it afterwards: it works on with the former certificate. Carry the request to the \
            board, and compare its fingerprint over another channel. When the board has enrolled it and every node has \
            followed that, start the broker anew: it shows the new one from then on. Nodes believe the former too until \
            the next renewal.

            Example: tallystick-broker renew-certificate --dir broker --passphrase-file passphrase
            """)

    @OptionGroup var options: RenewalOptions

    func run() async throws { try options.run() }
}
