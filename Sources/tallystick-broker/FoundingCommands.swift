import ArgumentParser
import BrokerService
import CommandLineSupport
import EventLogs
import PartyFiles

/// Makes the directory and the keys.
struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a broker's directory, its keys and its request to be enrolled.",
        discussion: """
            Example: tallystick-broker init --dir broker --agency relay \
            --origin relay.example/register --passphrase-file passphrase
            """)

    @Option(help: "The directory to make.") var dir: String
    @OptionGroup var identity: PartyIdentityOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try DaemonProcess.harden()
        let office = PartyOffice(directory: dir, now: SystemTime().now())
        try output.write(try office.initialise(identity, as: .broker, entropy: SystemEntropy()))
    }
}

/// Pins the board.
struct Join: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Pin the board by its fingerprint and keep its log.",
        discussion: """
            The fingerprint comes from the board over another channel than the file.

            Example: tallystick-broker join --dir broker --partnership partnership.tally \
            --fingerprint 9f86d081…
            """)

    @OptionGroup var options: JoinOptions

    func run() async throws { try options.join() }
}

/// Founds the register.
struct Found: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Found the register: its first entry, the broker's keys, then the board's log.",
        discussion: """
            Needs the root key, which may go offline afterwards.

            Example: tallystick-broker found --dir broker --passphrase-file passphrase
            """)

    @Option(help: "The broker's directory.") var dir: String
    @OptionGroup var heads: HeadStoreOptions
    @OptionGroup var passphrase: PassphraseOptions

    func run() async throws {
        try DaemonProcess.harden()
        try BrokerFounding.found(
            in: dir, heads: heads.store, passphrase: try passphrase.read(), entropy: SystemEntropy(),
            time: SystemTime())
        StandardStream.output.write("The register is founded.\n")
    }
}
