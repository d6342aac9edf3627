import ArgumentParser
import CommandLineSupport
import EventLogs
import HTTPTransport
import PartyFiles
import TallystickPrimitives

/// Fetches a bundle.
struct FetchBundle: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch",
        abstract: "Fetch everything that the mandate covers into a new directory.",
        discussion: """
            What the broker answers is stored byte for byte and judged by nobody yet. Progress \
            goes to standard error.

            Example: tallystick audit fetch --dir auditor --broker relay.example:7443 \
            --out bundle-2026-03-01 --passphrase-file passphrase
            """)

    @Option(help: "The auditor's directory.") var dir: String
    @Option(help: "The broker's address: HOST:PORT.") var broker: String
    @Option(help: "The directory to make.") var out: String
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try DaemonProcess.harden()
        let time = SystemTime()
        let directory = PartyDirectory(path: dir)
        let (file, fingerprint) = try directory.partnership()
        let isAuditor = try directory.enrolment().party == .auditor
        if !isAuditor {
            StandardStream.error.write(
                """
                tallystick: hint: \(dir) is not an auditor's: the broker gives it only what it is due, and audit \
                commands do not take that for the whole. Check what it holds with 'tallystick audit verify --log \(dir)'

                """)
        }
        let keys = try directory.openKeys(passphrase: try passphrase.read())
        let fetch = try AuditFetch(file, fingerprint: fingerprint, now: time.now())
        let client = fetch.client(at: try NetworkAddress(broker), identity: keys.tls, time: time)
        let result: Result<AuditBundleDirectory, any Error>
        do {
            try await OwnLogPresenter(directory: dir, client: client).present()
            let bundle = try await fetch.fetch(
                to: out, covering: isAuditor ? .mandate : .ownFeed, time: time
            ) { path, query in
                try await AuditFetch.patiently {
                    try await client.send(method: .get, path: path, query: query)
                } wait: {
                    try await Task.sleep(for: .seconds($0))
                }
            } progress: { position in
                StandardStream.error.write("fetched up to register position \(position)\n")
            }
            result = .success(bundle)
        } catch { result = .failure(error) }
        await client.shutdown()
        try output.write(FetchAnswer(try result.get()))
    }
}

/// What was fetched.
struct FetchAnswer: Answer, Encodable {
    let bundle: String
    let facts: AuditBundleDirectory.Facts

    init(_ bundle: AuditBundleDirectory) {
        self.bundle = bundle.path
        facts = bundle.facts
    }

    var text: String {
        """
        \(bundle): \(PlainText.count(facts.pages, "page", "pages")) of the register \(facts.register), \
        fetched at \(facts.fetchedAt)
        Nothing is verified yet: run tallystick audit verify \(bundle)

        """
    }
}
