import ArgumentParser
import CommandLineSupport
import EventLogs
import Logging
import NodeService
import PartyFiles
import SQLiteStore

/// Serves this agency's people.
struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve this agency's people, and exchange with the broker, until asked to stop.",
        discussion: """
            Writes its log to standard error as JSON lines, and `ready` to standard output once it \
            serves. While the broker does not answer the node records on and catches up.

            Example: tallystick-node run --dir node --broker relay.example:7443 \
            --credential passphrase
            """)

    @Option(help: "The node's directory.") var dir: String
    @Option(help: "The broker's address: HOST:PORT.") var broker: String
    @OptionGroup var heads: HeadStoreOptions
    @Flag(
        help: """
            Begin the second store anew: give up what it says this log has given out and nobody has any more. Only after \
            the status says 'head-store-not-met', and where no newer copy of the directory is left.
            """)
    var beginHeadStore = false
    @Flag(
        help: """
            Answer for this log at this start in the place of co-signers who cannot, because they were put back at the same \
            time. Only after you have asked the people of each of them, and none knows of anything newer.
            """)
    var answerForLog = false
    @OptionGroup var passphrase: PassphraseOptions

    func run() async throws {
        let time = SystemTime()
        DaemonProcess.startLogging(time: time)
        try DaemonProcess.harden()
        let address = try NetworkAddress(broker)
        let logger = Logger(label: "tallystick-node")
        var decided: StartDecisions = []
        if beginHeadStore { decided.insert(.beginHeadStore) }
        if answerForLog { decided.insert(.answerForLog) }
        let options = NodeOptions(
            directory: dir, brokerHost: address.host, brokerPort: address.port, headStore: heads.headStore,
            decided: decided)
        let daemon = try await NodeDaemon(
            options, passphrase: try passphrase.read(), entropy: SystemEntropy(), time: time,
            logger: logger
        ) {
            logger.info("Serving")
            DaemonProcess.sayReady()
        }
        try await DaemonProcess.run(daemon, logger: logger)
    }
}

/// Checks everything that is stored.
struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Recompute everything that is stored, check its signatures, and name all damage.",
        discussion: """
            Stop the node first, or check a copy of its directory. The exit status is 2 when \
            something is damaged; every finding names the log, the place and the part.

            Example: tallystick-node verify --dir node
            """)

    @Option(help: "The node's directory.") var dir: String
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let check = try LogCheck(directory: dir) { count in
            StandardStream.error.write("checked \(count)\n")
        }
        try output.write(check)
        guard check.isWhole else { throw CommandFailure.exit(with: .integrity) }
    }
}
