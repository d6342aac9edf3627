import HummingbirdCore
public import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle
import Synchronization
import TallystickPrimitives

/// Serves the commands of this machine's operator over HTTP/1.1 on a Unix socket.
///
/// The file's mode is 0600 from the first moment at which it can be reached: who may open it is
/// the account of the daemon, and root. Requests have no peer.
public struct UnixSocketServer: Service {
    private let socket: SocketFile
    private let handler: any RequestHandler
    private let logger: Logger
    private let onListening: @Sendable () -> Void

    /// A server that is not running yet.
    /// - Parameters:
    ///   - path: the socket's file; its directory must exist.
    ///   - handler: answers the requests.
    ///   - logger: for the start; gets no content of requests.
    ///   - onListening: told once connections are accepted.
    public init(
        path: String, handler: any RequestHandler, logger: Logger,
        onListening: @escaping @Sendable () -> Void = {}
    ) {
        socket = SocketFile(path: path)
        self.handler = handler
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves until the graceful shutdown or the cancellation of its task, then removes the file.
    ///
    /// The socket of a process that has died is replaced.
    /// - Throws: `SocketFailure` when the file cannot be made or a living process answers there.
    public func run() async throws {
        try await socket.prepare()
        let outcome = Outcome()
        defer { outcome.cleanUp(socket) }
        let exchange = ServerExchange(handler: handler) { _ in .local }
        let server = try HTTPServerBuilder.http1(configuration: .forOurServers).buildServer(
            configuration: ServerConfiguration(
                address: .unixDomainSocket(path: socket.stagingPath),
                availableConnectionsDelegate: .maximum(Limits.connectionCount, logger: logger.quiet)
            ),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: logger.quiet,
            responder: exchange.respond
        ) { [socket, logger, onListening] channel in
            guard outcome.publish(socket) else {
                try? await channel.close()
                return
            }
            logger.info("Listening for local commands")
            onListening()
        }
        try await server.run()
        if let failure = outcome.failure { throw failure }
    }
}

/// What became of the socket's file; written by the callback that cannot throw.
private final class Outcome: Sendable {
    private let result = Mutex<Result<SocketFile.FileNumber, SocketFailure>?>(nil)

    var failure: SocketFailure? {
        switch result.withLock({ $0 }) {
        case .failure(let failure): failure
        case .success, nil: nil
        }
    }

    func publish(_ socket: SocketFile) -> Bool {
        let outcome: Result<SocketFile.FileNumber, SocketFailure>
        do {
            outcome = .success(try socket.publish())
        } catch {
            outcome = .failure(error)
        }
        result.withLock { $0 = outcome }
        return failure == nil
    }

    func cleanUp(_ socket: SocketFile) {
        switch result.withLock({ $0 }) {
        case .success(let number): socket.remove(ifStill: number)
        case .failure, nil: socket.abandon()
        }
    }
}
