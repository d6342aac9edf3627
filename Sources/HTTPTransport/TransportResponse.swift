/// One response, with its whole body.
public struct TransportResponse: Hashable, Sendable {
    /// The HTTP status (RFC 9110 §15).
    public let status: Int
    /// The media type of the body; empty when there is none.
    public let contentType: String
    /// The whole body.
    public let body: [UInt8]
    /// Further headers by lower-case name. A client keeps only those in `keptHeaders`.
    public let headers: [String: String]

    /// The lower-case names of the headers that a client shows to its caller.
    public static let keptHeaders = ["etag", "location", "retry-after"]

    /// A response made of its parts.
    /// - Precondition: `status` is a final one, from 200 to 599.
    public init(status: Int, contentType: String, body: [UInt8], headers: [String: String] = [:]) {
        precondition((200...599).contains(status), "a response has a final status")
        self.status = status
        self.contentType = contentType
        self.body = body
        self.headers = headers
    }

    /// Deterministic CBOR, media type `application/cbor` (RFC 8949 §9.5).
    public static func cbor(_ body: [UInt8], status: Int = 200) -> TransportResponse {
        TransportResponse(status: status, contentType: "application/cbor", body: body)
    }

    /// JSON, media type `application/json` (RFC 8259).
    public static func json(_ body: [UInt8], status: Int = 200) -> TransportResponse {
        TransportResponse(status: status, contentType: "application/json", body: body)
    }

    /// A problem, media type `application/problem+json` (RFC 9457).
    public static func problem(_ problem: ProblemDetails) -> TransportResponse {
        TransportResponse(
            status: problem.status, contentType: ProblemDetails.mediaType, body: problem.json)
    }

    /// The problem that this response carries; nil when it carries none.
    public var problem: ProblemDetails? {
        contentType == ProblemDetails.mediaType ? ProblemDetails(json: body) : nil
    }

    /// The body of a success.
    /// - Throws: `TransportFailure.status` for any status but 2xx, with the problem if one came.
    public func successBody() throws(TransportFailure) -> [UInt8] {
        guard (200...299).contains(status) else { throw .status(status, problem) }
        return body
    }
}
