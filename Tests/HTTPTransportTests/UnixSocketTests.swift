import AsyncHTTPClient
import Foundation
import Glibc
import HTTPTransport
import NIOCore
import NIOHTTP1
import TallystickPrimitives
import Testing

@Suite(.timeLimit(.minutes(10)))
struct UnixSocketTests {
    /// A fresh directory that is removed with everything in it.
    private func inDirectory(_ body: (String) async throws -> Void) async throws {
        let directory =
            "/tmp/tallystick-" + RandomID<EventTag>(from: SystemEntropy()).hex.prefix(12)
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await body("\(directory)/s")
    }

    private func serve(
        _ path: String, handler: any RequestHandler = EchoHandler(),
        body: () async throws -> Void
    ) async throws {
        try await running { onListening in
            UnixSocketServer(
                path: path, handler: handler, logger: quietLogger, onListening: { onListening(()) })
        } body: { (_: Void, _) in
            try await body()
        }
    }

    @Test func socketIsItsOwnersOnlyAndGoesWithTheServer() async throws {
        try await inDirectory { path in
            try await serve(path) {
                #expect(mode(path) == UInt32(S_IFSOCK) | 0o600)
                #expect(mode("\(path).new") == nil)
                try await withSocketClient(path: path) { client in
                    let response = try await client.send(method: .put, path: "/x", body: [1])
                    #expect(text(response) == "PUT /x local 1 []")
                }
            }
            #expect(mode(path) == nil)
        }
    }

    @Test func deadSocketAndLeftoversAreReplaced() async throws {
        try await inDirectory { path in
            leaveDeadSocket(path)
            mkdir("\(path).new", 0o755)
            leaveDeadSocket("\(path).new/s")
            try await serve(path) {
                #expect(mode(path) == UInt32(S_IFSOCK) | 0o600)
                try await withSocketClient(path: path) { client in
                    let response = try await client.send(method: .get, path: "/")
                    #expect(response.status == 200)
                }
            }
        }
    }

    @Test func livingServerIsNotPushedAside() async throws {
        try await inDirectory { path in
            try await serve(path) {
                let second = UnixSocketServer(
                    path: path, handler: EchoHandler(), logger: quietLogger)
                await #expect(throws: SocketFailure.alreadyServed(path)) { try await second.run() }
                try await withSocketClient(path: path) { client in
                    let response = try await client.send(method: .get, path: "/")
                    #expect(response.status == 200)
                }
            }
        }
    }

    @Test func fileInTheWayIsLeftAlone() async throws {
        try await inDirectory { path in
            try Data([7]).write(to: URL(filePath: path))
            let server = UnixSocketServer(path: path, handler: EchoHandler(), logger: quietLogger)
            await #expect(throws: SocketFailure.notASocket(path)) { try await server.run() }
            #expect(try Data(contentsOf: URL(filePath: path)) == Data([7]))
        }
    }

    @Test func missingDirectoryAndLongPathAreRefused() async throws {
        try await inDirectory { path in
            let missing = "\(path)/no/s"
            let server = UnixSocketServer(
                path: missing, handler: EchoHandler(), logger: quietLogger)
            await #expect(throws: SocketFailure.system(missing, errno: ENOENT)) {
                try await server.run()
            }
            let length = Limits.socketPathByteCount - "\(path).new/s".utf8.count + 1
            let long = path + String(repeating: "x", count: length)
            let tooLong = UnixSocketServer(path: long, handler: EchoHandler(), logger: quietLogger)
            await #expect(throws: SocketFailure.pathTooLong(long)) { try await tooLong.run() }
            try await serve(String(long.dropLast())) {
                #expect(mode(String(long.dropLast())) == UInt32(S_IFSOCK) | 0o600)
            }
        }
    }

    @Test func clientTellsThatNoDaemonIsRunning() async throws {
        try await inDirectory { path in
            for prepare in [{ _ in }, leaveDeadSocket] {
                prepare(path)
                try await withSocketClient(path: path) { client in
                    let failure = await client.failureOfGet()
                    #expect(failure == .unreachable(path))
                }
            }
        }
    }

    @Test(arguments: [(0, 200), (1, 413)])
    func bodyIsAcceptedUpToItsLimit(beyond: Int, status: Int) async throws {
        try await inDirectory { path in
            try await serve(path) {
                try await withSocketClient(path: path) { client in
                    let body = [UInt8](repeating: 7, count: Limits.localRequestByteCount + beyond)
                    let response = try await client.send(method: .post, path: "/", body: body, timeout: patience)
                    #expect(response.status == status)
                    #expect(response.problem?.code == (status == 413 ? "body-too-large" : nil))
                    let next = try await client.send(method: .get, path: "/", timeout: patience)
                    #expect(next.status == 200)
                }
            }
        }
    }

    @Test func bodyThatIsNotWorthReadingAwayEndsTheConnection() async throws {
        try await inDirectory { path in
            try await serve(path) {
                try await withSocketClient(path: path) { client in
                    let count = Limits.localRequestByteCount + Limits.drainByteCount + 1
                    let body = [UInt8](repeating: 7, count: count)
                    let answer = await client.answer(toBody: body)
                    #expect(answer == .status(413) || answer == .failed(.interrupted))
                    let next = try await client.send(method: .get, path: "/", timeout: patience)
                    #expect(next.status == 200)
                }
            }
        }
    }

    @Test func otherMethodsAreRefused() async throws {
        try await inDirectory { path in
            try await serve(path) {
                let client = HTTPClient()
                let host = path.replacingOccurrences(of: "/", with: "%2F")
                var request = HTTPClientRequest(url: "http+unix://\(host)/")
                request.method = .PATCH
                let response = try? await client.execute(request, timeout: .seconds(150))
                try await client.shutdown()
                #expect(response?.status.code == 405)
            }
        }
    }

    @Test(arguments: [(0, true), (1, false)])
    func responseIsAcceptedUpToItsLimit(beyond: Int, isAccepted: Bool) async throws {
        struct Large: RequestHandler {
            let count: Int
            func handle(_ request: TransportRequest) async -> TransportResponse {
                .cbor([UInt8](repeating: 7, count: count))
            }
        }
        try await inDirectory { path in
            let large = Large(count: Limits.responseByteCount + beyond)
            try await serve(path, handler: large) {
                try await withSocketClient(path: path) { client in
                    let failure = await client.failureOfGet()
                    let refusal = TransportFailure.tooLarge(
                        limit: ByteCount(Limits.responseByteCount))
                    #expect(failure == (isAccepted ? nil : refusal))
                }
            }
        }
    }
}
