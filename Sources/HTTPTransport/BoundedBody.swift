import HummingbirdCore
import NIOCore
import TallystickPrimitives

/// A request's body, read to its end but never kept beyond a limit.
enum BoundedBody: Hashable, Sendable {
    /// The body, complete.
    case whole([UInt8])
    /// Longer than the limit, read away to its end.
    case tooLarge
    /// So long that reading stopped before its end; the connection is of no further use.
    case cut

    var isCut: Bool { self == .cut }

    /// Reads the body.
    ///
    /// What is too long is read away up to `Limits.drainByteCount`, because closing a connection
    /// with unread bytes resets it and the sender would not see why.
    /// - Throws: when the connection breaks.
    static func read(_ body: RequestBody, keeping limit: Int) async throws -> BoundedBody {
        var kept: [UInt8] = []
        var received = 0
        for try await chunk in body {
            received += chunk.readableBytes
            if received <= limit {
                kept.append(contentsOf: chunk.readableBytesView)
            } else {
                kept = []
            }
            if received > limit + Limits.drainByteCount { return .cut }
        }
        return received <= limit ? .whole(kept) : .tooLarge
    }
}
