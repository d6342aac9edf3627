import ArgumentParser
import BrokerService
import CommandLineSupport
import HTTPTransport
import Logging
import PartyFiles

/// Serves the agencies.
struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the agencies until asked to stop.",
        discussion: """
            Writes its log to standard error as JSON lines, and `ready` to standard output once it \
            serves. Port 0 lets the system choose; --port-file then says which.

            Example: tallystick-broker run --dir broker --listen 0.0.0.0:7443 \
            --credential passphrase
            """)

    @Option(help: "The broker's directory.") var dir: String
    @Option(help: "Where to listen: HOST:PORT.") var listen: String
    @Option(help: "A file to write the port to, once it is listened on.") var portFile: String?
    @OptionGroup var heads: HeadStoreOptions
    @Flag(
        help: """
            Begin the second store of the register's head where there is none: only for a register that was never put \
            back from a copy.
            """)
    var beginHeadStore = false
    @OptionGroup var passphrase: PassphraseOptions

    func run() async throws {
        let time = SystemTime()
        DaemonProcess.startLogging(time: time)
        try DaemonProcess.harden()
        let address = try NetworkAddress(listen)
        let logger = Logger(label: "tallystick-broker")
        let options = BrokerOptions(
            directory: dir, host: address.listeningHost, port: address.port, headStore: heads.headStore,
            beginsHeadStore: beginHeadStore)
        let daemon = try await BrokerDaemon(
            options, passphrase: try passphrase.read(), time: time, logger: logger
        ) { [portFile] port in Run.announce(port, in: portFile, logger: logger) }
        try await DaemonProcess.run(daemon, logger: logger)
    }

    /// Whoever waits for the port must not find half a file, and must not be told to go on without
    /// one.
    private static func announce(_ port: Int, in file: String?, logger: Logger) {
        if let file {
            do { try PublicFile.write(Array("\(port)\n".utf8), to: file) } catch {
                logger.error("Could not write the port file", metadata: ["error.code": "port-file"])
                return
            }
        }
        logger.info("Serving", metadata: ["net.port": "\(port)"])
        DaemonProcess.sayReady()
    }
}

/// Takes in the board's newer acts.
struct TakeBoard: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "board",
        abstract: "Give the running broker the board's newest file.",
        discussion: """
            The acts carry the board's own signatures, so it does not matter who brings them.

            Example: tallystick-broker board --dir broker partnership.tally
            """)

    @Option(help: "The broker's directory.") var dir: String
    @Argument(help: "The file that the board exported.") var file: String

    func run() async throws {
        let bytes = try PartnershipFile(decoding: try PublicFile.read(file)).encoded
        let answer = try await DaemonConnection(directory: dir).send(
            .post, "/v1/board", query: [:], body: bytes, contentType: "application/cbor")
        let count = try BoardTaken.count(answer)
        StandardStream.output.write(
            "The broker has \(PlainText.count(count, "entry", "entries")) of the board.\n")
    }
}

/// How the broker stands.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show how the running broker stands.",
        discussion: "Example: tallystick-broker status --dir broker --format json")

    @Option(help: "The broker's directory.") var dir: String
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let body = try await DaemonConnection(directory: dir).get("/v1/status")
        try output.write(try CommandJSON.decode(BrokerStatus.self, from: body))
    }
}
