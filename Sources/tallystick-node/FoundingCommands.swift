import ArgumentParser
import CommandLineSupport
import EventLogs
import NodeService
import PartyFiles

/// Makes the directory and the keys.
struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a node's directory, its keys and its request to be enrolled.",
        discussion: """
            Example: tallystick-node init --dir node --agency harbour-homes \
            --origin harbour-homes.example/log --passphrase-file passphrase
            """)

    @Option(help: "The directory to make.") var dir: String
    @OptionGroup var identity: PartyIdentityOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try DaemonProcess.harden()
        let office = PartyOffice(directory: dir, now: SystemTime().now())
        try output.write(try office.initialise(identity, as: .agency, entropy: SystemEntropy()))
    }
}

/// Pins the board.
struct Join: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Pin the board by its fingerprint and keep its log.",
        discussion: """
            The fingerprint comes from the board over another channel than the file.

            Example: tallystick-node join --dir node --partnership partnership.tally \
            --fingerprint 9f86d081…
            """)

    @OptionGroup var options: JoinOptions

    func run() async throws { try options.join() }
}

/// Founds the log.
struct Found: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Found the agency's log: its first entry and its keys.",
        discussion: """
            Needs the root key, which may go offline afterwards.

            Example: tallystick-node found --dir node --passphrase-file passphrase
            """)

    @Option(help: "The node's directory.") var dir: String
    @OptionGroup var heads: HeadStoreOptions
    @OptionGroup var passphrase: PassphraseOptions

    func run() async throws {
        try DaemonProcess.harden()
        try NodeFounding.found(
            in: dir, heads: heads.store, passphrase: try passphrase.read(), entropy: SystemEntropy(),
            time: SystemTime())
        StandardStream.output.write("The log is founded.\n")
    }
}
