import EventLogs
import HTTPTransport
public import KeyFiles
public import Logging
import PartyFiles
import Partnership
import SQLiteStore
import Sealing
public import ServiceLifecycle
public import TallystickPrimitives

/// What an operator decides about a node.
public struct NodeOptions: Sendable {
    /// The party directory.
    public let directory: String
    /// Where the broker listens.
    public let brokerHost: String
    /// On which port.
    public let brokerPort: Int

    /// States the options.
    public init(directory: String, brokerHost: String, brokerPort: Int) {
        self.directory = directory
        self.brokerHost = brokerHost
        self.brokerPort = brokerPort
    }
}

/// A node, put together: the only place that knows its concrete parts.
public struct NodeDaemon: Service {
    private let core: NodeCore
    private let link: BrokerLink
    private let local: UnixSocketServer

    /// Opens the log, verifies its end, rebuilds the views and prepares to serve.
    ///
    /// - Parameter onListening: told once the local interface accepts commands.
    /// - Throws: when the log's end does not verify: the node must not write then.
    public init(
        _ options: NodeOptions, passphrase: SecretBytes, entropy: any Entropy, time: any TimeSource, logger: Logger,
        onListening: @escaping @Sendable () -> Void
    ) throws {
        let directory = PartyDirectory(path: options.directory)
        let request = try directory.enrolment()
        let (file, fingerprint) = try directory.partnership()
        let keys = try directory.openKeys(passphrase: passphrase)
        let bootstrap = try file.bootstrap(fingerprint: fingerprint, now: time.now())
        guard let seed = keys.kemSeed, let localBytes = keys.local, let localKey = LocalKey(bytes: localBytes.bytes)
        else { throw PartyFileError.keyMissing(PartySecret.local) }
        let store = try NodeStore.open(in: options.directory)
        let edge = try store.verifyRightEdge()
        let writer = LogWriter(
            store: store, sequencer: edge.sequencer(origin: request.origin), statementSigner: keys.statement,
            logSigner: keys.log, time: time)
        let opener = Opener(
            store: store, localKey: localKey, kemKey: try Sealing.KEMPrivateKey(seed: seed.bytes),
            agency: request.agency)
        let recorder = Recorder(
            origin: request.origin, agency: request.agency, localKey: localKey, entropy: entropy)
        core = try NodeCore(
            NodeCore.Parts(
                agency: request.agency, writer: writer, recorder: recorder, opener: opener, bootstrap: bootstrap,
                time: time, entropy: entropy, logger: logger,
                sealedViews: SealedViews(
                    path: options.directory + "/views.sealed", agency: request.agency, localKey: localKey)))
        guard let broker = bootstrap.parties(.broker).first else { throw NodeStartFault.noBroker }
        let peers = LiveDirectory(bootstrap)
        link = BrokerLink(
            core: core,
            client: PeerClient(
                host: options.brokerHost, port: options.brokerPort, identity: keys.tls, server: broker.code,
                directory: peers, timeSource: time),
            directory: peers, time: time, logger: logger)
        local = UnixSocketServer(
            path: directory.socket, handler: NodeLocalAPI(core: core, link: link, logger: logger), logger: logger,
            onListening: onListening)
    }

    /// Serves until it is asked to stop.
    public func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await cancelWhenGracefulShutdown { await core.writer.run() } }
            group.addTask { try await cancelWhenGracefulShutdown { try await link.run() } }
            group.addTask { try await local.run() }
            try await group.waitForAll()
        }
        await core.keepViews()
    }
}

/// Why a node does not start.
public enum NodeStartFault: Error, Hashable, Sendable {
    /// The board has enrolled no broker.
    case noBroker
}

extension NodeStartFault: CustomStringConvertible {
    public var description: String {
        "the board has enrolled no broker yet; ask it for a newer partnership file, then join again"
    }
}
