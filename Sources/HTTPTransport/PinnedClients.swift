import AsyncHTTPClient
import NIOCore
import NIOSSL
import TallystickPrimitives

/// The HTTP client for the certificates that are pinned at present; another one as soon as they
/// change, because a client's trust cannot be altered.
actor PinnedClients {
    private let identity: TLSIdentity
    private var current: (pins: [[UInt8]], client: HTTPClient)?
    private var isShutDown = false

    init(identity: TLSIdentity) {
        self.identity = identity
    }

    /// A client that trusts exactly these certificates.
    ///
    /// When they differ from the last ones, requests still under way with those are cut off: who
    /// they talk to is no longer who was enrolled.
    /// - Throws: `clientShutDown`; `malformed` for pins that are not certificates.
    func client(trusting pins: [[UInt8]]) async throws(TransportFailure) -> HTTPClient {
        guard !isShutDown else { throw .clientShutDown }
        if let current, current.pins == pins { return current.client }
        let outdated = current
        let client = HTTPClient(configuration: try configuration(trusting: pins))
        current = (pins, client)
        try? await outdated?.client.shutdown()
        return client
    }

    /// Closes all connections; later requests fail.
    func shutdown() async {
        isShutDown = true
        let last = current
        current = nil
        try? await last?.client.shutdown()
    }

    private func configuration(
        trusting pins: [[UInt8]]
    ) throws(TransportFailure) -> HTTPClient.Configuration {
        let roots = pins.compactMap { try? NIOSSLCertificate(bytes: $0, format: .der) }
        guard roots.count == pins.count else { throw .malformed }
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.restrictToOurTerms()
        tls.trustRoots = .certificates(roots)
        // The pin says who it is; an address says only where.
        tls.certificateVerification = .noHostnameVerification
        tls.certificateChain = [.certificate(identity.sslCertificate)]
        tls.privateKey = .privateKey(identity.sslPrivateKey)
        var configuration = HTTPClient.Configuration.forOurClients
        configuration.tlsConfiguration = tls
        return configuration
    }
}

extension HTTPClient.Configuration {
    /// HTTP/1.1, kept alive, without redirects or decompression, with an end to every wait.
    static var forOurClients: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: Timeout(
                connect: .seconds(Limits.connectSeconds), read: .seconds(Limits.readSeconds)))
        configuration.httpVersion = .http1Only
        var pool = HTTPClient.Configuration.ConnectionPool(
            idleTimeout: .seconds(Limits.clientIdleSeconds),
            concurrentHTTP1ConnectionsPerHostSoftLimit: Limits.clientConnectionCount)
        // Our callers repeat with a pause of their own; a refusal should be told at once.
        pool.retryConnectionEstablishment = false
        configuration.connectionPool = pool
        return configuration
    }
}
