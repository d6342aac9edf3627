import ArgumentParser
import CommandLineSupport
import EventLogs
import HTTPTransport
import PartyFiles

/// Mends what is damaged.
struct Repair: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Mend what is damaged, from what the broker has of it.",
        discussion: """
            Stop the node first. Everything that comes back is checked by its signatures, written to a copy, and put in \
            place only when the whole log is the one that this agency signed. What nobody has is listed, and the exit \
            status is 2 then. Without a broker only what follows from the log itself is mended.

            Example: tallystick-node repair --dir node --broker relay.example:7443 \
            --passphrase-file passphrase
            """)

    @Option(help: "The node's directory.") var dir: String
    @Option(help: "The broker's address: HOST:PORT.") var broker: String?
    @Option(help: "A carry file of another agency, for what belongs to its entries; may be given often.")
    var carried: [String] = []
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try DaemonProcess.harden()
        let time = SystemTime()
        let secret = try passphrase.read()
        let repair = try NodeRepair(directory: dir, passphrase: secret, now: time.now())
        let files = try carried.map { try PublicFile.read($0) }
        let answer: RepairAnswer
        if let broker {
            let directory = PartyDirectory(path: dir)
            let (file, fingerprint) = try directory.partnership()
            let client = try AuditFetch(file, fingerprint: fingerprint, now: time.now()).client(
                at: try NetworkAddress(broker), identity: try directory.openKeys(passphrase: secret).tls, time: time)
            let result: Result<RepairAnswer, any Error>
            do {
                result = .success(
                    try await repair.run(
                        ask: { path, query in
                            try await AuditFetch.patiently {
                                try await client.send(method: .get, path: path, query: query)
                            } wait: {
                                try await Task.sleep(for: .seconds($0))
                            }
                        }, carried: files))
            } catch { result = .failure(error) }
            await client.shutdown()
            answer = try result.get()
        } else {
            answer = try await repair.run(ask: nil, carried: files)
        }
        try output.write(answer)
        guard answer.isWhole else { throw CommandFailure.exit(with: .integrity) }
    }
}
