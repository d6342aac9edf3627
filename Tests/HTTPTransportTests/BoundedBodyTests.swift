import HummingbirdCore
import NIOCore
import TallystickPrimitives
import Testing

@testable import HTTPTransport

@Suite(.timeLimit(.minutes(10)))
struct BoundedBodyTests {
    private func body(_ chunks: [[UInt8]]) -> RequestBody {
        RequestBody(
            asyncSequence: AsyncStream { continuation in
                for chunk in chunks { continuation.yield(ByteBuffer(bytes: chunk)) }
                continuation.finish()
            })
    }

    @Test func chunksAreKeptUpToTheLimit() async throws {
        #expect(try await BoundedBody.read(body([]), keeping: 0) == .whole([]))
        #expect(try await BoundedBody.read(body([[1, 2], [3]]), keeping: 3) == .whole([1, 2, 3]))
        #expect(try await BoundedBody.read(body([[1, 2], [3, 4]]), keeping: 3) == .tooLarge)
    }

    @Test func bodyWithoutEndIsCut() async throws {
        let chunk = ByteBuffer(repeating: 7, count: 1 << 20)
        let endless = RequestBody(asyncSequence: AsyncStream { chunk })
        #expect(try await BoundedBody.read(endless, keeping: 10) == .cut)
    }

    @Test(arguments: [(0, BoundedBody.tooLarge), (1, .cut)])
    func drainHasALimit(beyond: Int, expected: BoundedBody) async throws {
        let chunk = [UInt8](repeating: 7, count: Limits.drainByteCount + beyond)
        #expect(try await BoundedBody.read(body([[1, 2, 3], chunk]), keeping: 3) == expected)
    }
}
