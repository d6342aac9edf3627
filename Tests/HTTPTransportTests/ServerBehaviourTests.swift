import ServiceLifecycle
import TallystickPrimitives
import Testing

@testable import HTTPTransport

@Suite(.timeLimit(.minutes(10)))
struct ServerBehaviourTests {
    /// Tells that a request has come, then waits until its task is cancelled.
    private struct LongPoll: RequestHandler {
        let arrived: AsyncStream<Void>.Continuation

        func handle(_ request: TransportRequest) async -> TransportResponse {
            let (never, continuation) = AsyncStream<Void>.makeStream()
            arrived.yield()
            for await _ in never {}
            continuation.finish()
            return .cbor([0x80])
        }
    }

    @Test func gracefulStopEndsWaitingRequestsWithTheirAnswer() async throws {
        let fixture = try Fixture()
        let (arrivals, arrived) = AsyncStream<Void>.makeStream()
        try await fixture.serve(handler: LongPoll(arrived: arrived)) { port, group in
            try await fixture.withClient(port: port) { client in
                async let waiting = client.send(method: .get, path: "/v1/feed")
                for await _ in arrivals { break }
                await group.triggerGracefulShutdown()
                let answer = try await waiting
                #expect(answer == .cbor([0x80]))
            }
        }
    }

    /// A stranger who says nothing loses its place when the time for a handshake is over; an agency keeps its own.
    @Test func strangersDoNotKeepTheirPlaces() async throws {
        let fixture = try Fixture()
        try await fixture.serve(handshakeSeconds: 1) { port, _ in
            try await fixture.withClient(port: port) { client in
                _ = try await client.send(method: .get, path: "/")
                let strangers = (0..<8).map { _ in connectSilently(to: port) }
                for stranger in strangers { #expect(isEndedByOtherSide(stranger), "within half a minute") }
                strangers.forEach(endSilence)
                let response = try await client.send(method: .get, path: "/")
                #expect(response.status == 200)
            }
        }
    }

    /// One agency has so many places and no more; they come back when it goes.
    @Test func anAgencyTakesNoMoreThanItsPlaces() async throws {
        let fixture = try Fixture()
        try await fixture.serve(peerConnectionCount: 2) { port, _ in
            try await fixture.withClient(port: port) { first in
                #expect(try await first.send(method: .get, path: "/").status == 200)
                try await fixture.withClient(port: port) { second in
                    #expect(try await second.send(method: .get, path: "/").status == 200)
                    try await fixture.withClient(port: port) { third in
                        await #expect(throws: TransportFailure.self) { try await third.send(method: .get, path: "/") }
                    }
                }
                // The other side hears of an end a moment later.
                var isLetIn = false
                for _ in 0..<50 where !isLetIn {
                    try await fixture.withClient(port: port) { fourth in
                        isLetIn = (try? await fourth.send(method: .get, path: "/"))?.status == 200
                    }
                    if !isLetIn { try await Task.sleep(for: .milliseconds(100)) }
                }
                #expect(isLetIn)
            }
        }
        // A client stays within its places, and no agency can take them all.
        #expect(Limits.clientConnectionCount <= Limits.peerConnectionCount)
        #expect(Limits.peerConnectionCount * 4 <= Limits.connectionCount)
    }

    @Test func aTakenAddressIsSaidInWords() async throws {
        let fixture = try Fixture()
        try await fixture.serve { port, _ in
            let second = MutualTLSServer(
                host: "127.0.0.1", port: port, identity: fixture.broker, directory: fixture.directory,
                handler: EchoHandler(), timeSource: fixture.time, logger: quietLogger)
            let failure = TransportFailure.cannotListen("127.0.0.1:\(port)", reason: "address already in use")
            await #expect(throws: failure) { try await second.run() }
        }
    }

    @Test func connectionIsKeptAndThePeerJudgedForEachRequest() async throws {
        let fixture = try Fixture()
        let directory = CountingDirectory(["council": [fixture.node.certificateDER]])
        try await fixture.serve(directory: directory) { port, _ in
            try await fixture.withClient(port: port) { client in
                for _ in 0..<3 { _ = try await client.send(method: .get, path: "/") }
            }
        }
        // One handshake, the place it takes, and three requests.
        #expect(directory.count == 5)
    }

    @Test(arguments: [(0, 200), (1, 413)])
    func bodyOverTheNetworkIsAcceptedUpToItsLimit(beyond: Int, status: Int) async throws {
        let fixture = try Fixture()
        try await fixture.serve { port, _ in
            try await fixture.withClient(port: port) { client in
                let body = [UInt8](repeating: 7, count: Limits.requestByteCount + beyond)
                let response = try await client.send(method: .post, path: "/", body: body)
                #expect(response.status == status)
            }
        }
    }

    /// What is tried again unchanged must be able to end: the largest push, answered by the largest page.
    @Test func slowestLineGetsTheLargestExchangeThrough() {
        for count in [0, 1, Limits.pageByteCount, Limits.requestByteCount] {
            let seconds = PeerClient.timeLimit(sending: count).components.seconds - Limits.exchangeSeconds
            let carried = (seconds + 1) * Int64(Limits.slowestLineBytesPerSecond)
            #expect(carried >= count + Limits.responseByteCount)
        }
        #expect(Limits.exchangeSeconds > Limits.readSeconds)
    }

    @Test func stoppedServerIsUnreachable() async throws {
        let fixture = try Fixture()
        let port = try await fixture.serve { port, _ in port }
        try await fixture.withClient(port: port) { client in
            let failure = await client.failureOfGet()
            #expect(failure == .unreachable("127.0.0.1:\(port)"))
        }
    }

    @Test func requestThatTakesTooLongTimesOut() async throws {
        let fixture = try Fixture()
        let (_, arrived) = AsyncStream<Void>.makeStream()
        try await fixture.serve(handler: LongPoll(arrived: arrived)) { port, _ in
            try await fixture.withClient(port: port) { client in
                let limit = Duration.milliseconds(300)
                let failure = await client.failureOfGet(timeout: limit)
                #expect(failure == .timedOut(after: limit))
            }
        }
    }

    @Test func clientIsOfNoUseAfterItsShutdown() async throws {
        let fixture = try Fixture()
        let client = fixture.client(port: 9)
        await client.shutdown()
        let failure = await client.failureOfGet()
        #expect(failure == .clientShutDown)
    }

    @Test(arguments: ["/?a=1&a=2", "/../x"])
    func ambiguousTargetsAreRefused(path: String) async throws {
        let fixture = try Fixture()
        try await fixture.serve { port, _ in
            try await fixture.withClient(port: port) { client in
                let response = try await client.send(method: .get, path: path)
                #expect(response.problem?.code == "malformed-target")
            }
        }
    }
}
