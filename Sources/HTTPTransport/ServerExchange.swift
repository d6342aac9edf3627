import HTTPTypes
import HummingbirdCore
import NIOCore
import ServiceLifecycle
import TallystickPrimitives

/// What both servers do with one request: find out who asks, read it, have it answered, write the
/// answer.
struct ServerExchange: Sendable {
    let handler: any RequestHandler
    let identify: @Sendable (any Channel) async throws -> Caller

    /// Who is at the other end of a connection.
    enum Caller: Sendable {
        /// Somebody on this machine who may open the socket.
        case local
        /// An enrolled agency.
        case peer(AgencyCode)
        /// Nobody who may ask.
        case refused
    }

    /// Answers one request of a connection.
    /// - Throws: when the connection must not be used again; throwing closes it.
    @concurrent func respond(
        to request: Request, writer: consuming ResponseWriter, channel: any Channel
    ) async throws {
        let caller = try await identify(channel)
        let body = try await BoundedBody.read(request.body, keeping: caller.byteLimit)
        let answer = await answer(request.head, from: caller, with: body)
        let response = ServerExchange.response(answer, closing: body.isCut || caller.isRefused)
        try await writer.write(response: response.head, body: response.body)
        if body.isCut || caller.isRefused { throw ConnectionFinished() }
    }

    private func answer(
        _ head: HTTPRequest, from caller: Caller, with body: BoundedBody
    ) async -> TransportResponse {
        if caller.isRefused { return .problem(.peerNotEnrolled) }
        guard case .whole(let bytes) = body else { return .problem(.bodyTooLarge(limit: caller.byteLimit)) }
        guard let method = TransportMethod(rawValue: head.method.rawValue) else {
            return .problem(.methodNotAllowed)
        }
        guard let target = RequestTarget(parsing: head.path ?? "") else {
            return .problem(.malformedTarget)
        }
        let request = TransportRequest(
            method: method, path: target.path, query: target.query, body: bytes,
            peer: caller.agency,
            headers: ServerExchange.keptHeaders(head.headerFields))
        // A long poll must not hold up a stop, and its handler answers at once when cancelled.
        return await cancelWhenGracefulShutdown { [handler] in await handler.handle(request) }
    }
}

extension ServerExchange {
    private static func keptHeaders(_ fields: HTTPFields) -> [String: String] {
        var result: [String: String] = [:]
        for name in TransportRequest.keptHeaders {
            if let field = HTTPField.Name(name), let value = fields[field] { result[name] = value }
        }
        return result
    }

    private static func response(_ answer: TransportResponse, closing: Bool) -> Response {
        var fields = HTTPFields()
        fields[.cacheControl] = "no-store"
        fields[.xContentTypeOptions] = "nosniff"
        if !answer.contentType.isEmpty { fields[.contentType] = answer.contentType }
        if closing { fields[.connection] = "close" }
        for (name, value) in answer.headers {
            if let field = HTTPField.Name(name) { fields[field] = value }
        }
        return Response(
            status: HTTPResponse.Status(code: answer.status), headers: fields,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
    }
}

extension ServerExchange.Caller {
    var agency: AgencyCode? {
        switch self {
        case .peer(let agency): agency
        case .local, .refused: nil
        }
    }

    var isRefused: Bool {
        switch self {
        case .refused: true
        case .local, .peer: false
        }
    }

    /// Nothing of a refused caller's body is kept; who is on this machine may bring a file to import.
    var byteLimit: Int {
        switch self {
        case .local: Limits.localRequestByteCount
        case .peer: Limits.requestByteCount
        case .refused: 0
        }
    }
}

/// Ends a connection after its answer was written.
struct ConnectionFinished: Error {}
