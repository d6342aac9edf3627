import ArgumentParser
import CommandLineSupport
import EventLogs
import KeyFiles
import NodeService
import PartyFiles
import TallystickPrimitives

/// Where the root key is, and what opens the files.
struct RootKeyOptions: ParsableArguments {
    @Option(help: "The node's directory.") var dir: String
    @Option(help: "The root key's file, if it is not in the directory.") var rootKey: String?
    @Option(help: "The file that holds the root key's passphrase, if it has another.") var rootPassphraseFile: String?
    @OptionGroup var heads: HeadStoreOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var output: OutputOptions

    /// What changes the keys.
    var rotation: KeyRotation {
        KeyRotation(
            in: dir, rootKeyFile: rootKey, heads: heads.store, entropy: SystemEntropy(), time: SystemTime())
    }

    /// Reads the passphrases.
    func passphrases() throws -> KeyRotation.Passphrases {
        let party = try passphrase.read()
        let root = try rootPassphraseFile.map {
            try PassphraseOptions.read(.file(path: $0), from: "--root-passphrase-file")
        }
        return KeyRotation.Passphrases(party: party, root: root ?? party)
    }
}

/// Replaces keys.
struct Rotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Replace the agency's keys by new ones, and announce them in its log.",
        discussion: """
            Stop the node first and start it afterwards: the change itself takes seconds, and the others wait meanwhile as \
            for any node that is away. It needs the root key. Former keys stay in the key file as long as something may \
            come that needs them, and are destroyed by the node itself.

            Example: tallystick-node rotate --dir node --keys statement,log,kem --root-key /media/root.key \
            --passphrase-file passphrase
            """)

    @Option(help: "Which keys, separated by commas: statement, log, kem.") var keys = "statement,log,kem"
    @OptionGroup var options: RootKeyOptions

    func run() async throws {
        try DaemonProcess.harden()
        let roles = try keys.split(separator: ",").map { word throws(CommandFailure) -> KeyRole in
            guard let role = KeyRole(rawValue: String(word)) else {
                throw CommandFailure("'\(word)' is not one of statement, log and kem", status: .usage)
            }
            return role
        }
        let outcome = try options.rotation.rotate(Set(roles), passphrases: try options.passphrases())
        try options.output.write(KeyChangeAnswer(outcome))
    }
}

/// Revokes a key.
struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Declare what a key signed void from a register position on; replace the key if it is in use.",
        discussion: """
            For a key that somebody else may have. Stop the node first and start it afterwards. The position is the size of \
            the register when the key was last certainly yours alone; 'tallystick-node keys' shows keys and positions. \
            What the agency itself wrote in between stands again once it is reaffirmed.

            Example: tallystick-node revoke 9f86d081… --after 4711 --dir node --root-key /media/root.key \
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
        let outcome = try options.rotation.revoke(
            keyID, after: TreeSize(after), passphrases: try options.passphrases())
        try options.output.write(KeyChangeAnswer(outcome))
    }
}

/// Stands by what a revoked key signed.
struct Reaffirm: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stand by what the agency itself wrote under a key that is revoked now.",
        discussion: """
            Look first, with 'tallystick audit verify', at what is in doubt. Everything that this node's own log has of the \
            key from the position on is reaffirmed, under the key in force. Stop the node first and start it afterwards.

            Example: tallystick-node reaffirm 9f86d081… --after 4711 --dir node --passphrase-file passphrase
            """)

    @Argument(help: "The revoked key's identifier, 64 hexadecimal digits.") var key: String
    @Option(help: "The register position that the revocation names.") var after: UInt64
    @Option(help: "The node's directory.") var dir: String
    @OptionGroup var heads: HeadStoreOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try DaemonProcess.harden()
        guard let keyID = Hash256(hex: key) else {
            throw CommandFailure("a key's identifier has 64 hexadecimal digits", status: .usage)
        }
        let rotation = KeyRotation(
            in: dir, rootKeyFile: nil, heads: heads.store, entropy: SystemEntropy(), time: SystemTime())
        let outcome = try rotation.reaffirm(
            keyID, registeredFrom: TreeSize(after), passphrase: try passphrase.read())
        try output.write(ReaffirmAnswer(entries: outcome.places.map(\.value), indexes: outcome.indexes))
    }
}

/// What was reaffirmed.
struct ReaffirmAnswer: Answer, Codable {
    let entries: [UInt64]
    let runs: [[UInt64]]

    init(entries: [UInt64], indexes: [ClosedRange<UInt64>]) {
        self.entries = entries
        runs = indexes.map { [$0.lowerBound, $0.upperBound] }
    }

    var text: String {
        guard !runs.isEmpty else { return "Nothing of this log is in doubt by that key; nothing was written.\n" }
        let indexes = runs.map { $0[0] == $0[1] ? "\($0[0])" : "\($0[0]) to \($0[1])" }.joined(separator: ", ")
        return "Reaffirmed: index \(indexes). Start the node, which sends it.\n"
    }
}

/// Takes a revocation that came by file.
struct TakeRevocation: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "take-revocation",
        abstract: "Bind this node to a revocation that came by file, whatever the broker passes on.",
        discussion: """
            The file is another agency's own-revocation.tally, or the board's newest export. Stop the node first and start \
            it afterwards: from then on it takes in no content, and no head of the register, that the key signed at the \
            position or later, and reports to the author what came all the same.

            Example: tallystick-node take-revocation own-revocation.tally --dir node
            """)

    @Argument(help: "The file.") var file: String
    @Option(help: "The node's directory.") var dir: String

    func run() async throws {
        let directory = PartyDirectory(path: dir)
        let lock = try DirectoryLock(directory)
        defer { withExtendedLifetime(lock) {} }
        let (known, fingerprint) = try directory.partnership()
        let roster = try known.bootstrap(fingerprint: fingerprint, now: SystemTime().now())
        let parties = try directory.takeRevocations(try PublicFile.read(file), by: roster)
        StandardStream.output.write("Taken: keys of \(parties.map(\.text).joined(separator: ", ")).\n")
    }
}

/// Lists keys.
struct ListKeys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "List every key that the agency has announced, and which are in force.",
        discussion: "Example: tallystick-node keys --dir node")

    @Option(help: "The node's directory.") var dir: String
    @OptionGroup var output: OutputOptions

    func run() async throws { try output.write(KeyListAnswer(try AnnouncedKeys(in: dir))) }
}

/// What a change of keys wrote.
struct KeyChangeAnswer: Answer, Codable {
    let keySet: UInt64?
    let keys: [String: String]
    let revocation: UInt64?

    init(_ outcome: KeyRotation.Outcome) {
        keySet = outcome.keySet?.value
        keys = Dictionary(uniqueKeysWithValues: outcome.announced.map { ($0.rawValue, $1.hex) })
        revocation = outcome.revocation?.value
    }

    var text: String {
        var lines = keys.sorted { $0.key < $1.key }.map { "New \($0) key \($1)" }
        if let keySet { lines.append("Announced by entry \(keySet) of this log; start the node, which sends it.") }
        if let revocation {
            lines.append("Revoked by entry \(revocation) of this log; start the node, which sends it.")
        }
        return lines.map { $0 + "\n" }.joined()
    }
}

/// The keys of a log.
struct KeyListAnswer: Answer, Codable {
    let registerSize: UInt64
    let keys: [AnnouncedKeys.Key]

    init(_ announced: AnnouncedKeys) {
        registerSize = announced.registerSize
        keys = announced.keys
    }

    var text: String {
        let lines = keys.map { key in
            let revoked = key.revokedFrom.map { ", void from register position \($0)" } ?? ""
            return "\(key.role) \(key.keyID)\n    announced by entry \(key.announcedAt), \(key.standing)\(revoked)"
        }
        return "The register is followed up to position \(registerSize).\n" + lines.map { $0 + "\n" }.joined()
    }
}
