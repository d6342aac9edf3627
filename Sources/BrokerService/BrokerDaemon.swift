import BrokerProjections
import HTTPTransport
public import KeyFiles
public import Logging
import PartyFiles
import Partnership
import Replication
import SQLiteStore
public import ServiceLifecycle
public import TallystickPrimitives

/// What an operator decides about a broker.
public struct BrokerOptions: Sendable {
    /// The party directory.
    public let directory: String
    /// The address to listen on.
    public let host: String
    /// The port; 0 lets the system choose.
    public let port: Int
    /// The file of the second store of the register's head; nil for the one beside the directory.
    public let headStore: String?
    /// Whether a second store is begun where there is none.
    public let beginsHeadStore: Bool

    /// States the options.
    public init(directory: String, host: String, port: Int, headStore: String?, beginsHeadStore: Bool) {
        self.directory = directory
        self.headStore = headStore
        self.beginsHeadStore = beginsHeadStore
        self.host = host
        self.port = port
    }
}

/// The broker, put together: the only place that knows its concrete parts.
public struct BrokerDaemon: Service {
    private let server: MutualTLSServer
    private let local: UnixSocketServer
    private let lock: DirectoryLock
    private let keeper: RegisterKeeper
    private let boardLog: PartnershipFile
    private let peers: LiveDirectory

    /// Opens the register and prepares to serve.
    ///
    /// - Parameter onListening: told the port once connections are accepted.
    /// - Throws: when the register does not verify, or may be older than what others hold: the broker must not go on
    ///   then.
    public init(
        _ options: BrokerOptions, passphrase: SecretBytes, time: any TimeSource, logger: Logger,
        onListening: @escaping @Sendable (Int) -> Void
    ) async throws {
        let directory = PartyDirectory(path: options.directory)
        lock = try DirectoryLock(directory)
        let (file, fingerprint) = try directory.partnership()
        let request = try directory.enrolment()
        var keys = try directory.openKeys(passphrase: passphrase)
        let bootstrap = try file.bootstrap(fingerprint: fingerprint, now: time.now())
        let store = try BrokerStore.open(in: options.directory)
        _ = try store.verifyRightEdge()
        let heads = try RegisterHeads(
            options.headStore.map(HeadStore.init(path:)) ?? HeadStore(beside: directory), of: store,
            origin: request.origin, isBegun: options.beginsHeadStore)
        keeper = try await RegisterKeeper(
            loading: RegisterLoading(store: store, origin: request.origin, bootstrap: bootstrap, heads: heads),
            views: try BrokerViews.open(in: options.directory), logKeys: keys.logs.map(\.key),
            time: time)
        let desk = try await HeadDesk(
            keeper: keeper, directory: directory, store: try WitnessStore.open(in: options.directory), time: time)
        boardLog = file
        peers = LiveDirectory(bootstrap)
        let enrolled = await keeper.roster.party(of: request.origin)?.certificate
        if let enrolled, try directory.renewal()?.certificate == enrolled {
            try directory.takeRenewal(enrolled: enrolled, passphrase: passphrase, entropy: SystemEntropy())
            keys = try directory.openKeys(passphrase: passphrase)
        }
        server = MutualTLSServer(
            host: options.host, port: options.port, identity: keys.tls, directory: peers,
            handler: BrokerAPI(
                keeper: keeper, desk: desk, directory: peers, quotas: Quotas(), time: time, logger: logger),
            timeSource: time, logger: logger, onListening: onListening)
        local = UnixSocketServer(
            path: directory.socket,
            handler: BrokerLocalAPI(keeper: keeper, desk: desk, directory: peers), logger: logger)
    }

    /// Serves until it is asked to stop.
    public func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await keeper.run() }
            // What the board has done by the time this broker was told of it; registered after the first start.
            _ = try await keeper.takeBoardLog(boardLog.statements, headNote: boardLog.headNote)
            peers.update(await keeper.roster)
            group.addTask { try await local.run() }
            group.addTask { try await server.run() }
            // The register is kept until the last request has been answered.
            for _ in 0..<2 { try await group.next() }
            group.cancelAll()
        }
    }
}
