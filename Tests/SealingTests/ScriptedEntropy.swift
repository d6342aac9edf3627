import TallystickPrimitives

/// The bytes 0, 1, 2 … over and over: what another program can be told to use as well.
final class ScriptedEntropy: Entropy, Sendable {
    private let start: UInt8

    init(start: UInt8 = 0) { self.start = start }

    /// Each call starts anew, except that a nonce goes on where a 32-byte key ends.
    func bytes(count: Int) -> [UInt8] {
        let offset = count == 12 ? start &+ 32 : start
        return (0..<count).map { offset &+ UInt8(truncatingIfNeeded: $0) }
    }
}
