import AsyncHTTPClient
import TallystickPrimitives

/// Asks the daemon of this machine on its Unix socket.
public struct UnixSocketClient: Sendable {
    private let path: String
    private let client: HTTPClient

    /// A client without connections yet. Call `shutdown()` before letting go of the last copy.
    /// - Parameter path: the socket's file.
    public init(path: String) {
        self.path = path
        // A daemon that imports a large file says nothing until it is done; the timeout bounds the wait.
        var configuration = HTTPClient.Configuration.forOurClients
        configuration.timeout.read = nil
        client = HTTPClient(configuration: configuration)
    }

    /// Sends one request and waits for the whole answer, whatever its status.
    /// - Parameters:
    ///   - path: from its first slash, already escaped where needed.
    ///   - query: parameters, not escaped.
    ///   - timeout: for the whole exchange.
    /// - Throws: `TransportFailure.unreachable` when no daemon answers; never `.status`: see
    ///   `TransportResponse.successBody()`.
    public func send(
        method: TransportMethod, path: String, query: [String: String] = [:], body: [UInt8] = [],
        contentType: String = "application/cbor", timeout: Duration = .seconds(30)
    ) async throws(TransportFailure) -> TransportResponse {
        let exchange = ClientExchange(
            method: method, target: RequestTarget(path: path, query: query), body: body,
            contentType: contentType, timeout: timeout)
        let baseURL = "http+unix://" + RequestTarget.escaped(self.path)
        return try await exchange.send(on: client, baseURL: baseURL, address: self.path)
    }

    /// Closes all connections; requests after it fail with `clientShutDown`.
    public func shutdown() async { try? await client.shutdown() }
}
