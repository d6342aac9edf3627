import Crypto
public import EventLogs
public import TallystickPrimitives

/// The key of one label in one epoch of one stream: 32 random bytes (WIRE §4).
///
/// Whoever is due the label holds it and unwraps the content keys with it.
public struct CircleKey: Equatable, Sendable {
    let secret: SymmetricKey

    /// What content keys are wrapped under: HKDF-Expand(SHA-256, key,
    /// "tallystick/circle/wrap/v1", 32); derived once, because every entry of the circle needs it.
    let wrapKey: SymmetricKey

    /// Draws a new key.
    /// - Precondition: the source returns as many bytes as it is asked for.
    public init(from entropy: any Entropy) { self.init(secret: SymmetricKey(from: entropy)) }

    /// Restores a key from its 32 bytes; nil for any other length.
    public init?(bytes: [UInt8]) {
        guard let secret = SymmetricKey(secret: bytes) else { return nil }
        self.init(secret: secret)
    }

    init(secret: SymmetricKey) {
        self.secret = secret
        wrapKey = secret.expanded("tallystick/circle/wrap/v1")
    }

    /// What the CIRCLE statement says of this key: HKDF-Expand(SHA-256, key,
    /// "tallystick/circle/com/v1", 32).
    public var commitment: Hash256 { secret.commitment("tallystick/circle/com/v1") }

    /// The wrap of a compartment's content key, as carried beside it.
    public func wrap(_ key: ContentKey, of compartment: CompartmentID, epoch: EpochID) -> KeyWrap {
        KeyWrap(compartment: compartment, epoch: epoch, wrapped: wrapKey.wrapped(key.secret))
    }
}

extension CircleKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Says that there is a key, never which.
    public var description: String { "CircleKey(withheld)" }

    /// Says that there is a key, never which.
    public var debugDescription: String { description }

    /// Shows nothing, so that dumps and test reports stay free of secrets.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
