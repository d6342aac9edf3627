import ArgumentParser
public import Auditing
import CommandLineSupport
import EventLogs
import HTTPTransport
import NodeService
import PartyFiles
import TallystickPrimitives

/// Audit: fetch once, then everything else on the copy.
struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Fetch the register, and check offline what was shared, with whom and by what.",
        discussion: """
            Once: init, have the request enrolled with a scope and an end, join, found. Then fetch \
            as often as the mandate allows; verify, replay, conformance and who-saw work on the \
            copy and need no server; \
            bundle makes evidence of it that other software can check.

            Example: tallystick audit verify bundle-2026-03-01 --fingerprint 9f86d081…
            """,
        subcommands: [
            InitAuditor.self, JoinAuditor.self, FoundAuditor.self, FetchBundle.self,
            VerifyBundle.self, CheckTree.self, MakeEvidence.self, ReplayBundle.self, CheckConformance.self,
            ShowWhoSaw.self, CheckEvidence.self, CheckField.self, TimestampHead.self,
        ])
}

/// Makes an auditor's directory.
struct InitAuditor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make an auditor's directory, its keys and its request to be enrolled.",
        discussion: """
            Example: tallystick audit init --dir auditor --agency county-audit \
            --origin audit.example/log --passphrase-file passphrase
            """)

    @Option(help: "The directory to make.") var dir: String
    @OptionGroup var identity: PartyIdentityOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try DaemonProcess.harden()
        let office = PartyOffice(directory: dir, now: SystemTime().now())
        try output.write(try office.initialise(identity, as: .auditor, entropy: SystemEntropy()))
    }
}

/// Pins the board.
struct JoinAuditor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "join",
        abstract: "Pin the board by its fingerprint and keep its log.",
        discussion: """
            Example: tallystick audit join --dir auditor --partnership partnership.tally \
            --fingerprint 9f86d081…
            """)

    @OptionGroup var options: JoinOptions

    func run() async throws { try options.join() }
}

/// Founds the auditor's log.
struct FoundAuditor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "found",
        abstract:
            "Found the auditor's log, whose keys let agencies give it what its mandate covers.",
        discussion: "Example: tallystick audit found --dir auditor --passphrase-file passphrase")

    @Option(help: "The auditor's directory.") var dir: String
    @OptionGroup var passphrase: PassphraseOptions

    func run() async throws {
        try DaemonProcess.harden()
        try NodeFounding.found(
            in: dir, passphrase: try passphrase.read(), entropy: SystemEntropy(), time: SystemTime()
        )
        StandardStream.output.write(
            "The log is founded; the next fetch presents it to the broker.\n")
    }
}

extension AuditBundleDirectory: AuditBundleSource {}
