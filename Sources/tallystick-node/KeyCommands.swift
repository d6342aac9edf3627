import ArgumentParser
import CommandLineSupport
import EventLogs
import KeyFiles
import NodeService
import PartyFiles
import TallystickPrimitives

extension RootKeyOptions {
    /// What changes the keys.
    var rotation: KeyRotation {
        KeyRotation(
            in: dir, rootKeyFile: rootKey, heads: heads.store, entropy: SystemEntropy(), time: SystemTime())
    }

    /// The passphrases as a change of keys takes them.
    func secrets() throws -> KeyRotation.Passphrases {
        let (party, root) = try passphrases()
        return KeyRotation.Passphrases(party: party, root: root)
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
        let outcome = try options.rotation.rotate(Set(roles), passphrases: try options.secrets())
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
            keyID, after: TreeSize(after), passphrases: try options.secrets())
        try options.output.write(KeyChangeAnswer(outcome))
    }
}

/// Stands by what a revoked key signed.
struct Reaffirm: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stand by what the agency itself wrote under a key that is revoked now.",
        discussion: """
            Look first, with 'tallystick audit verify', at what is in doubt. Stop the node first and start it afterwards. The \
            command shows what this node wrote itself with the key from the position on, and apart from that what came back \
            into its log from the broker, after a restore or a repair: whoever stole the key may have written that, so it is \
            left out unless you name it with --returned. Nothing is written without --confirm.

            Example: tallystick-node reaffirm 9f86d081… --after 4711 --confirm --dir node --passphrase-file passphrase
            """)

    @Argument(help: "The revoked key's identifier, 64 hexadecimal digits.") var key: String
    @Option(help: "The register position that the revocation names.") var after: UInt64
    @Option(help: "What came back and is yours all the same: an index, or 120-131; may be given often.")
    var returned: [String] = []
    @Flag(help: "Write it; without this it is only shown.") var confirm = false
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
        let named = try returned.map(Reaffirm.run)
        let secret = try passphrase.read()
        let outcome =
            if confirm {
                try rotation.reaffirm(keyID, registeredFrom: TreeSize(after), returned: named, passphrase: secret)
            } else {
                try rotation.reaffirmable(keyID, registeredFrom: TreeSize(after), returned: named, passphrase: secret)
            }
        try output.write(ReaffirmAnswer(outcome, isWritten: confirm))
    }

    private static func run(_ text: String) throws(CommandFailure) -> ClosedRange<UInt64> {
        let bounds = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt64($0) }
        guard (1...2).contains(bounds.count), let first = bounds[0], let last = bounds[bounds.count - 1], first <= last
        else { throw CommandFailure("'\(text)' is neither an index nor a run such as 120-131", status: .usage) }
        return first...last
    }
}

/// What was reaffirmed, or would be.
struct ReaffirmAnswer: Answer, Codable {
    let entries: [UInt64]
    let runs: [[UInt64]]
    let leftOut: [[UInt64]]
    let isWritten: Bool

    init(_ outcome: Reaffirmation, isWritten: Bool) {
        entries = outcome.places.map(\.value)
        runs = outcome.indexes.map { [$0.lowerBound, $0.upperBound] }
        leftOut = outcome.leftOut.map { [$0.lowerBound, $0.upperBound] }
        self.isWritten = isWritten
    }

    var text: String {
        var lines: [String] = []
        if runs.isEmpty {
            lines.append("Nothing that this node wrote is in doubt by that key; nothing was written.")
        } else if isWritten {
            lines.append("Reaffirmed: index \(words(runs)). Start the node, which sends it.")
        } else {
            lines.append("This node wrote index \(words(runs)). Nothing was written: add --confirm to stand by it.")
        }
        if !leftOut.isEmpty {
            lines.append(
                "Left out, because it came back from the broker and whoever has the key may have written it: index "
                    + "\(words(leftOut)). Look at each, and name what is yours with --returned.")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private func words(_ runs: [[UInt64]]) -> String {
        runs.map { $0[0] == $0[1] ? "\($0[0])" : "\($0[0]) to \($0[1])" }.joined(separator: ", ")
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
            position or later, and reports to the author what came all the same. Of an agency that this node has not \
            followed yet, give the board's newest export too.

            Example: tallystick-node take-revocation own-revocation.tally --dir node
            """)

    @Argument(help: "The file.") var file: String
    @Option(help: "The node's directory.") var dir: String
    @Option(help: "The board's newest export, if the agency has joined only lately.") var partnership: String?

    func run() async throws {
        let taking = RevocationTaking(in: dir, now: SystemTime().now())
        let parties = try taking.take(
            try PublicFile.read(file), board: try partnership.map { try PublicFile.read($0) })
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
