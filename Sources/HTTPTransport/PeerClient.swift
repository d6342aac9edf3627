import NIOSSL
public import TallystickPrimitives

/// Asks one agency's server, over HTTP/1.1 and TLS 1.3, both sides proved by pinned certificates.
///
/// The server's certificate must be one that the directory holds for the expected agency at the
/// time of the request; a change of the directory takes effect with the next request. Connections
/// are kept for later requests.
public struct PeerClient: Sendable {
    private let address: String
    private let server: AgencyCode
    private let directory: any PeerDirectory
    private let timeSource: any TimeSource
    private let clients: PinnedClients

    /// A client without connections yet. Call `shutdown()` before letting go of the last copy.
    /// - Parameters:
    ///   - host: a host name or an IPv4 address, or an IPv6 address in brackets.
    ///   - port: from 1 to 65535.
    ///   - identity: how this side proves itself.
    ///   - server: the agency that must be at the other end.
    ///   - directory: which certificates are that agency's.
    ///   - timeSource: against which dates of certificates are judged.
    public init(
        host: String, port: Int, identity: TLSIdentity, server: AgencyCode,
        directory: any PeerDirectory, timeSource: any TimeSource
    ) {
        address = "\(host):\(port)"
        self.server = server
        self.directory = directory
        self.timeSource = timeSource
        clients = PinnedClients(identity: identity)
    }

    /// Sends one request and waits for the whole answer, whatever its status.
    /// - Parameters:
    ///   - path: from its first slash, already escaped where needed.
    ///   - query: parameters, not escaped.
    ///   - timeout: for the whole exchange, `timeLimit(sending:)` if nil; after `Limits.readSeconds` of silence it
    ///     ends anyway.
    /// - Throws: `TransportFailure`, never `.status`: see `TransportResponse.successBody()`.
    public func send(
        method: TransportMethod, path: String, query: [String: String] = [:], body: [UInt8] = [],
        contentType: String = "application/cbor", timeout: Duration? = nil
    ) async throws(TransportFailure) -> TransportResponse {
        let pins = directory.certificatesDER(of: server, at: timeSource.now())
        guard !pins.isEmpty else { throw .serverNotEnrolled(server) }
        let exchange = ClientExchange(
            method: method, target: RequestTarget(path: path, query: query), body: body,
            contentType: contentType, timeout: timeout ?? PeerClient.timeLimit(sending: body.count))
        let client = try await clients.client(trusting: pins)
        return try await exchange.send(
            on: client, baseURL: "https://\(address)", address: address, diagnose: handshakeFailure)
    }

    /// How long an exchange may take: what is sent, and the largest answer, over the slowest line. The same push tried
    /// again takes just as long, so a limit that ends it once would end it for ever; silence ends a dead line much
    /// sooner.
    static func timeLimit(sending byteCount: Int) -> Duration {
        let bytes = Int64(byteCount + Limits.responseByteCount)
        return .seconds(Limits.exchangeSeconds + bytes / Int64(Limits.slowestLineBytesPerSecond))
    }

    /// Closes all connections; requests after it fail with `clientShutDown`.
    public func shutdown() async { await clients.shutdown() }

    /// Tells our refusal of the server from the server's refusal of us.
    private func handshakeFailure(_ error: any Error) -> TransportFailure? {
        guard error is NIOSSLError || error is BoringSSLError else { return nil }
        // The library keeps the reason in its description only.
        let isOurs = String(describing: error).contains("CERTIFICATE_VERIFY_FAILED")
        return isOurs ? .serverNotTrusted(server) : .refusedByPeer(address)
    }
}
