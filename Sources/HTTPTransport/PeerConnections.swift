import Logging
import NIOCore
import NIOSSL
import NIOTLS
import Synchronization
import TallystickPrimitives

/// How many connections each agency holds open, so that one cannot take every place of the server.
final class PeerConnections: Sendable {
    private let limit: Int
    private let counts = Mutex<[AgencyCode: Int]>([:])

    init(limit: Int) { self.limit = limit }

    /// Takes a place for an agency; false when it has all of its places.
    func open(_ agency: AgencyCode) -> Bool {
        counts.withLock { counts in
            guard counts[agency, default: 0] < limit else { return false }
            counts[agency, default: 0] += 1
            return true
        }
    }

    /// Gives a place back.
    func close(_ agency: AgencyCode) {
        counts.withLock { counts in
            guard let count = counts[agency] else { return }
            counts[agency] = count > 1 ? count - 1 : nil
        }
    }
}

/// Gives a connection its agency's place as soon as the handshake has said which agency it is, and ends it where there is
/// none.
final class PeerPlace: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let gate: PeerGate
    private let connections: PeerConnections
    private let logger: Logger

    init(gate: PeerGate, connections: PeerConnections, logger: Logger) {
        self.gate = gate
        self.connections = connections
        self.logger = logger
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted = event as? TLSUserEvent { takePlace(on: context.channel) }
        context.fireUserInboundEventTriggered(event)
    }

    private func takePlace(on channel: any Channel) {
        channel.nioSSL_peerCertificate().whenSuccess { [gate, connections, logger] certificate in
            // Whoever is not let in any more is refused at its first request.
            guard case .success(let agency) = gate.admit(certificate.map { [$0] } ?? []) else { return }
            guard connections.open(agency) else {
                logger.notice(
                    "Refused a connection",
                    metadata: ["error.code": "too-many-connections", "peer.agency": "\(agency)"])
                channel.close(promise: nil)
                return
            }
            channel.closeFuture.whenComplete { _ in connections.close(agency) }
        }
    }
}
