import Glibc
import HummingbirdCore
import HummingbirdTLS
public import Logging
import NIOCore
import NIOPosix
import NIOSSL
public import ServiceLifecycle
public import TallystickPrimitives

/// Serves enrolled agencies over HTTP/1.1 and TLS 1.3, both sides proved by pinned certificates.
///
/// The directory is asked in each handshake and again for each request, so a newly enrolled agency
/// gets in and a removed one is refused without a restart. A graceful shutdown stops accepting,
/// cancels handlers that wait, lets answers out and then returns.
public struct MutualTLSServer: Service {
    private let host: String
    private let port: Int
    private let identity: TLSIdentity
    private let gate: PeerGate
    private let handler: any RequestHandler
    private let logger: Logger
    private let handshakeSeconds: Int64
    private let connections: PeerConnections
    private let onListening: @Sendable (Int) -> Void

    /// A server that is not running yet.
    /// - Parameters:
    ///   - host: the address to listen on.
    ///   - port: the port to listen on; 0 lets the system choose one.
    ///   - identity: how this side proves itself.
    ///   - directory: whose certificates are accepted.
    ///   - handler: answers the requests.
    ///   - timeSource: against which dates of certificates are judged.
    ///   - logger: for refusals and the start; gets no content of requests.
    ///   - handshakeSeconds: how long a connection may take for its handshake.
    ///   - peerConnectionCount: how many connections one agency may hold open.
    ///   - onListening: told the port once connections are accepted.
    public init(
        host: String, port: Int, identity: TLSIdentity, directory: any PeerDirectory,
        handler: any RequestHandler, timeSource: any TimeSource, logger: Logger,
        handshakeSeconds: Int64 = Limits.handshakeSeconds,
        peerConnectionCount: Int = Limits.peerConnectionCount,
        onListening: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.handshakeSeconds = handshakeSeconds
        connections = PeerConnections(limit: peerConnectionCount)
        self.host = host
        self.port = port
        self.identity = identity
        gate = PeerGate(directory: directory, timeSource: timeSource)
        self.handler = handler
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves until the graceful shutdown or the cancellation of its task.
    /// - Throws: `TransportFailure.cannotListen`.
    public func run() async throws {
        let exchange = ServerExchange(handler: handler, identify: caller)
        let http = HTTPServerBuilder.http1(
            configuration: .forPeers(handshakeSeconds: handshakeSeconds) { [gate, connections, logger] in
                PeerPlace(gate: gate, connections: connections, logger: logger)
            })
        let server = try HTTPServerBuilder.tls(http, configuration: channelConfiguration())
            .buildServer(
                configuration: ServerConfiguration(
                    address: .hostname(host, port: port),
                    availableConnectionsDelegate: .maximum(
                        Limits.connectionCount, logger: logger.quiet)),
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
                logger: logger.quiet,
                responder: exchange.respond
            ) { [logger, onListening] channel in
                let port = channel.localAddress?.port ?? 0
                logger.info("Listening for peers", metadata: ["net.port": "\(port)"])
                onListening(port)
            }
        do { try await server.run() } catch let error as IOError {
            throw TransportFailure.cannotListen(
                "\(host):\(port)", reason: String(cString: strerror(error.errnoCode)).lowercased())
        }
    }
}

extension MutualTLSServer {
    private func channelConfiguration() -> TLSChannelConfiguration {
        var configuration = TLSConfiguration.makeServerConfigurationWithMTLS(
            certificateChain: [.certificate(identity.sslCertificate)],
            privateKey: .privateKey(identity.sslPrivateKey),
            // Never consulted, since the callback below decides; without roots of its own the
            // library would load the system's.
            trustRoots: .certificates([identity.sslCertificate]))
        configuration.restrictToOurTerms()
        return TLSChannelConfiguration(
            tlsConfiguration: configuration,
            customVerificationCallback: { [gate, logger] certificates, promise in
                switch gate.admit(certificates) {
                case .success: promise.succeed(.certificateVerified)
                case .failure(let refusal):
                    logger.debug(
                        "Refused a handshake", metadata: ["error.code": "\(refusal.rawValue)"])
                    promise.succeed(.failed)
                }
            })
    }

    private func caller(on channel: any Channel) async throws -> ServerExchange.Caller {
        let certificate = try await channel.nioSSL_peerCertificate().get()
        switch gate.admit(certificate.map { [$0] } ?? []) {
        case .success(let agency): return .peer(agency)
        case .failure(let refusal):
            logger.notice("Refused a request", metadata: ["error.code": "\(refusal.rawValue)"])
            return .refused
        }
    }
}

extension HTTP1Channel.Configuration {
    /// As `forOurServers`, with an end for strangers who never finish a handshake and a bound on what one agency holds.
    static func forPeers(
        handshakeSeconds: Int64, place: @escaping @Sendable () -> PeerPlace
    ) -> HTTP1Channel.Configuration {
        var configuration = HTTP1Channel.Configuration.forOurServers
        configuration.additionalChannelHandlers = { [HandshakeDeadline(.seconds(handshakeSeconds)), place()] }
        return configuration
    }

    /// Bounded headers, and an end for connections on which nothing happens.
    static var forOurServers: HTTP1Channel.Configuration {
        HTTP1Channel.Configuration(
            idleTimeout: .seconds(Limits.serverIdleSeconds),
            httpDecoderConfiguration: DecoderConfiguration(
                maxHeaderFieldSize: Limits.headerByteCount,
                maxHeaderListSize: Limits.headerByteCount,
                maxHeaderFieldCount: Limits.headerCount))
    }
}

extension Logger {
    /// The same logger for a library whose lower levels would put addresses and errors into text.
    var quiet: Logger {
        var logger = self
        logger.logLevel = .error
        return logger
    }
}
