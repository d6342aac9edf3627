import ArgumentParser
import CommandLineSupport
import EventLogs
import Logging
import PartyFiles
import SQLiteStore
import WitnessService

/// Makes the directory, the keys and the file that remembers.
struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a witness's directory, its keys and its request to be enrolled.",
        discussion: """
            Example: tallystick-witness init --dir witness --agency county-archive \
            --origin archive.example/tallystick --passphrase-file passphrase
            """)

    @Option(help: "The directory to make.") var dir: String
    @OptionGroup var identity: PartyIdentityOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try DaemonProcess.harden()
        let office = PartyOffice(directory: dir, now: SystemTime().now())
        let made = try office.initialise(identity, as: .witness, entropy: SystemEntropy())
        _ = try WitnessStore.create(in: dir)
        try output.write(made)
    }
}

/// Pins the board.
struct Join: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Pin the board by its fingerprint and keep its log.",
        discussion: """
            The fingerprint comes from the board over another channel than the file.

            Example: tallystick-witness join --dir witness --partnership partnership.tally \
            --fingerprint 9f86d081…
            """)

    @OptionGroup var options: JoinOptions

    func run() async throws { try options.join() }
}

/// Cosigns.
struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Cosign until asked to stop.",
        discussion: """
            Connects to the broker and listens on no port. Writes its log to standard error as JSON lines, and `ready` \
            to standard output once it is at work.

            Example: tallystick-witness run --dir witness --broker relay.example:7443 --credential passphrase
            """)

    @Option(help: "The witness's directory.") var dir: String
    @Option(help: "The broker's address: HOST:PORT.") var broker: String
    @OptionGroup var passphrase: PassphraseOptions

    func run() async throws {
        let time = SystemTime()
        DaemonProcess.startLogging(time: time)
        try DaemonProcess.harden()
        let address = try NetworkAddress(broker)
        let logger = Logger(label: "tallystick-witness")
        let daemon = try WitnessDaemon(
            in: dir, brokerHost: address.host, brokerPort: address.port, passphrase: try passphrase.read(), time: time,
            logger: logger)
        DaemonProcess.sayReady()
        try await DaemonProcess.run(daemon, logger: logger)
    }
}

/// What it has cosigned.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show how far this witness has cosigned each log, and what it found.",
        discussion: "Example: tallystick-witness status --dir witness --format json")

    @Option(help: "The witness's directory.") var dir: String
    @OptionGroup var output: OutputOptions

    func run() async throws { try output.write(WitnessStatus(try WitnessReport(of: dir))) }
}

/// What a witness has cosigned, for reading.
struct WitnessStatus: Answer, Encodable {
    private let report: WitnessReport

    init(_ report: WitnessReport) { self.report = report }

    func encode(to encoder: any Encoder) throws { try report.encode(to: encoder) }

    /// One line a log.
    var text: String {
        let lines =
            report.logs.map { "\($0.log): cosigned to size \($0.size)\n" }
            + report.twoStories.map { "\($0): has told two stories\n" }
        return lines.isEmpty ? "Nothing has been cosigned yet.\n" : lines.joined()
    }
}

/// Makes a new cosigning key.
struct RenewCosigningKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "renew-cosigning-key",
        abstract: "Make a new cosigning key, and the line for the board's list of witnesses.",
        discussion: """
            Stop the witness first and start it afterwards: it cosigns with the former key until the board lists the new \
            one in its place, and with the new one from then on. When the board has listed it, 'join' again with the \
            board's newest export; the next start forgets the former key.

            Example: tallystick-witness renew-cosigning-key --dir witness --passphrase-file passphrase
            """)

    @OptionGroup var options: CosigningKeyOptions

    func run() async throws { try options.run() }
}

/// Takes a revocation that came by file.
struct TakeRevocation: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "take-revocation",
        abstract: "Bind this witness to a revocation that came by file, whatever the broker passes on.",
        discussion: """
            The file is an agency's or the broker's own-revocation.tally, or the board's newest export. Stop the witness \
            first and start it afterwards: from then on it cosigns no head that the key signed at the position or later. Of \
            a party that was enrolled after this witness joined, give the board's newest export too.

            Example: tallystick-witness take-revocation own-revocation.tally --dir witness
            """)

    @Argument(help: "The file.") var file: String
    @Option(help: "The witness's directory.") var dir: String
    @Option(help: "The board's newest export, if the party has joined only lately.") var partnership: String?

    func run() async throws {
        let directory = PartyDirectory(path: dir)
        let lock = try DirectoryLock(directory)
        defer { withExtendedLifetime(lock) {} }
        let now = SystemTime().now()
        let parties = try directory.takeRevocations(
            try PublicFile.read(file), board: try partnership.map { try PublicFile.read($0) }, now: now
        ) { joined, fingerprint in try joined.bootstrap(fingerprint: fingerprint, now: now) }
        StandardStream.output.write("Taken: keys of \(parties.map { "\($0)" }.joined(separator: ", ")).\n")
    }
}

/// Asks for a renewed certificate.
struct RenewCertificate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "renew-certificate",
        abstract: "Make a new TLS key and certificate, and the request to enrol it.",
        discussion: """
            Stop the witness first and start it afterwards: it works on with the former certificate. Carry the request to the \
            board, and compare its fingerprint over another channel. When the board has enrolled it, 'join' again with the \
            board's newest export, and start the witness anew.

            Example: tallystick-witness renew-certificate --dir witness --passphrase-file passphrase
            """)

    @OptionGroup var options: RenewalOptions

    func run() async throws { try options.run() }
}
