import ArgumentParser
import BoardOffice
public import CommandLineSupport
import KeyFiles
import PartyFiles
import TallystickPrimitives

/// The partnership board's office.
struct Board: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "board",
        abstract:
            "Enrol parties, list witnesses, publish protocols, revoke keys; all of it offline.",
        discussion: """
            An act counts when enough members have signed it. Give their --member-key files at \
            once, or write the act to a file with --propose, have each member sign it where their \
            key is (board sign), and commit it (board commit).

            Example: tallystick board init --dir board --origin board.example/log --members 3 \
            --threshold 2 --passphrase-file office --member-passphrase-file members
            """,
        subcommands: [
            InitBoard.self, Enrol.self, SetWitnesses.self, Publish.self, Activate.self, RevokePartyKey.self,
            MakeMemberKey.self, ReplaceMember.self, Succeed.self, Reassign.self, ShowProposal.self, SignProposal.self,
            CommitProposal.self,
            ExportBoard.self, BoardStatusCommand.self,
        ])
}

/// Founds a board.
struct InitBoard: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Found a board: the members' keys, the log's keys, and the fingerprint to pin.",
        discussion: """
            Move each member-N.key to that member's own medium afterwards. Read the fingerprint \
            out to every party over another channel than the files.

            Example: tallystick board init --dir board --origin board.example/log --members 3 \
            --threshold 2 --passphrase-file office --member-passphrase-file members
            """)

    @Option(help: "The directory to make.") var dir: String
    @Option(help: "The name of the board's log: a URL without its scheme.") var origin: String
    @Option(help: "How many members the board has.") var members: Int = 3
    @Option(help: "How many of them must sign an act.") var threshold: Int = 2
    @Option(
        name: .customLong("member-passphrase-file"),
        help: "A member's passphrase, in the order of their numbers; one alone is for all.")
    var memberPassphraseFiles: [String]
    @OptionGroup var passphrase: PassphraseOptions
    @Flag(help: .hidden) var testCost = false
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try DaemonProcess.harden()
        guard let origin = Origin(origin) else {
            throw CommandFailure("'\(origin)' cannot name a log", status: .usage)
        }
        let founding = try BoardFounding(
            origin: origin, memberCount: members, threshold: threshold,
            cost: testCost ? .minimum : .standard)
        let directory = BoardDirectory(path: dir)
        let time = SystemTime()
        _ = try founding.found(
            in: directory, passphrase: try passphrase.read(),
            memberPassphrases: try memberPassphraseFiles.map {
                try PassphraseOptions.read(.file(path: $0), from: "--member-passphrase-file")
            },
            entropy: SystemEntropy(), now: time.now())
        try output.write(BoardStatus(try BoardLog.read(in: directory, now: time.now())))
    }
}

/// Exports the log.
struct ExportBoard: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the board's whole log to a file for all parties.",
        discussion: "Example: tallystick board export partnership.tally --dir board")

    @Option(help: "The board's directory.") var dir: String
    @Argument(help: "The file to write.") var file: String

    func run() async throws {
        let log = try BoardLog.read(in: BoardDirectory(path: dir), now: SystemTime().now())
        try PublicFile.write(try log.partnershipFile().encoded, to: file)
        StandardStream.output.write("\(file)\nFingerprint \(log.fingerprint)\n")
    }
}

/// How the board stands.
struct BoardStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract:
            "Show who is enrolled, the witnesses and the protocols, after checking the whole log.",
        discussion: "Example: tallystick board status --dir board")

    @Option(help: "The board's directory.") var dir: String
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let log = try BoardLog.read(in: BoardDirectory(path: dir), now: SystemTime().now())
        try output.write(BoardStatus(log))
    }
}

extension BoardStatus: Answer {}
