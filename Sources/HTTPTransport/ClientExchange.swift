import AsyncHTTPClient
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import TallystickPrimitives

/// What both clients do with one request: send it, collect the answer, turn errors into failures.
struct ClientExchange: Sendable {
    let method: TransportMethod
    let target: RequestTarget
    let body: [UInt8]
    let contentType: String
    let timeout: Duration

    /// Sends the request.
    /// - Parameters:
    ///   - baseURL: scheme and authority.
    ///   - diagnose: turns an error of the TLS library into a failure; nil for other errors.
    func send(
        on client: HTTPClient, baseURL: String, address: String,
        diagnose: (any Error) -> TransportFailure? = { _ in nil }
    ) async throws(TransportFailure) -> TransportResponse {
        var request = HTTPClientRequest(url: baseURL + target.encoded)
        request.method = HTTPMethod(rawValue: method.rawValue)
        if !body.isEmpty {
            request.headers.add(name: "content-type", value: contentType)
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        do {
            let response = try await client.execute(request, timeout: TimeAmount(timeout))
            let bytes = try await response.body.collect(upTo: Limits.responseByteCount)
            return try ClientExchange.transportResponse(response, body: bytes)
        } catch {
            throw diagnose(error) ?? failure(error, address: address)
        }
    }

    private static func transportResponse(
        _ response: HTTPClientResponse, body: ByteBuffer
    ) throws(TransportFailure) -> TransportResponse {
        guard (200...599).contains(response.status.code) else { throw .malformed }
        var headers: [String: String] = [:]
        for name in TransportResponse.keptHeaders {
            if let value = response.headers.first(name: name) { headers[name] = value }
        }
        return TransportResponse(
            status: Int(response.status.code),
            contentType: response.headers.first(name: "content-type") ?? "",
            body: Array(body.readableBytesView), headers: headers)
    }

    private func failure(_ error: any Error, address: String) -> TransportFailure {
        switch error {
        case let failure as TransportFailure: failure
        case is CancellationError: .cancelled
        case is NIOTooManyBytesError: .tooLarge(limit: ByteCount(Limits.responseByteCount))
        case let error as HTTPClientError: failure(error)
        case is HTTPParserError: .malformed
        case let error as IOError where connectionBroke(error): .interrupted
        case is IOError, is NIOConnectionError, is ChannelError: .unreachable(address)
        default: .interrupted
        }
    }

    private func connectionBroke(_ error: IOError) -> Bool {
        [ECONNRESET, EPIPE, ENOTCONN].contains(error.errnoCode)
    }

    private func failure(_ error: HTTPClientError) -> TransportFailure {
        switch error {
        case .connectTimeout, .readTimeout, .writeTimeout, .deadlineExceeded, .tlsHandshakeTimeout,
            .getConnectionFromPoolTimeout:
            .timedOut(after: timeout)
        case .cancelled, .requestStreamCancelled: .cancelled
        case .alreadyShutdown: .clientShutDown
        case .remoteConnectionClosed, .uncleanShutdown: .interrupted
        default: .malformed
        }
    }
}
