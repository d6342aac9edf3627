import HTTPTransport
import Synchronization

/// Reaches the broker while a certificate is renewed: from one request to the next the broker accepts the new one and
/// refuses the former, and nobody is told beforehand when.
struct RenewedExchange: BrokerExchange {
    private let former: any BrokerExchange
    private let renewed: any BrokerExchange
    private let state = State()

    private final class State: Sendable {
        let isRenewed = Mutex(false)
    }

    init(former: any BrokerExchange, renewed: any BrokerExchange) {
        self.former = former
        self.renewed = renewed
    }

    func send(
        method: TransportMethod, path: String, query: [String: String], body: [UInt8]
    ) async throws -> TransportResponse {
        let isRenewed = state.isRenewed.withLock { $0 }
        let (first, second) = isRenewed ? (renewed, former) : (former, renewed)
        let refused: Result<TransportResponse, any Error>
        do {
            let response = try await first.send(method: method, path: path, query: query, body: body)
            guard RenewedExchange.isRefusal(status: response.status) else { return response }
            refused = .success(response)
        } catch let failure as TransportFailure {
            guard RenewedExchange.isRefusal(failure) else { throw failure }
            refused = .failure(failure)
        }
        // Whoever is refused with both is told of the first: that is the one in use.
        guard let response = try? await second.send(method: method, path: path, query: query, body: body),
            !RenewedExchange.isRefusal(status: response.status)
        else { return try refused.get() }
        state.isRenewed.withLock { $0 = !isRenewed }
        return response
    }

    func shutdown() async {
        await former.shutdown()
        await renewed.shutdown()
    }

    private static func isRefusal(status: Int) -> Bool { status == 401 || status == 403 }

    /// In TLS 1.3 a refused certificate may show only when the first answer is awaited, as an end of the connection.
    private static func isRefusal(_ failure: TransportFailure) -> Bool {
        switch failure {
        case .refusedByPeer, .interrupted: true
        default: false
        }
    }
}
