import BrokerProjections
package import HTTPTransport
package import KeyFiles
package import Logging
package import PartyFiles
import Partnership
import Replication
package import SQLiteStore
package import TallystickPrimitives
package import TransparencyLog

/// A broker without its daemon, for programs that hold nodes and broker in one process: its register and its interface
/// are the daemon's, and nothing listens.
package struct HostedBroker: Sendable {
    private let keeper: RegisterKeeper
    private let api: BrokerAPI
    private let loading: RegisterLoading
    private let boardLog: PartnershipFile

    /// Opens a party's directory as the daemon does.
    ///
    /// - Parameter heads: the second store of the register's head; nil where nothing of the register leaves the process.
    /// - Throws: when the register does not verify, or may be older than what others hold: the broker must not go on
    ///   then.
    package init(
        _ directory: PartyDirectory, heads: HeadStore? = nil, passphrase: SecretBytes, time: any TimeSource,
        logger: Logger
    ) async throws {
        let (file, fingerprint) = try directory.partnership()
        let bootstrap = try file.bootstrap(fingerprint: fingerprint, now: time.now())
        let store = try BrokerStore.open(in: directory.path)
        _ = try store.verifyRightEdge()
        let origin = try directory.enrolment().origin
        loading = RegisterLoading(
            store: store, origin: origin, bootstrap: bootstrap,
            heads: try heads.map { try RegisterHeads($0, of: store, origin: origin) })
        keeper = try await RegisterKeeper(
            loading: loading, views: try BrokerViews.open(in: directory.path),
            logKeys: try directory.openKeys(passphrase: passphrase).logs.map(\.key), time: time)
        boardLog = file
        let desk = try await HeadDesk(
            keeper: keeper, directory: directory, store: try WitnessStore.open(in: directory.path), time: time)
        api = BrokerAPI(
            keeper: keeper, desk: desk, directory: LiveDirectory(bootstrap), quotas: Quotas(), time: time,
            logger: logger)
    }

    /// Registers what waits, until the task is cancelled.
    package func run() async throws { try await keeper.run() }

    /// Registers what the board has done; `run` must be under way.
    package func takeBoardLog() async throws {
        _ = try await keeper.takeBoardLog(boardLog.statements, headNote: boardLog.headNote)
    }

    /// Answers a party's request; the caller vouches for who asks.
    package func handle(_ request: TransportRequest) async -> TransportResponse { await api.handle(request) }

    /// What the broker has on its disk.
    package var store: BrokerStore { loading.store }

    /// How many leaves the register has.
    package var size: TreeSize { get async { await keeper.size } }

    /// The register's head as it follows from the disk alone, every statement judged again.
    package func reloadedHead() async throws -> TreeHead {
        try await loading.loadOnAllCores().0.head(origin: loading.origin)
    }
}
