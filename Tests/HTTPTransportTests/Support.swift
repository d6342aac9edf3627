import AsyncHTTPClient
import HTTPTransport
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL
import ServiceLifecycle
import Synchronization
import TallystickPrimitives

/// Randomness of the system.
struct SystemEntropy: Entropy {
    func bytes(count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}

/// A clock that stands still until it is set.
final class SettableTime: TimeSource {
    private let instant: Mutex<Timestamp>

    init(_ text: String = "2026-03-01") {
        instant = Mutex(Timestamp(text)!)
    }

    func now() -> Timestamp { instant.withLock { $0 } }

    func set(_ text: String) { instant.withLock { $0 = Timestamp(text)! } }
}

/// A directory that counts how often it is asked about a certificate.
final class CountingDirectory: PeerDirectory {
    private let roster: PeerRoster
    private let asked = Mutex(0)

    init(_ certificates: [AgencyCode: [[UInt8]]]) {
        roster = PeerRoster(certificates)
    }

    var count: Int { asked.withLock { $0 } }

    func agency(certificateDER: [UInt8], at instant: Timestamp) -> AgencyCode? {
        asked.withLock { $0 += 1 }
        return roster.agency(certificateDER: certificateDER, at: instant)
    }

    func certificatesDER() -> [[UInt8]] { roster.certificatesDER() }
}

/// A directory whose roster can be replaced while it is in use.
final class ChangingDirectory: PeerDirectory {
    private let roster: Mutex<PeerRoster>

    init(_ certificates: [AgencyCode: [[UInt8]]]) {
        roster = Mutex(PeerRoster(certificates))
    }

    func replace(_ certificates: [AgencyCode: [[UInt8]]]) {
        roster.withLock { $0 = PeerRoster(certificates) }
    }

    func agency(certificateDER: [UInt8], at instant: Timestamp) -> AgencyCode? {
        roster.withLock { $0 }.agency(certificateDER: certificateDER, at: instant)
    }

    func certificatesDER() -> [[UInt8]] { roster.withLock { $0 }.certificatesDER() }
}

/// Answers with the caller's code and the size of the body.
struct EchoHandler: RequestHandler {
    func handle(_ request: TransportRequest) async -> TransportResponse {
        let text =
            "\(request.method.rawValue) \(request.path) \(request.peer?.text ?? "local") "
            + "\(request.body.count) \(request.query.sorted { $0.key < $1.key })"
        return TransportResponse(status: 200, contentType: "text/plain", body: Array(text.utf8))
    }
}

let quietLogger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

func makeIdentity(
    _ agency: AgencyCode, from: String = "2020-01-01", until: String = "2090-01-01"
) throws -> TLSIdentity {
    let pair = try TLSIdentity.create(
        agency: agency, entropy: SystemEntropy(), notBefore: Timestamp(from)!,
        notAfter: Timestamp(until)!)
    return try TLSIdentity(certificateDER: pair.certificateDER, privateKeyDER: pair.privateKeyDER)
}

/// Runs a service until the body is done, then stops it gracefully and waits for its end.
func running<Ready: Sendable, Outcome: Sendable>(
    _ makeService: (@escaping @Sendable (Ready) -> Void) -> any Service,
    body: (Ready, ServiceGroup) async throws -> Outcome
) async throws -> Outcome {
    let (ready, continuation) = AsyncStream<Ready>.makeStream()
    let service = makeService { continuation.yield($0) }
    let group = ServiceGroup(
        configuration: ServiceGroupConfiguration(services: [service], logger: quietLogger))
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask {
            defer { continuation.finish() }
            try await group.run()
        }
        var iterator = ready.makeAsyncIterator()
        guard let value = await iterator.next() else {
            try await tasks.waitForAll()
            throw ServiceDidNotStart()
        }
        let outcome: Result<Outcome, any Error>
        do {
            outcome = .success(try await body(value, group))
        } catch {
            outcome = .failure(error)
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
        return try outcome.get()
    }
}

struct ServiceDidNotStart: Error {}

/// One agency's server, another agency's identity, and the directory that both use.
struct Fixture {
    let time = SettableTime()
    let broker: TLSIdentity
    let node: TLSIdentity
    let directory: ChangingDirectory

    init() throws {
        broker = try makeIdentity("broker")
        node = try makeIdentity("council")
        directory = ChangingDirectory([
            "broker": [broker.certificateDER], "council": [node.certificateDER],
        ])
    }

    func serve<Outcome: Sendable>(
        handler: any RequestHandler = EchoHandler(),
        directory serverDirectory: (any PeerDirectory)? = nil,
        handshakeSeconds: Int64 = Limits.handshakeSeconds,
        peerConnectionCount: Int = Limits.peerConnectionCount,
        body: (Int, ServiceGroup) async throws -> Outcome
    ) async throws -> Outcome {
        try await running(
            { onListening in
                MutualTLSServer(
                    host: "127.0.0.1", port: 0, identity: broker,
                    directory: serverDirectory ?? directory, handler: handler, timeSource: time,
                    logger: quietLogger, handshakeSeconds: handshakeSeconds,
                    peerConnectionCount: peerConnectionCount, onListening: onListening)
            }, body: body)
    }

    func client(
        port: Int, identity: TLSIdentity? = nil, server: AgencyCode = "broker",
        directory: (any PeerDirectory)? = nil
    ) -> PeerClient {
        PeerClient(
            host: "127.0.0.1", port: port, identity: identity ?? node, server: server,
            directory: directory ?? self.directory, timeSource: time)
    }

    /// Lends a client and shuts it down, however the body ends.
    func withClient(
        port: Int, identity: TLSIdentity? = nil, server: AgencyCode = "broker",
        directory: (any PeerDirectory)? = nil, body: (PeerClient) async throws -> Void
    ) async throws {
        let client = client(port: port, identity: identity, server: server, directory: directory)
        do {
            try await body(client)
        } catch {
            await client.shutdown()
            throw error
        }
        await client.shutdown()
    }
}

/// Lends a client and shuts it down, however the body ends.
func withSocketClient(path: String, body: (UnixSocketClient) async throws -> Void) async throws {
    let client = UnixSocketClient(path: path)
    do {
        try await body(client)
    } catch {
        await client.shutdown()
        throw error
    }
    await client.shutdown()
}

/// Sends one GET with a TLS configuration of the test's own; nil when no response came.
func rawStatus(port: Int, configure: (inout TLSConfiguration) -> Void) async throws -> UInt? {
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.certificateVerification = .none
    configure(&tls)
    var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
    configuration.connectionPool.retryConnectionEstablishment = false
    let client = HTTPClient(configuration: configuration)
    let request = HTTPClientRequest(url: "https://127.0.0.1:\(port)/")
    let response = try? await client.execute(request, timeout: .seconds(150))
    try await client.shutdown()
    return response?.status.code
}

func text(_ response: TransportResponse) -> String {
    String(decoding: response.body, as: UTF8.self)
}

extension PeerClient {
    /// The failure that a GET ends in; nil when it is answered.
    func failureOfGet(timeout: Duration = patience) async -> TransportFailure? {
        do {
            _ = try await send(method: .get, path: "/", timeout: timeout)
            return nil
        } catch {
            return error
        }
    }
}

/// How long a test waits for an answer that is sure to come: megabytes in a debug build, beside a thousand other tests.
let patience = Duration.seconds(150)

extension UnixSocketClient {
    enum Answer: Hashable {
        case status(Int)
        case failed(TransportFailure)
    }

    /// What becomes of a POST with that body.
    func answer(toBody body: [UInt8]) async -> Answer {
        do {
            return .status(try await send(method: .post, path: "/", body: body, timeout: patience).status)
        } catch {
            return .failed(error)
        }
    }

    /// The failure that a GET ends in; nil when it is answered.
    func failureOfGet() async -> TransportFailure? {
        do {
            _ = try await send(method: .get, path: "/", timeout: patience)
            return nil
        } catch {
            return error
        }
    }
}
