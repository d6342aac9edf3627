import EventLogs
import HTTPTransport
public import KeyFiles
public import Logging
import PartyFiles
import Partnership
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
    /// The file of the second store of the log's head; nil for the one beside the directory.
    public let headStore: String?
    /// What people decide about this start.
    public let decided: StartDecisions

    /// States the options.
    public init(
        directory: String, brokerHost: String, brokerPort: Int, headStore: String?, decided: StartDecisions
    ) {
        self.decided = decided
        self.directory = directory
        self.headStore = headStore
        self.brokerHost = brokerHost
        self.brokerPort = brokerPort
    }
}

/// A node, put together: the only place that knows its concrete parts.
public struct NodeDaemon: Service {
    private let core: NodeCore
    private let link: BrokerLink
    private let cosigning: Cosigning
    private let local: UnixSocketServer
    private let lock: DirectoryLock
    private let logger: Logger

    /// Opens the log, verifies its end, rebuilds the views and prepares to serve.
    ///
    /// - Parameter onListening: told once the local interface accepts commands.
    /// - Throws: when the log's end does not verify: the node must not write then.
    public init(
        _ options: NodeOptions, passphrase: SecretBytes, entropy: any Entropy, time: any TimeSource, logger: Logger,
        onListening: @escaping @Sendable () -> Void
    ) async throws {
        self.logger = logger
        let directory = PartyDirectory(path: options.directory)
        lock = try DirectoryLock(directory)
        let node = try await OpenedNode(
            directory, heads: options.headStore.map(HeadStore.init(path:)),
            decided: options.decided, passphrase: passphrase, entropy: entropy,
            time: time, logger: logger)
        core = node.core
        cosigning = node.cosigning
        guard let broker = node.bootstrap.parties(.broker).first else { throw NodeStartFault.noBroker }
        let peers = LiveDirectory(node.bootstrap)
        func client(as identity: TLSIdentity) -> PeerClient {
            PeerClient(
                host: options.brokerHost, port: options.brokerPort, identity: identity, server: broker.code,
                directory: peers, timeSource: time)
        }
        let former = client(as: node.keys.tls)
        let client: any BrokerExchange =
            if let renewed = node.keys.renewedTLS {
                RenewedExchange(former: former, renewed: client(as: renewed))
            } else { former }
        link = BrokerLink(core: core, client: client, directory: peers, time: time, logger: logger)
        local = UnixSocketServer(
            path: directory.socket, handler: NodeLocalAPI(core: core, link: link, logger: logger), logger: logger,
            onListening: onListening)
    }

    /// Serves until it is asked to stop.
    public func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await cancelWhenGracefulShutdown { try await core.writer.run() } }
            group.addTask { try await cancelWhenGracefulShutdown { try await link.run() } }
            group.addTask {
                try await cancelWhenGracefulShutdown {
                    try await cosigning.run(with: link.client, time: link.time)
                }
            }
            group.addTask { try await local.run() }
            group.addTask { try await cancelWhenGracefulShutdown { try await keepExpiries() } }
            // The first failure ends all of it: a node that cannot serve must not go on writing unseen.
            while try await group.next() != nil {}
        }
        await core.keepViews()
    }

    /// Looks every minute for what was given until now. A failure is tried again a minute later, unless it can no longer
    /// be known what is on the disk.
    private func keepExpiries() async throws {
        while !Task.isCancelled {
            do {
                try await core.dropExpired()
                try await core.dropWithdrawn()
                try await core.destroyErased()
            } catch let due as LocalKeyDue {
                logger.notice("The local key is replaced: start again", metadata: ["error.code": "local-key-due"])
                throw due
            } catch {
                logger.error("What is over could not be destroyed", metadata: ["error.code": "expiry"])
                if error as? EventStoreError == .outcomeUnknown { throw error }
            }
            try? await Task.sleep(for: .seconds(60))
        }
    }
}

/// Why a node does not start.
public enum NodeStartFault: Error, Hashable, Sendable {
    /// The board has enrolled no broker.
    case noBroker
    /// The log has no first statement: whatever is recorded in it could never be admitted.
    case emptyLog
    /// What the log keeps sealed opens with another local key.
    case otherLocalKey
}

extension NodeStartFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noBroker: "the board has enrolled no broker yet; ask it for a newer partnership file, then join again"
        case .emptyLog:
            "the log is empty: the founding was cut short. Nothing is lost; run 'tallystick-node found' again"
        case .otherLocalKey:
            """
            the local key in party.key opens nothing of what this log keeps: the log is a backup from before the key was \
            replaced, or the key file is another's. Put back a backup from after it, or the key file of that time
            """
        }
    }
}
