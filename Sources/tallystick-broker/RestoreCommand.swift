import ArgumentParser
import BrokerService
import CommandLineSupport
import EventLogs
import PartyFiles
import Replication
import TallystickPrimitives

/// Puts a lost register back.
struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put a register that was lost back, from what the parties hold of it.",
        discussion: """
            Every agency's node writes its part with 'tallystick-node register-copy'; what auditors fetched helps too. The \
            directory has the broker's keys, the board's newest file, and no register. Everything is judged again by its \
            signatures and nothing is signed anew. What no copy has is named.

            The second store of the register's head says whether the copies reach far enough: a broker that went on from \
            an older state would contradict the receipts that it gave.

            Example: tallystick-broker restore --dir broker --from copy-of-police --from copy-of-council
            """)

    @Option(help: "The broker's directory.") var dir: String
    @Option(help: "A directory with what one party holds; give it once for each.") var from: [String]
    @OptionGroup var heads: HeadStoreOptions
    @Flag(help: "The second store of the head is lost too, and no agency's node has followed the register any further.")
    var headStoreLost = false
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try DaemonProcess.harden()
        let copies = try from.map { try CopyOnDisk(AuditBundleDirectory(reading: $0)) }
        let restored = try BrokerRestore.run(
            in: dir, from: copies, heads: heads.store, isHeadLost: headStoreLost, now: SystemTime().now()
        ) { StandardStream.error.write("put back \($0) leaves\n") }
        try output.write(PutBack(register: restored))
    }
}

/// A directory that 'register-copy' or 'audit fetch' made.
private struct CopyOnDisk: RegisterCopy {
    private let directory: AuditBundleDirectory

    init(_ directory: AuditBundleDirectory) { self.directory = directory }

    var name: String { directory.path }
    var pageCount: Int { directory.pageCount }

    func page(_ number: Int) throws -> FeedPage {
        do { return try FeedPage(decoding: try directory.page(number)) } catch is WireFault {
            throw CommandFailure("page \(number) of \(name) does not read", status: .integrity)
        }
    }

    func headNotes() throws -> [Origin: [UInt8]] { HeadNotes(decoding: try directory.headNotes())?.notes ?? [:] }
}

/// What was put back.
private struct PutBack: Answer {
    let register: RestoredBroker

    func encode(to encoder: any Encoder) throws { try register.encode(to: encoder) }

    var text: String {
        """
        Put back: the register \(register.register) with \(PlainText.count(Int(register.size), "leaf", "leaves")) of \
        \(PlainText.count(register.logs, "log", "logs")).
        root: \(register.root)
        Its newest entry came in at \(register.newest). Nothing later is known here: start the broker only if no agency's \
        node has followed the register any further.

        """
    }
}
