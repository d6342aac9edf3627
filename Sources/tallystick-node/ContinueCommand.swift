import ArgumentParser
import CommandLineSupport
import EventLogs
import HTTPTransport
import NodeService
import PartyFiles

/// Goes on in a new log.
struct Continue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Go on in a new log where others hold another history of this one.",
        discussion: """
            Only where the log cannot be mended: 'tallystick node status' says 'log-forked', or its newest entries are \
            nowhere. The log ends for good where the register has it; what only this directory has of it is lost. A new \
            directory is made, with new keys and everything that the register has; this one is only read. Stop the node \
            and every copy of it first. Needs the root key.

            Example: tallystick-node continue --dir node --into node-r1 --broker relay.example:7443 \
            --root-key /media/root.key --passphrase-file passphrase
            """)

    @Option(help: "The new directory; nothing may be there.") var into: String
    @Option(help: "The broker's address: HOST:PORT.") var broker: String
    @OptionGroup var options: RootKeyOptions

    func run() async throws {
        try DaemonProcess.harden()
        let time = SystemTime()
        let passphrases = try options.passphrases()
        let directory = PartyDirectory(path: options.dir)
        let (file, fingerprint) = try directory.partnership()
        let client = try AuditFetch(file, fingerprint: fingerprint, now: time.now()).client(
            at: try NetworkAddress(broker), identity: try directory.openKeys(passphrase: passphrases.party).tls,
            time: time)
        let continuation = NodeContinuation(
            of: options.dir, into: into, rootKeyFile: options.rootKey, heads: options.heads.store,
            entropy: SystemEntropy(), time: time)
        let result: Result<ContinuationSummary, any Error>
        do {
            result = .success(
                try await continuation.run(
                    passphrases: KeyRotation.Passphrases(party: passphrases.party, root: passphrases.root),
                    ask: { path, query in
                        try await AuditFetch.patiently {
                            try await client.send(method: .get, path: path, query: query)
                        } wait: {
                            try await Task.sleep(for: .seconds($0))
                        }
                    }))
        } catch { result = .failure(error) }
        await client.shutdown()
        try options.output.write(Continued(summary: try result.get()))
    }
}

/// What goes on where.
private struct Continued: Answer {
    let summary: ContinuationSummary

    func encode(to encoder: any Encoder) throws { try summary.encode(to: encoder) }

    var text: String {
        """
        \(summary.endedLog) ends with \(summary.registered) entries, \(summary.broughtBack) of them brought back.
        Lost, and only in the former directory: \(summary.lost) entries.
        \(summary.log) goes on in \(summary.directory).
        Start the node there and tell the board; keep the former directory, and start no node in it again.

        """
    }
}
