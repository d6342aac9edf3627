package import HTTPTransport

/// How requests reach the broker: over mutual TLS in a daemon, by a call where broker and nodes share a process.
package protocol BrokerExchange: Sendable {
    /// Sends one request and waits for the whole answer, whatever its status.
    func send(
        method: TransportMethod, path: String, query: [String: String], body: [UInt8]
    ) async throws -> TransportResponse
    /// Closes what is open; requests after it fail.
    func shutdown() async
}

extension PeerClient: BrokerExchange {
    package func send(
        method: TransportMethod, path: String, query: [String: String], body: [UInt8]
    ) async throws -> TransportResponse {
        try await send(
            method: method, path: path, query: query, body: body, contentType: "application/cbor",
            timeout: nil)
    }
}
