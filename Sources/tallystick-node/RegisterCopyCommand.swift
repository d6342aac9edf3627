import ArgumentParser
import CommandLineSupport
import NodeService
import PartyFiles
import TallystickPrimitives

/// Writes what this agency holds of the register.
struct CopyRegister: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "register-copy",
        abstract: "Write what this agency holds of the register, to bring back a broker that lost it.",
        discussion: """
            Stop the node first. The new directory holds every register leaf that the node has followed, and this agency's \
            own entries as they were sent: sealed as they are, and with no key. Give it to the broker's operator.

            Example: tallystick-node register-copy --dir node --out copy-of-harbour-homes --passphrase-file passphrase
            """)

    @Option(help: "The node's directory.") var dir: String
    @Option(help: "The directory to make.") var out: String
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try DaemonProcess.harden()
        let time = SystemTime()
        let directory = PartyDirectory(path: dir)
        let lock = try DirectoryLock(directory)
        defer { withExtendedLifetime(lock) {} }
        let part = try RegisterPart(of: dir, passphrase: try passphrase.read())
        let (file, fingerprint) = try directory.partnership()
        let copy = try await AuditFetch(file, fingerprint: fingerprint, now: time.now()).fetch(
            to: out, covering: .ownFeed, time: time, ask: { try part.answer($0, $1) }
        ) { position in
            StandardStream.error.write("copied up to register position \(position)\n")
        }
        try output.write(CopiedRegister(directory: copy.path, register: copy.facts.register, pages: copy.facts.pages))
    }
}

/// What was written.
private struct CopiedRegister: Answer, Encodable {
    let directory: String
    let register: String
    let pages: Int

    var text: String {
        """
        \(directory): what this agency holds of the register \(register), \(PlainText.count(pages, "page", "pages")).
        Give it to the broker's operator: tallystick-broker restore --from \(directory) …

        """
    }
}
