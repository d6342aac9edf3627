import ArgumentParser
import CommandLineSupport
import KeyFiles
import NodeService
import PartyFiles
import TallystickPrimitives

/// Makes the key that backups are sealed to.
struct BackupKeyGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup-key", abstract: "Make the key that backups are sealed to.",
        discussion: "Example: tallystick-node backup-key new --to backup.key --public backup.pub …",
        subcommands: [NewRecoveryKey.self])
}

/// Makes a new pair.
struct NewRecoveryKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Make a backup key: a private half to keep away from the node, and a public half.",
        discussion: """
            The private half opens every backup that is sealed to it. Make it on another machine than the node's, with a \
            passphrase of its own, and carry only the public half to the node.

            Example: tallystick-node backup-key new --to backup.key --public backup.pub \
            --passphrase-file recovery.passphrase
            """)

    @Option(help: "The file for the private half.") var to: String
    @Option(name: .customLong("public"), help: "The file for the public half.") var publicHalf: String
    @OptionGroup var passphrase: PassphraseOptions
    @Flag(help: .hidden) var testCost = false

    func run() async throws {
        try DaemonProcess.harden()
        try RecoveryKey.make(
            to, publicPath: publicHalf, passphrase: try passphrase.read(), entropy: SystemEntropy(),
            cost: testCost ? .minimum : .standard)
        StandardStream.output.write("Keep away from the node: \(to)\nCarry to the node: \(publicHalf)\n")
    }
}

/// Makes a backup.
struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a sealed backup of the node, while it runs or not.",
        discussion: """
            It holds the log with everything beside it, and no key: keep a copy of party.key and its passphrase \
            elsewhere, or nothing in the backup opens.

            Example: tallystick-node backup --dir node --to node-2026-03-01.backup --backup-key backup.pub
            """)

    @Option(help: "The node's directory.") var dir: String
    @Option(help: "The file to write; none may be there.") var to: String
    @Option(help: "The public half of the backup key.") var backupKey: String
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try DaemonProcess.harden()
        let key = try RecoveryKey.Public(reading: backupKey)
        let summary = try NodeBackup.write(of: dir, to: to, for: key, entropy: SystemEntropy())
        try output.write(BackedUp(summary: summary, hasComeBack: false))
    }
}

/// Puts a backup back.
struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put a backup back into a directory that has no log.",
        discussion: """
            The node's keys are not in the backup: put party.key into the directory too. The node starts without writing \
            its log, keeps what people enter, and asks the broker how far its log goes; what was pushed since the backup \
            comes back from there. Anybody who has the public half of the backup key can make a backup: on a new machine \
            give the board's fingerprint, as the board says it over another channel.

            Example: tallystick-node restore --dir node --from node-2026-03-01.backup --backup-key backup.key \
            --fingerprint 9f86d081… --passphrase-file recovery.passphrase
            """)

    @Option(help: "The directory.") var dir: String
    @Option(help: "The backup.") var from: String
    @Option(help: "The private half of the backup key.") var backupKey: String
    @Option(help: "The board's fingerprint, 64 hexadecimal digits; needed where the directory has none yet.")
    var fingerprint: String?
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try DaemonProcess.harden()
        let pinned = try fingerprint.map { text throws(CommandFailure) -> Hash256 in
            guard let pinned = Hash256(hex: text) else {
                throw CommandFailure("a fingerprint has 64 hexadecimal digits", status: .usage)
            }
            return pinned
        }
        let summary = try NodeRestore.run(
            from: from, into: dir, recoveryKey: backupKey, passphrase: try passphrase.read(), fingerprint: pinned)
        try output.write(BackedUp(summary: summary, hasComeBack: true))
    }
}

/// What a backup holds, or brought back.
private struct BackedUp: Answer {
    let summary: BackupSummary
    let hasComeBack: Bool

    func encode(to encoder: any Encoder) throws { try summary.encode(to: encoder) }

    var text: String {
        let what = "\(summary.log), \(summary.size) entries (\(summary.files.joined(separator: ", ")))\n"
        guard hasComeBack else { return "Backed up: " + what + "No key is in it.\n" }
        return "Put back: " + what
            + "The board's fingerprint: \(summary.fingerprint). Compare it with what the board says.\n"
            + "Put party.key there too, then start the node: it asks the broker how far its log goes before it writes.\n"
    }
}
