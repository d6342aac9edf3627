public import TallystickPrimitives

/// One request, read completely and stripped to what our handlers may look at.
public struct TransportRequest: Hashable, Sendable {
    /// What is asked.
    public let method: TransportMethod
    /// The path as it was sent, from its first slash, not percent-decoded.
    public let path: String
    /// The parameters of the query, percent-decoded; each name occurs once.
    public let query: [String: String]
    /// The whole body, at most `Limits.requestByteCount` bytes.
    public let body: [UInt8]
    /// Who asks, proved by the certificate of the connection; nil on the local socket.
    public let peer: AgencyCode?
    /// The headers named in `keptHeaders`, by lower-case name.
    public let headers: [String: String]

    /// The lower-case names of the headers that reach a handler.
    public static let keptHeaders = [
        "accept", "content-type", "cookie", "host", "idempotency-key", "if-none-match", "origin",
        "sec-fetch-site", "traceparent",
    ]

    /// A request made of its parts; headers that are not in `keptHeaders` are left out.
    public init(
        method: TransportMethod, path: String, query: [String: String] = [:], body: [UInt8] = [],
        peer: AgencyCode? = nil, headers: [String: String] = [:]
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
        self.peer = peer
        self.headers = headers.filter { TransportRequest.keptHeaders.contains($0.key) }
    }
}
